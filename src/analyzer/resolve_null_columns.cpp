// df.na: fill, drop, replace.
#include <algorithm>

#include "analyzer/analysis.h"
#include "base/error.h"
#include "functions/bind_call.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

Resolved whole(Resolved input) {
  input.plan = trimmed(input);
  input.hidden.clear();
  input.select = nullptr;
  return input;
}

const Column& column_named(Analysis& analysis, const Resolved& input, const std::string& name) {
  for (const Column& column : input.visible) {
    if (analysis.same_name(column.name, name)) {
      return column;
    }
  }
  Scope scope = scope_of(analysis, input);
  analysis.throw_unresolved({name}, scope, nullptr);
}

ExpressionPtr constant(Analysis& analysis, const plan::ExpressionPtr& source) {
  const std::vector<Column> none;
  const PlanColumns no_plans;
  Scope scope;
  scope.visible = &none;
  scope.hidden = &none;
  scope.plan_columns = &no_plans;
  return analysis.resolve(source, scope);
}

/// Whether a value may stand in a column: numbers in numbers, strings in strings, booleans in booleans.
bool fits(const Type& column, const Type& value) {
  return (column.is_numeric() && value.is_numeric()) || (column.is_string() && value.is_string()) ||
         (column.is(TypeKind::boolean) && value.is(TypeKind::boolean)) || value.is(TypeKind::null);
}

Resolved mapped(Resolved input, const std::vector<ExpressionPtr>& values) {
  std::vector<NamedExpression> list;
  for (size_t i = 0; i < input.visible.size(); ++i) {
    if (!values[i]) {
      list.push_back(pass(input.visible[i]));
      continue;
    }
    Column column = column_for(input.visible[i].name, values[i]);
    column.metadata = input.visible[i].metadata;
    list.push_back({std::move(column), values[i]});
  }
  return plain(project(input.plan, std::move(list)), std::move(input.plan_columns));
}

}  // namespace

Resolved Analysis::resolve_node(const plan::FillNull& node) {
  Resolved input = whole(resolve(node.input));
  std::vector<ExpressionPtr> values(input.visible.size());
  const auto fill = [&](size_t i, const ExpressionPtr& value) {
    const Column& column = input.visible[i];
    if (!fits(column.type, value->type)) {
      return;
    }
    ExpressionPtr present = resolved::reference(column);
    if (column.type.is_floating()) {
      present = bind("nanvl", {present, resolved::null_literal(column.type)});
    }
    values[i] = bind("coalesce", {present, cast_to(value, column.type, mode())});
  };
  for (const std::string& name : node.columns) {
    column_named(*this, input, name);
  }
  for (size_t i = 0; i < input.visible.size(); ++i) {
    for (size_t c = 0; c < node.columns.size(); ++c) {
      if (same_name(input.visible[i].name, node.columns[c])) {
        fill(i, constant(*this, node.values[node.values.size() == 1 ? 0 : c]));
      }
    }
    if (node.columns.empty()) {
      fill(i, constant(*this, node.values.at(0)));
    }
  }
  return mapped(std::move(input), values);
}

Resolved Analysis::resolve_node(const plan::DropNull& node) {
  Resolved input = whole(resolve(node.input));
  std::vector<Column> columns;
  for (const std::string& name : node.columns) {
    columns.push_back(column_named(*this, input, name));
  }
  if (node.columns.empty()) {
    columns = input.visible;
  }
  if (columns.empty()) {
    return input;
  }
  ExpressionPtr count;
  for (const Column& column : columns) {
    ExpressionPtr present = bind("isnotnull", {resolved::reference(column)});
    if (column.type.is_floating()) {
      present = bind("and", {present, bind("not", {bind("isnan", {resolved::reference(column)})})});
    }
    ExpressionPtr one = bind("if", {present, resolved::int_literal(1), resolved::int_literal(0)});
    count = count ? bind("+", {count, one}) : one;
  }
  const int needed = node.min_non_nulls.value_or(static_cast<int>(columns.size()));
  const ExpressionPtr condition = bind(">=", {count, resolved::int_literal(needed)});
  const std::vector<Column> output = input.plan->output;
  input.plan = resolved::make_relation(resolved::Filter{input.plan, condition}, output);
  return input;
}

Resolved Analysis::resolve_node(const plan::ReplaceValues& node) {
  Resolved input = whole(resolve(node.input));
  for (const std::string& name : node.columns) {
    column_named(*this, input, name);
  }
  std::vector<ExpressionPtr> values(input.visible.size());
  for (size_t i = 0; i < input.visible.size(); ++i) {
    const Column& column = input.visible[i];
    const bool asked =
        node.columns.empty() || std::any_of(node.columns.begin(), node.columns.end(),
                                            [&](const auto& name) { return same_name(name, column.name); });
    if (!asked) {
      continue;
    }
    std::vector<ExpressionPtr> branches;
    for (const auto& [from, to] : node.replacements) {
      const ExpressionPtr old_value = constant(*this, from);
      if (!fits(column.type, old_value->type)) {
        continue;
      }
      branches.push_back(bind("<=>", {resolved::reference(column), cast_to(old_value, column.type, mode())}));
      branches.push_back(cast_to(constant(*this, to), column.type, mode()));
    }
    if (!branches.empty()) {
      branches.push_back(resolved::reference(column));
      values[i] = bind("when", std::move(branches));
    }
  }
  return mapped(std::move(input), values);
}

}  // namespace pyrite::analysis
