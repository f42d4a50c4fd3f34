// What + - * / and the signs mean for dates, times, timestamps and intervals.
#pragma once

#include <vector>

#include "functions/bind_call.h"

namespace pyrite {

enum class DatetimeOperator : uint8_t { add, subtract, multiply, divide };

/// The call that `left op right` stands for when an operand is a date, time, timestamp or interval; nullptr when the
/// operands are none of these or Spark does not allow the pair (the caller then reports DATATYPE_MISMATCH). try_
/// operators pass options.mode = try_null. `op` names the operator's own row for output names.
resolved::ExpressionPtr bind_datetime_operator(DatetimeOperator op, const resolved::ExpressionPtr& left,
                                               const resolved::ExpressionPtr& right, const BindOptions& options);

enum class IntervalSign : uint8_t { negative, positive, absolute };
/// -interval, +interval, abs(interval); nullptr for other types.
resolved::ExpressionPtr bind_interval_sign(IntervalSign sign, const resolved::ExpressionPtr& operand,
                                           const BindOptions& options);

}  // namespace pyrite
