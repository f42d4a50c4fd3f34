// Functions that make intervals.
#include "functions/bind_rule.h"
#include "functions/call_names.h"
#include "functions/datetime_kernel.h"
#include "functions/families.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::EvalMode;
using resolved::ExpressionPtr;

/// make_interval's overflow: an error in ANSI mode, else NULL.
std::optional<CalendarInterval> make_interval(const KernelContext& context, int32_t years, int32_t months,
                                              int32_t weeks, int32_t days, int32_t hours, int32_t minutes,
                                              Int128 seconds) {
  const int64_t total_months = int64_t{years} * months_per_year + months;
  const int64_t total_days = int64_t{weeks} * 7 + days;
  const Int128 micros =
      static_cast<Int128>(hours) * micros_per_hour + static_cast<Int128>(minutes) * micros_per_minute + seconds;
  if (total_months != static_cast<int32_t>(total_months) || total_days != static_cast<int32_t>(total_days) ||
      micros != static_cast<int64_t>(micros)) {
    if (context.ansi()) {
      throw_arithmetic_overflow();
    }
    return std::nullopt;
  }
  return CalendarInterval{static_cast<int32_t>(total_months), static_cast<int32_t>(total_days),
                          static_cast<int64_t>(micros)};
}

[[noreturn]] void throw_interval_overflow() { throw SparkError("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION"); }

int64_t make_dt_interval(const KernelContext&, int32_t days, int32_t hours, int32_t minutes, Int128 seconds) {
  const Int128 micros = static_cast<Int128>(days) * micros_per_day + static_cast<Int128>(hours) * micros_per_hour +
                        static_cast<Int128>(minutes) * micros_per_minute + seconds;
  if (micros != static_cast<int64_t>(micros)) {
    throw_interval_overflow();
  }
  return static_cast<int64_t>(micros);
}

int32_t make_ym_interval(const KernelContext&, int32_t years, int32_t months) {
  const int64_t total = int64_t{years} * months_per_year + months;
  if (total != static_cast<int32_t>(total)) {
    throw_interval_overflow();
  }
  return static_cast<int32_t>(total);
}

/// Parts that were left out are zero and show as such; `seconds` says whether the last part is a decimal.
ExpressionPtr bind_parts(const FunctionDef& function, std::vector<ExpressionPtr> arguments, const BindOptions& options,
                         size_t count, bool seconds, Type result) {
  if (arguments.size() > count) {
    std::string expected = "[0";
    for (size_t i = 1; i <= count; ++i) {
      expected += ", " + std::to_string(i);
    }
    throw_wrong_count(function, options, expected + "]", arguments.size());
  }
  const EvalMode mode = options.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi;
  for (size_t i = 0; i < count; ++i) {
    const Type wanted = seconds && i == count - 1 ? Type::decimal(18, 6) : Type::integer();
    if (i == arguments.size()) {
      arguments.push_back(wanted.is(TypeKind::decimal) ? resolved::literal(Value(Int128{0}), wanted)
                                                       : resolved::int_literal(0));
    }
    if (!can_implicitly_cast(arguments[i]->type, wanted, options.mode != EvalMode::legacy)) {
      throw_unexpected_type(function, arguments, options, i, quoted_type(wanted));
    }
    arguments[i] = cast_to(arguments[i], wanted, mode);
  }
  return make_call(function, std::move(arguments), options, std::move(result));
}

ExpressionPtr bind_make_interval(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                 const BindOptions& options) {
  ExpressionPtr made = bind_parts(function, std::move(arguments), options, 7, true, Type::calendar_interval());
  if (made->nullable || options.mode == EvalMode::ansi) {
    return made;
  }
  resolved::Expression copy = *made;
  copy.nullable = true;
  return std::make_shared<const resolved::Expression>(std::move(copy));
}
ExpressionPtr bind_make_dt_interval(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                    const BindOptions& options) {
  return bind_parts(function, std::move(arguments), options, 4, true, Type::day_time_interval());
}
ExpressionPtr bind_make_ym_interval(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                    const BindOptions& options) {
  return bind_parts(function, std::move(arguments), options, 2, false, Type::year_month_interval());
}

constexpr FunctionDef rows[] = {
    {.name = "make_interval",
     .bind = bind_make_interval,
     .failure = Failure::possible,
     .lower = Own{kernel<make_interval>},
     .errors = {"ARITHMETIC_OVERFLOW"},
     .doc = "An interval of years, months, weeks, days, hours, minutes and seconds; parts left out are zero.",
     .since = "3.0.0",
     .group = "datetime_funcs"},
    {.name = "try_make_interval",
     .bind = bind_make_interval,
     .lower = Own{kernel<make_interval>},
     .doc = "As make_interval, with NULL where the interval would be too large.",
     .since = "4.0.0",
     .group = "datetime_funcs"},
    {.name = "make_dt_interval",
     .bind = bind_make_dt_interval,
     .failure = Failure::possible,
     .lower = Own{kernel<make_dt_interval>},
     .errors = {"INTERVAL_ARITHMETIC_OVERFLOW"},
     .doc = "A day-time interval of days, hours, minutes and seconds; parts left out are zero.",
     .since = "3.2.0",
     .group = "datetime_funcs"},
    {.name = "make_ym_interval",
     .bind = bind_make_ym_interval,
     .failure = Failure::possible,
     .lower = Own{kernel<make_ym_interval>},
     .errors = {"INTERVAL_ARITHMETIC_OVERFLOW"},
     .doc = "A year-month interval of years and months; parts left out are zero.",
     .since = "3.2.0",
     .group = "datetime_funcs"},
};

}  // namespace

std::span<const FunctionDef> interval_functions() { return rows; }

}  // namespace pyrite
