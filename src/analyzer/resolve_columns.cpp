// DataFrame methods over columns: withColumns, renaming, drop, toDF, to(schema).
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/file_metadata.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

/// A new block over an input; DataFrame methods stand on whole DataFrames.
std::shared_ptr<Select> block_over(Resolved input) {
  auto select = std::make_shared<Select>();
  drop_hidden(input);
  input.select = nullptr;
  select->base = std::move(input);
  return select;
}

std::string join_names(const std::vector<Column>& columns) {
  std::string out;
  for (const Column& column : columns) {
    out += (out.empty() ? "" : ", ") + column.name;
  }
  return out;
}

}  // namespace

Resolved Analysis::resolve_node(const plan::WithColumns& node) {
  auto select = block_over(resolve(node.input));
  add_time_windows(*this, select->base, node.aliases);
  const Scope scope = scope_of(*this, select->base);
  for (size_t i = 0; i < node.aliases.size(); ++i) {
    const auto& alias = std::get<plan::Alias>(node.aliases[i]->node);
    for (size_t j = 0; j < i; ++j) {
      const auto& before = std::get<plan::Alias>(node.aliases[j]->node);
      if (same_name(alias.names[0], before.names[0])) {
        throw SparkError("COLUMN_ALREADY_EXISTS", {{"columnName", quoted({lower_case(alias.names[0])})}});
      }
    }
  }
  std::vector<NamedExpression> items = resolve_list(node.aliases, scope, select.get());
  for (size_t i = 0; i < items.size() && items.size() == node.aliases.size(); ++i) {
    items[i].column.metadata = std::get<plan::Alias>(node.aliases[i]->node).metadata;  // only what is given here
  }
  std::vector<bool> placed(items.size(), false);
  for (const Column& column : select->base.visible) {
    size_t hit = items.size();
    for (size_t i = 0; i < items.size(); ++i) {
      if (same_name(items[i].column.name, column.name)) {
        hit = i;
      }
    }
    if (hit == items.size()) {
      select->projection.push_back(pass(column));
      continue;
    }
    placed[hit] = true;
    select->projection.push_back(items[hit]);
  }
  for (size_t i = 0; i < items.size(); ++i) {
    if (!placed[i]) {
      select->projection.push_back(items[i]);
    }
  }
  std::vector<ColumnId> generated;
  for (const Select::Generated& each : select->generators) {
    for (const Column& column : each.columns) {
      generated.push_back(column.id);
    }
  }
  for (NamedExpression& each : select->projection) {
    if (contains_aggregate(each.expression)) {
      throw SparkError("MISSING_GROUP_BY");
    }
    if (std::find(generated.begin(), generated.end(), each.column.id) == generated.end()) {
      each.expression = lift_windows(*select, each.expression);
    }
  }
  return build(select);
}

Resolved Analysis::resolve_node(const plan::WithColumnsRenamed& node) {
  auto select = block_over(resolve(node.input));
  std::vector<Column> columns = select->base.visible;
  std::vector<bool> changed(columns.size(), false);
  for (const auto& [from, to] : node.renames) {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (same_name(columns[i].name, from)) {
        columns[i].name = to;
        changed[i] = true;
      }
    }
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    const Column& source = select->base.visible[i];
    if (!changed[i]) {
      select->projection.push_back(pass(source));
      continue;
    }
    for (size_t j = 0; j < columns.size(); ++j) {
      if (j != i && changed[j] && same_name(columns[i].name, columns[j].name)) {
        throw SparkError("COLUMN_ALREADY_EXISTS", {{"columnName", quoted({lower_case(columns[i].name)})}});
      }
    }
    Column column = columns[i];
    column.id = next_column_id();
    column.qualifier.clear();
    select->projection.push_back({std::move(column), resolved::reference(source)});
  }
  return build(select);
}

Resolved Analysis::resolve_node(const plan::Drop& node) {
  auto select = block_over(resolve(node.input));
  const Scope scope = scope_of(*this, select->base);
  std::vector<ColumnId> dropped;
  for (const plan::ExpressionPtr& each : node.columns) {
    const auto* attribute = std::get_if<plan::Attribute>(&each->node);
    if (!attribute) {
      continue;
    }
    const ExpressionPtr found = [&]() -> ExpressionPtr {
      try {
        return find_attribute(*attribute, scope, each->origin);
      } catch (const SparkError& error) {
        if (error.condition() == "CANNOT_RESOLVE_DATAFRAME_COLUMN") {
          return nullptr;  // dropping a column that is not there changes nothing
        }
        throw;
      }
    }();
    if (found && std::holds_alternative<resolved::ColumnRef>(found->node)) {
      dropped.push_back(std::get<resolved::ColumnRef>(found->node).id);
    }
  }
  for (const Column& column : select->base.visible) {
    const bool by_name = std::any_of(node.names.begin(), node.names.end(),
                                     [&](const std::string& name) { return same_name(name, column.name); });
    if (!by_name && std::find(dropped.begin(), dropped.end(), column.id) == dropped.end()) {
      select->projection.push_back(pass(column));
    }
  }
  return build(select);
}

