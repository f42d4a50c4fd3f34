// Reading text formats row by row into columns: what the engine hosts as a scan, one reader a thread and file.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "functions/function_def.h"
#include "plan/resolved_relation.h"

namespace pyrite {

/// What is to be read, the same for every file of a scan. Options are Spark's, names in lower case.
struct ReadSpec {
  std::string format;  ///< csv, json, text
  plan::Options options;
  /// Every column that the files hold by the schema (names, types), and which of them are wanted, by position.
  std::vector<resolved::Column> columns;
  std::vector<int> wanted;
  std::shared_ptr<const SessionFacts> session;
};

/// A piece of a file: bytes [begin, end). A reader takes the records that start in it.
struct FileSplit {
  std::string path;
  int64_t begin = 0;
  int64_t end = 0;
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  /// Fills rows 0 … n-1 of `columns` (one writer a wanted column) and returns n ≤ capacity; 0: the end.
  /// Throws SparkError (FAILED_READ_FILE.…, MALFORMED_RECORD_IN_PARSING.…).
  virtual size_t read(std::span<ColumnWriter* const> columns, size_t capacity) = 0;
};

/// Whether pyrite reads the format itself (csv, json, text) rather than by the engine (parquet).
bool has_row_reader(const std::string& format);
std::unique_ptr<RowReader> open_reader(const ReadSpec& spec, const FileSplit& split);
/// Cuts files into pieces that can be read side by side (compressed and multi-line files stay whole).
std::vector<FileSplit> split_files(const ReadSpec& spec, const std::vector<std::string>& files);

}  // namespace pyrite
