// Fields of dates, times and timestamps as functions: year to second, names of days and months.
#include <array>

#include "functions/bind_rule.h"
#include "functions/datetime_field.h"
#include "functions/datetime_kernel.h"
#include "functions/families.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::EvalMode;
using resolved::ExpressionPtr;
using enum DatetimeField;

template <DatetimeField field>
void run_date_field(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  map_column<int32_t>(in[0], rows, out, [](int32_t days) { return date_field<field>(days); });
}
template <DatetimeField field>
constexpr Own of_date{Kernel{run_date_field<field>, nullptr}};

/// Of timestamps in the session's zone, of timestamp_ntz and time as they are.
template <DatetimeField field>
void run_time_field(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const TypeKind kind = in[0].type.kind();
  if (kind == TypeKind::timestamp) {
    ZoneState& state = context.as<ZoneState>();
    map_column<int64_t>(in[0], rows, out, [&](int64_t micros) {
      return time_field<field>(floor_mod(state.cursor.to_local(micros), micros_per_day));
    });
  } else if (kind == TypeKind::time) {
    map_column<int64_t>(in[0], rows, out, [](int64_t micros) { return time_field<field>(micros); });
  } else {
    map_column<int64_t>(in[0], rows, out,
                        [](int64_t micros) { return time_field<field>(floor_mod(micros, micros_per_day)); });
  }
}
template <DatetimeField field>
constexpr Own of_time{Kernel{run_time_field<field>, &detail::make_state<ZoneState>}};

/// Times and both timestamps as they are; the rest as a timestamp.
ExpressionPtr bind_time_field(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                              const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  const Type& type = arguments[0]->type;
  if (!type.is(TypeKind::timestamp_ntz) && !type.is(TypeKind::time)) {
    if (!can_implicitly_cast(type, Type::timestamp(), options.mode != EvalMode::legacy)) {
      throw_unexpected_type(function, arguments, options, 0, "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"");
    }
    arguments[0] =
        cast_to(arguments[0], Type::timestamp(), options.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi);
  }
  return make_call(function, std::move(arguments), options, Type::integer());
}

constexpr std::array<std::string_view, 7> day_names = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view day_name(int32_t days) { return day_names[iso_day_of_week(days) - 1]; }
std::string_view month_name(int32_t days) { return month_names[civil_from_days(days).month - 1]; }

constexpr FunctionDef rows[] = {
    {.name = "year",
     .forms = {"(date) -> int"},
     .lower = of_date<year>,
     .doc = "The year of a date; years before year 1 are zero and negative.",
     .examples = {"year('2016-07-30') = 2016"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "quarter",
     .forms = {"(date) -> int"},
     .lower = of_date<quarter>,
     .doc = "The quarter of the year, 1 to 4.",
     .examples = {"quarter('2016-08-31') = 3"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "month",
     .forms = {"(date) -> int"},
     .lower = of_date<month>,
     .doc = "The month of the year, 1 to 12.",
     .examples = {"month('2016-07-30') = 7"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "dayofmonth",
     .aliases = {{"day"}},
     .forms = {"(date) -> int"},
     .lower = of_date<day>,
     .doc = "The day of the month, 1 to 31.",
     .examples = {"dayofmonth('2009-07-30') = 30"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "dayofweek",
     .forms = {"(date) -> int"},
     .lower = of_date<day_of_week>,
     .doc = "The day of the week, from Sunday as 1 to Saturday as 7.",
     .examples = {"dayofweek('2009-07-30') = 5"},
     .since = "2.3.0",
     .group = "datetime_funcs"},
    {.name = "weekday",
     .forms = {"(date) -> int"},
     .lower = of_date<weekday>,
     .doc = "The day of the week, from Monday as 0 to Sunday as 6.",
     .examples = {"weekday('2009-07-30') = 3"},
     .since = "2.4.0",
     .group = "datetime_funcs"},
    {.name = "dayofyear",
     .forms = {"(date) -> int"},
     .lower = of_date<day_of_year>,
     .doc = "The day of the year, 1 to 366.",
     .examples = {"dayofyear('2016-04-09') = 100"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "weekofyear",
     .forms = {"(date) -> int"},
     .lower = of_date<week>,
     .doc = "The ISO week: weeks start on Monday, and week 1 is the first with more than three days in the year.",
     .examples = {"weekofyear('2008-02-20') = 8"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "hour",
     .bind = bind_time_field,
     .lower = of_time<hour>,
     .doc = "The hour of a timestamp in the session's zone, or of a time of day.",
     .examples = {"hour('2018-02-14 12:58:59') = 12"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "minute",
     .bind = bind_time_field,
     .lower = of_time<minute>,
     .doc = "The minute of a timestamp in the session's zone, or of a time of day.",
     .examples = {"minute('2009-07-30 12:58:59') = 58"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "second",
     .bind = bind_time_field,
     .lower = of_time<second>,
     .doc = "The whole second of a timestamp or of a time of day.",
     .examples = {"second('2018-02-14 12:58:59') = 59"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "dayname",
     .forms = {"(date) -> string"},
     .lower = Own{kernel<day_name>},
     .doc = "The day of the week as three letters.",
     .examples = {"dayname(DATE('2008-02-20')) = 'Wed'"},
     .since = "4.0.0",
     .group = "datetime_funcs"},
    {.name = "monthname",
     .forms = {"(date) -> string"},
     .lower = Own{kernel<month_name>},
     .doc = "The month as three letters.",
     .examples = {"monthname('2008-02-20') = 'Feb'"},
     .since = "4.0.0",
     .group = "datetime_funcs"},
};

}  // namespace

std::span<const FunctionDef> datetime_functions() { return rows; }

}  // namespace pyrite
