// Values of partition columns, taken from the names of folders, as constant columns.
#pragma once

#include <optional>

#include "duckdb/common/types/vector.hpp"
#include "plan/resolved_relation.h"

namespace pyrite {

/// Fills the first rows with the value. Errors: INVALID_PARTITION_VALUE.
void fill_partition(const std::optional<std::string>& text, const resolved::Column& column,
                    const std::string& time_zone, duckdb::Vector& vector, size_t rows);

}  // namespace pyrite
