// Answers to the client's Catalog messages.
#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "functions/registry.h"
#include "session/command_runner.h"
#include "session/result_rows.h"
#include "session/table_text.h"

namespace pyrite {
namespace {

constexpr const char* catalog_name = "spark_catalog";

using Rows = std::vector<ValueList>;

StructField names_column() { return {"namespace", Type::array(Type::string(), true), true, {}}; }

const std::vector<StructField> table_columns = {
    text_column("name", true),        text_column("catalog", true),   names_column(),
    text_column("description", true), text_column("tableType", true), flag_column("isTemporary")};
const std::vector<StructField> function_columns = {
    text_column("name", true),        text_column("catalog", true),   names_column(),
    text_column("description", true), text_column("className", true), flag_column("isTemporary")};
const std::vector<StructField> database_columns = {text_column("name", true), text_column("catalog", true),
                                                   text_column("description", true), text_column("locationUri", true)};

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

ValueList table_row(const Table& table) {
  return {Value(table.name),
          Value(catalog_name),
          Value(ValueList{Value(table.database)}),
          text_or_null(table.comment),
          Value(table.external ? "EXTERNAL" : "MANAGED"),
          Value(false)};
}

ValueList view_row(const View& view) {
  const bool temporary = view.database.empty() || view.database == "global_temp";
  ValueList names;
  if (!view.database.empty()) {
    names.push_back(Value(view.database));
  }
  return {Value(view.name),           temporary ? Value() : Value(catalog_name), Value(std::move(names)),
          text_or_null(view.comment), Value(temporary ? "TEMPORARY" : "VIEW"),   Value(temporary)};
}

ValueList function_row(const std::string& name, const FunctionDef& row) {
  return {Value(name), Value(), Value(), text_or_null(std::string(row.doc)), Value("builtin"), Value(true)};
}

ValueList user_function_row(const UserFunction& function) {
  const bool temporary = function.database.empty();
  return {Value(function.name),
          temporary ? Value() : Value(catalog_name),
          temporary ? Value() : Value(ValueList{Value(function.database)}),
          text_or_null(function.definition.comment),
          Value(function.definition.class_name),
          Value(temporary)};
}

}  // namespace

resolved::RelationPtr CommandRunner::answer(const plan::CatalogQuery& query) {
  SessionCatalog& catalog = session_.catalog();
  SharedCatalog& shared = catalog.shared();
  const auto argument = [&](const std::string& name) {
    const auto found = query.arguments.find(name);
    return found == query.arguments.end() ? std::string() : found->second;
  };
  const auto flag = [&](const std::string& name) { return argument(name) == "true"; };
  const auto wanted = [&](const std::string& name) {
    return !query.arguments.contains("pattern") || matches_pattern(name, argument("pattern"));
  };
  const auto database_of = [&](const char* key) {
    const plan::NameParts parts =
        argument(key).empty() ? plan::NameParts{catalog.current_database()} : sql::parse_identifier(argument(key));
    return parts.back();
  };
  const auto named = [&](const char* key) {
    plan::NameParts name = sql::parse_identifier(argument(key));
    if (!argument("db_name").empty()) {
      name.insert(name.begin(), argument("db_name"));
    }
    return name;
  };
  const auto yes_or_no = [](bool value) { return rows_relation({flag_column("value")}, {{Value(value)}}); };
  const auto nothing = [] { return rows_relation({text_column("value")}, {}); };
  const auto database_row = [&](const std::string& name) -> ValueList {
    const Database database = shared.database(name);
    const std::string location = database.location.empty() ? catalog.warehouse() : database.location;
    return {Value(database.name), Value(catalog_name), Value(database.comment),
            Value(location.starts_with("file:") ? location : "file:" + location)};
  };
  const std::string& operation = query.operation;

  if (operation == "current_database") {
    return rows_relation({text_column("value", true)}, {{Value(catalog.current_database())}});
  }
  if (operation == "set_current_database") {
    catalog.set_current_database(database_of("db_name"));
    return nothing();
  }
  if (operation == "current_catalog") {
    return rows_relation({text_column("value", true)}, {{Value(catalog_name)}});
  }
  if (operation == "set_current_catalog") {
    (*this)(plan::SetCatalog{argument("catalog_name")});
    return nothing();
  }
  if (operation == "list_catalogs") {
    Rows rows;
    if (wanted(catalog_name)) {
      rows.push_back({Value(catalog_name), Value()});
    }
    return rows_relation({text_column("name", true), text_column("description", true)}, std::move(rows));
  }
  if (operation == "list_databases") {
    Rows rows;
    for (const std::string& name : shared.databases()) {
      if (wanted(name)) {
        rows.push_back(database_row(name));
      }
    }
    return rows_relation(database_columns, std::move(rows));
  }
  if (operation == "get_database") {
    return rows_relation(database_columns, {database_row(database_of("db_name"))});
  }
  if (operation == "database_exists") {
    return yes_or_no(shared.has_database(database_of("db_name")));
  }
  if (operation == "list_tables" || operation == "list_views") {
    const Database database = shared.database(database_of("db_name"));
    std::map<std::string, ValueList> rows;
    for (const auto& [key, table] : database.tables) {
      if (operation == "list_tables" && wanted(table->name)) {
        rows[table->name] = table_row(*table);
      }
    }
    for (const auto& [key, view] : database.views) {
      if (wanted(view->name)) {
        rows[view->name] = view_row(*view);
      }
    }
    Rows out;
    for (auto& [name, row] : rows) {
      out.push_back(std::move(row));
    }
    for (const auto& view : catalog.temporary_views()) {
      if (wanted(view->name)) {
        out.push_back(view_row(*view));
      }
    }
    return rows_relation(table_columns, std::move(out));
  }
  if (operation == "get_table" || operation == "table_exists") {
    const SessionCatalog::Found found = catalog.find(named("table_name"));
    if (operation == "table_exists") {
      return yes_or_no(found.found());
    }
    if (!found.found()) {
      throw_not_found(named("table_name"), {"system`.`session"});
    }
    return rows_relation(table_columns, {found.table ? table_row(*found.table) : view_row(*found.view)});
  }
  if (operation == "list_columns") {
    const SessionCatalog::Found found = catalog.find(named("table_name"));
    if (!found.found()) {
      throw_not_found(named("table_name"), {"system`.`session"});
    }
    Rows rows;
    for (const StructField& column : found.table ? found.table->columns : found.view->schema) {
      const bool partition =
          found.table && std::find(found.table->partition_by.begin(), found.table->partition_by.end(), column.name) !=
                             found.table->partition_by.end();
      const std::optional<std::string> comment = comment_of(column.metadata);
      rows.push_back({Value(column.name), comment ? Value(*comment) : Value(), Value(simple_string(column.type)),
                      Value(column.nullable), Value(partition), Value(false), Value(false)});
    }
    return rows_relation(
        {text_column("name", true), text_column("description", true), text_column("dataType", true),
         flag_column("nullable"), flag_column("isPartition"), flag_column("isBucket"), flag_column("isCluster")},
        std::move(rows));
  }
  if (operation == "list_functions") {
    std::map<std::string, ValueList> rows;
    for (const auto& family : function_families()) {
      for (const FunctionDef& row : family) {
        if (wanted(std::string(row.name))) {
          rows[std::string(row.name)] = function_row(std::string(row.name), row);
        }
        for (const FunctionAlias& alias : row.aliases) {
          if (wanted(std::string(alias.name))) {
            rows[std::string(alias.name)] = function_row(std::string(alias.name), row);
          }
        }
      }
    }
    for (const auto& function : catalog.temporary_functions()) {
      if (wanted(function->name)) {
        rows[function->name] = user_function_row(*function);
      }
    }
    const Database database = shared.database(database_of("db_name"));
    for (const auto& [key, function] : database.functions) {
      if (wanted(function->name)) {
        rows[function->name] = user_function_row(*function);
      }
    }
    Rows out;
    for (auto& [name, row] : rows) {
      out.push_back(std::move(row));
    }
    return rows_relation(function_columns, std::move(out));
  }
  if (operation == "get_function" || operation == "function_exists") {
    const plan::NameParts name = named("function_name");
    const FoundFunction builtin = find_function(name.back());
    const std::shared_ptr<const UserFunction> own = catalog.find_function(name);
    if (operation == "function_exists") {
      return yes_or_no(own || (name.size() == 1 && builtin.function));
    }
    if (own) {
      return rows_relation(function_columns, {user_function_row(*own)});
    }
    if (name.size() != 1 || !builtin.function) {
      throw SparkError("UNRESOLVED_ROUTINE",
                       {{"routineName", quoted_name(name)}, {"searchPath", search_path(catalog.current_database())}});
    }
    return rows_relation(function_columns, {function_row(std::string(builtin.function->name), *builtin.function)});
  }
  if (operation == "drop_temp_view") {
    return yes_or_no(catalog.remove_temporary_view(argument("view_name")));
  }
  if (operation == "drop_global_temp_view") {
    return yes_or_no(shared.remove_global_view(argument("view_name")));
  }
  if (operation == "create_table" || operation == "create_external_table") {
    plan::CreateTable create;
    create.name = named("table_name");
    create.provider = argument("source");
    create.location = argument("path");
    create.comment = argument("description");
    create.options = query.options;
    if (query.schema) {
      for (const StructField& field : query.schema->fields()) {
        create.columns.push_back(
            {field.name, field.type, field.nullable, comment_of(field.metadata).value_or(""), {}, {}});
      }
    }
    (*this)(create);
    return session_.analyze(plan::make_relation(plan::NamedTable{create.name}));
  }
  if (operation == "is_cached") {
    return yes_or_no(
        session_.find_storage_level(session_.analyze(plan::make_relation(plan::NamedTable{named("table_name")})))
            .has_value());
  }
  if (operation == "cache_table") {
    (*this)(plan::CacheTable{named("table_name"), nullptr, false, {}});
    return nothing();
  }
  if (operation == "uncache_table") {
    (*this)(plan::UncacheTable{named("table_name"), false});
    return nothing();
  }
  if (operation == "clear_cache") {
    (*this)(plan::ClearCache{});
    return nothing();
  }
  if (operation == "refresh_table") {
    if (!catalog.find(named("table_name")).found()) {
      throw_not_found(named("table_name"));
    }
    return nothing();
  }
  if (operation == "refresh_by_path") {
    return nothing();  // every query lists its files anew
  }
  if (operation == "drop_table" || operation == "drop_view") {
    plan::DropTable drop;
    drop.name = named(operation == "drop_view" ? "view_name" : "table_name");
    drop.is_view = operation == "drop_view";
    drop.if_exists = flag("if_exists");
    (*this)(drop);
    return nothing();
  }
  if (operation == "create_database") {
    plan::CreateNamespace create;
    create.name = sql::parse_identifier(argument("db_name"));
    create.if_not_exists = flag("if_not_exists");
    create.properties = query.options;
    (*this)(create);
    return nothing();
  }
  if (operation == "drop_database") {
    (*this)(plan::DropNamespace{sql::parse_identifier(argument("db_name")), flag("if_exists"), flag("cascade")});
    return nothing();
  }
  if (operation == "truncate_table") {
    (*this)(plan::TruncateTable{named("table_name"), {}});
    return nothing();
  }
  if (operation == "get_table_properties" || operation == "get_create_table_string" || operation == "list_partitions") {
    plan::Show show;
    show.name = named("table_name");
    show.what = operation == "get_table_properties"      ? "TBLPROPERTIES"
                : operation == "get_create_table_string" ? "CREATE TABLE"
                                                         : "PARTITIONS";
    return (*this)(show);
  }
  throw_unsupported("catalog operation " + operation);
}

}  // namespace pyrite
