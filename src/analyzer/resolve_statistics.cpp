// df.describe, summary and df.stat: aggregates over the columns, laid out as Spark lays them out.
#include <algorithm>

#include "analyzer/analysis.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/java_format.h"
#include "types/coercion.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

Resolved whole(Analysis& analysis, const plan::RelationPtr& relation) {
  Resolved input = analysis.resolve(relation);
  input.plan = trimmed(input);
  input.hidden.clear();
  input.select = nullptr;
  return input;
}

Column column_named(Analysis& analysis, const Resolved& input, const std::string& name) {
  const Scope scope = scope_of(analysis, input);
  const plan::ExpressionPtr parsed = analysis.host.parse_expression(name);
  const ExpressionPtr found = analysis.resolve(parsed, scope);
  const auto* reference = std::get_if<resolved::ColumnRef>(&found->node);
  for (const Column& column : input.visible) {
    if (reference && column.id == reference->id) {
      return column;
    }
  }
  analysis.throw_unresolved({name}, scope, nullptr);
}

ExpressionPtr as_text(Analysis& analysis, const ExpressionPtr& value) {
  return cast_to(value, Type::string(), analysis.mode());
}

/// One global aggregation; `lift` adds aggregates to it.
std::shared_ptr<Select> global_block(Resolved input) {
  auto select = std::make_shared<Select>();
  select->base = std::move(input);
  select->aggregated = true;
  return select;
}

/// Strings take part as numbers where they read as one.
ExpressionPtr number_of(const Column& column) {
  const ExpressionPtr reference = resolved::reference(column);
  return column.type.is_string() ? cast_to(reference, Type::float64(), resolved::EvalMode::try_null) : reference;
}

ExpressionPtr statistic(Analysis& analysis, const std::string& name, const Column& column) {
  const ExpressionPtr value = resolved::reference(column);
  if (name == "count") {
    return analysis.aggregate_call("count", {value});
  }
  if (name == "count_distinct") {
    return analysis.aggregate_call("count", {value}, true);
  }
  if (name == "approx_count_distinct") {
    return analysis.aggregate_call("approx_count_distinct", {value});
  }
  if (name == "mean") {
    return analysis.aggregate_call("avg", {number_of(column)});
  }
  if (name == "stddev") {
    return analysis.aggregate_call("stddev_samp", {number_of(column)});
  }
  if (name == "min" || name == "max") {
    return analysis.aggregate_call(name, {value});
  }
  if (name.ends_with('%')) {
    char* end = nullptr;
    const double percent = std::strtod(name.c_str(), &end);
    if (end != name.c_str() + name.size() - 1 || percent < 0 || percent > 100) {
      throw SparkError(ErrorKind::illegal_argument, "UNRECOGNIZED_STATISTIC", {{"stats", "'" + name + "'"}});
    }
    return analysis.aggregate_call("percentile_approx",
                                   {number_of(column), resolved::literal(Value(percent / 100), Type::float64())});
  }
  throw SparkError(ErrorKind::illegal_argument, "UNRECOGNIZED_STATISTIC", {{"stats", "'" + name + "'"}});
}

/// One row a statistic, one column a column, all as text.
Resolved summary_table(Analysis& analysis, Resolved input, const std::vector<Column>& columns,
                       const std::vector<std::string>& statistics) {
  auto select = global_block(std::move(input));
  std::vector<ExpressionPtr> rows;
  for (const std::string& name : statistics) {
    std::vector<ExpressionPtr> parts = {resolved::string_literal("summary"), resolved::string_literal(name)};
    for (const Column& column : columns) {
      parts.push_back(resolved::string_literal(column.name));
      parts.push_back(as_text(analysis, analysis.lift(*select, statistic(analysis, name, column))));
    }
    rows.push_back(analysis.bind("named_struct", std::move(parts)));
  }
  Select::Generated generated;
  generated.generator = analysis.bind("inline", {analysis.bind("array", std::move(rows))});
  generated.columns.push_back(new_column("summary", Type::string(), true));
  for (const Column& column : columns) {
    generated.columns.push_back(new_column(column.name, Type::string(), true));
  }
  for (const Column& column : generated.columns) {
    select->projection.push_back(pass(column));
  }
  select->generators.push_back(std::move(generated));
  Resolved out = analysis.build(select);
  out.select = nullptr;
  return out;
}

