// Kernels of arithmetic over numbers.
#include "functions/arithmetic_kernel.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "functions/decimal_arithmetic.h"
#include "functions/literal_text.h"
#include "functions/row_loop.h"

namespace pyrite {
namespace {

using Op = ArithmeticOperator;
using resolved::EvalMode;
using Columns = std::span<const ColumnView>;

constexpr const char* ansi_config = "\"spark.sql.ansi.enabled\"";

struct OperatorName {
  const char* symbol;
  const char* function;  ///< the name of its try_ form
};

constexpr OperatorName name_of(Op op) {
  switch (op) {
    case Op::add:
      return {"+", "try_add"};
    case Op::subtract:
      return {"-", "try_subtract"};
    case Op::multiply:
      return {"*", "try_multiply"};
    case Op::divide:
    case Op::whole_divide:
      return {"/", "try_divide"};
    default:
      return {"%", "try_mod"};
  }
}

[[noreturn]] void throw_overflow(std::string_view message, std::string alternative) {
  throw SparkError(
      "ARITHMETIC_OVERFLOW",
      {{"message", std::string(message)}, {"alternative", std::move(alternative)}, {"config", ansi_config}});
}

std::string use_instead(const char* function) {
  return std::string(" Use '") + function + "' to tolerate overflow and return NULL instead.";
}

template <class T>
[[noreturn, gnu::cold, gnu::noinline]] void throw_overflow(Op op, T left, T right) {
  const OperatorName name = name_of(op);
  if constexpr (sizeof(T) <= 2) {
    // Small integers are computed as short or wider, and shown so.
    const Type type = Type::short_int();
    throw SparkError("BINARY_ARITHMETIC_OVERFLOW", {{"value1", literal_sql(Value(int64_t{left}), type, "UTC")},
                                                    {"symbol", name.symbol},
                                                    {"value2", literal_sql(Value(int64_t{right}), type, "UTC")},
                                                    {"functionName", std::string("`") + name.function + "`"}});
  } else {
    throw_overflow("overflow", use_instead(name.function));
  }
}

[[noreturn, gnu::cold, gnu::noinline]] void throw_zero(Op op) {
  const bool rest = op == Op::remainder || op == Op::positive_remainder;
  throw SparkError(rest ? "REMAINDER_BY_ZERO" : "DIVIDE_BY_ZERO", {{"config", ansi_config}});
}

template <class T>
bool overflows(Op op, T left, T right, T& result) {
  switch (op) {
    case Op::add:
      return __builtin_add_overflow(left, right, &result);
    case Op::subtract:
      return __builtin_sub_overflow(left, right, &result);
    default:
      return __builtin_mul_overflow(left, right, &result);
  }
}

template <Op op, class T>
void checked(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const EvalMode mode = context.call.mode;
  if (mode == EvalMode::legacy) {
    map_pairs<T, T, T>(arguments[0], arguments[1], rows, out, [](T left, T right, T& result) {
      overflows(op, left, right, result);
      return true;
    });
    return;
  }
  const bool raises = mode == EvalMode::ansi;
  map_pairs<T, T, T>(arguments[0], arguments[1], rows, out, [raises](T left, T right, T& result) {
    if (overflows(op, left, right, result)) [[unlikely]] {
      if (raises) {
        throw_overflow(op, left, right);
      }
      return false;
    }
    return true;
  });
}

template <Op op, class T>
void floating(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  map_pairs<T, T, T>(arguments[0], arguments[1], rows, out, [](T left, T right, T& result) {
    result = op == Op::add ? left + right : op == Op::subtract ? left - right : left * right;
    return true;
  });
}

template <Op op, class T>
T rest_of(T left, T right) {
  const auto rest = [](T a, T b) -> T {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fmod(a, b);
    } else {
      return b == -1 ? T{0} : static_cast<T>(a % b);
    }
  };
  const T first = rest(left, right);
  if constexpr (op == Op::positive_remainder) {
    if (first < 0) {
      if constexpr (std::is_integral_v<T>) {
        return rest(
            static_cast<T>(static_cast<std::make_unsigned_t<T>>(first) + static_cast<std::make_unsigned_t<T>>(right)),
            right);
      } else {
        return rest(first + right, right);
      }
    }
  }
  return first;
}

/// / over doubles and the remainders: division by zero raises or is NULL.
template <Op op, class T>
void dividing(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const bool raises = context.ansi();
  map_pairs<T, T, T>(arguments[0], arguments[1], rows, out, [raises](T left, T right, T& result) {
    if (right == 0) [[unlikely]] {
      if (raises) {
        throw_zero(op);
      }
      return false;
    }
    if constexpr (op == Op::divide) {
      result = left / right;
    } else {
      result = rest_of<op>(left, right);
    }
    return true;
  });
}

void whole_division(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const EvalMode mode = context.call.mode;
  map_pairs<int64_t, int64_t, int64_t>(
      arguments[0], arguments[1], rows, out, [mode](int64_t left, int64_t right, int64_t& result) {
        if (right == 0) [[unlikely]] {
          if (mode == EvalMode::ansi) {
            throw_zero(Op::whole_divide);
          }
          return false;
        }
        if (right == -1) {
          if (left == std::numeric_limits<int64_t>::min() && mode != EvalMode::legacy) {
            if (mode == EvalMode::ansi) {
              throw_overflow("Overflow in integral divide", use_instead("try_divide"));
            }
            return false;
          }
          result = static_cast<int64_t>(-static_cast<uint64_t>(left));
          return true;
        }
        result = left / right;
        return true;
      });
}

constexpr DecimalOperator decimal_operator(Op op) {
  switch (op) {
    case Op::add:
      return DecimalOperator::add;
    case Op::subtract:
      return DecimalOperator::subtract;
    case Op::multiply:
      return DecimalOperator::multiply;
    case Op::divide:
      return DecimalOperator::divide;
    case Op::remainder:
      return DecimalOperator::remainder;
    case Op::positive_remainder:
      return DecimalOperator::positive_remainder;
    case Op::whole_divide:
      return DecimalOperator::whole_divide;
  }
  return DecimalOperator::add;
}

template <Op op, class T>
void run_typed(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  if constexpr (op == Op::whole_divide) {
    if constexpr (std::is_same_v<T, int64_t>) {
      whole_division(context, arguments, rows, out);
    } else {
      throw_internal("div over something else than long");
    }
  } else if constexpr (op == Op::divide) {
    if constexpr (std::is_floating_point_v<T>) {
      dividing<op, T>(context, arguments, rows, out);
    } else {
      throw_internal("/ over whole numbers");
    }
  } else if constexpr (op == Op::remainder || op == Op::positive_remainder) {
    dividing<op, T>(context, arguments, rows, out);
  } else if constexpr (std::is_floating_point_v<T>) {
    floating<op, T>(context, arguments, rows, out);
  } else {
    checked<op, T>(context, arguments, rows, out);
  }
}

/// abs and minus: the smallest value of a type has no counterpart.
template <class T>
void change_sign(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out, bool only_negative) {
  const EvalMode mode = context.call.mode;
  map_rows<T, T>(arguments[0], rows, out, [=](T value, T& result) {
    if constexpr (std::is_floating_point_v<T>) {
      result = only_negative ? std::fabs(value) : -value;
    } else if (only_negative && value >= 0) {
      result = value;
    } else {
      if (value == std::numeric_limits<T>::min() && mode != EvalMode::legacy) [[unlikely]] {
        if (mode == EvalMode::ansi) {
          throw_overflow("overflow", "");
        }
        return false;
      }
      result = static_cast<T>(-static_cast<std::make_unsigned_t<T>>(value));
    }
    return true;
  });
}

void sign_of_any(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out, bool only_negative) {
  const ColumnView& in = arguments[0];
  switch (in.type.kind()) {
    case TypeKind::byte:
      return change_sign<int8_t>(context, arguments, rows, out, only_negative);
    case TypeKind::short_int:
      return change_sign<int16_t>(context, arguments, rows, out, only_negative);
    case TypeKind::integer:
      return change_sign<int32_t>(context, arguments, rows, out, only_negative);
    case TypeKind::long_int:
      return change_sign<int64_t>(context, arguments, rows, out, only_negative);
    case TypeKind::float32:
      return change_sign<float>(context, arguments, rows, out, only_negative);
    case TypeKind::float64:
      return change_sign<double>(context, arguments, rows, out, only_negative);
    default:
      for (size_t row = 0; row < rows; ++row) {
        if (in.is_null(row)) {
          out.set_null(row);
        } else {
          const Int128 value = in.decimal(row);
          out.set_decimal(row, only_negative && value >= 0 ? value : -value);
        }
      }
  }
}

}  // namespace

