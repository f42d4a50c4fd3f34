// CREATE VIEW and the client's createTempView.
#include <algorithm>
#include <chrono>
#include <unordered_set>

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

std::vector<StructField> fields_of(const resolved::RelationPtr& plan,
                                   const std::vector<std::pair<std::string, std::string>>& columns) {
  std::vector<StructField> fields;
  for (size_t i = 0; i < plan->output.size(); ++i) {
    const resolved::Column& column = plan->output[i];
    fields.push_back(
        {columns.empty() ? column.name : columns[i].first, column.type, column.nullable,
         columns.empty() || columns[i].second.empty() ? column.metadata : comment_metadata(columns[i].second)});
  }
  return fields;
}

/// The query under the names that CREATE VIEW v (a, b) gives.
plan::RelationPtr renamed(const plan::RelationPtr& query,
                          const std::vector<std::pair<std::string, std::string>>& columns) {
  if (columns.empty()) {
    return query;
  }
  plan::ToDF names{query, {}};
  for (const auto& [name, comment] : columns) {
    names.names.push_back(name);
  }
  return plan::make_relation(std::move(names));
}

/// The mode said, or what the configuration says; empty: views keep none.
std::string kept_schema_mode(const plan::CreateView& command, const Configuration& configuration) {
  if (!configuration.flag("spark.sql.legacy.viewSchemaBindingMode")) {
    return {};
  }
  if (!command.schema_mode.empty()) {
    return command.schema_mode;
  }
  return configuration.flag("spark.sql.legacy.viewSchemaCompensation") ? "COMPENSATION" : "BINDING";
}

/// What ends with the session cannot stand in a view that does not.
void refuse_temporary(const TemporaryUses& uses, const plan::NameParts& view) {
  const auto refuse = [&](const char* kind, const std::vector<plan::NameParts>& names) {
    if (!names.empty()) {
      throw SparkError("INVALID_TEMP_OBJ_REFERENCE", {{"obj", "VIEW"},
                                                      {"objName", quoted_name(view)},
                                                      {"tempObj", kind},
                                                      {"tempObjName", quoted_name(names.front())}});
    }
  };
  refuse("VIEW", uses.views);
  refuse("FUNCTION", uses.functions);
  refuse("VARIABLE", uses.variables);
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::CreateView& command) {
  SessionCatalog& catalog = session_.catalog();
  const bool temporary = command.scope != plan::ViewScope::persistent;
  auto view = std::make_shared<View>();
  view->name = command.name.back();
  view->comment = command.comment;
  view->properties = command.properties;
  view->columns = command.columns;
  view->query_text = command.query_text;
  view->current_database = catalog.current_database();
  view->configuration = session_.configuration().all_set();
  std::erase_if(view->configuration, [](const auto& pair) { return !view_keeps(pair.first); });
  view->created_microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  view->schema_mode = temporary ? std::string() : kept_schema_mode(command, session_.configuration());

  plan::RelationPtr query = command.query;
  if (!query) {
    plan::DataSource source;
    source.format = command.provider;
    source.options = command.options;
    if (command.schema) {
      source.schema = type_json(*command.schema);
    }
    query = plan::make_relation(std::move(source));
  }
  TemporaryUses uses;
  AnalyzerHost host = session_.analyzer_host();
  host.temporary_uses = &uses;
  const resolved::RelationPtr analyzed = analyze(query, host);
  if (!temporary) {
    refuse_temporary(uses, catalog.qualify(command.name));
  }
  if (!command.columns.empty() && command.columns.size() != analyzed->output.size()) {
    std::string view_columns, data_columns;
    for (const auto& [name, comment] : command.columns) {
      view_columns += (view_columns.empty() ? "" : ", ") + quoted_name({name});
    }
    for (const resolved::Column& column : analyzed->output) {
      data_columns += (data_columns.empty() ? "" : ", ") + quoted_name({column.name});
    }
    const plan::NameParts shown = temporary ? plan::NameParts{command.name.back()} : catalog.qualify(command.name);
    throw SparkError(command.columns.size() > analyzed->output.size()
                         ? "CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                         : "CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
                     {{"viewName", quoted_name(shown)}, {"viewColumns", view_columns}, {"dataColumns", data_columns}});
  }
  view->schema = fields_of(analyzed, command.columns);
  const bool case_sensitive = session_.configuration().flag("spark.sql.caseSensitive");
  std::unordered_set<std::string> names;
  for (const StructField& field : view->schema) {
    if (!temporary && !names.insert(case_sensitive ? field.name : lower(field.name)).second) {
      throw SparkError("COLUMN_ALREADY_EXISTS", {{"columnName", quoted_name({lower(field.name)})}});
    }
  }
  if (command.query_text.empty()) {
    // A DataFrame's view keeps the plan as it is now; an SQL view's text is read again at each use.
    view->relation = renamed(query, command.columns);
    view->analyzed = command.columns.empty() ? analyzed : session_.analyze(view->relation);
  } else {
    view->relation = query;
    for (const resolved::Column& column : analyzed->output) {
      view->query_columns.push_back(column.name);
    }
  }

  if (command.scope == plan::ViewScope::session) {
    if (command.name.size() > 1) {
      throw SparkError(ErrorKind::analysis, "TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS",
                       {{"actualName", quoted_name(command.name)}});
    }
    if (command.if_not_exists && catalog.find(command.name).view) {
      return no_rows();
    }
    catalog.put_temporary_view(std::move(view), command.replace);
  } else if (command.scope == plan::ViewScope::global) {
    if (command.if_not_exists && catalog.shared().find_global_view(view->name)) {
      return no_rows();
    }
    view->database = "global_temp";
    catalog.shared().put_global_view(std::move(view), command.replace);
  } else {
    const plan::NameParts full = catalog.qualify(command.name);
    view->database = full[1];
    view->name = full[2];
    if (command.if_not_exists &&
        (catalog.shared().find_view(full[1], full[2]) || catalog.shared().find_table(full[1], full[2]))) {
      return no_rows();
    }
    catalog.shared().put_view(std::move(view), command.replace);
  }
  return no_rows();
}

}  // namespace pyrite
