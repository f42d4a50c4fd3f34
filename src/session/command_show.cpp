// SHOW TABLES, SHOW COLUMNS, SHOW FUNCTIONS, …
#include <algorithm>
#include <set>

#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/registry.h"
#include "session/command_runner.h"
#include "session/result_rows.h"
#include "session/table_text.h"

namespace pyrite {
namespace {

constexpr const char* catalog_name = "spark_catalog";

bool wanted(const std::string& name, const std::optional<std::string>& pattern) {
  return !pattern || matches_pattern(name, *pattern);
}

std::string sql_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return out + "'";
}

}  // namespace

resolved::RelationPtr CommandRunner::show_tables(const plan::Show& command, bool views_only) {
  SessionCatalog& catalog = session_.catalog();
  const std::string name = command.name.empty() ? catalog.current_database() : command.name.back();
  const bool global = name == "global_temp";
  std::vector<ValueList> rows;
  if (!global) {
    const Database database = catalog.shared().database(name);
    std::set<std::string> names;
    if (!views_only) {
      for (const auto& [key, table] : database.tables) {
        names.insert(table->name);
      }
    }
    for (const auto& [key, view] : database.views) {
      names.insert(view->name);
    }
    for (const std::string& each : names) {
      if (wanted(each, command.pattern)) {
        rows.push_back({Value(database.name), Value(each), Value(false)});
      }
    }
  } else {
    for (const auto& view : catalog.shared().global_views()) {
      if (wanted(view->name, command.pattern)) {
        rows.push_back({Value("global_temp"), Value(view->name), Value(true)});
      }
    }
  }
  for (const auto& view : catalog.temporary_views()) {
    if (wanted(view->name, command.pattern)) {
      rows.push_back({Value(""), Value(view->name), Value(true)});
    }
  }
  return rows_relation(
      {text_column("namespace"), text_column(views_only ? "viewName" : "tableName"), flag_column("isTemporary")},
      std::move(rows));
}

resolved::RelationPtr CommandRunner::show_functions(const plan::Show& command) {
  std::set<std::string> names;
  if (command.scope != "USER") {
    for (const auto& family : function_families()) {
      for (const FunctionDef& row : family) {
        names.emplace(row.name);
        for (const FunctionAlias& alias : row.aliases) {
          names.emplace(alias.name);
        }
      }
    }
  }
  if (command.scope != "SYSTEM") {
    for (const auto& function : session_.catalog().temporary_functions()) {
      names.insert(function->name);
    }
    const Database database = session_.catalog().shared().database(
        command.name.empty() ? session_.catalog().current_database() : command.name.back());
    for (const auto& [key, function] : database.functions) {
      names.insert(std::string(catalog_name) + "." + function->database + "." + function->name);
    }
  }
  std::vector<ValueList> rows;
  for (const std::string& name : names) {
    if (wanted(name, command.pattern)) {
      rows.push_back({Value(name)});
    }
  }
  return rows_relation({text_column("function")}, std::move(rows));
}

resolved::RelationPtr CommandRunner::show_columns(const plan::Show& command) {
  const SessionCatalog::Found found = session_.catalog().find(command.name);
  if (!found.found()) {
    throw_not_found(command.name, {"system`.`session"});
  }
  std::vector<ValueList> rows;
  for (const StructField& column : found.table ? found.table->columns : found.view->schema) {
    rows.push_back({Value(column.name)});
  }
  return rows_relation({text_column("col_name")}, std::move(rows));
}

resolved::RelationPtr CommandRunner::show_properties(const plan::Show& command) {
  const SessionCatalog::Found found = session_.catalog().find(command.name);
  if (!found.found()) {
    throw_not_found(command.name, {"system`.`session"});
  }
  plan::Options properties = found.table ? found.table->properties : found.view->properties;
  std::sort(properties.begin(), properties.end());
  const std::string full =
      std::string(catalog_name) + "." +
      (found.table ? found.table->database + "." + found.table->name : found.view->database + "." + found.view->name);
  std::vector<ValueList> rows;
  if (command.key) {
    std::string value = "Table " + full + " does not have property: " + *command.key;
    for (const auto& [key, text] : properties) {
      value = key == *command.key ? text : value;
    }
    rows.push_back({Value(*command.key), Value(value)});
  } else {
    for (const auto& [key, text] : properties) {
      rows.push_back({Value(key), Value(text)});
    }
  }
  return rows_relation({text_column("key"), text_column("value")}, std::move(rows));
}

