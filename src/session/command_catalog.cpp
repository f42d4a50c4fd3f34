// Answers to the client's Catalog messages.
#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {

resolved::RelationPtr CommandRunner::answer(const plan::CatalogQuery& query) {
  const auto argument = [&](const std::string& name) {
    const auto found = query.arguments.find(name);
    return found == query.arguments.end() ? std::string() : found->second;
  };
  const std::string& operation = query.operation;
  if (operation == "current_database") {
    return rows_relation({text_column("current_database")}, {{Value(session_.catalog().current_database())}});
  }
  if (operation == "set_current_database") {
    session_.catalog().set_current_database(argument("db_name"));
    return no_rows();
  }
  if (operation == "drop_temp_view") {
    const bool dropped = session_.catalog().remove_temporary_view(argument("view_name"));
    return rows_relation({flag_column("value")}, {{Value(dropped)}});
  }
  if (operation == "drop_global_temp_view") {
    const bool dropped = session_.catalog().shared().remove_global_view(argument("view_name"));
    return rows_relation({flag_column("value")}, {{Value(dropped)}});
  }
  throw_unsupported("catalog operation " + operation);
}

}  // namespace pyrite
