// Kernels of + - * / over dates, times, timestamps and intervals, and the rows that bind_datetime_operator picks.
#include "functions/datetime_operators.h"

#include <cmath>
#include <limits>

#include "functions/call_names.h"
#include "functions/datetime_kernel.h"
#include "functions/datetime_shift.h"
#include "functions/interval_cast.h"
#include "functions/literal_text.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

using lowering::Own;

/// The zone that a timestamp is moved in: UTC for timestamp_ntz.
struct ShiftState {
  explicit ShiftState(const CallInfo& call)
      : zone(get_time_zone(call.argument_types[0].is(TypeKind::timestamp) ? call.time_zone : "UTC")), cursor(*zone) {}
  TimeZonePtr zone;
  ZoneCursor cursor;
};

[[noreturn]] void throw_interval_overflow(std::string_view instead) {
  if (instead.empty()) {
    throw SparkError("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION");
  }
  throw SparkError("INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION",
                   {{"functionName", "`" + std::string(instead) + "`"}});
}

/// In a try_ call every error is NULL.
template <auto f>
struct Tried;
template <class R, class... A, R (*f)(const KernelContext&, A...)>
struct Tried<f> {
  static std::optional<R> run(const KernelContext& context, A... arguments) {
    if (!context.try_null()) {
      return f(context, arguments...);
    }
    try {
      return f(context, arguments...);
    } catch (const SparkError&) {
      return std::nullopt;
    }
  }
};
template <auto f>
constexpr Own own{kernel<Tried<f>::run>};
template <auto f>
constexpr Own shifting{kernel_with<Tried<f>::run, ShiftState>};

template <class T>
T negated(T value) {
  if (value == std::numeric_limits<T>::min()) {
    throw_interval_overflow({});
  }
  return -value;
}
template <int sign, class T>
T with_sign(T value) {
  return sign > 0 ? value : negated(value);
}
template <int sign>
CalendarInterval with_sign(const CalendarInterval& value) {
  return {with_sign<sign>(value.months), with_sign<sign>(value.days), with_sign<sign>(value.microseconds)};
}

// ---- moving dates, times and timestamps

template <int sign>
int32_t shift_date_months(const KernelContext&, int32_t days, int32_t months) {
  return shift_date_by_months(days, with_sign<sign>(months));
}

template <int sign>
int32_t shift_date_calendar(const KernelContext& context, int32_t days, CalendarInterval given) {
  const CalendarInterval interval = with_sign<sign>(given);
  if (interval.microseconds != 0 && context.call.mode != resolved::EvalMode::legacy) {
    throw SparkError("INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION");
  }
  if (interval.microseconds != 0) {
    const TimeZone& zone = *context.as<ZoneState>().zone;
    const int64_t moved = shift_timestamp(timestamp_of_date(days, zone), interval, zone);
    return static_cast<int32_t>(zone.local_days(moved));
  }
  const int64_t moved = add_months_to_days(days, interval.months) + interval.days;
  if (moved != static_cast<int32_t>(moved)) {
    throw_arithmetic_overflow();
  }
  return static_cast<int32_t>(moved);
}

template <int sign>
int64_t shift_timestamp_months(const KernelContext& context, int64_t micros, int32_t months) {
  return shift_timestamp(micros, with_sign<sign>(months), 0, 0, *context.as<ShiftState>().zone);
}
template <int sign>
int64_t shift_timestamp_day_time(const KernelContext& context, int64_t micros, int64_t interval) {
  return shift_timestamp_by_day_time(micros, with_sign<sign>(interval), *context.as<ShiftState>().zone);
}
template <int sign>
int64_t shift_timestamp_calendar(const KernelContext& context, int64_t micros, CalendarInterval interval) {
  return shift_timestamp(micros, with_sign<sign>(interval), *context.as<ShiftState>().zone);
}

template <int sign>
int64_t shift_time(const KernelContext& context, int64_t time, int64_t interval) {
  int64_t moved = 0;
  const bool wide = __builtin_add_overflow(time, with_sign<sign>(interval), &moved);
  if (wide || moved < 0 || moved >= micros_per_day) {
    const Type& type = context.call.argument_types[1];
    throw SparkError("DATETIME_OVERFLOW",
                     {{"operation", "add " + day_time_text(with_sign<sign>(interval), type) + " to the time value " +
                                        literal_sql(Value(time), Type::time(), "UTC")}});
  }
  return moved;
}

