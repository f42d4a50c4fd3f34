// Functions that move, compare and truncate dates and timestamps.
#include <cmath>

#include "functions/call_names.h"
#include "functions/datetime_kernel.h"
#include "functions/datetime_shift.h"
#include "functions/datetime_unit.h"
#include "functions/families.h"
#include "functions/literal_text.h"

namespace pyrite {
namespace {

using lowering::Own;

int32_t wrap_add(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}
int32_t wrap_subtract(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) - static_cast<uint32_t>(b));
}

int32_t small_integer(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::byte:
      return column.get<int8_t>(row);
    case TypeKind::short_int:
      return column.get<int16_t>(row);
    default:
      return column.get<int32_t>(row);
  }
}

/// Overflow wraps around, as it does in Spark.
template <int32_t (*shift)(int32_t, int32_t)>
void move_by_days(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  auto* result = static_cast<int32_t*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row) || in[1].is_null(row)) {
      out.set_null(row);
    } else {
      result[row] = shift(in[0].get<int32_t>(row), small_integer(in[1], row));
    }
  }
}

int32_t add_months(int32_t days, int32_t months) { return shift_date_by_months(days, months); }

int32_t last_day(int32_t days) {
  const CivilDate date = civil_from_days(days);
  return days + days_in_month(date.year, date.month) - date.day;
}

/// Monday 0 … Sunday 6; -1: not a day's name.
int weekday_of(std::string_view name) {
  static constexpr std::string_view names[] = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                               "FRIDAY", "SATURDAY", "SUNDAY"};
  std::string upper(name.substr(0, 10));
  for (char& c : upper) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  for (int i = 0; i < 7; ++i) {
    if (upper == names[i] || upper == names[i].substr(0, 3) || upper == names[i].substr(0, 2)) {
      return i;
    }
  }
  return -1;
}

std::optional<int32_t> next_day(const KernelContext& context, int32_t days, std::string_view name) {
  const int wanted = weekday_of(name);
  if (wanted < 0) {
    if (context.ansi()) {
      throw SparkError("ILLEGAL_DAY_OF_WEEK", {{"string", std::string(name)}});
    }
    return std::nullopt;
  }
  const int ahead = (wanted - (iso_day_of_week(days) - 1) + 7) % 7;
  return wrap_add(days, ahead == 0 ? 7 : ahead);
}

double months_between(const KernelContext& context, int64_t end, int64_t start, Given<bool> round_off) {
  ZoneState& state = context.as<ZoneState>();
  const int64_t end_days = state.local_days(end);
  const int64_t start_days = state.local_days(start);
  const CivilDate to = civil_from_days(end_days);
  const CivilDate from = civil_from_days(start_days);
  const auto months = static_cast<double>((to.year - from.year) * 12 + (to.month - from.month));
  const bool both_last = to.day == days_in_month(to.year, to.month) && from.day == days_in_month(from.year, from.month);
  if (to.day == from.day || both_last) {
    return months;
  }
  const auto second_of_day = [&](int64_t micros, int64_t days) {
    return (micros - timestamp_of_date(days, *state.zone)) / micros_per_second;
  };
  const int64_t seconds =
      (to.day - from.day) * seconds_per_day + second_of_day(end, end_days) - second_of_day(start, start_days);
  const double difference = months + static_cast<double>(seconds) / (31.0 * seconds_per_day);
  return round_off.value_or(true) ? std::floor(difference * 1e8 + 0.5) / 1e8 : difference;
}

// ---- truncation

int32_t truncate_date(int64_t days, TruncationUnit unit) {
  const CivilDate date = civil_from_days(days);
  switch (unit) {
    case TruncationUnit::week:
      return static_cast<int32_t>(days - (iso_day_of_week(days) - 1));
    case TruncationUnit::month:
      return static_cast<int32_t>(days - (date.day - 1));
    case TruncationUnit::quarter:
      return static_cast<int32_t>(days_from_civil(date.year, (date.month - 1) / 3 * 3 + 1, 1));
    case TruncationUnit::year:
      return static_cast<int32_t>(days_from_civil(date.year, 1, 1));
    default:
      return static_cast<int32_t>(days);
  }
}

