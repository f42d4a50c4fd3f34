// How operands of operators meet.
#include "functions/operator_rules.h"

#include <algorithm>

#include "functions/registry.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;

/// Whole literals beside a decimal count only the digits they have.
Type decimal_of(const ExpressionPtr& expression) {
  const resolved::Literal* literal = resolved::as_literal(expression);
  if (literal && expression->type.is_integral() && !literal->value.is_null()) {
    const int64_t value = literal->value.integer();
    const std::string digits = decimal_text(value < 0 ? -Int128{value} : Int128{value}, 0);
    return Type::decimal(static_cast<int>(digits.size()), 0);
  }
  return decimal_for(expression->type);
}

ExpressionPtr with_decimal(const ExpressionPtr& expression, EvalMode mode) {
  return expression->type.is(TypeKind::decimal) ? expression : cast_to(expression, decimal_of(expression), mode);
}

bool is_decimal_pair(const Type& left, const Type& right) {
  return (left.is(TypeKind::decimal) && (right.is(TypeKind::decimal) || right.is_integral())) ||
         (right.is(TypeKind::decimal) && left.is_integral());
}

/// What a string becomes beside a number; the number's own type where it is none.
Type promoted(const ExpressionPtr& expression, const Type& other, bool ansi) {
  if (!expression->type.is_string()) {
    return expression->type;
  }
  return ansi && other.is_integral() ? Type::long_int() : Type::float64();
}

}  // namespace

EvalMode implicit_cast_mode(const BindOptions& options) {
  return options.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi;
}

std::vector<Type> types_of(const std::vector<ExpressionPtr>& expressions) {
  std::vector<Type> types;
  for (const ExpressionPtr& each : expressions) {
    types.push_back(each->type);
  }
  return types;
}

std::optional<Operands> meet_as_numbers(ArithmeticKind kind, const ExpressionPtr& left, const ExpressionPtr& right,
                                        const BindOptions& options) {
  const EvalMode mode = implicit_cast_mode(options);
  const bool ansi = mode == EvalMode::ansi;
  const auto usable = [](const Type& type) { return type.is_numeric() || type.is_string() || type.is(TypeKind::null); };
  if (!usable(left->type) || !usable(right->type)) {
    return std::nullopt;
  }
  // Two strings are numbers only without ANSI mode.
  const auto text_or_null = [](const Type& type) { return type.is_string() || type.is(TypeKind::null); };
  if (ansi && text_or_null(left->type) && text_or_null(right->type) &&
      (left->type.is_string() || right->type.is_string())) {
    return std::nullopt;
  }
  Type a = promoted(left, right->type, ansi), b = promoted(right, left->type, ansi);
  if (a.is(TypeKind::null) && b.is(TypeKind::null)) {
    a = b = kind == ArithmeticKind::whole_division ? Type::long_int() : Type::float64();
  } else if (a.is(TypeKind::null)) {
    a = b;
  } else if (b.is(TypeKind::null)) {
    b = a;
  }
  if (is_decimal_pair(a, b)) {
    const ExpressionPtr x = cast_to(left, a, mode), y = cast_to(right, b, mode);
    return Operands{with_decimal(x, mode), with_decimal(y, mode)};
  }
  if (kind == ArithmeticKind::division) {
    return Operands{cast_to(left, Type::float64(), mode), cast_to(right, Type::float64(), mode)};
  }
  if (kind == ArithmeticKind::whole_division) {
    if (!a.is_integral() || !b.is_integral()) {
      return std::nullopt;
    }
    return Operands{cast_to(left, Type::long_int(), mode), cast_to(right, Type::long_int(), mode)};
  }
  const auto common = a.is(TypeKind::decimal) || b.is(TypeKind::decimal) ? std::optional<Type>(Type::float64())
                                                                         : tightest_common_type(a, b, ansi);
  if (!common) {
    return std::nullopt;
  }
  return Operands{cast_to(left, *common, mode), cast_to(right, *common, mode)};
}

std::optional<Operands> meet_for_comparison(const ExpressionPtr& left, const ExpressionPtr& right,
                                            const BindOptions& options) {
  const EvalMode mode = implicit_cast_mode(options);
  std::optional<Type> common;
  if (is_decimal_pair(left->type, right->type)) {
    common = wider_type(decimal_of(left), decimal_of(right), mode == EvalMode::ansi);
  } else {
    common = comparison_type(left->type, right->type, mode == EvalMode::ansi);
  }
  if (!common) {
    return std::nullopt;
  }
  return Operands{cast_to(left, *common, mode), cast_to(right, *common, mode)};
}

std::optional<std::vector<ExpressionPtr>> meet_in_wider_type(std::vector<ExpressionPtr> expressions,
                                                             const BindOptions& options) {
  const EvalMode mode = implicit_cast_mode(options);
  const auto common = wider_type(types_of(expressions), mode == EvalMode::ansi);
  if (!common) {
    return std::nullopt;
  }
  for (ExpressionPtr& each : expressions) {
    each = cast_to(each, *common, mode);
  }
  return expressions;
}

std::pair<Type, Type> refused_types(const ExpressionPtr& left, const ExpressionPtr& right, bool arithmetic,
                                    const BindOptions& options) {
  const bool left_text = left->type.is_string(), right_text = right->type.is_string();
  if (options.mode == EvalMode::legacy) {
    const auto promote = [&](const Type& type, bool text) { return text && arithmetic ? Type::float64() : type; };
    return {promote(left->type, left_text), promote(right->type, right_text)};
  }
  if (left_text != right_text) {
    if (const auto common = comparison_type(left->type, right->type, true)) {
      return {*common, *common};
    }
  }
  // Decimals have met numbers of other kinds before the operator looks at them.
  const auto beside = [](const ExpressionPtr& self, const Type& other) {
    if (self->type.is(TypeKind::decimal) && other.is_floating()) {
      return Type::float64();
    }
    return self->type.is_integral() && other.is(TypeKind::decimal) ? decimal_of(self) : self->type;
  };
  return {beside(left, right->type), beside(right, left->type)};
}

void throw_bad_operands(const FunctionDef& function, const std::vector<ExpressionPtr>& shown, const Type& left,
                        const Type& right, const BindOptions& options, std::string required) {
  // try_add and the like complain about the operator that they stand for.
  static constexpr std::pair<std::string_view, std::string_view> operators[] = {
      {"try_add", "+"},    {"try_subtract", "-"}, {"try_multiply", "*"},
      {"try_divide", "/"}, {"try_mod", "%"},      {"equal_null", "<=>"}};
  for (const auto& [name, symbol] : operators) {
    if (function.name == name) {
      BindOptions inner = options;
      inner.shown_name = symbol;
      throw_bad_operands(*find_function(symbol).function, shown, left, right, inner, std::move(required));
    }
  }
  if (same_type(left, right)) {
    throw_mismatch("BINARY_OP_WRONG_TYPE", function, shown, options,
                   {{"inputType", std::move(required)}, {"actualDataType", quoted_type(left)}});
  }
  throw_mismatch("BINARY_OP_DIFF_TYPES", function, shown, options,
                 {{"left", quoted_type(left)}, {"right", quoted_type(right)}});
}

std::string show_infix(std::string_view name, const std::vector<std::string>& arguments) {
  if (arguments.size() == 1) {
    return "(" + std::string(name) + " " + arguments[0] + ")";
  }
  std::string out = "(";
  for (size_t i = 0; i < arguments.size(); ++i) {
    out += (i ? " " + std::string(name) + " " : std::string()) + arguments[i];
  }
  return out + ")";
}

}  // namespace pyrite