// ---- differences

int64_t subtract_dates(const KernelContext&, int32_t end, int32_t start) {
  return multiply_exact(int64_t{end} - start, micros_per_day);
}
int64_t subtract_timestamps(const KernelContext& context, int64_t end, int64_t start) {
  ShiftState& state = context.as<ShiftState>();
  int64_t difference = 0;
  if (__builtin_sub_overflow(state.cursor.to_local(end), state.cursor.to_local(start), &difference)) {
    throw_long_overflow();
  }
  return difference;
}
int64_t subtract_times(const KernelContext&, int64_t end, int64_t start) { return end - start; }
int32_t interval_days(const KernelContext&, int64_t micros) { return static_cast<int32_t>(micros / micros_per_day); }

// ---- interval and interval

template <int sign, class T>
T combine(const KernelContext&, T left, T right) {
  T result = 0;
  if (sign > 0 ? __builtin_add_overflow(left, right, &result) : __builtin_sub_overflow(left, right, &result)) {
    throw_interval_overflow(sign > 0 ? "try_add" : "try_subtract");
  }
  return result;
}
template <int sign>
CalendarInterval combine_calendar(const KernelContext& context, CalendarInterval left, CalendarInterval right) {
  if (context.call.mode == resolved::EvalMode::legacy) {
    // Before ANSI the parts wrap around.
    const auto part = [](auto a, auto b) {
      using T = decltype(a);
      using U = std::make_unsigned_t<T>;
      return static_cast<T>(sign > 0 ? static_cast<U>(a) + static_cast<U>(b) : static_cast<U>(a) - static_cast<U>(b));
    };
    return {part(left.months, right.months), part(left.days, right.days), part(left.microseconds, right.microseconds)};
  }
  return {combine<sign>(context, left.months, right.months), combine<sign>(context, left.days, right.days),
          combine<sign>(context, left.microseconds, right.microseconds)};
}

template <class T>
T negate(const KernelContext&, T value) {
  return negated(value);
}
CalendarInterval negate_calendar(const KernelContext& context, CalendarInterval value) {
  if (context.call.mode == resolved::EvalMode::legacy) {
    return {static_cast<int32_t>(0u - static_cast<uint32_t>(value.months)),
            static_cast<int32_t>(0u - static_cast<uint32_t>(value.days)),
            static_cast<int64_t>(0ull - static_cast<uint64_t>(value.microseconds))};
  }
  return with_sign<-1>(value);
}
template <class T>
T keep(const KernelContext&, T value) {
  return value;
}
template <class T>
T magnify(const KernelContext&, T value) {
  if (value == std::numeric_limits<T>::min()) {
    throw_arithmetic_overflow();
  }
  return value < 0 ? -value : value;
}

// ---- interval and number

template <class T>
T narrow(Int128 value) {
  if (value != static_cast<T>(value)) {
    if constexpr (sizeof(T) == 4) {
      throw_integer_overflow();
    }
    throw_long_overflow();
  }
  return static_cast<T>(value);
}

template <class T>
T round_to_integer(double value) {
  const double rounded = std::round(value);
  constexpr double limit = sizeof(T) == 4 ? 2147483648.0 : 9223372036854775808.0;
  if (!std::isfinite(rounded)) {
    throw SparkError::plain(ErrorKind::arithmetic, "input is infinite or NaN");
  }
  if (rounded < -limit || rounded >= limit) {
    throw SparkError::plain(ErrorKind::arithmetic, "rounded value is out of range for input and rounding mode HALF_UP");
  }
  return static_cast<T>(rounded);
}

[[noreturn]] void throw_divided_by_zero() { throw SparkError("INTERVAL_DIVIDED_BY_ZERO"); }

