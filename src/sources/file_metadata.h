// What is known of a file besides its content.
#pragma once

#include <string>

#include "types/value.h"

namespace pyrite {

/// A path as Hadoop shows it: file:/a%20b.
std::string file_uri(const std::string& path);
/// The fields of resolved::file_metadata_type but row_index. A file counts as one block.
/// Errors: FAILED_READ_FILE.FILE_NOT_EXIST.
ValueList file_metadata(const std::string& path);

}  // namespace pyrite
