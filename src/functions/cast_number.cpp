// Casts between numbers and booleans: checked in ANSI mode, wrapped as Java wraps without it.
#include "functions/cast_number.h"

#include <cmath>
#include <limits>

#include "functions/cast_error.h"
#include "functions/java_format.h"
#include "functions/number_text.h"
#include "functions/row_loop.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using Columns = std::span<const ColumnView>;

template <class T>
Value as_value(T value) {
  if constexpr (std::is_integral_v<T>) {
    return Value(static_cast<int64_t>(value));
  } else {
    return Value(value);
  }
}

/// What a failed cast of a value does: raise, or NULL.
template <class T>
bool overflow(const KernelContext& context, T value) {
  if (context.ansi()) {
    throw_cast_overflow(as_value(value), context.call.argument_types[0], context.call.result_type);
  }
  return false;
}

/// Java's narrowing of a floating number: to int first where the target is smaller, NaN to 0, ends of the range beyond
/// it.
template <class To, class From>
To java_narrow(From value) {
  using Step = std::conditional_t<sizeof(To) == 8, int64_t, int32_t>;
  if (std::isnan(value)) {
    return 0;
  }
  if (value >= static_cast<From>(std::numeric_limits<Step>::max())) {
    return static_cast<To>(std::numeric_limits<Step>::max());
  }
  if (value <= static_cast<From>(std::numeric_limits<Step>::min())) {
    return static_cast<To>(std::numeric_limits<Step>::min());
  }
  return static_cast<To>(static_cast<Step>(value));
}

template <class To, class From>
bool holds(From value) {
  if constexpr (std::is_integral_v<From>) {
    return static_cast<From>(static_cast<To>(value)) == value &&
           (sizeof(To) >= sizeof(From) || static_cast<To>(value) == value);
  } else {
    // The whole part decides. Java compares it with the greatest long as a double, which is 2^63: that is let through.
    const double whole = std::trunc(static_cast<double>(value));
    return whole >= static_cast<double>(std::numeric_limits<To>::min()) &&
           whole <= static_cast<double>(std::numeric_limits<To>::max());
  }
}

template <class From, class To>
void to_integral(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const bool legacy = context.call.mode == EvalMode::legacy;
  map_rows<From, To>(arguments[0], rows, out, [&](From value, To& result) {
    if constexpr (std::is_integral_v<From> && sizeof(To) >= sizeof(From)) {
      result = static_cast<To>(value);
      return true;
    } else {
      if (!legacy && !holds<To>(value)) {
        return overflow(context, value);
      }
      if constexpr (std::is_integral_v<From>) {
        result = static_cast<To>(value);
      } else {
        result = java_narrow<To>(value);
      }
      return true;
    }
  });
}

template <class From, class To>
void to_floating(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  map_rows<From, To>(arguments[0], rows, out, [](From value, To& result) {
    result = static_cast<To>(value);
    return true;
  });
}

template <class From>
void to_boolean(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  map_rows<From, uint8_t>(arguments[0], rows, out, [](From value, uint8_t& result) {
    result = value != 0;
    return true;
  });
}

bool write_decimal(const KernelContext& context, std::optional<Int128> unscaled, Int128 value, int scale,
                   ColumnWriter& out, size_t row) {
  if (unscaled) {
    out.set_decimal(row, *unscaled);
    return true;
  }
  if (context.ansi()) {
    throw_decimal_overflow(decimal_text(value, scale), context.call.result_type);
  }
  return false;
}

template <class From>
void integral_to_decimal(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const Type& type = context.call.result_type;
  const ColumnView& in = arguments[0];
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
      continue;
    }
    const Int128 value = in.get<From>(row);
    if (!write_decimal(context, rescale_decimal(value, 0, type.precision(), type.scale()), value, 0, out, row)) {
      out.set_null(row);
    }
  }
}

template <class From>
void floating_to_decimal(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const Type& type = context.call.result_type;
  const ColumnView& in = arguments[0];
  for (size_t row = 0; row < rows; ++row) {
    const double value =
        in.is_null(row) ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(in.get<From>(row));
    if (std::isnan(value) || std::isinf(value)) {
      out.set_null(row);
      continue;
    }
    // Java goes by the number's shortest text.
    const std::string text = java_text(value);
    Int128 unscaled = 0;
    if (parse_decimal(text, type.precision(), type.scale(), unscaled) == DecimalOutcome::ok) {
      out.set_decimal(row, unscaled);
    } else if (context.ansi()) {
      Int128 whole = 0;
      const bool fits =
          parse_decimal(text, 38, 0, whole) == DecimalOutcome::ok && decimal_to_float64(whole, 0) == value;
      throw_decimal_overflow(fits ? decimal_text(whole, 0) : text, type);
    } else {
      out.set_null(row);
    }
  }
}

