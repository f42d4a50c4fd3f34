// Casts from and to intervals, and what they share with those of dates and times.
#pragma once

#include "functions/function_def.h"

namespace pyrite {

/// Empty when Spark has no such cast.
Kernel interval_cast_kernel(const Type& from, const Type& to);

/// CAST_OVERFLOW with the value as given.
[[noreturn]] void throw_cast_overflow(const KernelContext& context, std::string value);

/// Writes unscaled × 10^-scale into the decimal type of the result, rounded half up; too large: NULL or
/// NUMERIC_VALUE_OUT_OF_RANGE in ANSI mode.
void write_decimal(const KernelContext& context, ColumnWriter& out, size_t row, Int128 unscaled, int scale);

/// a ÷ b, rounded half away from zero.
Int128 divide_half_up(Int128 a, Int128 b);

}  // namespace pyrite
