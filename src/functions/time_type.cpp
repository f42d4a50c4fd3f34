// Functions of the TIME type.
#include "functions/bind_rule.h"
#include "functions/call_names.h"
#include "functions/datetime_kernel.h"
#include "functions/families.h"
#include "functions/java_date_error.h"
#include "functions/java_date_pattern.h"
#include "functions/literal_text.h"
#include "types/coercion.h"
#include "types/datetime_text.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::EvalMode;
using resolved::ExpressionPtr;

[[noreturn]] void throw_out_of_bounds(std::string message) {
  throw SparkError("DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION", {{"rangeMessage", std::move(message)}});
}

int64_t make_time(const KernelContext&, int32_t hour, int32_t minute, Int128 seconds) {
  const auto micros = static_cast<int64_t>(seconds);
  const std::string problem = invalid_time_message(hour, minute, floor_div(micros, micros_per_second));
  if (!problem.empty()) {
    throw_out_of_bounds(problem);
  }
  return hour * micros_per_hour + minute * micros_per_minute + micros;
}

ExpressionPtr bind_make_time(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                             const BindOptions& options) {
  require_count(function, options, arguments.size(), 3);
  const Type wanted[] = {Type::integer(), Type::integer(), Type::decimal(16, 6)};
  for (size_t i = 0; i < 3; ++i) {
    if (!can_implicitly_cast(arguments[i]->type, wanted[i], options.mode != EvalMode::legacy)) {
      throw_unexpected_type(function, arguments, options, i, quoted_type(wanted[i]));
    }
    arguments[i] = cast_to(arguments[i], wanted[i]);
  }
  return make_call(function, std::move(arguments), options, Type::time());
}

// ---- from text

struct TimePattern {
  explicit TimePattern(const CallInfo&) {}
  const JavaDatePattern& get(std::string_view text) {
    if (!compiled || text != last) {
      compiled = JavaDatePattern::compile(text, JavaDatePattern::Use::parse_timestamp);
      last = text;
    }
    return *compiled;
  }
  std::shared_ptr<const JavaDatePattern> compiled;
  std::string last;
};

std::optional<int64_t> to_time(const KernelContext& context, std::string_view text, Given<std::string_view> pattern) {
  std::optional<int64_t> micros;
  if (!pattern.value) {
    micros = parse_time(text);
  } else if (const auto moment = context.as<TimePattern>().get(*pattern.value).parse(text)) {
    micros = moment->micros_of_day;
  }
  if (!micros && !context.try_null()) {
    throw SparkError("CANNOT_PARSE_TIME",
                     {{"input", quote_string(text)}, {"format", quote_string(pattern.value_or("HH:mm:ss.SSSSSS"))}});
  }
  return micros;
}

ExpressionPtr bind_to_time(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                           const BindOptions& options) {
  if (arguments.empty() || arguments.size() > 2) {
    throw_wrong_count(function, options, "[1, 2]", arguments.size());
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i]->type.is_string() && !arguments[i]->type.is(TypeKind::null)) {
      throw_unexpected_type(function, arguments, options, i, "\"STRING\"");
    }
    arguments[i] = cast_to(arguments[i], Type::string());
  }
  return make_call(function, std::move(arguments), options, Type::time());
}

std::string show_try_to_time(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + call_text("to_time", arguments) + ")";
}

// ---- units

constexpr std::pair<std::string_view, int64_t> time_units[] = {
    {"HOUR", micros_per_hour},
    {"MINUTE", micros_per_minute},
    {"SECOND", micros_per_second},
    {"MILLISECOND", micros_per_milli},
    {"MICROSECOND", 1},
};

int64_t time_unit(const KernelContext& context, std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  for (const auto& [unit, micros] : time_units) {
    if (unit == upper) {
      return micros;
    }
  }
  throw SparkError("INVALID_PARAMETER_VALUE.TIME_UNIT", {{"functionName", "`" + context.call.name + "`"},
                                                         {"parameter", "`unit`"},
                                                         {"invalidValue", "'" + std::string(name) + "'"}});
}

int64_t time_trunc(const KernelContext& context, std::string_view unit, int64_t micros) {
  return micros - micros % time_unit(context, unit);
}
int64_t time_diff(const KernelContext& context, std::string_view unit, int64_t start, int64_t end) {
  return (end - start) / time_unit(context, unit);
}
Type second_type(const CallInfo& call) { return call.argument_types[1]; }

// ---- numbers

int64_t checked_time(Int128 nanos) {
  constexpr Int128 day = static_cast<Int128>(micros_per_day) * 1000;
  if (nanos < 0 || nanos >= day) {
    throw_out_of_bounds("Invalid TIME value: must be between 00:00:00 and 23:59:59.999999999, but got " +
                        decimal_text(nanos, 0) + " nanoseconds");
  }
  return static_cast<int64_t>(nanos / 1000);
}

