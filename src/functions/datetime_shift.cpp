// The calendar arithmetic behind +, add_months, timestampadd and sequence.
#include "functions/datetime_shift.h"

#include <limits>

#include "functions/datetime_kernel.h"

namespace pyrite {
namespace {

/// Seconds and a part of a second as microseconds since 1970, checked.
int64_t join_seconds(int64_t seconds, int64_t micros) {
  const Int128 total = static_cast<Int128>(seconds) * micros_per_second + micros;
  if (total != static_cast<int64_t>(total)) {
    throw_long_overflow();
  }
  return static_cast<int64_t>(total);
}

}  // namespace

int32_t shift_date_by_months(int32_t days, int64_t months) {
  const int64_t shifted = add_months_to_days(days, months);
  if (shifted != static_cast<int32_t>(shifted)) {
    throw_arithmetic_overflow();
  }
  return static_cast<int32_t>(shifted);
}

int64_t shift_timestamp(int64_t micros, int64_t months, int64_t days, int64_t more_micros, const TimeZone& zone) {
  int64_t seconds = floor_div(micros, micros_per_second);
  const int64_t fraction = micros - seconds * micros_per_second;
  if (months != 0 || days != 0) {
    const int64_t offset = zone.offset_at(seconds);
    const int64_t local = seconds + offset;
    int64_t date = floor_div(local, seconds_per_day);
    const int64_t time = local - date * seconds_per_day;
    if (months != 0) {
      date = add_months_to_days(date, months);
    }
    date += days;
    const int64_t moved = date * seconds_per_day + time;
    seconds = moved - zone.offset_of_local(moved, static_cast<int32_t>(offset));
  }
  const int64_t more_seconds = floor_div(more_micros, micros_per_second);
  return join_seconds(seconds + more_seconds, fraction + (more_micros - more_seconds * micros_per_second));
}

int64_t shift_timestamp_by_day_time(int64_t micros, int64_t interval, const TimeZone& zone) {
  return shift_timestamp(micros, 0, interval / micros_per_day, interval % micros_per_day, zone);
}

int64_t timestamp_of_date(int64_t days, const TimeZone& zone) { return join_seconds(zone.start_of_day(days), 0); }

int64_t days_between_local(int64_t start_local, int64_t end_local) {
  const int64_t start = floor_div(start_local, micros_per_day);
  int64_t end = floor_div(end_local, micros_per_day);
  const int64_t start_time = start_local - start * micros_per_day;
  const int64_t end_time = end_local - end * micros_per_day;
  if (end > start && end_time < start_time) {
    --end;
  } else if (end < start && end_time > start_time) {
    ++end;
  }
  return end - start;
}

int64_t months_between_local(int64_t start_local, int64_t end_local) {
  const int64_t start_days = floor_div(start_local, micros_per_day);
  const CivilDate start = civil_from_days(start_days);
  const CivilDate end = civil_from_days(start_days + days_between_local(start_local, end_local));
  const int64_t packed_start = (start.year * 12 + start.month - 1) * 32 + start.day;
  const int64_t packed_end = (end.year * 12 + end.month - 1) * 32 + end.day;
  return (packed_end - packed_start) / 32;
}

}  // namespace pyrite
