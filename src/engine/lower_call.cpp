// Scalar calls, by the way their function's row says it is computed.
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "engine/literal.h"
#include "engine/lowering.h"
#include "functions/bind_call.h"

namespace pyrite {
namespace {

/// Rows say when a function may fail on some type; arithmetic on many types cannot.
Failure failure_of(const resolved::Call& call, const Type& result) {
  const std::string_view name = call.function->name;
  if (call.function->failure == Failure::never) {
    return Failure::never;
  }
  const bool adds = name == "+" || name == "-" || name == "*";
  if (!adds && name != "/" && name != "%") {
    return call.function->failure;
  }
  if (call.mode != resolved::EvalMode::ansi) {
    return Failure::never;
  }
  const bool cannot_overflow = result.is_floating() || (result.is(TypeKind::decimal) && result.precision() < 38);
  return adds && cannot_overflow ? Failure::never : Failure::possible;
}

}  // namespace

DuckExpressions PlanLowering::arguments(const resolved::Call& call, const Scope& scope) {
  DuckExpressions out;
  for (const resolved::ExpressionPtr& argument : call.arguments) {
    out.push_back(expression(argument, scope));
  }
  return out;
}

CallInfo PlanLowering::call_info_of(const resolved::Call& call, const resolved::Expression& expression) {
  CallInfo info;
  info.function = call.function;
  info.name = std::string(call.function->name);
  info.result_type = expression.type;
  info.mode = call.mode;
  info.origin = expression.origin;
  info.session = query_->session;
  info.time_zone = query_->session->time_zone;
  if (call.function->purity == Purity::per_row) {
    info.streams = std::make_shared<std::atomic<int32_t>>(0);
  }
  for (const resolved::ExpressionPtr& argument : call.arguments) {
    info.argument_types.push_back(argument->type);
    info.argument_nullable.push_back(argument->nullable);
    const resolved::Literal* literal = resolved::as_literal(argument);
    info.constants.push_back(literal ? std::optional<Value>(literal->value) : std::nullopt);
  }
  return info;
}

void PlanLowering::fold_constants(CallInfo& info, const DuckExpressions& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    duckdb::Value value;
    if (!info.constants[i] && arguments[i]->IsFoldable() &&
        duckdb::ExpressionExecutor::TryEvaluateScalar(context_, *arguments[i], value)) {
      info.constants[i] = spark_value(value, info.argument_types[i]);
    }
  }
}

DuckExpression PlanLowering::folded(DuckExpression expression) {
  if (!expression->IsFoldable()) {
    return expression;
  }
  try {
    duckdb::Value value;
    if (duckdb::ExpressionExecutor::TryEvaluateScalar(context_, *expression, value)) {
      return constant(std::move(value));
    }
  } catch (const std::exception&) {
    // What cannot be computed now fails where its rows are computed, if they ever are.
  }
  return expression;
}

DuckExpression PlanLowering::lower(const resolved::Call& node, const resolved::Expression& expression,
                                   const Scope& scope) {
  check(node.function, "a call without a function");
  const Lowering& how = node.function->lower;
  if (const auto* special = std::get_if<lowering::Special>(&how)) {
    return special_form(special->form, node, expression, scope);
  }
  if (const auto* own = std::get_if<lowering::Own>(&how)) {
    HostedKernel hosted{own->kernel, call_info_of(node, expression), node.function->nulls, node.function->purity,
                        failure_of(node, expression.type)};
    DuckExpressions arguments = this->arguments(node, scope);
    fold_constants(hosted.call, arguments);
    if (!own->engine.empty() && own->engine_fits(hosted.call)) {
      return engine_call(context_, std::string(own->engine).c_str(), std::move(arguments));
    }
    const bool pure = node.function->purity == Purity::pure;
    DuckExpression out = host_kernel(std::move(hosted), std::move(arguments), query_);
    return pure ? folded(std::move(out)) : std::move(out);
  }
  if (const auto* engine = std::get_if<lowering::Engine>(&how)) {
    return engine_call(context_, std::string(engine->name).c_str(), arguments(node, scope));
  }
  if (const auto* compose = std::get_if<lowering::Compose>(&how)) {
    return this->expression(compose->make(call_info_of(node, expression), node.arguments), scope);
  }
  if (std::holds_alternative<lowering::Todo>(how)) {
    throw_unsupported("function " + node.name);
  }
  throw_internal("function " + node.name + " is not a scalar one");
}

}  // namespace pyrite
