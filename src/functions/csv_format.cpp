// CSV as Spark reads it: options and records.
#include "functions/csv_format.h"

#include "base/error.h"

namespace pyrite {
namespace {

/// One character, with the escapes that Spark knows; nullopt for an empty text.
std::optional<char> one_char(const std::string& text, std::string_view name) {
  if (text.empty() || text == "\\u0000" || text == std::string(1, '\0')) {
    return std::nullopt;
  }
  if (text.size() == 1) {
    return text[0];
  }
  throw SparkError("OPTION_VALUE_EXCEEDS_ONE_CHARACTER", {{"optionName", std::string(name)}, {"value", text}});
}

std::string separator_of(const std::string& text) {
  if (text.empty()) {
    throw SparkError("INVALID_DELIMITER_VALUE.NULL_VALUE");
  }
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (i + 1 == text.size()) {
      throw SparkError("INVALID_DELIMITER_VALUE.SINGLE_BACKSLASH");
    }
    static constexpr std::string_view names = "trbfn0\"'\\";
    static constexpr std::string_view values("\t\r\b\f\n\0\"'\\", 9);
    const size_t at = names.find(text[++i]);
    if (at == std::string_view::npos) {
      throw SparkError("INVALID_DELIMITER_VALUE.UNSUPPORTED_SPECIAL_CHARACTER", {{"str", text}});
    }
    out += values[at];
  }
  return out;
}

ParseMode mode_of(const std::optional<std::string>& value) {
  std::string upper;
  for (const char c : value.value_or("PERMISSIVE")) {
    upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return upper == "FAILFAST"        ? ParseMode::fail_fast
         : upper == "DROPMALFORMED" ? ParseMode::drop_malformed
                                    : ParseMode::permissive;
}

UnescapedQuotes unescaped_quotes_of(const std::optional<std::string>& value) {
  const std::string_view name = value ? std::string_view(*value) : "STOP_AT_DELIMITER";
  if (name == "STOP_AT_DELIMITER") {
    return UnescapedQuotes::stop_at_delimiter;
  }
  if (name == "STOP_AT_CLOSING_QUOTE") {
    return UnescapedQuotes::stop_at_closing_quote;
  }
  throw_unsupported("the CSV option unescapedQuoteHandling=" + std::string(name));
}

bool is_blank(char c) { return static_cast<unsigned char>(c) <= ' ' && c != '\n' && c != '\r'; }

}  // namespace

CsvFormat CsvFormat::read(const OptionLookup& option, const SessionFacts& session) {
  CsvFormat out;
  const auto first_of = [&](std::string_view a, std::string_view b) {
    const std::optional<std::string> value = option(a);
    return value ? value : option(b);
  };
  if (const auto separator = first_of("sep", "delimiter")) {
    out.separator = separator_of(*separator);
  }
  out.quote = one_char(option("quote").value_or("\""), "quote").value_or('\0');
  out.escape = one_char(option("escape").value_or("\\"), "escape").value_or('\0');
  if (const std::optional<std::string> escape = option("charToEscapeQuoteEscaping")) {
    out.escape_of_escape = one_char(*escape, "charToEscapeQuoteEscaping").value_or('\0');
  }
  out.unescaped_quotes = unescaped_quotes_of(option("unescapedQuoteHandling"));
  out.comment = one_char(option("comment").value_or(""), "comment");
  out.line_separator = option("lineSep");
  if (out.line_separator && (out.line_separator->empty() || out.line_separator->size() > 2)) {
    throw SparkError::plain(ErrorKind::illegal_argument, "The option lineSep is one character, or two as in \\r\\n");
  }
  out.header = csv_flag_option(option, "header", false);
  out.multi_line = flag_option(option, "multiLine", false);
  out.ignore_leading_blanks = csv_flag_option(option, "ignoreLeadingWhiteSpace", false);
  out.ignore_trailing_blanks = csv_flag_option(option, "ignoreTrailingWhiteSpace", false);
  out.null_value = option("nullValue").value_or("");
  out.empty_value = option("emptyValue").value_or("");
  out.nan_value = option("nanValue").value_or("NaN");
  out.positive_infinity = option("positiveInf").value_or("Inf");
  out.negative_infinity = option("negativeInf").value_or("-Inf");
  out.date_format = option("dateFormat");
  out.timestamp_format = option("timestampFormat");
  out.timestamp_ntz_format = option("timestampNTZFormat");
  out.prefers_ntz = prefers_timestamp_ntz(session);
  out.time_zone = option("timeZone").value_or(session.time_zone);
  out.prefer_date = csv_flag_option(option, "preferDate", true);
  out.mode = mode_of(option("mode"));
  out.corrupt_column =
      option("columnNameOfCorruptRecord")
          .value_or(std::string(session.conf("spark.sql.columnNameOfCorruptRecord", "_corrupt_record")));
  const int32_t columns = integer_option(option, "maxColumns", 20480);
  if (columns < 0) {
    throw SparkError::plain(ErrorKind::illegal_argument,
                            "The option maxColumns is negative: " + std::to_string(columns));
  }
  out.max_columns = static_cast<size_t>(columns);
  out.max_chars = integer_option(option, "maxCharsPerColumn", -1);
  out.sampling_ratio = sampling_ratio_option(option);
  check_locale_option(option);
  out.encoding = encoding_option(option, "CSVOptions").value_or(Charset::utf8);
  return out;
}

bool CsvTokenizer::at_line_end() const {
  if (format_.line_separator) {
    return text_.substr(at_).starts_with(*format_.line_separator);
  }
  return text_[at_] == '\n' || text_[at_] == '\r';
}

void CsvTokenizer::skip_line_end() {
  if (format_.line_separator) {
    at_ += format_.line_separator->size();
  } else {
    at_ += text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 1;
  }
}

bool CsvTokenizer::at_cell_end() const {
  return at_ >= text_.size() || text_.substr(at_).starts_with(format_.separator) || at_line_end();
}

/// A quoted cell. A quote inside that is followed by other text makes it a raw one, as the format says.
void CsvTokenizer::read_quoted(CsvCell& cell) {
  const size_t start = at_++;
  cell.quoted = true;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == format_.escape && format_.escape != format_.quote && at_ + 1 < text_.size() &&
        (next == format_.quote || next == format_.escape)) {
      cell.text += next;
      at_ += 2;
      continue;
    }
    if (!format_.multi_line && at_line_end()) {
      return;
    }
    if (c != format_.quote) {
      cell.text += c;
      ++at_;
      continue;
    }
    if (format_.escape == format_.quote && next == format_.quote) {
      cell.text += c;
      at_ += 2;
      continue;
    }
    const size_t closing = at_++;
    while (at_ < text_.size() && is_blank(text_[at_]) && !text_.substr(at_).starts_with(format_.separator)) {
      ++at_;
    }
    if (at_cell_end()) {
      return;
    }
    at_ = closing;
    if (format_.unescaped_quotes == UnescapedQuotes::stop_at_closing_quote) {
      cell.text += c;
      ++at_;
      continue;
    }
    cell.quoted = false;
    while (!at_cell_end()) {
      ++at_;
    }
    cell.text.assign(text_.substr(start, at_ - start));
    return;
  }
}

