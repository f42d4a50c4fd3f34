// Java's words for dates and times that do not exist.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pyrite {

/// "Invalid value for MonthOfYear (valid values 1 - 12): 13"
std::string invalid_field_message(std::string_view field, int64_t least, std::string_view most, int64_t value);
/// Empty when there is such a date; else as LocalDate.of says it.
std::string invalid_date_message(int64_t year, int64_t month, int64_t day);
/// Empty when there is such a time; else as LocalTime.of says it.
std::string invalid_time_message(int64_t hour, int64_t minute, int64_t second);

}  // namespace pyrite
