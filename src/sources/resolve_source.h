// A data source as the user names it, to a scan of files with its columns.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "functions/function_def.h"
#include "plan/relation.h"
#include "plan/resolved_relation.h"

namespace pyrite {

struct SourceContext {
  std::shared_ptr<const SessionFacts> session;
  std::function<Type(const std::string&)> parse_schema;  ///< DDL or JSON
  std::function<resolved::ColumnId()> next_column_id;
  /// The columns of a Parquet or ORC file (the engine reads it).
  std::function<std::vector<StructField>(const std::string& format, const std::string& file)> file_schema;
};

/// The formats that can be read and written, by Spark's short names and class names; "" when there is none.
std::string canonical_format(const std::string& name);

/// Errors: DATA_SOURCE_NOT_FOUND, PATH_NOT_FOUND, UNABLE_TO_INFER_SCHEMA, ….
resolved::RelationPtr resolve_source(const plan::DataSource& source, const SourceContext& context);
/// The scan of known files with a known schema (tables of the warehouse).
resolved::RelationPtr scan_of_table(const std::string& format, const std::string& location,
                                    const std::vector<StructField>& columns,
                                    const std::vector<std::string>& partition_by, const plan::Options& options,
                                    const SourceContext& context);

}  // namespace pyrite
