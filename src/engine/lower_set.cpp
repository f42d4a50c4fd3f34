// Set operations and duplicates.
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
  const auto type = node.op == plan::SetOperator::union_     ? duckdb::LogicalOperatorType::LOGICAL_UNION
                    : node.op == plan::SetOperator::intersect ? duckdb::LogicalOperatorType::LOGICAL_INTERSECT
                                                              : duckdb::LogicalOperatorType::LOGICAL_EXCEPT;
  const duckdb::TableIndex index = new_index();
  // DuckDB makes a union distinct by an operator of its own.
  const bool distinct_union = node.op == plan::SetOperator::union_ && !node.all;
  Lowered out;
  out.op = duckdb::make_uniq<duckdb::LogicalSetOperation>(index, width, std::move(left), std::move(right), type,
                                                          node.all || distinct_union, false);
  for (size_t i = 0; i < width; ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  if (distinct_union) {
    DuckExpressions targets;
    for (size_t i = 0; i < width; ++i) {
      const auto type_of_column =
          relation.output.empty() ? duckdb::LogicalType::BOOLEAN : engine_type(relation.output[i].type);
      targets.push_back(column_ref(type_of_column, out.columns[i]));
    }
    auto distinct = duckdb::make_uniq<duckdb::LogicalDistinct>(std::move(targets), duckdb::DistinctType::DISTINCT);
    distinct->AddChild(std::move(out.op));
    out.op = std::move(distinct);
  }
  return out;
}

Lowered PlanLowering::lower(const resolved::Distinct& node, const resolved::Relation&) {
  Lowered input = relation(node.input);
  DuckExpressions targets;
  DuckExpressions outputs;
  for (size_t i = 0; i < node.input->output.size(); ++i) {
    outputs.push_back(column_ref(engine_type(node.input->output[i].type), input.columns[i]));
  }
  if (outputs.empty()) {
    outputs.push_back(boolean_constant(true));
  }
  // Only the relation's columns count, whatever else its operator carries.
  Lowered out = project(std::move(input.op), std::move(outputs));
  const auto& projection = *out.op;
  for (size_t i = 0; i < out.columns.size(); ++i) {
    targets.push_back(column_ref(projection.expressions[i]->GetReturnType(), out.columns[i]));
  }
  auto distinct = duckdb::make_uniq<duckdb::LogicalDistinct>(std::move(targets), duckdb::DistinctType::DISTINCT);
  distinct->AddChild(std::move(out.op));
  out.op = std::move(distinct);
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
    outputs.push_back(expression(key, scope));
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
