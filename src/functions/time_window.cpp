// Windows over time in grouping, time buckets, and the transforms of partitioned tables.
#include "functions/time_window.h"

#include "functions/bind_rule.h"
#include "functions/datetime_kernel.h"
#include "functions/datetime_shift.h"
#include "functions/families.h"
#include "functions/literal_text.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::ExpressionPtr;

/// The microseconds that a window function's literal argument says.
int64_t duration_of(const ExpressionPtr& argument) {
  const resolved::Literal* literal = resolved::as_literal(argument);
  const bool whole = argument->type.is(TypeKind::integer) || argument->type.is(TypeKind::long_int);
  if (!literal || literal->value.is_null() || (!whole && !argument->type.is_string())) {
    throw SparkError("_LEGACY_ERROR_TEMP_1207");
  }
  if (whole) {
    return literal->value.integer();
  }
  const std::string text = literal->value.text();
  const std::optional<CalendarInterval> interval = parse_calendar_interval(text);
  if (!interval) {
    throw SparkError(ErrorKind::analysis, "CANNOT_PARSE_INTERVAL", {{"intervalString", "'" + text + "'"}});
  }
  if (interval->months != 0) {
    throw SparkError("_LEGACY_ERROR_TEMP_3231", {{"interval", text}});
  }
  // Spark's product wraps around.
  return static_cast<int64_t>(static_cast<uint64_t>(interval->days) * static_cast<uint64_t>(micros_per_day) +
                              static_cast<uint64_t>(interval->microseconds));
}

Type window_type(const Type& time) { return Type::structure({{"start", time, true, {}}, {"end", time, true, {}}}); }

/// The time that windows are over: a timestamp of either kind, what casts to one, or a window.
void take_time(const FunctionDef& function, std::vector<ExpressionPtr>& arguments, const BindOptions& options) {
  ExpressionPtr& time = arguments[0];
  const Type& type = time->type;
  if (type.is(TypeKind::timestamp) || type.is(TypeKind::timestamp_ntz) || is_window_type(type)) {
    return;
  }
  if (!type.is(TypeKind::date) && !type.is_string() && !type.is(TypeKind::null)) {
    throw_unexpected_type(function, arguments, options, 0,
                          "(\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\" or \"STRUCT<start: TIMESTAMP, end: "
                          "TIMESTAMP>\" or \"STRUCT<start: TIMESTAMP_NTZ, end: TIMESTAMP_NTZ>\")");
  }
  time = cast_to(time, Type::timestamp(), options.mode);
}

Type type_of_times(const ExpressionPtr& time) {
  return is_window_type(time->type) ? time->type.fields()[0].type : time->type;
}

std::string long_text(int64_t value) { return std::to_string(value) + "L"; }

/// window(time, duration, slide, start) with the durations in microseconds.
ExpressionPtr bind_window(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                          const BindOptions& options) {
  if (arguments.size() < 2 || arguments.size() > 4) {
    throw_wrong_count(function, options, "[2, 3, 4]", arguments.size());
  }
  const int64_t duration = duration_of(arguments[1]);
  const int64_t slide = arguments.size() > 2 ? duration_of(arguments[2]) : duration;
  const int64_t start = arguments.size() > 3 ? duration_of(arguments[3]) : 0;
  arguments.resize(1);
  for (const int64_t each : {duration, slide, start}) {
    arguments.push_back(resolved::literal(Value(each), Type::long_int()));
  }
  take_time(function, arguments, options);
  for (const auto& [name, value] : {std::pair("`window_duration`", duration), std::pair("`slide_duration`", slide)}) {
    if (value <= 0) {
      throw_mismatch(
          "VALUE_OUT_OF_RANGE", function, arguments, options,
          {{"exprName", name}, {"valueRange", "(0, 9223372036854775807]"}, {"currentValue", long_text(value)}});
    }
  }
  const auto require = [&](bool holds, const char* left, int64_t left_value, const char* constraint, const char* right,
                           int64_t right_value) {
    if (!holds) {
      throw_mismatch("PARAMETER_CONSTRAINT_VIOLATION", function, arguments, options,
                     {{"leftExprName", left},
                      {"leftExprValue", long_text(left_value)},
                      {"constraint", constraint},
                      {"rightExprName", right},
                      {"rightExprValue", long_text(right_value)}});
    }
  };
  require(slide <= duration, "`slide_duration`", slide, "<=", "`window_duration`", duration);
  require(start > -slide && start < slide, "`abs(start_time)`", start < 0 ? -start : start, "<", "`slide_duration`",
          slide);
  const Type type = window_type(type_of_times(arguments[0]));
  return make_call(function, std::move(arguments), options, type);
}

