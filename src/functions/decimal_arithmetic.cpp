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

/// Sign and magnitude of a result at some scale, before it is rounded to the result's.
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

/// Spark keeps 39 digits of a product, half of the last one going down, before it rounds to the result's scale.
Exact multiply_exact(Int128 left, int left_scale, Int128 right, int right_scale) {
  Exact out{(left < 0) != (right < 0), wide_multiply(magnitude(left), magnitude(right)), left_scale + right_scale};
  const int excess = static_cast<int>(wide_text(out.value).size()) - 39;
  if (excess > 0) {
    const UInt256 divisor = wide_power(excess);
    UInt256 rest;
    out.value = wide_divide(out.value, divisor, rest);
    if (divisor < wide_add(rest, rest)) {
      out.value = wide_add(out.value, {0, 1});
    }
    out.scale -= excess;
  }
  return out;
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
        return multiply_exact(a, left.scale(), b, right.scale());
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
  for (size_t i = 0; i < count; ++i) {
    out[i] = column.load<Source>(column.position(start + i));
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
        return widen<Int128>(column, start, count, out);
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

/// NULL rows are marked after their values, which may be anything, were computed along with the others.
void mark_nulls(const ColumnView& left, const ColumnView& right, size_t rows, ColumnWriter& out) {
  if (!left.validity && !right.validity) {
    return;
  }
  for (size_t row = 0; row < rows; ++row) {
    if (left.is_null(row) || right.is_null(row)) {
      out.set_null(row);
    }
  }
}

/// What brings a sum's argument to the result's scale.
Int128 scale_factor(DecimalOperator op, const Type& argument, const Type& result) {
  return op == DecimalOperator::multiply ? 1 : power_of_ten(result.scale() - argument.scale());
}

/// + - * where the result type holds every possible value: no check needed. Narrow holds the arguments and factors.
template <class Narrow, class Wide>
void run_unchecked(DecimalOperator op, Columns arguments, const Type& result, size_t rows, ColumnWriter& out) {
  const ColumnView &left = arguments[0], &right = arguments[1];
  Narrow a[chunk_rows], b[chunk_rows];
  Wide results[chunk_rows];
  const auto left_factor = static_cast<Narrow>(scale_factor(op, left.type, result));
  const auto right_factor = static_cast<Narrow>(scale_factor(op, right.type, result));
  // Unsigned: the values of NULL rows may overflow.
  using Bits = std::conditional_t<sizeof(Wide) == 8, uint64_t, UInt128>;
  const auto bits = [](Narrow value) { return static_cast<Bits>(static_cast<Wide>(value)); };
  for (size_t start = 0; start < rows; start += chunk_rows) {
    const size_t count = std::min(chunk_rows, rows - start);
    load(left, start, count, a);
    load(right, start, count, b);
    const auto each = [&](auto combine) {
      for (size_t i = 0; i < count; ++i) {
        results[i] = static_cast<Wide>(combine(a[i], b[i]));
      }
    };
    switch (op) {
      case DecimalOperator::multiply:
        each([&](Narrow x, Narrow y) { return bits(x) * bits(y); });
        break;
      case DecimalOperator::add:
        each([&](Narrow x, Narrow y) { return bits(x) * bits(left_factor) + bits(y) * bits(right_factor); });
        break;
      default:
        each([&](Narrow x, Narrow y) { return bits(x) * bits(left_factor) - bits(y) * bits(right_factor); });
    }
    store(results, result, start, count, out);
  }
  mark_nulls(left, right, rows, out);
}

void run_unchecked(DecimalOperator op, Columns arguments, const Type& result, size_t rows, ColumnWriter& out) {
  const auto narrow = [&](const Type& type) {
    return type.precision() <= 18 && scale_factor(op, type, result) <= power_of_ten(18);
  };
  if (result.precision() <= 18) {
    run_unchecked<int64_t, int64_t>(op, arguments, result, rows, out);
  } else if (narrow(arguments[0].type) && narrow(arguments[1].type)) {
    run_unchecked<int64_t, Int128>(op, arguments, result, rows, out);
  } else {
    run_unchecked<Int128, Int128>(op, arguments, result, rows, out);
  }
}

/// + - * to 38 digits at the exact scale: rows whose arguments are small enough need no check, which is most of them;
/// the others go the slow way.
void run_checked(const RowOperation& operation, Columns arguments, size_t rows, ColumnWriter& out) {
  const ColumnView &left = arguments[0], &right = arguments[1];
  const Int128 left_factor = scale_factor(operation.op, left.type, operation.result);
  const Int128 right_factor = scale_factor(operation.op, right.type, operation.result);
  const Int128 left_limit = power_of_ten(37) / left_factor, right_limit = power_of_ten(37) / right_factor;
  Int128 a[chunk_rows], b[chunk_rows], results[chunk_rows];
  std::vector<uint32_t> slow;
  const auto fits = [](Int128 value) { return value == static_cast<int64_t>(value); };
  const auto within = [](Int128 value, Int128 limit) { return value < limit && value > -limit; };
  for (size_t start = 0; start < rows; start += chunk_rows) {
    const size_t count = std::min(chunk_rows, rows - start);
    load(left, start, count, a);
    load(right, start, count, b);
    slow.clear();
    for (size_t i = 0; i < count; ++i) {
      if (operation.op == DecimalOperator::multiply) {
        if (fits(a[i]) && fits(b[i])) {  // the product stays below 2^126 < 10^38
          results[i] = static_cast<Int128>(static_cast<int64_t>(a[i])) * static_cast<int64_t>(b[i]);
          continue;
        }
      } else if (within(a[i], left_limit) && within(b[i], right_limit)) {
        const Int128 x = a[i] * left_factor, y = b[i] * right_factor;
        results[i] = operation.op == DecimalOperator::add ? x + y : x - y;
        continue;
      }
      results[i] = 0;
      slow.push_back(static_cast<uint32_t>(i));
    }
    store(results, operation.result, start, count, out);
    for (const uint32_t i : slow) {
      if (!left.is_null(start + i) && !right.is_null(start + i)) {
        operation.run(a[i], b[i], out, start + i);
      }
    }
  }
  mark_nulls(left, right, rows, out);
}

/// + - * whose result needs no rounding.
bool has_exact_scale(DecimalOperator op, const Type& left, const Type& right, const Type& result) {
  switch (op) {
    case DecimalOperator::multiply:
      return result.scale() == left.scale() + right.scale();
    case DecimalOperator::add:
    case DecimalOperator::subtract:
      return result.scale() == std::max(left.scale(), right.scale());
    default:
      return false;
  }
}

bool never_overflows(DecimalOperator op, const Type& left, const Type& right, const Type& result) {
  if (!has_exact_scale(op, left, right, result)) {
    return false;
  }
  if (op == DecimalOperator::multiply) {
    return left.precision() + right.precision() + 1 <= 38;
  }
  const int whole = std::max(left.precision() - left.scale(), right.precision() - right.scale());
  return whole + result.scale() + 1 <= 38;
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
    run_unchecked(op, arguments, result, rows, out);
    return;
  }
  const RowOperation operation{op, context, left.type, right.type, result};
  if (has_exact_scale(op, left.type, right.type, result) && result.precision() == 38) {
    run_checked(operation, arguments, rows, out);
    return;
  }
  for (size_t row = 0; row < rows; ++row) {
    if (left.is_null(row) || right.is_null(row)) {
      out.set_null(row);
    } else {
      operation.run(left.decimal(row), right.decimal(row), out, row);
    }
  }
}

}  // namespace pyrite
