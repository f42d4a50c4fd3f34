// Sends each command to the function of its topic.
#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {

resolved::RelationPtr CommandRunner::run(const plan::Command& command) { return std::visit(*this, command.node); }

resolved::RelationPtr CommandRunner::operator()(const plan::Query& command) {
  return session_.analyze(command.relation);
}

resolved::RelationPtr CommandRunner::operator()(const plan::UnsupportedCommand& command) {
  throw_unsupported(command.feature);
}

void CommandRunner::throw_not_found(const plan::NameParts& name, const std::vector<std::string>& path) const {
  std::string search = "[";
  for (const std::string& place : path) {
    search += "`" + place + "`, ";
  }
  search += "`spark_catalog`." + quoted_name({session_.catalog().current_database()}) + "]";
  throw SparkError("TABLE_OR_VIEW_NOT_FOUND", {{"relationName", quoted_name(name)}, {"searchPath", search}});
}

}  // namespace pyrite