template <int64_t unit_nanos>
int64_t time_from_integer(const KernelContext&, int64_t value) {
  return checked_time(static_cast<Int128>(value) * unit_nanos);
}
int64_t time_from_double(const KernelContext&, double seconds) {
  const double nanos = seconds * 1e9;
  if (!(nanos > -9.3e18 && nanos < 9.3e18)) {
    throw_out_of_bounds("Invalid TIME value: must be between 00:00:00 and 23:59:59.999999999");
  }
  return checked_time(static_cast<Int128>(nanos));
}
int64_t time_from_decimal(const KernelContext& context, Int128 unscaled) {
  const int scale = context.call.argument_types[0].scale();
  Int128 nanos = unscaled;
  if (scale > 9) {
    nanos = unscaled / power_of_ten(scale - 9);
  } else if (__builtin_mul_overflow(unscaled, power_of_ten(9 - scale), &nanos)) {
    throw_long_overflow();
  }
  return checked_time(nanos);
}
void run_time_from_seconds(const KernelContext& context, std::span<const ColumnView> in, size_t rows,
                           ColumnWriter& out) {
  switch (in[0].type.kind()) {
    case TypeKind::float64:
      return detail::run_plain<time_from_double>(context, in, rows, out);
    case TypeKind::decimal:
      return detail::run_plain<time_from_decimal>(context, in, rows, out);
    default:
      return detail::run_plain<time_from_integer<1'000'000'000>>(context, in, rows, out);
  }
}

template <bool fractions>
ExpressionPtr bind_time_from(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                             const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  const Type& type = arguments[0]->type;
  if (!(fractions ? type.is_numeric() : type.is_integral()) && !type.is(TypeKind::null)) {
    throw_unexpected_type(function, arguments, options, 0, fractions ? "\"NUMERIC\"" : "\"INTEGRAL\"");
  }
  const Type as = type.is(TypeKind::decimal) ? type : type.is_floating() ? Type::float64() : Type::long_int();
  return make_call(function, {cast_to(arguments[0], as)}, options, Type::time());
}

Int128 time_to_seconds(const KernelContext&, int64_t micros) { return micros; }
int64_t time_to_millis(const KernelContext&, int64_t micros) { return micros / micros_per_milli; }
int64_t time_to_micros(const KernelContext&, int64_t micros) { return micros; }
Type seconds_type(const CallInfo&) { return Type::decimal(14, 6); }

constexpr FunctionDef rows[] = {
    {.name = "make_time",
     .bind = bind_make_time,
     .failure = Failure::possible,
     .lower = Own{kernel<make_time>},
     .errors = {"DATETIME_FIELD_OUT_OF_BOUNDS"},
     .doc = "The time of day of an hour, minute and second with fraction.",
     .since = "4.1.0",
     .group = "datetime_funcs"},
    {.name = "to_time",
     .bind = bind_to_time,
     .failure = Failure::possible,
     .lower = Own{kernel_with<to_time, TimePattern>},
     .errors = {"CANNOT_PARSE_TIME"},
     .doc = "The time of day that a text says, by a pattern or in the form of casts.",
     .since = "4.1.0",
     .group = "datetime_funcs"},
    {.name = "try_to_time",
     .bind = bind_to_time,
     .nullability = Nullability::always,
     .display = show_try_to_time,
     .lower = Own{kernel_with<to_time, TimePattern>},
     .doc = "As to_time, with NULL where the text says no time.",
     .since = "4.1.0",
     .group = "datetime_funcs"},
    {.name = "time_trunc",
     .forms = {"(string, time) -> rule"},
     .result = second_type,
     .failure = Failure::possible,
     .lower = Own{kernel<time_trunc>},
     .errors = {"INVALID_PARAMETER_VALUE.TIME_UNIT"},
     .doc = "The time of day brought down to the start of its unit.",
     .since = "4.1.0",
     .group = "datetime_funcs"},
    {.name = "time_diff",
     .forms = {"(string, time, time) -> long"},
     .failure = Failure::possible,
     .lower = Own{kernel<time_diff>},
     .errors = {"INVALID_PARAMETER_VALUE.TIME_UNIT"},
     .doc = "Whole units from the first time of day to the second.",
     .since = "4.1.0",
     .group = "datetime_funcs"},
    {.name = "time_from_seconds",
     .bind = bind_time_from<true>,
     .failure = Failure::possible,
     .lower = Own{Kernel{run_time_from_seconds, nullptr}},
     .errors = {"DATETIME_FIELD_OUT_OF_BOUNDS"},
     .doc = "The time so many seconds, with fractions, after midnight.",
     .since = "4.2.0",
     .group = "datetime_funcs"},
    {.name = "time_from_millis",
     .bind = bind_time_from<false>,
     .failure = Failure::possible,
     .lower = Own{kernel<time_from_integer<1'000'000>>},
     .errors = {"DATETIME_FIELD_OUT_OF_BOUNDS"},
     .doc = "The time so many milliseconds after midnight.",
     .since = "4.2.0",
     .group = "datetime_funcs"},
    {.name = "time_from_micros",
     .bind = bind_time_from<false>,
     .failure = Failure::possible,
     .lower = Own{kernel<time_from_integer<1'000>>},
     .errors = {"DATETIME_FIELD_OUT_OF_BOUNDS"},
     .doc = "The time so many microseconds after midnight.",
     .since = "4.2.0",
     .group = "datetime_funcs"},
    {.name = "time_to_seconds",
     .forms = {"(time) -> rule"},
     .result = seconds_type,
     .lower = Own{kernel<time_to_seconds>},
     .doc = "Seconds since midnight, with fractions.",
     .since = "4.2.0",
     .group = "datetime_funcs"},
    {.name = "time_to_millis",
     .forms = {"(time) -> long"},
     .lower = Own{kernel<time_to_millis>},
     .doc = "Whole milliseconds since midnight.",
     .since = "4.2.0",
     .group = "datetime_funcs"},
    {.name = "time_to_micros",
     .forms = {"(time) -> long"},
     .lower = Own{kernel<time_to_micros>},
     .doc = "Microseconds since midnight.",
     .since = "4.2.0",
     .group = "datetime_funcs"},
};

}  // namespace

std::span<const FunctionDef> time_type_functions() { return rows; }

}  // namespace pyrite
