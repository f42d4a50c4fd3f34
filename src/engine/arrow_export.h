// Batches of rows as Arrow arrays, with the Arrow types that Spark's clients expect.
#pragma once

#include <string>
#include <vector>

#include "functions/column.h"
#include "nanoarrow/nanoarrow.h"
#include "plan/resolved_expression.h"
#include "types/time_zone.h"

namespace pyrite {

struct ArrowOptions {
  std::string time_zone = "UTC";
  bool large_strings = false;
  /// For files: what their formats lack goes as whole numbers, with the name of Spark's type as a field's metadata, and
  /// days and moments count by the calendar of Java's old classes in the zone.
  TimeZonePtr file_zone;
};

void export_schema(const std::vector<resolved::Column>& columns, const ArrowOptions& options, ArrowSchema* out);

/// Collects rows column by column into one struct array.
class ArrowBatch {
 public:
  ArrowBatch(const std::vector<resolved::Column>& columns, const ArrowOptions& options);
  ~ArrowBatch();
  ArrowBatch(const ArrowBatch&) = delete;
  ArrowBatch& operator=(const ArrowBatch&) = delete;

  void append(const std::vector<ColumnView>& views, size_t rows);
  size_t rows() const { return rows_; }
  /// Bytes of strings so far; utf8 arrays cannot hold more than 2 GiB.
  size_t text_bytes() const { return text_bytes_; }
  /// Hands the batch over and starts the next.
  void finish(ArrowArray* out);

 private:
  void start();

  const std::vector<resolved::Column>& columns_;
  ArrowOptions options_;
  ArrowSchema schema_{};
  ArrowArray array_{};
  size_t rows_ = 0;
  size_t text_bytes_ = 0;
};

}  // namespace pyrite
