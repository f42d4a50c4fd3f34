// JSON records as rows of a schema.
#include "sources/json_rows.h"

#include <algorithm>

#include "base/error.h"
#include "sources/record_text.h"
#include "sources/scratch_row.h"
#include "sources/source_options.h"

namespace pyrite {

JsonFormat json_format_of(const plan::Options& given, const SessionFacts& session) {
  const SourceOptions options(given);
  JsonFormat format = JsonFormat::read([&](std::string_view name) { return options.find(name); }, session);
  format.exact_text = true;
  return format;
}

JsonRows::JsonRows(const ReadSpec& spec, JsonFormat format)
    : spec_(spec), format_(std::move(format)), converter_(format_, Type::null()) {
  for (const int wanted : spec.wanted) {
    const resolved::Column& column = spec.columns[static_cast<size_t>(wanted)];
    if (column.name == format_.corrupt_column && column.type.is_string()) {
      corrupt_ = static_cast<int>(fields_.size());
    }
    fields_.push_back({column.name, column.type, column.nullable, {}});
  }
}

void JsonRows::take(std::optional<std::string_view> record, bool parsed) {
  record_ = record;
  objects_.clear();
  next_object_ = 0;
  record_is_bad_ = false;
  if (parsed && document_.root().kind == JsonKind::object) {
    objects_.push_back(&document_.root());
    return;
  }
  bool whole = parsed && document_.root().kind == JsonKind::array;
  if (whole) {
    document_.each(document_.root(), [&](const JsonNode& element) {
      whole = whole && element.kind == JsonKind::object;
      objects_.push_back(&element);
    });
  }
  if (!whole) {
    objects_.assign(1, nullptr);
  }
  record_is_bad_ = objects_.size() > 1 && some_row_is_bad();
}

/// Only where good rows of a bad record are treated otherwise than those of a good one.
bool JsonRows::some_row_is_bad() {
  if (corrupt_ < 0 && format_.mode != ParseMode::drop_malformed) {
    return false;
  }
  return std::any_of(objects_.begin(), objects_.end(), [&](const JsonNode* object) {
    const ScratchRow scratch(spec_.columns, spec_.wanted);
    return !fill(object, scratch.columns(), 0);
  });
}

bool JsonRows::put(std::span<ColumnWriter* const> columns, size_t row) {
  const JsonNode* object = objects_[next_object_++];
  if (format_.mode == ParseMode::drop_malformed) {
    const ScratchRow scratch(spec_.columns, spec_.wanted);
    const bool good = fill(object, scratch.columns(), 0);
    if (good) {
      scratch.copy_to(columns, row);
    }
    return good;
  }
  if (!fill(object, columns, row) && format_.mode == ParseMode::fail_fast) {
    const ScratchRow shown(spec_.columns, spec_.wanted);
    fill(object, shown.columns(), 0);
    throw SparkError(
        ErrorKind::spark, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
        {{"badRecord", record_text(spec_.columns, spec_.wanted, shown.values())}, {"failFastMode", "FAILFAST"}});
  }
  return true;
}

/// Whether the record fits the schema. What does not fit is NULL, and the record goes to the corrupt ones' column.
bool JsonRows::fill(const JsonNode* object, std::span<ColumnWriter* const> columns, size_t row) {
  values_.assign(columns.begin(), columns.end());
  if (corrupt_ >= 0) {
    values_[static_cast<size_t>(corrupt_)] = nullptr;
  }
  const JsonOutcome outcome =
      object ? converter_.write_fields(document_, *object, fields_, values_, row) : JsonOutcome::failed;
  if (outcome == JsonOutcome::failed) {
    for (ColumnWriter* column : values_) {
      if (column) {
        column->set_null(row);
      }
    }
  }
  const bool good = outcome == JsonOutcome::good && !record_is_bad_;
  if (corrupt_ >= 0) {
    ColumnWriter& column = *columns[static_cast<size_t>(corrupt_)];
    good || !record_ ? column.set_null(row) : column.set_text(row, *record_);
  }
  return good;
}

}  // namespace pyrite
