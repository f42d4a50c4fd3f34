// Values of expressions that can be known while a query is analyzed.
#include "functions/bind_rule.h"
#include "functions/memory_column.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;

constexpr int deepest_constant = 64;

std::optional<Value> evaluate(const ExpressionPtr& expression, int depth);

/// The elements of array(…), the values of named_struct(name, value, …).
std::optional<Value> evaluate_nested(const resolved::Call& call, int depth, size_t first, size_t step) {
  ValueList values;
  for (size_t i = first; i < call.arguments.size(); i += step) {
    auto value = evaluate(call.arguments[i], depth + 1);
    if (!value) {
      return std::nullopt;
    }
    values.push_back(std::move(*value));
  }
  return Value(std::move(values));
}

std::optional<Value> evaluate_call(const resolved::Call& call, const Type& result, int depth) {
  if (const auto* special = std::get_if<lowering::Special>(&call.function->lower)) {
    return special->form == SpecialForm::make_array    ? evaluate_nested(call, depth, 0, 1)
           : special->form == SpecialForm::make_struct ? evaluate_nested(call, depth, 1, 2)
                                                       : std::nullopt;
  }
  const auto* own = std::get_if<lowering::Own>(&call.function->lower);
  if (!own || call.function->purity != Purity::pure) {
    return std::nullopt;
  }
  std::vector<ValueList> arguments;
  bool any_null = false;
  for (const ExpressionPtr& argument : call.arguments) {
    auto value = evaluate(argument, depth + 1);
    if (!value) {
      return std::nullopt;
    }
    any_null = any_null || value->is_null();
    arguments.push_back({std::move(*value)});
  }
  if (any_null && call.function->nulls == NullHandling::propagate) {
    return Value();
  }
  const CallInfo info = call_info(*call.function, call.arguments, result, call.mode);
  return run_kernel(own->kernel, info, arguments, 1)[0];
}

std::optional<Value> evaluate(const ExpressionPtr& expression, int depth) {
  if (depth > deepest_constant) {
    return std::nullopt;
  }
  if (const auto* literal = resolved::as_literal(expression)) {
    return literal->value;
  }
  if (const auto* cast = std::get_if<resolved::Cast>(&expression->node)) {
    const auto value = evaluate(cast->child, depth + 1);
    if (!value) {
      return std::nullopt;
    }
    return cast_value(*value, cast->child->type, expression->type, cast->mode);
  }
  if (const auto* call = std::get_if<resolved::Call>(&expression->node)) {
    return evaluate_call(*call, expression->type, depth);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Value> constant_value(const ExpressionPtr& expression) {
  try {
    return evaluate(expression, 0);
  } catch (const SparkError&) {
    // The error belongs to the running query, not to its analysis.
    return std::nullopt;
  }
}

void require_no_failure(const ExpressionPtr& expression) { evaluate(expression, 0); }

Value cast_value(const Value& value, const Type& from, const Type& to, EvalMode mode) {
  if (value.is_null() || same_type(from, to)) {
    return value;
  }
  const Kernel kernel = cast_kernel(from, to, mode);
  check(kernel.run != nullptr, "no cast from " + simple_string(from) + " to " + simple_string(to));
  CallInfo info;
  info.name = "cast";
  info.argument_types = {from};
  info.argument_nullable = {true};
  info.constants = {std::nullopt};
  info.result_type = to;
  info.mode = mode;
  return run_kernel(kernel, info, {{value}}, 1)[0];
}

}  // namespace pyrite
