// One session's names over the shared catalog.
#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/name.h"

namespace pyrite {

SessionCatalog::SessionCatalog(std::shared_ptr<SharedCatalog> shared, std::string warehouse)
    : shared_(std::move(shared)), warehouse_(std::move(warehouse)) {}

void SessionCatalog::set_current_database(const std::string& name) {
  if (!shared_->has_database(name)) {
    throw SparkError("SCHEMA_NOT_FOUND", {{"schemaName", quoted_name({"spark_catalog", name})}});
  }
  current_database_ = lower_name(name);
}

SessionCatalog::Found SessionCatalog::find(const plan::NameParts& name) const {
  return find(name, current_database_, true);
}

SessionCatalog::Found SessionCatalog::find_in(const View& view, const plan::NameParts& name) const {
  return find(name, view.current_database, view.temporary());
}

SessionCatalog::Found SessionCatalog::find(const plan::NameParts& name, const std::string& current_database,
                                           bool temporary) const {
  Found out;
  if (name.empty() || name.size() > 3 || (name.size() == 3 && lower_name(name[0]) != "spark_catalog")) {
    return out;
  }
  const std::string& last = name.back();
  if (name.size() == 1 && temporary) {
    const auto at = temporary_views_.find(lower_name(last));
    if (at != temporary_views_.end()) {
      out.view = at->second;
      return out;
    }
  }
  const std::string database = name.size() == 1 ? current_database : name[name.size() - 2];
  if (lower_name(database) == "global_temp") {
    out.view = shared_->find_global_view(last);
    return out;
  }
  out.table = shared_->find_table(database, last);
  out.view = out.table ? nullptr : shared_->find_view(database, last);
  return out;
}

plan::NameParts SessionCatalog::qualify(const plan::NameParts& name) const {
  if (name.size() == 1) {
    return {"spark_catalog", current_database_, name[0]};
  }
  if (name.size() == 2) {
    if (lower_name(name[0]) == "spark_catalog") {
      return {"spark_catalog", current_database_, name[1]};
    }
    return {"spark_catalog", name[0], name[1]};
  }
  if (lower_name(name[0]) != "spark_catalog") {
    throw SparkError("CATALOG_NOT_FOUND",
                     {{"catalogName", quoted_name({name[0]})}, {"config", "\"spark.sql.catalog." + name[0] + "\""}});
  }
  if (name.size() > 3) {
    const plan::NameParts space(name.begin() + 1, name.end() - 1);
    throw SparkError("REQUIRES_SINGLE_PART_NAMESPACE",
                     {{"sessionCatalog", "spark_catalog"}, {"namespace", quoted_name(space)}});
  }
  return {"spark_catalog", name[1], name[2]};
}

void SessionCatalog::put_temporary_view(std::shared_ptr<const View> view, bool replace) {
  const std::string key = lower_name(view->name);
  if (!replace && temporary_views_.contains(key)) {
    throw SparkError("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", quoted_name({view->name})}});
  }
  temporary_views_[key] = std::move(view);
}

bool SessionCatalog::remove_temporary_view(const std::string& name) {
  return temporary_views_.erase(lower_name(name)) > 0;
}

std::vector<std::shared_ptr<const View>> SessionCatalog::temporary_views() const {
  std::vector<std::shared_ptr<const View>> out;
  for (const auto& [key, view] : temporary_views_) {
    out.push_back(view);
  }
  return out;
}

void SessionCatalog::put_temporary_function(std::shared_ptr<const UserFunction> function, bool replace) {
  const std::string key = lower_name(function->name);
  if (!replace && temporary_functions_.contains(key)) {
    throw SparkError("ROUTINE_ALREADY_EXISTS", {{"routineName", quoted_name({function->name})},
                                                {"newRoutineType", "routine"},
                                                {"existingRoutineType", "routine"}});
  }
  temporary_functions_[key] = std::move(function);
}

bool SessionCatalog::remove_temporary_function(const std::string& name) {
  return temporary_functions_.erase(lower_name(name)) > 0;
}

std::shared_ptr<const UserFunction> SessionCatalog::find_function(const plan::NameParts& name) const {
  if (name.size() == 1) {
    const auto at = temporary_functions_.find(lower_name(name[0]));
    if (at != temporary_functions_.end()) {
      return at->second;
    }
  }
  if (name.empty() || name.size() > 3 || (name.size() == 3 && lower_name(name[0]) != "spark_catalog")) {
    return nullptr;
  }
  return shared_->find_function(name.size() == 1 ? current_database_ : name[name.size() - 2], name.back());
}

std::vector<std::shared_ptr<const UserFunction>> SessionCatalog::temporary_functions() const {
  std::vector<std::shared_ptr<const UserFunction>> out;
  for (const auto& [key, function] : temporary_functions_) {
    out.push_back(function);
  }
  return out;
}

namespace {

/// Variables live in system.session; both qualifiers may be left out.
bool names_variable(const plan::NameParts& name) {
  if (name.empty() || name.size() > 3) {
    return false;
  }
  const bool session = name.size() < 2 || lower_name(name[name.size() - 2]) == "session";
  return session && (name.size() < 3 || lower_name(name[0]) == "system");
}

}  // namespace

void SessionCatalog::put_variable(Variable variable, bool replace) {
  const std::string key = lower_name(variable.name);
  if (!replace && variables_.contains(key)) {
    throw SparkError("VARIABLE_ALREADY_EXISTS", {{"variableName", quoted_name({"system", "session", key})}});
  }
  variables_[key] = std::move(variable);
}

const Variable* SessionCatalog::find_variable(const plan::NameParts& name) const {
  if (!names_variable(name)) {
    return nullptr;
  }
  const auto at = variables_.find(lower_name(name.back()));
  return at == variables_.end() ? nullptr : &at->second;
}

bool SessionCatalog::remove_variable(const std::string& name) { return variables_.erase(lower_name(name)) > 0; }

}  // namespace pyrite
