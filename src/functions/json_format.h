// JSON as Spark reads and writes it: options, parsed values turned into rows, rows turned into text. For files and the
// functions from_json and to_json alike.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "functions/csv_format.h"
#include "functions/json_document.h"
#include "functions/moment_pattern.h"

namespace pyrite {

struct JsonFormat {
  JsonSyntax syntax;
  bool primitives_as_string = false;
  bool prefers_decimal = false;
  bool infer_timestamp = false;
  bool drop_field_if_all_null = false;
  bool ignore_null_fields = true;
  bool pretty = false;
  bool multi_line = false;
  bool exact_text = false;  ///< values read as strings keep the text they were written as, as files do
  std::optional<std::string> date_format;
  std::optional<std::string> timestamp_format;
  std::optional<std::string> timestamp_ntz_format;
  bool prefers_ntz = false;  ///< of timestamps whose text has no zone
  std::string time_zone = "UTC";
  ParseMode mode = ParseMode::permissive;
  std::string mode_name = "PERMISSIVE";
  std::string corrupt_column = "_corrupt_record";
  std::optional<std::string> line_separator;
  double sampling_ratio = 1;
  std::optional<Charset> encoding;

  static JsonFormat read(const OptionLookup& option, const SessionFacts& session);
};

/// What became of a value: `partial` has NULL in places where the text did not fit.
enum class JsonOutcome { good, partial, failed };

/// Writes parsed values into columns of one type.
class JsonConverter {
 public:
  JsonConverter(const JsonFormat& format, Type type);
  /// failed: the row was not written to an end; set it NULL.
  JsonOutcome write(const JsonDocument& document, const JsonNode& node, ColumnWriter& out, size_t row) const {
    return write(document, node, type_, out, row);
  }
  /// A structure's fields into columns of their own, as a source reads records; -1 leaves a column to the caller.
  JsonOutcome write_fields(const JsonDocument& document, const JsonNode& object, const std::vector<StructField>& fields,
                           std::span<ColumnWriter* const> columns, size_t row) const;

 private:
  JsonOutcome write(const JsonDocument& document, const JsonNode& node, const Type& type, ColumnWriter& out,
                    size_t row) const;
  JsonOutcome write_text(std::string_view text, const Type& type, ColumnWriter& out, size_t row) const;
  JsonOutcome write_array(const JsonDocument& document, const JsonNode& node, const Type& type, ColumnWriter& out,
                          size_t row) const;
  JsonOutcome write_map(const JsonDocument& document, const JsonNode& node, const Type& type, ColumnWriter& out,
                        size_t row) const;
  JsonOutcome write_structure(const JsonDocument& document, const JsonNode& node, const Type& type, ColumnWriter& out,
                              size_t row) const;
  const JsonFormat& format_;
  Type type_;
  MomentPattern date_;
  MomentPattern timestamp_;
  MomentPattern timestamp_ntz_;
};

/// Writes rows as JSON.
class JsonWriter {
 public:
  explicit JsonWriter(const JsonFormat& format);
  /// Appends a row's value; NULL is null.
  void append(std::string& out, const ColumnView& column, size_t row, int depth = 0) const;
  /// Appends one object of several columns' values, as a sink writes a record.
  void append_record(std::string& out, std::span<const ColumnView> columns, const std::vector<std::string>& names,
                     size_t row) const;

 private:
  void append_object(std::string& out, std::span<const ColumnView> columns, const std::vector<std::string_view>& names,
                     size_t row, int depth) const;
  void break_line(std::string& out, int depth) const;
  const JsonFormat& format_;
  TimeZonePtr zone_;
  MomentPattern date_;
  MomentPattern timestamp_;
  MomentPattern timestamp_ntz_;
};

/// The schema of JSON values: starts at null and widens value by value.
class JsonInference {
 public:
  explicit JsonInference(const JsonFormat& format)
      : format_(format),
        timestamp_(format.timestamp_format, format.timestamp_ntz_format, format.time_zone, format.prefers_ntz) {}
  Type infer(const JsonDocument& document, const JsonNode& node) const;
  Type widen(const Type& left, const Type& right) const;
  /// The inferred type as a schema: null becomes string, empty structures inside go.
  Type finish(const Type& type, bool top = true) const;

 private:
  const JsonFormat& format_;
  TimestampInference timestamp_;
};

}  // namespace pyrite
