// JSON files: schema inference, reading, writing.
#include "sources/json_source.h"

#include "base/error.h"
#include "functions/json_format.h"
#include "sources/buffered_file.h"
#include "sources/file_text.h"
#include "sources/scratch_row.h"
#include "sources/source_options.h"

namespace pyrite {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

JsonFormat format_of(const plan::Options& given, const SessionFacts& session) {
  const SourceOptions options(given);
  for (const char* name : {"encoding", "charset"}) {
    const std::optional<std::string> encoding = options.find(name);
    if (encoding && *encoding != "UTF-8" && *encoding != "utf-8" && *encoding != "UTF8") {
      throw_unsupported("JSON in the encoding " + *encoding);
    }
  }
  JsonFormat format = JsonFormat::read([&](std::string_view name) { return options.find(name); }, session);
  format.exact_text = true;
  return format;
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
    while (at_ < text_.size()) {
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
    const std::string_view rest = text_.substr(at_);
    const size_t end = format_.multi_line       ? std::string_view::npos
                       : format_.line_separator ? rest.find(*format_.line_separator)
                                                : rest.find_first_of("\n\r");
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return rest;
    }
    at_ += end + (format_.line_separator ? format_.line_separator->size() : 1);
    return rest.substr(0, end);
  }

  const JsonFormat& format_;
  std::string_view text_;
  size_t at_ = 0;
};

class JsonReader final : public RowReader {
 public:
  JsonReader(const ReadSpec& spec, const FileSplit& split)
      : spec_(spec),
        format_(format_of(spec.options, *spec.session)),
        text_(format_.multi_line || format_.line_separator || is_compressed(split.path) ? read_whole(split.path)
                                                                                        : read_lines_of(split)),
        records_(format_, text_),
        converter_(format_, Type::null()) {
    for (const int wanted : spec.wanted) {
      const resolved::Column& column = spec.columns[static_cast<size_t>(wanted)];
      if (column.name == format_.corrupt_column && column.type.is_string()) {
        corrupt_ = static_cast<int>(fields_.size());
      }
      fields_.push_back({column.name, column.type, column.nullable, {}});
    }
    if (corrupt_ >= 0 && fields_.size() == 1) {
      throw SparkError("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN");
    }
  }

  size_t read(std::span<ColumnWriter* const> columns, size_t capacity) override {
    size_t row = 0;
    while (row < capacity && advance()) {
      const JsonNode* object = objects_[next_object_++];
      if (format_.mode != ParseMode::drop_malformed) {
        write(object, columns, row++);
        continue;
      }
      const ScratchRow scratch(spec_.columns, spec_.wanted);
      if (write(object, scratch.columns(), 0)) {
        scratch.copy_to(columns, row++);
      }
    }
    return row;
  }

 private:
  /// Writes the object, or what stands for a record without one. Whether it fits the schema.
  bool write(const JsonNode* object, std::span<ColumnWriter* const> columns, size_t row) {
    values_.assign(columns.begin(), columns.end());
    if (corrupt_ >= 0) {
      values_[static_cast<size_t>(corrupt_)] = nullptr;
    }
    const JsonOutcome outcome =
        object ? converter_.write_fields(document_, *object, fields_, values_, row) : JsonOutcome::failed;
    const bool good = outcome == JsonOutcome::good;
    if (!good && format_.mode == ParseMode::fail_fast) {
      throw SparkError(ErrorKind::spark, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                       {{"badRecord", std::string(record_)}, {"failFastMode", "FAILFAST"}});
    }
    if (outcome == JsonOutcome::failed) {
      for (ColumnWriter* column : values_) {
        if (column) {
          column->set_null(row);
        }
      }
    }
    if (corrupt_ >= 0) {
      ColumnWriter& column = *columns[static_cast<size_t>(corrupt_)];
      good ? column.set_null(row) : column.set_text(row, record_);
    }
    return good;
  }

  /// Whether an object waits in `objects_`; nullptr there stands for a record that holds none.
  bool advance() {
    while (next_object_ == objects_.size()) {
      bool parsed = false;
      if (!records_.next(document_, record_, parsed)) {
        return false;
      }
      objects_.clear();
      next_object_ = 0;
      if (parsed && document_.root().kind == JsonKind::array) {
        document_.each(document_.root(), [&](const JsonNode& element) {
          objects_.push_back(element.kind == JsonKind::object ? &element : nullptr);
        });
      } else {
        objects_.push_back(parsed && document_.root().kind == JsonKind::object ? &document_.root() : nullptr);
      }
    }
    return true;
  }

  const ReadSpec spec_;
  const JsonFormat format_;
  const std::string text_;
  JsonRecords records_;
  JsonConverter converter_;
  std::vector<StructField> fields_;  ///< the wanted columns
  int corrupt_ = -1;
  std::vector<ColumnWriter*> values_;  ///< the columns but for that of corrupt records
  JsonDocument document_;
  std::string_view record_;
  std::vector<const JsonNode*> objects_;
  size_t next_object_ = 0;
};

class JsonSink final : public RowSink {
 public:
  JsonSink(const WriteSpec& spec, const std::string& path)
      : format_(format_of(spec.options, *spec.session)),
        writer_(format_),
        file_(path, SourceOptions(spec.options).text("compression", SourceOptions(spec.options).text("codec", "none"))),
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

/// The type of one record as a structure; nullopt: it holds no object.
std::optional<Type> record_type(const JsonInference& inference, const JsonDocument& document) {
  const JsonNode& root = document.root();
  if (root.kind == JsonKind::object) {
    return inference.infer(document, root);
  }
  if (root.kind != JsonKind::array) {
    return std::nullopt;
  }
  Type type = Type::structure({});
  bool objects = true;
  document.each(root, [&](const JsonNode& element) {
    objects = objects && element.kind == JsonKind::object;
    if (objects) {
      type = inference.widen(type, inference.infer(document, element));
    }
  });
  return objects ? std::optional<Type>(std::move(type)) : std::nullopt;
}

}  // namespace

std::vector<StructField> infer_json_schema(const std::vector<std::string>& files, const plan::Options& options,
                                           const SessionFacts& session) {
  const JsonFormat format = format_of(options, session);
  const JsonInference inference(format);
  const Type corrupt = Type::structure({{format.corrupt_column, Type::string(), true, {}}});
  Type type = Type::structure({});
  JsonDocument document;
  for (const std::string& file : files) {
    const std::string text = read_whole(file);
    JsonRecords records(format, text);
    std::string_view record;
    bool parsed = false;
    while (records.next(document, record, parsed)) {
      const std::optional<Type> found = parsed ? record_type(inference, document) : std::nullopt;
      if (found) {
        type = inference.widen(type, *found);
      } else if (format.mode == ParseMode::permissive) {
        type = inference.widen(type, corrupt);
      } else if (format.mode == ParseMode::fail_fast) {
        throw SparkError(ErrorKind::spark, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                         {{"badRecord", format.corrupt_column}, {"failFastMode", "FAILFAST"}});
      }
    }
  }
  return inference.finish(type).fields();
}

std::unique_ptr<RowReader> open_json_reader(const ReadSpec& spec, const FileSplit& split) {
  return std::make_unique<JsonReader>(spec, split);
}

std::unique_ptr<RowSink> open_json_sink(const WriteSpec& spec, const std::string& path) {
  return std::make_unique<JsonSink>(spec, path);
}

}  // namespace pyrite