/// The name of a type's class in Spark, which one message shows.
std::string class_name(const Type& type) {
  if (type.is_ansi_interval()) {
    const std::string fields = "(" + std::to_string(type.start_field()) + "," + std::to_string(type.end_field()) + ")";
    return (type.is(TypeKind::day_time_interval) ? "DayTimeIntervalType" : "YearMonthIntervalType") + fields;
  }
  std::string name = type_name(type);
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name + "Type";
}

ExpressionPtr bind_session_window(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                  const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  take_time(function, arguments, options);
  const Type& gap = arguments[1]->type;
  if (!gap.is(TypeKind::calendar_interval) && !gap.is_string() && !gap.is(TypeKind::null)) {
    throw SparkError("_LEGACY_ERROR_TEMP_1040", {{"dt", class_name(gap)}});
  }
  arguments[1] = cast_to(arguments[1], Type::calendar_interval(), options.mode);
  const Type type = window_type(type_of_times(arguments[0]));
  return make_call(function, std::move(arguments), options, type);
}

std::string show_session_window(std::string_view, const std::vector<std::string>& arguments) {
  return "sessionwindow(" + arguments[0] + ", " + arguments[1] + ")";
}

ExpressionPtr bind_window_time(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                               const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  const Type& type = arguments[0]->type;
  if (!type.is(TypeKind::structure) && !type.is(TypeKind::null)) {
    throw_unexpected_type(function, arguments, options, 0, "\"STRUCT\"");
  }
  const Type times = is_window_type(type) ? type.fields()[0].type : Type::timestamp();
  return make_call(function, std::move(arguments), options, times);
}

int64_t same_long(int64_t value) { return value; }

constexpr FunctionDef time_to_long_row = {.name = "precisetimestampconversion", .lower = Own{kernel<same_long>}};
/// Spark's windows are structures of nullable fields.
constexpr FunctionDef long_to_time_row = {
    .name = "precisetimestampconversion", .nullability = Nullability::always, .lower = Own{kernel<same_long>}};

struct BucketState {
  explicit BucketState(const CallInfo& call)
      : zone(get_time_zone(call.argument_types[1].is(TypeKind::timestamp) ? call.time_zone : "UTC")) {}
  TimeZonePtr zone;
};

/// The greatest origin + n × bucket that is not after the moment; `start(n)` computes it, `guess` is near n.
template <class F>
int64_t last_start(int64_t moment, int64_t guess, F start) {
  while (start(guess) > moment) {
    --guess;
  }
  while (start(guess + 1) <= moment) {
    ++guess;
  }
  return start(guess);
}

/// Whole days and months are counted on the wall clock, shorter buckets in elapsed time.
int64_t bucket_by_micros(const KernelContext& context, int64_t size, int64_t moment, int64_t origin) {
  const TimeZone& zone = *context.as<BucketState>().zone;
  if (size < micros_per_day) {
    int64_t distance = 0;
    if (__builtin_sub_overflow(moment, origin, &distance)) {
      throw_long_overflow();
    }
    return moment - floor_mod(distance, size);
  }
  const Int128 distance = static_cast<Int128>(zone.to_local(moment)) - zone.to_local(origin);
  return last_start(moment, static_cast<int64_t>(distance / size),
                    [&](int64_t n) { return shift_timestamp_by_day_time(origin, multiply_exact(n, size), zone); });
}

int64_t bucket_by_months(const KernelContext& context, int32_t size, int64_t moment, int64_t origin) {
  const TimeZone& zone = *context.as<BucketState>().zone;
  const int64_t months = months_between_local(zone.to_local(origin), zone.to_local(moment));
  return last_start(moment, months / size, [&](int64_t n) { return shift_timestamp(origin, n * size, 0, 0, zone); });
}

void run_time_bucket(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  if (in[0].type.is(TypeKind::year_month_interval)) {
    detail::run_plain<bucket_by_months>(context, in, rows, out);
  } else {
    detail::run_plain<bucket_by_micros>(context, in, rows, out);
  }
}