Resolved Analysis::resolve_node(const plan::ToDF& node) {
  auto select = block_over(resolve(node.input));
  const std::vector<Column>& columns = select->base.visible;
  if (node.names.size() != columns.size()) {
    throw SparkError("ASSIGNMENT_ARITY_MISMATCH",
                     {{"numExpr", std::to_string(node.names.size())}, {"numTarget", std::to_string(columns.size())}});
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    Column column = columns[i];
    column.id = next_column_id();
    column.name = node.names[i];
    column.qualifier.clear();
    select->projection.push_back({std::move(column), resolved::reference(columns[i])});
  }
  return build(select);
}

namespace {

/// A value in the shape that DataFrame.to asks for: columns and fields by name, types by implicit cast.
ExpressionPtr reconcile(Analysis& analysis, const ExpressionPtr& value, const Type& type, const plan::NameParts& path) {
  const Type& from = value->type;
  if (from.is(TypeKind::structure) && type.is(TypeKind::structure)) {
    std::vector<ExpressionPtr> parts;
    for (const StructField& field : type.fields()) {
      plan::NameParts inner = path;
      inner.push_back(field.name);
      int found = -1;
      for (size_t i = 0; i < from.fields().size(); ++i) {
        if (analysis.same_name(from.fields()[i].name, field.name)) {
          found = static_cast<int>(i);
        }
      }
      parts.push_back(resolved::string_literal(field.name));
      if (found < 0) {
        if (!field.nullable) {
          throw SparkError("UNRESOLVED_FIELD.WITH_SUGGESTION",
                           {{"fieldName", quoted({field.name})}, {"columnPath", quoted(path)}, {"proposal", ""}});
        }
        parts.push_back(resolved::null_literal(field.type));
        continue;
      }
      const StructField& source = from.fields()[static_cast<size_t>(found)];
      if (source.nullable && !field.nullable) {
        throw SparkError("NULLABLE_COLUMN_OR_FIELD", {{"name", quoted(inner)}});
      }
      const ExpressionPtr item = resolved::make_expression(resolved::GetField{value, found, source.name}, source.type,
                                                           value->nullable || source.nullable);
      parts.push_back(reconcile(analysis, item, field.type, inner));
    }
    ExpressionPtr rebuilt = analysis.bind("named_struct", std::move(parts));
    return value->nullable
               ? analysis.bind("if", {analysis.bind("isnull", {value}), resolved::null_literal(rebuilt->type), rebuilt})
               : rebuilt;
  }
  if (same_type(from, type)) {
    return value;
  }
  const bool numbers = from.is_numeric() && type.is_numeric();
  const bool loses = from.is_nested() || type.is_nested() || !can_cast(from, type, resolved::EvalMode::ansi) ||
                     (from.is_string() && !type.is_string()) || (!numbers && !type.is_string() && !from.is_datetime());
  if (loses) {
    throw SparkError("INVALID_COLUMN_OR_FIELD_DATA_TYPE", {{"name", quoted(path)},
                                                           {"type", "\"" + sql_string(from) + "\""},
                                                           {"expectedType", "\"" + sql_string(type) + "\""}});
  }
  return cast_to(value, type, resolved::EvalMode::ansi);
}

}  // namespace

Resolved Analysis::resolve_node(const plan::ToSchema& node) {
  auto select = block_over(resolve(node.input));
  for (const StructField& field : node.schema.fields()) {
    const Column* found = nullptr;
    for (const Column& column : select->base.visible) {
      if (same_name(column.name, field.name)) {
        if (found) {
          throw SparkError("AMBIGUOUS_COLUMN_OR_FIELD", {{"name", quoted({field.name})}, {"n", "2"}});
        }
        found = &column;
      }
    }
    if (!found) {
      if (field.nullable) {
        ExpressionPtr null = resolved::null_literal(field.type);
        select->projection.push_back({new_column(field.name, field.type, true, field.metadata), null});
        continue;
      }
      throw SparkError("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                       {{"objectName", quoted({field.name})}, {"proposal", join_names(select->base.visible)}});
    }
    if (found->nullable && !field.nullable) {
      throw SparkError("NULLABLE_COLUMN_OR_FIELD", {{"name", quoted({field.name})}});
    }
    ExpressionPtr value = reconcile(*this, resolved::reference(*found), field.type, {field.name});
    Column column = column_for(field.name, value);
    column.metadata = field.metadata.empty() ? found->metadata : field.metadata;
    select->projection.push_back({std::move(column), std::move(value)});
  }
  return build(select);
}

}  // namespace pyrite::analysis
