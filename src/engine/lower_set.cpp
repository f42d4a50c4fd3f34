// Set operations and duplicates.
#include <algorithm>

#include "duckdb/planner/operator/logical_distinct.hpp"
#include "duckdb/planner/operator/logical_set_operation.hpp"
#include "engine/lowering.h"

namespace pyrite {

Lowered PlanLowering::lower(const resolved::SetOperation& node, const resolved::Relation& relation) {
  const auto side = [&](const resolved::RelationPtr& input) {
    Lowered lowered = this->relation(input);
    DuckExpressions columns;
    for (size_t i = 0; i < relation.output.size(); ++i) {
      columns.push_back(cast_to(context_, column_ref(engine_type(input->output[i].type), lowered.columns[i]),
                                engine_type(relation.output[i].type)));
    }
    if (columns.empty()) {
      columns.push_back(boolean_constant(true));
    }
    return project(std::move(lowered.op), std::move(columns)).op;
  };
  DuckOperator left = side(node.left);
  DuckOperator right = side(node.right);
  const size_t width = std::max<size_t>(1, relation.output.size());
  const auto type = node.op == plan::SetOperator::union_      ? duckdb::LogicalOperatorType::LOGICAL_UNION
                    : node.op == plan::SetOperator::intersect ? duckdb::LogicalOperatorType::LOGICAL_INTERSECT
                                                              : duckdb::LogicalOperatorType::LOGICAL_EXCEPT;
  const duckdb::TableIndex index = new_index();
  // DuckDB makes a union distinct by an operator of its own.
  const bool distinct_union = node.op == plan::SetOperator::union_ && !node.all;
  if (node.op != plan::SetOperator::union_ &&
      std::any_of(relation.output.begin(), relation.output.end(),
                  [](const auto& column) { return compares_by_key(column.type); })) {
    throw_unsupported("EXCEPT and INTERSECT over collated text");
  }
  Lowered out;
  out.op = duckdb::make_uniq<duckdb::LogicalSetOperation>(index, width, std::move(left), std::move(right), type,
                                                          node.all || distinct_union, false);
  for (size_t i = 0; i < width; ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  return distinct_union ? distinct_rows(std::move(out), relation.output) : std::move(out);
}

Lowered PlanLowering::lower(const resolved::Distinct& node, const resolved::Relation&) {
  return distinct_rows(relation(node.input), node.input->output);
}

Lowered PlanLowering::distinct_rows(Lowered input, const std::vector<resolved::Column>& columns) {
  DuckExpressions outputs;
  for (size_t i = 0; i < columns.size(); ++i) {
    outputs.push_back(column_ref(engine_type(columns[i].type), input.columns[i]));
  }
  if (outputs.empty()) {
    outputs.push_back(boolean_constant(true));
  }
  // Only the relation's columns count, whatever else its operator carries; collated texts count by their keys.
  const size_t width = outputs.size();
  std::vector<size_t> places(width);
  for (size_t i = 0; i < width; ++i) {
    places[i] = i;
    if (i < columns.size() && compares_by_key(columns[i].type)) {
      places[i] = outputs.size();
      outputs.push_back(comparable(outputs[i]->Copy(), columns[i].type));
    }
  }
  const bool keyed = outputs.size() > width;
  Lowered out = project(std::move(input.op), std::move(outputs));
  DuckExpressions targets;
  for (const size_t place : places) {
    targets.push_back(column_ref(out.op->expressions[place]->GetReturnType(), out.columns[place]));
  }
  auto distinct = duckdb::make_uniq<duckdb::LogicalDistinct>(
      std::move(targets), keyed ? duckdb::DistinctType::DISTINCT_ON : duckdb::DistinctType::DISTINCT);
  distinct->AddChild(std::move(out.op));
  out.op = std::move(distinct);
  out.columns.resize(width);
  return out;
}

Lowered PlanLowering::lower(const resolved::DistinctOn& node, const resolved::Relation&) {
  Lowered input = relation(node.input);
  const Scope scope(node.input->output, input.columns);
  DuckExpressions outputs;
  for (size_t i = 0; i < node.input->output.size(); ++i) {
    outputs.push_back(column_ref(engine_type(node.input->output[i].type), input.columns[i]));
  }
  const size_t width = outputs.size();
  for (const resolved::ExpressionPtr& key : node.keys) {
    outputs.push_back(comparable(expression(key, scope), key->type));
  }
  Lowered out = project(std::move(input.op), std::move(outputs));
  DuckExpressions targets;
  for (size_t i = width; i < out.columns.size(); ++i) {
    targets.push_back(column_ref(out.op->expressions[i]->GetReturnType(), out.columns[i]));
  }
  auto distinct = duckdb::make_uniq<duckdb::LogicalDistinct>(std::move(targets), duckdb::DistinctType::DISTINCT_ON);
  distinct->AddChild(std::move(out.op));
  out.op = std::move(distinct);
  out.columns.resize(width);
  return out;
}

}  // namespace pyrite
