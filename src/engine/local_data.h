// Arrow data from a client as DuckDB rows.
#pragma once

#include "duckdb/common/types/column/column_data_collection.hpp"
#include "plan/resolved_relation.h"

namespace pyrite {

/// Reads Arrow IPC streams whose columns match by position. Errors: SparkError for malformed or mismatching data.
duckdb::unique_ptr<duckdb::ColumnDataCollection> read_local_data(duckdb::ClientContext& context,
                                                                 const resolved::LocalData& data,
                                                                 const std::vector<resolved::Column>& columns);

}  // namespace pyrite
