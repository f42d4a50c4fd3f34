// When a cell is quoted, and what is escaped in it, follows the writer of the library that Spark uses
// (univocity-parsers 2.9.1, CsvWriter), which decides by the first special character of the text.
#include "functions/csv_writer.h"

namespace pyrite {
namespace {

bool is_blank(char c) { return static_cast<unsigned char>(c) <= ' '; }

std::string_view without_leading_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  return text;
}

}  // namespace

CsvWriter::CsvWriter(const OptionLookup& option, const SessionFacts& session)
    : format_(CsvFormat::read(option, session)),
      zone_(get_time_zone(format_.time_zone)),
      date_(format_.date_format, TypeKind::date, zone_, MomentPattern::Use::write),
      timestamp_(format_.timestamp_format, TypeKind::timestamp, zone_, MomentPattern::Use::write),
      timestamp_ntz_(format_.timestamp_ntz_format, TypeKind::timestamp_ntz, zone_, MomentPattern::Use::write),
      null_value_(format_.null_value),
      empty_value_(option("emptyValue").value_or("\"\"")),
      line_end_(format_.line_separator.value_or("\n")),
      binary_(binary_style(session)),
      comment_(format_.comment.value_or('#')),
      escape_of_escape_(format_.escape == format_.quote ? '\0' : format_.escape),
      quote_all_(csv_flag_option(option, "quoteAll", false)),
      escape_quotes_(csv_flag_option(option, "escapeQuotes", true)),
      trim_start_(csv_flag_option(option, "ignoreLeadingWhiteSpace", true)),
      trim_end_(csv_flag_option(option, "ignoreTrailingWhiteSpace", true)) {
  if (format_.escape_of_escape) {
    escape_of_escape_ = *format_.escape_of_escape;
  }
}

void CsvWriter::append_cell(std::string& out, size_t column, const ColumnView& values, size_t row) const {
  if (values.type.is(TypeKind::null) || values.is_null(row)) {
    return append_element(out, column, null_value_, true);
  }
  if (values.type.is_string()) {
    return append_text(out, column, values.text(row));
  }
  std::string text;
  append_value(text, values, row);
  append_text(out, column, text);
}

void CsvWriter::append_value(std::string& out, const ColumnView& values, size_t row) const {
  switch (values.type.kind()) {
    case TypeKind::date:
      return date_.append(out, values.get<int32_t>(row));
    case TypeKind::timestamp:
      return timestamp_.append(out, values.get<int64_t>(row));
    case TypeKind::timestamp_ntz:
      return timestamp_ntz_.append(out, values.get<int64_t>(row));
    case TypeKind::array: {
      const ListSlot slot = values.list(row);
      out += '[';
      for (uint64_t i = 0; i < slot.length; ++i) {
        out += i > 0 ? "," : "";
        append_inner(out, i > 0 ? " " : "", values.children[0], slot.offset + i);
      }
      out += ']';
      return;
    }
    case TypeKind::map: {
      const ListSlot slot = values.list(row);
      out += '{';
      for (uint64_t i = 0; i < slot.length; ++i) {
        out += i > 0 ? ", " : "";
        append_inner(out, "", values.children[0], slot.offset + i);
        out += " ->";
        append_inner(out, " ", values.children[1], slot.offset + i);
      }
      out += '}';
      return;
    }
    case TypeKind::structure: {
      const size_t at = values.position(row);
      out += '{';
      for (size_t i = 0; i < values.children.size(); ++i) {
        out += i > 0 ? "," : "";
        append_inner(out, i > 0 ? " " : "", values.children[i], at);
      }
      out += '}';
      return;
    }
    default:
      append_cell_text(values, row, *zone_, out, values.type.is(TypeKind::binary) ? CellStyle::show : CellStyle::cast,
                       binary_);
  }
}

void CsvWriter::append_inner(std::string& out, std::string_view before, const ColumnView& values, size_t row) const {
  if (!values.type.is(TypeKind::null) && !values.is_null(row)) {
    out += before;
    append_value(out, values, row);
  }
}

void CsvWriter::append_text(std::string& out, size_t column, std::string_view text) const {
  if (text.empty() || (trim_start_ && without_leading_blanks(text).empty())) {
    append_element(out, column, empty_value_, true);
  } else {
    append_element(out, column, text, false);
  }
}

bool CsvWriter::separates(std::string_view rest) const { return rest.starts_with(format_.separator); }

bool CsvWriter::triggers_quotes(std::string_view rest) const {
  const char c = rest.front();
  return separates(rest) || c == '\n' || c == '\r' || line_end_.find(c) != std::string::npos ||
         (escape_quotes_ && c == format_.quote);
}

void CsvWriter::append_element(std::string& out, size_t column, std::string_view text, bool stands_in) const {
  const bool starts_as_comment = column == 0 && !text.empty() && text.front() == comment_;
  std::string_view rest = trim_start_ ? without_leading_blanks(text) : text;
  std::string_view kept = rest;
  while (trim_end_ && !kept.empty() && is_blank(kept.back())) {
    kept.remove_suffix(1);
  }
  if (kept.empty() && !stands_in) {
    return append_blanks(out, text);
  }
  bool quoted = quote_all_ || (!rest.empty() && (rest.front() == format_.quote || starts_as_comment));
  if (quoted && stands_in && text.size() >= 2 && text.front() == format_.quote && text.back() == format_.quote) {
    out += text;
    return;
  }
  for (size_t i = 0; i < rest.size() && !quoted; ++i) {
    const char c = rest[i];
    if (c == format_.quote || c == format_.escape) {
      // The first quote or escape decides: text without anything to protect behind it stays as it is.
      for (size_t k = i; k < rest.size() && !quoted; ++k) {
        quoted = triggers_quotes(rest.substr(k));
      }
      break;
    }
    quoted = triggers_quotes(rest.substr(i));
  }
  quoted ? append_quoted(out, kept) : static_cast<void>(out += kept);
}

/// Nothing is left of the blanks after trimming. The library then writes the empty value behind them, and trims as many
/// characters as there are blanks from its end.
void CsvWriter::append_blanks(std::string& out, std::string_view blanks) const {
  std::string cell(blanks);
  if (!empty_value_.empty() && empty_value_.front() == format_.quote) {
    append_escaped(cell, empty_value_);
  } else {
    cell += empty_value_;
  }
  cell.resize(cell.size() - blanks.size());
  const std::string_view quote(&format_.quote, quote_all_ ? 1 : 0);
  out.append(quote).append(cell).append(quote);
}

void CsvWriter::append_quoted(std::string& out, std::string_view text) const {
  out += format_.quote;
  append_escaped(out, text);
  out += format_.quote;
}

void CsvWriter::append_escaped(std::string& out, std::string_view text) const {
  for (const char c : text) {
    if (c == format_.quote) {
      out += format_.escape;
    } else if (c == format_.escape && escape_of_escape_ != '\0') {
      out += escape_of_escape_;
    } else if (c == '\n' && line_end_.size() > 1) {
      out += line_end_;
      continue;
    }
    out += c;
  }
}

}  // namespace pyrite