int64_t truncate_timestamp(int64_t micros, TruncationUnit unit, ZoneState& state) {
  switch (unit) {
    case TruncationUnit::microsecond:
      return micros;
    case TruncationUnit::millisecond:
      return micros - floor_mod(micros, micros_per_milli);
    case TruncationUnit::second:
      return micros - floor_mod(micros, micros_per_second);
    case TruncationUnit::minute:
    case TruncationUnit::hour:
    case TruncationUnit::day: {
      const int64_t size = unit == TruncationUnit::minute ? 60 : unit == TruncationUnit::hour ? 3600 : seconds_per_day;
      const int64_t seconds = floor_div(micros, micros_per_second);
      const int32_t offset = state.zone->offset_at(seconds);
      const int64_t local = seconds + offset - floor_mod(seconds + offset, size);
      return (local - state.zone->offset_of_local(local, offset)) * micros_per_second;
    }
    default:
      return timestamp_of_date(truncate_date(state.local_days(micros), unit), *state.zone);
  }
}

/// trunc(date, unit)
void run_trunc(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  if (const auto unit_text = constant_text(context.call, 1)) {
    if (const auto unit = find_truncation_unit(*unit_text); unit && *unit >= TruncationUnit::week) {
      map_column<int32_t>(in[0], rows, out, [u = *unit](int32_t days) { return truncate_date(days, u); });
      return;
    }
  }
  for (size_t row = 0; row < rows; ++row) {
    const auto unit = in[0].is_null(row) || in[1].is_null(row) ? std::nullopt : find_truncation_unit(in[1].text(row));
    if (unit && *unit >= TruncationUnit::week) {
      out.set<int32_t>(row, truncate_date(in[0].get<int32_t>(row), *unit));
    } else {
      out.set_null(row);
    }
  }
}

/// date_trunc(unit, timestamp)
void run_date_trunc(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  ZoneState& state = context.as<ZoneState>();
  if (const auto unit_text = constant_text(context.call, 0)) {
    if (const auto unit = find_truncation_unit(*unit_text)) {
      map_column<int64_t>(in[1], rows, out,
                          [&, u = *unit](int64_t micros) { return truncate_timestamp(micros, u, state); });
      return;
    }
  }
  for (size_t row = 0; row < rows; ++row) {
    const auto unit = in[0].is_null(row) || in[1].is_null(row) ? std::nullopt : find_truncation_unit(in[0].text(row));
    if (unit) {
      out.set<int64_t>(row, truncate_timestamp(in[1].get<int64_t>(row), *unit, state));
    } else {
      out.set_null(row);
    }
  }
}

// ---- timestampadd, timestampdiff

/// The session's zone for timestamps, UTC for timestamp_ntz.
struct UnitState {
  explicit UnitState(const CallInfo& call)
      : zone(get_time_zone(call.argument_types[2].is(TypeKind::timestamp) ? call.time_zone : "UTC")) {}
  TimeZonePtr zone;
};

[[noreturn]] void throw_bad_unit(const KernelContext& context, std::string_view unit) {
  throw SparkError("INVALID_PARAMETER_VALUE.DATETIME_UNIT", {{"functionName", "`" + context.call.name + "`"},
                                                             {"parameter", "`unit`"},
                                                             {"invalidValue", "'" + std::string(unit) + "'"}});
}

int64_t timestamp_add(const KernelContext& context, std::string_view unit_text, int64_t quantity, int64_t micros) {
  const auto unit = find_timestamp_unit(unit_text);
  if (!unit) {
    throw_bad_unit(context, unit_text);
  }
  const TimeZone& zone = *context.as<UnitState>().zone;
  try {
    const int64_t amount = multiply_exact(quantity, unit->size);
    if (!unit->is_months) {
      return shift_timestamp_by_day_time(micros, amount, zone);
    }
    if (amount == static_cast<int32_t>(amount)) {
      return shift_timestamp(micros, amount, 0, 0, zone);
    }
  } catch (const SparkError&) {
    // Reported below, whatever part of the sum was too large.
  }
  std::string upper(unit_text);
  for (char& c : upper) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  throw SparkError(
      "DATETIME_OVERFLOW",
      {{"operation", "add " + std::to_string(quantity) + "L " + upper + " to " +
                         literal_sql(Value(micros), context.call.argument_types[2], context.call.time_zone)}});
}

int64_t timestamp_diff(const KernelContext& context, std::string_view unit_text, int64_t start, int64_t end) {
  const auto unit = find_timestamp_unit(unit_text);
  if (!unit) {
    throw_bad_unit(context, unit_text);
  }
  const TimeZone& zone = *context.as<UnitState>().zone;
  const int64_t from = zone.to_local(start);
  const int64_t to = zone.to_local(end);
  if (unit->is_months) {
    return months_between_local(from, to) / unit->size;
  }
  if (unit->size >= micros_per_day) {
    return days_between_local(from, to) / (unit->size / micros_per_day);
  }
  int64_t difference = 0;
  if (__builtin_sub_overflow(to, from, &difference)) {
    throw_long_overflow();
  }
  return difference / unit->size;
}

