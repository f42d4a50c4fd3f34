// Which files a path means: globs, folders, hidden files, partition folders.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/relation.h"
#include "types/type.h"

namespace pyrite {

struct SessionFacts;

struct FileListing {
  std::vector<std::string> files;                                         ///< sorted within each path
  std::vector<std::string> roots;                                         ///< the paths as given, absolute
  std::vector<std::string> partition_names;                               ///< folder names k=v, outermost first
  std::vector<std::vector<std::optional<std::string>>> partition_values;  ///< by file
};

/// An absolute path of "file:/…", "file:///…", a relative path or "~/…". Errors: another scheme is not supported.
std::string local_path(const std::string& path);

/// Lists the files under the paths. Errors: PATH_NOT_FOUND, FAILED_READ_FILE.… for folders without permission,
/// CONFLICTING_PARTITION_COLUMN_NAMES.
FileListing list_files(const std::vector<std::string>& paths, const plan::Options& options);

/// The narrowest of int, long, double, date, timestamp, string that holds every value, as Spark infers it.
Type infer_partition_type(const std::vector<std::optional<std::string>>& values, bool infer,
                          const SessionFacts& session);

}  // namespace pyrite
