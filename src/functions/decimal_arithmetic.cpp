// Arithmetic of decimals.
#include "functions/decimal_arithmetic.h"

#include <algorithm>

#include "base/error.h"
#include "functions/cast_error.h"
#include "functions/wide_integer.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using Columns = std::span<const ColumnView>;

constexpr size_t chunk_rows = 1024;

UInt128 magnitude(Int128 value) { return value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value); }

/// Sign and magnitude of an exact result at some scale, before it is rounded to the result's.
struct Exact {
  bool negative = false;
  UInt256 value;
  int scale = 0;
};

Exact add_exact(Int128 left, int left_scale, Int128 right, int right_scale) {
  const int scale = std::max(left_scale, right_scale);
  const UInt256 a = wide_multiply(magnitude(left), static_cast<UInt128>(power_of_ten(scale - left_scale)));
  const UInt256 b = wide_multiply(magnitude(right), static_cast<UInt128>(power_of_ten(scale - right_scale)));
  if ((left < 0) == (right < 0)) {
    return {left < 0, wide_add(a, b), scale};
  }
  return a < b ? Exact{right < 0, wide_subtract(b, a), scale} : Exact{left < 0, wide_subtract(a, b), scale};
}

/// 10^exponent for exponents up to 76.
UInt256 wide_power(int exponent) {
  return exponent <= 38
             ? UInt256{0, static_cast<UInt128>(power_of_ten(exponent))}
             : wide_multiply(static_cast<UInt128>(power_of_ten(38)), static_cast<UInt128>(power_of_ten(exponent - 38)));
}

/// The exact value at the result's scale; false: it does not fit.
bool round_to(const Exact& exact, int precision, int scale, Int128& out) {
  UInt256 value = exact.value;
  if (exact.scale > scale) {
    value = wide_divide_round(value, wide_power(exact.scale - scale));
  } else if (exact.scale < scale) {
    value = wide_multiply(value, static_cast<UInt128>(power_of_ten(scale - exact.scale)));
  }
  if (value.high != 0 || value.low >= static_cast<UInt128>(power_of_ten(precision))) {
    return false;
  }
  out = exact.negative ? -static_cast<Int128>(value.low) : static_cast<Int128>(value.low);
  return true;
}

std::string exact_text(const Exact& exact) {
  std::string digits = wide_text(exact.value);
  if (exact.scale > 0) {
    if (digits.size() <= static_cast<size_t>(exact.scale)) {
      digits.insert(0, static_cast<size_t>(exact.scale) + 1 - digits.size(), '0');
    }
    digits.insert(digits.size() - static_cast<size_t>(exact.scale), 1, '.');
  }
  return exact.negative ? "-" + digits : digits;
}

/// left / right with enough digits behind the point to round once to the result's scale.
Exact divide_exact(Int128 left, int left_scale, Int128 right, int right_scale, int scale) {
  const int shift = scale + right_scale - left_scale;
  UInt256 dividend{0, magnitude(left)};
  UInt256 divisor{0, magnitude(right)};
  if (shift >= 0) {
    dividend = wide_multiply(dividend, static_cast<UInt128>(power_of_ten(std::min(shift, 38))));
  } else {
    divisor = wide_multiply(divisor, static_cast<UInt128>(power_of_ten(-shift)));
  }
  return {(left < 0) != (right < 0), wide_divide_round(dividend, divisor), scale};
}

struct Aligned {
  UInt256 left, right;
  int scale;
};
Aligned align(Int128 left, int left_scale, Int128 right, int right_scale) {
  const int scale = std::max(left_scale, right_scale);
  return {wide_multiply(magnitude(left), static_cast<UInt128>(power_of_ten(scale - left_scale))),
          wide_multiply(magnitude(right), static_cast<UInt128>(power_of_ten(scale - right_scale))), scale};
}

Exact remainder_exact(Int128 left, int left_scale, Int128 right, int right_scale, bool positive) {
  const Aligned both = align(left, left_scale, right, right_scale);
  UInt256 rest;
  wide_divide(both.left, both.right, rest);
  bool negative = left < 0 && !(rest == UInt256{});
  if (positive && negative) {
    // r < 0: (r + n) % n, with the sign of n.
    if (right > 0) {
      return {false, wide_subtract(both.right, rest), both.scale};
    }
    UInt256 sum = wide_add(rest, both.right), folded;
    wide_divide(sum, both.right, folded);
    return {!(folded == UInt256{}), folded, both.scale};
  }
  return {negative, rest, both.scale};
}

/// The slow, exact way for one row.
struct RowOperation {
  DecimalOperator op;
  const KernelContext& context;
  const Type& left;
  const Type& right;
  const Type& result;

