// Common table expressions.
#include "duckdb/planner/operator/logical_cteref.hpp"
#include "duckdb/planner/operator/logical_materialized_cte.hpp"
#include "duckdb/planner/operator/logical_recursive_cte.hpp"

#include "engine/lowering.h"
#include "plan/resolved_transform.h"

namespace pyrite {
namespace {

void count_in_expression(const resolved::ExpressionPtr& expression, int64_t cte_id, size_t& count);

/// How often a relation refers to the common table.
void count_references(const resolved::RelationPtr& relation, int64_t cte_id, size_t& count) {
  if (const auto* reference = std::get_if<resolved::CteRef>(&relation->node)) {
    count += reference->cte_id == cte_id;
  }
  resolved::rebuild(
      relation,
      [&](const resolved::RelationPtr& input) {
        count_references(input, cte_id, count);
        return input;
      },
      [&](const resolved::ExpressionPtr& expression) {
        count_in_expression(expression, cte_id, count);
        return expression;
      },
      [](const resolved::Column& column) { return column; });
}

void count_in_expression(const resolved::ExpressionPtr& expression, int64_t cte_id, size_t& count) {
  if (!expression) {
    return;
  }
  resolved::any_node(expression, [&](const resolved::ExpressionPtr& node) {
    if (const auto* subquery = std::get_if<resolved::Subquery>(&node->node); subquery && subquery->relation) {
      count_references(subquery->relation, cte_id, count);
    }
    return false;
  });
}

duckdb::vector<duckdb::LogicalType> types_of(const std::vector<resolved::Column>& columns) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const resolved::Column& column : columns) {
    types.push_back(engine_type(column.type));
  }
  if (types.empty()) {
    types.push_back(duckdb::LogicalType::BOOLEAN);
  }
  return types;
}

}  // namespace

Lowered PlanLowering::project_output(Lowered input, const std::vector<resolved::Column>& columns) {
  DuckExpressions outputs;
  for (size_t i = 0; i < columns.size(); ++i) {
    outputs.push_back(column_ref(engine_type(columns[i].type), input.columns[i]));
  }
  if (outputs.empty()) {
    outputs.push_back(boolean_constant(true));
  }
  return project(std::move(input.op), std::move(outputs));
}

Lowered PlanLowering::lower(const resolved::WithCte& node, const resolved::Relation&) {
  size_t references = 0;
  count_references(node.input, node.cte_id, references);
  if (references <= 1) {
    common_tables_[node.cte_id] = CommonTable{.inlined = node.definition};
    return relation(node.input);
  }
  Lowered definition = project_output(relation(node.definition), node.definition->output);
  const duckdb::TableIndex index = new_index();
  const size_t width = definition.columns.size();
  common_tables_[node.cte_id] = CommonTable{.index = index, .columns = node.definition->output};
  Lowered input = relation(node.input);
  Lowered out;
  out.columns = input.columns;
  out.op = duckdb::make_uniq<duckdb::LogicalMaterializedCTE>(
      duckdb::Identifier("cte_" + std::to_string(node.cte_id)), index, width, std::move(definition.op), std::move(input.op),
      duckdb::CTEMaterialize::CTE_MATERIALIZE_ALWAYS);
  return out;
}

Lowered PlanLowering::lower(const resolved::CteRef& node, const resolved::Relation&) {
  const auto at = common_tables_.find(node.cte_id);
  check(at != common_tables_.end(), "a reference to a common table outside its scope");
  const CommonTable table = at->second;
  if (table.inlined) {
    return relation(table.inlined);
  }
  auto types = types_of(table.columns);
  if (table.depth_column) {
    types.push_back(duckdb::LogicalType::BIGINT);
  }
  const size_t width = types.size();
  duckdb::vector<duckdb::Identifier> names;
  for (size_t i = 0; i < width; ++i) {
    names.emplace_back("c" + std::to_string(i));
  }
  const duckdb::TableIndex index = new_index();
  Lowered out;
  out.op = duckdb::make_uniq<duckdb::LogicalCTERef>(index, table.index, std::move(types), std::move(names));
  for (size_t i = 0; i < table.columns.size(); ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  return out;
}

Lowered PlanLowering::lower(const resolved::RecursiveCte& node, const resolved::Relation&) {
  Lowered anchor = project_output(relation(node.anchor), node.anchor->output);
  const duckdb::TableIndex index = new_index();
  const size_t width = anchor.columns.size();
  common_tables_[node.cte_id] = CommonTable{.index = index, .columns = node.anchor->output};
  Lowered step = project_output(relation(node.recursive), node.recursive->output);
  Lowered out;
  auto cte = duckdb::make_uniq<duckdb::LogicalRecursiveCTE>(duckdb::Identifier("cte_" + std::to_string(node.cte_id)), index,
                                                            width, node.union_all, DuckExpressions(), std::move(anchor.op),
                                                            std::move(step.op));
  cte->ref_recurring = false;
  out.op = std::move(cte);
  for (size_t i = 0; i < width; ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  return out;
}

}  // namespace pyrite
