// Java's DecimalFormat: patterns such as #,##0.00 over exact decimal texts.
#pragma once

#include <string>
#include <string_view>

#include "types/value.h"

namespace pyrite {

/// A number as exact decimal digits: sign, digits before and after the point; or a special value.
struct DecimalText {
  bool negative = false;
  std::string whole;  ///< without leading zeros
  std::string fraction;
  std::string_view special = {};  ///< "NaN" or "∞"
};
DecimalText exact_text(Int128 unscaled, int scale);
DecimalText exact_text(double value);

class DecimalPattern {
 public:
  /// Errors: IllegalArgumentException without a condition.
  explicit DecimalPattern(std::string_view pattern);
  /// Rounds half to even.
  std::string format(const DecimalText& number) const;

 private:
  struct Affixes {
    std::string prefix, suffix;
  };
  Affixes positive_;
  Affixes negative_;
  size_t least_whole_ = 0, least_fraction_ = 0, most_fraction_ = 0, grouping_ = 0;
  int shift_ = 0;  ///< places moved by % and ‰
};

}  // namespace pyrite
