// What all sessions of a process share: databases with their tables, views and functions; global views.
#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/name.h"

namespace pyrite {
namespace {

template <class Map>
auto find_in(const Map& map, const std::string& name) -> typename Map::mapped_type {
  const auto at = map.find(lower_name(name));
  return at == map.end() ? nullptr : at->second;
}

template <class Map>
auto take_from(Map& map, const std::string& name) -> typename Map::mapped_type {
  const auto at = map.find(lower_name(name));
  if (at == map.end()) {
    return nullptr;
  }
  auto out = at->second;
  map.erase(at);
  return out;
}

[[noreturn]] void throw_no_database(const std::string& name) {
  throw SparkError("SCHEMA_NOT_FOUND", {{"schemaName", quoted_name({"spark_catalog", name})}});
}

}  // namespace

SharedCatalog::SharedCatalog() {
  Database database;
  database.name = "default";
  database.comment = "default database";
  databases_.emplace("default", std::move(database));
}

bool SharedCatalog::has_database(const std::string& name) const {
  std::lock_guard lock(mutex_);
  return databases_.contains(lower_name(name));
}

std::vector<std::string> SharedCatalog::databases() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [key, database] : databases_) {
    out.push_back(database.name);
  }
  return out;
}

Database SharedCatalog::database(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(name));
  if (at == databases_.end()) {
    throw_no_database(name);
  }
  return at->second;
}

void SharedCatalog::create_database(Database database, bool if_not_exists) {
  std::lock_guard lock(mutex_);
  const std::string key = lower_name(database.name);
  if (databases_.contains(key) || key == "global_temp") {
    if (if_not_exists) {
      return;
    }
    throw SparkError("SCHEMA_ALREADY_EXISTS", {{"schemaName", quoted_name({"spark_catalog", database.name})}});
  }
  databases_.emplace(key, std::move(database));
}

std::vector<std::shared_ptr<const Table>> SharedCatalog::drop_database(const std::string& name, bool if_exists,
                                                                       bool cascade) {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(name));
  if (at == databases_.end()) {
    if (if_exists) {
      return {};
    }
    throw_no_database(name);
  }
  if (at->first == "default") {
    throw SparkError("UNSUPPORTED_FEATURE.DROP_DATABASE", {{"database", quoted_name({"spark_catalog", "default"})}});
  }
  const Database& database = at->second;
  if (!cascade && (!database.tables.empty() || !database.views.empty() || !database.functions.empty())) {
    throw SparkError("SCHEMA_NOT_EMPTY", {{"schemaName", quoted_name({name})}});
  }
  std::vector<std::shared_ptr<const Table>> out;
  for (const auto& [key, table] : database.tables) {
    out.push_back(table);
  }
  databases_.erase(at);
  return out;
}

void SharedCatalog::alter_database(const std::string& name, const plan::Options& properties,
                                   const std::optional<std::string>& comment,
                                   const std::optional<std::string>& location) {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(name));
  if (at == databases_.end()) {
    throw_no_database(name);
  }
  for (const auto& [key, value] : properties) {
    std::erase_if(at->second.properties, [&](const auto& each) { return each.first == key; });
    at->second.properties.emplace_back(key, value);
  }
  at->second.comment = comment.value_or(at->second.comment);
  at->second.location = location.value_or(at->second.location);
}

std::shared_ptr<const Table> SharedCatalog::find_table(const std::string& database, const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(database));
  return at == databases_.end() ? nullptr : find_in(at->second.tables, name);
}

std::shared_ptr<const View> SharedCatalog::find_view(const std::string& database, const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(database));
  return at == databases_.end() ? nullptr : find_in(at->second.views, name);
}

std::shared_ptr<const UserFunction> SharedCatalog::find_function(const std::string& database,
                                                                 const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(database));
  return at == databases_.end() ? nullptr : find_in(at->second.functions, name);
}

void SharedCatalog::put_table(std::shared_ptr<const Table> table, bool replace) {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(table->database));
  if (at == databases_.end()) {
    throw_no_database(table->database);
  }
  const std::string key = lower_name(table->name);
  const bool taken = at->second.views.contains(key) || (!replace && at->second.tables.contains(key));
  if (taken) {
    throw SparkError("TABLE_OR_VIEW_ALREADY_EXISTS",
                     {{"relationName", quoted_name({"spark_catalog", table->database, table->name})}});
  }
  at->second.tables[key] = std::move(table);
}

void SharedCatalog::put_view(std::shared_ptr<const View> view, bool replace) {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(view->database));
  if (at == databases_.end()) {
    throw_no_database(view->database);
  }
  const std::string key = lower_name(view->name);
  if (at->second.tables.contains(key) && replace) {
    throw SparkError("EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE",
                     {{"tableName", quoted_name({"spark_catalog", view->database, view->name})},
                      {"operation", "CREATE OR REPLACE VIEW"}});
  }
  if (at->second.tables.contains(key) || (!replace && at->second.views.contains(key))) {
    throw SparkError("TABLE_OR_VIEW_ALREADY_EXISTS",
                     {{"relationName", quoted_name({"spark_catalog", view->database, view->name})}});
  }
  at->second.views[key] = std::move(view);
}

void SharedCatalog::put_function(std::shared_ptr<const UserFunction> function, bool replace) {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(function->database));
  if (at == databases_.end()) {
    throw_no_database(function->database);
  }
  const std::string key = lower_name(function->name);
  if (!replace && at->second.functions.contains(key)) {
    throw SparkError("ROUTINE_ALREADY_EXISTS",
                     {{"routineName", quoted_name({"spark_catalog", function->database, function->name})},
                      {"newRoutineType", "routine"},
                      {"existingRoutineType", "routine"}});
  }
  at->second.functions[key] = std::move(function);
}

std::shared_ptr<const Table> SharedCatalog::remove_table(const std::string& database, const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(database));
  return at == databases_.end() ? nullptr : take_from(at->second.tables, name);
}

std::shared_ptr<const View> SharedCatalog::remove_view(const std::string& database, const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(database));
  return at == databases_.end() ? nullptr : take_from(at->second.views, name);
}

bool SharedCatalog::remove_function(const std::string& database, const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto at = databases_.find(lower_name(database));
  return at != databases_.end() && take_from(at->second.functions, name) != nullptr;
}

std::vector<std::shared_ptr<const View>> SharedCatalog::global_views() const {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const View>> out;
  for (const auto& [key, view] : global_views_) {
    out.push_back(view);
  }
  return out;
}

std::shared_ptr<const View> SharedCatalog::find_global_view(const std::string& name) const {
  std::lock_guard lock(mutex_);
  return find_in(global_views_, name);
}

void SharedCatalog::put_global_view(std::shared_ptr<const View> view, bool replace) {
  std::lock_guard lock(mutex_);
  const std::string key = lower_name(view->name);
  if (!replace && global_views_.contains(key)) {
    throw SparkError("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", quoted_name({"global_temp", view->name})}});
  }
  global_views_[key] = std::move(view);
}

bool SharedCatalog::remove_global_view(const std::string& name) {
  std::lock_guard lock(mutex_);
  return take_from(global_views_, name) != nullptr;
}

}  // namespace pyrite
