// Which columns each file format holds.
#pragma once

#include <string>
#include <vector>

#include "types/type.h"

namespace pyrite {

/// The name of a format in messages: "ORC", "Parquet", "Text".
std::string format_title(const std::string& format);

/// Errors: UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE for a type that the format's files do not hold. Formats that Pyrite
/// does not know hold every type.
void check_source_types(const std::string& format, const std::vector<StructField>& columns);

/// Columns to be written must also differ in their names and be at least one, inside structures too.
/// Errors: COLUMN_ALREADY_EXISTS, EMPTY_SCHEMA_NOT_SUPPORTED_FOR_DATASOURCE, as check_source_types.
void check_written_columns(const std::string& format, const std::vector<StructField>& columns, bool case_sensitive);

}  // namespace pyrite