ExpressionPtr bind_time_bucket(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                               const BindOptions& options) {
  if (arguments.size() != 2 && arguments.size() != 3) {
    throw_wrong_count(function, options, "[2, 3]", arguments.size());
  }
  const bool local = arguments[1]->type.is(TypeKind::timestamp_ntz);
  const Type type = local ? Type::timestamp_ntz() : Type::timestamp();
  if (arguments.size() == 2) {
    // Midnight of the epoch on the wall clock, whatever the zone.
    const std::string shown = (local ? "TIMESTAMP_NTZ" : "TIMESTAMP") + std::string(" '1970-01-01 00:00:00'");
    arguments.push_back(cast_to(
        resolved::make_expression(resolved::Literal{Value(int64_t{0}), shown}, Type::timestamp_ntz(), false), type));
  }
  if (!arguments[0]->type.is_ansi_interval()) {
    throw_unexpected_type(function, arguments, options, 0,
                          "(\"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")");
  }
  for (size_t i = 1; i < 3; ++i) {
    if (arguments[i]->type.is(TypeKind::null)) {
      arguments[i] = cast_to(arguments[i], type);
    } else if (!same_type(arguments[i]->type, type)) {
      throw_unexpected_type(function, arguments, options, i,
                            i == 2 ? quoted_type(type) : "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"");
    }
  }
  for (const auto& [position, name] : {std::pair(0, "`bucketSize`"), std::pair(2, "`origin`")}) {
    const ExpressionPtr& argument = arguments[static_cast<size_t>(position)];
    if (!constant_value(argument)) {
      throw_mismatch(
          "NON_FOLDABLE_INPUT", function, arguments, options,
          {{"inputName", name}, {"inputType", quoted_type(argument->type)}, {"inputExpr", quoted_sql(argument)}});
    }
  }
  const auto size = constant_value(arguments[0]);
  if (!size->is_null() && size->integer() <= 0) {
    throw_mismatch("VALUE_OUT_OF_RANGE", function, arguments, options,
                   {{"exprName", "`bucketSize`"},
                    {"valueRange", "(0, inf)"},
                    {"currentValue", literal_sql(*size, arguments[0]->type, "UTC")}});
  }
  return make_call(function, std::move(arguments), options, type);
}

constexpr FunctionDef rows[] = {
    {.name = "window",
     .bind = bind_window,
     .nullability = Nullability::never,
     .lower = lowering::Special{SpecialForm::time_window},
     .doc = "The window of time that a timestamp falls in.",
     .since = "2.0.0",
     .group = "datetime_funcs"},
    {.name = "session_window",
     .bind = bind_session_window,
     .nullability = Nullability::never,
     .display = show_session_window,
     .lower = lowering::Special{SpecialForm::time_window},
     .doc = "The session that a timestamp belongs to: rows with no longer gap between them.",
     .since = "3.2.0",
     .group = "datetime_funcs"},
    {.name = "window_time",
     .bind = bind_window_time,
     .nullability = Nullability::always,
     .lower = lowering::Special{SpecialForm::time_window},
     .doc = "The last moment of a window, for windows over windows.",
     .since = "3.4.0",
     .group = "datetime_funcs"},
    {.name = "time_bucket",
     .bind = bind_time_bucket,
     .failure = Failure::possible,
     .lower = Own{Kernel{run_time_bucket, &detail::make_state<BucketState>}},
     .doc = "The start of the bucket of this size that a timestamp falls in.",
     .since = "4.2.0",
     .group = "datetime_funcs"},
    {.name = "years", .doc = "Partitions a table by years.", .since = "3.1.0", .group = "partition_transforms"},
    {.name = "months", .doc = "Partitions a table by months.", .since = "3.1.0", .group = "partition_transforms"},
    {.name = "days", .doc = "Partitions a table by days.", .since = "3.1.0", .group = "partition_transforms"},
    {.name = "hours", .doc = "Partitions a table by hours.", .since = "3.1.0", .group = "partition_transforms"},
};

}  // namespace

bool is_window_type(const Type& type) {
  if (!type.is(TypeKind::structure) || type.fields().size() != 2) {
    return false;
  }
  const StructField& start = type.fields()[0];
  const StructField& end = type.fields()[1];
  return start.name == "start" && end.name == "end" && same_type(start.type, end.type) &&
         (start.type.is(TypeKind::timestamp) || start.type.is(TypeKind::timestamp_ntz));
}

ExpressionPtr time_to_long(ExpressionPtr time) {
  return make_call(time_to_long_row, {std::move(time)}, BindOptions{}, Type::long_int());
}

ExpressionPtr long_to_time(ExpressionPtr microseconds, const Type& type) {
  return make_call(long_to_time_row, {std::move(microseconds)}, BindOptions{}, type);
}

std::span<const FunctionDef> time_window_functions() { return rows; }

}  // namespace pyrite
