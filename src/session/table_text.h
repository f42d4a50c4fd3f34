// Small pieces that the commands on tables share: column comments, name patterns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace pyrite {

/// The metadata of a column with this comment; empty for none.
std::string comment_metadata(const std::string& comment);
/// The comment in a column's metadata; nullopt: none.
std::optional<std::string> comment_of(const std::string& metadata);

/// SHOW's patterns: `*` stands for anything, `|` separates alternatives, case does not matter.
bool matches_pattern(const std::string& name, const std::string& pattern);

/// Columns of a new table. Errors: COLUMN_ALREADY_EXISTS.
void check_distinct_names(const std::vector<StructField>& columns, bool case_sensitive);

std::vector<resolved::Column> storage_columns(const std::vector<StructField>& fields);

}  // namespace pyrite
