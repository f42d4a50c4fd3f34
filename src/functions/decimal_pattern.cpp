// Reads DecimalFormat patterns and lays numbers out by them.
#include "functions/decimal_pattern.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "functions/string_limits.h"

namespace pyrite {
namespace {

DecimalText split(bool negative, const std::string& plain) {
  const size_t point = plain.find('.');
  DecimalText out{negative, plain.substr(0, point), point == std::string::npos ? "" : plain.substr(point + 1), {}};
  out.whole.erase(0, std::min(out.whole.find_first_not_of('0'), out.whole.size()));
  return out;
}

/// Adds one to the last of the digits; whole and fraction are one row of digits.
void add_one(std::string& whole, std::string& fraction) {
  for (std::string* digits : {&fraction, &whole}) {
    for (size_t i = digits->size(); i-- > 0;) {
      if ((*digits)[i] != '9') {
        ++(*digits)[i];
        return;
      }
      (*digits)[i] = '0';
    }
  }
  whole.insert(0, "1");
}

}  // namespace

DecimalText exact_text(Int128 unscaled, int scale) {
  return split(unscaled < 0, decimal_text(unscaled < 0 ? -unscaled : unscaled, scale));
}

DecimalText exact_text(double value) {
  if (std::isnan(value)) {
    return {false, {}, {}, "NaN"};
  }
  if (std::isinf(value)) {
    return {value < 0, {}, {}, "∞"};
  }
  char buffer[1500];
  const int size = std::snprintf(buffer, sizeof buffer, "%.1074f", std::fabs(value));
  std::string text(buffer, static_cast<size_t>(size));
  text.erase(text.find_last_not_of('0') + 1);
  return split(std::signbit(value), text);
}

DecimalPattern::DecimalPattern(std::string_view pattern) {
  const auto malformed = [&] { throw_illegal_argument("Malformed pattern \"" + std::string(pattern) + "\""); };
  size_t at = 0;
  bool scaled = false;
  // A prefix or suffix ends at a character of the number or at the separator of patterns.
  const auto affix = [&](bool first) {
    std::string out;
    while (at < pattern.size()) {
      const char c = pattern[at];
      if (c == ';' || (first && std::string_view("#0,.").find(c) != std::string_view::npos)) {
        break;
      }
      if (c == '\'') {
        const size_t close = pattern.find('\'', at + 1);
        if (close == at + 1) {
          out += '\'';
        } else {
          out += pattern.substr(at + 1, close - at - 1);
        }
        at = close == std::string_view::npos ? pattern.size() : close + 1;
        continue;
      }
      if (!first && std::string_view("#0,.").find(c) != std::string_view::npos) {
        malformed();
      }
      if (c == '%' && !scaled) {
        shift_ = 2;
      }
      out += c;
      ++at;
    }
    return out;
  };
  positive_.prefix = affix(true);
  size_t left = 0, zeros = 0, right = 0, fraction = 0;
  bool point = false;
  int64_t group = -1;
  size_t fraction_zeros = 0, fraction_hashes = 0;
  for (; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '#' && !point) {
      (zeros > 0 ? right : left) += 1;
      group += group >= 0;
    } else if (c == '0' && !point) {
      if (right > 0) {
        malformed();
      }
      ++zeros;
      group += group >= 0;
    } else if (c == '#') {
      ++fraction_hashes;
    } else if (c == '0') {
      if (fraction_hashes > 0) {
        malformed();
      }
      ++fraction_zeros;
    } else if (c == ',' && !point) {
      group = 0;
    } else if (c == '.') {
      if (point) {
        malformed();
      }
      point = true;
    } else if (c == 'E') {
      throw_unsupported("exponents in patterns of format_number");
    } else {
      break;
    }
  }
  if (right > 0 || group == 0) {
    malformed();
  }
  fraction = fraction_zeros + fraction_hashes;
  least_whole_ = zeros;
  least_fraction_ = fraction_zeros;
  most_fraction_ = fraction;
  // "#.##" stands for one digit at least before the point, ".##" for one after it.
  if (zeros == 0 && fraction_zeros == 0 && point) {
    if (left > 0) {
      least_whole_ = 1;
    } else if (fraction > 0) {
      least_fraction_ = 1;
    }
  }
  grouping_ = group > 0 ? static_cast<size_t>(group) : 0;
  positive_.suffix = affix(false);
  negative_ = {"-" + positive_.prefix, positive_.suffix};
  if (at < pattern.size()) {
    ++at;
    scaled = true;
    negative_.prefix = affix(true);
    while (at < pattern.size() && std::string_view("#0,.").find(pattern[at]) != std::string_view::npos) {
      ++at;
    }
    negative_.suffix = affix(false);
    if (negative_.prefix == positive_.prefix && negative_.suffix == positive_.suffix) {
      negative_.prefix = "-" + positive_.prefix;
    }
  }
}

std::string DecimalPattern::format(const DecimalText& number) const {
  const Affixes& affixes = number.negative ? negative_ : positive_;
  if (number.special == "NaN") {
    return "NaN";
  }
  if (!number.special.empty()) {
    return affixes.prefix + std::string(number.special) + affixes.suffix;
  }
  std::string whole = number.whole;
  std::string fraction = number.fraction;
  if (shift_ > 0) {
    fraction.resize(std::max(fraction.size(), static_cast<size_t>(shift_)), '0');
    whole += fraction.substr(0, static_cast<size_t>(shift_));
    fraction.erase(0, static_cast<size_t>(shift_));
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  }
  if (fraction.size() > most_fraction_) {
    const std::string rest = fraction.substr(most_fraction_);
    fraction.resize(most_fraction_);
    const bool above = rest[0] > '5' || (rest[0] == '5' && rest.find_first_not_of('0', 1) != std::string::npos);
    const bool tie = rest[0] == '5' && !above;
    const char last = !fraction.empty() ? fraction.back() : whole.empty() ? '0' : whole.back();
    if (above || (tie && (last - '0') % 2)) {
      add_one(whole, fraction);
    }
  }
  while (fraction.size() > least_fraction_ && fraction.back() == '0') {
    fraction.pop_back();
  }
  fraction.resize(std::max(fraction.size(), least_fraction_), '0');
  if (whole.size() < least_whole_) {
    whole.insert(0, least_whole_ - whole.size(), '0');
  }
  if (whole.empty() && fraction.empty()) {
    whole = "0";
  }
  if (grouping_ > 0) {
    for (size_t place = whole.size(); place > grouping_; place -= grouping_) {
      whole.insert(place - grouping_, ",");
    }
  }
  return affixes.prefix + whole + (fraction.empty() ? "" : "." + fraction) + affixes.suffix;
}

}  // namespace pyrite
