// Walking and rewriting resolved plans.
#include "plan/resolved_transform.h"

#include <iterator>

#include "base/error.h"
#include "types/value_sign.h"

namespace pyrite::resolved {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

void add(std::vector<ExpressionPtr>& out, const ExpressionPtr& expression) {
  if (expression) {
    out.push_back(expression);
  }
}

void add(std::vector<ExpressionPtr>& out, const std::vector<ExpressionPtr>& list) {
  out.insert(out.end(), list.begin(), list.end());
}

void add(std::vector<ExpressionPtr>& out, const std::vector<SortOrder>& order) {
  for (const SortOrder& each : order) {
    out.push_back(each.expression);
  }
}

/// Hands the new children out in the order in which `children` listed the old ones.
class ChildFeed {
 public:
  explicit ChildFeed(std::vector<ExpressionPtr> children) : children_(std::move(children)) {}
  void take(ExpressionPtr& slot) {
    if (slot) {
      slot = std::move(children_.at(next_++));
    }
  }
  void take(std::vector<ExpressionPtr>& list) {
    for (ExpressionPtr& slot : list) {
      take(slot);
    }
  }
  void take(std::vector<SortOrder>& order) {
    for (SortOrder& each : order) {
      take(each.expression);
    }
  }

 private:
  std::vector<ExpressionPtr> children_;
  size_t next_ = 0;
};

}  // namespace

std::vector<ExpressionPtr> children(const ExpressionPtr& expression) {
  std::vector<ExpressionPtr> out;
  std::visit(Overloaded{
                 [](const Literal&) {},
                 [](const ColumnRef&) {},
                 [](const LambdaRef&) {},
                 [&](const Call& node) { add(out, node.arguments); },
                 [&](const Cast& node) { add(out, node.child); },
                 [&](const Lambda& node) { add(out, node.body); },
                 [&](const GetField& node) { add(out, node.child); },
                 [&](const AggregateCall& node) {
                   add(out, node.arguments);
                   add(out, node.filter);
                   add(out, node.order_by);
                 },
                 [&](const WindowCall& node) {
                   add(out, node.function);
                   add(out, node.partition_by);
                   add(out, node.order_by);
                   add(out, node.frame.lower.offset);
                   add(out, node.frame.upper.offset);
                 },
                 [&](const Subquery& node) { add(out, node.values); },
             },
             expression->node);
  return out;
}

ExpressionPtr with_children(const ExpressionPtr& expression, std::vector<ExpressionPtr> new_children) {
  ChildFeed feed(std::move(new_children));
  Expression copy = *expression;
  std::visit(Overloaded{
                 [](Literal&) {},
                 [](ColumnRef&) {},
                 [](LambdaRef&) {},
                 [&](Call& node) { feed.take(node.arguments); },
                 [&](Cast& node) { feed.take(node.child); },
                 [&](Lambda& node) { feed.take(node.body); },
                 [&](GetField& node) { feed.take(node.child); },
                 [&](AggregateCall& node) {
                   feed.take(node.arguments);
                   feed.take(node.filter);
                   feed.take(node.order_by);
                 },
                 [&](WindowCall& node) {
                   feed.take(node.function);
                   feed.take(node.partition_by);
                   feed.take(node.order_by);
                   feed.take(node.frame.lower.offset);
                   feed.take(node.frame.upper.offset);
                 },
                 [&](Subquery& node) { feed.take(node.values); },
             },
             copy.node);
  return std::make_shared<const Expression>(std::move(copy));
}

ExpressionPtr transform(const ExpressionPtr& expression, const ExpressionRewrite& rewrite) {
  if (ExpressionPtr replaced = rewrite(expression)) {
    return replaced;
  }
  std::vector<ExpressionPtr> list = children(expression);
  bool changed = false;
  for (ExpressionPtr& child : list) {
    ExpressionPtr next = transform(child, rewrite);
    changed = changed || next != child;
    child = std::move(next);
  }
  return changed ? with_children(expression, std::move(list)) : expression;
}

