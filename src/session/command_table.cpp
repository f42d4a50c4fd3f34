// CREATE, DROP, TRUNCATE and ALTER of tables.
#include <chrono>

#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

std::vector<resolved::Column> columns_of(const std::vector<StructField>& fields) {
  std::vector<resolved::Column> columns;
  for (const StructField& field : fields) {
    columns.push_back({next_column_id(), field.name, field.type, field.nullable, field.metadata, {}});
  }
  return columns;
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::CreateTable& command) {
  if (!command.like.empty()) {
    throw_unsupported("CREATE TABLE LIKE");
  }
  if (!command.location.empty() || command.external) {
    throw_unsupported("tables at a location");
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
  table->provider = command.provider.empty() ? "parquet" : command.provider;
  table->partition_by = command.partition_by;
  table->comment = command.comment;
  table->options = command.options;
  table->properties = command.properties;
  table->created_microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  for (const plan::ColumnDefinition& column : command.columns) {
    table->columns.push_back({column.name, column.type, column.nullable, {}});
    table->column_defaults.push_back(column.default_text);
  }
  resolved::RelationPtr query;
  if (command.query) {
    query = session_.analyze(command.query);
    for (const resolved::Column& column : query->output) {
      table->columns.push_back({column.name, column.type, true, column.metadata});
      table->column_defaults.emplace_back();
    }
  }
  table->storage = session_.engine().create_storage(columns_of(table->columns));
  try {
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
    throw_not_found(command.name);
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
                      {"requiredType", "VIEW"},
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

resolved::RelationPtr CommandRunner::operator()(const plan::TruncateTable&) { throw_unsupported("TRUNCATE TABLE"); }

resolved::RelationPtr CommandRunner::operator()(const plan::AlterTable& command) {
  throw_unsupported("ALTER TABLE " + command.action);
}

}  // namespace pyrite
