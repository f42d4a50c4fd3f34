// JSON files: schema inference, reading, writing.
#include "sources/json_source.h"

#include <utility>

#include "base/error.h"
#include "sources/buffered_file.h"
#include "sources/file_text.h"
#include "sources/inference_sample.h"
#include "sources/json_rows.h"
#include "sources/source_options.h"

namespace pyrite {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Records are cut before their bytes are decoded, so the line's end must be known, and be the same in every encoding.
JsonFormat format_for_reading(const plan::Options& options, const SessionFacts& session) {
  JsonFormat format = json_format_of(options, session);
  if (!format.encoding || *format.encoding == Charset::utf8 || format.multi_line) {
    return format;
  }
  const std::string name = SourceOptions(options).text("encoding", SourceOptions(options).text("charset", ""));
  if (*format.encoding == Charset::utf16 || *format.encoding == Charset::utf32) {
    throw SparkError::plain(ErrorKind::illegal_argument,
                            "The encoding " + name + " needs the option multiLine: it has a byte order mark");
  }
  if (!format.line_separator) {
    throw SparkError::plain(ErrorKind::illegal_argument, "The encoding " + name + " needs the option lineSep");
  }
  return format;
}

/// The encoding that the first bytes of a JSON text show: it begins with an ASCII character or a byte order mark.
Charset detected_charset(std::string_view text) {
  const auto zero = [&](size_t i) { return i < text.size() && text[i] == '\0'; };
  if (text.size() < 2) {
    return Charset::utf8;
  }
  if (text.starts_with(std::string_view("\xFF\xFE\0\0", 4)) || (zero(0) && zero(1))) {
    return Charset::utf32;
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return Charset::utf16;
  }
  return zero(0)              ? Charset::utf16be
         : !zero(1)           ? Charset::utf8
         : zero(2) && zero(3) ? Charset::utf32le
                              : Charset::utf16le;
}

std::string text_of(const JsonFormat& format, const FileSplit& split, bool whole) {
  const bool decoded = format.encoding ? *format.encoding != Charset::utf8 : format.multi_line;
  if (!whole && !decoded && !format.line_separator && !is_compressed(split.path)) {
    return read_lines_of(split);
  }
  std::string text = read_whole(split.path);
  const Charset charset = format.encoding     ? *format.encoding
                          : format.multi_line ? detected_charset(text)
                                              : Charset::utf8;
  bool malformed = false;
  return charset == Charset::utf8 ? text : decode_charset(charset, text, malformed);
}

/// Cuts text into records: lines, or all of it where a record may have several lines. Blank ones are passed over.
class JsonRecords {
 public:
  JsonRecords(const JsonFormat& format, std::string_view text) : format_(format), text_(text) {
    if (text_.starts_with(byte_order_mark)) {
      text_.remove_prefix(byte_order_mark.size());
    }
  }

  /// The next record's text and whether it could be parsed; false at the end.
  bool next(JsonDocument& document, std::string_view& record, bool& parsed) {
    while (!text_.empty()) {
      record = next_text();
      parsed = document.parse(record, format_.syntax);
      if (parsed || !document.blank()) {
        return true;
      }
    }
    return false;
  }

 private:
  std::string_view next_text() {
    if (format_.multi_line) {
      return std::exchange(text_, {});
    }
    return take_line(text_, format_.line_separator);
  }

  const JsonFormat& format_;
  std::string_view text_;
};

class JsonReader final : public RowReader {
 public:
  JsonReader(const ReadSpec& spec, const FileSplit& split)
      : rows_(spec, format_for_reading(spec.options, *spec.session)),
        text_(text_of(rows_.format(), split, false)),
        records_(rows_.format(), text_) {
    if (rows_.wants_only_corrupt()) {
      throw SparkError("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN");
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
    std::string_view record;
    bool parsed = false;
    while (!rows_.has_row()) {
      if (!records_.next(rows_.document(), record, parsed)) {
        return false;
      }
      rows_.take(record, parsed);
    }
    return true;
  }

  JsonRows rows_;
  const std::string text_;
  JsonRecords records_;
};

class JsonSink final : public RowSink {
 public:
  JsonSink(const WriteSpec& spec, const std::string& path)
      : format_(json_format_of(spec.options, *spec.session)),
        writer_(format_),
        file_(path, SourceOptions(spec.options).codec(), format_.encoding.value_or(Charset::utf8)),
        line_end_(format_.line_separator.value_or("\n")) {
    for (const resolved::Column& column : spec.columns) {
      names_.push_back(column.name);
    }
  }

