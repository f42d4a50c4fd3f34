// Joins: types, conditions, USING and NATURAL columns, lateral joins.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/properties.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "types/coercion.h"

namespace pyrite::analysis {
namespace {

using plan::JoinType;
using resolved::ExpressionPtr;

bool right_only_tested(JoinType type) { return type == JoinType::left_semi || type == JoinType::left_anti; }

std::vector<Column> with_nullable(std::vector<Column> columns, bool nullable) {
  for (Column& column : columns) {
    column.nullable = column.nullable || nullable;
  }
  return columns;
}

void append(std::vector<Column>& out, const std::vector<Column>& more) {
  out.insert(out.end(), more.begin(), more.end());
}

const Column& using_column(const Analysis& analysis, const Resolved& input, const std::string& name, const char* side) {
  const Column* found = nullptr;
  for (const Column& column : input.visible) {
    if (analysis.same_name(column.name, name)) {
      if (found) {
        throw SparkError(
            "AMBIGUOUS_REFERENCE",
            {{"name", quoted({name})}, {"referenceNames", "[" + quoted({name}) + ", " + quoted({name}) + "]"}});
      }
      found = &column;
    }
  }
  if (!found) {
    std::vector<std::string> names;
    for (const Column& column : input.visible) {
      names.push_back(quoted({column.name}));
    }
    std::sort(names.begin(), names.end());
    std::string suggestion;
    for (const std::string& each : names) {
      suggestion += (suggestion.empty() ? "" : ", ") + each;
    }
    throw SparkError("UNRESOLVED_USING_COLUMN_FOR_JOIN",
                     {{"colName", quoted({name})}, {"side", side}, {"suggestion", suggestion}});
  }
  return *found;
}

/// left = right over common types, all anded.
ExpressionPtr equal_keys(Analysis& analysis, const std::vector<std::pair<Column, Column>>& keys) {
  ExpressionPtr condition;
  for (const auto& [left, right] : keys) {
    ExpressionPtr equal = analysis.bind("=", {resolved::reference(left), resolved::reference(right)});
    condition = condition ? analysis.bind("and", {condition, equal}) : equal;
  }
  return condition;
}

PlanColumns merged(PlanColumns left, const PlanColumns& right) {
  for (const auto& [id, columns] : right) {
    auto& entry = left[id];
    entry.insert(entry.end(), columns.begin(), columns.end());
  }
  return left;
}

struct Sides {
  bool left_nullable;
  bool right_nullable;
};

Sides nullable_sides(JoinType type) {
  return {type == JoinType::right_outer || type == JoinType::full_outer,
          type == JoinType::left_outer || type == JoinType::full_outer};
}

/// The output of USING and NATURAL: keys, the rest of the left, the rest of the right; the other keys stay hidden.
void shape_using(Analysis& analysis, Resolved& out, JoinType type, const std::vector<std::pair<Column, Column>>& keys,
                 const Resolved& left, const Resolved& right) {
  const Sides sides = nullable_sides(type);
  const auto is_key = [&](const Column& column) {
    return std::any_of(keys.begin(), keys.end(),
                       [&](const auto& key) { return key.first.id == column.id || key.second.id == column.id; });
  };
  std::vector<NamedExpression> list;
  std::vector<Column> visible;
  std::vector<Column> hidden;
  for (const auto& [left_key, right_key] : keys) {
    Column shown = type == JoinType::right_outer ? right_key : left_key;
    if (type == JoinType::full_outer) {
      Column l = left_key;
      Column r = right_key;
      l.nullable = r.nullable = true;
      ExpressionPtr either = analysis.bind("coalesce", {resolved::reference(l), resolved::reference(r)});
      shown = column_for(left_key.name, either);
      shown.nullable = left_key.nullable || right_key.nullable;
      list.push_back({shown, either});
      hidden.push_back(l);
    } else {
      list.push_back(pass(shown));
    }
    visible.push_back(shown);
    if (!right_only_tested(type)) {
      Column other = type == JoinType::right_outer ? left_key : right_key;
      other.nullable = other.nullable || (type == JoinType::right_outer ? sides.left_nullable : sides.right_nullable);
      hidden.push_back(other);
    }
  }
  for (const Column& column : with_nullable(left.visible, sides.left_nullable)) {
    if (!is_key(column)) {
      visible.push_back(column);
      list.push_back(pass(column));
    }
  }
  if (!right_only_tested(type)) {
    for (const Column& column : with_nullable(right.visible, sides.right_nullable)) {
      if (!is_key(column)) {
        visible.push_back(column);
        list.push_back(pass(column));
      }
    }
  }
  append(hidden, with_nullable(left.hidden, sides.left_nullable));
  if (!right_only_tested(type)) {
    append(hidden, with_nullable(right.hidden, sides.right_nullable));
  }
  for (const Column& column : hidden) {
    const bool listed =
        std::any_of(list.begin(), list.end(), [&](const NamedExpression& each) { return each.column.id == column.id; });
    if (!listed) {
      list.push_back(pass(column));
    }
  }
  out.plan = project(out.plan, std::move(list));
  out.visible = std::move(visible);
  out.hidden = std::move(hidden);
}

}  // namespace

Resolved names_of_both(const Resolved& left, const Resolved& right) {
  Resolved both;
  both.visible = left.visible;
  append(both.visible, right.visible);
  both.hidden = left.hidden;
  append(both.hidden, right.hidden);
  both.plan_columns = merged(left.plan_columns, right.plan_columns);
  return both;
}

ExpressionPtr Analysis::join_condition(const plan::ExpressionPtr& written, const Resolved& both) {
  const ExpressionPtr condition = resolve_condition(written, scope_of(*this, both), "JOIN");
  if (contains_aggregate(condition) || contains_window(condition)) {
    throw_at(written->origin,
             SparkError("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", expression_sql(condition)}}));
  }
  return condition;
}

