// The fields that extract() and its relatives take out of dates, times, timestamps and intervals.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "types/calendar.h"

namespace pyrite {

enum class DatetimeField : uint8_t {
  year,
  year_of_week,
  quarter,
  month,
  week,
  day,
  day_of_week,      ///< Sunday 1 … Saturday 7
  day_of_week_iso,  ///< Monday 1 … Sunday 7
  weekday,          ///< Monday 0 … Sunday 6
  day_of_year,
  hour,
  minute,
  second,           ///< whole seconds
  second_fraction,  ///< microseconds of the minute
};

/// By any of Spark's names ("YR", "dow", …), case-insensitive; nullopt: there is no such field.
std::optional<DatetimeField> find_datetime_field(std::string_view name);

/// A field of a date.
template <DatetimeField field>
constexpr int32_t date_field(int64_t days) {
  if constexpr (field == DatetimeField::year) {
    return static_cast<int32_t>(civil_from_days(days).year);
  } else if constexpr (field == DatetimeField::year_of_week) {
    return static_cast<int32_t>(iso_week(days).year);
  } else if constexpr (field == DatetimeField::quarter) {
    return (civil_from_days(days).month + 2) / 3;
  } else if constexpr (field == DatetimeField::month) {
    return civil_from_days(days).month;
  } else if constexpr (field == DatetimeField::week) {
    return iso_week(days).week;
  } else if constexpr (field == DatetimeField::day) {
    return civil_from_days(days).day;
  } else if constexpr (field == DatetimeField::day_of_week) {
    return iso_day_of_week(days) % 7 + 1;
  } else if constexpr (field == DatetimeField::day_of_week_iso) {
    return iso_day_of_week(days);
  } else if constexpr (field == DatetimeField::weekday) {
    return iso_day_of_week(days) - 1;
  } else {
    return day_of_year(days);
  }
}

/// A field of a time of day in microseconds.
template <DatetimeField field>
constexpr int32_t time_field(int64_t micros) {
  if constexpr (field == DatetimeField::hour) {
    return static_cast<int32_t>(micros / micros_per_hour);
  } else if constexpr (field == DatetimeField::minute) {
    return static_cast<int32_t>(micros / micros_per_minute % 60);
  } else if constexpr (field == DatetimeField::second) {
    return static_cast<int32_t>(micros / micros_per_second % 60);
  } else {
    return static_cast<int32_t>(micros % micros_per_minute);
  }
}

}  // namespace pyrite
