// CSV as Spark reads it: options, records cut into cells, cells turned into values. For files and from_csv alike.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/format_options.h"
#include "functions/function_def.h"
#include "functions/moment_pattern.h"
#include "types/time_zone.h"

namespace pyrite {

enum class ParseMode { permissive, drop_malformed, fail_fast };

/// What becomes of a quoted cell with a quote inside that neither ends nor escapes: the cell's raw text up to the next
/// separator after that quote, or the text up to a quote that does end it.
enum class UnescapedQuotes { stop_at_delimiter, stop_at_closing_quote };

struct CsvFormat {
  std::string separator = ",";
  char quote = '"';  ///< '\0': none
  char escape = '\\';
  std::optional<char>
      escape_of_escape;  ///< of charToEscapeQuoteEscaping; by default the escape when it is not the quote
  UnescapedQuotes unescaped_quotes = UnescapedQuotes::stop_at_delimiter;
  std::optional<char> comment;
  std::optional<std::string> line_separator;
  bool header = false;
  bool multi_line = false;
  bool ignore_leading_blanks = false;
  bool ignore_trailing_blanks = false;
  std::string null_value;
  std::string empty_value;
  std::string nan_value = "NaN";
  std::string positive_infinity = "Inf";
  std::string negative_infinity = "-Inf";
  std::optional<std::string> date_format;
  std::optional<std::string> timestamp_format;
  std::optional<std::string> timestamp_ntz_format;
  bool prefers_ntz = false;  ///< of timestamps whose text has no zone
  std::string time_zone = "UTC";
  bool prefer_date = true;
  ParseMode mode = ParseMode::permissive;
  std::string corrupt_column = "_corrupt_record";
  size_t max_columns = 20480;
  int64_t max_chars = -1;
  double sampling_ratio = 1;
  Charset encoding = Charset::utf8;

  /// Errors: INVALID_DELIMITER_VALUE.…, and options that are not what they should be.
  static CsvFormat read(const OptionLookup& option, const SessionFacts& session);
};

struct CsvCell {
  std::string text;
  bool quoted = false;
  bool present = true;  ///< false: NULL, the cell is missing or is the null value
};

/// Cuts text into records. Blank lines and comments are passed over.
class CsvTokenizer {
 public:
  CsvTokenizer(const CsvFormat& format, std::string_view text) : format_(format), text_(text) {}
  /// The next record's cells; false at the end. `record` is its text without the line break.
  bool next(std::vector<CsvCell>& cells, std::string_view& record);
  size_t position() const { return at_; }

 private:
  bool at_line_end() const;
  bool at_cell_end() const;
  void skip_line_end();
  void read_cell(CsvCell& cell);
  void read_quoted(CsvCell& cell);
  const CsvFormat& format_;
  std::string_view text_;
  size_t at_ = 0;
};

/// Turns cells into values of one type.
class CsvConverter {
 public:
  CsvConverter(const CsvFormat& format, const Type& type);
  /// Writes the value; false: malformed for the type (the row is then NULL).
  bool write(const CsvCell& cell, ColumnWriter& out, size_t row) const;

 private:
  bool write_moment(std::string_view text, ColumnWriter& out, size_t row) const;
  const CsvFormat& format_;
  Type type_;
  std::optional<MomentPattern> moment_;  ///< for dates and timestamps
};

/// Widens a column's inferred type by one more cell.
class CsvTypeInference {
 public:
  explicit CsvTypeInference(const CsvFormat& format);
  Type widen(const Type& so_far, const CsvCell& cell) const;

 private:
  Type narrowest(const CsvCell& cell) const;
  bool is_date(std::string_view text) const;
  Type timestamp_of(std::string_view text) const;
  const CsvFormat& format_;
  std::optional<MomentPattern> date_;  ///< where the format has a pattern
  TimestampInference timestamp_;
};

}  // namespace pyrite
