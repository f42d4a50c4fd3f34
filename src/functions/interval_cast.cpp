// Intervals to and from text, numbers and other fields.
#include "functions/interval_cast.h"

#include "functions/datetime_kernel.h"
#include "functions/literal_text.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

using resolved::EvalMode;

const Type& source(const KernelContext& context) { return context.call.argument_types[0]; }
const Type& target(const KernelContext& context) { return context.call.result_type; }

constexpr int64_t unit_micros[] = {micros_per_day, micros_per_hour, micros_per_minute, micros_per_second};

/// How many months or microseconds one of the type's last field is.
int64_t last_unit(const Type& type) {
  if (type.is(TypeKind::year_month_interval)) {
    return type.end_field() == interval_field::year ? months_per_year : 1;
  }
  return unit_micros[type.end_field()];
}

template <class T, std::optional<T> (*parse)(std::string_view, const Type&, std::optional<SparkError>*)>
void text_to_ansi(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  auto* result = static_cast<T*>(out.data());
  std::optional<SparkError> error;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    // Malformed text is an error before ANSI too.
    const auto value = parse(in[0].text(row), target(context), context.try_null() ? nullptr : &error);
    if (value) {
      result[row] = *value;
    } else if (context.try_null()) {
      out.set_null(row);
    } else {
      throw *error;
    }
  }
}

void text_to_calendar(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  auto* result = static_cast<CalendarInterval*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    const auto value = in[0].is_null(row) ? std::nullopt : parse_calendar_interval(in[0].text(row));
    if (value) {
      result[row] = *value;
    } else {
      out.set_null(row);
    }
  }
}

template <class T, std::string (*format)(T, const Type&)>
void ansi_to_text(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set_text(row, format(in[0].get<T>(row), source(context)));
    }
  }
}

void calendar_to_text(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set_text(row, calendar_interval_text(in[0].get<CalendarInterval>(row)));
    }
  }
}

/// Other fields of the same family: what is smaller than the last field is cut off.
template <class T>
void change_fields(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const auto unit = static_cast<T>(target(context).is(TypeKind::day_time_interval) &&
                                           target(context).end_field() == interval_field::second
                                       ? 1
                                       : last_unit(target(context)));
  map_column<T>(in[0], rows, out, [=](T value) { return static_cast<T>(value - value % unit); });
}

template <class T, class N>
void to_integer(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const int64_t unit = last_unit(source(context));
  auto* result = static_cast<N*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const int64_t value = in[0].get<T>(row) / unit;
    if (value == static_cast<N>(value)) {
      result[row] = static_cast<N>(value);
    } else if (context.try_null()) {
      out.set_null(row);
    } else {
      throw_cast_overflow(context, literal_sql(read_value(in[0], row), source(context), "UTC"));
    }
  }
}

template <class T>
void to_decimal(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const bool seconds =
      source(context).is(TypeKind::day_time_interval) && source(context).end_field() == interval_field::second;
  const int64_t unit = seconds ? 1 : last_unit(source(context));
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
    } else {
      write_decimal(context, out, row, in[0].get<T>(row) / unit, seconds ? 6 : 0);
    }
  }
}

/// A number of the type's last field; T is what the interval is kept in.
template <class T>
void from_number(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const Type& type = source(context);
  const int64_t unit = last_unit(target(context));
  const bool is_decimal = type.is(TypeKind::decimal);
  auto* result = static_cast<T*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const Int128 number = is_decimal ? in[0].decimal(row) : static_cast<Int128>(read_value(in[0], row).integer());
    Int128 product = 0;
    const bool wide = __builtin_mul_overflow(number, static_cast<Int128>(unit), &product);
    const Int128 value = wide ? product : divide_half_up(product, is_decimal ? power_of_ten(type.scale()) : 1);
    if (!wide && value == static_cast<T>(value)) {
      result[row] = static_cast<T>(value);
    } else if (context.try_null()) {
      out.set_null(row);
    } else {
      const std::string text =
          is_decimal ? decimal_text(number, type.scale()) : literal_sql(read_value(in[0], row), type, "UTC");
      throw_cast_overflow(context, text);
    }
  }
}

