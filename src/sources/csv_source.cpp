// CSV files: schema inference and reading.
#include "sources/csv_source.h"

#include "base/error.h"
#include "sources/csv_rows.h"
#include "sources/file_text.h"
#include "sources/inference_sample.h"
#include "sources/source_options.h"

namespace pyrite {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
/// Names need no more than this of a file.
constexpr size_t head_bytes = size_t{4} << 20;

std::string_view without_mark(std::string_view text) {
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

std::string text_of(const CsvFormat& format, const FileSplit& split) {
  if (format.encoding != Charset::utf8) {
    bool malformed = false;
    return decode_charset(format.encoding, read_whole(split.path), malformed);
  }
  return format.multi_line || is_compressed(split.path) ? read_whole(split.path) : read_lines_of(split);
}

class CsvReader final : public RowReader {
 public:
  CsvReader(const ReadSpec& spec, const FileSplit& split)

      : rows_(spec, csv_format_of(spec.options, *spec.session)),
        text_(text_of(rows_.format(), split)),
        tokens_(rows_.format(), without_mark(text_)) {
    if (rows_.wants_only_corrupt()) {
      throw SparkError("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN");
    }
    std::string_view record;
    if (rows_.format().header && split.begin == 0 && tokens_.next(cells_, record)) {
      rows_.check_header(cells_, "file:" + split.path);
    }
  }

  size_t read(std::span<ColumnWriter* const> columns, size_t capacity) override {
    size_t row = 0;
    std::string_view record;
    while (row < capacity && tokens_.next(cells_, record)) {
      row += rows_.put(cells_, record, columns, row) ? 1 : 0;
    }
    return row;
  }

 private:
  const CsvRows rows_;
  const std::string text_;
  CsvTokenizer tokens_;
  std::vector<CsvCell> cells_;
};

/// The columns that the records seen so far suggest.
class CsvColumns {
 public:
  CsvColumns(const CsvFormat& format, bool infer) : format_(format), infer_(infer), inference_(format) {}

  bool named() const { return !names_.empty(); }
  void name(const std::vector<CsvCell>& cells) {
    names_ = csv_header_names(cells);
    for (size_t i = 0; !format_.header && i < cells.size(); ++i) {
      names_[i] = "_c" + std::to_string(i);
    }
    types_.assign(names_.size(), Type::null());
  }
  void widen(const std::vector<CsvCell>& cells) {
    for (size_t i = 0; i < cells.size() && i < types_.size(); ++i) {
      types_[i] = inference_.widen(types_[i], cells[i]);
    }
  }
  std::vector<StructField> fields() const {
    std::vector<StructField> out;
    for (size_t i = 0; i < names_.size(); ++i) {
      out.push_back({names_[i], infer_ && !types_[i].is(TypeKind::null) ? types_[i] : Type::string(), true, {}});
    }
    return out;
  }

 private:
  const CsvFormat& format_;
  bool infer_;
  CsvTypeInference inference_;
  std::vector<std::string> names_;
  std::vector<Type> types_;
};

std::string text_for_inference(const CsvFormat& format, const std::string& file, bool infer) {
  if (format.encoding != Charset::utf8) {
    return text_of(format, {file});
  }
  std::string text = infer ? read_whole(file) : read_head(file, head_bytes);
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

}  // namespace

bool infers_csv_types(const plan::Options& options) {
  const SourceOptions given(options);
  return csv_flag_option([&](std::string_view name) { return given.find(name); }, "inferSchema", false);
}

std::vector<StructField> infer_csv_schema(const std::vector<std::string>& files, const plan::Options& options,
                                          const SessionFacts& session) {
  const CsvFormat format = csv_format_of(options, session);
  const bool infer = infers_csv_types(options);
  CsvColumns columns(format, infer);
  InferenceSample sample(format.sampling_ratio);
  std::string header;
  std::vector<CsvCell> cells;
  std::string_view record;
  for (const std::string& file : files) {
    const std::string text = text_for_inference(format, file, infer);
    CsvTokenizer tokens(format, text);
    if (!columns.named() && tokens.next(cells, record)) {
      header = record;
      columns.name(cells);
    }
    if (!infer) {
      if (columns.named()) {
        break;
      }
      continue;
    }
    // Where records are lines, a line like the header is one wherever it stands; else every file begins with one.
    const bool by_lines = !format.multi_line;
    const std::string drawn = by_lines ? sample.lines_of(text, format.line_separator) : text;
    CsvTokenizer rest(format, drawn);
    for (bool first = true; rest.next(cells, record); first = false) {
      const bool is_header = format.header && (by_lines ? record == header : first);
      if (!is_header && (by_lines || sample.takes_next())) {
        columns.widen(cells);
      }
    }
  }
  return columns.fields();
}

std::vector<StructField> infer_csv_lines(const std::string& first_line,
                                         const std::vector<std::optional<std::string>>& lines,
                                         const plan::Options& options, const SessionFacts& session) {
  const CsvFormat format = csv_line_format_of(options, session);
  CsvColumns columns(format, infers_csv_types(options));
  std::vector<CsvCell> cells;
  std::string_view record;
  if (CsvTokenizer(format, first_line).next(cells, record)) {
    columns.name(cells);
  }
  for (const std::optional<std::string>& line : lines) {
    if (line && is_csv_record(format, *line) && !(format.header && *line == first_line) &&
        CsvTokenizer(format, *line).next(cells, record)) {
      columns.widen(cells);
    }
  }
  return columns.fields();
}

std::unique_ptr<RowReader> open_csv_reader(const ReadSpec& spec, const FileSplit& split) {
  return std::make_unique<CsvReader>(spec, split);
}

}  // namespace pyrite
