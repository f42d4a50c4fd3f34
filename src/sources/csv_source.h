// CSV files: schema inference and reading.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sources/row_reader.h"

namespace pyrite {

/// Column names from the header or _c0, _c1, …, types by inference when asked for.
std::vector<StructField> infer_csv_schema(const std::vector<std::string>& files, const plan::Options& options,
                                          const SessionFacts& session);
/// The same of the lines of a DataFrame, each a record of its own. The first line names the columns.
std::vector<StructField> infer_csv_lines(const std::string& first_line,
                                         const std::vector<std::optional<std::string>>& lines,
                                         const plan::Options& options, const SessionFacts& session);
/// The option inferSchema.
bool infers_csv_types(const plan::Options& options);
std::unique_ptr<RowReader> open_csv_reader(const ReadSpec& spec, const FileSplit& split);

}  // namespace pyrite