Type third_type(const CallInfo& call) { return call.argument_types[2]; }

/// The unit shows as a bare word.
std::string show_unit_call(std::string_view name, const std::vector<std::string>& arguments) {
  return call_text(name, arguments);
}

constexpr FunctionDef rows[] = {
    {.name = "date_add",
     .aliases = {{"dateadd", "date_add"}},
     .forms = {"(date, int|short|byte!) -> date"},
     .lower = Own{Kernel{move_by_days<wrap_add>, nullptr}},
     .doc = "The date some days later.",
     .examples = {"date_add('2016-07-30', 1) = DATE'2016-07-31'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "date_sub",
     .forms = {"(date, int|short|byte!) -> date"},
     .lower = Own{Kernel{move_by_days<wrap_subtract>, nullptr}},
     .doc = "The date some days earlier.",
     .examples = {"date_sub('2016-07-30', 1) = DATE'2016-07-29'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "datediff",
     .aliases = {{"date_diff"}},
     .forms = {"(date, date) -> int"},
     .lower = Own{kernel<wrap_subtract>},
     .doc = "Days from the second date to the first.",
     .examples = {"datediff('2009-07-31', '2009-07-30') = 1"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "add_months",
     .forms = {"(date, int) -> date"},
     .failure = Failure::possible,
     .lower = Own{kernel<add_months>},
     .errors = {"ARITHMETIC_OVERFLOW"},
     .doc = "The date some months later; a day that the month lacks becomes its last day.",
     .examples = {"add_months('2016-08-31', 1) = DATE'2016-09-30'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "months_between",
     .forms = {"(timestamp, timestamp, [boolean]) -> double"},
     .display = show_defaults<3, "true">,
     .lower = Own{kernel_with<months_between, ZoneState>},
     .doc = "Months from the second timestamp to the first, with 31-day months for the rest, rounded to 8 digits "
            "unless told.",
     .examples = {"months_between('1997-02-28 10:30:00', '1996-10-30') = 3.94959677"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "last_day",
     .forms = {"(date) -> date"},
     .lower = Own{kernel<last_day>},
     .doc = "The last day of the date's month.",
     .examples = {"last_day('2009-01-12') = DATE'2009-01-31'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "next_day",
     .forms = {"(date, string) -> date"},
     .nullability = Nullability::if_any_argument,
     .failure = Failure::possible,
     .lower = Own{kernel<next_day>},
     .errors = {"ILLEGAL_DAY_OF_WEEK"},
     .doc = "The first date after this one that falls on the named day of the week.",
     .examples = {"next_day('2015-01-14', 'TU') = DATE'2015-01-20'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "trunc",
     .forms = {"(date, string) -> date"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = Own{Kernel{run_trunc, nullptr}},
     .doc = "The first day of the date's week, month, quarter or year; NULL for other units.",
     .examples = {"trunc('2019-08-04', 'week') = DATE'2019-07-29'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "date_trunc",
     .forms = {"(string, timestamp) -> timestamp"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = Own{Kernel{run_date_trunc, &detail::make_state<ZoneState>}},
     .doc = "The timestamp brought down to the start of its unit, on the session's wall clock; NULL for unknown units.",
     .examples = {"date_trunc('YEAR', '2015-03-05T09:32:05.359') = TIMESTAMP'2015-01-01 00:00:00'"},
     .since = "2.3.0",
     .group = "datetime_funcs"},
    {.name = "timestampadd",
     .forms = {"(string, long, timestamp|timestamp_ntz) -> rule"},
     .result = third_type,
     .failure = Failure::possible,
     .display = show_unit_call,
     .lower = Own{kernel_with<timestamp_add, UnitState>},
     .errors = {"DATETIME_OVERFLOW", "INVALID_PARAMETER_VALUE.DATETIME_UNIT"},
     .doc = "The timestamp moved by a number of units.",
     .since = "3.3.0",
     .group = "datetime_funcs"},
    {.name = "timestampdiff",
     .forms = {"(string, timestamp|timestamp_ntz, timestamp|timestamp_ntz) -> long"},
     .failure = Failure::possible,
     .display = show_unit_call,
     .lower = Own{kernel_with<timestamp_diff, UnitState>},
     .errors = {"INVALID_PARAMETER_VALUE.DATETIME_UNIT"},
     .doc = "Whole units from the first timestamp to the second.",
     .since = "3.3.0",
     .group = "datetime_funcs"},
};

}  // namespace

std::span<const FunctionDef> datetime_add_functions() { return rows; }

}  // namespace pyrite