void CsvTokenizer::read_cell(CsvCell& cell) {
  cell.text.clear();
  cell.quoted = false;
  cell.present = true;
  size_t first = at_;
  while (format_.ignore_leading_blanks && first < text_.size() && is_blank(text_[first]) &&
         !text_.substr(first).starts_with(format_.separator)) {
    ++first;
  }
  if (format_.quote != '\0' && first < text_.size() && text_[first] == format_.quote) {
    at_ = first;
    read_quoted(cell);
    return;
  }
  at_ = first;
  const size_t start = at_;
  const char head = format_.separator[0];
  while (at_ < text_.size()) {
    if ((text_[at_] == head && text_.substr(at_).starts_with(format_.separator)) || at_line_end()) {
      break;
    }
    ++at_;
  }
  std::string_view raw = text_.substr(start, at_ - start);
  while (format_.ignore_trailing_blanks && !raw.empty() && is_blank(raw.back())) {
    raw.remove_suffix(1);
  }
  cell.text.assign(raw);
}

bool CsvTokenizer::next(std::vector<CsvCell>& cells, std::string_view& record) {
  while (at_ < text_.size()) {
    if (at_line_end()) {
      skip_line_end();
      continue;
    }
    if (format_.comment && text_[at_] == *format_.comment) {
      while (at_ < text_.size() && !at_line_end()) {
        ++at_;
      }
      continue;
    }
    break;
  }
  if (at_ >= text_.size()) {
    return false;
  }
  const size_t start = at_;
  size_t count = 0;
  while (true) {
    if (count == cells.size()) {
      cells.emplace_back();
    }
    CsvCell& cell = cells[count++];
    read_cell(cell);
    if (count > format_.max_columns) {
      throw SparkError("MALFORMED_CSV_RECORD", {{"badRecord", std::string(text_.substr(start, 1000))}});
    }
    if (cell.quoted) {
      cell.text = cell.text.empty() ? format_.empty_value : std::move(cell.text);
    }
    cell.present = cell.text != format_.null_value && (cell.quoted || !cell.text.empty());
    if (at_ >= text_.size() || at_line_end()) {
      break;
    }
    at_ += format_.separator.size();
  }
  cells.resize(count);
  record = text_.substr(start, at_ - start);
  if (at_ < text_.size()) {
    skip_line_end();
  }
  return true;
}

}  // namespace pyrite
