// Batches of rows as Arrow arrays.
#include "engine/arrow_export.h"

#include "base/error.h"
#include "engine/vector_view.h"
#include "types/hybrid_calendar.h"

namespace pyrite {
namespace {

void require(ArrowErrorCode code) {
  if (code != NANOARROW_OK) {
    throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", "an Arrow buffer could not be made"}});
  }
}

void set_type(ArrowSchema* schema, const Type& type, const ArrowOptions& options);

void set_metadata(ArrowSchema* schema, const char* key, const std::string& value) {
  ArrowBuffer metadata;
  require(ArrowMetadataBuilderInit(&metadata, nullptr));
  require(ArrowMetadataBuilderAppend(&metadata, ArrowCharView(key), ArrowCharView(value.c_str())));
  const ArrowErrorCode code = ArrowSchemaSetMetadata(schema, reinterpret_cast<const char*>(metadata.data));
  ArrowBufferReset(&metadata);
  require(code);
}

/// The type as it is put into files, and what of it the format does not say.
void set_file_type(ArrowSchema* schema, const Type& type) {
  switch (type.kind()) {
    case TypeKind::year_month_interval:
      require(ArrowSchemaSetType(schema, NANOARROW_TYPE_INT32));
      break;
    case TypeKind::timestamp:
      require(ArrowSchemaSetTypeDateTime(schema, NANOARROW_TYPE_TIMESTAMP, NANOARROW_TIME_UNIT_MICRO, "UTC"));
      break;
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
    case TypeKind::time:
      require(ArrowSchemaSetType(schema, NANOARROW_TYPE_INT64));
      break;
    default:
      require(ArrowSchemaSetType(schema, NANOARROW_TYPE_STRING));
      return set_metadata(schema, "spark.sql.catalyst.type", "string");
  }
  set_metadata(schema, "spark.sql.catalyst.type", simple_string(type));
}

bool has_file_type(const Type& type) {
  return type.is_string() || type.is(TypeKind::timestamp) || type.is(TypeKind::timestamp_ntz) ||
         type.is(TypeKind::time) || type.is_ansi_interval();
}

void set_field(ArrowSchema* schema, const char* name, const Type& type, bool nullable, const ArrowOptions& options) {
  ArrowSchemaInit(schema);
  if (options.file_zone && has_file_type(type)) {
    set_file_type(schema, type);
  } else {
    set_type(schema, type, options);
  }
  require(ArrowSchemaSetName(schema, name));
  schema->flags = nullable ? ARROW_FLAG_NULLABLE : 0;
}

void set_variant(ArrowSchema* schema, const ArrowOptions& options) {
  require(ArrowSchemaSetFormat(schema, "+s"));
  require(ArrowSchemaAllocateChildren(schema, 2));
  set_field(schema->children[0], "value", Type::binary(), false, options);
  set_field(schema->children[1], "metadata", Type::binary(), false, options);
  set_metadata(schema->children[1], "variant", "true");
}

void set_type(ArrowSchema* schema, const Type& type, const ArrowOptions& options) {
  const auto simple = [&](ArrowType arrow) { require(ArrowSchemaSetType(schema, arrow)); };
  switch (type.kind()) {
    case TypeKind::null:
      return simple(NANOARROW_TYPE_NA);
    case TypeKind::boolean:
      return simple(NANOARROW_TYPE_BOOL);
    case TypeKind::byte:
      return simple(NANOARROW_TYPE_INT8);
    case TypeKind::short_int:
      return simple(NANOARROW_TYPE_INT16);
    case TypeKind::integer:
      return simple(NANOARROW_TYPE_INT32);
    case TypeKind::long_int:
      return simple(NANOARROW_TYPE_INT64);
    case TypeKind::float32:
      return simple(NANOARROW_TYPE_FLOAT);
    case TypeKind::float64:
      return simple(NANOARROW_TYPE_DOUBLE);
    case TypeKind::decimal:
      return require(ArrowSchemaSetTypeDecimal(schema, NANOARROW_TYPE_DECIMAL128, type.precision(), type.scale()));
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return simple(options.large_strings ? NANOARROW_TYPE_LARGE_STRING : NANOARROW_TYPE_STRING);
    case TypeKind::binary:
      return simple(options.large_strings ? NANOARROW_TYPE_LARGE_BINARY : NANOARROW_TYPE_BINARY);
    case TypeKind::date:
      return simple(NANOARROW_TYPE_DATE32);
    case TypeKind::time:
      return require(ArrowSchemaSetTypeDateTime(schema, NANOARROW_TYPE_TIME64, NANOARROW_TIME_UNIT_NANO, nullptr));
    case TypeKind::timestamp:
      return require(ArrowSchemaSetTypeDateTime(schema, NANOARROW_TYPE_TIMESTAMP, NANOARROW_TIME_UNIT_MICRO,
                                                options.time_zone.c_str()));
    case TypeKind::timestamp_ntz:
      return require(ArrowSchemaSetTypeDateTime(schema, NANOARROW_TYPE_TIMESTAMP, NANOARROW_TIME_UNIT_MICRO, nullptr));
    case TypeKind::year_month_interval:
      return simple(NANOARROW_TYPE_INTERVAL_MONTHS);
    case TypeKind::day_time_interval:
      return require(ArrowSchemaSetTypeDateTime(schema, NANOARROW_TYPE_DURATION, NANOARROW_TIME_UNIT_MICRO, nullptr));
    case TypeKind::calendar_interval:
      return simple(NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO);
    case TypeKind::array:
      require(ArrowSchemaSetFormat(schema, "+l"));
      require(ArrowSchemaAllocateChildren(schema, 1));
      return set_field(schema->children[0], "element", type.element(), type.contains_null(), options);
    case TypeKind::map: {
      require(ArrowSchemaSetFormat(schema, "+m"));
      require(ArrowSchemaAllocateChildren(schema, 1));
      ArrowSchema* entries = schema->children[0];
      ArrowSchemaInit(entries);
      require(ArrowSchemaSetFormat(entries, "+s"));
      require(ArrowSchemaSetName(entries, "entries"));
      entries->flags = 0;
      require(ArrowSchemaAllocateChildren(entries, 2));
      set_field(entries->children[0], "key", type.key(), false, options);
      return set_field(entries->children[1], "value", type.value(), type.contains_null(), options);
    }
    case TypeKind::structure: {
      require(ArrowSchemaSetFormat(schema, "+s"));
      const auto& fields = type.fields();
      require(ArrowSchemaAllocateChildren(schema, static_cast<int64_t>(fields.size())));
      for (size_t i = 0; i < fields.size(); ++i) {
        set_field(schema->children[i], fields[i].name.c_str(), fields[i].type, fields[i].nullable, options);
      }
      return;
    }
    case TypeKind::variant:
      return set_variant(schema, options);
  }
}

// ---- values

/// The rows of a view to append: a range of rows, or of positions in a child.
struct Rows {
  const ColumnView* view;
  size_t first;
  size_t count;
};

/// Where every row of a batch comes from in the view; rows under a NULL parent are marked.
using Selected = std::vector<uint32_t>;
constexpr uint32_t absent = UINT32_MAX;

void append_validity(ArrowArray* array, const ColumnView& view, const Selected& rows) {
  ArrowBitmap* bitmap = ArrowArrayValidityBitmap(array);
  int64_t nulls = 0;
  const bool any_null = view.validity != nullptr;
  bool has_absent = false;
  for (const uint32_t row : rows) {
    if (row == absent) {
      has_absent = true;
      break;
    }
  }
  if (!any_null && !has_absent) {
    if (bitmap->buffer.size_bytes > 0) {
      require(ArrowBitmapAppend(bitmap, 1, static_cast<int64_t>(rows.size())));
    }
    array->length += static_cast<int64_t>(rows.size());
    return;
  }
  if (bitmap->buffer.size_bytes == 0 && array->length > 0) {
    require(ArrowBitmapAppend(bitmap, 1, array->length));
  }
  require(ArrowBitmapReserve(bitmap, static_cast<int64_t>(rows.size())));
  for (const uint32_t row : rows) {
    const bool valid = row != absent && !view.is_null(row);
    nulls += !valid;
    ArrowBitmapAppendUnsafe(bitmap, valid, 1);
  }
  array->null_count += nulls;
  array->length += static_cast<int64_t>(rows.size());
}

template <class From, class To, class F>
void append_fixed(ArrowArray* array, const ColumnView& view, const Selected& rows, F&& convert) {
  ArrowBuffer* buffer = ArrowArrayBuffer(array, 1);
  require(ArrowBufferReserve(buffer, static_cast<int64_t>(rows.size() * sizeof(To))));
  To* out = reinterpret_cast<To*>(buffer->data + buffer->size_bytes);
  const From* data = static_cast<const From*>(view.data);
  for (size_t i = 0; i < rows.size(); ++i) {
    To value{};
    if (rows[i] != absent && !view.is_null(rows[i])) {
      value = convert(data[view.position(rows[i])]);
    }
    std::memcpy(out + i, &value, sizeof(To));
  }
  buffer->size_bytes += static_cast<int64_t>(rows.size() * sizeof(To));
}

template <class T>
void append_plain(ArrowArray* array, const ColumnView& view, const Selected& rows) {
  append_fixed<T, T>(array, view, rows, [](T value) { return value; });
}

template <class Offset>
void append_text(ArrowArray* array, const ColumnView& view, const Selected& rows, size_t& text_bytes) {
  ArrowBuffer* offsets = ArrowArrayBuffer(array, 1);
  ArrowBuffer* bytes = ArrowArrayBuffer(array, 2);
  if (offsets->size_bytes == 0) {
    const Offset zero = 0;
    require(ArrowBufferAppend(offsets, &zero, sizeof zero));
  }
  require(ArrowBufferReserve(offsets, static_cast<int64_t>(rows.size() * sizeof(Offset))));
  size_t total = 0;
  for (const uint32_t row : rows) {
    total += row != absent && !view.is_null(row) ? view.text(row).size() : 0;
  }
  if (sizeof(Offset) == 4 && static_cast<size_t>(bytes->size_bytes) + total > INT32_MAX) {
    throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", "a batch of strings exceeds 2 GiB"}});
  }
  require(ArrowBufferReserve(bytes, static_cast<int64_t>(total)));
  for (const uint32_t row : rows) {
    if (row != absent && !view.is_null(row)) {
      const std::string_view text = view.text(row);
      ArrowBufferAppendUnsafe(bytes, text.data(), static_cast<int64_t>(text.size()));
    }
    const Offset end = static_cast<Offset>(bytes->size_bytes);
    ArrowBufferAppendUnsafe(offsets, &end, sizeof end);
  }
  text_bytes += total;
}

void append_values(ArrowArray* array, const ColumnView& view, const Selected& rows, const ArrowOptions& options,
                   size_t& text_bytes);

void append_boolean(ArrowArray* array, const ColumnView& view, const Selected& rows) {
  ArrowBuffer* buffer = ArrowArrayBuffer(array, 1);
  const auto* data = static_cast<const uint8_t*>(view.data);
  int64_t at = array->length - static_cast<int64_t>(rows.size());
  require(ArrowBufferResize(buffer, (array->length + 7) / 8, false));
  for (const uint32_t row : rows) {
    const bool value = row != absent && !view.is_null(row) && data[view.position(row)] != 0;
    if ((at & 7) == 0) {
      buffer->data[at >> 3] = 0;
    }
    ArrowBitSetTo(buffer->data, at++, value);
  }
}

void append_list(ArrowArray* array, const ColumnView& view, const Selected& rows, const ArrowOptions& options,
                 size_t& text_bytes) {
  ArrowBuffer* offsets = ArrowArrayBuffer(array, 1);
  int32_t end = 0;
  if (offsets->size_bytes == 0) {
    require(ArrowBufferAppend(offsets, &end, sizeof end));
  } else {
    end = reinterpret_cast<int32_t*>(offsets->data)[offsets->size_bytes / 4 - 1];
  }
  require(ArrowBufferReserve(offsets, static_cast<int64_t>(rows.size() * 4)));
  Selected inner;
  for (const uint32_t row : rows) {
    if (row != absent && !view.is_null(row)) {
      const ListSlot list = view.list(row);
      for (uint64_t i = 0; i < list.length; ++i) {
        inner.push_back(static_cast<uint32_t>(list.offset + i));
      }
    }
    const size_t next = static_cast<size_t>(end) + inner.size();
    if (next > INT32_MAX) {
      throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", "a batch of arrays has too many elements"}});
    }
    const auto offset = static_cast<int32_t>(next);
    ArrowBufferAppendUnsafe(offsets, &offset, sizeof offset);
  }
  if (view.type.is(TypeKind::map)) {
    ArrowArray* entries = array->children[0];
    append_values(entries->children[0], view.children[0], inner, options, text_bytes);
    append_values(entries->children[1], view.children[1], inner, options, text_bytes);
    entries->length += static_cast<int64_t>(inner.size());
  } else {
    append_values(array->children[0], view.children[0], inner, options, text_bytes);
  }
}

void append_values(ArrowArray* array, const ColumnView& view, const Selected& rows, const ArrowOptions& options,
                   size_t& text_bytes) {
  if (view.type.is(TypeKind::null)) {
    array->length += static_cast<int64_t>(rows.size());
    array->null_count += static_cast<int64_t>(rows.size());
    return;
  }
  append_validity(array, view, rows);
  switch (view.type.kind()) {
    case TypeKind::null:
      return;
    case TypeKind::boolean:
      return append_boolean(array, view, rows);
    case TypeKind::byte:
      return append_plain<int8_t>(array, view, rows);
    case TypeKind::short_int:
      return append_plain<int16_t>(array, view, rows);
    case TypeKind::date:
      if (options.file_zone) {
        return append_fixed<int32_t, int32_t>(
            array, view, rows, [](int32_t day) { return static_cast<int32_t>(proleptic_to_hybrid_day(day)); });
      }
      [[fallthrough]];
    case TypeKind::integer:
    case TypeKind::year_month_interval:
      return append_plain<int32_t>(array, view, rows);
    case TypeKind::float32:
      return append_plain<float>(array, view, rows);
    case TypeKind::float64:
      return append_plain<double>(array, view, rows);
    case TypeKind::timestamp:
      if (options.file_zone) {
        return append_fixed<int64_t, int64_t>(
            array, view, rows, [&](int64_t micros) { return proleptic_to_hybrid_micros(micros, *options.file_zone); });
      }
      [[fallthrough]];
    case TypeKind::long_int:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return append_plain<int64_t>(array, view, rows);
    case TypeKind::time:
      return append_fixed<int64_t, int64_t>(array, view, rows, [](int64_t micros) { return micros * 1000; });
    case TypeKind::decimal:
      switch (decimal_width(view.type.precision())) {
        case 2:
          return append_fixed<int16_t, Int128>(array, view, rows,
                                               [](int16_t value) { return static_cast<Int128>(value); });
        case 4:
          return append_fixed<int32_t, Int128>(array, view, rows,
                                               [](int32_t value) { return static_cast<Int128>(value); });
        case 8:
          return append_fixed<int64_t, Int128>(array, view, rows,
                                               [](int64_t value) { return static_cast<Int128>(value); });
        default:
          return append_plain<Int128>(array, view, rows);
      }
    case TypeKind::calendar_interval: {
      struct MonthDayNano {
        int32_t months = 0;
        int32_t days = 0;
        int64_t nanoseconds = 0;
      };
      return append_fixed<CalendarInterval, MonthDayNano>(array, view, rows, [](const CalendarInterval& value) {
        return MonthDayNano{value.months, value.days,
                            static_cast<int64_t>(static_cast<uint64_t>(value.microseconds) * 1000)};
      });
    }
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return options.large_strings ? append_text<int64_t>(array, view, rows, text_bytes)
                                   : append_text<int32_t>(array, view, rows, text_bytes);
    case TypeKind::array:
    case TypeKind::map:
      return append_list(array, view, rows, options, text_bytes);
    case TypeKind::structure:
    case TypeKind::variant: {
      Selected inner(rows.size());
      for (size_t i = 0; i < rows.size(); ++i) {
        inner[i] = rows[i] == absent || view.is_null(rows[i]) ? absent : static_cast<uint32_t>(view.position(rows[i]));
      }
      for (size_t i = 0; i < view.children.size(); ++i) {
        append_values(array->children[i], view.children[i], inner, options, text_bytes);
      }
      return;
    }
  }
}

}  // namespace

void export_schema(const std::vector<resolved::Column>& columns, const ArrowOptions& options, ArrowSchema* out) {
  ArrowSchemaInit(out);
  require(ArrowSchemaSetTypeStruct(out, static_cast<int64_t>(columns.size())));
  out->flags = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    out->children[i]->release(out->children[i]);
    set_field(out->children[i], columns[i].name.c_str(), columns[i].type, columns[i].nullable, options);
  }
}

