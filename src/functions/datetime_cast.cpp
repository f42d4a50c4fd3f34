// The kernels of casts between dates, times, timestamps, intervals, text and numbers.
#include "functions/datetime_cast.h"

#include <cmath>
#include <limits>

#include "functions/cast_error.h"
#include "functions/datetime_kernel.h"
#include "functions/datetime_shift.h"
#include "functions/interval_cast.h"
#include "functions/literal_text.h"
#include "types/datetime_text.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

using resolved::EvalMode;

const Type& source(const KernelContext& context) { return context.call.argument_types[0]; }
const Type& target(const KernelContext& context) { return context.call.result_type; }

// ---- from text

template <class T, class Parse>
void parse_rows(const KernelContext& context, const ColumnView& in, size_t rows, ColumnWriter& out, const Type& shown,
                Parse parse) {
  auto* result = static_cast<T*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
      continue;
    }
    if (const auto value = parse(in.text(row))) {
      result[row] = *value;
    } else if (context.ansi()) {
      throw_cast_invalid(in.text(row), Type::string(), shown);
    } else {
      out.set_null(row);
    }
  }
}

void text_to_date(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  parse_rows<int32_t>(context, in[0], rows, out, target(context), parse_date);
}

void text_to_timestamp(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const TimeZone& zone = *context.as<ZoneState>().zone;
  parse_rows<int64_t>(context, in[0], rows, out, target(context),
                      [&](std::string_view text) { return parse_timestamp(text, zone); });
}

void text_to_timestamp_ntz(const KernelContext& context, std::span<const ColumnView> in, size_t rows,
                           ColumnWriter& out) {
  parse_rows<int64_t>(context, in[0], rows, out, target(context),
                      [](std::string_view text) { return parse_timestamp_ntz(text); });
}

/// Spark does not cut the fraction to the type's precision here and names TIME(6) in the error.
void text_to_time(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  parse_rows<int64_t>(context, in[0], rows, out, Type::time(), parse_time);
}

// ---- to text

template <class T, size_t (*format)(T, char*)>
void format_rows(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  char text[datetime_text_size];
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set_text(row, {text, format(in[0].get<T>(row), text)});
    }
  }
}
size_t put_date(int32_t days, char* out) { return format_date(days, out); }

void timestamp_to_text(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  ZoneState& state = context.as<ZoneState>();
  char text[datetime_text_size];
  // Closer to the ends of int64 the local time could leave it.
  constexpr int64_t safe = std::numeric_limits<int64_t>::max() - 2 * micros_per_day;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const auto micros = in[0].get<int64_t>(row);
    if (micros > safe || micros < -safe) {
      out.set_text(row, timestamp_text(micros, *state.zone));
    } else {
      out.set_text(row, {text, format_timestamp_local(state.cursor.to_local(micros), text)});
    }
  }
}

// ---- among dates and timestamps

void date_to_timestamp(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const TimeZone& zone = *context.as<ZoneState>().zone;
  map_column<int32_t>(in[0], rows, out, [&](int32_t days) { return timestamp_of_date(days, zone); });
}

void date_to_timestamp_ntz(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  map_column<int32_t>(in[0], rows, out, [](int32_t days) { return multiply_exact(days, micros_per_day); });
}

void timestamp_to_date(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  ZoneState& state = context.as<ZoneState>();
  map_column<int64_t>(in[0], rows, out, [&](int64_t micros) { return static_cast<int32_t>(state.local_days(micros)); });
}

void timestamp_ntz_to_date(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  map_column<int64_t>(in[0], rows, out,
                      [](int64_t micros) { return static_cast<int32_t>(floor_div(micros, micros_per_day)); });
}

void timestamp_to_local(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  ZoneState& state = context.as<ZoneState>();
  map_column<int64_t>(in[0], rows, out, [&](int64_t micros) { return state.cursor.to_local(micros); });
}

void local_to_timestamp(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const TimeZone& zone = *context.as<ZoneState>().zone;
  map_column<int64_t>(in[0], rows, out, [&](int64_t local) {
    int64_t utc = 0;
    if (!zone.to_utc(local, utc)) {
      throw_long_overflow();
    }
    return utc;
  });
}

void time_to_time(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  int64_t unit = 1;
  for (int digits = target(context).precision(); digits < 6; ++digits) {
    unit *= 10;
  }
  map_column<int64_t>(in[0], rows, out, [=](int64_t micros) { return micros - micros % unit; });
}

