// CREATE, DROP and TRUNCATE of tables.
#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"
#include "session/table_text.h"
#include "sources/source_types.h"

namespace pyrite {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

constexpr const char* known_providers[] = {"parquet", "csv", "json", "text", "orc", "memory", "delta", "hive"};

/// Partition columns stand last, as Spark stores them.
void move_partitions_last(Table& table) {
  std::vector<StructField> columns;
  std::vector<std::string> defaults;
  const auto is_partition = [&](const StructField& column) {
    return std::any_of(table.partition_by.begin(), table.partition_by.end(),
                       [&](const std::string& name) { return lower(name) == lower(column.name); });
  };
  for (const bool partitions : {false, true}) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (is_partition(table.columns[i]) == partitions) {
        columns.push_back(table.columns[i]);
        defaults.push_back(table.column_defaults[i]);
      }
    }
  }
  table.columns = std::move(columns);
  table.column_defaults = std::move(defaults);
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::CreateTable& command) {
  const std::string shown_provider = command.provider.empty() ? "parquet" : command.provider;
  const std::string provider = lower(shown_provider);
  if ((command.hive_format && command.like.empty()) || provider == "hive") {
    if (session_.configuration().find("spark.sql.catalogImplementation").value_or("in-memory") != "hive") {
      throw SparkError("NOT_SUPPORTED_COMMAND_WITHOUT_HIVE_SUPPORT", {{"cmd", "CREATE Hive TABLE (AS SELECT)"}});
    }
    if (provider != "parquet" && provider != "orc") {
      throw_unsupported("tables of Hive");
    }
  }
  if (!command.location.empty() || command.external) {
    throw_unsupported("tables at a location");
  }
  if (std::none_of(std::begin(known_providers), std::end(known_providers),
                   [&](const char* name) { return name == provider; })) {
    throw SparkError("DATA_SOURCE_NOT_FOUND", {{"provider", shown_provider}});
  }
  SessionCatalog& catalog = session_.catalog();
  const plan::NameParts full = catalog.qualify(command.name);
  const std::shared_ptr<const Table> old = catalog.shared().find_table(full[1], full[2]);
  const bool replacing = command.create_or_replace || command.replace_existing;
  if (!replacing && (old || catalog.shared().find_view(full[1], full[2]))) {
    if (command.if_not_exists) {
      return no_rows();
    }
    throw SparkError("TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", quoted_name(full)}});
  }
  auto table = std::make_shared<Table>();
  table->name = full[2];
  table->database = full[1];
  table->provider = shown_provider;
  table->partition_by = command.partition_by;
  table->comment = command.comment;
  table->options = command.options;
  table->properties = command.properties;
  table->created_microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  for (const plan::ColumnDefinition& column : command.columns) {
    table->columns.push_back({column.name, column.type, true, comment_metadata(column.comment)});
    table->column_defaults.push_back(column.default_text);
  }
  if (!command.like.empty()) {
    const SessionCatalog::Found source = catalog.find(command.like);
    if (!source.found()) {
      throw_not_found(command.like);
    }
    table->columns = source.table ? source.table->columns : source.view->schema;
    table->column_defaults =
        source.table ? source.table->column_defaults : std::vector<std::string>(table->columns.size());
    table->partition_by = source.table ? source.table->partition_by : std::vector<std::string>();
    table->provider = command.provider.empty() && source.table ? source.table->provider : shown_provider;
  }
  resolved::RelationPtr query;
  if (command.query) {
    query = session_.analyze(command.query);
    for (const resolved::Column& column : query->output) {
      table->columns.push_back({column.name, column.type, true, column.metadata});
      table->column_defaults.emplace_back();
    }
  }
  check_distinct_names(table->columns, session_.configuration().flag("spark.sql.caseSensitive"));
  check_source_types(lower(table->provider), table->columns);
  std::vector<StructField> query_columns = table->columns;
  move_partitions_last(*table);
  table->storage = session_.engine().create_storage(storage_columns(table->columns));
  try {
    if (query && query_columns != table->columns) {
      resolved::Project reordered{query, {}};
      std::vector<resolved::Column> output;
      for (const StructField& field : table->columns) {
        const size_t from = std::find(query_columns.begin(), query_columns.end(), field) - query_columns.begin();
        resolved::Column column = query->output[from];
        column.id = next_column_id();
        reordered.expressions.push_back({column, resolved::reference(query->output[from])});
        output.push_back(std::move(column));
      }
      query = resolved::make_relation(std::move(reordered), std::move(output));
    }
    if (query) {
      session_.engine().insert(table->storage, query, false, session_.execution_options());
    }
    catalog.shared().put_table(table, replacing);
  } catch (...) {
    session_.engine().drop_storage(table->storage);
    throw;
  }
  if (old && !old->storage.empty()) {
    session_.engine().drop_storage(old->storage);
  }
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::DropTable& command) {
  SessionCatalog& catalog = session_.catalog();
  const SessionCatalog::Found found = catalog.find(command.name);
  if (!found.found()) {
    if (command.if_exists) {
      return no_rows();
    }
    if (command.is_view) {
      throw_not_found(command.name, {});
    }
    throw_not_found(catalog.qualify(command.name), {});
  }
  if (found.view) {
    if (!command.is_view && !found.view->database.empty() && found.view->database != "global_temp") {
      throw SparkError("WRONG_COMMAND_FOR_OBJECT_TYPE",
                       {{"operation", "DROP TABLE"},
                        {"requiredType", "EXTERNAL or MANAGED"},
                        {"objectName", "spark_catalog." + found.view->database + "." + found.view->name},
                        {"foundType", "VIEW"},
                        {"alternative", "DROP VIEW"}});
    }
    if (found.view->database.empty()) {
      catalog.remove_temporary_view(found.view->name);
    } else if (found.view->database == "global_temp") {
      catalog.shared().remove_global_view(found.view->name);
    } else {
      catalog.shared().remove_view(found.view->database, found.view->name);
    }
    return no_rows();
  }
  if (command.is_view) {
    throw SparkError("WRONG_COMMAND_FOR_OBJECT_TYPE",
                     {{"operation", "DROP VIEW"},
                      {"requiredType", "VIEW or METRIC_VIEW"},
                      {"objectName", "spark_catalog." + found.table->database + "." + found.table->name},
                      {"foundType", found.table->external ? "EXTERNAL" : "MANAGED"},
                      {"alternative", "DROP TABLE"}});
  }
  catalog.shared().remove_table(found.table->database, found.table->name);
  if (!found.table->storage.empty()) {
    session_.engine().drop_storage(found.table->storage);
  }
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::TruncateTable& command) {
  const SessionCatalog::Found found = session_.catalog().find(command.table);
  if (found.view) {
    const plan::NameParts name = found.view->database.empty()
                                     ? plan::NameParts{found.view->name}
                                     : plan::NameParts{"spark_catalog", found.view->database, found.view->name};
    throw SparkError("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                     {{"viewName", quoted_name(name)}, {"operation", "TRUNCATE TABLE"}});
  }
  if (!found.table) {
    throw_not_found(command.table);
  }
  if (!command.partition.empty()) {
    throw_unsupported("TRUNCATE of a partition");
  }
  const std::vector<resolved::Column> columns = storage_columns(found.table->columns);
  session_.engine().insert(found.table->storage, resolved::make_relation(resolved::InlineRows{}, columns), true,
                           session_.execution_options());
  return no_rows();
}

}  // namespace pyrite
