// Arithmetic operators and their function forms: rows and how operands meet.
#include "functions/arithmetic_kernel.h"
#include "functions/call_names.h"
#include "functions/datetime_arithmetic.h"
#include "functions/decimal_arithmetic.h"
#include "functions/families.h"
#include "functions/operator_rules.h"

namespace pyrite {
namespace {

using Op = ArithmeticOperator;
using resolved::EvalMode;
using resolved::ExpressionPtr;
using Arguments = std::vector<ExpressionPtr>;

const std::string number_or_interval =
    "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL\")";

std::string required_operand(Op op) {
  switch (op) {
    case Op::add:
    case Op::subtract:
      return number_or_interval;
    case Op::whole_divide:
      return "(\"BIGINT\" or \"DECIMAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")";
    case Op::divide:
      return "(\"DOUBLE\" or \"DECIMAL\")";
    default:
      return "\"NUMERIC\"";
  }
}

bool is_temporal(const Type& type) {
  return type.is_datetime() || type.is_ansi_interval() || type.is(TypeKind::time) ||
         type.is(TypeKind::calendar_interval);
}

std::optional<DatetimeOperator> datetime_operator(Op op) {
  switch (op) {
    case Op::add:
      return DatetimeOperator::add;
    case Op::subtract:
      return DatetimeOperator::subtract;
    case Op::multiply:
      return DatetimeOperator::multiply;
    case Op::divide:
      return DatetimeOperator::divide;
    default:
      return std::nullopt;
  }
}

constexpr ArithmeticKind kind_of(Op op) {
  return op == Op::divide         ? ArithmeticKind::division
         : op == Op::whole_divide ? ArithmeticKind::whole_division
                                  : ArithmeticKind::plain;
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
    default:
      return DecimalOperator::whole_divide;
  }
}

template <DatetimeOperator op>
ExpressionPtr make_temporal(const CallInfo& info, const Arguments& arguments) {
  return bind_datetime_operator(op, arguments[0], arguments[1], BindOptions{.mode = info.mode, .origin = info.origin});
}

/// The try_ functions over dates, times and intervals: shown under their own names.
const FunctionDef temporal_rows[] = {
    {.name = "try_add", .failure = Failure::possible, .lower = lowering::Compose{make_temporal<DatetimeOperator::add>}},
    {.name = "try_subtract",
     .failure = Failure::possible,
     .lower = lowering::Compose{make_temporal<DatetimeOperator::subtract>}},
    {.name = "try_multiply",
     .failure = Failure::possible,
     .lower = lowering::Compose{make_temporal<DatetimeOperator::multiply>}},
    {.name = "try_divide",
     .failure = Failure::possible,
     .lower = lowering::Compose{make_temporal<DatetimeOperator::divide>}},
};

ExpressionPtr bind_unary(IntervalSign sign, const FunctionDef& function, Arguments arguments,
                         const BindOptions& options);

template <Op op>
ExpressionPtr bind_operator(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  if ((op == Op::add || op == Op::subtract) && arguments.size() == 1 && function.name.size() == 1) {
    return bind_unary(op == Op::add ? IntervalSign::positive : IntervalSign::negative, function, std::move(arguments),
                      options);
  }
  require_count(function, options, arguments.size(), 2);
  const ExpressionPtr &left = arguments[0], &right = arguments[1];
  if (const auto temporal = datetime_operator(op); temporal && (is_temporal(left->type) || is_temporal(right->type))) {
    BindOptions inner = options;
    inner.mode = call_mode(function, options);
    if (ExpressionPtr bound = bind_datetime_operator(*temporal, left, right, inner)) {
      const bool tries = inner.mode == EvalMode::try_null && function.name.starts_with("try_");
      return tries
                 ? make_call(temporal_rows[static_cast<size_t>(*temporal)], std::move(arguments), options, bound->type)
                 : bound;
    }
  }
  const auto operands = meet_as_numbers(kind_of(op), left, right, options);
  if (!operands) {
    auto [a, b] = refused_types(left, right, true, options);
    if (op == Op::whole_divide) {
      for (Type* type : {&a, &b}) {
        *type = type->is_integral() ? Type::long_int() : *type;
      }
    }
    throw_bad_operands(function, arguments, a, b, options, required_operand(op));
  }
  const Type& type = operands->left->type;
  Type result = type;
  if (type.is(TypeKind::decimal)) {
    result = decimal_result(decimal_operator(op), type, operands->right->type, options.decimal_precision_loss);
  }
  if (op == Op::whole_divide) {
    result = Type::long_int();
  }
  return make_call(function, {operands->left, operands->right}, options, std::move(result));
}

