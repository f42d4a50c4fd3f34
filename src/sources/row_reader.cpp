// Which reader reads a format, and how files are cut.
#include "sources/row_reader.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "functions/format_options.h"
#include "sources/csv_source.h"
#include "sources/file_text.h"
#include "sources/json_source.h"
#include "sources/source_options.h"
#include "sources/text_source.h"

namespace pyrite {
namespace {

/// Small enough that two cores share a file of some MB, large enough that a piece is worth its start.
constexpr int64_t split_bytes = int64_t{8} << 20;

}  // namespace

bool has_row_reader(const std::string& format) { return format == "csv" || format == "json" || format == "text"; }

std::unique_ptr<RowReader> open_reader(const ReadSpec& spec, const FileSplit& split) {
  if (spec.format == "csv") {
    return open_csv_reader(spec, split);
  }
  if (spec.format == "json") {
    return open_json_reader(spec, split);
  }
  check(spec.format == "text", "no reader of rows for " + spec.format);
  return open_text_reader(spec, split);
}

std::vector<FileSplit> split_files(const ReadSpec& spec, const std::vector<std::string>& files) {
  const SourceOptions options(spec.options);
  const std::optional<Charset> encoding =
      encoding_option([&](std::string_view name) { return options.find(name); }, spec.format);
  const bool whole = options.flag("multiLine", false) || options.flag("wholetext", false) || options.find("lineSep") ||
                     encoding.value_or(Charset::utf8) != Charset::utf8;
  std::vector<FileSplit> out;
  for (const std::string& file : files) {
    std::error_code error;
    const auto size = static_cast<int64_t>(std::filesystem::file_size(file, error));
    if (error) {
      throw SparkError(ErrorKind::spark, "FAILED_READ_FILE.FILE_NOT_EXIST", {{"path", "file:" + file}});
    }
    if (whole || is_compressed(file)) {
      out.push_back({file, 0, size});
      continue;
    }
    for (int64_t begin = 0; begin < size; begin += split_bytes) {
      out.push_back({file, begin, std::min(size, begin + split_bytes)});
    }
  }
  return out;
}

}  // namespace pyrite