  void write(std::span<const ColumnView> columns, size_t rows) override {
    for (size_t row = 0; row < rows; ++row) {
      writer_.append_record(file_.buffer(), columns, names_, row);
      file_.buffer() += line_end_;
      file_.maybe_flush();
    }
  }

  void finish() override { file_.finish(); }

 private:
  const JsonFormat format_;
  JsonWriter writer_;
  BufferedFile file_;
  std::string line_end_;
  std::vector<std::string> names_;
};

/// The type of the objects in a record as a structure; nullopt: it holds something else.
std::optional<Type> record_type(const JsonInference& inference, const JsonDocument& document, const JsonNode& node) {
  if (node.kind == JsonKind::object) {
    return inference.infer(document, node);
  }
  if (node.kind != JsonKind::array) {
    return std::nullopt;
  }
  Type type = Type::structure({});
  bool objects = true;
  document.each(node, [&](const JsonNode& element) {
    const std::optional<Type> found = objects ? record_type(inference, document, element) : std::nullopt;
    objects = found.has_value();
    if (found) {
      type = inference.widen(type, *found);
    }
  });
  return objects ? std::optional<Type>(std::move(type)) : std::nullopt;
}

/// The schema of the records seen so far.
class JsonColumns {
 public:
  explicit JsonColumns(const JsonFormat& format) : format_(format), inference_(format) {}

  /// `document` is what the record was parsed into; nullptr where that failed.
  void widen(const JsonDocument* document) {
    if (const std::optional<Type> found =
            document ? record_type(inference_, *document, document->root()) : std::nullopt) {
      type_ = inference_.widen(type_, *found);
    } else if (format_.mode == ParseMode::permissive) {
      type_ = inference_.widen(type_, Type::structure({{format_.corrupt_column, Type::string(), true, {}}}));
    } else if (format_.mode == ParseMode::fail_fast) {
      throw SparkError(ErrorKind::spark, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                       {{"badRecord", format_.corrupt_column}, {"failFastMode", "FAILFAST"}});
    }
  }
  std::vector<StructField> fields() const { return inference_.finish(type_).fields(); }

 private:
  const JsonFormat& format_;
  JsonInference inference_;
  Type type_ = Type::structure({});
};

}  // namespace

std::vector<StructField> infer_json_schema(const std::vector<std::string>& files, const plan::Options& options,
                                           const SessionFacts& session) {
  const JsonFormat format = format_for_reading(options, session);
  JsonColumns columns(format);
  InferenceSample sample(format.sampling_ratio);
  JsonDocument document;
  for (const std::string& file : files) {
    if (format.multi_line && !sample.takes_next()) {
      continue;
    }
    std::string text = text_of(format, {file}, true);
    if (!format.multi_line && !sample.takes_all()) {
      text = sample.lines_of(text, format.line_separator);
    }
    JsonRecords records(format, text);
    std::string_view record;
    bool parsed = false;
    while (records.next(document, record, parsed)) {
      columns.widen(parsed ? &document : nullptr);
    }
  }
  return columns.fields();
}

std::vector<StructField> infer_json_lines(const std::vector<std::optional<std::string>>& lines,
                                          const plan::Options& options, const SessionFacts& session) {
  const JsonFormat format = json_format_of(options, session);
  JsonColumns columns(format);
  JsonDocument document;
  for (const std::optional<std::string>& line : lines) {
    const bool parsed = line && document.parse(*line, format.syntax);
    if (parsed || !line || !document.blank()) {
      columns.widen(parsed ? &document : nullptr);
    }
  }
  return columns.fields();
}

std::unique_ptr<RowReader> open_json_reader(const ReadSpec& spec, const FileSplit& split) {
  return std::make_unique<JsonReader>(spec, split);
}

std::unique_ptr<RowSink> open_json_sink(const WriteSpec& spec, const std::string& path) {
  return std::make_unique<JsonSink>(spec, path);
}

}  // namespace pyrite
