// Reading CSV or JSON out of a DataFrame's strings: each is read by itself.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "sources/row_reader.h"

namespace pyrite {

class LineReader {
 public:
  virtual ~LineReader() = default;
  /// Takes up a batch of lines, which must outlive its reading.
  void start(const ColumnView& lines, size_t count) {
    lines_ = lines;
    count_ = count;
    next_ = 0;
  }
  /// Fills rows 0 … n-1 of `columns` and returns n ≤ capacity; fewer than `capacity`: the batch has been read.
  virtual size_t read(std::span<ColumnWriter* const> columns, size_t capacity) = 0;

 protected:
  bool has_line() const { return next_ < count_; }
  std::optional<std::string_view> next_line() {
    const size_t row = next_++;
    return lines_.is_null(row) ? std::nullopt : std::optional<std::string_view>(lines_.text(row));
  }

 private:
  ColumnView lines_;
  size_t count_ = 0;
  size_t next_ = 0;
};

/// `header` is a line that is no record wherever it occurs (CSV). All columns of the spec are wanted.
std::unique_ptr<LineReader> open_line_reader(const ReadSpec& spec, const std::optional<std::string>& header);

/// The schema of a DataFrame's lines; nullopt: NULL. `first_line` names the columns of CSV.
std::vector<StructField> infer_lines(const std::string& format, const std::string& first_line,
                                     const std::vector<std::optional<std::string>>& lines, const plan::Options& options,
                                     const SessionFacts& session);

}  // namespace pyrite
