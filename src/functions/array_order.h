// Order of array elements, for the functions that sort.
#pragma once

#include <vector>

#include "functions/column.h"

namespace pyrite {

/// Sorts positions of a column by Spark's order, NULL first or last; equal elements keep their order.
void sort_positions(const ColumnView& elements, std::vector<uint64_t>& positions, bool ascending, bool nulls_first);

}  // namespace pyrite
