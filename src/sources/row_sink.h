// Writing text formats: what the engine feeds batches of columns.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "functions/function_def.h"
#include "plan/resolved_relation.h"

namespace pyrite {

struct WriteSpec {
  std::string format;  ///< csv, json, text, or a provided one (orc)
  plan::Options options;
  std::vector<resolved::Column> columns;
  std::shared_ptr<const SessionFacts> session;
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void write(std::span<const ColumnView> columns, size_t rows) = 0;
  /// Flushes and closes the file; a sink that is destroyed before leaves an unfinished file to be removed.
  virtual void finish() = 0;
};

bool has_row_sink(const std::string& format);
/// The file's ending with that of its compression: ".csv.gz", ".zstd.orc".
std::string file_ending(const WriteSpec& spec);
std::unique_ptr<RowSink> open_sink(const WriteSpec& spec, const std::string& path);

}  // namespace pyrite
