// The calendar of Java's old date classes: Julian before 15 October 1582, and the zones' present standard time before
// 1900.
#pragma once

#include <cstdint>

#include "types/time_zone.h"

namespace pyrite {

/// Days and moments from here on are the same in both calendars.
inline constexpr int64_t gregorian_start_day = -141427;
inline constexpr int64_t hybrid_end_micros = -2'208'988'800'000'000;

/// The day with the same year, month and day in the other calendar, as Spark rebases days.
int64_t hybrid_to_proleptic_day(int64_t day);
int64_t proleptic_to_hybrid_day(int64_t day);
/// The moment with the same local date and time in the other calendar, as Spark rebases moments (microseconds).
int64_t hybrid_to_proleptic_micros(int64_t micros, const TimeZone& zone);
int64_t proleptic_to_hybrid_micros(int64_t micros, const TimeZone& zone);

}  // namespace pyrite