  /// Writes the row; NULL where the mode says so.
  void run(Int128 a, Int128 b, ColumnWriter& out, size_t row) const {
    const bool divides =
        op != DecimalOperator::add && op != DecimalOperator::subtract && op != DecimalOperator::multiply;
    if (divides && b == 0) {
      if (context.ansi()) {
        const bool rest = op == DecimalOperator::remainder || op == DecimalOperator::positive_remainder;
        throw SparkError(rest ? "REMAINDER_BY_ZERO" : "DIVIDE_BY_ZERO", {{"config", "\"spark.sql.ansi.enabled\""}});
      }
      out.set_null(row);
      return;
    }
    if (op == DecimalOperator::whole_divide) {
      return whole_divide(a, b, out, row);
    }
    const Exact exact = compute(a, b);
    Int128 rounded = 0;
    if (round_to(exact, result.precision(), result.scale(), rounded)) {
      out.set_decimal(row, rounded);
    } else if (context.ansi()) {
      throw_decimal_overflow(exact_text(exact), result);
    } else {
      out.set_null(row);
    }
  }

 private:
  Exact compute(Int128 a, Int128 b) const {
    switch (op) {
      case DecimalOperator::add:
        return add_exact(a, left.scale(), b, right.scale());
      case DecimalOperator::subtract:
        return add_exact(a, left.scale(), -b, right.scale());
      case DecimalOperator::multiply:
        return {(a < 0) != (b < 0), wide_multiply(magnitude(a), magnitude(b)), left.scale() + right.scale()};
      case DecimalOperator::divide:
        return divide_exact(a, left.scale(), b, right.scale(), result.scale());
      default:
        return remainder_exact(a, left.scale(), b, right.scale(), op == DecimalOperator::positive_remainder);
    }
  }

  void whole_divide(Int128 a, Int128 b, ColumnWriter& out, size_t row) const {
    const Aligned both = align(a, left.scale(), b, right.scale());
    UInt256 rest;
    const UInt256 quotient = wide_divide(both.left, both.right, rest);
    const bool negative = (a < 0) != (b < 0);
    const UInt128 limit = (UInt128{1} << 63) - (negative ? 0 : 1);
    if ((quotient.high != 0 || quotient.low > limit) && context.call.mode != resolved::EvalMode::legacy) {
      if (context.ansi()) {
        throw SparkError("ARITHMETIC_OVERFLOW",
                         {{"message", "Overflow in integral divide"},
                          {"alternative", " Use 'try_divide' to tolerate overflow and return NULL instead."},
                          {"config", "\"spark.sql.ansi.enabled\""}});
      }
      out.set_null(row);
      return;
    }
    const auto bits = static_cast<uint64_t>(quotient.low);
    out.set(row, static_cast<int64_t>(negative ? -bits : bits));
  }
};

template <class Source, class Wide>
void widen(const ColumnView& column, size_t start, size_t count, Wide* out) {
  const auto* values = static_cast<const Source*>(column.data);
  if (!column.selection) {
    for (size_t i = 0; i < count; ++i) {
      out[i] = values[start + i];
    }
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    out[i] = values[column.selection[start + i]];
  }
}

/// A stretch of a decimal column as integers of one width. NULL rows hold anything.
template <class Wide>
void load(const ColumnView& column, size_t start, size_t count, Wide* out) {
  switch (decimal_width(column.type.precision())) {
    case 2:
      return widen<int16_t>(column, start, count, out);
    case 4:
      return widen<int32_t>(column, start, count, out);
    case 8:
      return widen<int64_t>(column, start, count, out);
    default:
      if constexpr (sizeof(Wide) == sizeof(Int128)) {
        for (size_t i = 0; i < count; ++i) {
          out[i] = column.decimal(start + i);
        }
      }
  }
}

template <class Result, class Wide>
void store_as(const Wide* values, size_t start, size_t count, ColumnWriter& out) {
  auto* results = static_cast<Result*>(out.data()) + start;
  for (size_t i = 0; i < count; ++i) {
    results[i] = static_cast<Result>(values[i]);
  }
}

template <class Wide>
void store(const Wide* values, const Type& type, size_t start, size_t count, ColumnWriter& out) {
  switch (decimal_width(type.precision())) {
    case 2:
      return store_as<int16_t>(values, start, count, out);
    case 4:
      return store_as<int32_t>(values, start, count, out);
    case 8:
      return store_as<int64_t>(values, start, count, out);
    default:
      if constexpr (sizeof(Wide) == sizeof(Int128)) {
        std::memcpy(static_cast<char*>(out.data()) + start * sizeof(Int128), values, count * sizeof(Int128));
      }
  }
}

