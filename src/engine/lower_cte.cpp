// Common table expressions.
#include <atomic>

#include "duckdb/common/vector/flat_vector.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "duckdb/planner/operator/logical_cteref.hpp"
#include "duckdb/planner/operator/logical_filter.hpp"
#include "duckdb/planner/operator/logical_materialized_cte.hpp"
#include "duckdb/planner/operator/logical_recursive_cte.hpp"
#include "engine/forbid_copies.h"
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

// ---- limits of recursion

/// Counts the steps and rows of one reference to a recursive table. Each step makes a new state of the expression.
struct WatchData final : duckdb::FunctionData {
  struct Shared {
    std::atomic<int64_t> steps{0};
    std::atomic<int64_t> rows{0};
    int64_t most_steps = 0;
    int64_t most_rows = 0;
    QueryStatePtr query;
  };
  std::shared_ptr<Shared> shared;
  explicit WatchData(std::shared_ptr<Shared> shared_p) : shared(std::move(shared_p)) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<WatchData>(shared); }
  bool Equals(const duckdb::FunctionData& other) const override { return other.Cast<WatchData>().shared == shared; }
};

struct WatchState final : duckdb::FunctionLocalState {
  bool counted = false;
};

duckdb::unique_ptr<duckdb::FunctionLocalState> init_watch(duckdb::ExpressionState&,
                                                          const duckdb::BoundFunctionExpression&,
                                                          duckdb::FunctionData*) {
  return duckdb::make_uniq<WatchState>();
}

WatchData::Shared& watched(duckdb::ExpressionState& state) {
  return *state.expr.Cast<duckdb::BoundFunctionExpression>().BindInfo()->Cast<WatchData>().shared;
}

/// A column unchanged; fails in a step beyond the limit.
void run_watch_steps(duckdb::DataChunk& arguments, duckdb::ExpressionState& state, duckdb::Vector& result) {
  WatchData::Shared& shared = watched(state);
  auto& local = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<WatchState>();
  if (!local.counted) {
    local.counted = true;
    if (++shared.steps > shared.most_steps) {
      shared.query->errors.raise(
          SparkError("RECURSION_LEVEL_LIMIT_EXCEEDED", {{"levelLimit", std::to_string(shared.most_steps)}}));
    }
  }
  result.Reference(arguments.data[0]);
}

/// Always true; fails when too many rows went through.
void run_watch_rows(duckdb::DataChunk& arguments, duckdb::ExpressionState& state, duckdb::Vector& result) {
  WatchData::Shared& shared = watched(state);
  const auto rows = static_cast<int64_t>(arguments.size());
  if ((shared.rows += rows) > shared.most_rows) {
    shared.query->errors.raise(
        SparkError("RECURSION_ROW_LIMIT_EXCEEDED", {{"rowLimit", std::to_string(shared.most_rows)}}));
  }
  auto* out = duckdb::FlatVector::GetDataMutable<bool>(result);
  std::fill(out, out + rows, true);
}

std::shared_ptr<WatchData::Shared> new_watch(int64_t most_steps, int64_t most_rows, const QueryStatePtr& query) {
  auto shared = std::make_shared<WatchData::Shared>();
  shared->most_steps = most_steps;
  shared->most_rows = most_rows;
  shared->query = query;
  return shared;
}

DuckExpression watch_steps(DuckExpression column, std::shared_ptr<WatchData::Shared> shared) {
  const duckdb::LogicalType type = column->GetReturnType();
  duckdb::ScalarFunction function("watch_steps", {type}, type, run_watch_steps, nullptr, nullptr, init_watch);
  function.SetVolatile();
  function.SetFallible();
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  function.SetRequiresOrderedExecution(true);
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(duckdb::BoundScalarFunction(forbid_copies(function)),
                                                            expressions_of(std::move(column)),
                                                            duckdb::make_uniq<WatchData>(std::move(shared)));
}

DuckExpression watch_rows(std::shared_ptr<WatchData::Shared> shared) {
  duckdb::ScalarFunction function("watch_rows", {}, duckdb::LogicalType::BOOLEAN, run_watch_rows);
  function.SetVolatile();
  function.SetFallible();
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(duckdb::BoundScalarFunction(forbid_copies(function)),
                                                            DuckExpressions(),
                                                            duckdb::make_uniq<WatchData>(std::move(shared)));
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
      duckdb::Identifier("cte_" + std::to_string(node.cte_id)), index, width, std::move(definition.op),
      std::move(input.op), duckdb::CTEMaterialize::CTE_MATERIALIZE_ALWAYS);
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
  if (table.most_steps < 0) {
    return out;
  }
  auto filter = duckdb::make_uniq<duckdb::LogicalFilter>();
  filter->expressions.push_back(watch_rows(new_watch(table.most_steps, table.most_rows, query_)));
  filter->AddChild(std::move(out.op));
  DuckExpressions columns;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    columns.push_back(watch_steps(column_ref(engine_type(table.columns[i].type), out.columns[i]),
                                  new_watch(table.most_steps, table.most_rows, query_)));
  }
  return project(std::move(filter), std::move(columns));
}

Lowered PlanLowering::lower(const resolved::RecursiveCte& node, const resolved::Relation&) {
  Lowered anchor = project_output(relation(node.anchor), node.anchor->output);
  const duckdb::TableIndex index = new_index();
  const size_t width = anchor.columns.size();
  common_tables_[node.cte_id] = CommonTable{
      .index = index, .columns = node.anchor->output, .most_steps = node.max_depth, .most_rows = node.max_rows};
  Lowered step = project_output(relation(node.recursive), node.recursive->output);
  Lowered out;
  auto cte = duckdb::make_uniq<duckdb::LogicalRecursiveCTE>(duckdb::Identifier("cte_" + std::to_string(node.cte_id)),
                                                            index, width, node.union_all, DuckExpressions(),
                                                            std::move(anchor.op), std::move(step.op));
  cte->ref_recurring = false;
  cte->internal_types = types_of(node.anchor->output);
  out.op = std::move(cte);
  for (size_t i = 0; i < width; ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  return out;
}

}  // namespace pyrite