bool any_node(const ExpressionPtr& expression, const std::function<bool(const ExpressionPtr&)>& condition) {
  if (condition(expression)) {
    return true;
  }
  for (const ExpressionPtr& child : children(expression)) {
    if (any_node(child, condition)) {
      return true;
    }
  }
  return false;
}

std::vector<RelationPtr> inputs(const RelationPtr& relation) {
  return std::visit(Overloaded{
                        [](const LocalData&) -> std::vector<RelationPtr> { return {}; },
                        [](const InlineRows&) -> std::vector<RelationPtr> { return {}; },
                        [](const OneRow&) -> std::vector<RelationPtr> { return {}; },
                        [](const TableScan&) -> std::vector<RelationPtr> { return {}; },
                        [](const FileScan&) -> std::vector<RelationPtr> { return {}; },
                        [](const RangeScan&) -> std::vector<RelationPtr> { return {}; },
                        [](const CteRef&) -> std::vector<RelationPtr> { return {}; },
                        [](const Join& node) -> std::vector<RelationPtr> {
                          return {node.left, node.right};
                        },
                        [](const SetOperation& node) -> std::vector<RelationPtr> {
                          return {node.left, node.right};
                        },
                        [](const WithCte& node) -> std::vector<RelationPtr> {
                          return {node.definition, node.input};
                        },
                        [](const RecursiveCte& node) -> std::vector<RelationPtr> {
                          return {node.anchor, node.recursive};
                        },
                        [](const auto& node) -> std::vector<RelationPtr> { return {node.input}; },
                    },
                    relation->node);
}

RelationPtr rebuild(const RelationPtr& relation, const std::function<RelationPtr(const RelationPtr&)>& input,
                    const std::function<ExpressionPtr(const ExpressionPtr&)>& expression,
                    const std::function<Column(const Column&)>& column) {
  Relation copy = *relation;
  const auto map_expression = [&](ExpressionPtr& slot) {
    if (slot) {
      slot = expression(slot);
    }
  };
  const auto map_list = [&](std::vector<ExpressionPtr>& list) {
    for (ExpressionPtr& slot : list) {
      map_expression(slot);
    }
  };
  const auto map_named = [&](std::vector<NamedExpression>& list) {
    for (NamedExpression& each : list) {
      map_expression(each.expression);
      each.column = column(each.column);
    }
  };
  const auto map_columns = [&](std::vector<Column>& list) {
    for (Column& each : list) {
      each = column(each);
    }
  };
  // Inputs first: a mapping that gives fresh ids learns them bottom-up.
  std::visit(Overloaded{
                 [](LocalData&) {},
                 [](OneRow&) {},
                 [](TableScan&) {},
                 [](RangeScan&) {},
                 [](CteRef&) {},
                 [&](InlineRows& node) {
                   for (auto& row : node.rows) {
                     map_list(row);
                   }
                 },
                 [&](FileScan& node) {
                   map_columns(node.file_columns);
                   map_columns(node.partition_columns);
                 },
                 [&](Project& node) {
                   node.input = input(node.input);
                   map_named(node.expressions);
                 },
                 [&](Filter& node) {
                   node.input = input(node.input);
                   map_expression(node.condition);
                 },
                 [&](Aggregate& node) {
                   node.input = input(node.input);
                   map_named(node.grouping);
                   map_named(node.aggregates);
                   if (node.grouping_id) {
                     node.grouping_id = column(*node.grouping_id);
                   }
                 },
                 [&](Window& node) {
                   node.input = input(node.input);
                   map_named(node.windows);
                 },
                 [&](Join& node) {
                   node.left = input(node.left);
                   map_columns(node.outer_columns);
                   node.right = input(node.right);
                   map_expression(node.condition);
                   if (node.as_of) {
                     map_expression(node.as_of->left);
                     map_expression(node.as_of->right);
                   }
                 },
                 [&](SetOperation& node) {
                   node.left = input(node.left);
                   node.right = input(node.right);
                 },
                 [&](Sort& node) {
                   node.input = input(node.input);
                   for (SortOrder& each : node.order) {
                     map_expression(each.expression);
                   }
                 },
                 [&](DistinctOn& node) {
                   node.input = input(node.input);
                   map_list(node.keys);
                 },
                 [&](Generate& node) {
                   node.input = input(node.input);
                   map_expression(node.generator);
                   map_columns(node.generated);
                 },
                 [&](WithCte& node) {
                   node.definition = input(node.definition);
                   node.input = input(node.input);
                 },
                 [&](RecursiveCte& node) {
                   node.anchor = input(node.anchor);
                   node.recursive = input(node.recursive);
                 },
                 [&](Observe& node) {
                   node.input = input(node.input);
                   map_named(node.metrics);
                 },
                 [&](ParseLines& node) { node.input = input(node.input); },
                 [&](Limit& node) { node.input = input(node.input); },
                 [&](Tail& node) { node.input = input(node.input); },
                 [&](Distinct& node) { node.input = input(node.input); },
                 [&](Sample& node) { node.input = input(node.input); },
             },
             copy.node);
  map_columns(copy.output);
  return std::make_shared<const Relation>(std::move(copy));
}