template <Op op>
void run_arithmetic(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  switch (arguments[0].type.kind()) {
    case TypeKind::byte:
      return run_typed<op, int8_t>(context, arguments, rows, out);
    case TypeKind::short_int:
      return run_typed<op, int16_t>(context, arguments, rows, out);
    case TypeKind::integer:
      return run_typed<op, int32_t>(context, arguments, rows, out);
    case TypeKind::long_int:
      return run_typed<op, int64_t>(context, arguments, rows, out);
    case TypeKind::float32:
      return run_typed<op, float>(context, arguments, rows, out);
    case TypeKind::float64:
      return run_typed<op, double>(context, arguments, rows, out);
    case TypeKind::decimal:
      return run_decimal(decimal_operator(op), context, arguments, rows, out);
    default:
      throw_internal("arithmetic over " + simple_string(arguments[0].type));
  }
}

template void run_arithmetic<Op::add>(const KernelContext&, Columns, size_t, ColumnWriter&);
template void run_arithmetic<Op::subtract>(const KernelContext&, Columns, size_t, ColumnWriter&);
template void run_arithmetic<Op::multiply>(const KernelContext&, Columns, size_t, ColumnWriter&);
template void run_arithmetic<Op::divide>(const KernelContext&, Columns, size_t, ColumnWriter&);
template void run_arithmetic<Op::remainder>(const KernelContext&, Columns, size_t, ColumnWriter&);
template void run_arithmetic<Op::positive_remainder>(const KernelContext&, Columns, size_t, ColumnWriter&);
template void run_arithmetic<Op::whole_divide>(const KernelContext&, Columns, size_t, ColumnWriter&);

void run_negative(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  sign_of_any(context, arguments, rows, out, false);
}

void run_absolute(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  sign_of_any(context, arguments, rows, out, true);
}

}  // namespace pyrite
