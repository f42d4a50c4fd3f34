// Moving dates and timestamps by months, days and microseconds, as Java's calendar does.
#pragma once

#include <cstdint>

#include "types/time_zone.h"
#include "types/value.h"

namespace pyrite {

/// Days of the date some months later. Errors: ARITHMETIC_OVERFLOW.
int32_t shift_date_by_months(int32_t days, int64_t months);

/// A timestamp moved by months, then days (both on the wall clock, keeping the offset where it is still valid), then
/// microseconds. The zone is UTC for timestamp_ntz. Errors: ArithmeticException "long overflow".
int64_t shift_timestamp(int64_t micros, int64_t months, int64_t days, int64_t more_micros, const TimeZone& zone);
/// The same by a day-time interval: its whole days count on the wall clock.
int64_t shift_timestamp_by_day_time(int64_t micros, int64_t interval, const TimeZone& zone);
inline int64_t shift_timestamp(int64_t micros, const CalendarInterval& interval, const TimeZone& zone) {
  return shift_timestamp(micros, interval.months, interval.days, interval.microseconds, zone);
}

/// Microseconds at the start of a day. Errors: "long overflow".
int64_t timestamp_of_date(int64_t days, const TimeZone& zone);

/// Whole units between two local times, cut toward zero: months (with the day and time of day in mind).
int64_t months_between_local(int64_t start_local, int64_t end_local);
/// Whole days between two local times.
int64_t days_between_local(int64_t start_local, int64_t end_local);

}  // namespace pyrite
