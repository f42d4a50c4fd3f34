// Questions about resolved expressions and plans.
#include "analyzer/properties.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>

#include "functions/function_def.h"
#include "plan/resolved_transform.h"

namespace pyrite {
namespace {

using namespace resolved;

using IdPairs = std::unordered_map<ColumnId, ColumnId>;

bool same_order(const std::vector<SortOrder>& left, const std::vector<SortOrder>& right) {
  if (left.size() != right.size()) {
    return false;
  }
  for (size_t i = 0; i < left.size(); ++i) {
    if (left[i].ascending != right[i].ascending || left[i].nulls_first != right[i].nulls_first) {
      return false;
    }
  }
  return true;
}

bool same_relation(const RelationPtr& left, const RelationPtr& right, IdPairs& ids);

/// Everything of two nodes but their children.
bool same_node(const Expression& left, const Expression& right, IdPairs* ids) {
  if (left.node.index() != right.node.index() || !same_type(left.type, right.type)) {
    return false;
  }
  const auto same_id = [&](ColumnId a, ColumnId b) {
    if (!ids) {
      return a == b;
    }
    const auto found = ids->find(a);
    return found == ids->end() ? a == b : found->second == b;
  };
  if (const auto* a = std::get_if<Literal>(&left.node)) {
    return a->value == std::get<Literal>(right.node).value;
  }
  if (const auto* a = std::get_if<ColumnRef>(&left.node)) {
    return same_id(a->id, std::get<ColumnRef>(right.node).id);
  }
  if (const auto* a = std::get_if<LambdaRef>(&left.node)) {
    return same_id(a->id, std::get<LambdaRef>(right.node).id);
  }
  if (const auto* a = std::get_if<Call>(&left.node)) {
    const auto& b = std::get<Call>(right.node);
    return a->function == b.function && a->mode == b.mode && a->arguments.size() == b.arguments.size() &&
           a->function->purity != Purity::per_row;
  }
  if (const auto* a = std::get_if<Cast>(&left.node)) {
    return a->mode == std::get<Cast>(right.node).mode;
  }
  if (const auto* a = std::get_if<GetField>(&left.node)) {
    return a->ordinal == std::get<GetField>(right.node).ordinal;
  }
  if (const auto* a = std::get_if<AggregateCall>(&left.node)) {
    const auto& b = std::get<AggregateCall>(right.node);
    return a->function == b.function && a->distinct == b.distinct && a->ignore_nulls == b.ignore_nulls &&
           a->mode == b.mode && a->arguments.size() == b.arguments.size() && !a->filter == !b.filter &&
           same_order(a->order_by, b.order_by);
  }
  if (const auto* a = std::get_if<WindowCall>(&left.node)) {
    const auto& b = std::get<WindowCall>(right.node);
    return a->partition_by.size() == b.partition_by.size() && same_order(a->order_by, b.order_by) &&
           a->frame.unit == b.frame.unit && a->frame.lower.kind == b.frame.lower.kind &&
           a->frame.upper.kind == b.frame.upper.kind && !a->frame.lower.offset == !b.frame.lower.offset &&
           !a->frame.upper.offset == !b.frame.upper.offset && a->ignore_nulls == b.ignore_nulls;
  }
  if (const auto* a = std::get_if<Subquery>(&left.node)) {
    const auto& b = std::get<Subquery>(right.node);
    if (a->kind != b.kind || a->values.size() != b.values.size()) {
      return false;
    }
    IdPairs none;
    return same_relation(a->relation, b.relation, ids ? *ids : none);
  }
  const auto& a = std::get<Lambda>(left.node);
  return a.parameters.size() == std::get<Lambda>(right.node).parameters.size();
}

bool same_tree(const ExpressionPtr& left, const ExpressionPtr& right, IdPairs* ids);

/// A call whose operands may change places, in the one form that all its spellings share: 1 + a + b and (b + a) + 1.
struct Commutative {
  std::string_view name;
  bool ordered = false;
  std::vector<ExpressionPtr> operands;
};

void add_operands(const ExpressionPtr& expression, const Call& call, std::vector<ExpressionPtr>& operands) {
  for (const ExpressionPtr& argument : call.arguments) {
    const auto* inner = std::get_if<Call>(&argument->node);
    if (inner && inner->function == call.function && inner->mode == call.mode &&
        same_type(argument->type, expression->type)) {
      add_operands(argument, *inner, operands);
    } else {
      operands.push_back(argument);
    }
  }
}

std::optional<Commutative> commutative(const ExpressionPtr& expression) {
  static const std::set<std::string_view> associative = {"+", "*", "and", "or", "&", "|", "^", "greatest", "least"};
  static const std::set<std::string_view> symmetric = {"=", "<=>"};
  const auto* call = std::get_if<Call>(&expression->node);
  if (!call) {
    return std::nullopt;
  }
  const std::string_view name = call->function->name;
  if (associative.contains(name)) {
    Commutative out{name, false, {}};
    add_operands(expression, *call, out.operands);
    return out;
  }
  if (symmetric.contains(name)) {
    return Commutative{name, false, call->arguments};
  }
  if ((name == ">" || name == ">=") && call->arguments.size() == 2) {
    return Commutative{name == ">" ? "<" : "<=", true, {call->arguments[1], call->arguments[0]}};
  }
  return name == "<" || name == "<=" ? std::optional(Commutative{name, true, call->arguments}) : std::nullopt;
}

bool same_commutative(const Commutative& left, const Commutative& right, IdPairs* ids) {
  if (left.name != right.name || left.operands.size() != right.operands.size()) {
    return false;
  }
  std::vector<ExpressionPtr> rest = right.operands;
  for (const ExpressionPtr& operand : left.operands) {
    const auto same = std::find_if(rest.begin(), rest.end(),
                                   [&](const ExpressionPtr& each) { return same_tree(operand, each, ids); });
    if (same == rest.end() || (left.ordered && same != rest.begin())) {
      return false;
    }
    rest.erase(same);
  }
  return true;
}

bool same_tree(const ExpressionPtr& left, const ExpressionPtr& right, IdPairs* ids) {
  if (left == right) {
    return true;
  }
  if (left && right && same_type(left->type, right->type)) {
    const auto* a = std::get_if<Call>(&left->node);
    const auto* b = std::get_if<Call>(&right->node);
    const std::optional<Commutative> one = a && b && a->mode == b->mode ? commutative(left) : std::nullopt;
    const std::optional<Commutative> other = one ? commutative(right) : std::nullopt;
    if (one && other) {
      return same_commutative(*one, *other, ids);
    }
  }
  if (!left || !right || !same_node(*left, *right, ids)) {
    return false;
  }
  IdPairs with_parameters;
  if (const auto* a = std::get_if<Lambda>(&left->node)) {
    const auto& b = std::get<Lambda>(right->node);
    if (ids) {
      with_parameters = *ids;
    }
    for (size_t i = 0; i < a->parameters.size(); ++i) {
      with_parameters[a->parameters[i].id] = b.parameters[i].id;
    }
    ids = &with_parameters;
  }
  const std::vector<ExpressionPtr> lefts = children(left);
  const std::vector<ExpressionPtr> rights = children(right);
  if (lefts.size() != rights.size()) {
    return false;
  }
  for (size_t i = 0; i < lefts.size(); ++i) {
    if (!same_tree(lefts[i], rights[i], ids)) {
      return false;
    }
  }
  return true;
}

/// The expressions of a relation's own node, in order.
std::vector<ExpressionPtr> own_expressions(const RelationPtr& relation) {
  std::vector<ExpressionPtr> found;
  rebuild(
      relation, [](const RelationPtr& input) { return input; },
      [&](const ExpressionPtr& expression) {
        found.push_back(expression);
        return expression;
      },
      [](const Column& column) { return column; });
  return found;
}

/// Facts of a node that are neither expressions nor inputs, as text.
std::string node_facts(const Relation& relation) {
  std::string out = std::to_string(relation.node.index());
  const auto add = [&](const auto& value) { out += "|" + std::to_string(static_cast<int64_t>(value)); };
  if (const auto* scan = std::get_if<TableScan>(&relation.node)) {
    out += "|" + scan->storage;
  } else if (const auto* files = std::get_if<FileScan>(&relation.node)) {
    out += "|" + files->format;
    for (const std::string& file : files->files) {
      out += "|" + file;
    }
  } else if (const auto* data = std::get_if<LocalData>(&relation.node)) {
    for (const auto& stream : data->arrow_streams) {
      out += "|" + std::to_string(std::hash<std::string>{}(*stream));
    }
  } else if (const auto* range = std::get_if<RangeScan>(&relation.node)) {
    add(range->start), add(range->end), add(range->step);
  } else if (const auto* limit = std::get_if<Limit>(&relation.node)) {
    add(limit->count.value_or(-1)), add(limit->offset);
  } else if (const auto* tail = std::get_if<Tail>(&relation.node)) {
    add(tail->count);
  } else if (const auto* join = std::get_if<Join>(&relation.node)) {
    add(join->type), add(join->lateral), add(join->as_of ? 1 + join->as_of->forward : 0);
  } else if (const auto* set = std::get_if<SetOperation>(&relation.node)) {
    add(set->op), add(set->all);
  } else if (const auto* sort = std::get_if<Sort>(&relation.node)) {
    for (const SortOrder& each : sort->order) {
      add(each.ascending), add(each.nulls_first);
    }
  } else if (const auto* sample = std::get_if<Sample>(&relation.node)) {
    out += "|" + std::to_string(sample->lower) + "|" + std::to_string(sample->upper);
    add(sample->seed), add(sample->with_replacement);
  } else if (const auto* aggregate = std::get_if<Aggregate>(&relation.node)) {
    for (const auto& set : aggregate->sets) {
      out += "|set";
      for (const int index : set) {
        add(index);
      }
    }
  }
  return out;
}

bool same_relation(const RelationPtr& left, const RelationPtr& right, IdPairs& ids) {
  if (left->node.index() != right->node.index() || left->output.size() != right->output.size() ||
      node_facts(*left) != node_facts(*right)) {
    return false;
  }
  const std::vector<RelationPtr> left_inputs = inputs(left);
  const std::vector<RelationPtr> right_inputs = inputs(right);
  for (size_t i = 0; i < left_inputs.size(); ++i) {
    if (!same_relation(left_inputs[i], right_inputs[i], ids)) {
      return false;
    }
  }
  const std::vector<ExpressionPtr> lefts = own_expressions(left);
  const std::vector<ExpressionPtr> rights = own_expressions(right);
  if (lefts.size() != rights.size()) {
    return false;
  }
  for (size_t i = 0; i < lefts.size(); ++i) {
    if (!same_tree(lefts[i], rights[i], &ids)) {
      return false;
    }
  }
  for (size_t i = 0; i < left->output.size(); ++i) {
    if (!same_type(left->output[i].type, right->output[i].type)) {
      return false;
    }
    ids[left->output[i].id] = right->output[i].id;
  }
  return true;
}

uint32_t mix(uint32_t hash, uint64_t value) {
  return (hash ^ static_cast<uint32_t>(value ^ (value >> 32))) * 16777619u;
}

uint32_t expression_hash(const ExpressionPtr& expression) {
  uint32_t hash = mix(2166136261u, expression->node.index());
  if (const std::optional<Commutative> call = commutative(expression)) {
    hash = mix(hash, std::hash<std::string_view>{}(call->name));
    uint32_t operands = 0;
    for (const ExpressionPtr& operand : call->operands) {
      operands = call->ordered ? mix(operands, expression_hash(operand)) : operands + expression_hash(operand);
    }
    return mix(hash, operands);
  }
  if (const auto* call = std::get_if<Call>(&expression->node)) {
    hash = mix(hash, std::hash<std::string_view>{}(call->function->name));
  } else if (const auto* aggregate = std::get_if<AggregateCall>(&expression->node)) {
    hash = mix(hash, std::hash<std::string_view>{}(aggregate->function->name));
  }
  for (const ExpressionPtr& child : children(expression)) {
    hash = mix(hash, expression_hash(child));
  }
  return hash;
}

}  // namespace

bool contains_aggregate(const ExpressionPtr& expression) {
  if (std::holds_alternative<AggregateCall>(expression->node)) {
    return true;
  }
  if (const auto* window = std::get_if<WindowCall>(&expression->node)) {
    for (const ExpressionPtr& child : children(window->function)) {
      if (contains_aggregate(child)) {
        return true;
      }
    }
    for (const ExpressionPtr& each : window->partition_by) {
      if (contains_aggregate(each)) {
        return true;
      }
    }
    for (const SortOrder& each : window->order_by) {
      if (contains_aggregate(each.expression)) {
        return true;
      }
    }
    return false;
  }
  for (const ExpressionPtr& child : children(expression)) {
    if (contains_aggregate(child)) {
      return true;
    }
  }
  return false;
}

bool contains_window(const ExpressionPtr& expression) {
  return any_node(expression, [](const ExpressionPtr& node) { return std::holds_alternative<WindowCall>(node->node); });
}

bool contains_subquery(const ExpressionPtr& expression) {
  return any_node(expression, [](const ExpressionPtr& node) { return std::holds_alternative<Subquery>(node->node); });
}

bool contains_lambda_variable(const ExpressionPtr& expression) {
  return any_node(expression, [](const ExpressionPtr& node) { return std::holds_alternative<LambdaRef>(node->node); });
}

bool is_generator(const ExpressionPtr& expression) {
  const auto* call = std::get_if<Call>(&expression->node);
  return call && call->function->kind == FunctionKind::generator;
}

bool contains_generator(const ExpressionPtr& expression) { return any_node(expression, is_generator); }

bool is_deterministic(const ExpressionPtr& expression) {
  return !any_node(expression, [](const ExpressionPtr& node) {
    const auto* call = std::get_if<Call>(&node->node);
    return call && call->function->purity == Purity::per_row;
  });
}

bool is_foldable(const ExpressionPtr& expression) {
  return !any_node(expression, [](const ExpressionPtr& node) {
    const auto* call = std::get_if<Call>(&node->node);
    return std::holds_alternative<ColumnRef>(node->node) || std::holds_alternative<AggregateCall>(node->node) ||
           std::holds_alternative<WindowCall>(node->node) || std::holds_alternative<Subquery>(node->node) ||
           (call && (call->function->purity == Purity::per_row || call->function->kind == FunctionKind::generator));
  });
}

bool same_expression(const ExpressionPtr& left, const ExpressionPtr& right) { return same_tree(left, right, nullptr); }

bool same_plan(const RelationPtr& left, const RelationPtr& right) {
  IdPairs ids;
  return same_relation(left, right, ids);
}

int32_t plan_hash(const RelationPtr& relation) {
  uint32_t hash = mix(2166136261u, std::hash<std::string>{}(node_facts(*relation)));
  for (const ExpressionPtr& expression : own_expressions(relation)) {
    hash = mix(hash, expression_hash(expression));
  }
  for (const RelationPtr& input : inputs(relation)) {
    hash = mix(hash, static_cast<uint32_t>(plan_hash(input)));
  }
  return static_cast<int32_t>(hash);
}

}  // namespace pyrite