/// -x, +x, abs(x).
ExpressionPtr bind_unary(IntervalSign sign, const FunctionDef& function, Arguments arguments,
                         const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  const Type type = arguments[0]->type;
  if (type.is_ansi_interval() || type.is(TypeKind::calendar_interval)) {
    if (ExpressionPtr bound = bind_interval_sign(sign, arguments[0], options)) {
      return bound;
    }
  }
  if (type.is_string() || type.is(TypeKind::null)) {
    arguments[0] = cast_to(arguments[0], Type::float64(), implicit_cast_mode(options));
  } else if (!type.is_numeric()) {
    throw_unexpected_type(function, arguments, options, 0,
                          sign == IntervalSign::absolute
                              ? "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")"
                              : number_or_interval);
  }
  Type result = arguments[0]->type;
  return make_call(function, std::move(arguments), options, std::move(result));
}

template <IntervalSign sign>
ExpressionPtr bind_sign(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  return bind_unary(sign, function, std::move(arguments), options);
}

/// + and - serve as signs too.
void run_plus(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  if (arguments.size() == 2) {
    return run_arithmetic<Op::add>(context, arguments, rows, out);
  }
  for (size_t row = 0; row < rows; ++row) {
    out.copy(row, arguments[0], row);
  }
}

void run_minus(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  if (arguments.size() == 2) {
    return run_arithmetic<Op::subtract>(context, arguments, rows, out);
  }
  run_negative(context, arguments, rows, out);
}

std::string show_positive(std::string_view, const std::vector<std::string>& arguments) {
  return "(+ " + arguments[0] + ")";
}

template <Op op>
inline constexpr Lowering own = lowering::Own{Kernel{&run_arithmetic<op>, nullptr}};