Resolved Analysis::resolve_node(const plan::Join& node) {
  Resolved left = resolve(node.left);
  Resolved right;
  std::vector<Column> lateral_used;
  if (node.lateral) {
    const Scope left_scope = scope_of(*this, left);
    const Scope* const saved_scope = outer_scope;
    std::vector<Column>* const saved_used = outer_used;
    outer_scope = &left_scope;
    outer_used = &lateral_used;
    try {
      right = resolve(node.right);
    } catch (...) {
      outer_scope = saved_scope;
      outer_used = saved_used;
      throw;
    }
    outer_scope = saved_scope;
    outer_used = saved_used;
  } else {
    right = resolve(node.right);
  }
  JoinType type = node.type;
  std::vector<std::pair<Column, Column>> keys;
  std::vector<std::string> names = node.using_columns;
  if (node.natural) {
    for (const Column& column : left.visible) {
      const bool shared = std::any_of(right.visible.begin(), right.visible.end(),
                                      [&](const Column& each) { return same_name(each.name, column.name); });
      if (shared) {
        names.push_back(column.name);
      }
    }
  }
  for (const std::string& name : names) {
    keys.emplace_back(using_column(*this, left, name, "left"), using_column(*this, right, name, "right"));
  }
  ExpressionPtr condition = keys.empty() ? nullptr : equal_keys(*this, keys);
  if (node.condition) {
    condition = join_condition(node.condition, names_of_both(left, right));
    if (type == JoinType::cross) {
      type = JoinType::inner;
    }
  }
  const Sides sides = nullable_sides(type);
  std::vector<Column> output = with_nullable(left.plan->output, sides.left_nullable);
  if (!right_only_tested(type)) {
    append(output, with_nullable(right.plan->output, sides.right_nullable));
  }
  resolved::Join join{left.plan, right.plan, type, condition, node.lateral, lateral_used};
  Resolved out;
  out.plan = resolved::make_relation(std::move(join), output);
  out.plan_columns = right_only_tested(type) ? left.plan_columns : merged(left.plan_columns, right.plan_columns);
  if (!keys.empty()) {
    shape_using(*this, out, type, keys, left, right);
    return out;
  }
  out.visible = with_nullable(left.visible, sides.left_nullable);
  out.hidden = with_nullable(left.hidden, sides.left_nullable);
  if (!right_only_tested(type)) {
    append(out.visible, with_nullable(right.visible, sides.right_nullable));
    append(out.hidden, with_nullable(right.hidden, sides.right_nullable));
  }
  return out;
}

}  // namespace pyrite::analysis