std::vector<Column> describable(const std::vector<Column>& columns) {
  std::vector<Column> out;
  for (const Column& column : columns) {
    if (column.type.is_numeric() || column.type.is_string()) {
      out.push_back(column);
    }
  }
  return out;
}

Resolved one_value(Analysis& analysis, Resolved input, const char* name, const ExpressionPtr& aggregate) {
  auto select = global_block(std::move(input));
  const ExpressionPtr value = analysis.lift(*select, aggregate);
  select->projection.push_back({column_for(name, value), value});
  Resolved out = analysis.build(select);
  out.select = nullptr;
  return out;
}

Column numeric_column(Analysis& analysis, const Resolved& input, const std::string& name, const char* method) {
  Column column = column_named(analysis, input, name);
  if (!column.type.is_numeric()) {
    throw SparkError(ErrorKind::illegal_argument, "INTERNAL_ERROR",
                     {{"message", std::string(method) + " works on numeric columns, and " + name + " is " +
                                      simple_string(column.type)}});
  }
  return column;
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Summary& node) {
  Resolved input = whole(*this, node.input);
  std::vector<std::string> statistics = node.statistics;
  if (statistics.empty()) {
    statistics = {"count", "mean", "stddev", "min", "25%", "50%", "75%", "max"};
  }
  const std::vector<Column> columns = describable(input.visible);
  return summary_table(*this, std::move(input), columns, statistics);
}

Resolved Analysis::resolve_node(const plan::Describe& node) {
  Resolved input = whole(*this, node.input);
  std::vector<Column> columns;
  for (const std::string& name : node.columns) {
    columns.push_back(column_named(*this, input, name));
  }
  columns = describable(node.columns.empty() ? input.visible : columns);
  return summary_table(*this, std::move(input), columns, {"count", "mean", "stddev", "min", "max"});
}

