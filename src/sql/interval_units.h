// Interval text of values with units: "1 day -2 hours", with the reason when it is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types/value.h"

namespace pyrite::sql {

/// Why text is no interval: the subclass of INVALID_INTERVAL_FORMAT and its parameters beside `input`.
struct IntervalTextError {
  std::string subclass;
  std::vector<std::pair<std::string, std::string>> parameters;
};

/// "[interval] [+|-]n unit …" as in casts and literals.
std::optional<CalendarInterval> read_interval(std::string_view text, IntervalTextError* error = nullptr);

/// A number of fields with a unit each, checked as read_interval checks them; for building from parts.
struct IntervalUnit {
  int64_t months = 0;
  int64_t days = 0;
  int64_t microseconds = 0;
};
/// What one of a unit ("day", "days", in lower case) is; nullopt: not a unit.
std::optional<IntervalUnit> interval_unit(std::string_view name);

}  // namespace pyrite::sql
