// Text files: one string column, a line a row (or a file a row).
#pragma once

#include <memory>

#include "sources/row_reader.h"
#include "sources/row_sink.h"

namespace pyrite {

std::unique_ptr<RowReader> open_text_reader(const ReadSpec& spec, const FileSplit& split);
std::unique_ptr<RowSink> open_text_sink(const WriteSpec& spec, const std::string& path);

}  // namespace pyrite
