// A column of Arrow data, copied into DuckDB's vectors.
#include "engine/arrow_column.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "types/calendar.h"
#include "types/hybrid_calendar.h"

namespace pyrite {
namespace {

[[noreturn]] void throw_bad_data(const std::string& why) {
  throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", "the Arrow data is not readable: " + why}});
}

bool same_name(std::string_view left, std::string_view right, bool case_sensitive) {
  if (case_sensitive) {
    return left == right;
  }
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [&](char a, char b) { return lower(a) == lower(b); });
}

/// The Arrow type whose bytes are those of the Spark type in a vector.
ArrowType plain_storage(const Type& type) {
  switch (type.kind()) {
    case TypeKind::byte:
      return NANOARROW_TYPE_INT8;
    case TypeKind::short_int:
      return NANOARROW_TYPE_INT16;
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return NANOARROW_TYPE_INT32;
    case TypeKind::long_int:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return NANOARROW_TYPE_INT64;
    case TypeKind::float32:
      return NANOARROW_TYPE_FLOAT;
    case TypeKind::float64:
      return NANOARROW_TYPE_DOUBLE;
    default:
      return NANOARROW_TYPE_UNINITIALIZED;
  }
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

[[noreturn]] void throw_mismatch(const ArrowSource& source, const Type& type) {
  throw_bad_data("Arrow format " + std::string(source.schema->format) + " does not hold " + simple_string(type));
}

}  // namespace

int find_arrow_field(const ArrowSchema& schema, const std::string& name, bool case_sensitive) {
  int found = -1;
  for (int i = 0; i < static_cast<int>(schema.n_children); ++i) {
    if (!same_name(schema.children[i]->name, name, case_sensitive)) {
      continue;
    }
    if (found >= 0) {
      return -1;
    }
    found = i;
  }
  return found;
}

ArrowColumn::ArrowColumn(const ArrowSource& source, const Type& type, const ArrowFileRules* rules)
    : source_(source), type_(type), rules_(rules), view_(view_schema(source.schema)) {
  storage_ = source.array->storage_type;
  if (view_.type == NANOARROW_TYPE_TIMESTAMP || view_.type == NANOARROW_TYPE_DURATION ||
      view_.type == NANOARROW_TYPE_TIME32 || view_.type == NANOARROW_TYPE_TIME64) {
    factor_ = unit_factor(view_.time_unit);
  } else if (type.is(TypeKind::time) && storage_ == NANOARROW_TYPE_INT64) {
    factor_ = unit_factor(NANOARROW_TIME_UNIT_NANO);  // as Spark keeps times
  }
  if (source.schema->dictionary) {
    dictionary_ =
        std::make_unique<ArrowColumn>(ArrowSource{source.array->dictionary, source.schema->dictionary}, type, rules);
    return;
  }
  switch (type.kind()) {
    case TypeKind::array:
      add_child(source.child(0), type.element());
      break;
    case TypeKind::map: {
      const ArrowSource entries = source.child(0);
      add_child(entries.child(0), type.key());
      add_child(entries.child(1), type.value());
      break;
    }
    case TypeKind::structure:
      add_fields();
      break;
    case TypeKind::variant:
      if (storage_ != NANOARROW_TYPE_STRUCT || source.array->n_children < 2) {
        throw_mismatch(source, type);
      }
      add_child(source.child(0), binary_);
      add_child(source.child(1), binary_);
      break;
    default:
      check_storage();
  }
}

void ArrowColumn::read(int64_t first, size_t count, ColumnWriter& out, size_t out_row) {
  if (read_plain(first, count, out, out_row)) {
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    read_row(first + static_cast<int64_t>(i), out, out_row + i);
  }
}

/// Copies all rows at once where the bytes are the same.
bool ArrowColumn::read_plain(int64_t first, size_t count, ColumnWriter& out, size_t out_row) {
  if (dictionary_ || factor_ != 1 || storage_ != plain_storage(type_) || view_.type == NANOARROW_TYPE_DATE64 ||
      (rules_ && rules_->old_calendar && type_.is_datetime())) {
    return false;
  }
  const ArrowArrayView* array = source_.array;
  const auto width = static_cast<size_t>(array->layout.element_size_bits[1] / 8);
  std::memcpy(static_cast<char*>(out.data()) + out_row * width,
              array->buffer_views[1].data.as_char + static_cast<size_t>(array->offset + first) * width, count * width);
  if (array->null_count != 0) {
    for (size_t i = 0; i < count; ++i) {
      if (ArrowArrayViewIsNull(array, first + static_cast<int64_t>(i))) {
        out.set_null(out_row + i);
      }
    }
  }
  return true;
}

template <class T>
void ArrowColumn::read_whole(int64_t row, ColumnWriter& out, size_t out_row) const {
  const int64_t value = ArrowArrayViewGetIntUnsafe(source_.array, row);
  if (rules_ && value != static_cast<T>(value)) {
    out.set_null(out_row);
    return;
  }
  out.set(out_row, static_cast<T>(value));
}

void ArrowColumn::read_row(int64_t row, ColumnWriter& out, size_t out_row) {
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
      read_whole<int8_t>(row, out, out_row);
      break;
    case TypeKind::short_int:
      read_whole<int16_t>(row, out, out_row);
      break;
    case TypeKind::integer:
      read_whole<int32_t>(row, out, out_row);
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
      out.set(out_row, static_cast<int32_t>(rules_ && rules_->old_calendar ? hybrid_to_proleptic_day(days) : days));
      break;
    }
    case TypeKind::timestamp: {
      const int64_t micros = scale_unit(ArrowArrayViewGetIntUnsafe(array, row), factor_);
      out.set(out_row,
              rules_ && rules_->old_calendar ? hybrid_to_proleptic_micros(micros, *rules_->old_calendar) : micros);
      break;
    }
    case TypeKind::time:
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
        if (children_[part]) {
          children_[part]->read_row(row + array->offset, out.child(part), out_row);
        } else {
          out.child(part).set_null(out_row);
        }
      }
      break;
  }
}

void ArrowColumn::add_child(const ArrowSource& source, const Type& type) {
  children_.push_back(std::make_unique<ArrowColumn>(source, type, rules_));
}

void ArrowColumn::add_fields() {
  const std::vector<StructField>& fields = type_.fields();
  if (storage_ != NANOARROW_TYPE_STRUCT ||
      (!rules_ && source_.array->n_children != static_cast<int64_t>(fields.size()))) {
    throw_mismatch(source_, type_);
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    const int64_t at =
        rules_ ? find_arrow_field(*source_.schema, fields[i].name, rules_->case_sensitive) : static_cast<int64_t>(i);
    if (at < 0) {
      children_.push_back(nullptr);
    } else {
      add_child(source_.child(at), fields[i].type);
    }
  }
}

void ArrowColumn::check_storage() const {
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

int32_t ArrowColumn::months_at(int64_t row) const {
  if (is_integer_storage(storage_)) {
    return static_cast<int32_t>(ArrowArrayViewGetIntUnsafe(source_.array, row));
  }
  ArrowInterval interval;
  ArrowIntervalInit(&interval, static_cast<ArrowType>(view_.type));
  ArrowArrayViewGetIntervalUnsafe(source_.array, row, &interval);
  return interval.months;
}

Int128 ArrowColumn::decimal_at(int64_t row) const {
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

}  // namespace pyrite
