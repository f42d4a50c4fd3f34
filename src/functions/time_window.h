// What the analyzer builds windows over time from.
#pragma once

#include "plan/resolved_expression.h"

namespace pyrite {

/// struct<start, end> of timestamps of one kind.
bool is_window_type(const Type& type);

/// A timestamp of either kind as its microseconds, and back: exact whatever the zone. The latter counts as nullable.
resolved::ExpressionPtr time_to_long(resolved::ExpressionPtr time);
resolved::ExpressionPtr long_to_time(resolved::ExpressionPtr microseconds, const Type& type);

}  // namespace pyrite
