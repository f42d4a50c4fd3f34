// Arrow data from a client as DuckDB rows.
#include "engine/local_data.h"

#include "base/error.h"
#include "duckdb/common/vector/flat_vector.hpp"
#include "duckdb/main/client_context.hpp"
#include "engine/types.h"
#include "engine/vector_view.h"
#include "nanoarrow/nanoarrow_ipc.h"

namespace pyrite {
namespace {

[[noreturn]] void throw_bad_data(const std::string& why) {
  throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", "the local data is not readable: " + why}});
}

/// Release callbacks of the C data interface, called at the end of scope.
struct Stream {
  ArrowArrayStream value{};
  ~Stream() {
    if (value.release) {
      value.release(&value);
    }
  }
};
struct Schema {
  ArrowSchema value{};
  ~Schema() {
    if (value.release) {
      value.release(&value);
    }
  }
};
struct Array {
  ArrowArray value{};
  ~Array() {
    if (value.release) {
      value.release(&value);
    }
  }
};
struct ArrayView {
  ArrowArrayView value{};
  ~ArrayView() { ArrowArrayViewReset(&value); }
};

/// One column of a batch with what its schema says.
struct Source {
  const ArrowArrayView* array;
  const ArrowSchema* schema;
};

Source child_of(const Source& source, int64_t index) {
  return {source.array->children[index], source.schema->children[index]};
}

/// Microseconds of a unit as a factor: positive multiplies, negative divides.
int64_t unit_factor(ArrowTimeUnit unit) {
  switch (unit) {
    case NANOARROW_TIME_UNIT_SECOND:
      return 1000000;
    case NANOARROW_TIME_UNIT_MILLI:
      return 1000;
    case NANOARROW_TIME_UNIT_MICRO:
      return 1;
    case NANOARROW_TIME_UNIT_NANO:
      return -1000;
  }
  return 1;
}

int64_t scale_unit(int64_t value, int64_t factor) {
  if (factor > 0) {
    return static_cast<int64_t>(static_cast<uint64_t>(value) * static_cast<uint64_t>(factor));
  }
  const int64_t divisor = -factor;
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

ArrowSchemaView view_schema(const ArrowSchema* schema) {
  ArrowSchemaView view;
  ArrowError error;
  if (ArrowSchemaViewInit(&view, schema, &error) != NANOARROW_OK) {
    throw_bad_data(error.message);
  }
  return view;
}

bool is_integer_storage(ArrowType type) {
  switch (type) {
    case NANOARROW_TYPE_BOOL:
    case NANOARROW_TYPE_INT8:
    case NANOARROW_TYPE_INT16:
    case NANOARROW_TYPE_INT32:
    case NANOARROW_TYPE_INT64:
    case NANOARROW_TYPE_UINT8:
    case NANOARROW_TYPE_UINT16:
    case NANOARROW_TYPE_UINT32:
    case NANOARROW_TYPE_UINT64:
      return true;
    default:
      return false;
  }
}

bool is_text_storage(ArrowType type) {
  switch (type) {
    case NANOARROW_TYPE_STRING:
    case NANOARROW_TYPE_LARGE_STRING:
    case NANOARROW_TYPE_STRING_VIEW:
    case NANOARROW_TYPE_BINARY:
    case NANOARROW_TYPE_LARGE_BINARY:
    case NANOARROW_TYPE_BINARY_VIEW:
    case NANOARROW_TYPE_FIXED_SIZE_BINARY:
      return true;
    default:
      return false;
  }
}

[[noreturn]] void throw_mismatch(const Source& source, const Type& type) {
  throw_bad_data("Arrow format " + std::string(source.schema->format) + " does not hold " + simple_string(type));
}

/// Copies rows of an Arrow column to a vector's rows. `row` is an index that counts from the array's offset.
class ColumnReader {
 public:
  ColumnReader(const Source& source, const Type& type)
      : source_(source), type_(type), view_(view_schema(source.schema)) {
    storage_ = source.array->storage_type;
    if (view_.type == NANOARROW_TYPE_TIMESTAMP || view_.type == NANOARROW_TYPE_DURATION ||
        view_.type == NANOARROW_TYPE_TIME32 || view_.type == NANOARROW_TYPE_TIME64) {
      factor_ = unit_factor(view_.time_unit);
    }
    if (source.schema->dictionary) {
      dictionary_ = std::make_unique<ColumnReader>(Source{source.array->dictionary, source.schema->dictionary}, type);
      return;
    }
    switch (type.kind()) {
      case TypeKind::array:
        add_child(child_of(source, 0), type.element());
        break;
      case TypeKind::map: {
        const Source entries = child_of(source, 0);
        add_child(child_of(entries, 0), type.key());
        add_child(child_of(entries, 1), type.value());
        break;
      }
      case TypeKind::structure:
        if (storage_ != NANOARROW_TYPE_STRUCT ||
            source.array->n_children != static_cast<int64_t>(type.fields().size())) {
          throw_mismatch(source, type);
        }
        for (size_t i = 0; i < type.fields().size(); ++i) {
          add_child(child_of(source, static_cast<int64_t>(i)), type.fields()[i].type);
        }
        break;
      case TypeKind::variant:
        if (storage_ != NANOARROW_TYPE_STRUCT || source.array->n_children < 2) {
          throw_mismatch(source, type);
        }
        add_child(child_of(source, 0), binary_);
        add_child(child_of(source, 1), binary_);
        break;
      default:
        check_storage();
    }
  }

  void read(int64_t first, size_t count, ColumnWriter& out, size_t out_row) {
    for (size_t i = 0; i < count; ++i) {
      read_row(first + static_cast<int64_t>(i), out, out_row + i);
    }
  }

  void read_row(int64_t row, ColumnWriter& out, size_t out_row) {
    const ArrowArrayView* array = source_.array;
    if (type_.is(TypeKind::null) || ArrowArrayViewIsNull(array, row)) {
      out.set_null(out_row);
      return;
    }
    if (dictionary_) {
      dictionary_->read_row(ArrowArrayViewGetIntUnsafe(array, row), out, out_row);
      return;
    }
    switch (type_.kind()) {
      case TypeKind::null:
        break;
      case TypeKind::boolean:
        out.set<bool>(out_row, ArrowArrayViewGetIntUnsafe(array, row) != 0);
        break;
      case TypeKind::byte:
        out.set(out_row, static_cast<int8_t>(ArrowArrayViewGetIntUnsafe(array, row)));
        break;
      case TypeKind::short_int:
        out.set(out_row, static_cast<int16_t>(ArrowArrayViewGetIntUnsafe(array, row)));
        break;
      case TypeKind::integer:
        out.set(out_row, static_cast<int32_t>(ArrowArrayViewGetIntUnsafe(array, row)));
        break;
      case TypeKind::long_int:
        out.set(out_row, ArrowArrayViewGetIntUnsafe(array, row));
        break;
      case TypeKind::float32:
        out.set(out_row, static_cast<float>(ArrowArrayViewGetDoubleUnsafe(array, row)));
        break;
      case TypeKind::float64:
        out.set(out_row, ArrowArrayViewGetDoubleUnsafe(array, row));
        break;
      case TypeKind::decimal:
        out.set_decimal(out_row, decimal_at(row));
        break;
      case TypeKind::string:
      case TypeKind::char_n:
      case TypeKind::varchar_n:
      case TypeKind::binary: {
        const ArrowBufferView bytes = ArrowArrayViewGetBytesUnsafe(array, row);
        out.set_text(out_row, {bytes.data.as_char, static_cast<size_t>(bytes.size_bytes)});
        break;
      }
      case TypeKind::date: {
        const int64_t value = ArrowArrayViewGetIntUnsafe(array, row);
        const int64_t days = view_.type == NANOARROW_TYPE_DATE64 ? scale_unit(value, -86400000) : value;
        out.set(out_row, static_cast<int32_t>(days));
        break;
      }
      case TypeKind::time:
      case TypeKind::timestamp:
      case TypeKind::timestamp_ntz:
      case TypeKind::day_time_interval:
        out.set(out_row, scale_unit(ArrowArrayViewGetIntUnsafe(array, row), factor_));
        break;
      case TypeKind::year_month_interval:
        out.set(out_row, months_at(row));
        break;
      case TypeKind::calendar_interval: {
        ArrowInterval interval;
        ArrowIntervalInit(&interval, static_cast<ArrowType>(view_.type));
        ArrowArrayViewGetIntervalUnsafe(array, row, &interval);
        out.set(out_row, CalendarInterval{interval.months, interval.days, interval.ns / 1000 + interval.ms * 1000});
        break;
      }
      case TypeKind::array:
      case TypeKind::map: {
        const int64_t from = ArrowArrayViewListChildOffset(array, row);
        const int64_t to = ArrowArrayViewListChildOffset(array, row + 1);
        const auto length = static_cast<size_t>(to - from);
        const size_t start = out.start_list(out_row, length);
        const int64_t entries_offset = type_.is(TypeKind::map) ? array->children[0]->offset : 0;
        for (size_t part = 0; part < children_.size(); ++part) {
          children_[part]->read(from + entries_offset, length, out.child(part), start);
        }
        break;
      }
      case TypeKind::structure:
      case TypeKind::variant:
        for (size_t part = 0; part < children_.size(); ++part) {
          children_[part]->read_row(row + array->offset, out.child(part), out_row);
        }
        break;
    }
  }

 private:
  void add_child(const Source& source, const Type& type) {
    children_.push_back(std::make_unique<ColumnReader>(source, type));
  }

  void check_storage() const {
    bool fits = false;
    switch (type_.kind()) {
      case TypeKind::null:
        fits = true;
        break;
      case TypeKind::float32:
      case TypeKind::float64:
        fits = is_integer_storage(storage_) || storage_ == NANOARROW_TYPE_FLOAT || storage_ == NANOARROW_TYPE_DOUBLE ||
               storage_ == NANOARROW_TYPE_HALF_FLOAT;
        break;
      case TypeKind::decimal:
        fits = is_integer_storage(storage_) || storage_ == NANOARROW_TYPE_DECIMAL128;
        break;
      case TypeKind::calendar_interval:
        fits = storage_ == NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO || storage_ == NANOARROW_TYPE_INTERVAL_DAY_TIME ||
               storage_ == NANOARROW_TYPE_INTERVAL_MONTHS;
        break;
      case TypeKind::year_month_interval:
        fits = is_integer_storage(storage_) || storage_ == NANOARROW_TYPE_INTERVAL_MONTHS ||
               storage_ == NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO;
        break;
      case TypeKind::string:
      case TypeKind::char_n:
      case TypeKind::varchar_n:
      case TypeKind::binary:
        fits = is_text_storage(storage_);
        break;
      default:
        fits = is_integer_storage(storage_);
    }
    if (!fits && storage_ != NANOARROW_TYPE_NA) {
      throw_mismatch(source_, type_);
    }
  }

  int32_t months_at(int64_t row) const {
    if (is_integer_storage(storage_)) {
      return static_cast<int32_t>(ArrowArrayViewGetIntUnsafe(source_.array, row));
    }
    ArrowInterval interval;
    ArrowIntervalInit(&interval, static_cast<ArrowType>(view_.type));
    ArrowArrayViewGetIntervalUnsafe(source_.array, row, &interval);
    return interval.months;
  }

  Int128 decimal_at(int64_t row) const {
    Int128 value = 0;
    int scale = 0;
    if (is_integer_storage(storage_)) {
      value = ArrowArrayViewGetIntUnsafe(source_.array, row);
    } else {
      ArrowDecimal decimal;
      ArrowDecimalInit(&decimal, 128, view_.decimal_precision, view_.decimal_scale);
      ArrowArrayViewGetDecimalUnsafe(source_.array, row, &decimal);
      value = static_cast<Int128>(decimal.words[1]) << 64 | decimal.words[0];
      scale = view_.decimal_scale;
    }
    if (scale == type_.scale()) {
      return value;
    }
    if (scale > type_.scale() || type_.scale() - scale > 38) {
      throw_mismatch(source_, type_);
    }
    return value * power_of_ten(type_.scale() - scale);
  }

  Source source_;
  const Type& type_;
  ArrowSchemaView view_;
  ArrowType storage_ = NANOARROW_TYPE_UNINITIALIZED;
  int64_t factor_ = 1;
  const Type binary_ = Type::binary();
  std::unique_ptr<ColumnReader> dictionary_;
  std::vector<std::unique_ptr<ColumnReader>> children_;
};

void append_batch(const ArrowSchema& schema, const ArrowArrayView& batch, const std::vector<resolved::Column>& columns,
                  duckdb::DataChunk& chunk, duckdb::ColumnDataCollection& out) {
  const Source root{&batch, &schema};
  std::vector<ColumnReader> readers;
  readers.reserve(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    readers.emplace_back(child_of(root, static_cast<int64_t>(i)), columns[i].type);
  }
  for (int64_t at = 0; at < batch.length; at += STANDARD_VECTOR_SIZE) {
    const auto rows = static_cast<size_t>(std::min<int64_t>(STANDARD_VECTOR_SIZE, batch.length - at));
    chunk.Reset();
    for (size_t i = 0; i < columns.size(); ++i) {
      VectorWriter writer(chunk.data[i], columns[i].type);
      readers[i].read(at + batch.offset, rows, writer, 0);
    }
    chunk.SetChildCardinality(rows);
    out.Append(chunk);
  }
}

void append_stream(const std::string& bytes, const std::vector<resolved::Column>& columns, duckdb::DataChunk& chunk,
                   duckdb::ColumnDataCollection& out) {
  ArrowBuffer buffer;
  ArrowBufferInit(&buffer);
  // The reader owns its input; the bytes outlive it here, so that releasing them does nothing.
  ArrowBufferSetAllocator(&buffer, ArrowBufferDeallocator([](ArrowBufferAllocator*, uint8_t*, int64_t) {}, nullptr));
  buffer.data = reinterpret_cast<uint8_t*>(const_cast<char*>(bytes.data()));
  buffer.size_bytes = static_cast<int64_t>(bytes.size());
  ArrowIpcInputStream input;
  if (ArrowIpcInputStreamInitBuffer(&input, &buffer) != NANOARROW_OK) {
    throw_bad_data("no memory");
  }
  Stream stream;
  if (ArrowIpcArrayStreamReaderInit(&stream.value, &input, nullptr) != NANOARROW_OK) {
    throw_bad_data("no memory");
  }
  ArrowError error{};
  Schema schema;
  if (ArrowArrayStreamGetSchema(&stream.value, &schema.value, &error) != NANOARROW_OK) {
    throw_bad_data(error.message);
  }
  if (schema.value.n_children != static_cast<int64_t>(columns.size())) {
    throw_bad_data("it has " + std::to_string(schema.value.n_children) + " columns instead of " +
                   std::to_string(columns.size()));
  }
  while (true) {
    Array array;
    if (ArrowArrayStreamGetNext(&stream.value, &array.value, &error) != NANOARROW_OK) {
      throw_bad_data(error.message);
    }
    if (!array.value.release) {
      return;
    }
    ArrayView view;
    if (ArrowArrayViewInitFromSchema(&view.value, &schema.value, &error) != NANOARROW_OK ||
        ArrowArrayViewSetArray(&view.value, &array.value, &error) != NANOARROW_OK ||
        ArrowArrayViewValidate(&view.value, NANOARROW_VALIDATION_LEVEL_FULL, &error) != NANOARROW_OK) {
      throw_bad_data(error.message);
    }
    append_batch(schema.value, view.value, columns, chunk, out);
  }
}

}  // namespace

duckdb::unique_ptr<duckdb::ColumnDataCollection> read_local_data(duckdb::ClientContext& context,
                                                                 const resolved::LocalData& data,
                                                                 const std::vector<resolved::Column>& columns) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const resolved::Column& column : columns) {
    types.push_back(engine_type(column.type));
  }
  if (types.empty()) {
    types.push_back(duckdb::LogicalType::BOOLEAN);
  }
  auto out = duckdb::make_uniq<duckdb::ColumnDataCollection>(context, types);
  duckdb::DataChunk chunk;
  chunk.Initialize(context, types);
  for (const auto& stream : data.arrow_streams) {
    append_stream(*stream, columns, chunk, *out);
  }
  return out;
}

}  // namespace pyrite
