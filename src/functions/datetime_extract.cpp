// extract() and date_part(): any field of any date, time, timestamp or interval.
#include "functions/bind_rule.h"
#include "functions/call_display.h"
#include "functions/datetime_field.h"
#include "functions/datetime_kernel.h"
#include "functions/families.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::EvalMode;
using resolved::ExpressionPtr;
using enum DatetimeField;

bool is_time_field(DatetimeField field) { return field >= hour; }

/// The type that a field of a source of this type has; nullopt: there is no such field.
std::optional<Type> field_type(DatetimeField field, const Type& source) {
  const Type seconds = Type::decimal(8, 6);
  switch (source.kind()) {
    case TypeKind::year_month_interval:
      if (field == year && source.start_field() == interval_field::year) {
        return Type::integer();
      }
      return field == month && source.end_field() == interval_field::month ? std::optional<Type>(Type::byte())
                                                                           : std::nullopt;
    case TypeKind::day_time_interval: {
      const int at = field == day ? 0 : field == hour ? 1 : field == minute ? 2 : field == second_fraction ? 3 : -1;
      if (at < source.start_field() || at > source.end_field()) {
        return std::nullopt;
      }
      return field == day ? Type::integer() : field == second_fraction ? seconds : Type::byte();
    }
    case TypeKind::calendar_interval:
      if (field == year || field == day) {
        return Type::integer();
      }
      return field == second_fraction                             ? std::optional<Type>(seconds)
             : field == month || field == hour || field == minute ? std::optional<Type>(Type::byte())
                                                                  : std::nullopt;
    case TypeKind::time:
      return !is_time_field(field) ? std::nullopt
                                   : std::optional<Type>(field == second_fraction ? seconds : Type::integer());
    default:
      return field == second_fraction ? seconds : Type::integer();
  }
}

struct ExtractState {
  explicit ExtractState(const CallInfo& call) : zone(call), field(*find_datetime_field(call.constants[0]->text())) {}
  ZoneState zone;
  DatetimeField field;
};

template <DatetimeField field>
void extract_from_date(const ColumnView& in, size_t rows, ColumnWriter& out) {
  map_column<int32_t>(in, rows, out, [](int32_t days) { return date_field<field>(days); });
}

template <DatetimeField field>
void extract_from_time(const KernelContext& context, const ColumnView& in, size_t rows, ColumnWriter& out) {
  if (in.type.is(TypeKind::timestamp)) {
    ZoneCursor& cursor = context.as<ExtractState>().zone.cursor;
    map_column<int64_t>(in, rows, out, [&](int64_t micros) {
      return time_field<field>(floor_mod(cursor.to_local(micros), micros_per_day));
    });
  } else {
    map_column<int64_t>(in, rows, out,
                        [](int64_t micros) { return time_field<field>(floor_mod(micros, micros_per_day)); });
  }
}

template <class F>
void map_interval(const ColumnView& in, size_t rows, ColumnWriter& out, F f) {
  switch (in.type.kind()) {
    case TypeKind::year_month_interval:
      return map_column<int32_t>(in, rows, out, [&](int32_t months) { return f(CalendarInterval{months, 0, 0}); });
    case TypeKind::day_time_interval:
      return map_column<int64_t>(in, rows, out, [&](int64_t micros) { return f(CalendarInterval{0, 0, micros}); });
    default:
      return map_column<CalendarInterval>(in, rows, out, f);
  }
}

void extract_from_interval(DatetimeField field, const ColumnView& in, size_t rows, ColumnWriter& out) {
  switch (field) {
    case year:
      return map_interval(in, rows, out, [](const CalendarInterval& v) { return v.months / months_per_year; });
    case month:
      return map_interval(in, rows, out,
                          [](const CalendarInterval& v) { return static_cast<int8_t>(v.months % months_per_year); });
    case day:
      return map_interval(in, rows, out, [](const CalendarInterval& v) {
        const int64_t days = v.days + v.microseconds / micros_per_day;
        if (days != static_cast<int32_t>(days)) {
          throw_integer_overflow();
        }
        return static_cast<int32_t>(days);
      });
    case hour:
      return map_interval(in, rows, out, [](const CalendarInterval& v) {
        return static_cast<int8_t>(v.microseconds % micros_per_day / micros_per_hour);
      });
    case minute:
      return map_interval(in, rows, out, [](const CalendarInterval& v) {
        return static_cast<int8_t>(v.microseconds % micros_per_hour / micros_per_minute);
      });
    default:
      return map_interval(in, rows, out, [](const CalendarInterval& v) {
        return static_cast<int32_t>(v.microseconds % micros_per_minute);
      });
  }
}

