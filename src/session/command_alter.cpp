// ALTER TABLE and ALTER VIEW.
#include <algorithm>

#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"
#include "session/table_text.h"

namespace pyrite {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

void set_properties(plan::Options& properties, const plan::Options& changes) {
  for (const auto& [key, value] : changes) {
    std::erase_if(properties, [&](const auto& pair) { return pair.first == key; });
    properties.emplace_back(key, value);
  }
}

void unset_properties(plan::Options& properties, const plan::Options& keys) {
  for (const auto& [key, value] : keys) {
    std::erase_if(properties, [&](const auto& pair) { return pair.first == key; });
  }
}

}  // namespace

/// The table under new columns: the rows move to a storage of their own, added columns hold NULL.
std::shared_ptr<const Table> CommandRunner::with_columns(const Table& table,
                                                         const std::vector<plan::ColumnDefinition>& added) {
  auto out = std::make_shared<Table>(table);
  const size_t partitions = table.partition_by.size();
  for (const plan::ColumnDefinition& column : added) {
    out->columns.insert(out->columns.end() - partitions,
                        {column.name, column.type, true, comment_metadata(column.comment)});
    out->column_defaults.insert(out->column_defaults.end() - partitions, column.default_text);
  }
  check_distinct_names(out->columns, session_.configuration().flag("spark.sql.caseSensitive"));
  out->storage = session_.engine().create_storage(storage_columns(out->columns));
  try {
    const resolved::RelationPtr scan = session_.analyzer_host().resolve_table(table);
    resolved::Project project{scan, {}};
    std::vector<resolved::Column> output = storage_columns(out->columns);
    for (size_t i = 0, old = 0; i < output.size(); ++i) {
      const bool kept = old < table.columns.size() && table.columns[old].name == output[i].name;
      project.expressions.push_back(
          {output[i], kept ? resolved::reference(scan->output[old]) : resolved::null_literal(output[i].type)});
      old += kept ? 1 : 0;
    }
    session_.engine().insert(out->storage, resolved::make_relation(std::move(project), std::move(output)), false,
                             session_.execution_options());
  } catch (...) {
    session_.engine().drop_storage(out->storage);
    throw;
  }
  return out;
}

resolved::RelationPtr CommandRunner::alter_view(const plan::AlterTable& command, const View& view) {
  SessionCatalog& catalog = session_.catalog();
  const bool temporary = view.database.empty();
  auto changed = std::make_shared<View>(view);
  const auto put = [&](std::shared_ptr<const View> each, bool replace) {
    if (temporary) {
      catalog.put_temporary_view(std::move(each), replace);
    } else if (view.database == "global_temp") {
      catalog.shared().put_global_view(std::move(each), replace);
    } else {
      catalog.shared().put_view(std::move(each), replace);
    }
  };
  if (command.action == "AS") {
    plan::CreateView create;
    create.name = command.table;
    create.scope = temporary                        ? plan::ViewScope::session
                   : view.database == "global_temp" ? plan::ViewScope::global
                                                    : plan::ViewScope::persistent;
    create.query = command.query;
    create.query_text = command.query_text;
    create.replace = true;
    create.from_sql = true;
    create.comment = view.comment;
    create.properties = view.properties;
    create.schema_mode = view.schema_mode;
    return (*this)(create);
  }
  if (command.action == "RENAME TO") {
    changed->name = command.new_name.back();
    put(changed, false);
    if (temporary) {
      catalog.remove_temporary_view(view.name);
    } else if (view.database == "global_temp") {
      catalog.shared().remove_global_view(view.name);
    } else {
      catalog.shared().remove_view(view.database, view.name);
    }
    return no_rows();
  }
  if (command.action == "SET TBLPROPERTIES") {
    set_properties(changed->properties, command.properties);
  } else if (command.action == "UNSET TBLPROPERTIES") {
    unset_properties(changed->properties, command.properties);
  } else if (command.action == "WITH SCHEMA") {
    if (view.temporary()) {
      throw SparkError("UNSUPPORTED_FEATURE.TEMPORARY_VIEW_WITH_SCHEMA_BINDING_MODE");
    }
    changed->schema_mode = command.schema_mode;
  } else {
    throw_unsupported("ALTER VIEW " + command.action);
  }
  put(changed, true);
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::AlterTable& command) {
  SessionCatalog& catalog = session_.catalog();
  const SessionCatalog::Found found = catalog.find(command.table);
  if (!found.found()) {
    throw_not_found(command.table);
  }
  if (found.view) {
    if (!command.is_view && command.action != "RENAME TO" && !command.action.ends_with("TBLPROPERTIES")) {
      throw SparkError(
          "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
          {{"viewName", quoted_name(found.view->database.empty()
                                        ? plan::NameParts{found.view->name}
                                        : plan::NameParts{"spark_catalog", found.view->database, found.view->name})},
           {"operation", "ALTER TABLE ... " + command.action}});
    }
    return alter_view(command, *found.view);
  }
  if (command.is_view) {
    throw SparkError("EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE",
                     {{"tableName", quoted_name({"spark_catalog", found.table->database, found.table->name})},
                      {"operation", "ALTER VIEW ... " + command.action}});
  }
  const Table& table = *found.table;
  auto changed = std::make_shared<Table>(table);
  if (command.action == "RENAME TO") {
    const plan::NameParts target = command.new_name.size() > 1
                                       ? catalog.qualify(command.new_name)
                                       : plan::NameParts{"spark_catalog", table.database, command.new_name.back()};
    changed->name = target[2];
    changed->database = target[1];
    catalog.shared().put_table(changed, false);
    catalog.shared().remove_table(table.database, table.name);
    return no_rows();
  }
  if (command.action == "ADD COLUMNS") {
    catalog.shared().put_table(with_columns(table, command.columns), true);
    session_.engine().drop_storage(table.storage);
    return no_rows();
  }
  if (command.action == "SET TBLPROPERTIES") {
    set_properties(changed->properties, command.properties);
  } else if (command.action == "UNSET TBLPROPERTIES") {
    unset_properties(changed->properties, command.properties);
  } else if (command.action == "ALTER COLUMN COMMENT" && command.columns.size() == 1) {
    for (StructField& column : changed->columns) {
      if (lower(column.name) == lower(command.columns[0].name)) {
        column.metadata = comment_metadata(command.columns[0].comment);
      }
    }
  } else if (command.action == "RENAME COLUMN" || command.action == "DROP COLUMNS" ||
             command.action == "REPLACE COLUMNS") {
    throw SparkError(ErrorKind::analysis, "UNSUPPORTED_FEATURE.TABLE_OPERATION",
                     {{"tableName", quoted_name({"spark_catalog", table.database, table.name})},
                      {"operation", command.action == "DROP COLUMNS" ? "DROP COLUMN" : command.action}});
  } else {
    throw_unsupported("ALTER TABLE " + command.action);
  }
  catalog.shared().put_table(changed, true);
  return no_rows();
}

}  // namespace pyrite