/// + - * where the result type holds every possible value: no check needed.
template <class Wide>
void run_unchecked(DecimalOperator op, Columns arguments, const Type& result, size_t rows, ColumnWriter& out) {
  const ColumnView &left = arguments[0], &right = arguments[1];
  Wide a[chunk_rows], b[chunk_rows];
  const auto scale_up = [&](const Type& type) {
    return static_cast<Wide>(power_of_ten(result.scale() - type.scale()));
  };
  const bool multiplies = op == DecimalOperator::multiply;
  const Wide left_factor = multiplies ? 1 : scale_up(left.type), right_factor = multiplies ? 1 : scale_up(right.type);
  // Unsigned: the values of NULL rows may overflow.
  using Bits = std::conditional_t<sizeof(Wide) == 8, uint64_t, UInt128>;
  const auto bits = [](Wide value) { return static_cast<Bits>(value); };
  for (size_t start = 0; start < rows; start += chunk_rows) {
    const size_t count = std::min(chunk_rows, rows - start);
    load(left, start, count, a);
    load(right, start, count, b);
    for (size_t i = 0; i < count; ++i) {
      const Bits x = bits(a[i]) * bits(left_factor), y = bits(b[i]) * bits(right_factor);
      a[i] = static_cast<Wide>(multiplies ? x * y : op == DecimalOperator::add ? x + y : x - y);
    }
    store(a, result, start, count, out);
  }
  if (left.validity || right.validity) {
    for (size_t row = 0; row < rows; ++row) {
      if (left.is_null(row) || right.is_null(row)) {
        out.set_null(row);
      }
    }
  }
}

bool never_overflows(DecimalOperator op, const Type& left, const Type& right, const Type& result) {
  if (op == DecimalOperator::multiply) {
    return result.scale() == left.scale() + right.scale() && left.precision() + right.precision() + 1 <= 38;
  }
  if (op != DecimalOperator::add && op != DecimalOperator::subtract) {
    return false;
  }
  const int scale = std::max(left.scale(), right.scale());
  const int whole = std::max(left.precision() - left.scale(), right.precision() - right.scale());
  return result.scale() == scale && whole + scale + 1 <= 38;
}

}  // namespace

Type decimal_result(DecimalOperator op, const Type& left, const Type& right, bool allow_precision_loss) {
  const int p1 = left.precision(), s1 = left.scale(), p2 = right.precision(), s2 = right.scale();
  switch (op) {
    case DecimalOperator::add:
    case DecimalOperator::subtract: {
      const int scale = std::max(s1, s2);
      return bounded_decimal(std::max(p1 - s1, p2 - s2) + scale + 1, scale, allow_precision_loss);
    }
    case DecimalOperator::multiply:
      return bounded_decimal(p1 + p2 + 1, s1 + s2, allow_precision_loss);
    case DecimalOperator::divide: {
      if (allow_precision_loss) {
        const int scale = std::max(6, s1 + p2 + 1);
        return bounded_decimal(p1 - s1 + s2 + scale, scale, true);
      }
      int whole = std::min(38, p1 - s1 + s2);
      int scale = std::min(38, std::max(6, s1 + p2 + 1));
      const int excess = whole + scale - 38;
      if (excess > 0) {
        scale -= excess / 2 + 1;
        whole = 38 - scale;
      }
      return bounded_decimal(whole + scale, scale, false);
    }
    case DecimalOperator::remainder:
    case DecimalOperator::positive_remainder: {
      const int scale = std::max(s1, s2);
      return bounded_decimal(std::min(p1 - s1, p2 - s2) + scale, scale, allow_precision_loss);
    }
    case DecimalOperator::whole_divide: {
      const int whole = p1 - s1 + s2;
      return bounded_decimal(whole == 0 ? 1 : whole, 0, allow_precision_loss);
    }
  }
  return Type::decimal(38, 18);
}

void run_decimal(DecimalOperator op, const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const ColumnView &left = arguments[0], &right = arguments[1];
  const Type& result = context.call.result_type;
  if (never_overflows(op, left.type, right.type, result)) {
    if (result.precision() <= 18) {
      run_unchecked<int64_t>(op, arguments, result, rows, out);
    } else {
      run_unchecked<Int128>(op, arguments, result, rows, out);
    }
    return;
  }
  const RowOperation operation{op, context, left.type, right.type, result};
  for (size_t row = 0; row < rows; ++row) {
    if (left.is_null(row) || right.is_null(row)) {
      out.set_null(row);
    } else {
      operation.run(left.decimal(row), right.decimal(row), out, row);
    }
  }
}

}  // namespace pyrite
