// Whole files or pieces of them in memory, decompressed where their name says so.
#pragma once

#include <string>

#include "sources/row_reader.h"

namespace pyrite {

/// Whether the file's name says that it is compressed.
bool is_compressed(const std::string& path);

/// The bytes of the records that start in the split: lines begin after the first break at or before `begin`, and the
/// last line runs past `end`. Errors: FAILED_READ_FILE.….
std::string read_lines_of(const FileSplit& split);
/// A whole file, decompressed.
std::string read_whole(const std::string& path);
/// The first `limit` bytes of a file (decompressed), cut at the last line break when the file is longer.
std::string read_head(const std::string& path, size_t limit);

}  // namespace pyrite
