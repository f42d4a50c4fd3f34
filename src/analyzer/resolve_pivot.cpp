// PIVOT and UNPIVOT.
#include <algorithm>
#include <map>

#include "analyzer/analysis.h"
#include "analyzer/pivot.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/registry.h"
#include "plan/resolved_transform.h"
#include "types/coercion.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

struct PivotValue {
  ExpressionPtr value;
  std::string name;
};

std::string text_of(Analysis& analysis, const ExpressionPtr& value) {
  const Value text = analysis.constant_value(cast_to(value, Type::string(), resolved::EvalMode::legacy));
  return text.is_null() ? "null" : text.text();
}

/// The column's distinct values in order, as Spark asks for when none are given.
std::vector<PivotValue> values_of_data(Analysis& analysis, const Resolved& base, const ExpressionPtr& column) {
  const NamedExpression item{column_for("value", column), column};
  resolved::RelationPtr plan = project(base.plan, {item});
  plan = resolved::make_relation(resolved::Distinct{plan}, {item.column});
  plan = resolved::make_relation(resolved::Sort{plan, {{resolved::reference(item.column), true, true}}}, {item.column});
  const int64_t limit = std::stoll(std::string(analysis.host.facts->conf("spark.sql.pivotMaxValues", "10000")));
  plan = resolved::make_relation(resolved::Limit{plan, limit + 1, 0}, {item.column});
  std::vector<PivotValue> out;
  for (const ValueList& row : analysis.host.run(plan)) {
    ExpressionPtr value = resolved::literal(row[0], column->type);
    std::string name = text_of(analysis, value);
    out.push_back({std::move(value), std::move(name)});
  }
  if (static_cast<int64_t>(out.size()) > limit) {
    throw SparkError("_LEGACY_ERROR_TEMP_1324", {{"pivotColumn", expression_sql(column)},
                                                 {"maxValues", std::to_string(limit)},
                                                 {"config", "spark.sql.pivotMaxValues"}});
  }
  return out;
}

std::vector<PivotValue> values_given(Analysis& analysis, const std::vector<plan::ExpressionPtr>& given,
                                     const ExpressionPtr& column) {
  const std::vector<Column> none;
  const PlanColumns no_plans;
  Scope scope;
  scope.visible = &none;
  scope.hidden = &none;
  scope.plan_columns = &no_plans;
  std::vector<PivotValue> out;
  for (const plan::ExpressionPtr& each : given) {
    const auto* alias = std::get_if<plan::Alias>(&each->node);
    ExpressionPtr value = analysis.resolve(each, scope);
    if (!is_foldable(value)) {
      throw_at(each->origin,
               SparkError("NON_LITERAL_PIVOT_VALUES", {{"expression", "\"" + expression_sql(value) + "\""}}));
    }
    std::string name = alias ? alias->names[0] : text_of(analysis, value);
    if (!same_type(value->type, column->type)) {
      if (!wider_type(value->type, column->type, analysis.ansi()) && !value->type.is(TypeKind::null)) {
        throw_at(each->origin,
                 SparkError("PIVOT_VALUE_DATA_TYPE_MISMATCH", {{"value", expression_sql(value)},
                                                               {"valueType", simple_string(value->type)},
                                                               {"pivotType", simple_string(column->type)}}));
      }
      value = cast_to(value, column->type, analysis.mode());
    }
    out.push_back({std::move(value), std::move(name)});
  }
  return out;
}

/// Types for which Spark's two-step pivot gives NULL where a value never occurs in a group.
bool missing_is_null(const Type& type) { return type.is_numeric() || type.is(TypeKind::boolean); }

/// Each aggregate only over the rows with this value.
ExpressionPtr filtered(Analysis& analysis, const ExpressionPtr& expression, const ExpressionPtr& hit) {
  return resolved::transform(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
    const auto* call = std::get_if<resolved::AggregateCall>(&node->node);
    if (!call) {
      return nullptr;
    }
    resolved::AggregateCall copy = *call;
    copy.filter = copy.filter ? analysis.bind("and", {hit, copy.filter}) : hit;
    return resolved::make_expression(std::move(copy), node->type, true, node->origin);
  });
}