template <class T>
T multiply_integral(const KernelContext&, T interval, int64_t number) {
  return narrow<T>(static_cast<Int128>(interval) * number);
}
template <class T>
T multiply_double(const KernelContext&, T interval, double number) {
  return round_to_integer<T>(static_cast<double>(interval) * number);
}
template <class T>
T multiply_decimal(const KernelContext& context, T interval, Int128 number) {
  Int128 product = 0;
  if (__builtin_mul_overflow(static_cast<Int128>(interval), number, &product)) {
    throw_long_overflow();
  }
  return narrow<T>(divide_half_up(product, power_of_ten(context.call.argument_types[1].scale())));
}
template <class T>
T divide_integral(const KernelContext&, T interval, int64_t number) {
  if (number == 0) {
    throw_divided_by_zero();
  }
  if (number == -1 && interval == std::numeric_limits<T>::min()) {
    throw_interval_overflow("try_divide");
  }
  return narrow<T>(divide_half_up(interval, number));
}
template <class T>
T divide_double(const KernelContext&, T interval, double number) {
  if (number == 0) {
    throw_divided_by_zero();
  }
  return round_to_integer<T>(static_cast<double>(interval) / number);
}
template <class T>
T divide_decimal(const KernelContext& context, T interval, Int128 number) {
  if (number == 0) {
    throw_divided_by_zero();
  }
  Int128 scaled = 0;
  if (__builtin_mul_overflow(static_cast<Int128>(interval), power_of_ten(context.call.argument_types[1].scale()),
                             &scaled)) {
    throw_long_overflow();
  }
  return narrow<T>(divide_half_up(scaled, number));
}

/// Each part's fraction goes to the next smaller part, except from months.
CalendarInterval from_parts(double months, double days, double micros) {
  const auto to_int = [](double value) {
    if (!(std::abs(value) < 2147483648.0)) {
      throw_arithmetic_overflow();
    }
    return static_cast<int32_t>(value);
  };
  const int32_t whole_months = to_int(months);
  const int32_t whole_days = to_int(days);
  const double total = micros + static_cast<double>(micros_per_day) * (days - whole_days);
  constexpr double limit = 9223372036854775807.0;
  const double rounded = std::floor(total + 0.5);
  return {whole_months, whole_days,
          rounded >= limit    ? std::numeric_limits<int64_t>::max()
          : rounded <= -limit ? std::numeric_limits<int64_t>::min()
                              : static_cast<int64_t>(rounded)};
}
CalendarInterval multiply_calendar(const KernelContext&, CalendarInterval interval, double number) {
  return from_parts(interval.months * number, interval.days * number,
                    static_cast<double>(interval.microseconds) * number);
}
std::optional<CalendarInterval> divide_calendar(const KernelContext& context, CalendarInterval interval,
                                                double number) {
  if (number == 0) {
    if (context.ansi()) {
      throw_divided_by_zero();
    }
    return std::nullopt;
  }
  return from_parts(interval.months / number, interval.days / number,
                    static_cast<double>(interval.microseconds) / number);
}

// ---- how they show

/// a + b; the try_ functions show as calls.
template <char op, bool parentheses>
std::string show_infix(std::string_view name, const std::vector<std::string>& arguments) {
  if (name.starts_with("try_")) {
    return call_text(name, arguments);
  }
  const std::string text = arguments[0] + " " + op + " " + arguments[1];
  return parentheses ? "(" + text + ")" : text;
}
constexpr DisplayRule show_plus = show_infix<'+', false>;
constexpr DisplayRule show_minus = show_infix<'-', false>;
template <char op>
constexpr DisplayRule show_in_parentheses = show_infix<op, true>;
std::string show_negative(std::string_view, const std::vector<std::string>& arguments) {
  return "(- " + arguments[0] + ")";
}
std::string show_positive(std::string_view, const std::vector<std::string>& arguments) {
  return "(+ " + arguments[0] + ")";
}
std::string show_abs(std::string_view, const std::vector<std::string>& arguments) {
  return "abs(" + arguments[0] + ")";
}

constexpr FunctionDef row(std::string_view name, DisplayRule display, Own kernel) {
  FunctionDef def{.name = name, .failure = Failure::possible, .display = display};
  def.lower = kernel;
  return def;
}

