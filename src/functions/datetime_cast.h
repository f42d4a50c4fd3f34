// Casts from and to dates, times, timestamps and intervals.
#pragma once

#include "functions/function_def.h"

namespace pyrite {

/// Whether one of the types is a date, time, timestamp or interval and the cast between them is done here.
bool is_datetime_cast(const Type& from, const Type& to);

/// The kernel of such a cast. Rows that cannot be cast raise CAST_INVALID_INPUT or CAST_OVERFLOW, or give NULL, as the
/// mode and Spark's rule for the pair say.
Kernel datetime_cast_kernel(const Type& from, const Type& to, resolved::EvalMode mode);

}  // namespace pyrite
