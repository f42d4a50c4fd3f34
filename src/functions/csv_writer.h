// CSV as Spark writes it: values to cells, cells quoted and escaped. For files and to_csv alike.
#pragma once

#include <string>
#include <string_view>

#include "functions/cell_text.h"
#include "functions/column.h"
#include "functions/csv_format.h"

namespace pyrite {

class CsvWriter {
 public:
  /// Errors: as CsvFormat::read.
  CsvWriter(const OptionLookup& option, const SessionFacts& session);

  /// Appends the cell of a column (counted from 0); the caller puts separators between.
  void append_cell(std::string& out, size_t column, const ColumnView& values, size_t row) const;
  /// A name or another text as a cell.
  void append_text(std::string& out, size_t column, std::string_view text) const;

  const CsvFormat& format() const { return format_; }

 private:
  /// The text of a value that is not NULL, before any quoting.
  void append_value(std::string& out, const ColumnView& values, size_t row) const;
  /// A value inside another; of a NULL nothing is written, not even what goes before.
  void append_inner(std::string& out, std::string_view before, const ColumnView& values, size_t row) const;
  /// `stands_in`: the text is the option's for a null or empty value, not the value's own.
  void append_element(std::string& out, size_t column, std::string_view text, bool stands_in) const;
  void append_blanks(std::string& out, std::string_view blanks) const;
  void append_quoted(std::string& out, std::string_view text) const;
  void append_escaped(std::string& out, std::string_view text) const;
  bool separates(std::string_view rest) const;
  bool triggers_quotes(std::string_view rest) const;

  CsvFormat format_;
  TimeZonePtr zone_;
  MomentPattern date_;
  MomentPattern timestamp_;
  MomentPattern timestamp_ntz_;
  std::string null_value_;
  std::string empty_value_;
  std::string line_end_;
  BinaryStyle binary_;
  char comment_ = '#';
  char escape_of_escape_ = '\0';
  bool quote_all_ = false;
  bool escape_quotes_ = true;
  bool trim_start_ = true;
  bool trim_end_ = true;
};

}  // namespace pyrite
