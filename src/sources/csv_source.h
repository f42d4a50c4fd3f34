// CSV files: schema inference and reading.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sources/row_reader.h"

namespace pyrite {

/// Column names from the header or _c0, _c1, …, types by inference when asked for.
std::vector<StructField> infer_csv_schema(const std::vector<std::string>& files, const plan::Options& options,
                                          const SessionFacts& session);
std::unique_ptr<RowReader> open_csv_reader(const ReadSpec& spec, const FileSplit& split);

}  // namespace pyrite
