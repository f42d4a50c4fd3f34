// A summary of many numbers that answers quantiles within a relative error (Greenwald and Khanna), as Spark builds it.
#pragma once

#include <cstdint>
#include <vector>

namespace pyrite {

class QuantileSummary {
 public:
  explicit QuantileSummary(double relative_error) : relative_error_(relative_error) {}

  void insert(double value);
  void merge(const QuantileSummary& other);
  int64_t count() const { return count_ + static_cast<int64_t>(head_.size()); }
  /// One value for each percentage, in their order; the summary must not be empty.
  std::vector<double> query(const std::vector<double>& percentages) const;

 private:
  /// `gap`: ranks covered since the sample before; `delta`: how far its rank may lie off.
  struct Sample {
    double value;
    int64_t gap;
    int64_t delta;
  };
  void flush();
  void compress();
  static std::vector<Sample> compressed(const std::vector<Sample>& samples, double threshold);

  double relative_error_;
  std::vector<Sample> samples_;
  std::vector<double> head_;
  int64_t count_ = 0;
};

}  // namespace pyrite
