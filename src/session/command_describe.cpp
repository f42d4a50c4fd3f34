// DESCRIBE of queries, tables, functions and databases.
#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {

resolved::RelationPtr CommandRunner::operator()(const plan::DescribeQuery& command) {
  std::vector<ValueList> rows;
  const resolved::RelationPtr query = session_.analyze(command.query);
  for (const resolved::Column& column : query->output) {
    rows.push_back({Value(column.name), Value(simple_string(column.type)), Value()});
  }
  return rows_relation({text_column("col_name"), text_column("data_type"), text_column("comment", true)}, std::move(rows));
}

resolved::RelationPtr CommandRunner::operator()(const plan::DescribeTable&) { throw_unsupported("DESCRIBE TABLE"); }

resolved::RelationPtr CommandRunner::operator()(const plan::DescribeFunction&) { throw_unsupported("DESCRIBE FUNCTION"); }

resolved::RelationPtr CommandRunner::operator()(const plan::DescribeNamespace&) { throw_unsupported("DESCRIBE NAMESPACE"); }

}  // namespace pyrite