constexpr FunctionDef rows[] = {
    row("add_date_months", show_plus, own<shift_date_months<1>>),
    row("subtract_date_months", show_minus, own<shift_date_months<-1>>),
    row("add_date_calendar", show_plus, Own{kernel_with<Tried<shift_date_calendar<1>>::run, ZoneState>}),
    row("subtract_date_calendar", show_minus, Own{kernel_with<Tried<shift_date_calendar<-1>>::run, ZoneState>}),
    row("add_timestamp_months", show_plus, shifting<shift_timestamp_months<1>>),
    row("subtract_timestamp_months", show_minus, shifting<shift_timestamp_months<-1>>),
    row("add_timestamp_day_time", show_plus, shifting<shift_timestamp_day_time<1>>),
    row("subtract_timestamp_day_time", show_minus, shifting<shift_timestamp_day_time<-1>>),
    row("add_timestamp_calendar", show_plus, shifting<shift_timestamp_calendar<1>>),
    row("subtract_timestamp_calendar", show_minus, shifting<shift_timestamp_calendar<-1>>),
    row("add_time_interval", show_plus, own<shift_time<1>>),
    row("subtract_time_interval", show_minus, own<shift_time<-1>>),
    row("subtract_dates", show_in_parentheses<'-'>, own<subtract_dates>),
    row("subtract_timestamps", show_in_parentheses<'-'>, shifting<subtract_timestamps>),
    row("subtract_times", show_minus, own<subtract_times>),
    row("extractansiintervaldays", nullptr, own<interval_days>),
    row("add_year_month", show_in_parentheses<'+'>, own<combine<1, int32_t>>),
    row("subtract_year_month", show_in_parentheses<'-'>, own<combine<-1, int32_t>>),
    row("add_day_time", show_in_parentheses<'+'>, own<combine<1, int64_t>>),
    row("subtract_day_time", show_in_parentheses<'-'>, own<combine<-1, int64_t>>),
    row("add_calendar", show_in_parentheses<'+'>, own<combine_calendar<1>>),
    row("subtract_calendar", show_in_parentheses<'-'>, own<combine_calendar<-1>>),
    row("negate_year_month", show_negative, own<negate<int32_t>>),
    row("negate_day_time", show_negative, own<negate<int64_t>>),
    row("negate_calendar", show_negative, own<negate_calendar>),
    row("keep_year_month", show_positive, own<keep<int32_t>>),
    row("keep_day_time", show_positive, own<keep<int64_t>>),
    row("keep_calendar", show_positive, own<keep<CalendarInterval>>),
    row("magnify_year_month", show_abs, own<magnify<int32_t>>),
    row("magnify_day_time", show_abs, own<magnify<int64_t>>),
    row("multiply_year_month_integral", show_in_parentheses<'*'>, own<multiply_integral<int32_t>>),
    row("multiply_year_month_double", show_in_parentheses<'*'>, own<multiply_double<int32_t>>),
    row("multiply_year_month_decimal", show_in_parentheses<'*'>, own<multiply_decimal<int32_t>>),
    row("multiply_day_time_integral", show_in_parentheses<'*'>, own<multiply_integral<int64_t>>),
    row("multiply_day_time_double", show_in_parentheses<'*'>, own<multiply_double<int64_t>>),
    row("multiply_day_time_decimal", show_in_parentheses<'*'>, own<multiply_decimal<int64_t>>),
    row("divide_year_month_integral", show_in_parentheses<'/'>, own<divide_integral<int32_t>>),
    row("divide_year_month_double", show_in_parentheses<'/'>, own<divide_double<int32_t>>),
    row("divide_year_month_decimal", show_in_parentheses<'/'>, own<divide_decimal<int32_t>>),
    row("divide_day_time_integral", show_in_parentheses<'/'>, own<divide_integral<int64_t>>),
    row("divide_day_time_double", show_in_parentheses<'/'>, own<divide_double<int64_t>>),
    row("divide_day_time_decimal", show_in_parentheses<'/'>, own<divide_decimal<int64_t>>),
    row("multiply_interval", nullptr, own<multiply_calendar>),
    row("divide_interval", nullptr, Own{kernel<divide_calendar>}),
};

}  // namespace

const FunctionDef& datetime_operator_row(std::string_view name) {
  for (const FunctionDef& candidate : rows) {
    if (candidate.name == name) {
      return candidate;
    }
  }
  throw_internal("no operator " + std::string(name));
}

}  // namespace pyrite
