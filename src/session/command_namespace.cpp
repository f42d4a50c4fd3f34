// CREATE, DROP and USE of databases, SET CATALOG.
#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

constexpr const char* catalog_name = "spark_catalog";

/// The database of a name of one or two parts.
std::string database_of(const plan::NameParts& name) {
  if (name.size() == 1) {
    return name[0];
  }
  if (name.size() == 2 && name[0] == catalog_name) {
    return name[1];
  }
  if (name.size() > 1 && name[0] != catalog_name) {
    throw SparkError("CATALOG_NOT_FOUND",
                     {{"catalogName", quoted_name({name[0]})}, {"config", "\"spark.sql.catalog." + name[0] + "\""}});
  }
  throw SparkError("REQUIRES_SINGLE_PART_NAMESPACE",
                   {{"sessionCatalog", catalog_name}, {"namespace", quoted_name({name.begin() + 1, name.end()})}});
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::CreateNamespace& command) {
  Database database;
  database.name = database_of(command.name);
  database.comment = command.comment;
  database.location =
      command.location.empty() ? session_.catalog().warehouse() + "/" + database.name + ".db" : command.location;
  database.properties = command.properties;
  session_.catalog().shared().create_database(std::move(database), command.if_not_exists);
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::DropNamespace& command) {
  for (const auto& table :
       session_.catalog().shared().drop_database(database_of(command.name), command.if_exists, command.cascade)) {
    if (!table->storage.empty()) {
      session_.engine().drop_storage(table->storage);
    }
  }
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::AlterNamespace& command) {
  session_.catalog().shared().alter_database(database_of(command.name), command.properties, command.comment,
                                             command.location);
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::UseNamespace& command) {
  if (command.name.size() == 1 && !command.is_namespace && command.name[0] == catalog_name) {
    return no_rows();
  }
  session_.catalog().set_current_database(database_of(command.name));
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::SetCatalog& command) {
  if (command.name != catalog_name) {
    throw SparkError("CATALOG_NOT_FOUND", {{"catalogName", quoted_name({command.name})},
                                           {"config", "\"spark.sql.catalog." + command.name + "\""}});
  }
  return no_rows();
}

}  // namespace pyrite
