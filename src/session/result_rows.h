// Rows between the engine and the session: command answers as relations, results as values.
#pragma once

#include <vector>

#include "engine/engine.h"
#include "plan/resolved_relation.h"
#include "types/value.h"

namespace pyrite {

/// Rows of a command's answer.
resolved::RelationPtr rows_relation(const std::vector<StructField>& columns, std::vector<ValueList> rows);
/// The answer of a command that has none: no columns, no rows.
resolved::RelationPtr no_rows();
/// A column of a command's answer.
StructField text_column(std::string name, bool nullable = false);
StructField flag_column(std::string name, bool nullable = false);

/// Reads a stream to its end.
std::vector<ValueList> collect_rows(ResultStream& stream);

}  // namespace pyrite
