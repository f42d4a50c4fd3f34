#include "types/value_sign.h"

namespace pyrite {

bool is_negative(const Value& value) {
  if (std::holds_alternative<int64_t>(value.storage())) {
    return value.integer() < 0;
  }
  if (std::holds_alternative<Int128>(value.storage())) {
    return value.decimal() < 0;
  }
  if (std::holds_alternative<double>(value.storage())) {
    return value.float64() < 0;
  }
  if (std::holds_alternative<float>(value.storage())) {
    return value.float32() < 0;
  }
  if (std::holds_alternative<CalendarInterval>(value.storage())) {
    const CalendarInterval& interval = value.interval();
    return interval.months < 0 || interval.days < 0 || interval.microseconds < 0;
  }
  return false;
}

Value negated(const Value& value) {
  if (std::holds_alternative<int64_t>(value.storage())) {
    return Value(-value.integer());
  }
  if (std::holds_alternative<Int128>(value.storage())) {
    return Value(-value.decimal());
  }
  if (std::holds_alternative<double>(value.storage())) {
    return Value(-value.float64());
  }
  if (std::holds_alternative<float>(value.storage())) {
    return Value(-value.float32());
  }
  const CalendarInterval& interval = value.interval();
  return Value(CalendarInterval{-interval.months, -interval.days, -interval.microseconds});
}

}  // namespace pyrite