Resolved finish_pivot(Analysis& analysis, const std::shared_ptr<Select>& select, const ExpressionPtr& column,
                      const std::vector<PivotValue>& values, const std::vector<NamedExpression>& aggregates) {
  for (const NamedExpression& each : select->grouping) {
    select->projection.push_back(pass(each.column));
  }
  for (const PivotValue& value : values) {
    const ExpressionPtr hit = analysis.bind("<=>", {column, value.value});
    for (const NamedExpression& aggregate : aggregates) {
      if (!contains_aggregate(aggregate.expression)) {
        throw_at(aggregate.expression->origin,
                 SparkError("_LEGACY_ERROR_TEMP_1006", {{"sql", expression_sql(aggregate.expression)}}));
      }
      ExpressionPtr cell = analysis.lift_aggregates(*select, filtered(analysis, aggregate.expression, hit));
      if (missing_is_null(cell->type)) {
        const ExpressionPtr rows = analysis.lift_aggregates(
            *select, filtered(analysis, analysis.aggregate_call("count", {resolved::int_literal(1)}), hit));
        const ExpressionPtr some = analysis.bind(">", {rows, resolved::literal(Value(int64_t{0}), Type::long_int())});
        cell = analysis.bind("if", {some, cell, resolved::null_literal(cell->type)});
      }
      const std::string name = aggregates.size() == 1 ? value.name : value.name + "_" + aggregate.column.name;
      select->projection.push_back({new_column(name, cell->type, true), cell});
    }
  }
  Resolved out = analysis.build(select);
  out.select = nullptr;
  return out;
}

void group_by(Select& select, const ExpressionPtr& expression, const Column& column) {
  for (const NamedExpression& each : select.grouping) {
    if (same_expression(each.expression, expression)) {
      return;
    }
  }
  select.grouping.push_back({column, expression});
}

}  // namespace

Resolved resolve_pivot(Analysis& analysis, const plan::Aggregate& node) {
  auto select = std::make_shared<Select>();
  select->base = analysis.resolve(node.input);
  select->base.select = nullptr;
  select->aggregated = true;
  std::vector<plan::ExpressionPtr> expressions = node.grouping;
  expressions.insert(expressions.end(), node.aggregates.begin(), node.aggregates.end());
  expressions.push_back(node.pivot->column);
  add_time_windows(analysis, select->base, expressions);
  const Scope scope = scope_of(analysis, select->base);
  for (const NamedExpression& each : analysis.resolve_list(node.grouping, scope)) {
    group_by(*select, each.expression, each.column);
  }
  const ExpressionPtr column = analysis.resolve(node.pivot->column, scope);
  const std::vector<PivotValue> values = node.pivot->values.empty()
                                             ? values_of_data(analysis, select->base, column)
                                             : values_given(analysis, node.pivot->values, column);
  return finish_pivot(analysis, select, column, values, analysis.resolve_list(node.aggregates, scope));
}

Resolved Analysis::resolve_node(const plan::PivotClause& node) {
  auto select = std::make_shared<Select>();
  select->base = resolve(node.input);
  select->base.select = nullptr;
  select->aggregated = true;
  const Scope scope = scope_of(*this, select->base);
  std::vector<ExpressionPtr> keys;
  for (const plan::ExpressionPtr& each : node.columns) {
    keys.push_back(resolve(each, scope));
  }
  ExpressionPtr column = keys[0];
  if (keys.size() > 1) {
    std::vector<ExpressionPtr> parts;
    for (size_t i = 0; i < keys.size(); ++i) {
      parts.push_back(resolved::string_literal("col" + std::to_string(i + 1)));
      parts.push_back(keys[i]);
    }
    column = bind("named_struct", std::move(parts));
  }
  const std::vector<NamedExpression> aggregates = resolve_list(node.aggregates, scope);
  // Columns that neither the pivot nor an aggregate uses group the rows.
  std::vector<ColumnId> used;
  const auto note = [&](const ExpressionPtr& expression) {
    resolved::any_node(expression, [&](const ExpressionPtr& part) {
      if (const auto* reference = std::get_if<resolved::ColumnRef>(&part->node)) {
        used.push_back(reference->id);
      }
      return false;
    });
  };
  for (const ExpressionPtr& key : keys) {
    note(key);
  }
  for (const NamedExpression& each : aggregates) {
    note(each.expression);
  }
  for (const Column& each : select->base.visible) {
    if (std::find(used.begin(), used.end(), each.id) == used.end()) {
      group_by(*select, resolved::reference(each), each);
    }
  }
  return finish_pivot(*this, select, column, values_given(*this, node.values, column), aggregates);
}

