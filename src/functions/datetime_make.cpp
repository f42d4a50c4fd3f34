// Functions that make dates and timestamps out of numbers, and numbers out of them.
#include <algorithm>
#include <cmath>

#include "functions/bind_rule.h"
#include "functions/datetime_kernel.h"
#include "functions/datetime_shift.h"
#include "functions/families.h"
#include "functions/java_date_error.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::EvalMode;
using resolved::ExpressionPtr;

/// DATETIME_FIELD_OUT_OF_BOUNDS in ANSI mode, else nothing.
void refuse_fields(const KernelContext& context, std::string message) {
  if (context.ansi()) {
    throw SparkError("DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION",
                     {{"rangeMessage", std::move(message)}, {"ansiConfig", ansi_config()}});
  }
}

std::optional<int32_t> make_date(const KernelContext& context, int32_t year, int32_t month, int32_t day) {
  if (!is_valid_date(year, month, day)) {
    refuse_fields(context, invalid_date_message(year, month, day));
    return std::nullopt;
  }
  const int64_t days = days_from_civil(year, month, day);
  if (days != static_cast<int32_t>(days)) {
    throw_arithmetic_overflow();
  }
  return static_cast<int32_t>(days);
}

/// Microseconds of the wall clock. `seconds` in millionths; exactly 60 means the next minute.
std::optional<Int128> local_micros(const KernelContext& context, int32_t year, int32_t month, int32_t day, int32_t hour,
                                   int32_t minute, Int128 seconds) {
  const auto total = static_cast<int32_t>(seconds);
  const auto second = floor_div(total, micros_per_second);
  const auto fraction = floor_mod(total, micros_per_second);
  if (second == 60 && fraction != 0) {
    if (context.ansi()) {
      std::string text = decimal_text(seconds, 6);
      text.erase(text.find_last_not_of('0') + 1);
      throw SparkError("INVALID_FRACTION_OF_SECOND", {{"secAndMicros", text}});
    }
    return std::nullopt;
  }
  const int64_t shown = second == 60 ? 0 : second;
  std::string message = invalid_date_message(year, month, day);
  if (message.empty()) {
    message = invalid_time_message(hour, minute, shown);
  }
  if (!message.empty()) {
    refuse_fields(context, std::move(message));
    return std::nullopt;
  }
  return static_cast<Int128>(days_from_civil(year, month, day)) * micros_per_day + hour * micros_per_hour +
         minute * micros_per_minute + second * micros_per_second + fraction;
}

int64_t checked_micros(Int128 micros) {
  if (micros != static_cast<int64_t>(micros)) {
    throw_long_overflow();
  }
  return static_cast<int64_t>(micros);
}

int64_t in_zone(Int128 local, const TimeZone& zone) {
  const Int128 second = micros_per_second;
  Int128 seconds = local / second;
  seconds -= local % second < 0;
  return checked_micros(local - static_cast<Int128>(zone.offset_of_local(static_cast<int64_t>(seconds))) * second);
}

std::optional<int64_t> make_timestamp(const KernelContext& context, int32_t year, int32_t month, int32_t day,
                                      int32_t hour, int32_t minute, Int128 seconds, Given<std::string_view> zone_name) {
  const auto local = local_micros(context, year, month, day, hour, minute, seconds);
  if (context.call.result_type.is(TypeKind::timestamp_ntz)) {
    return local ? std::optional<int64_t>(checked_micros(*local)) : std::nullopt;
  }
  const TimeZonePtr named = zone_name.value ? find_time_zone(*zone_name.value) : context.as<ZoneState>().zone;
  if (!named) {
    if (context.ansi()) {
      throw SparkError("INVALID_TIMEZONE", {{"timeZone", std::string(*zone_name.value)}});
    }
    return std::nullopt;
  }
  return local ? std::optional<int64_t>(in_zone(*local, *named)) : std::nullopt;
}

int64_t join_date_time(const KernelContext& context, int32_t days, Given<int64_t> time,
                       Given<std::string_view> zone_name) {
  const Int128 local = static_cast<Int128>(days) * micros_per_day + time.value_or(0);
  if (context.call.result_type.is(TypeKind::timestamp_ntz)) {
    return checked_micros(local);
  }
  return in_zone(local, zone_name.value ? *get_time_zone(*zone_name.value) : *context.as<ZoneState>().zone);
}

