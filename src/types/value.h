// A single value of any Spark type: literals, constants, row-at-a-time kernels.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "types/type.h"

namespace pyrite {

using Int128 = __int128;

/// Months, days and microseconds of a calendar interval, each with its own sign.
struct CalendarInterval {
  int32_t months = 0;
  int32_t days = 0;
  int64_t microseconds = 0;
  bool operator==(const CalendarInterval&) const = default;
};

class Value;
using ValueList = std::vector<Value>;
using ValuePairs = std::vector<std::pair<Value, Value>>;

/// The physical value only; its Spark type stands beside it. What each type holds:
///   boolean: bool; byte to long, date (days), time, timestamps, day-time intervals (microseconds),
///   year-month intervals (months): int64_t; float32: float; float64: double;
///   decimal: Int128 (unscaled); string, binary: std::string; calendar_interval: CalendarInterval;
///   array, struct: ValueList; map: ValuePairs; variant: ValueList {value bytes, metadata bytes}.
class Value {
 public:
  using Storage = std::variant<std::monostate, bool, int64_t, float, double, Int128, std::string, CalendarInterval,
                               std::shared_ptr<const ValueList>, std::shared_ptr<const ValuePairs>>;

  Value() = default;
  explicit Value(bool value) : storage_(value) {}
  explicit Value(int32_t value) : storage_(int64_t{value}) {}
  explicit Value(int64_t value) : storage_(value) {}
  explicit Value(float value) : storage_(value) {}
  explicit Value(double value) : storage_(value) {}
  explicit Value(Int128 value) : storage_(value) {}
  explicit Value(std::string value) : storage_(std::move(value)) {}
  explicit Value(const char* value) : storage_(std::string(value)) {}
  explicit Value(CalendarInterval value) : storage_(value) {}
  explicit Value(ValueList values) : storage_(std::make_shared<const ValueList>(std::move(values))) {}
  explicit Value(ValuePairs pairs) : storage_(std::make_shared<const ValuePairs>(std::move(pairs))) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(storage_); }
  bool boolean() const { return std::get<bool>(storage_); }
  int64_t integer() const { return std::get<int64_t>(storage_); }
  float float32() const { return std::get<float>(storage_); }
  double float64() const { return std::get<double>(storage_); }
  Int128 decimal() const { return std::get<Int128>(storage_); }
  // A value that goes away hands out copies, so that nobody keeps a reference into it.
  const std::string& text() const& { return std::get<std::string>(storage_); }
  std::string text() && { return std::get<std::string>(std::move(storage_)); }
  const CalendarInterval& interval() const { return std::get<CalendarInterval>(storage_); }
  const ValueList& list() const& { return *std::get<std::shared_ptr<const ValueList>>(storage_); }
  ValueList list() && { return *std::get<std::shared_ptr<const ValueList>>(storage_); }
  const ValuePairs& pairs() const& { return *std::get<std::shared_ptr<const ValuePairs>>(storage_); }
  ValuePairs pairs() && { return *std::get<std::shared_ptr<const ValuePairs>>(storage_); }
  const Storage& storage() const { return storage_; }

  bool operator==(const Value& other) const;

 private:
  Storage storage_;
};

/// Decimal text of an unscaled value, never in exponent form: 12345, 2 → "123.45".
std::string decimal_text(Int128 unscaled, int scale);

/// 10^exponent for 0 ≤ exponent ≤ 38.
Int128 power_of_ten(int exponent);

}  // namespace pyrite