resolved::RelationPtr CommandRunner::show_create(const plan::Show& command) {
  if (command.as_serde) {
    throw_unsupported("SHOW CREATE TABLE AS SERDE");
  }
  const SessionCatalog::Found found = session_.catalog().find(command.name);
  if (!found.found()) {
    throw_not_found(command.name, {"system`.`session"});
  }
  std::string text;
  const auto properties = [&](const char* word, plan::Options pairs) {
    if (pairs.empty()) {
      return;
    }
    std::sort(pairs.begin(), pairs.end());
    text += std::string(word) + " (";
    for (size_t i = 0; i < pairs.size(); ++i) {
      text += (i ? ",\n  " : "\n  ") + sql_text(pairs[i].first) + " = " + sql_text(pairs[i].second);
    }
    text += ")\n";
  };
  if (found.view) {
    const View& view = *found.view;
    if (view.database.empty() || view.database == "global_temp") {
      throw SparkError("UNSUPPORTED_SHOW_CREATE_TABLE.ON_TEMPORARY_VIEW", {{"tableName", quoted_name({view.name})}});
    }
    text = "CREATE VIEW " + view.database + "." + view.name + " (\n  ";
    for (size_t i = 0; i < view.schema.size(); ++i) {
      const std::optional<std::string> comment = comment_of(view.schema[i].metadata);
      text += (i ? ",\n  " : "") + sql::quote_if_needed(view.schema[i].name) +
              (comment ? " COMMENT " + sql_text(*comment) : "");
    }
    text += ")\n";
    if (!view.comment.empty()) {
      text += "COMMENT " + sql_text(view.comment) + "\n";
    }
    properties("TBLPROPERTIES", view.properties);
    if (session_.configuration().flag("spark.sql.legacy.viewSchemaBindingMode")) {
      text += "WITH SCHEMA " + (view.schema_mode.empty() ? "BINDING" : view.schema_mode) + "\n";
    }
    text += "AS " + view.query_text + "\n";
    return rows_relation({text_column("createtab_stmt")}, {{Value(std::move(text))}});
  }
  const Table& table = *found.table;
  text = "CREATE TABLE " + std::string(catalog_name) + "." + sql::quote_if_needed(table.database) + "." +
         sql::quote_if_needed(table.name) + " (\n  ";
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const StructField& column = table.columns[i];
    const std::optional<std::string> comment = comment_of(column.metadata);
    const bool has_default = i < table.column_defaults.size() && !table.column_defaults[i].empty();
    text += (i ? ",\n  " : "") + sql::quote_if_needed(column.name) + " " + sql_string(column.type) +
            (column.type.is(TypeKind::string) && column.type.collation().empty() ? " COLLATE UTF8_BINARY" : "") +
            (has_default ? " DEFAULT " + table.column_defaults[i] : "") +
            (comment ? " COMMENT " + sql_text(*comment) : "");
  }
  text += ")\nUSING " + table.provider + "\n";
  properties("OPTIONS", table.options);
  if (!table.partition_by.empty()) {
    text += "PARTITIONED BY (";
    for (size_t i = 0; i < table.partition_by.size(); ++i) {
      text += (i ? ", " : "") + sql::quote_if_needed(table.partition_by[i]);
    }
    text += ")\n";
  }
  if (!table.comment.empty()) {
    text += "COMMENT " + sql_text(table.comment) + "\n";
  }
  if (!table.location.empty()) {
    text += "LOCATION " + sql_text(table.location) + "\n";
  }
  properties("TBLPROPERTIES", table.properties);
  return rows_relation({text_column("createtab_stmt")}, {{Value(std::move(text))}});
}

resolved::RelationPtr CommandRunner::operator()(const plan::Show& command) {
  SessionCatalog& catalog = session_.catalog();
  const std::string& what = command.what;
  if (what == "TABLES" || what == "VIEWS") {
    return show_tables(command, what == "VIEWS");
  }
  if (what == "NAMESPACES") {
    std::vector<ValueList> rows;
    for (const std::string& name : catalog.shared().databases()) {
      if (wanted(name, command.pattern)) {
        rows.push_back({Value(name)});
      }
    }
    return rows_relation({text_column("namespace")}, std::move(rows));
  }
  if (what == "CATALOGS") {
    std::vector<ValueList> rows;
    if (wanted(catalog_name, command.pattern)) {
      rows.push_back({Value(catalog_name)});
    }
    return rows_relation({text_column("catalog")}, std::move(rows));
  }
  if (what == "CURRENT NAMESPACE") {
    return rows_relation({text_column("catalog"), text_column("namespace")},
                         {{Value(catalog_name), Value(catalog.current_database())}});
  }
  if (what == "FUNCTIONS") {
    return show_functions(command);
  }
  if (what == "COLUMNS") {
    return show_columns(command);
  }
  if (what == "TBLPROPERTIES") {
    return show_properties(command);
  }
  if (what == "CREATE TABLE") {
    return show_create(command);
  }
  if (what == "PARTITIONS") {
    return show_partitions(command);
  }
  throw_unsupported("SHOW " + what);
}

/// The distinct values of the partition columns, as folder names would show them.
resolved::RelationPtr CommandRunner::show_partitions(const plan::Show& command) {
  const SessionCatalog::Found found = session_.catalog().find(command.name);
  if (!found.table) {
    throw_not_found(command.name, {"system`.`session"});
  }
  const Table& table = *found.table;
  if (table.partition_by.empty()) {
    throw SparkError("INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY",
                     {{"name", quoted_name({catalog_name, table.database, table.name})}});
  }
  std::string list;
  std::string condition;
  for (const std::string& column : table.partition_by) {
    list += (list.empty() ? "" : ", ") + quoted_name({column});
  }
  for (const auto& [column, value] : command.partition) {
    if (value) {
      condition += (condition.empty() ? " WHERE " : " AND ") + quoted_name({column}) + " = " + sql_text(*value);
    }
  }
  const resolved::RelationPtr plan =
      session_.analyze(sql::parse_query("SELECT DISTINCT " + list + " FROM " +
                                            quoted_name({table.database, table.name}) + condition + " ORDER BY " + list,
                                        session_.parser_options()));
  resolved::Project texts{plan, {}};
  std::vector<resolved::Column> output;
  for (const resolved::Column& column : plan->output) {
    resolved::Column text{next_column_id(), column.name, Type::string(), true, {}, {}};
    texts.expressions.push_back({text, cast_to(resolved::reference(column), Type::string())});
    output.push_back(std::move(text));
  }
  std::vector<ValueList> rows;
  for (const ValueList& values : session_.collect(resolved::make_relation(std::move(texts), std::move(output)))) {
    std::string text;
    for (size_t i = 0; i < values.size(); ++i) {
      text += (i ? "/" : "") + table.partition_by[i] + "=" +
              (values[i].is_null() ? "__HIVE_DEFAULT_PARTITION__" : values[i].text());
    }
    rows.push_back({Value(std::move(text))});
  }
  return rows_relation({text_column("partition")}, std::move(rows));
}

}  // namespace pyrite
