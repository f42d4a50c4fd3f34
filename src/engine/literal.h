// Values between Spark's single-value form and DuckDB's.
#pragma once

#include "duckdb/common/types/value.hpp"
#include "types/type.h"
#include "types/value.h"

namespace pyrite {

/// Throws DuckDB's exception for text that is not UTF-8.
duckdb::Value engine_value(const Value& value, const Type& type);
Value spark_value(const duckdb::Value& value, const Type& type);

}  // namespace pyrite
