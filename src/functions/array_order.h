// Order of array elements, for the functions that sort.
#pragma once

#include <vector>

#include "functions/function_def.h"

namespace pyrite {

/// Sorts positions of a column by Spark's order, NULL first or last; equal elements keep their order.
void sort_positions(const ColumnView& elements, std::vector<uint64_t>& positions, bool ascending, bool nulls_first);

/// The kernel of sort_array, and of array_sort (NULL last) by the call's name.
void sort_arrays(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out);
/// Refuses arrays whose elements have no order. Errors: DATATYPE_MISMATCH.INVALID_ORDERING_TYPE.
void check_sortable(const CallInfo& call);

}  // namespace pyrite
