// INSERT INTO and INSERT OVERWRITE, with column lists, defaults and partitions.
#include <algorithm>

#include "base/error.h"
#include "functions/bind_call.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

int position_of(const std::vector<StructField>& columns, const std::string& name) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (lower(columns[i].name) == lower(name)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::Insert& command) {
  const SessionCatalog::Found found = session_.catalog().find(command.table);
  if (found.view) {
    const plan::NameParts name = found.view->database.empty()
                                     ? plan::NameParts{found.view->name}
                                     : plan::NameParts{"spark_catalog", found.view->database, found.view->name};
    throw SparkError("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                     {{"viewName", quoted_name(name)}, {"operation", "INSERT"}});
  }
  if (!found.table) {
    throw_not_found(command.table);
  }
  if (command.replace_where) {
    throw_unsupported("INSERT with REPLACE WHERE");
  }
  const Table& table = *found.table;
  const std::string table_name = quoted_name({"spark_catalog", table.database, table.name});
  const AnalyzerHost host = session_.analyzer_host();
  const resolved::EvalMode mode =
      session_.configuration().flag("spark.sql.ansi.enabled") ? resolved::EvalMode::ansi : resolved::EvalMode::legacy;

  // Where each column of the table comes from: the query, a static partition value, or its default.
  std::vector<bool> given(table.columns.size(), command.columns.empty());
  std::vector<resolved::ExpressionPtr> fixed(table.columns.size());
  std::vector<int> order;
  for (const std::string& name : command.columns) {
    const int position = position_of(table.columns, name);
    if (position < 0) {
      std::string proposal;
      for (const StructField& column : table.columns) {
        proposal += (proposal.empty() ? "" : ", ") + quoted_name({column.name});
      }
      throw SparkError("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                       {{"objectName", quoted_name({name})}, {"proposal", proposal}});
    }
    if (given[position]) {
      throw SparkError("COLUMN_ALREADY_EXISTS", {{"columnName", quoted_name({lower(name)})}});
    }
    given[position] = true;
    order.push_back(position);
  }
  bool any_static = false;
  for (const auto& [name, value] : command.partition) {
    const int position = position_of(table.columns, name);
    const bool is_partition = std::any_of(table.partition_by.begin(), table.partition_by.end(),
                                          [&](const std::string& column) { return lower(column) == lower(name); });
    if (position < 0 || !is_partition) {
      throw SparkError("NON_PARTITION_COLUMN", {{"columnName", quoted_name({name})}});
    }
    if (value) {
      fixed[position] = cast_to(resolved::string_literal(*value), table.columns[position].type, mode);
      given[position] = false;
      any_static = true;
    }
  }
  if (command.columns.empty()) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (given[i]) {
        order.push_back(static_cast<int>(i));
      }
    }
  }
  std::vector<StructField> wanted;
  for (const int position : order) {
    wanted.push_back(table.columns[position]);
  }
  const resolved::RelationPtr query = session_.analyze(command.query);
  const resolved::RelationPtr aligned = align_for_insert(query, wanted, command.by_name, table_name, host);

  resolved::RelationPtr rows = aligned;
  if (wanted.size() != table.columns.size() || !std::is_sorted(order.begin(), order.end())) {
    resolved::Project project{aligned, {}};
    std::vector<resolved::Column> output;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const StructField& field = table.columns[i];
      resolved::ExpressionPtr value = fixed[i];
      const auto from_query = std::find(order.begin(), order.end(), static_cast<int>(i));
      if (!value && from_query != order.end()) {
        value = resolved::reference(aligned->output[from_query - order.begin()]);
      } else if (!value && i < table.column_defaults.size() && !table.column_defaults[i].empty()) {
        value = analyze_constant(sql::parse_expression(table.column_defaults[i], session_.parser_options()), host);
        value = cast_to(value, field.type, mode);
      } else if (!value) {
        value = resolved::null_literal(field.type);
      }
      resolved::Column column{next_column_id(), field.name, field.type, true, field.metadata, {}};
      project.expressions.push_back({column, std::move(value)});
      output.push_back(std::move(column));
    }
    rows = resolved::make_relation(std::move(project), std::move(output));
  }
  if (command.overwrite && any_static) {
    rows = with_kept_partitions(table, fixed, rows, host);
  }
  session_.engine().insert(table.storage, rows, command.overwrite, session_.execution_options());
  return no_rows();
}

/// Overwriting a static partition keeps the rows of every other one.
resolved::RelationPtr CommandRunner::with_kept_partitions(const Table& table,
                                                          const std::vector<resolved::ExpressionPtr>& fixed,
                                                          const resolved::RelationPtr& rows, const AnalyzerHost& host) {
  const resolved::RelationPtr scan = host.resolve_table(table);
  resolved::ExpressionPtr same;
  for (size_t i = 0; i < fixed.size(); ++i) {
    if (fixed[i]) {
      resolved::ExpressionPtr equal = call("<=>", {resolved::reference(scan->output[i]), fixed[i]});
      same = same ? call("and", {same, equal}) : equal;
    }
  }
  const resolved::RelationPtr kept = resolved::make_relation(resolved::Filter{scan, call("not", {same})}, scan->output);
  std::vector<resolved::Column> output = rows->output;
  for (resolved::Column& column : output) {
    column.id = next_column_id();
  }
  return resolved::make_relation(resolved::SetOperation{kept, rows, plan::SetOperator::union_, true},
                                 std::move(output));
}

}  // namespace pyrite
