// Inserts, merges and queries of the quantile summary.
#include "functions/quantile_summary.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace pyrite {
namespace {

constexpr size_t head_limit = 50000;
constexpr size_t compress_limit = 10000;

}  // namespace

void QuantileSummary::insert(double value) {
  head_.push_back(value);
  if (head_.size() >= head_limit) {
    flush();
    if (samples_.size() >= compress_limit) {
      compress();
    }
  }
}

void QuantileSummary::flush() {
  if (head_.empty()) {
    return;
  }
  std::sort(head_.begin(), head_.end(),
            [](double left, double right) { return std::isnan(right) ? !std::isnan(left) : left < right; });
  std::vector<Sample> merged;
  merged.reserve(samples_.size() + head_.size());
  size_t old = 0;
  for (size_t i = 0; i < head_.size(); ++i) {
    while (old < samples_.size() && samples_[old].value <= head_[i]) {
      merged.push_back(samples_[old++]);
    }
    ++count_;
    const bool edge = merged.empty() || (old == samples_.size() && i + 1 == head_.size());
    merged.push_back(
        {head_[i], 1, edge ? 0 : static_cast<int64_t>(std::floor(2 * relative_error_ * static_cast<double>(count_)))});
  }
  merged.insert(merged.end(), samples_.begin() + static_cast<std::ptrdiff_t>(old), samples_.end());
  samples_ = std::move(merged);
  head_.clear();
}

std::vector<QuantileSummary::Sample> QuantileSummary::compressed(const std::vector<Sample>& samples, double threshold) {
  std::vector<Sample> kept;
  if (samples.empty()) {
    return kept;
  }
  Sample head = samples.back();
  for (size_t i = samples.size() - 1; i-- > 1;) {
    const Sample& sample = samples[i];
    if (static_cast<double>(sample.gap + head.gap + head.delta) < threshold) {
      head.gap += sample.gap;
    } else {
      kept.push_back(head);
      head = sample;
    }
  }
  kept.push_back(head);
  if (samples.size() > 1 && samples.front().value <= head.value) {
    kept.push_back(samples.front());
  }
  std::reverse(kept.begin(), kept.end());
  return kept;
}

void QuantileSummary::compress() {
  flush();
  samples_ = compressed(samples_, 2 * relative_error_ * static_cast<double>(count_));
}

void QuantileSummary::merge(const QuantileSummary& right) {
  if (right.count() == 0) {
    return;
  }
  if (count() == 0) {
    *this = right;
    return;
  }
  QuantileSummary other = right;
  compress();
  other.compress();
  const auto self_delta =
      static_cast<int64_t>(std::floor(2 * other.relative_error_ * static_cast<double>(other.count_)));
  const auto other_delta = static_cast<int64_t>(std::floor(2 * relative_error_ * static_cast<double>(count_)));
  std::vector<Sample> merged;
  size_t i = 0;
  size_t j = 0;
  while (i < samples_.size() && j < other.samples_.size()) {
    const bool own = samples_[i].value < other.samples_[j].value;
    Sample next = own ? samples_[i] : other.samples_[j];
    next.delta += own ? (j > 0 ? self_delta : 0) : (i > 0 ? other_delta : 0);
    merged.push_back(next);
    own ? ++i : ++j;
  }
  merged.insert(merged.end(), samples_.begin() + static_cast<std::ptrdiff_t>(i), samples_.end());
  merged.insert(merged.end(), other.samples_.begin() + static_cast<std::ptrdiff_t>(j), other.samples_.end());
  count_ += other.count_;
  relative_error_ = std::max(relative_error_, other.relative_error_);
  samples_ = compressed(merged, 2 * relative_error_ * static_cast<double>(count_));
}

std::vector<double> QuantileSummary::query(const std::vector<double>& percentages) const {
  QuantileSummary ready = *this;
  ready.compress();
  const std::vector<Sample>& samples = ready.samples_;
  int64_t target_error = INT64_MIN;
  for (const Sample& sample : samples) {
    target_error = std::max(target_error, sample.gap + sample.delta);
  }
  target_error /= 2;
  std::vector<double> results;
  for (const double percentage : percentages) {
    if (percentage <= relative_error_ || samples.size() == 1) {
      results.push_back(samples.front().value);
      continue;
    }
    double found = samples.back().value;
    if (percentage < 1 - relative_error_) {
      const auto rank = static_cast<int64_t>(std::ceil(percentage * static_cast<double>(ready.count_)));
      int64_t least = 0;
      for (size_t i = 0; i + 1 < samples.size(); ++i) {
        least += samples[i].gap;
        if (least + samples[i].delta - target_error <= rank && rank <= least + target_error) {
          found = samples[i].value;
          break;
        }
      }
    }
    results.push_back(found);
  }
  return results;
}

}  // namespace pyrite
