// UNION, INTERSECT, EXCEPT: widened columns, by position or by name; DISTINCT and dropDuplicates.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "types/coercion.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

std::string operator_name(const plan::SetOperation& node) {
  switch (node.op) {
    case plan::SetOperator::union_:
      return "UNION";
    case plan::SetOperator::intersect:
      return node.all ? "INTERSECT ALL" : "INTERSECT";
    case plan::SetOperator::except:
      return node.all ? "EXCEPT ALL" : "EXCEPT";
  }
  return {};
}

std::string ordinal(size_t position) {
  static const char* const names[] = {"first", "second",  "third",  "fourth", "fifth",
                                      "sixth", "seventh", "eighth", "ninth",  "tenth"};
  return position < 10 ? names[position] : std::to_string(position + 1) + "th";
}

/// The right side in the left's order; with allow_missing, NULLs where a side has no such column.
void align_by_name(Analysis& analysis, const plan::SetOperation& node, Resolved& left, Resolved& right) {
  const auto find = [&](const std::vector<Column>& columns, const std::string& name) -> const Column* {
    for (const Column& column : columns) {
      if (analysis.same_name(column.name, name)) {
        return &column;
      }
    }
    return nullptr;
  };
  std::vector<NamedExpression> right_list;
  for (const Column& column : left.visible) {
    if (const Column* match = find(right.visible, column.name)) {
      right_list.push_back(pass(*match));
    } else if (node.allow_missing_columns) {
      ExpressionPtr null = resolved::null_literal(column.type);
      right_list.push_back({column_for(column.name, null), null});
    } else {
      std::string names;
      for (const Column& each : right.visible) {
        names += (names.empty() ? "" : ", ") + each.name;
      }
      throw SparkError("UNRESOLVED_COLUMN_AMONG_FIELD_NAMES", {{"colName", column.name}, {"fieldNames", names}});
    }
  }
  std::vector<NamedExpression> left_list;
  for (const Column& column : left.visible) {
    left_list.push_back(pass(column));
  }
  for (const Column& column : right.visible) {
    if (find(left.visible, column.name)) {
      continue;
    }
    if (!node.allow_missing_columns) {
      throw SparkError("NUM_COLUMNS_MISMATCH", {{"operator", operator_name(node)},
                                                {"firstNumColumns", std::to_string(left.visible.size())},
                                                {"invalidOrdinalNum", "second"},
                                                {"invalidNumColumns", std::to_string(right.visible.size())}});
    }
    ExpressionPtr null = resolved::null_literal(column.type);
    left_list.push_back({column_for(column.name, null), null});
    right_list.push_back(pass(column));
  }
  PlanColumns plans = left.plan_columns;
  left = plain(project(left.plan, std::move(left_list)), std::move(plans));
  right = plain(project(right.plan, std::move(right_list)));
}

resolved::RelationPtr cast_columns(const Analysis& analysis, const Resolved& input, const std::vector<Type>& types) {
  std::vector<NamedExpression> list;
  bool changed = input.plan->output.size() != input.visible.size();
  for (size_t i = 0; i < input.visible.size(); ++i) {
    const Column& column = input.visible[i];
    if (same_type(column.type, types[i])) {
      list.push_back(pass(column));
      continue;
    }
    changed = true;
    ExpressionPtr cast = cast_to(resolved::reference(column), types[i], analysis.mode());
    list.push_back({column_for(column.name, cast), cast});
  }
  return changed ? project(input.plan, std::move(list)) : trimmed(input);
}

}  // namespace

