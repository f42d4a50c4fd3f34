// JSON files: schema inference, reading, writing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sources/row_reader.h"
#include "sources/row_sink.h"

namespace pyrite {

std::vector<StructField> infer_json_schema(const std::vector<std::string>& files, const plan::Options& options,
                                           const SessionFacts& session);
/// The same of the lines of a DataFrame; nullopt: NULL.
std::vector<StructField> infer_json_lines(const std::vector<std::optional<std::string>>& lines,
                                          const plan::Options& options, const SessionFacts& session);
std::unique_ptr<RowReader> open_json_reader(const ReadSpec& spec, const FileSplit& split);
std::unique_ptr<RowSink> open_json_sink(const WriteSpec& spec, const std::string& path);

}  // namespace pyrite
