// Parquet files by DuckDB's reader.
#pragma once

#include <optional>

#include "duckdb/planner/binder.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "plan/resolved_relation.h"

namespace pyrite {

/// A scan of files with one schema, before any column is chosen.
struct ParquetGet {
  duckdb::unique_ptr<duckdb::LogicalGet> get;
  duckdb::vector<duckdb::LogicalType> types;
  std::vector<std::string> names;
};

/// Binds the scan. With a schema, columns that a file lacks are NULL and no file is opened yet; without, the first file
/// says the columns. Throws SparkError FAILED_READ_FILE.….
ParquetGet bind_parquet(duckdb::Binder& binder, const std::vector<std::string>& files,
                        const std::vector<std::pair<std::string, duckdb::LogicalType>>& schema,
                        std::optional<uint64_t> rows);

/// Spark's type for a column of a Parquet file.
Type parquet_type(const duckdb::LogicalType& type);

/// Whether Spark reads a column of the one type as the other.
bool reads_as(const duckdb::LogicalType& file, const Type& wanted);

}  // namespace pyrite
