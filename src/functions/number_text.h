// Numbers read from text as Java and Spark read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "types/value.h"

namespace pyrite {

/// Without blanks and control characters at both ends.
std::string_view trim_blanks(std::string_view text);

/// A whole number; with `allow_fraction` digits behind a point are checked and dropped.
std::optional<int64_t> parse_whole(std::string_view text, bool allow_fraction);

/// Double.parseDouble and Float.parseFloat, with Spark's names of NaN and the infinities in any case.
std::optional<double> parse_float64(std::string_view text);
std::optional<float> parse_float32(std::string_view text);

enum class DecimalOutcome { ok, malformed, unsupported, overflow };
/// A BigDecimal's text at a scale, rounding half up. unsupported: more than 38 digits before the point; overflow:
/// more digits than the precision holds.
DecimalOutcome parse_decimal(std::string_view text, int precision, int scale, Int128& out);

/// A number from a scale to another, rounding half up; nullopt: beyond the precision.
std::optional<Int128> rescale_decimal(Int128 unscaled, int from_scale, int to_precision, int to_scale);

/// The double nearest to a decimal.
double decimal_to_float64(Int128 unscaled, int scale);
float decimal_to_float32(Int128 unscaled, int scale);

}  // namespace pyrite