/// make_timestamp and its relatives are called by six or seven parts, or by a date and a time.
void run_make_timestamp(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  if (in.size() >= 6) {
    detail::run_plain<make_timestamp>(context, in, rows, out);
  } else if (!context.try_null()) {
    detail::run_plain<join_date_time>(context, in, rows, out);
  } else {
    for (size_t row = 0; row < rows; ++row) {
      if (std::any_of(in.begin(), in.end(), [&](const ColumnView& each) { return each.is_null(row); })) {
        out.set_null(row);
        continue;
      }
      try {
        const Given<int64_t> time{in.size() > 1 ? in[1].get<int64_t>(row) : int64_t{0}};
        const Given<std::string_view> zone{in.size() > 2 ? std::optional<std::string_view>(in[2].text(row))
                                                         : std::nullopt};
        out.set<int64_t>(row, join_date_time(context, in[0].get<int32_t>(row), time, zone));
      } catch (const SparkError&) {
        out.set_null(row);
      }
    }
  }
}

/// Casts the parts to what they must be; the second counts in millionths.
template <TypeKind result>
ExpressionPtr bind_make_timestamp(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                  const BindOptions& options) {
  const EvalMode mode = options.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi;
  constexpr bool local = result == TypeKind::timestamp_ntz;
  const size_t count = arguments.size();
  const bool by_session = function.name == "make_timestamp" || function.name == "try_make_timestamp";
  if (by_session && count == 1) {
    const Type& type = arguments[0]->type;
    if (type.is_string() || !can_implicitly_cast(type, Type::timestamp(), options.mode != EvalMode::legacy)) {
      BindOptions shown = options;
      shown.shown_name = "make_timestamp";
      throw_unexpected_type(function, arguments, shown, 0, "\"DATE\"");
    }
    arguments[0] = cast_to(arguments[0], Type::date(), mode);
  } else if (count == 2 || (!local && count == 3)) {
    const Type wanted[] = {Type::date(), Type::time(), Type::string()};
    for (size_t i = 0; i < count; ++i) {
      if (!same_type(arguments[i]->type, wanted[i]) && !(i == 1 && arguments[i]->type.is(TypeKind::time)) &&
          !can_implicitly_cast(arguments[i]->type, wanted[i], options.mode != EvalMode::legacy)) {
        throw_unexpected_type(function, arguments, options, i, i == 1 ? "\"TIME\"" : quoted_type(wanted[i]));
      }
      if (!arguments[i]->type.is(TypeKind::time)) {
        arguments[i] = cast_to(arguments[i], wanted[i], mode);
      }
    }
  } else if (count == 6 || (!local && count == 7)) {
    const Type wanted[] = {Type::integer(), Type::integer(),      Type::integer(), Type::integer(),
                           Type::integer(), Type::decimal(16, 6), Type::string()};
    for (size_t i = 0; i < count; ++i) {
      if (!can_implicitly_cast(arguments[i]->type, wanted[i], options.mode != EvalMode::legacy)) {
        throw_unexpected_type(function, arguments, options, i, quoted_type(wanted[i]));
      }
      arguments[i] = cast_to(arguments[i], wanted[i], mode);
    }
  } else {
    throw_wrong_count(function, options, by_session ? "[1, 2, 3, 6, 7]" : "[2, 6]", count);
  }
  // Only the parts make the session's kind of timestamp.
  if (by_session && count < 6) {  // which never gives NULL of itself, not even where it tries
    const bool nullable =
        std::any_of(arguments.begin(), arguments.end(), [](const auto& each) { return each->nullable; });
    resolved::Expression made = *make_call(function, std::move(arguments), options, Type(result));
    made.nullable = nullable;
    return std::make_shared<const resolved::Expression>(std::move(made));
  }
  return make_call(function, std::move(arguments), options,
                   by_session && options.timestamp_is_ntz ? Type::timestamp_ntz() : Type(result));
}

// ---- counts since 1970

int32_t same_days(int32_t days) { return days; }
int64_t same_micros(int64_t micros) { return micros; }
int64_t whole_seconds(int64_t micros) { return floor_div(micros, micros_per_second); }
int64_t whole_millis(int64_t micros) { return floor_div(micros, micros_per_milli); }

template <int64_t unit>
int64_t from_integer(int64_t value) {
  return multiply_exact(value, unit);
}