namespace {

/// Replaces outer references inside a subquery's plan. Only references survive there: an expression that is no
/// reference cannot be moved into the plan, so the caller makes it a column first.
RelationPtr substitute_outer(const RelationPtr& relation, const Substitution& by_id);

ExpressionPtr substitute_in_subquery(const ExpressionPtr& expression, const Substitution& by_id) {
  const auto* subquery = std::get_if<Subquery>(&expression->node);
  if (!subquery || subquery->outer_columns.empty()) {
    return nullptr;
  }
  Subquery copy = *subquery;
  for (ExpressionPtr& value : copy.values) {
    value = substitute(value, by_id);
  }
  bool hit = false;
  for (Column& column : copy.outer_columns) {
    const auto found = by_id.find(column.id);
    if (found == by_id.end()) {
      continue;
    }
    const auto* reference = std::get_if<ColumnRef>(&found->second->node);
    check(reference != nullptr, "an outer reference can only become another reference");
    column.id = reference->id;
    column.nullable = found->second->nullable;
    hit = true;
  }
  if (hit) {
    copy.relation = substitute_outer(copy.relation, by_id);
  }
  return make_expression(std::move(copy), expression->type, expression->nullable, expression->origin);
}

RelationPtr substitute_outer(const RelationPtr& relation, const Substitution& by_id) {
  const auto keep = [](const Column& column) { return column; };
  const std::function<RelationPtr(const RelationPtr&)> deeper = [&](const RelationPtr& input) {
    return substitute_outer(input, by_id);
  };
  const auto map = [&](const ExpressionPtr& expression) {
    return transform(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
      if (const auto* reference = std::get_if<ColumnRef>(&node->node)) {
        const auto found = reference->outer ? by_id.find(reference->id) : by_id.end();
        if (found == by_id.end()) {
          return node;
        }
        ColumnRef moved = std::get<ColumnRef>(found->second->node);
        moved.outer = true;
        return make_expression(std::move(moved), found->second->type, found->second->nullable, node->origin);
      }
      return substitute_in_subquery(node, by_id);
    });
  };
  return rebuild(relation, deeper, map, keep);
}

}  // namespace

ExpressionPtr substitute(const ExpressionPtr& expression, const Substitution& by_id) {
  return transform(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
    if (const auto* reference = std::get_if<ColumnRef>(&node->node)) {
      const auto found = by_id.find(reference->id);
      return found == by_id.end() ? node : found->second;
    }
    return substitute_in_subquery(node, by_id);
  });
}

FrameBound with_distance(const FrameBound& bound) {
  const Literal* literal = bound.offset ? as_literal(bound.offset) : nullptr;
  if (bound.kind != plan::BoundKind::following || !literal || !is_negative(literal->value)) {
    return bound;
  }
  return {plan::BoundKind::preceding, resolved::literal(negated(literal->value), bound.offset->type)};
}

}  // namespace pyrite::resolved
