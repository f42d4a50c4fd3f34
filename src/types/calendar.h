// Days, months and microseconds of the proleptic Gregorian calendar; no time zones.
#pragma once

#include <algorithm>
#include <cstdint>

namespace pyrite {

inline constexpr int64_t micros_per_milli = 1000;
inline constexpr int64_t micros_per_second = 1'000'000;
inline constexpr int64_t micros_per_minute = 60 * micros_per_second;
inline constexpr int64_t micros_per_hour = 60 * micros_per_minute;
inline constexpr int64_t micros_per_day = 24 * micros_per_hour;
inline constexpr int64_t seconds_per_day = 86400;
inline constexpr int months_per_year = 12;
/// The years that a date can name, as Java's LocalDate bounds them.
inline constexpr int64_t min_local_year = -999'999'999, max_local_year = 999'999'999;

constexpr int64_t floor_div(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return quotient - ((a % b != 0) && ((a < 0) != (b < 0)));
}
constexpr int64_t floor_mod(int64_t a, int64_t b) { return a - floor_div(a, b) * b; }

struct CivilDate {
  int64_t year = 1970;
  int month = 1;  ///< 1 … 12
  int day = 1;    ///< 1 … 31
};

constexpr bool is_leap_year(int64_t year) { return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0); }
constexpr int days_in_month(int64_t year, int month) {
  constexpr int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

/// Days since 1970-01-01 of a valid date.
constexpr int64_t days_from_civil(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = floor_div(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

constexpr CivilDate civil_from_days(int64_t days) {
  days += 719468;
  const int64_t era = floor_div(days, 146097);
  const auto day_of_era = static_cast<uint32_t>(days - era * 146097);
  const uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t shifted = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<int64_t>(year_of_era) + era * 400 + (month <= 2), month, day};
}

constexpr int day_of_year(int64_t days) {
  return static_cast<int>(days - days_from_civil(civil_from_days(days).year, 1, 1)) + 1;
}
/// Monday 1 … Sunday 7.
constexpr int iso_day_of_week(int64_t days) { return static_cast<int>(floor_mod(days + 3, 7)) + 1; }

struct IsoWeek {
  int64_t year;
  int week;
};
constexpr IsoWeek iso_week(int64_t days) {
  const int64_t thursday = days - iso_day_of_week(days) + 4;
  const int64_t year = civil_from_days(thursday).year;
  return {year, static_cast<int>((thursday - days_from_civil(year, 1, 1)) / 7) + 1};
}

/// The date some months later; the day is brought down to the last of a shorter month.
constexpr int64_t add_months_to_days(int64_t days, int64_t months) {
  const CivilDate date = civil_from_days(days);
  const int64_t total = date.year * 12 + (date.month - 1) + months;
  const int64_t year = floor_div(total, 12);
  const int month = static_cast<int>(floor_mod(total, 12)) + 1;
  return days_from_civil(year, month, std::min(date.day, days_in_month(year, month)));
}

constexpr bool is_valid_date(int64_t year, int64_t month, int64_t day) {
  return year >= min_local_year && year <= max_local_year && month >= 1 && month <= 12 && day >= 1 &&
         day <= days_in_month(year, static_cast<int>(month));
}

}  // namespace pyrite
