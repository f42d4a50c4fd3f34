// Which files a path means.
#include "sources/file_listing.h"

#include <glob.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "functions/function_def.h"
#include "functions/moment_pattern.h"
#include "sources/source_options.h"
#include "types/datetime_text.h"

namespace pyrite {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view null_partition = "__HIVE_DEFAULT_PARTITION__";

bool is_hidden(const std::string& name) {
  if (name.starts_with('_') && name.find('=') == std::string::npos) {
    return true;
  }
  return name.starts_with('.') || name.ends_with("._COPYING_");
}

bool has_glob(const std::string& path) { return path.find_first_of("*?[{") != std::string::npos; }

std::vector<std::string> expand_glob(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_BRACE, nullptr, &found);
  std::vector<std::string> out(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status != 0 && status != GLOB_NOMATCH) {
    throw SparkError("PATH_NOT_FOUND", {{"path", "file:" + pattern}});
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Walk {
  FileListing& out;
  bool recursive;
  std::vector<std::pair<std::string, std::optional<std::string>>> partitions;

  void folder(const fs::path& path) {
    std::vector<fs::directory_entry> entries;
    std::error_code error;
    fs::directory_iterator it(path, error);
    if (error) {
      throw SparkError(ErrorKind::spark, "FAILED_READ_FILE.NO_HINT", {{"path", "file:" + path.string()}});
    }
    for (const fs::directory_entry& entry : it) {
      if (!is_hidden(entry.path().filename().string())) {
        entries.push_back(entry);
      }
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::directory_entry& entry : entries) {
      if (!entry.is_directory()) {
        file(entry.path());
        continue;
      }
      const std::string name = entry.path().filename().string();
      const size_t equal = name.find('=');
      if (recursive) {
        folder(entry.path());
      } else if (equal != std::string::npos && equal > 0) {
        const std::string value = unescaped(name.substr(equal + 1));
        partitions.emplace_back(unescaped(name.substr(0, equal)),
                                value == null_partition ? std::nullopt : std::optional<std::string>(value));
        folder(entry.path());
        partitions.pop_back();
      }
    }
  }

  void file(const fs::path& path) {
    std::vector<std::string> names;
    std::vector<std::optional<std::string>> values;
    for (const auto& [name, value] : partitions) {
      names.push_back(name);
      values.push_back(value);
    }
    if (out.files.empty()) {
      out.partition_names = names;
    } else if (out.partition_names != names) {
      std::string lists;
      for (const auto& list : {out.partition_names, names}) {
        std::string line;
        for (const std::string& name : list) {
          line += (line.empty() ? "" : ", ") + name;
        }
        lists += "\n\tPartition column name list: " + line;
      }
      throw SparkError("CONFLICTING_PARTITION_COLUMN_NAMES",
                       {{"distinctPartColLists", lists}, {"suspiciousPaths", path.string()}});
    }
    out.files.push_back(path.string());
    out.partition_values.push_back(std::move(values));
  }
};

/// For a file or folder given inside a partitioned table with basePath: the folders between.
std::vector<std::pair<std::string, std::optional<std::string>>> partitions_between(const fs::path& base,
                                                                                   const fs::path& path) {
  std::vector<std::pair<std::string, std::optional<std::string>>> out;
  for (const fs::path& part : path.lexically_relative(base)) {
    const std::string name = part.string();
    const size_t equal = name.find('=');
    if (equal != std::string::npos && equal > 0) {
      const std::string value = unescaped(name.substr(equal + 1));
      out.emplace_back(unescaped(name.substr(0, equal)),
                       value == null_partition ? std::nullopt : std::optional<std::string>(value));
    }
  }
  return out;
}

}  // namespace

std::string local_path(const std::string& path) {
  std::string out = path;
  const size_t colon = path.find(':');
  const size_t slash = path.find('/');
  if (colon != std::string::npos && colon > 0 && (slash == std::string::npos || colon < slash)) {
    const std::string scheme = path.substr(0, colon);
    if (scheme != "file") {
      throw_unsupported("the file system " + scheme + "://");
    }
    out = path.substr(colon + 1);
    const size_t rest = out.find_first_not_of('/');
    if (out.starts_with("//")) {
      out = "/" + (rest == std::string::npos ? "" : out.substr(rest));
    }
  }
  std::string absolute = fs::absolute(out).lexically_normal().string();
  while (absolute.size() > 1 && absolute.ends_with('/')) {
    absolute.pop_back();
  }
  return absolute;
}

FileListing list_files(const std::vector<std::string>& paths, const plan::Options& given) {
  const SourceOptions options(given);
  const bool recursive = options.flag("recursiveFileLookup", false);
  const std::optional<std::string> base = options.find("basePath");
  const std::optional<std::string> filter = options.find("pathGlobFilter");
  FileListing out;
  for (const std::string& each : paths) {
    const std::string path = local_path(each);
    out.roots.push_back(path);
    std::vector<std::string> found = {path};
    if (has_glob(path) && !fs::exists(path)) {
      found = expand_glob(path);
      std::erase_if(found, [](const std::string& name) { return is_hidden(fs::path(name).filename().string()); });
    }
    std::error_code error;
    if (found.empty() || !fs::exists(found[0], error)) {
      throw SparkError("PATH_NOT_FOUND", {{"path", "file:" + path}});
    }
    for (const std::string& start : found) {
      Walk walk{out, recursive, {}};
      if (base) {
        walk.partitions = partitions_between(local_path(*base), start);
      }
      if (fs::is_directory(start)) {
        walk.folder(start);
      } else {
        walk.file(start);
      }
    }
  }
  if (filter) {
    const std::string pattern = *filter;
    for (size_t i = out.files.size(); i-- > 0;) {
      const fs::path file = out.files[i];
      const std::vector<std::string> matches = expand_glob(file.parent_path().string() + "/" + pattern);
      if (std::find(matches.begin(), matches.end(), out.files[i]) == matches.end()) {
        out.files.erase(out.files.begin() + static_cast<ptrdiff_t>(i));
        out.partition_values.erase(out.partition_values.begin() + static_cast<ptrdiff_t>(i));
      }
    }
  }
  return out;
}

Type infer_partition_type(const std::vector<std::optional<std::string>>& values, bool infer,
                          const SessionFacts& session) {
  if (!infer) {
    return Type::string();
  }
  bool integer = true, big = true, number = true, date = true, timestamp = true, any = false;
  const TimeZonePtr zone = find_time_zone(session.time_zone);
  const bool timestamp_is_ntz = prefers_timestamp_ntz(session);
  for (const std::optional<std::string>& value : values) {
    if (!value) {
      continue;
    }
    any = true;
    const char* first = value->data();
    const char* last = first + value->size();
    int64_t whole = 0;
    double fraction = 0;
    const auto as_whole = std::from_chars(first, last, whole);
    const bool is_whole = as_whole.ec == std::errc() && as_whole.ptr == last;
    const auto as_number = std::from_chars(first, last, fraction);
    integer = integer && is_whole && whole >= INT32_MIN && whole <= INT32_MAX;
    big = big && is_whole;
    number = number && as_number.ec == std::errc() && as_number.ptr == last;
    const bool dashed = value->size() >= 8 && value->find('-') != std::string::npos;
    date = date && dashed && value->size() <= 10 && parse_date(*value).has_value();
    timestamp = timestamp && dashed && zone &&
                (timestamp_is_ntz ? parse_timestamp_ntz(*value, false) : parse_timestamp(*value, *zone)).has_value();
  }
  if (!any) {
    return Type::string();
  }
  return integer     ? Type::integer()
         : big       ? Type::long_int()
         : number    ? Type::float64()
         : date      ? Type::date()
         : timestamp ? (timestamp_is_ntz ? Type::timestamp_ntz() : Type::timestamp())
                     : Type::string();
}

}  // namespace pyrite
