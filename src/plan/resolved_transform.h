// Walking and rewriting resolved plans.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "plan/resolved_relation.h"

namespace pyrite::resolved {

/// The direct sub-expressions in a fixed order (a subquery's plan is not among them; its IN values are).
std::vector<ExpressionPtr> children(const ExpressionPtr& expression);
/// The same expression over other children (as many as `children` gave).
ExpressionPtr with_children(const ExpressionPtr& expression, std::vector<ExpressionPtr> children);

/// Pre-order rewrite: where `rewrite` returns an expression it replaces the node and its children are not visited.
using ExpressionRewrite = std::function<ExpressionPtr(const ExpressionPtr&)>;
ExpressionPtr transform(const ExpressionPtr& expression, const ExpressionRewrite& rewrite);

/// Whether some node of the expression fulfils the condition (subquery plans are not entered).
bool any_node(const ExpressionPtr& expression, const std::function<bool(const ExpressionPtr&)>& condition);

/// A frame's bound with its distance as a positive value; as written it may be a negative one of the other direction.
FrameBound with_distance(const FrameBound& bound);

/// Inputs of a relation, in order.
std::vector<RelationPtr> inputs(const RelationPtr& relation);
/// The same relation with its inputs replaced and every expression and column mapped.
RelationPtr rebuild(const RelationPtr& relation, const std::function<RelationPtr(const RelationPtr&)>& input,
                    const std::function<ExpressionPtr(const ExpressionPtr&)>& expression,
                    const std::function<Column(const Column&)>& column);

/// Replaces references by column id, in the expression and in the outer references of its subqueries.
using Substitution = std::unordered_map<ColumnId, ExpressionPtr>;
ExpressionPtr substitute(const ExpressionPtr& expression, const Substitution& by_id);

}  // namespace pyrite::resolved