std::optional<int64_t> from_seconds(const KernelContext& context, double seconds) {
  if (!std::isfinite(seconds)) {
    return std::nullopt;
  }
  const double micros = seconds * static_cast<double>(micros_per_second);
  constexpr double limit = 9223372036854775808.0;
  return micros >= limit   ? std::numeric_limits<int64_t>::max()
         : micros < -limit ? std::numeric_limits<int64_t>::min()
                           : static_cast<int64_t>(micros);
}

int64_t from_decimal_seconds(const KernelContext& context, Int128 unscaled) {
  const int scale = context.call.argument_types[0].scale();
  Int128 micros = unscaled;
  if (scale > 6) {
    const Int128 unit = power_of_ten(scale - 6);
    if (unscaled % unit != 0) {
      throw SparkError::plain(ErrorKind::arithmetic, "Rounding necessary");
    }
    micros = unscaled / unit;
  } else if (__builtin_mul_overflow(unscaled, power_of_ten(6 - scale), &micros)) {
    throw SparkError::plain(ErrorKind::arithmetic, "Overflow");
  }
  if (micros != static_cast<int64_t>(micros)) {
    throw SparkError::plain(ErrorKind::arithmetic, "Overflow");
  }
  return static_cast<int64_t>(micros);
}

void run_timestamp_seconds(const KernelContext& context, std::span<const ColumnView> in, size_t rows,
                           ColumnWriter& out) {
  switch (in[0].type.kind()) {
    case TypeKind::float64:
      return detail::run_plain<from_seconds>(context, in, rows, out);
    case TypeKind::decimal:
      return detail::run_plain<from_decimal_seconds>(context, in, rows, out);
    default:
      return detail::run_plain<from_integer<micros_per_second>>(context, in, rows, out);
  }
}

/// These take no other type, not even by an implicit cast.
template <TypeKind kind, TypeKind result>
ExpressionPtr bind_exact(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                         const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  if (arguments[0]->type.is(TypeKind::null)) {
    arguments[0] = cast_to(arguments[0], Type(kind));
  }
  const Type& type = arguments[0]->type;
  const bool integral = kind == TypeKind::long_int && type.is_integral();
  if (!type.is(kind) && !integral) {
    throw_unexpected_type(function, arguments, options, 0,
                          kind == TypeKind::long_int ? "\"INTEGRAL\"" : quoted_type(Type(kind)));
  }
  return make_call(function, {cast_to(arguments[0], Type(kind))}, options, Type(result));
}

ExpressionPtr bind_timestamp_seconds(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                     const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  const Type& type = arguments[0]->type;
  if (!type.is_numeric() && !type.is(TypeKind::null)) {
    throw_unexpected_type(function, arguments, options, 0, "\"NUMERIC\"");
  }
  const Type as = type.is(TypeKind::decimal) ? type : type.is_floating() ? Type::float64() : Type::long_int();
  const bool may_be_null = type.is_floating();
  ExpressionPtr call = make_call(function, {cast_to(arguments[0], as)}, options, Type::timestamp());
  if (!may_be_null || call->nullable) {
    return call;
  }
  resolved::Expression nullable = *call;
  nullable.nullable = true;
  return std::make_shared<const resolved::Expression>(std::move(nullable));
}

constexpr FixedList<std::string_view, 4> field_errors = {"DATETIME_FIELD_OUT_OF_BOUNDS", "INVALID_FRACTION_OF_SECOND",
                                                         "INVALID_TIMEZONE"};

constexpr FunctionDef timestamp_maker(std::string_view name, BindRule bind, std::string_view doc) {
  FunctionDef def{.name = name, .bind = bind, .failure = Failure::possible};
  def.lower = Own{Kernel{run_make_timestamp, &detail::make_state<ZoneState>}};
  def.errors = field_errors;
  def.doc = doc;
  def.since = "3.0.0";
  def.group = "datetime_funcs";
  return def;
}

