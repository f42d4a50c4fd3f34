// Writing CSV files.
#include "sources/csv_sink.h"

#include "base/error.h"
#include "functions/cell_text.h"
#include "functions/csv_format.h"
#include "sources/buffered_file.h"
#include "sources/source_options.h"
#include "types/datetime_text.h"

namespace pyrite {
namespace {

class CsvSink final : public RowSink {
 public:
  CsvSink(const WriteSpec& spec, const std::string& path)
      : options_(spec.options),
        format_(CsvFormat::read([&](std::string_view name) { return options_.find(name); }, *spec.session)),
        zone_(get_time_zone(format_.time_zone)),
        file_(path, options_.text("compression", options_.text("codec", "none"))),
        quote_all_(options_.flag("quoteAll", false)),
        escape_quotes_(options_.flag("escapeQuotes", true)),
        trim_leading_(options_.flag("ignoreLeadingWhiteSpace", true)),
        trim_trailing_(options_.flag("ignoreTrailingWhiteSpace", true)),
        null_value_(options_.text("nullValue", "")),
        empty_value_(options_.text("emptyValue", "\"\"")),
        line_end_(options_.text("lineSep", "\n")) {
    if (format_.encoding != Charset::utf8) {
      throw_unsupported("writing CSV in an encoding other than UTF-8");
    }
    if (options_.find("dateFormat") || options_.find("timestampFormat")) {
      throw_unsupported("date and timestamp patterns in CSV");
    }
    for (const resolved::Column& column : spec.columns) {
      if (column.type.is_nested() || column.type.is(TypeKind::binary)) {
        throw SparkError("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {{"columnName", "`" + column.name + "`"},
                                                                  {"columnType", "\"" + sql_string(column.type) + "\""},
                                                                  {"format", "CSV"}});
      }
    }
    if (options_.flag("header", false)) {
      for (size_t i = 0; i < spec.columns.size(); ++i) {
        if (i > 0) {
          file_.buffer() += format_.separator;
        }
        append_text(spec.columns[i].name);
      }
      file_.buffer() += line_end_;
    }
  }

  void write(std::span<const ColumnView> columns, size_t rows) override {
    for (size_t row = 0; row < rows; ++row) {
      for (size_t c = 0; c < columns.size(); ++c) {
        if (c > 0) {
          file_.buffer() += format_.separator;
        }
        append_cell(columns[c], row);
      }
      file_.buffer() += line_end_;
      file_.maybe_flush();
    }
  }

  void finish() override { file_.finish(); }

 private:
  void append_cell(const ColumnView& column, size_t row) {
    if (column.is_null(row)) {
      file_.buffer() += null_value_;
      return;
    }
    if (column.type.is_string()) {
      append_text(column.text(row));
      return;
    }
    cell_.clear();
    if (column.type.is(TypeKind::timestamp)) {
      append_timestamp(column.get<int64_t>(row));
    } else {
      append_cell_text(column, row, *zone_, cell_);
    }
    append_text(cell_);
  }

  /// ISO 8601 with milliseconds and the zone's offset, Spark's default for CSV.
  void append_timestamp(int64_t micros);

  void append_text(std::string_view text) {
    std::string& out = file_.buffer();
    if (text.empty()) {
      out += empty_value_;
      return;
    }
    while (trim_leading_ && !text.empty() && static_cast<unsigned char>(text.front()) <= ' ') {
      text.remove_prefix(1);
    }
    while (trim_trailing_ && !text.empty() && static_cast<unsigned char>(text.back()) <= ' ') {
      text.remove_suffix(1);
    }
    const bool has_quote = text.find(format_.quote) != std::string_view::npos;
    const bool special = text.find(format_.separator) != std::string_view::npos ||
                         text.find_first_of("\r\n") != std::string_view::npos || (has_quote && escape_quotes_) ||
                         (format_.comment && !text.empty() && text[0] == *format_.comment);
    if (!quote_all_ && !special) {
      out += text;
      return;
    }
    out += format_.quote;
    for (const char c : text) {
      if (c == format_.quote || (c == format_.escape && format_.escape != format_.quote && has_quote)) {
        out += format_.escape;
      }
      out += c;
    }
    out += format_.quote;
  }

  SourceOptions options_;
  CsvFormat format_;
  TimeZonePtr zone_;
  BufferedFile file_;
  bool quote_all_, escape_quotes_, trim_leading_, trim_trailing_;
  std::string null_value_, empty_value_, line_end_;
  std::string cell_;
};

void CsvSink::append_timestamp(int64_t micros) {
  const int32_t offset = zone_->offset_at(floor_div(micros, micros_per_second));
  char text[datetime_text_size];
  const int64_t local = zone_->to_local(micros);
  const int64_t whole = floor_div(local, micros_per_second) * micros_per_second;
  size_t length = format_timestamp_local(whole, text);
  text[10] = text[10] == ' ' ? 'T' : text[10];
  cell_.append(text, length);
  char tail[16];
  const int millis = static_cast<int>((local - whole) / 1000);
  const int minutes = std::abs(offset) / 60;
  length = static_cast<size_t>(
      std::snprintf(tail, sizeof tail, ".%03d%c%02d:%02d", millis, offset < 0 ? '-' : '+', minutes / 60, minutes % 60));
  cell_.append(offset == 0 ? std::string_view(tail, 4) : std::string_view(tail, length));
  if (offset == 0) {
    cell_ += 'Z';
  }
}

}  // namespace

std::unique_ptr<RowSink> open_csv_sink(const WriteSpec& spec, const std::string& path) {
  return std::make_unique<CsvSink>(spec, path);
}

}  // namespace pyrite