/// Pairs that have no value in common: date to number or boolean before ANSI.
void nothing(const KernelContext&, std::span<const ColumnView>, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    out.set_null(row);
  }
}

// ---- timestamps and times as numbers

template <class T>
void seconds_to_integer(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  auto* result = static_cast<T*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const int64_t seconds = floor_div(in[0].get<int64_t>(row), micros_per_second);
    if (seconds == static_cast<T>(seconds)) {
      result[row] = static_cast<T>(seconds);
    } else if (context.ansi()) {
      throw_cast_overflow(context, literal_sql(read_value(in[0], row), source(context), context.call.time_zone));
    } else {
      out.set_null(row);
    }
  }
}

template <class T>
void timestamp_to_floating(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  map_column<int64_t>(in[0], rows, out, [](int64_t micros) {
    return static_cast<T>(static_cast<double>(micros) / static_cast<double>(micros_per_second));
  });
}

void micros_to_decimal(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
    } else {
      write_decimal(context, out, row, in[0].get<int64_t>(row), 6);
    }
  }
}

void timestamp_to_boolean(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  map_column<int64_t>(in[0], rows, out, [](int64_t micros) { return micros != 0; });
}

/// Seconds beyond the range stop at its ends, as Java's TimeUnit does.
int64_t seconds_to_micros(int64_t seconds) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(seconds, micros_per_second, &micros)) {
    return seconds < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  }
  return micros;
}

template <class T>
void integer_to_timestamp(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  map_column<T>(in[0], rows, out, [](T seconds) { return seconds_to_micros(seconds); });
}

void boolean_to_timestamp(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  map_column<bool>(in[0], rows, out, [](bool value) { return int64_t{value}; });
}

template <class T>
void floating_to_timestamp(const KernelContext& context, std::span<const ColumnView> in, size_t rows,
                           ColumnWriter& out) {
  auto* result = static_cast<int64_t*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const double seconds = static_cast<double>(in[0].get<T>(row));
    const double micros = seconds * static_cast<double>(micros_per_second);
    constexpr double limit = 9223372036854775808.0;
    if (std::isfinite(seconds) && micros >= -limit && micros < limit) {
      result[row] = static_cast<int64_t>(micros);
    } else if (!context.ansi()) {
      if (std::isfinite(seconds) && context.call.mode == EvalMode::legacy) {
        result[row] = micros < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
      } else {
        out.set_null(row);
      }
    } else if (!std::isfinite(seconds)) {
      throw SparkError(ErrorKind::date_time, "CAST_INVALID_INPUT",
                       {{"expression", std::isnan(seconds) ? "NaN"
                                       : seconds < 0       ? "-Infinity"
                                                           : "Infinity"},
                        {"sourceType", "\"DOUBLE\""},
                        {"targetType", "\"TIMESTAMP\""},
                        {"ansiConfig", ansi_config()}});
    } else {
      throw SparkError("CAST_OVERFLOW", {{"value", literal_sql(Value(micros), Type::float64(), "UTC")},
                                         {"sourceType", "\"DOUBLE\""},
                                         {"targetType", "\"BIGINT\""},
                                         {"ansiConfig", ansi_config()}});
    }
  }
}

void decimal_to_timestamp(const KernelContext& context, std::span<const ColumnView> in, size_t rows,
                          ColumnWriter& out) {
  const int scale = source(context).scale();
  auto* result = static_cast<int64_t*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const Int128 unscaled = in[0].decimal(row);
    // Only the low 64 bits are kept, as Java's BigDecimal.longValue does.
    result[row] =
        static_cast<int64_t>(scale <= 6 ? static_cast<Int128>(static_cast<unsigned __int128>(unscaled) *
                                                              static_cast<unsigned __int128>(power_of_ten(6 - scale)))
                                        : unscaled / power_of_ten(scale - 6));
  }
}

template <KernelRun run>
constexpr Kernel zoned{run, &detail::make_state<ZoneState>};
template <KernelRun run>
constexpr Kernel plain{run, nullptr};

Kernel from_text(const Type& to) {
  switch (to.kind()) {
    case TypeKind::date:
      return plain<text_to_date>;
    case TypeKind::timestamp:
      return zoned<text_to_timestamp>;
    case TypeKind::timestamp_ntz:
      return plain<text_to_timestamp_ntz>;
    case TypeKind::time:
      return plain<text_to_time>;
    default:
      return interval_cast_kernel(Type::string(), to);
  }
}