const FunctionDef rows[] = {
    {.name = "+",
     .bind = bind_operator<Op::add>,
     .failure = Failure::possible,
     .display = show_infix,
     .lower = lowering::Own{Kernel{&run_plus, nullptr}},
     .errors = {"ARITHMETIC_OVERFLOW", "BINARY_ARITHMETIC_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE"},
     .doc = "The sum of two numbers, a date or timestamp and an interval, or two intervals.",
     .examples = {"1 + 2 = 3"},
     .since = "1.0.0",
     .group = "math_funcs"},
    {.name = "-",
     .bind = bind_operator<Op::subtract>,
     .failure = Failure::possible,
     .display = show_infix,
     .lower = lowering::Own{Kernel{&run_minus, nullptr}},
     .errors = {"ARITHMETIC_OVERFLOW", "BINARY_ARITHMETIC_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE"},
     .doc = "The first value less the second.",
     .examples = {"2 - 1 = 1"},
     .since = "1.0.0",
     .group = "math_funcs"},
    {.name = "*",
     .bind = bind_operator<Op::multiply>,
     .failure = Failure::possible,
     .display = show_infix,
     .lower = own<Op::multiply>,
     .errors = {"ARITHMETIC_OVERFLOW", "BINARY_ARITHMETIC_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE"},
     .doc = "The product of two numbers, or of an interval and a number.",
     .examples = {"2 * 3 = 6"},
     .since = "1.0.0",
     .group = "math_funcs"},
    {.name = "/",
     .bind = bind_operator<Op::divide>,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_infix,
     .lower = own<Op::divide>,
     .errors = {"DIVIDE_BY_ZERO", "NUMERIC_VALUE_OUT_OF_RANGE"},
     .doc = "The quotient of two numbers, with its fraction.",
     .examples = {"3 / 2 = 1.5"},
     .since = "1.0.0",
     .group = "math_funcs"},
    {.name = "%",
     .bind = bind_operator<Op::remainder>,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_infix,
     .lower = own<Op::remainder>,
     .errors = {"REMAINDER_BY_ZERO"},
     .doc = "What is left of the first number after division by the second; it has the sign of the first.",
     .examples = {"2 % 1.8 = 0.2"},
     .since = "1.0.0",
     .group = "math_funcs"},
    {.name = "mod",
     .bind = bind_operator<Op::remainder>,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = own<Op::remainder>,
     .errors = {"REMAINDER_BY_ZERO"},
     .doc = "What is left of the first number after division by the second; it has the sign of the first.",
     .examples = {"mod(2, 1.8) = 0.2"},
     .since = "2.3.0",
     .group = "math_funcs"},
    {.name = "div",
     .bind = bind_operator<Op::whole_divide>,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_infix,
     .lower = own<Op::whole_divide>,
     .errors = {"DIVIDE_BY_ZERO", "ARITHMETIC_OVERFLOW"},
     .doc = "The whole part of a quotient.",
     .examples = {"3 div 2 = 1"},
     .since = "3.0.0",
     .group = "math_funcs"},
    {.name = "pmod",
     .bind = bind_operator<Op::positive_remainder>,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = own<Op::positive_remainder>,
     .errors = {"REMAINDER_BY_ZERO"},
     .doc = "The remainder of a division, never negative for a positive divisor.",
     .examples = {"pmod(10, 3) = 1", "pmod(-10, 3) = 2"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "try_add",
     .bind = bind_operator<Op::add>,
     .nullability = Nullability::always,
     .lower = own<Op::add>,
     .doc = "As +, but NULL where the sum leaves the range of the type.",
     .examples = {"try_add(1, 2) = 3", "try_add(2147483647, 1) = NULL"},
     .since = "3.2.0",
     .group = "math_funcs"},
    {.name = "try_subtract",
     .bind = bind_operator<Op::subtract>,
     .nullability = Nullability::always,
     .lower = own<Op::subtract>,
     .doc = "As -, but NULL where the difference leaves the range of the type.",
     .examples = {"try_subtract(2, 1) = 1"},
     .since = "3.3.0",
     .group = "math_funcs"},
    {.name = "try_multiply",
     .bind = bind_operator<Op::multiply>,
     .nullability = Nullability::always,
     .lower = own<Op::multiply>,
     .doc = "As *, but NULL where the product leaves the range of the type.",
     .examples = {"try_multiply(2, 3) = 6"},
     .since = "3.3.0",
     .group = "math_funcs"},
    {.name = "try_divide",
     .bind = bind_operator<Op::divide>,
     .nullability = Nullability::always,
     .lower = own<Op::divide>,
     .doc = "As /, but NULL for a division by zero.",
     .examples = {"try_divide(3, 2) = 1.5", "try_divide(1, 0) = NULL"},
     .since = "3.2.0",
     .group = "math_funcs"},
    {.name = "try_mod",
     .bind = bind_operator<Op::remainder>,
     .nullability = Nullability::always,
     .lower = own<Op::remainder>,
     .doc = "As %, but NULL for a division by zero.",
     .examples = {"try_mod(3, 2) = 1", "try_mod(1, 0) = NULL"},
     .since = "4.0.0",
     .group = "math_funcs"},
    {.name = "negative",
     .bind = bind_sign<IntervalSign::negative>,
     .failure = Failure::possible,
     .lower = lowering::Own{Kernel{&run_negative, nullptr}},
     .errors = {"ARITHMETIC_OVERFLOW"},
     .doc = "The number or interval with the other sign.",
     .examples = {"negative(1) = -1"},
     .since = "1.0.0",
     .group = "math_funcs"},
    {.name = "positive",
     .bind = bind_sign<IntervalSign::positive>,
     .display = show_positive,
     .lower = lowering::Own{Kernel{&run_plus, nullptr}},
     .doc = "The number or interval itself.",
     .examples = {"positive(1) = 1"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "abs",
     .bind = bind_sign<IntervalSign::absolute>,
     .failure = Failure::possible,
     .lower = lowering::Own{Kernel{&run_absolute, nullptr}},
     .errors = {"ARITHMETIC_OVERFLOW"},
     .doc = "The number or interval without its sign.",
     .examples = {"abs(-1) = 1"},
     .since = "1.2.0",
     .group = "math_funcs"},
};

}  // namespace

std::span<const FunctionDef> arithmetic_functions() { return rows; }

}  // namespace pyrite