constexpr FunctionDef rows[] = {
    {.name = "make_date",
     .forms = {"(int, int, int) -> date"},
     .failure = Failure::possible,
     .lower = Own{kernel<make_date>},
     .errors = {"DATETIME_FIELD_OUT_OF_BOUNDS"},
     .doc = "The date of a year, month and day.",
     .examples = {"make_date(2013, 7, 15) = DATE'2013-07-15'"},
     .since = "3.0.0",
     .group = "datetime_funcs"},
    timestamp_maker(
        "make_timestamp", bind_make_timestamp<TypeKind::timestamp>,
        "The timestamp of a year, month, day, hour, minute and second, or of a date and a time, in a zone."),
    timestamp_maker("try_make_timestamp", bind_make_timestamp<TypeKind::timestamp>,
                    "As make_timestamp, with NULL where there is no such timestamp."),
    timestamp_maker("make_timestamp_ltz", bind_make_timestamp<TypeKind::timestamp>,
                    "The timestamp of its parts, in the session's or a given zone."),
    timestamp_maker("try_make_timestamp_ltz", bind_make_timestamp<TypeKind::timestamp>,
                    "As make_timestamp_ltz, with NULL where there is no such timestamp."),
    timestamp_maker("make_timestamp_ntz", bind_make_timestamp<TypeKind::timestamp_ntz>,
                    "The timestamp without zone of its parts."),
    timestamp_maker("try_make_timestamp_ntz", bind_make_timestamp<TypeKind::timestamp_ntz>,
                    "As make_timestamp_ntz, with NULL where there is no such timestamp."),
    {.name = "unix_date",
     .bind = bind_exact<TypeKind::date, TypeKind::integer>,
     .lower = Own{kernel<same_days>},
     .doc = "Days since 1970-01-01.",
     .examples = {"unix_date(DATE('1970-01-02')) = 1"},
     .since = "3.1.0",
     .group = "datetime_funcs"},
    {.name = "date_from_unix_date",
     .forms = {"(int) -> date"},
     .lower = Own{kernel<same_days>},
     .doc = "The date that lies so many days after 1970-01-01.",
     .examples = {"date_from_unix_date(1) = DATE'1970-01-02'"},
     .since = "3.1.0",
     .group = "datetime_funcs"},
    {.name = "unix_seconds",
     .bind = bind_exact<TypeKind::timestamp, TypeKind::long_int>,
     .lower = Own{kernel<whole_seconds>},
     .doc = "Whole seconds since 1970-01-01 00:00:00 UTC.",
     .examples = {"unix_seconds(TIMESTAMP('1970-01-01 00:00:01Z')) = 1"},
     .since = "3.1.0",
     .group = "datetime_funcs"},
    {.name = "unix_millis",
     .bind = bind_exact<TypeKind::timestamp, TypeKind::long_int>,
     .lower = Own{kernel<whole_millis>},
     .doc = "Whole milliseconds since 1970-01-01 00:00:00 UTC.",
     .examples = {"unix_millis(TIMESTAMP('1970-01-01 00:00:01Z')) = 1000"},
     .since = "3.1.0",
     .group = "datetime_funcs"},
    {.name = "unix_micros",
     .bind = bind_exact<TypeKind::timestamp, TypeKind::long_int>,
     .lower = Own{kernel<same_micros>},
     .doc = "Microseconds since 1970-01-01 00:00:00 UTC.",
     .examples = {"unix_micros(TIMESTAMP('1970-01-01 00:00:01Z')) = 1000000"},
     .since = "3.1.0",
     .group = "datetime_funcs"},
    {.name = "timestamp_seconds",
     .bind = bind_timestamp_seconds,
     .failure = Failure::possible,
     .lower = Own{Kernel{run_timestamp_seconds, nullptr}},
     .doc = "The timestamp that lies so many seconds, with fractions, after 1970-01-01 00:00:00 UTC.",
     .examples = {"timestamp_seconds(1230219000) = TIMESTAMP'2008-12-25 07:30:00'"},
     .since = "3.1.0",
     .group = "datetime_funcs"},
    {.name = "timestamp_millis",
     .bind = bind_exact<TypeKind::long_int, TypeKind::timestamp>,
     .failure = Failure::possible,
     .lower = Own{kernel<from_integer<micros_per_milli>>},
     .doc = "The timestamp that lies so many milliseconds after 1970-01-01 00:00:00 UTC.",
     .since = "3.1.0",
     .group = "datetime_funcs"},
    {.name = "timestamp_micros",
     .bind = bind_exact<TypeKind::long_int, TypeKind::timestamp>,
     .lower = Own{kernel<same_micros>},
     .doc = "The timestamp that lies so many microseconds after 1970-01-01 00:00:00 UTC.",
     .since = "3.1.0",
     .group = "datetime_funcs"},
};

}  // namespace

std::span<const FunctionDef> datetime_make_functions() { return rows; }

}  // namespace pyrite