Kernel to_text(const Type& from) {
  switch (from.kind()) {
    case TypeKind::date:
      return plain<format_rows<int32_t, put_date>>;
    case TypeKind::timestamp:
      return zoned<timestamp_to_text>;
    case TypeKind::timestamp_ntz:
      return plain<format_rows<int64_t, format_timestamp_local>>;
    case TypeKind::time:
      return plain<format_rows<int64_t, format_time>>;
    default:
      return interval_cast_kernel(from, Type::string());
  }
}

Kernel to_timestamp(const Type& from) {
  switch (from.kind()) {
    case TypeKind::date:
      return zoned<date_to_timestamp>;
    case TypeKind::timestamp_ntz:
      return zoned<local_to_timestamp>;
    case TypeKind::boolean:
      return plain<boolean_to_timestamp>;
    case TypeKind::byte:
      return plain<integer_to_timestamp<int8_t>>;
    case TypeKind::short_int:
      return plain<integer_to_timestamp<int16_t>>;
    case TypeKind::integer:
      return plain<integer_to_timestamp<int32_t>>;
    case TypeKind::long_int:
      return plain<integer_to_timestamp<int64_t>>;
    case TypeKind::float32:
      return plain<floating_to_timestamp<float>>;
    case TypeKind::float64:
      return plain<floating_to_timestamp<double>>;
    case TypeKind::decimal:
      return plain<decimal_to_timestamp>;
    default:
      return {};
  }
}

Kernel seconds_to_number(const Type& from, const Type& to) {
  switch (to.kind()) {
    case TypeKind::byte:
      return plain<seconds_to_integer<int8_t>>;
    case TypeKind::short_int:
      return plain<seconds_to_integer<int16_t>>;
    case TypeKind::integer:
      return plain<seconds_to_integer<int32_t>>;
    case TypeKind::long_int:
      return plain<seconds_to_integer<int64_t>>;
    case TypeKind::decimal:
      return plain<micros_to_decimal>;
    case TypeKind::float32:
      return plain<timestamp_to_floating<float>>;
    case TypeKind::float64:
      return plain<timestamp_to_floating<double>>;
    case TypeKind::boolean:
      return plain<timestamp_to_boolean>;
    default:
      return {};
  }
}

bool is_temporal(const Type& type) {
  return type.is_datetime() || type.is(TypeKind::time) || type.is_ansi_interval() ||
         type.is(TypeKind::calendar_interval);
}
bool is_interval(const Type& type) { return type.is_ansi_interval() || type.is(TypeKind::calendar_interval); }

}  // namespace

bool is_datetime_cast(const Type& from, const Type& to) {
  return (is_temporal(from) || is_temporal(to)) && datetime_cast_kernel(from, to, EvalMode::legacy).run;
}

Kernel datetime_cast_kernel(const Type& from, const Type& to, EvalMode) {
  if (!is_temporal(from) && !is_temporal(to)) {
    return {};
  }
  if (is_interval(from) || is_interval(to)) {
    return interval_cast_kernel(from, to);
  }
  if (from.is_string()) {
    return from_text(to);
  }
  if (to.is_string()) {
    return to_text(from);
  }
  if (to.is(TypeKind::timestamp)) {
    return to_timestamp(from);
  }
  if (from.is(TypeKind::date)) {
    return to.is(TypeKind::timestamp_ntz)                ? plain<date_to_timestamp_ntz>
           : to.is_numeric() || to.is(TypeKind::boolean) ? plain<nothing>
                                                         : Kernel{};
  }
  if (to.is(TypeKind::date)) {
    return from.is(TypeKind::timestamp)       ? zoned<timestamp_to_date>
           : from.is(TypeKind::timestamp_ntz) ? plain<timestamp_ntz_to_date>
                                              : Kernel{};
  }
  if (to.is(TypeKind::timestamp_ntz)) {
    return from.is(TypeKind::timestamp) ? zoned<timestamp_to_local> : Kernel{};
  }
  if (from.is(TypeKind::time) && to.is(TypeKind::time)) {
    return plain<time_to_time>;
  }
  if (from.is(TypeKind::timestamp) || from.is(TypeKind::time)) {
    return seconds_to_number(from, to);
  }
  return {};
}

}  // namespace pyrite
