// JSON records as rows of a schema, by the format's mode. For files and for lines of a DataFrame alike.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "functions/json_format.h"
#include "sources/row_reader.h"

namespace pyrite {

/// Errors: options that are not what they should be.
JsonFormat json_format_of(const plan::Options& options, const SessionFacts& session);

class JsonRows {
 public:
  JsonRows(const ReadSpec& spec, JsonFormat format);
  JsonRows(const JsonRows&) = delete;
  JsonRows& operator=(const JsonRows&) = delete;

  const JsonFormat& format() const { return format_; }
  /// Whether only the column of corrupt records is wanted.
  bool wants_only_corrupt() const { return corrupt_ >= 0 && fields_.size() == 1; }
  JsonDocument& document() { return document_; }

  /// Takes up a record; nullopt: NULL. `parsed` tells whether the document holds it.
  void take(std::optional<std::string_view> record, bool parsed);
  bool has_row() const { return next_object_ < objects_.size(); }
  /// Writes the record's next row; false: it is dropped. Errors: MALFORMED_RECORD_IN_PARSING.….
  bool put(std::span<ColumnWriter* const> columns, size_t row);

 private:
  bool fill(const JsonNode* object, std::span<ColumnWriter* const> columns, size_t row);
  bool some_row_is_bad();

  const ReadSpec spec_;
  const JsonFormat format_;
  JsonConverter converter_;
  std::vector<StructField> fields_;  ///< the wanted columns
  int corrupt_ = -1;
  std::vector<ColumnWriter*> values_;  ///< the columns but for that of corrupt records
  JsonDocument document_;
  std::optional<std::string_view> record_;
  std::vector<const JsonNode*> objects_;  ///< nullptr stands for a record without objects
  size_t next_object_ = 0;
  bool record_is_bad_ = false;  ///< all rows of a record share its fate
};

}  // namespace pyrite
