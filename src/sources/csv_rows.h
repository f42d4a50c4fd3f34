// CSV records as rows of a schema, by the format's mode. For files and for lines of a DataFrame alike.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "functions/csv_format.h"
#include "sources/row_reader.h"

namespace pyrite {

CsvFormat csv_format_of(const plan::Options& options, const SessionFacts& session);

/// For a DataFrame's lines: each is one record, which may hold quoted line breaks; what follows a break is left out.
CsvFormat csv_line_format_of(const plan::Options& options, const SessionFacts& session);
/// Whether a line holds a record: it is neither blank nor a comment.
bool is_csv_record(const CsvFormat& format, std::string_view line);

/// Empty names become _c<i>; names that occur twice get their position behind.
std::vector<std::string> csv_header_names(const std::vector<CsvCell>& cells);

class CsvRows {
 public:
  CsvRows(const ReadSpec& spec, CsvFormat format);
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;

  const CsvFormat& format() const { return format_; }
  /// Whether only the column of corrupt records is wanted.
  bool wants_only_corrupt() const { return spec_.wanted.size() == 1 && spec_.wanted[0] == corrupt_; }
  /// With enforceSchema=false the header must fit the schema.
  void check_header(const std::vector<CsvCell>& cells, const std::string& source) const;
  /// Writes the record as a row; false: it is dropped. Errors: MALFORMED_RECORD_IN_PARSING.….
  bool put(const std::vector<CsvCell>& cells, std::string_view record, std::span<ColumnWriter* const> columns,
           size_t row) const;

 private:
  bool fill(const std::vector<CsvCell>& cells, std::string_view record, std::span<ColumnWriter* const> columns,
            size_t row) const;

  const ReadSpec spec_;
  const CsvFormat format_;
  std::vector<std::unique_ptr<CsvConverter>> converters_;
  int corrupt_ = -1;
};

}  // namespace pyrite
