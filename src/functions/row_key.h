// Rows as byte strings that are equal where the rows are: keys of hash tables in set-like functions.
#pragma once

#include <string>

#include "functions/column.h"

namespace pyrite {

/// Appends bytes that two rows of one type share exactly when same_rows holds (NaN equals NaN, -0.0 equals 0.0).
void append_row_key(std::string& key, const ColumnView& column, size_t row);
/// The same for a value of the type.
void append_value_key(std::string& key, const Value& value, const Type& type);

/// A hash for byte strings that allows look-ups by string_view.
struct KeyHash {
  using is_transparent = void;
  size_t operator()(std::string_view key) const { return std::hash<std::string_view>{}(key); }
};

}  // namespace pyrite
