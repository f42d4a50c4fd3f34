// The tables of unit and field names.
#include "functions/datetime_unit.h"

#include "functions/datetime_field.h"
#include "types/calendar.h"

namespace pyrite {
namespace {

bool same_word(std::string_view text, std::string_view upper) {
  if (text.size() != upper.size()) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 32) : text[i];
    if (c != upper[i]) {
      return false;
    }
  }
  return true;
}

template <class T>
struct Named {
  std::string_view name;
  T value;
};

template <class T, size_t n>
std::optional<T> find(const Named<T> (&table)[n], std::string_view name) {
  for (const Named<T>& entry : table) {
    if (same_word(name, entry.name)) {
      return entry.value;
    }
  }
  return std::nullopt;
}

constexpr Named<TruncationUnit> truncation_units[] = {
    {"MICROSECOND", TruncationUnit::microsecond},
    {"MILLISECOND", TruncationUnit::millisecond},
    {"SECOND", TruncationUnit::second},
    {"MINUTE", TruncationUnit::minute},
    {"HOUR", TruncationUnit::hour},
    {"DAY", TruncationUnit::day},
    {"DD", TruncationUnit::day},
    {"WEEK", TruncationUnit::week},
    {"MON", TruncationUnit::month},
    {"MONTH", TruncationUnit::month},
    {"MM", TruncationUnit::month},
    {"QUARTER", TruncationUnit::quarter},
    {"YEAR", TruncationUnit::year},
    {"YYYY", TruncationUnit::year},
    {"YY", TruncationUnit::year},
};

constexpr Named<TimestampUnit> timestamp_units[] = {
    {"MICROSECOND", {false, 1}},
    {"MILLISECOND", {false, micros_per_milli}},
    {"SECOND", {false, micros_per_second}},
    {"MINUTE", {false, micros_per_minute}},
    {"HOUR", {false, micros_per_hour}},
    {"DAY", {false, micros_per_day}},
    {"DAYOFYEAR", {false, micros_per_day}},
    {"WEEK", {false, 7 * micros_per_day}},
    {"MONTH", {true, 1}},
    {"QUARTER", {true, 3}},
    {"YEAR", {true, 12}},
};

constexpr Named<DatetimeField> fields[] = {
    {"YEAR", DatetimeField::year},
    {"Y", DatetimeField::year},
    {"YEARS", DatetimeField::year},
    {"YR", DatetimeField::year},
    {"YRS", DatetimeField::year},
    {"YEAROFWEEK", DatetimeField::year_of_week},
    {"QUARTER", DatetimeField::quarter},
    {"QTR", DatetimeField::quarter},
    {"MONTH", DatetimeField::month},
    {"MON", DatetimeField::month},
    {"MONS", DatetimeField::month},
    {"MONTHS", DatetimeField::month},
    {"WEEK", DatetimeField::week},
    {"W", DatetimeField::week},
    {"WEEKS", DatetimeField::week},
    {"DAY", DatetimeField::day},
    {"D", DatetimeField::day},
    {"DAYS", DatetimeField::day},
    {"DAYOFWEEK", DatetimeField::day_of_week},
    {"DOW", DatetimeField::day_of_week},
    {"DAYOFWEEK_ISO", DatetimeField::day_of_week_iso},
    {"DOW_ISO", DatetimeField::day_of_week_iso},
    {"DOY", DatetimeField::day_of_year},
    {"HOUR", DatetimeField::hour},
    {"H", DatetimeField::hour},
    {"HOURS", DatetimeField::hour},
    {"HR", DatetimeField::hour},
    {"HRS", DatetimeField::hour},
    {"MINUTE", DatetimeField::minute},
    {"M", DatetimeField::minute},
    {"MIN", DatetimeField::minute},
    {"MINS", DatetimeField::minute},
    {"MINUTES", DatetimeField::minute},
    {"SECOND", DatetimeField::second_fraction},
    {"S", DatetimeField::second_fraction},
    {"SEC", DatetimeField::second_fraction},
    {"SECONDS", DatetimeField::second_fraction},
    {"SECS", DatetimeField::second_fraction},
};

}  // namespace

std::optional<TruncationUnit> find_truncation_unit(std::string_view name) { return find(truncation_units, name); }
std::optional<TimestampUnit> find_timestamp_unit(std::string_view name) { return find(timestamp_units, name); }
std::optional<DatetimeField> find_datetime_field(std::string_view name) { return find(fields, name); }

}  // namespace pyrite
