// Writing a query's rows to files.
#pragma once

#include "duckdb/main/connection.hpp"
#include "engine/engine.h"
#include "engine/lowering.h"

namespace pyrite {

/// The plan's rows with the columns that the files hold and, with partitions, the folder of each row as a last column.
resolved::RelationPtr rows_to_write(const resolved::RelationPtr& plan, const FileSink& sink);

/// DuckDB's Parquet writer over lowered rows. `job` makes the file names unique.
DuckOperator copy_to_parquet(duckdb::ClientContext& context, DuckOperator rows,
                             const std::vector<resolved::Column>& columns, const FileSink& sink,
                             const std::string& job);

/// Removes the files of a job below a folder; errors are left to the caller's own.
void remove_job_files(const std::string& directory, const std::string& job);
std::string new_job_name();

}  // namespace pyrite
