// Reading CSV or JSON out of a DataFrame's strings.
#include "sources/line_reader.h"

#include "base/error.h"
#include "sources/csv_rows.h"
#include "sources/csv_source.h"
#include "sources/json_rows.h"
#include "sources/json_source.h"

namespace pyrite {
namespace {

class CsvLineReader final : public LineReader {
 public:
  CsvLineReader(const ReadSpec& spec, const std::optional<std::string>& header)
      : rows_(spec, csv_line_format_of(spec.options, *spec.session)), header_(header) {
    std::string_view record;
    if (header_ && CsvTokenizer(rows_.format(), *header_).next(cells_, record)) {
      rows_.check_header(cells_, "a DataFrame of lines");
    }
  }

  size_t read(std::span<ColumnWriter* const> columns, size_t capacity) override {
    size_t row = 0;
    std::string_view record;
    while (row < capacity && has_line()) {
      const std::optional<std::string_view> line = next_line();
      if (line && is_csv_record(rows_.format(), *line) && line != header_ &&
          CsvTokenizer(rows_.format(), *line).next(cells_, record)) {
        row += rows_.put(cells_, record, columns, row) ? 1 : 0;
      }
    }
    return row;
  }

 private:
  const CsvRows rows_;
  const std::optional<std::string> header_;
  std::vector<CsvCell> cells_;
};

class JsonLineReader final : public LineReader {
 public:
  explicit JsonLineReader(const ReadSpec& spec) : rows_(spec, json_format_of(spec.options, *spec.session)) {
    if (rows_.format().encoding.value_or(Charset::utf8) != Charset::utf8) {
      throw_unsupported("an encoding other than UTF-8 for the JSON of a DataFrame");
    }
  }

  size_t read(std::span<ColumnWriter* const> columns, size_t capacity) override {
    size_t row = 0;
    while (row < capacity && advance()) {
      row += rows_.put(columns, row) ? 1 : 0;
    }
    return row;
  }

 private:
  bool advance() {
    while (!rows_.has_row()) {
      if (!has_line()) {
        return false;
      }
      const std::optional<std::string_view> line = next_line();
      const bool parsed = line && rows_.document().parse(*line, rows_.format().syntax);
      if (parsed || !line || !rows_.document().blank()) {
        rows_.take(line, parsed);
      }
    }
    return true;
  }

  JsonRows rows_;
};

}  // namespace

std::unique_ptr<LineReader> open_line_reader(const ReadSpec& spec, const std::optional<std::string>& header) {
  if (spec.format == "csv") {
    return std::make_unique<CsvLineReader>(spec, header);
  }
  check(spec.format == "json", "no reader of lines for " + spec.format);
  return std::make_unique<JsonLineReader>(spec);
}

std::vector<StructField> infer_lines(const std::string& format, const std::string& first_line,
                                     const std::vector<std::optional<std::string>>& lines, const plan::Options& options,
                                     const SessionFacts& session) {
  return format == "csv" ? infer_csv_lines(first_line, lines, options, session)
                         : infer_json_lines(lines, options, session);
}

}  // namespace pyrite