template <KernelRun run>
constexpr Kernel plain{run, nullptr};

template <class T>
Kernel to_number(const Type& to) {
  switch (to.kind()) {
    case TypeKind::byte:
      return plain<to_integer<T, int8_t>>;
    case TypeKind::short_int:
      return plain<to_integer<T, int16_t>>;
    case TypeKind::integer:
      return plain<to_integer<T, int32_t>>;
    case TypeKind::long_int:
      return plain<to_integer<T, int64_t>>;
    case TypeKind::decimal:
      return plain<to_decimal<T>>;
    default:
      return {};
  }
}

}  // namespace

void throw_cast_overflow(const KernelContext& context, std::string value) {
  throw SparkError("CAST_OVERFLOW", {{"value", std::move(value)},
                                     {"sourceType", "\"" + sql_string(source(context)) + "\""},
                                     {"targetType", "\"" + sql_string(target(context)) + "\""},
                                     {"ansiConfig", ansi_config()}});
}

Int128 divide_half_up(Int128 a, Int128 b) {
  const Int128 quotient = a / b;
  const Int128 rest = a % b;
  const Int128 rest_size = rest < 0 ? -rest : rest;
  const Int128 divisor_size = b < 0 ? -b : b;
  if (rest_size >= divisor_size - rest_size) {
    return quotient + ((a < 0) == (b < 0) ? 1 : -1);
  }
  return quotient;
}

void write_decimal(const KernelContext& context, ColumnWriter& out, size_t row, Int128 unscaled, int scale) {
  const Type& type = target(context);
  Int128 value = unscaled;
  bool fits = true;
  if (type.scale() >= scale) {
    fits = !__builtin_mul_overflow(unscaled, power_of_ten(type.scale() - scale), &value);
  } else {
    value = divide_half_up(unscaled, power_of_ten(scale - type.scale()));
  }
  const Int128 limit = power_of_ten(type.precision());
  if (fits && value < limit && value > -limit) {
    out.set_decimal(row, value);
  } else if (context.ansi()) {
    throw SparkError("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", {{"value", decimal_text(unscaled, scale)},
                                                                    {"precision", std::to_string(type.precision())},
                                                                    {"scale", std::to_string(type.scale())},
                                                                    {"config", ansi_config()}});
  } else {
    out.set_null(row);
  }
}

Kernel interval_cast_kernel(const Type& from, const Type& to) {
  const bool months = (from.is_ansi_interval() ? from : to).is(TypeKind::year_month_interval);
  if (from.is_string()) {
    return to.is(TypeKind::calendar_interval) ? plain<text_to_calendar>
           : !to.is_ansi_interval()           ? Kernel{}
           : months                           ? plain<text_to_ansi<int32_t, parse_year_month>>
                                              : plain<text_to_ansi<int64_t, parse_day_time>>;
  }
  if (to.is_string()) {
    return from.is(TypeKind::calendar_interval) ? plain<calendar_to_text>
           : months                             ? plain<ansi_to_text<int32_t, year_month_text>>
                                                : plain<ansi_to_text<int64_t, day_time_text>>;
  }
  if (from.is_ansi_interval() && from.kind() == to.kind()) {
    return months ? plain<change_fields<int32_t>> : plain<change_fields<int64_t>>;
  }
  if (from.is_ansi_interval()) {
    return months ? to_number<int32_t>(to) : to_number<int64_t>(to);
  }
  if (to.is_ansi_interval() && (from.is_integral() || from.is(TypeKind::decimal))) {
    return months ? plain<from_number<int32_t>> : plain<from_number<int64_t>>;
  }
  return {};
}

}  // namespace pyrite