void run_extract(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const DatetimeField field = context.as<ExtractState>().field;
  const ColumnView& in = arguments[1];
  if (in.type.is_ansi_interval() || in.type.is(TypeKind::calendar_interval)) {
    return extract_from_interval(field, in, rows, out);
  }
  switch (field) {
    case year:
      return extract_from_date<year>(in, rows, out);
    case year_of_week:
      return extract_from_date<year_of_week>(in, rows, out);
    case quarter:
      return extract_from_date<quarter>(in, rows, out);
    case month:
      return extract_from_date<month>(in, rows, out);
    case week:
      return extract_from_date<week>(in, rows, out);
    case day:
      return extract_from_date<day>(in, rows, out);
    case day_of_week:
      return extract_from_date<day_of_week>(in, rows, out);
    case day_of_week_iso:
      return extract_from_date<day_of_week_iso>(in, rows, out);
    case weekday:
      return extract_from_date<weekday>(in, rows, out);
    case day_of_year:
      return extract_from_date<day_of_year>(in, rows, out);
    case hour:
      return extract_from_time<hour>(context, in, rows, out);
    case minute:
      return extract_from_time<minute>(context, in, rows, out);
    case second:
      return extract_from_time<second>(context, in, rows, out);
    case second_fraction:
      return extract_from_time<second_fraction>(context, in, rows, out);
  }
}

/// extract(YEAR FROM x), datepart(YEAR FROM x), but date_part(YEAR, x).
std::string show_extract(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + (name == "date_part" ? ", " : " FROM ") + arguments[1] + ")";
}

ExpressionPtr bind_extract(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                           const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  const std::string name = options.shown_name.empty() ? std::string(function.name) : options.shown_name;
  const auto value = constant_value(arguments[0]);
  if (!value || !(arguments[0]->type.is_string() || arguments[0]->type.is(TypeKind::null))) {
    throw SparkError("NON_FOLDABLE_ARGUMENT",
                     {{"funcName", "`" + name + "`"}, {"paramName", "`field`"}, {"paramType", "\"STRING\""}});
  }
  if (value->is_null()) {
    const std::string shown = show_extract(name, {"NULL", display_sql(arguments[1], DisplayMode::pretty)});
    return resolved::make_expression(resolved::Literal{Value(), shown}, Type::float64(), true, options.origin);
  }
  const auto field = find_datetime_field(value->text());
  const Type& source = arguments[1]->type;
  const auto type = field ? field_type(*field, source) : std::nullopt;
  if (!type) {
    throw SparkError("INVALID_EXTRACT_FIELD",
                     {{"field", "`" + value->text() + "`"}, {"expr", quoted_sql(arguments[1])}});
  }
  const EvalMode mode = options.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi;
  const bool is_interval = source.is_ansi_interval() || source.is(TypeKind::calendar_interval);
  if (!is_interval && !source.is(TypeKind::time)) {
    if (!source.is_datetime() && !source.is_string() && !source.is(TypeKind::null)) {
      throw_unexpected_type(function, arguments, options, 1,
                            is_time_field(*field) ? "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"" : "\"DATE\"");
    }
    if (!is_time_field(*field)) {
      arguments[1] = cast_to(arguments[1], Type::date(), mode);
    } else if (!source.is(TypeKind::timestamp_ntz)) {
      arguments[1] = cast_to(arguments[1], Type::timestamp(), mode);
    }
  }
  return make_call(function, std::move(arguments), options, *type);
}

constexpr FunctionDef extract_row(std::string_view name, std::string_view since, std::string_view doc) {
  FunctionDef def{.name = name, .bind = bind_extract, .display = show_extract};
  def.lower = Own{Kernel{run_extract, &detail::make_state<ExtractState>}};
  def.errors = {"INVALID_EXTRACT_FIELD", "NON_FOLDABLE_ARGUMENT"};
  def.doc = doc;
  def.since = since;
  def.group = "datetime_funcs";
  return def;
}

constexpr FunctionDef rows[] = {
    extract_row("extract", "3.0.0", "A field of a date, time, timestamp or interval, by its name."),
    extract_row("date_part", "3.0.0", "A field of a date, time, timestamp or interval; the name is a string."),
    extract_row("datepart", "3.4.0", "A field of a date, time, timestamp or interval; the name is a string."),
};

}  // namespace

std::span<const FunctionDef> datetime_extract_functions() { return rows; }

}  // namespace pyrite
