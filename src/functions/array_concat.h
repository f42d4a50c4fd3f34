// Concatenation of arrays, for the function concat.
#pragma once

#include <span>

#include "functions/function_def.h"

namespace pyrite {

/// Appends the elements of all arrays row by row; NULL where any of them is NULL. All have the result's type.
void concat_arrays(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out);

/// The greatest number of elements that Spark lets an array have.
inline constexpr int64_t array_limit = 2147483632;

/// An array of `length` elements asked for by a function: COLLECTION_SIZE_LIMIT_EXCEEDED where it cannot be held.
void check_array_length(int64_t length, std::string_view function);

}  // namespace pyrite
