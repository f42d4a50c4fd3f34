// Spark types as DuckDB types: the physical representation that every part of the engine relies on.
#pragma once

#include "duckdb/common/types.hpp"
#include "types/type.h"

namespace pyrite {

/// NULL columns are INTEGER, year-month intervals INTEGER, day-time intervals BIGINT, variants a struct of two blobs;
/// structure fields are named by position, so that only their types decide whether two types are the same.
duckdb::LogicalType engine_type(const Type& type);

/// The same with the fields' own names, for files.
duckdb::LogicalType named_engine_type(const Type& type);

/// Whether DuckDB's comparison of two values of the type means what Spark's does.
bool compares_natively(const Type& type);

}  // namespace pyrite
