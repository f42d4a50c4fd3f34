// Spark's reading of date, time and timestamp text, as casts and literals do it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "types/time_zone.h"

namespace pyrite {

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar; nullopt: no such day.
std::optional<int64_t> days_of(int64_t year, int month, int day);

struct CivilDate {
  int64_t year = 1970;
  int month = 1;
  int day = 1;
};
CivilDate civil_of(int64_t days);

/// "[+-]yyyy[-m[-d]]" with anything after a space or T; nullopt: not a date.
std::optional<int32_t> parse_date(std::string_view text);

/// The parts of timestamp text.
struct TimestampParts {
  CivilDate date;
  int64_t microseconds = 0;               ///< of the day
  std::shared_ptr<const TimeZone> zone;   ///< nullptr: none written
  bool only_time = false;                 ///< no date written
};
std::optional<TimestampParts> parse_timestamp_parts(std::string_view text);

/// Microseconds since 1970 UTC; text without a zone is read in `zone`. A time without a date means today.
std::optional<int64_t> parse_timestamp(std::string_view text, const TimeZone& zone);
/// Microseconds of the wall clock. A zone in the text is ignored, or refused when not allowed.
std::optional<int64_t> parse_timestamp_ntz(std::string_view text, bool allow_zone = true);
/// Microseconds of the day: "h:m[:s[.f]]", with AM or PM too.
std::optional<int64_t> parse_time(std::string_view text);

/// Microseconds since 1970 of the system clock.
int64_t current_microseconds();
/// epoch, now, today, yesterday, tomorrow, as literals allow them; nullopt: another text.
std::optional<int32_t> special_date(std::string_view text, const TimeZone& zone);
std::optional<int64_t> special_timestamp(std::string_view text, const TimeZone& zone);
std::optional<int64_t> special_timestamp_ntz(std::string_view text, const TimeZone& zone);

}  // namespace pyrite