ArrowBatch::ArrowBatch(const std::vector<resolved::Column>& columns, const ArrowOptions& options)
    : columns_(columns), options_(options) {
  export_schema(columns_, options_, &schema_);
  start();
}

ArrowBatch::~ArrowBatch() {
  if (schema_.release) {
    schema_.release(&schema_);
  }
  if (array_.release) {
    array_.release(&array_);
  }
}

void ArrowBatch::start() {
  require(ArrowArrayInitFromSchema(&array_, &schema_, nullptr));
  require(ArrowArrayStartAppending(&array_));
  rows_ = 0;
  text_bytes_ = 0;
}

void ArrowBatch::append(const std::vector<ColumnView>& views, size_t rows) {
  Selected all(rows);
  for (size_t i = 0; i < rows; ++i) {
    all[i] = static_cast<uint32_t>(i);
  }
  for (size_t i = 0; i < views.size(); ++i) {
    append_values(array_.children[i], views[i], all, options_, text_bytes_);
  }
  array_.length += static_cast<int64_t>(rows);
  rows_ += rows;
}

void ArrowBatch::finish(ArrowArray* out) {
  ArrowError error;
  if (ArrowArrayFinishBuilding(&array_, NANOARROW_VALIDATION_LEVEL_MINIMAL, &error) != NANOARROW_OK) {
    throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", error.message}});
  }
  ArrowArrayMove(&array_, out);
  start();
}

}  // namespace pyrite
