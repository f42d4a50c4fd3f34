// Files of text formats (csv, json, text) as a table function over our own row readers.
#pragma once

#include "duckdb/planner/operator/logical_get.hpp"
#include "engine/query_state.h"
#include "plan/resolved_relation.h"

namespace pyrite {

/// A scan whose columns are the node's file columns, then its partition columns.
duckdb::unique_ptr<duckdb::LogicalGet> row_scan(const resolved::FileScan& node, duckdb::TableIndex index,
                                                const QueryStatePtr& query);

}  // namespace pyrite
