// Joins.
#include "duckdb/planner/expression/bound_columnref_expression.hpp"
#include "duckdb/planner/expression/bound_conjunction_expression.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "duckdb/planner/operator/logical_any_join.hpp"
#include "duckdb/planner/operator/logical_comparison_join.hpp"
#include "duckdb/planner/operator/logical_cross_product.hpp"
#include "duckdb/planner/operator/logical_dependent_join.hpp"
#include "duckdb/planner/operator/logical_filter.hpp"
#include "engine/lowering.h"

namespace pyrite {
namespace {

using plan::JoinType;

duckdb::JoinType join_type(JoinType type) {
  switch (type) {
    case JoinType::inner:
    case JoinType::cross:
      return duckdb::JoinType::INNER;
    case JoinType::left_outer:
      return duckdb::JoinType::LEFT;
    case JoinType::right_outer:
      return duckdb::JoinType::RIGHT;
    case JoinType::full_outer:
      return duckdb::JoinType::OUTER;
    case JoinType::left_semi:
      return duckdb::JoinType::SEMI;
    case JoinType::left_anti:
      return duckdb::JoinType::ANTI;
  }
  throw_internal("an unknown join type");
}

bool keeps_right(JoinType type) { return type != JoinType::left_semi && type != JoinType::left_anti; }

/// A column of a query further out.
bool is_correlated(const duckdb::Expression& expression) {
  bool found = false;
  duckdb::ExpressionIterator::VisitExpression<duckdb::BoundColumnRefExpression>(
      expression, [&](const duckdb::BoundColumnRefExpression& column) { found = found || column.Depth() > 0; });
  return found;
}

bool is_true(const resolved::ExpressionPtr& condition) {
  const resolved::Literal* literal = condition ? resolved::as_literal(condition) : nullptr;
  return !condition || (literal && !literal->value.is_null() && literal->value.boolean());
}

duckdb::unique_ptr<duckdb::LogicalOperator> comparison_join(duckdb::ClientContext& context, duckdb::JoinType type,
                                                            duckdb::JoinRefType kind, Lowered left, Lowered right,
                                                            DuckExpressions conditions) {
  duckdb::vector<duckdb::JoinCondition> extracted;
  duckdb::LogicalComparisonJoin::ExtractJoinConditions(context, type, kind, left.op, right.op, conditions, extracted);
  return duckdb::LogicalComparisonJoin::CreateJoin(type, kind, std::move(left.op), std::move(right.op),
                                                   std::move(extracted));
}

}  // namespace

Lowered PlanLowering::lower(const resolved::Join& node, const resolved::Relation& relation) {
  if (node.lateral && !node.outer_columns.empty()) {
    return lower_lateral(node, relation);
  }
  Lowered left = this->relation(node.left);
  Lowered right = this->relation(node.right);
  Scope scope(node.left->output, left.columns);
  scope.add(node.right->output, right.columns);

  Lowered out;
  out.columns = left.columns;
  if (keeps_right(node.type)) {
    out.columns.insert(out.columns.end(), right.columns.begin(), right.columns.end());
  }
  const duckdb::JoinType type = join_type(node.type);
  if (is_true(node.condition) && type == duckdb::JoinType::INNER && !node.as_of) {
    out.op = duckdb::LogicalCrossProduct::Create(std::move(left.op), std::move(right.op));
    return out;
  }

  DuckExpressions conditions;
  bool planned_later = false;
  if (node.condition) {
    std::vector<resolved::ExpressionPtr> conjuncts;
    split_conjuncts(node.condition, conjuncts);
    for (const resolved::ExpressionPtr& conjunct : conjuncts) {
      conditions.push_back(expression(conjunct, scope));
      planned_later = planned_later || conditions.back()->HasSubquery() || is_correlated(*conditions.back());
    }
  } else {
    conditions.push_back(boolean_constant(true));
  }
  if (node.as_of) {
    check(!planned_later, "the equalities of an as-of join are planned with it");
    conditions.push_back(compare(node.as_of->forward ? duckdb::ExpressionType::COMPARE_LESSTHANOREQUALTO
                                                     : duckdb::ExpressionType::COMPARE_GREATERTHANOREQUALTO,
                                 expression(node.as_of->left, scope), expression(node.as_of->right, scope)));
    out.op = comparison_join(context_, type, duckdb::JoinRefType::ASOF, std::move(left), std::move(right),
                             std::move(conditions));
    return out;
  }
  if (planned_later && type == duckdb::JoinType::INNER) {
    auto filter = duckdb::make_uniq<duckdb::LogicalFilter>();
    filter->expressions = std::move(conditions);
    filter->AddChild(duckdb::LogicalCrossProduct::Create(std::move(left.op), std::move(right.op)));
    out.op = std::move(filter);
    return out;
  }
  if (planned_later) {
    auto join = duckdb::make_uniq<duckdb::LogicalAnyJoin>(type);
    join->AddChild(std::move(left.op));
    join->AddChild(std::move(right.op));
    join->condition =
        duckdb::BoundConjunctionExpression::Create(duckdb::ExpressionType::CONJUNCTION_AND, std::move(conditions));
    out.op = std::move(join);
    return out;
  }
  // DuckDB reorders the sides of left joins only.
  duckdb::JoinType oriented = type;
  if (type == duckdb::JoinType::RIGHT) {
    oriented = duckdb::JoinType::LEFT;
    std::swap(left, right);
  }
  out.op = comparison_join(context_, oriented, duckdb::JoinRefType::REGULAR, std::move(left), std::move(right),
                           std::move(conditions));
  return out;
}

Lowered PlanLowering::lower_lateral(const resolved::Join& node, const resolved::Relation& relation) {
  Lowered left = this->relation(node.left);
  const Scope left_scope(node.left->output, left.columns);
  duckdb::shared_ptr<duckdb::Binder> right_binder;
  Lowered right = nested(
      left_scope, [&] { return this->relation(node.right); }, right_binder);
  bool depends_on_left = false;
  for (const duckdb::CorrelatedColumnInfo& column : right_binder->correlated_columns) {
    depends_on_left = depends_on_left || column.depth == 1;
  }
  if (!depends_on_left) {
    resolved::Join plain = node;
    plain.lateral = false;
    return lower(plain, relation);
  }
  Scope scope = left_scope;
  scope.add(node.right->output, right.columns);
  auto join = duckdb::make_uniq<duckdb::LogicalDependentJoin>(join_type(node.type));
  join->correlated_columns = right_binder->correlated_columns;
  join->perform_delim = true;
  for (const duckdb::CorrelatedColumnInfo& column : join->correlated_columns) {
    const auto physical = column.type.InternalType();
    if (physical == duckdb::PhysicalType::LIST || physical == duckdb::PhysicalType::STRUCT) {
      join->perform_delim = false;
    }
  }
  if (right.op->HasVolatileExpressions()) {
    join->perform_delim = false;
  }
  if (!join->perform_delim) {
    // Rows are told apart by a number instead of by their values.
    join->correlated_columns.AddColumn(duckdb::CorrelatedColumnInfo(
        duckdb::ColumnBinding(new_index(), duckdb::ProjectionIndex(0)), duckdb::LogicalType::BIGINT, "delim_index", 0));
    join->correlated_columns.SetDelimIndexToZero();
  }
  join->any_join = false;
  join->propagate_null_values = join->join_type != duckdb::JoinType::INNER;
  if (!is_true(node.condition)) {
    join->condition = expression(node.condition, scope);
  }
  join->AddChild(std::move(left.op));
  join->AddChild(std::move(right.op));
  Lowered out{std::move(join), left.columns};
  out.columns.insert(out.columns.end(), right.columns.begin(), right.columns.end());
  return out;
}

}  // namespace pyrite
