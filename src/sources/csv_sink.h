// Writing CSV files.
#pragma once

#include <memory>
#include <string>

#include "sources/row_sink.h"

namespace pyrite {

std::unique_ptr<RowSink> open_csv_sink(const WriteSpec& spec, const std::string& path);

}  // namespace pyrite
