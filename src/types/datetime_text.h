// Dates, times and timestamps as text: Spark's cast rules in both directions, for casts and literals alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "types/time_zone.h"

namespace pyrite {

/// "[+-]y…y-[m]m-[d]d", with anything after a blank or T. Days since 1970; nullopt: malformed.
std::optional<int32_t> parse_date(std::string_view text);
/// Date, optional time with fraction, optional zone at the end; a bare time means today. Microseconds since 1970.
std::optional<int64_t> parse_timestamp(std::string_view text, const TimeZone& zone);
/// As parse_timestamp, but local: a zone in the text is ignored, or makes it malformed when not allowed.
std::optional<int64_t> parse_timestamp_ntz(std::string_view text, bool allow_zone = true);
/// The parts of a timestamp's text.
struct TimestampParts {
  CivilDate date;
  int64_t microseconds = 0;  ///< of the day
  TimeZonePtr zone;          ///< nullptr: none written
  bool only_time = false;    ///< no date written
};
std::optional<TimestampParts> parse_timestamp_parts(std::string_view text);
/// "h:m:s.f", optionally with AM or PM. Microseconds of the day; fractions beyond 6 digits are cut.
std::optional<int64_t> parse_time(std::string_view text);

/// Days of a date that exists; nullopt: no such day.
std::optional<int64_t> days_of(int64_t year, int month, int day);
inline CivilDate civil_of(int64_t days) { return civil_from_days(days); }

/// Microseconds since 1970 of the system clock.
int64_t current_microseconds();
/// epoch, now, today, yesterday, tomorrow, as literals allow them; nullopt: another text.
std::optional<int32_t> special_date(std::string_view text, const TimeZone& zone);
std::optional<int64_t> special_timestamp(std::string_view text, const TimeZone& zone);
std::optional<int64_t> special_timestamp_ntz(std::string_view text, const TimeZone& zone);

/// Room that the longest text needs.
inline constexpr size_t datetime_text_size = 48;
/// Each writes to `out` (datetime_text_size bytes) and returns the length.
size_t format_date(int64_t days, char* out);
size_t format_timestamp_local(int64_t local_micros, char* out);
size_t format_time(int64_t micros_of_day, char* out);

std::string date_text(int64_t days);
std::string timestamp_text(int64_t utc_micros, const TimeZone& zone);
std::string timestamp_ntz_text(int64_t local_micros);
std::string time_text(int64_t micros_of_day);

}  // namespace pyrite
