// Intervals as text, in both directions, by Spark's cast rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "types/type.h"
#include "types/value.h"

namespace pyrite {

/// "1 year 2 days -3.5 seconds", with or without "interval" before; nullopt: malformed or out of range.
std::optional<CalendarInterval> parse_calendar_interval(std::string_view text);

/// "1-2" or "INTERVAL '1-2' YEAR TO MONTH", in the form of the type's fields. Months; nullopt with `*error` set (when
/// asked for): malformed or out of range.
std::optional<int32_t> parse_year_month(std::string_view text, const Type& type,
                                        std::optional<SparkError>* error = nullptr);
/// "1 2:3:4.5" or "INTERVAL '1 2:3:4.5' DAY TO SECOND", in the form of the type's fields. Microseconds.
std::optional<int64_t> parse_day_time(std::string_view text, const Type& type,
                                      std::optional<SparkError>* error = nullptr);

/// "INTERVAL '1-2' YEAR TO MONTH"
std::string year_month_text(int32_t months, const Type& type);
/// "INTERVAL '1 02:03:04.5' DAY TO SECOND"
std::string day_time_text(int64_t micros, const Type& type);
/// "1 years 2 months 3 days 4 hours 5 minutes 6.7 seconds"; "0 seconds" for none.
std::string calendar_interval_text(const CalendarInterval& interval);

/// The field's name in upper case: 0 "YEAR", 1 "MONTH"; 0 "DAY" … 3 "SECOND".
std::string_view year_month_field(int field);
std::string_view day_time_field(int field);

}  // namespace pyrite
