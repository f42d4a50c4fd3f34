// Writes rows as byte strings for hashing.
#include "functions/row_key.h"

#include <cmath>
#include <limits>

#include "base/error.h"

namespace pyrite {
namespace {

template <class T>
void append_bytes(std::string& key, T value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void append_double(std::string& key, double value) {
  if (std::isnan(value)) {
    value = std::numeric_limits<double>::quiet_NaN();
  }
  append_bytes(key, value == 0 ? 0.0 : value);
}

void append_text(std::string& key, std::string_view text) {
  append_bytes(key, static_cast<uint32_t>(text.size()));
  key.append(text);
}

void append_interval(std::string& key, const CalendarInterval& interval) {
  append_bytes(key, interval.months);
  append_bytes(key, interval.days);
  append_bytes(key, interval.microseconds);
}

void append_elements(std::string& key, const ColumnView& column, size_t row) {
  const ListSlot slot = column.list(row);
  append_bytes(key, static_cast<uint32_t>(slot.length));
  for (uint64_t i = 0; i < slot.length; ++i) {
    for (const ColumnView& child : column.children) {
      append_row_key(key, child, slot.offset + i);
    }
  }
}

}  // namespace

void append_row_key(std::string& key, const ColumnView& column, size_t row) {
  if (column.type.is(TypeKind::null) || column.is_null(row)) {
    key.push_back('\0');
    return;
  }
  key.push_back('\1');
  switch (column.type.kind()) {
    case TypeKind::boolean:
    case TypeKind::byte:
      return append_bytes(key, static_cast<int64_t>(column.get<int8_t>(row)));
    case TypeKind::short_int:
      return append_bytes(key, static_cast<int64_t>(column.get<int16_t>(row)));
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return append_bytes(key, static_cast<int64_t>(column.get<int32_t>(row)));
    case TypeKind::long_int:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return append_bytes(key, column.get<int64_t>(row));
    case TypeKind::float32:
      return append_double(key, column.get<float>(row));
    case TypeKind::float64:
      return append_double(key, column.get<double>(row));
    case TypeKind::decimal:
      return append_bytes(key, column.decimal(row));
    case TypeKind::calendar_interval:
      return append_interval(key, column.get<CalendarInterval>(row));
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return append_text(key, column.text(row));
    case TypeKind::array:
    case TypeKind::map:
      return append_elements(key, column, row);
    case TypeKind::structure:
    case TypeKind::variant:
      for (const ColumnView& child : column.children) {
        append_row_key(key, child, column.position(row));
      }
      return;
    case TypeKind::null:
      return;
  }
}

void append_value_key(std::string& key, const Value& value, const Type& type) {
  if (value.is_null()) {
    key.push_back('\0');
    return;
  }
  key.push_back('\1');
  switch (type.kind()) {
    case TypeKind::boolean:
      return append_bytes(key, static_cast<int64_t>(value.boolean()));
    case TypeKind::float32:
      return append_double(key, value.float32());
    case TypeKind::float64:
      return append_double(key, value.float64());
    case TypeKind::decimal:
      return append_bytes(key, value.decimal());
    case TypeKind::calendar_interval:
      return append_interval(key, value.interval());
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return append_text(key, value.text());
    case TypeKind::array:
      append_bytes(key, static_cast<uint32_t>(value.list().size()));
      for (const Value& element : value.list()) {
        append_value_key(key, element, type.element());
      }
      return;
    case TypeKind::map:
      append_bytes(key, static_cast<uint32_t>(value.pairs().size()));
      for (const auto& [name, item] : value.pairs()) {
        append_value_key(key, name, type.key());
        append_value_key(key, item, type.value());
      }
      return;
    case TypeKind::structure:
      for (size_t i = 0; i < value.list().size(); ++i) {
        append_value_key(key, value.list()[i], type.fields()[i].type);
      }
      return;
    case TypeKind::variant:
      for (const Value& bytes : value.list()) {
        append_value_key(key, bytes, Type::binary());
      }
      return;
    default:
      return append_bytes(key, value.integer());
  }
}

}  // namespace pyrite