void boolean_to_decimal(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  integral_to_decimal<uint8_t>(context, arguments, rows, out);
}

void decimal_to_decimal(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const Type& type = context.call.result_type;
  const ColumnView& in = arguments[0];
  const int scale = in.type.scale();
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
      continue;
    }
    const Int128 value = in.decimal(row);
    if (!write_decimal(context, rescale_decimal(value, scale, type.precision(), type.scale()), value, scale, out,
                       row)) {
      out.set_null(row);
    }
  }
}

template <class To>
void decimal_to_integral(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& in = arguments[0];
  const Int128 divisor = power_of_ten(in.type.scale());
  const bool legacy = context.call.mode == EvalMode::legacy;
  To* results = static_cast<To*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
      continue;
    }
    const Int128 value = in.decimal(row) / divisor;
    if (!legacy && value != static_cast<To>(value)) {
      overflow(context, in.decimal(row));
      out.set_null(row);
    } else {
      results[row] = static_cast<To>(value);
    }
  }
}

template <class To>
void decimal_to_floating(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& in = arguments[0];
  To* results = static_cast<To*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
    } else if constexpr (std::is_same_v<To, float>) {
      results[row] = decimal_to_float32(in.decimal(row), in.type.scale());
    } else {
      results[row] = decimal_to_float64(in.decimal(row), in.type.scale());
    }
  }
}

void decimal_to_boolean(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set<uint8_t>(row, arguments[0].decimal(row) != 0);
    }
  }
}

template <class From>
KernelRun from_plain(const Type& to) {
  switch (to.kind()) {
    case TypeKind::boolean:
      return &to_boolean<From>;
    case TypeKind::byte:
      return &to_integral<From, int8_t>;
    case TypeKind::short_int:
      return &to_integral<From, int16_t>;
    case TypeKind::integer:
      return &to_integral<From, int32_t>;
    case TypeKind::long_int:
      return &to_integral<From, int64_t>;
    case TypeKind::float32:
      return &to_floating<From, float>;
    case TypeKind::float64:
      return &to_floating<From, double>;
    case TypeKind::decimal:
      if constexpr (std::is_floating_point_v<From>) {
        return &floating_to_decimal<From>;
      } else {
        return &integral_to_decimal<From>;
      }
    default:
      return nullptr;
  }
}

KernelRun from_decimal(const Type& to) {
  switch (to.kind()) {
    case TypeKind::boolean:
      return &decimal_to_boolean;
    case TypeKind::byte:
      return &decimal_to_integral<int8_t>;
    case TypeKind::short_int:
      return &decimal_to_integral<int16_t>;
    case TypeKind::integer:
      return &decimal_to_integral<int32_t>;
    case TypeKind::long_int:
      return &decimal_to_integral<int64_t>;
    case TypeKind::float32:
      return &decimal_to_floating<float>;
    case TypeKind::float64:
      return &decimal_to_floating<double>;
    case TypeKind::decimal:
      return &decimal_to_decimal;
    default:
      return nullptr;
  }
}

KernelRun find_run(const Type& from, const Type& to) {
  switch (from.kind()) {
    case TypeKind::boolean:
      return to.is(TypeKind::decimal) ? &boolean_to_decimal : from_plain<uint8_t>(to);
    case TypeKind::byte:
      return from_plain<int8_t>(to);
    case TypeKind::short_int:
      return from_plain<int16_t>(to);
    case TypeKind::integer:
      return from_plain<int32_t>(to);
    case TypeKind::long_int:
      return from_plain<int64_t>(to);
    case TypeKind::float32:
      return from_plain<float>(to);
    case TypeKind::float64:
      return from_plain<double>(to);
    case TypeKind::decimal:
      return from_decimal(to);
    default:
      return nullptr;
  }
}

}  // namespace

Kernel number_cast_kernel(const Type& from, const Type& to) { return {find_run(from, to), nullptr}; }

}  // namespace pyrite
