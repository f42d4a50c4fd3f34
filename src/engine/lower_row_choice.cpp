// Which rows stay: tails and samples; and rows that are observed on their way.
#include "duckdb/function/builtin_function_lookup.hpp"
#include "duckdb/function/function_binder.hpp"
#include "duckdb/function/window_function.hpp"
#include "duckdb/planner/expression/bound_window_expression.hpp"
#include "duckdb/planner/operator/logical_filter.hpp"
#include "duckdb/planner/operator/logical_limit.hpp"
#include "duckdb/planner/operator/logical_order.hpp"
#include "duckdb/planner/operator/logical_window.hpp"
#include "engine/lowering.h"
#include "functions/bind_call.h"

namespace pyrite {
namespace {

/// Columns whose filters stay above: filters that run before rows are drawn would change which ones are.
DuckExpressions pinned(const std::vector<resolved::Column>& columns,
                       const std::vector<duckdb::ColumnBinding>& bindings) {
  DuckExpressions out;
  for (size_t i = 0; i < columns.size(); ++i) {
    out.push_back(pin(column_ref(engine_type(columns[i].type), bindings[i])));
  }
  return out;
}

}  // namespace

Lowered PlanLowering::number_rows(Lowered input) {
  const duckdb::TableIndex index = new_index();
  auto window = duckdb::make_uniq<duckdb::LogicalWindow>(index);
  duckdb::FunctionBinder binder(context_);
  duckdb::vector<duckdb::LogicalType> none;
  auto number = binder.BindWindowFunction(
      duckdb::GetBuiltinWindowFunction(context_, duckdb::Identifier("row_number"), {}), DuckExpressions(), none, none);
  number->WindowStartMutable() = duckdb::WindowBoundary::UNBOUNDED_PRECEDING;
  number->WindowEndMutable() = duckdb::WindowBoundary::CURRENT_ROW_ROWS;
  window->expressions.push_back(std::move(number));
  window->AddChild(std::move(input.op));
  Lowered out{std::move(window), std::move(input.columns)};
  out.columns.emplace_back(index, duckdb::ProjectionIndex(0));
  return out;
}

Lowered PlanLowering::lower(const resolved::Tail& node, const resolved::Relation&) {
  Lowered numbered = number_rows(relation(node.input));
  const duckdb::ColumnBinding number = numbered.columns.back();
  numbered.columns.pop_back();
  const auto by_number = [&](duckdb::OrderType direction) {
    duckdb::vector<duckdb::BoundOrderByNode> orders;
    orders.emplace_back(direction, duckdb::OrderByNullType::NULLS_FIRST,
                        column_ref(duckdb::LogicalType::BIGINT, number));
    auto sort = duckdb::make_uniq<duckdb::LogicalOrder>(std::move(orders));
    sort->AddChild(std::move(numbered.op));
    numbered.op = std::move(sort);
  };
  by_number(duckdb::OrderType::DESCENDING);
  auto limit = duckdb::make_uniq<duckdb::LogicalLimit>(duckdb::BoundLimitNode::ConstantValue(node.count),
                                                       duckdb::BoundLimitNode());
  limit->AddChild(std::move(numbered.op));
  numbered.op = std::move(limit);
  by_number(duckdb::OrderType::ASCENDING);
  return numbered;
}

Lowered PlanLowering::lower(const resolved::Sample& node, const resolved::Relation&) {
  const auto bound = [](double value) { return resolved::literal(Value(value), Type::float64()); };
  const auto seed = resolved::literal(Value(node.seed), Type::long_int());
  if (node.with_replacement) {
    // Each row comes as often as an array of its draws has elements.
    const auto draws = call("explode", {call("poisson_draws", {bound(node.upper - node.lower), seed})});
    Lowered drawn = relation(resolved::make_relation(resolved::Generate{node.input, draws}, node.input->output));
    return drawn.columns.empty() ? std::move(drawn)
                                 : project(std::move(drawn.op), pinned(node.input->output, drawn.columns));
  }
  Lowered input = relation(node.input);
  // Spark draws one number a row, as rand(seed) does, and keeps the rows whose number falls between the bounds.
  const Scope scope(node.input->output, input.columns);
  const auto draw = call("rand", {seed});
  DuckExpressions outputs = pinned(node.input->output, input.columns);
  outputs.push_back(expression(draw, scope));
  Lowered drawn = project(std::move(input.op), std::move(outputs));
  const DuckExpression number = column_ref(duckdb::LogicalType::DOUBLE, drawn.columns.back());
  const Scope none;
  auto filter = duckdb::make_uniq<duckdb::LogicalFilter>();
  filter->expressions.push_back(compare(duckdb::ExpressionType::COMPARE_GREATERTHANOREQUALTO, number->Copy(),
                                        expression(bound(node.lower), none)));
  filter->expressions.push_back(
      compare(duckdb::ExpressionType::COMPARE_LESSTHAN, number->Copy(), expression(bound(node.upper), none)));
  filter->AddChild(std::move(drawn.op));
  drawn.columns.pop_back();
  return {std::move(filter), std::move(drawn.columns)};
}

Lowered PlanLowering::lower(const resolved::Observe& node, const resolved::Relation&) {
  // The metrics are computed beside the query, see observe.cpp.
  query_->observed.push_back(node);
  return relation(node.input);
}

DuckExpression PlanLowering::arithmetic(SpecialForm, const resolved::Call& call, const resolved::Expression&,
                                        const Scope&) {
  throw_internal("operator " + call.name + " has no kernel");
}

}  // namespace pyrite
