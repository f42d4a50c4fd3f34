// Small DuckDB expressions that lowering is made of.
#include "duckdb/function/builtin_function_lookup.hpp"
#include "duckdb/planner/expression/bound_case_expression.hpp"
#include "duckdb/planner/expression/bound_cast_expression.hpp"
#include "duckdb/planner/expression/bound_columnref_expression.hpp"
#include "duckdb/planner/expression/bound_comparison_expression.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "duckdb/planner/expression/bound_operator_expression.hpp"
#include "engine/forbid_copies.h"
#include "engine/lowering.h"

namespace pyrite {
namespace {

void run_reinterpret(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  result.Reinterpret(arguments.data[0]);
}

void run_pin(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  result.Reference(arguments.data[0]);
}

}  // namespace

DuckExpression cast_to(duckdb::ClientContext& context, DuckExpression expression, const duckdb::LogicalType& type) {
  return expression->GetReturnType() == type
             ? std::move(expression)
             : duckdb::BoundCastExpression::AddCastToType(context, std::move(expression), type);
}

DuckExpression constant(duckdb::Value value) {
  return duckdb::make_uniq<duckdb::BoundConstantExpression>(std::move(value));
}

DuckExpression null_constant(const duckdb::LogicalType& type) { return constant(duckdb::Value(type)); }

DuckExpression boolean_constant(bool value) { return constant(duckdb::Value::BOOLEAN(value)); }

DuckExpression column_ref(const duckdb::LogicalType& type, duckdb::ColumnBinding binding, size_t depth) {
  return duckdb::make_uniq<duckdb::BoundColumnRefExpression>(type, binding, depth);
}

DuckExpression operation(duckdb::ExpressionType type, const duckdb::LogicalType& result, DuckExpressions children) {
  auto out = duckdb::make_uniq<duckdb::BoundOperatorExpression>(type, result);
  out->GetChildrenMutable() = std::move(children);
  return out;
}

DuckExpression is_null(DuckExpression child) {
  return operation(duckdb::ExpressionType::OPERATOR_IS_NULL, duckdb::LogicalType::BOOLEAN,
                   expressions_of(std::move(child)));
}

DuckExpression is_not_null(DuckExpression child) {
  return operation(duckdb::ExpressionType::OPERATOR_IS_NOT_NULL, duckdb::LogicalType::BOOLEAN,
                   expressions_of(std::move(child)));
}

DuckExpression negated(DuckExpression child) {
  return operation(duckdb::ExpressionType::OPERATOR_NOT, duckdb::LogicalType::BOOLEAN,
                   expressions_of(std::move(child)));
}

DuckExpression compare(duckdb::ExpressionType type, DuckExpression left, DuckExpression right) {
  return duckdb::BoundComparisonExpression::Create(type, std::move(left), std::move(right));
}

DuckExpression if_then_else(DuckExpression condition, DuckExpression then, DuckExpression otherwise) {
  return duckdb::make_uniq<duckdb::BoundCaseExpression>(std::move(condition), std::move(then), std::move(otherwise));
}

DuckExpression engine_call(duckdb::ClientContext& context, const char* name, DuckExpressions arguments) {
  return duckdb::BindBuiltinScalarExpression(context, duckdb::Identifier(std::string(name)), std::move(arguments));
}

DuckExpression reinterpret(DuckExpression child, const duckdb::LogicalType& type) {
  if (child->GetReturnType() == type) {
    return child;
  }
  duckdb::ScalarFunction function("reinterpret", {child->GetReturnType()}, type, run_reinterpret);
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(duckdb::BoundScalarFunction(forbid_copies(function)),
                                                            expressions_of(std::move(child)), nullptr);
}

DuckExpression pin(DuckExpression child) {
  const duckdb::LogicalType type = child->GetReturnType();
  duckdb::ScalarFunction function("pin", {type}, type, run_pin);
  function.SetVolatile();
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(duckdb::BoundScalarFunction(forbid_copies(function)),
                                                            expressions_of(std::move(child)), nullptr);
}

DuckExpressions expressions_of(DuckExpression first, DuckExpression second, DuckExpression third) {
  DuckExpressions out;
  out.push_back(std::move(first));
  if (second) {
    out.push_back(std::move(second));
  }
  if (third) {
    out.push_back(std::move(third));
  }
  return out;
}

}  // namespace pyrite
