// The calendar of Java's old date classes.
#include "types/hybrid_calendar.h"

#include <algorithm>

#include "types/calendar.h"

namespace pyrite {
namespace {

int64_t julian_day(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return year * 365 + floor_div(year, 4) + day_of_year - 719470;
}

CivilDate julian_date(int64_t days) {
  days += 719470;
  const int64_t cycle = floor_div(days, 1461);
  const int64_t day_of_cycle = days - cycle * 1461;
  const int64_t year_of_cycle = (day_of_cycle - day_of_cycle / 1460) / 365;
  const int64_t day_of_year = day_of_cycle - year_of_cycle * 365;
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {cycle * 4 + year_of_cycle + (month <= 2), month, day};
}

/// Java's old classes know no offsets before 1900 but the zone's standard time of today.
int64_t old_offset(const TimeZone& zone, int64_t utc_seconds) {
  if (utc_seconds * micros_per_second >= hybrid_end_micros) {
    return zone.offset_at(utc_seconds);
  }
  constexpr int64_t january_2026 = 1'767'225'600, july_2026 = 1'782'864'000;
  return std::min(zone.offset_at(january_2026), zone.offset_at(july_2026));
}

}  // namespace

int64_t hybrid_to_proleptic_day(int64_t day) {
  if (day >= gregorian_start_day) {
    return day;
  }
  const CivilDate date = julian_date(day);
  return days_from_civil(date.year, date.month, date.day);
}

int64_t proleptic_to_hybrid_day(int64_t day) {
  if (day >= gregorian_start_day) {
    return day;
  }
  const CivilDate date = civil_from_days(day);
  // The ten days that the Gregorian reform left out are the first day after it.
  return std::min(julian_day(date.year, date.month, date.day), gregorian_start_day);
}

int64_t hybrid_to_proleptic_micros(int64_t micros, const TimeZone& zone) {
  if (micros >= hybrid_end_micros) {
    return micros;
  }
  const int64_t local = micros + old_offset(zone, floor_div(micros, micros_per_second)) * micros_per_second;
  const int64_t day = floor_div(local, micros_per_day);
  return zone.to_utc(hybrid_to_proleptic_day(day) * micros_per_day + floor_mod(local, micros_per_day));
}

int64_t proleptic_to_hybrid_micros(int64_t micros, const TimeZone& zone) {
  if (micros >= hybrid_end_micros) {
    return micros;
  }
  const int64_t local = zone.to_local(micros);
  const int64_t day = floor_div(local, micros_per_day);
  const int64_t old_local = proleptic_to_hybrid_day(day) * micros_per_day + floor_mod(local, micros_per_day);
  return old_local - old_offset(zone, floor_div(hybrid_end_micros, micros_per_second) - 1) * micros_per_second;
}

}  // namespace pyrite
