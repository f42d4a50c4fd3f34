// Files of columnar formats that the host program reads (ORC), as a table function over its Arrow data.
#pragma once

#include "duckdb/planner/operator/logical_get.hpp"
#include "engine/query_state.h"
#include "plan/resolved_relation.h"
#include "sources/columnar_provider.h"

namespace pyrite {

/// The session's provider. Errors: UNSUPPORTED_FEATURE when the program has none.
ColumnarProvider& provider_of(const std::shared_ptr<ColumnarProvider>& provider, const std::string& format);

/// The failure of a file as Spark reports it while it reads rows.
SparkError unreadable_file(const std::string& path, const ColumnarFailure& why);

/// The types by which the node's file columns are scanned, so that a cast makes the wanted ones of them: those that the
/// first file holds where its values need more than widening, else the node's own.
std::vector<Type> scanned_types(const resolved::FileScan& node, const QueryStatePtr& query);

/// A scan whose columns are the node's file columns, then its partition columns.
duckdb::unique_ptr<duckdb::LogicalGet> columnar_scan(const resolved::FileScan& node, duckdb::TableIndex index,
                                                     const QueryStatePtr& query);

}  // namespace pyrite
