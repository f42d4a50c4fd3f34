// The sign of numbers and intervals.
#pragma once

#include "types/value.h"

namespace pyrite {

/// For a calendar interval: whether some part is negative. Other values than numbers and intervals are not.
bool is_negative(const Value& value);
/// A number or an interval with the other sign.
Value negated(const Value& value);

}  // namespace pyrite
