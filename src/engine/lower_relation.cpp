// The entry of lowering: dispatch by node, scopes, and the relations that are one operator.
#include <algorithm>

#include "duckdb/planner/operator/logical_dummy_scan.hpp"
#include "duckdb/planner/operator/logical_filter.hpp"
#include "duckdb/planner/operator/logical_projection.hpp"
#include "duckdb/planner/subquery/flatten_dependent_join.hpp"
#include "duckdb/planner/subquery/recursive_dependent_join_planner.hpp"
#include "engine/lowering.h"

namespace pyrite {
namespace {

/// Deeper plans and expressions are refused: every pass over them recurses.
constexpr int deepest = 2000;

struct DepthGuard {
  explicit DepthGuard(int& depth_p) : depth(depth_p) {
    if (++depth > deepest) {
      --depth;
      throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", "the query is nested too deeply"}});
    }
  }
  ~DepthGuard() { --depth; }
  int& depth;
};

}  // namespace

void split_conjuncts(const resolved::ExpressionPtr& condition, std::vector<resolved::ExpressionPtr>& out) {
  if (const auto* call = std::get_if<resolved::Call>(&condition->node)) {
    if (const auto* special = std::get_if<lowering::Special>(&call->function->lower);
        special && special->form == SpecialForm::and_) {
      for (const resolved::ExpressionPtr& argument : call->arguments) {
        split_conjuncts(argument, out);
      }
      return;
    }
  }
  out.push_back(condition);
}

void Scope::add(const std::vector<resolved::Column>& columns, const std::vector<duckdb::ColumnBinding>& bindings) {
  for (size_t i = 0; i < columns.size(); ++i) {
    entries_.try_emplace(columns[i].id, Entry{bindings[i], engine_type(columns[i].type), false, 0});
  }
}

void Scope::add_position(resolved::ColumnId id, duckdb::LogicalType type, size_t position) {
  entries_.insert_or_assign(id, Entry{{}, std::move(type), true, position});
}

PlanLowering::PlanLowering(duckdb::ClientContext& context, QueryStatePtr query, const StorageMap& storages)
    : context_(context), query_(std::move(query)), storages_(storages) {
  root_.binder = duckdb::Binder::CreateBinder(context);
}

DuckOperator PlanLowering::plan(const resolved::RelationPtr& relation) {
  Lowered lowered = this->relation(relation);
  DuckExpressions outputs;
  for (size_t i = 0; i < relation->output.size(); ++i) {
    outputs.push_back(column_ref(engine_type(relation->output[i].type), lowered.columns[i]));
  }
  if (outputs.empty()) {
    // A result without columns still has rows.
    outputs.push_back(boolean_constant(true));
  }
  DuckOperator out = project(std::move(lowered.op), std::move(outputs)).op;
  duckdb::RecursiveDependentJoinPlanner::Plan(binder(), out);
  out = duckdb::FlattenDependentJoins::DecorrelateIndependent(binder(), std::move(out));
  out->ResolveOperatorTypes();
  return out;
}

Lowered PlanLowering::relation(const resolved::RelationPtr& relation) {
  const DepthGuard guard(depth_);
  return std::visit([&](const auto& node) { return lower(node, *relation); }, relation->node);
}

DuckExpression PlanLowering::expression(const resolved::ExpressionPtr& expression, const Scope& scope) {
  const DepthGuard guard(depth_);
  DuckExpression out = std::visit([&](const auto& node) { return lower(node, *expression, scope); }, expression->node);
  return cast_to(context_, std::move(out), engine_type(expression->type));
}

Lowered PlanLowering::project(DuckOperator input, DuckExpressions expressions) {
  Lowered out;
  const duckdb::TableIndex index = new_index();
  for (size_t i = 0; i < expressions.size(); ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  out.op = duckdb::make_uniq<duckdb::LogicalProjection>(index, std::move(expressions));
  out.op->AddChild(std::move(input));
  return out;
}

Lowered PlanLowering::dummy_scan() { return {duckdb::make_uniq<duckdb::LogicalDummyScan>(new_index()), {}}; }

Lowered PlanLowering::nested(const Scope& scope, const std::function<Lowered()>& body,
                             duckdb::shared_ptr<duckdb::Binder>& binder) {
  Level level;
  level.binder = duckdb::Binder::CreateBinder(context_, level_->binder.get());
  level.parent = level_;
  const Scope* outer_scope = std::exchange(level_->scope, &scope);
  level_ = &level;
  Lowered out;
  try {
    out = body();
  } catch (...) {
    level_ = level.parent;
    level_->scope = outer_scope;
    throw;
  }
  level_ = level.parent;
  level_->scope = outer_scope;
  // Columns of levels further out pass through this one too.
  for (const duckdb::CorrelatedColumnInfo& column : level.binder->correlated_columns) {
    if (column.depth > 1) {
      duckdb::CorrelatedColumnInfo passed = column;
      passed.depth -= 1;
      level_->binder->AddCorrelatedColumn(passed);
    }
  }
  binder = level.binder;
  return out;
}

Lowered PlanLowering::lower(const resolved::OneRow&, const resolved::Relation&) { return dummy_scan(); }

Lowered PlanLowering::lower(const resolved::Project& node, const resolved::Relation&) {
  Lowered input = relation(node.input);
  const Scope scope(node.input->output, input.columns);
  DuckExpressions expressions;
  for (const resolved::NamedExpression& named : node.expressions) {
    expressions.push_back(expression(named.expression, scope));
  }
  if (expressions.empty()) {
    return {std::move(input.op), {}};
  }
  // A filter that runs before numbers are drawn for rows would change which row gets which number.
  if (std::any_of(expressions.begin(), expressions.end(), [](const auto& value) { return value->IsVolatile(); })) {
    for (DuckExpression& value : expressions) {
      value = value->IsVolatile() ? std::move(value) : pin(std::move(value));
    }
  }
  return project(std::move(input.op), std::move(expressions));
}

Lowered PlanLowering::lower(const resolved::Filter& node, const resolved::Relation&) {
  Lowered input = relation(node.input);
  const Scope scope(node.input->output, input.columns);
  std::vector<resolved::ExpressionPtr> conjuncts;
  split_conjuncts(node.condition, conjuncts);
  auto filter = duckdb::make_uniq<duckdb::LogicalFilter>();
  for (const resolved::ExpressionPtr& conjunct : conjuncts) {
    filter->expressions.push_back(expression(conjunct, scope));
  }
  filter->AddChild(std::move(input.op));
  return {std::move(filter), std::move(input.columns)};
}

}  // namespace pyrite
