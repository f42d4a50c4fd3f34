// DESCRIBE of queries, tables, functions and databases.
#include <algorithm>
#include <ctime>

#include "base/error.h"
#include "functions/registry.h"
#include "session/command_runner.h"
#include "session/result_rows.h"
#include "session/table_text.h"

namespace pyrite {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

Value comment_value(const std::string& metadata) {
  const std::optional<std::string> comment = comment_of(metadata);
  return comment ? Value(*comment) : Value();
}

resolved::RelationPtr described(std::vector<ValueList> rows) {
  return rows_relation({text_column("col_name"), text_column("data_type"), text_column("comment", true)},
                       std::move(rows));
}

/// "Fri Nov 20 20:22:21 UTC 2026".
std::string time_text(int64_t microseconds) {
  const std::time_t seconds = microseconds / 1'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  return std::string(text, std::strftime(text, sizeof(text), "%a %b %d %H:%M:%S UTC %Y", &parts));
}

std::string properties_text(plan::Options properties) {
  std::sort(properties.begin(), properties.end());
  std::string text = "[";
  for (const auto& [key, value] : properties) {
    text += (text.size() > 1 ? ", " : "") + key + "=" + value;
  }
  return text + "]";
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::DescribeQuery& command) {
  std::vector<ValueList> rows;
  const resolved::RelationPtr query = session_.analyze(command.query);
  for (const resolved::Column& column : query->output) {
    rows.push_back({Value(column.name), Value(simple_string(column.type)), comment_value(column.metadata)});
  }
  return described(std::move(rows));
}

resolved::RelationPtr CommandRunner::operator()(const plan::DescribeTable& command) {
  if (command.as_json) {
    throw_unsupported("DESCRIBE AS JSON");
  }
  const SessionCatalog::Found found = session_.catalog().find(command.name);
  if (!found.found()) {
    throw_not_found(command.name);
  }
  const std::vector<StructField>& columns = found.table ? found.table->columns : found.view->schema;
  if (!command.column.empty()) {
    for (const StructField& column : columns) {
      if (command.column.size() == 1 && lower(column.name) == lower(command.column[0])) {
        std::vector<ValueList> rows = {{Value("col_name"), Value(column.name)},
                                       {Value("data_type"), Value(simple_string(column.type))},
                                       {Value("comment"), Value(comment_of(column.metadata).value_or("NULL"))}};
        if (command.extended) {
          for (const char* name :
               {"min", "max", "num_nulls", "distinct_count", "avg_col_len", "max_col_len", "histogram"}) {
            rows.push_back({Value(name), Value("NULL")});
          }
        }
        return rows_relation({text_column("info_name"), text_column("info_value")}, std::move(rows));
      }
    }
    throw SparkError("COLUMN_NOT_FOUND", {{"colName", quoted_name(command.column)},
                                          {"caseSensitiveConfig", "\"spark.sql.caseSensitive\""}});
  }
  std::vector<ValueList> rows;
  for (const StructField& column : columns) {
    rows.push_back({Value(column.name), Value(simple_string(column.type)), comment_value(column.metadata)});
  }
  const auto line = [&](const std::string& name, const std::string& value) {
    rows.push_back({Value(name), Value(value), Value("")});
  };
  if (found.table && !found.table->partition_by.empty()) {
    line("# Partition Information", "");
    rows.push_back({Value("# col_name"), Value("data_type"), Value("comment")});
    for (const std::string& name : found.table->partition_by) {
      for (const StructField& column : columns) {
        if (lower(column.name) == lower(name)) {
          rows.push_back({Value(column.name), Value(simple_string(column.type)), comment_value(column.metadata)});
        }
      }
    }
  }
  const bool temporary = found.view && (found.view->database.empty() || found.view->database == "global_temp");
  if (command.extended && found.table) {
    const Table& table = *found.table;
    line("", "");
    line("# Detailed Table Information", "");
    line("Catalog", "spark_catalog");
    line("Database", table.database);
    line("Table", table.name);
    line("Created Time", time_text(table.created_microseconds));
    line("Last Access", "UNKNOWN");
    line("Created By", "Spark 4.2.0");
    line("Type", table.external ? "EXTERNAL" : "MANAGED");
    line("Provider", table.provider);
    if (!table.comment.empty()) {
      line("Comment", table.comment);
    }
    if (!table.properties.empty()) {
      line("Table Properties", properties_text(table.properties));
    }
    line("Location", table.location.empty()
                         ? "file:" + session_.catalog().warehouse() + "/" +
                               (table.database == "default" ? "" : table.database + ".db/") + table.name
                         : table.location);
    if (!table.options.empty()) {
      line("Storage Properties", properties_text(table.options));
    }
  } else if (command.extended && !temporary) {
    const View& view = *found.view;
    line("", "");
    line("# Detailed Table Information", "");
    line("Catalog", "spark_catalog");
    line("Database", view.database);
    line("Table", view.name);
    line("Created Time", time_text(view.created_microseconds));
    line("Last Access", "UNKNOWN");
    line("Created By", "Spark 4.2.0");
    line("Type", "VIEW");
    if (!view.comment.empty()) {
      line("Comment", view.comment);
    }
    line("View Text", view.query_text);
    line("View Original Text", view.query_text);
    if (session_.configuration().flag("spark.sql.legacy.viewSchemaBindingMode")) {
      line("View Schema Mode", view.schema_mode.empty() ? "BINDING" : view.schema_mode);
    }
    line("View Catalog and Namespace", "spark_catalog." + view.current_database);
    std::string names;
    for (const std::string& name : view.query_columns) {
      names += (names.empty() ? "" : ", ") + quoted_name({name});
    }
    line("View Query Output Columns", "[" + names + "]");
  }
  if (found.table) {
    bool first = true;
    for (size_t i = 0; i < columns.size() && i < found.table->column_defaults.size(); ++i) {
      if (found.table->column_defaults[i].empty()) {
        continue;
      }
      if (first) {
        line("", "");
        line("# Column Default Values", "");
        first = false;
      }
      rows.push_back(
          {Value(columns[i].name), Value(simple_string(columns[i].type)), Value(found.table->column_defaults[i])});
    }
  }
  return described(std::move(rows));
}

resolved::RelationPtr CommandRunner::operator()(const plan::DescribeFunction& command) {
  std::vector<ValueList> rows;
  if (const FoundFunction found = find_function(command.name.back()); found.function) {
    rows.push_back({Value("Function: " + std::string(found.function->name))});
    rows.push_back({Value("Usage: " + (found.function->doc.empty() ? "N/A." : std::string(found.function->doc)))});
    if (command.extended && found.function->examples.size() > 0) {
      std::string text = "Extended Usage:\n    Examples:\n";
      for (const std::string_view example : found.function->examples) {
        text += "      > SELECT " + std::string(example) + "\n";
      }
      rows.push_back({Value(std::move(text))});
    }
  } else if (const auto function = session_.catalog().find_function(command.name)) {
    rows.push_back({Value("Function: " + function->name)});
    rows.push_back({Value("Usage: " + (function->definition.comment.empty() ? "N/A." : function->definition.comment))});
  } else {
    throw SparkError("UNRESOLVED_ROUTINE", {{"routineName", quoted_name(command.name)},
                                            {"searchPath", search_path(session_.catalog().current_database())}});
  }
  return rows_relation({text_column("function_desc")}, std::move(rows));
}

resolved::RelationPtr CommandRunner::operator()(const plan::DescribeNamespace& command) {
  const Database database = session_.catalog().shared().database(command.name.back());
  std::vector<ValueList> rows = {{Value("Catalog Name"), Value("spark_catalog")},
                                 {Value("Namespace Name"), Value(database.name)},
                                 {Value("Comment"), Value(database.comment)},
                                 {Value("Location"), Value("file:" + database.location)},
                                 {Value("Owner"), Value(session_.facts()->user)}};
  if (command.extended) {
    std::string text;
    for (const auto& [key, value] : database.properties) {
      text += (text.empty() ? "(" : ", (") + key + "," + value + ")";
    }
    rows.push_back({Value("Properties"), Value(text.empty() ? text : "(" + text + ")")});
  }
  return rows_relation({text_column("info_name"), text_column("info_value", true)}, std::move(rows));
}

}  // namespace pyrite