namespace {

struct UnpivotGroup {
  std::vector<NamedExpression> values;
  std::string name;
};

std::vector<UnpivotGroup> unpivot_groups(Analysis& analysis, const plan::Unpivot& node, const Scope& scope,
                                         const std::vector<NamedExpression>& ids) {
  std::vector<UnpivotGroup> out;
  const auto add = [&](std::vector<NamedExpression> values, const std::optional<std::string>& alias) {
    UnpivotGroup group;
    for (const NamedExpression& each : values) {
      group.name += (group.name.empty() ? "" : "_") + each.column.name;
    }
    group.name = alias.value_or(group.name);
    group.values = std::move(values);
    out.push_back(std::move(group));
  };
  if (!node.values) {
    for (const Column& column : *scope.visible) {
      const bool is_id =
          std::any_of(ids.begin(), ids.end(), [&](const NamedExpression& id) { return id.column.id == column.id; });
      if (!is_id) {
        add({pass(column)}, std::nullopt);
      }
    }
    return out;
  }
  for (size_t i = 0; i < node.values->size(); ++i) {
    const std::optional<std::string> alias =
        i < node.value_aliases.size() ? node.value_aliases[i] : std::optional<std::string>{};
    const auto& group = (*node.values)[i];
    std::vector<NamedExpression> values = analysis.resolve_list(group, scope);
    if (group.size() != 1) {
      add(std::move(values), alias);
      continue;
    }
    for (NamedExpression& each : values) {
      add({std::move(each)}, alias);  // a star among single values stands for as many groups
    }
  }
  return out;
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Unpivot& node) {
  Resolved input = resolve(node.input);
  input.select = nullptr;
  const Scope scope = scope_of(*this, input);
  std::vector<NamedExpression> ids = node.ids_given ? resolve_list(node.ids, scope) : std::vector<NamedExpression>{};
  const std::vector<UnpivotGroup> groups = unpivot_groups(*this, node, scope, ids);
  if (groups.empty()) {
    throw SparkError("UNPIVOT_REQUIRES_VALUE_COLUMNS");
  }
  if (!node.ids_given) {
    for (const Column& column : input.visible) {
      const bool is_value = std::any_of(groups.begin(), groups.end(), [&](const UnpivotGroup& group) {
        return std::any_of(group.values.begin(), group.values.end(),
                           [&](const NamedExpression& each) { return each.column.id == column.id; });
      });
      if (!is_value) {
        ids.push_back(pass(column));
      }
    }
  }
  const size_t width = node.value_columns.size();
  std::vector<Type> types(width);
  for (size_t c = 0; c < width; ++c) {
    std::vector<Type> given;
    std::map<std::string, std::vector<std::string>> names;  // by type
    for (const UnpivotGroup& group : groups) {
      if (group.values.size() != width) {
        throw SparkError("UNPIVOT_VALUE_SIZE_MISMATCH", {{"names", std::to_string(width)}});
      }
      given.push_back(group.values[c].expression->type);
      names["\"" + sql_string(given.back()) + "\""].push_back(quoted({group.values[c].column.name}));
    }
    const std::optional<Type> common = wider_type_without_texts(given, ansi());
    if (!common) {
      std::string shown;
      for (const auto& [type, columns] : names) {
        shown += (shown.empty() ? "" : ", ") + type + " (";
        for (size_t i = 0; i < columns.size() && i < 3; ++i) {
          shown += (i > 0 ? ", " : "") + columns[i];
        }
        shown += columns.size() > 3 ? ", ...)" : ")";
      }
      throw SparkError("UNPIVOT_VALUE_DATA_TYPE_MISMATCH", {{"types", shown}});
    }
    types[c] = *common;
  }
  std::vector<ExpressionPtr> rows;
  for (const UnpivotGroup& group : groups) {
    std::vector<ExpressionPtr> parts = {resolved::string_literal("name"), resolved::string_literal(group.name)};
    for (size_t c = 0; c < width; ++c) {
      parts.push_back(resolved::string_literal("value" + std::to_string(c)));
      parts.push_back(cast_to(group.values[c].expression, types[c], mode()));
    }
    rows.push_back(bind("named_struct", std::move(parts)));
  }
  const ExpressionPtr generator = bind("inline", {bind("array", std::move(rows))});
  std::vector<Column> generated = {new_column(node.variable_column, Type::string(), false)};
  for (size_t c = 0; c < width; ++c) {
    const bool nullable = std::any_of(groups.begin(), groups.end(),
                                      [&](const UnpivotGroup& group) { return group.values[c].expression->nullable; });
    generated.push_back(new_column(node.value_columns[c], types[c], nullable));
  }
  std::vector<Column> output = input.plan->output;
  output.insert(output.end(), generated.begin(), generated.end());
  resolved::RelationPtr plan =
      resolved::make_relation(resolved::Generate{input.plan, generator, false, generated}, output);
  if (!node.include_nulls) {
    ExpressionPtr some;
    for (size_t c = 1; c < generated.size(); ++c) {
      const ExpressionPtr has = bind("isnotnull", {resolved::reference(generated[c])});
      some = some ? bind("or", {some, has}) : has;
    }
    plan = resolved::make_relation(resolved::Filter{plan, some}, output);
  }
  for (const Column& column : generated) {
    ids.push_back(pass(column));
  }
  return plain(project(plan, std::move(ids)), std::move(input.plan_columns));
}

}  // namespace pyrite::analysis
