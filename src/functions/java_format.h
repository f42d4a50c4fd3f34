// Java's Formatter: %-patterns over typed values.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "types/value.h"

namespace pyrite {

/// Formats the values as java.util.Formatter does with Locale.US. Errors: IllegalArgumentException without a condition.
std::string java_format(std::string_view pattern, std::span<const Type> types, std::span<const Value> values);

/// Digits and exponent of the shortest text that reads back as the same number: value = 0.d1d2d3… × 10^exponent.
struct DecimalDigits {
  std::string digits;
  int exponent = 0;
  /// Keeps `count` digits, rounding half up.
  void round_to(int count);
};
DecimalDigits shortest_digits(double value);
DecimalDigits shortest_digits(float value);

/// Java's Double.toString and Float.toString.
std::string java_text(double value);
std::string java_text(float value);

}  // namespace pyrite