namespace {

/// NULL counts as 0 in the covariance and correlation of DataFrames.
ExpressionPtr zero_for_null(Analysis& analysis, const Column& column) {
  return analysis.bind("coalesce", {cast_to(resolved::reference(column), Type::float64(), analysis.mode()),
                                    resolved::literal(Value(0.0), Type::float64())});
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Covariance& node) {
  Resolved input = whole(*this, node.input);
  const Column first = numeric_column(*this, input, node.first, "cov");
  const Column second = numeric_column(*this, input, node.second, "cov");
  return one_value(*this, std::move(input), "cov",
                   aggregate_call("covar_samp", {zero_for_null(*this, first), zero_for_null(*this, second)}));
}

Resolved Analysis::resolve_node(const plan::Correlation& node) {
  if (!node.method.empty() && node.method != "pearson") {
    throw_unsupported("correlation by " + node.method);
  }
  Resolved input = whole(*this, node.input);
  const Column first = numeric_column(*this, input, node.first, "corr");
  const Column second = numeric_column(*this, input, node.second, "corr");
  return one_value(*this, std::move(input), "corr",
                   aggregate_call("corr", {zero_for_null(*this, first), zero_for_null(*this, second)}));
}

Resolved Analysis::resolve_node(const plan::ApproxQuantile& node) {
  Resolved input = whole(*this, node.input);
  std::vector<ExpressionPtr> probabilities;
  for (const double each : node.probabilities) {
    probabilities.push_back(resolved::literal(Value(each), Type::float64()));
  }
  const ExpressionPtr asked = bind("array", std::move(probabilities));
  // The sketch's accuracy is the inverse of the error; no error means exact.
  const double accuracy = node.relative_error > 0 ? 1.0 / node.relative_error : 2147483647.0;
  const ExpressionPtr limit = resolved::int_literal(static_cast<int32_t>(std::clamp(accuracy, 1.0, 2147483647.0)));
  std::vector<Column> columns;
  for (const std::string& name : node.columns) {
    columns.push_back(numeric_column(*this, input, name, "approxQuantile"));
  }
  auto select = global_block(std::move(input));
  std::vector<ExpressionPtr> lists;
  for (const Column& column : columns) {
    const ExpressionPtr value = cast_to(resolved::reference(column), Type::float64(), mode());
    const ExpressionPtr present = bind("nanvl", {value, resolved::null_literal(Type::float64())});
    const ExpressionPtr list = lift(*select, aggregate_call("percentile_approx", {present, asked, limit}));
    lists.push_back(bind("coalesce", {list, cast_to(bind("array", {}), Type::array(Type::float64()), mode())}));
  }
  const ExpressionPtr all = bind("array", std::move(lists));
  select->projection.push_back({column_for("approx_quantile", all), all});
  Resolved out = build(select);
  out.select = nullptr;
  return out;
}

Resolved Analysis::resolve_node(const plan::FrequentItems& node) {
  if (!(node.support >= 1e-4 && node.support <= 1)) {
    throw SparkError::plain(ErrorKind::illegal_argument, "requirement failed: Support must be in [1e-4, 1], but got " +
                                                             java_text(node.support) + ".");
  }
  Resolved input = whole(*this, node.input);
  const ExpressionPtr limit = resolved::int_literal(static_cast<int32_t>(1 / node.support));
  const Scope scope = scope_of(*this, input);
  std::vector<ExpressionPtr> aggregates;
  for (const std::string& name : node.columns) {
    const ExpressionPtr column = resolve(host.parse_expression(name), scope);
    aggregates.push_back(aggregate_call("collect_frequent_items", {column, limit}));
  }
  // Without columns it is a plain select of nothing: as many rows as before.
  auto select = global_block(std::move(input));
  select->aggregated = !aggregates.empty();
  for (size_t i = 0; i < aggregates.size(); ++i) {
    const ExpressionPtr items = lift(*select, aggregates[i]);
    select->projection.push_back({column_for(node.columns[i] + "_freqItems", items), items});
  }
  Resolved out = build(select);
  out.select = nullptr;
  return out;
}

Resolved Analysis::resolve_node(const plan::SampleBy& node) {
  Resolved input = whole(*this, node.input);
  const Scope scope = scope_of(*this, input);
  const ExpressionPtr column = resolve(node.column, scope);
  std::vector<ExpressionPtr> branches;
  for (const auto& [stratum, fraction] : node.fractions) {
    const ExpressionPtr value = cast_to(resolve(stratum, scope), column->type, mode());
    branches.push_back(bind("<=>", {column, value}));
    branches.push_back(resolved::literal(Value(fraction), Type::float64()));
  }
  branches.push_back(resolved::literal(Value(0.0), Type::float64()));
  const ExpressionPtr chance = branches.size() == 1 ? branches[0] : bind("when", std::move(branches));
  const ExpressionPtr drawn = bind("rand", {resolved::literal(Value(node.seed.value_or(42)), Type::long_int())});
  const std::vector<Column> output = input.plan->output;
  input.plan = resolved::make_relation(resolved::Filter{input.plan, bind("<", {drawn, chance})}, output);
  return input;
}

Resolved Analysis::resolve_node(const plan::Crosstab& node) {
  Resolved input = whole(*this, node.input);
  const Column first = column_named(*this, input, node.first);
  const Column second = column_named(*this, input, node.second);
  const auto label = [&](const Column& column) {
    return bind("coalesce", {as_text(*this, resolved::reference(column)), resolved::string_literal("null")});
  };
  const ExpressionPtr row = label(first);
  const ExpressionPtr column = label(second);
  const NamedExpression item{column_for("value", column), column};
  resolved::RelationPtr values = project(input.plan, {item});
  values = resolved::make_relation(resolved::Distinct{values}, {item.column});
  values =
      resolved::make_relation(resolved::Sort{values, {{resolved::reference(item.column), true, true}}}, {item.column});
  const std::vector<ValueList> found = host.run(with_fresh_ids(values));
  auto select = global_block(std::move(input));
  const Column key = column_for(node.first + "_" + node.second, row);
  select->grouping.push_back({key, row});
  select->projection.push_back({new_column(key.name, key.type, true), resolved::reference(key)});
  for (const ValueList& each : found) {
    const ExpressionPtr hit = bind("=", {column, resolved::literal(each[0], Type::string())});
    const ExpressionPtr count = aggregate_call("count_if", {hit});
    const ExpressionPtr cell = lift(*select, count);
    select->projection.push_back({new_column(each[0].text(), Type::long_int(), false), cell});
  }
  Resolved out = build(select);
  out.select = nullptr;
  return out;
}

Resolved Analysis::resolve_node(const plan::Transpose& node) {
  Resolved input = whole(*this, node.input);
  const Scope scope = scope_of(*this, input);
  if (input.visible.empty()) {
    return input;
  }
  ExpressionPtr index = resolved::reference(input.visible[0]);
  if (!node.index_columns.empty()) {
    if (node.index_columns.size() > 1) {
      throw SparkError("TRANSPOSE_INVALID_INDEX_COLUMN", {{"reason", "only one index column is possible"}});
    }
    index = resolve(node.index_columns[0], scope);
  }
  const auto* index_reference = std::get_if<resolved::ColumnRef>(&index->node);
  if (!index_reference || index->type.is_nested()) {
    throw SparkError("TRANSPOSE_INVALID_INDEX_COLUMN", {{"reason", "the index column must be an atomic attribute"}});
  }
  std::vector<Column> columns;
  std::vector<Type> types;
  for (const Column& column : input.visible) {
    if (column.id != index_reference->id) {
      columns.push_back(column);
      types.push_back(column.type);
    }
  }
  std::optional<Type> common = types.empty() ? Type::string() : types[0];
  for (size_t i = 1; i < types.size(); ++i) {
    const std::optional<Type> wider = wider_type_without_texts({*common, types[i]}, ansi());
    if (!wider) {
      throw SparkError("TRANSPOSE_NO_LEAST_COMMON_TYPE",
                       {{"dt1", "\"" + sql_string(*common) + "\""}, {"dt2", "\"" + sql_string(types[i]) + "\""}});
    }
    common = wider;
  }
  std::vector<NamedExpression> list;
  const ExpressionPtr label = cast_to(index, Type::string(), mode());
  list.push_back({column_for("key", label), label});
  for (const Column& column : columns) {
    const ExpressionPtr value = cast_to(resolved::reference(column), *common, mode());
    list.push_back({column_for(column.name, value), value});
  }
  const Column key = list[0].column;
  resolved::RelationPtr plan = project(input.plan, list);
  const std::vector<Column> output = plan->output;
  plan = resolved::make_relation(resolved::Filter{plan, bind("isnotnull", {resolved::reference(key)})}, output);
  plan = resolved::make_relation(resolved::Sort{plan, {{resolved::reference(key), true, true}}}, output);
  const int64_t limit = std::stoll(std::string(host.facts->conf("spark.sql.transposeMaxValues", "500")));
  plan = resolved::make_relation(resolved::Limit{plan, limit + 1, 0}, output);
  const std::vector<ValueList> rows = host.run(plan);
  if (static_cast<int64_t>(rows.size()) > limit) {
    throw SparkError("TRANSPOSE_EXCEED_ROW_LIMIT",
                     {{"maxValues", std::to_string(limit)}, {"config", "spark.sql.transposeMaxValues"}});
  }
  std::vector<Column> out = {new_column("key", Type::string(), false)};
  for (const ValueList& row : rows) {
    out.push_back(new_column(row[0].text(), *common, true));
  }
  resolved::InlineRows inline_rows;
  for (size_t c = 0; c < columns.size(); ++c) {
    std::vector<ExpressionPtr> line = {resolved::string_literal(columns[c].name)};
    for (const ValueList& row : rows) {
      line.push_back(resolved::literal(row[c + 1], *common));
    }
    inline_rows.rows.push_back(std::move(line));
  }
  return plain(resolved::make_relation(std::move(inline_rows), std::move(out)));
}

}  // namespace pyrite::analysis
