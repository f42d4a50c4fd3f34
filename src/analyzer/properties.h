// Questions about resolved expressions and plans: what is inside, are two the same.
#pragma once

#include "plan/resolved_relation.h"

namespace pyrite {

/// An aggregate that belongs to this query level: not the function of a window call.
bool contains_aggregate(const resolved::ExpressionPtr& expression);
bool contains_window(const resolved::ExpressionPtr& expression);
bool contains_subquery(const resolved::ExpressionPtr& expression);
bool contains_lambda_variable(const resolved::ExpressionPtr& expression);
bool is_generator(const resolved::ExpressionPtr& expression);
bool contains_generator(const resolved::ExpressionPtr& expression);
bool is_deterministic(const resolved::ExpressionPtr& expression);
/// No column, lambda variable, aggregate, window or subquery inside.
bool is_foldable(const resolved::ExpressionPtr& expression);

/// Structural equality: the same operations on the same columns.
bool same_expression(const resolved::ExpressionPtr& left, const resolved::ExpressionPtr& right);
/// Equality of plans up to column ids, and a hash that agrees with it (DataFrame.sameSemantics, semanticHash).
bool same_plan(const resolved::RelationPtr& left, const resolved::RelationPtr& right);
int32_t plan_hash(const resolved::RelationPtr& relation);

}  // namespace pyrite
