// Functions about the moment of the query and the session's zone.
#include "functions/bind_rule.h"
#include "functions/call_names.h"
#include "functions/datetime_kernel.h"
#include "functions/families.h"
#include "types/datetime_text.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::ExpressionPtr;

int64_t query_start(const CallInfo& call) {
  return call.session ? call.session->query_start_microseconds : current_microseconds();
}

int64_t current_timestamp(const KernelContext& context) { return query_start(context.call); }
int64_t local_timestamp(const KernelContext& context) {
  return get_time_zone(context.call.time_zone)->to_local(query_start(context.call));
}
int32_t current_date(const KernelContext& context) {
  return static_cast<int32_t>(get_time_zone(context.call.time_zone)->local_days(query_start(context.call)));
}
std::string current_timezone(const KernelContext& context) { return context.call.time_zone; }

int64_t current_time(const KernelContext& context, int32_t) {
  const int64_t local = get_time_zone(context.call.time_zone)->to_local(query_start(context.call));
  const int64_t micros = floor_mod(local, micros_per_day);
  int64_t unit = 1;
  for (int digits = context.call.result_type.precision(); digits < 6; ++digits) {
    unit *= 10;
  }
  return micros - micros % unit;
}

/// The precision, 6 unless given, decides the type: it must be a constant.
ExpressionPtr bind_current_time(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                const BindOptions& options) {
  if (arguments.size() > 1) {
    throw_wrong_count(function, options, "[0, 1]", arguments.size());
  }
  if (arguments.empty()) {
    arguments.push_back(resolved::int_literal(6));
  }
  const auto precision = constant_value(arguments[0]);
  if (!precision) {
    throw_mismatch("NON_FOLDABLE_INPUT", function, arguments, options,
                   {{"inputName", "`precision`"}, {"inputType", "\"INT\""}, {"inputExpr", quoted_sql(arguments[0])}});
  }
  if (!arguments[0]->type.is_integral() && !arguments[0]->type.is(TypeKind::null)) {
    throw_unexpected_type(function, arguments, options, 0, "\"INT\"");
  }
  if (precision->is_null()) {
    throw_mismatch("UNEXPECTED_NULL", function, arguments, options, {{"exprName", "precision"}});
  }
  const int64_t digits = precision->integer();
  if (digits < 0 || digits > 6) {
    throw_mismatch("VALUE_OUT_OF_RANGE", function, arguments, options,
                   {{"exprName", "precision"}, {"valueRange", "[0, 6]"}, {"currentValue", std::to_string(digits)}});
  }
  return make_call(function, {cast_to(arguments[0], Type::integer())}, options, Type::time(static_cast<int>(digits)));
}

constexpr FunctionDef rows[] = {
    {.name = "current_date",
     .aliases = {{"curdate", "current_date"}},
     .forms = {"() -> date"},
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .lower = Own{kernel<current_date>},
     .doc = "The date at the start of the query, in the session's zone.",
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "current_timestamp",
     .forms = {"() -> timestamp"},
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .lower = Own{kernel<current_timestamp>},
     .doc = "The moment at the start of the query.",
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "now",
     .forms = {"() -> timestamp"},
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .lower = Own{kernel<current_timestamp>},
     .doc = "The moment at the start of the query.",
     .since = "1.6.0",
     .group = "datetime_funcs"},
    {.name = "localtimestamp",
     .forms = {"() -> timestamp_ntz"},
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .lower = Own{kernel<local_timestamp>},
     .doc = "The session's wall clock at the start of the query.",
     .since = "3.4.0",
     .group = "datetime_funcs"},
    {.name = "current_timezone",
     .forms = {"() -> string"},
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .lower = Own{kernel<current_timezone>},
     .doc = "The session's time zone.",
     .since = "3.1.0",
     .group = "datetime_funcs"},
    {.name = "current_time",
     .bind = bind_current_time,
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .lower = Own{kernel<current_time>},
     .doc = "The session's time of day at the start of the query, with so many digits of a second.",
     .since = "4.1.0",
     .group = "datetime_funcs"},
};

}  // namespace

std::span<const FunctionDef> datetime_now_functions() { return rows; }

}  // namespace pyrite
