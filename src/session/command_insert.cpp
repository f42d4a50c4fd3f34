// INSERT INTO and INSERT OVERWRITE.
#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {

resolved::RelationPtr CommandRunner::operator()(const plan::Insert& command) {
  const SessionCatalog::Found found = session_.catalog().find(command.table);
  if (!found.table) {
    throw_not_found(command.table);
  }
  const Table& table = *found.table;
  if (!command.partition.empty() || !command.columns.empty() || command.replace_where) {
    throw_unsupported("INSERT with a column list, a partition or REPLACE WHERE");
  }
  const resolved::RelationPtr query = session_.analyze(command.query);
  const resolved::RelationPtr aligned =
      align_for_insert(query, table.columns, command.by_name, quoted_name({"spark_catalog", table.database, table.name}),
                       session_.analyzer_host());
  session_.engine().insert(table.storage, aligned, command.overwrite, session_.execution_options());
  return no_rows();
}

}  // namespace pyrite