Resolved Analysis::resolve_node(const plan::SetOperation& node) {
  Resolved left = resolve(node.left);
  Resolved right = resolve(node.right);
  left.select = nullptr;
  if (node.by_name) {
    align_by_name(*this, node, left, right);
  }
  if (left.visible.size() != right.visible.size()) {
    throw SparkError("NUM_COLUMNS_MISMATCH", {{"operator", operator_name(node)},
                                              {"firstNumColumns", std::to_string(left.visible.size())},
                                              {"invalidOrdinalNum", "second"},
                                              {"invalidNumColumns", std::to_string(right.visible.size())}});
  }
  std::vector<Type> types;
  for (size_t i = 0; i < left.visible.size(); ++i) {
    const Type& a = left.visible[i].type;
    const Type& b = right.visible[i].type;
    const std::optional<Type> common = wider_type(a, b, ansi());
    if (!common) {
      throw SparkError("INCOMPATIBLE_COLUMN_TYPE", {{"tableOrdinalNumber", "second"},
                                                    {"columnOrdinalNumber", ordinal(i)},
                                                    {"dataType2", "\"" + sql_string(a) + "\""},
                                                    {"operator", operator_name(node)},
                                                    {"hint", ""},
                                                    {"dataType1", "\"" + sql_string(b) + "\""}});
    }
    if (!(node.op == plan::SetOperator::union_ && node.all) && common->is(TypeKind::map)) {
      throw SparkError("UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
                       {{"colName", quoted({left.visible[i].name})}, {"dataType", "\"" + sql_string(*common) + "\""}});
    }
    types.push_back(*common);
  }
  const resolved::RelationPtr left_plan = cast_columns(*this, left, types);
  const resolved::RelationPtr right_plan = cast_columns(*this, right, types);
  std::vector<Column> output;
  for (size_t i = 0; i < types.size(); ++i) {
    Column column = left_plan->output[i];
    const Column& other = right_plan->output[i];
    column.id = next_column_id();
    column.qualifier.clear();
    const bool both = node.op == plan::SetOperator::intersect ? column.nullable && other.nullable
                      : node.op == plan::SetOperator::except  ? column.nullable
                                                              : column.nullable || other.nullable;
    column.nullable = both;
    if (node.op == plan::SetOperator::union_ && column.type != other.type && same_type(column.type, other.type)) {
      column.type = wider_type(column.type, other.type, ansi()).value_or(column.type);
    }
    output.push_back(std::move(column));
  }
  Resolved out =
      plain(resolved::make_relation(resolved::SetOperation{left_plan, right_plan, node.op, node.all}, output));
  // df["x"] of the left side still names the column by position.
  for (const auto& [id, entries] : left.plan_columns) {
    for (const std::vector<Column>& columns : entries) {
      std::vector<Column> moved;
      for (const Column& column : columns) {
        for (size_t i = 0; i < left.visible.size(); ++i) {
          if (left.visible[i].id == column.id) {
            moved.push_back(output[i]);
          }
        }
      }
      out.plan_columns[id].push_back(std::move(moved));
    }
  }
  return out;
}

namespace {

/// Rows without duplicates are groups too, and merge their sessions.
Resolved distinct_sessions(Analysis& analysis, Resolved input, const std::vector<Column>& keys) {
  resolved::Aggregate groups{input.plan, {}, {}, {}, std::nullopt};
  std::vector<Column> output;
  std::vector<NamedExpression> list;
  for (const Column& key : keys) {
    Column merged = key;
    merged.id = next_column_id();
    groups.grouping.push_back({merged, resolved::reference(key)});
    output.push_back(std::move(merged));
  }
  std::vector<Column> shown;
  for (const Column& column : input.plan->output) {
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const Column& each) { return each.id == column.id; });
    if (key != keys.end()) {
      shown.push_back(output[static_cast<size_t>(key - keys.begin())]);
      continue;
    }
    Column first = column;
    first.id = next_column_id();
    groups.aggregates.push_back({first, analysis.aggregate_call("first", {resolved::reference(column)})});
    shown.push_back(std::move(first));
  }
  for (const NamedExpression& each : groups.aggregates) {
    output.push_back(each.column);
  }
  input.plan = aggregate_rows(analysis, std::move(groups), std::move(output));
  input.visible = std::move(shown);
  input.plan = trimmed(input);
  return input;
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Deduplicate& node) {
  if (node.within_watermark) {
    throw_unsupported("dropDuplicatesWithinWatermark (Structured Streaming)");
  }
  Resolved input = resolve(node.input);
  input.select = nullptr;
  input.plan = trimmed(input);
  input.hidden.clear();
  const std::vector<Column> output = input.plan->output;
  if (node.all_columns || node.columns.empty()) {
    for (const Column& column : output) {
      if (column.type.is(TypeKind::map)) {
        throw SparkError("UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
                         {{"colName", quoted({column.name})}, {"dataType", "\"" + sql_string(column.type) + "\""}});
      }
    }
    if (std::any_of(output.begin(), output.end(), is_session)) {
      return distinct_sessions(*this, std::move(input), output);
    }
    input.plan = resolved::make_relation(resolved::Distinct{input.plan}, output);
    return input;
  }
  std::vector<ExpressionPtr> keys;
  std::vector<Column> key_columns;
  for (const std::string& name : node.columns) {
    bool found = false;
    for (const Column& column : output) {
      if (same_name(column.name, name)) {
        keys.push_back(resolved::reference(column));
        key_columns.push_back(column);
        found = true;
      }
    }
    if (!found) {
      std::string names;
      for (const Column& column : output) {
        names += (names.empty() ? "" : ", ") + column.name;
      }
      throw SparkError("CONNECT_INVALID_PLAN.UNRESOLVED_COLUMN_AMONG_FIELD_NAMES",
                       {{"colName", name}, {"fieldNames", names}});
    }
  }
  if (std::any_of(key_columns.begin(), key_columns.end(), is_session)) {
    return distinct_sessions(*this, std::move(input), key_columns);
  }
  input.plan = resolved::make_relation(resolved::DistinctOn{input.plan, std::move(keys)}, output);
  return input;
}

}  // namespace pyrite::analysis
