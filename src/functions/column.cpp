// Rows of columns as values and back; Spark's order, equality and hash of rows.
#include "functions/column.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.h"

namespace pyrite {
namespace {

Int128 read_decimal(const void* data, size_t at, int precision) {
  switch (decimal_width(precision)) {
    case 2:
      return static_cast<const int16_t*>(data)[at];
    case 4:
      return static_cast<const int32_t*>(data)[at];
    case 8:
      return static_cast<const int64_t*>(data)[at];
    default: {
      Int128 value;
      std::memcpy(&value, static_cast<const char*>(data) + at * sizeof(Int128), sizeof value);
      return value;
    }
  }
}

template <class T>
int order(T left, T right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

/// NaN is equal to itself and above everything else.
template <class T>
int order_floating(T left, T right) {
  if (std::isnan(left) || std::isnan(right)) {
    return order(std::isnan(left), std::isnan(right));
  }
  return order(left, right);
}

int order_text(std::string_view left, std::string_view right) {
  const int difference = std::memcmp(left.data(), right.data(), std::min(left.size(), right.size()));
  return difference != 0 ? (difference < 0 ? -1 : 1) : order(left.size(), right.size());
}

int order_interval(const CalendarInterval& left, const CalendarInterval& right) {
  if (left.months != right.months) {
    return order(left.months, right.months);
  }
  return left.days != right.days ? order(left.days, right.days) : order(left.microseconds, right.microseconds);
}

/// NULL before everything.
int compare_nullable(const ColumnView& left, size_t left_row, const ColumnView& right, size_t right_row) {
  const bool left_null = left.is_null(left_row), right_null = right.is_null(right_row);
  if (left_null || right_null) {
    return order(!left_null, !right_null);
  }
  return compare_rows(left, left_row, right, right_row);
}

int compare_lists(const ColumnView& left, size_t left_row, const ColumnView& right, size_t right_row) {
  const ListSlot a = left.list(left_row), b = right.list(right_row);
  for (uint64_t i = 0; i < std::min(a.length, b.length); ++i) {
    for (size_t child = 0; child < left.children.size(); ++child) {
      const int difference = compare_nullable(left.children[child], a.offset + i, right.children[child], b.offset + i);
      if (difference != 0) {
        return difference;
      }
    }
  }
  return order(a.length, b.length);
}

int compare_value_lists(const ValueList& left, const ValueList& right,
                        const std::function<const Type&(size_t)>& type_at) {
  for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (left[i].is_null() || right[i].is_null()) {
      if (left[i].is_null() != right[i].is_null()) {
        return left[i].is_null() ? -1 : 1;
      }
      continue;
    }
    const int difference = compare_values(left[i], right[i], type_at(i));
    if (difference != 0) {
      return difference;
    }
  }
  return order(left.size(), right.size());
}

uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
  return hash ^ (hash >> 32);
}

uint64_t hash_floating(double value) {
  if (std::isnan(value)) {
    return 0x7ff8000000000000ULL;
  }
  if (value == 0) {
    return 0;
  }
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

uint64_t hash_nullable(const ColumnView& column, size_t row) {
  return column.is_null(row) ? 0x5bd1e995 : hash_row(column, row);
}

}  // namespace

Int128 ColumnView::decimal(size_t row) const { return read_decimal(data, position(row), type.precision()); }

void ColumnWriter::set_decimal(size_t row, Int128 unscaled) {
  switch (decimal_width(type().precision())) {
    case 2:
      set<int16_t>(row, static_cast<int16_t>(unscaled));
      break;
    case 4:
      set<int32_t>(row, static_cast<int32_t>(unscaled));
      break;
    case 8:
      set<int64_t>(row, static_cast<int64_t>(unscaled));
      break;
    default:
      std::memcpy(static_cast<char*>(data()) + row * sizeof(Int128), &unscaled, sizeof unscaled);
  }
}

Value read_value(const ColumnView& column, size_t row) {
  if (column.is_null(row)) {
    return Value();
  }
  switch (column.type.kind()) {
    case TypeKind::null:
      return Value();
    case TypeKind::boolean:
      return Value(column.get<uint8_t>(row) != 0);
    case TypeKind::byte:
      return Value(int64_t{column.get<int8_t>(row)});
    case TypeKind::short_int:
      return Value(int64_t{column.get<int16_t>(row)});
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return Value(int64_t{column.get<int32_t>(row)});
    case TypeKind::long_int:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return Value(column.get<int64_t>(row));
    case TypeKind::float32:
      return Value(column.get<float>(row));
    case TypeKind::float64:
      return Value(column.get<double>(row));
    case TypeKind::decimal:
      return Value(column.decimal(row));
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return Value(std::string(column.text(row)));
    case TypeKind::calendar_interval:
      return Value(column.get<CalendarInterval>(row));
    case TypeKind::array: {
      const ListSlot slot = column.list(row);
      ValueList values;
      values.reserve(slot.length);
      for (uint64_t i = 0; i < slot.length; ++i) {
        values.push_back(read_value(column.children[0], slot.offset + i));
      }
      return Value(std::move(values));
    }
    case TypeKind::map: {
      const ListSlot slot = column.list(row);
      ValuePairs pairs;
      pairs.reserve(slot.length);
      for (uint64_t i = 0; i < slot.length; ++i) {
        pairs.emplace_back(read_value(column.children[0], slot.offset + i),
                           read_value(column.children[1], slot.offset + i));
      }
      return Value(std::move(pairs));
    }
    case TypeKind::structure:
    case TypeKind::variant: {
      const size_t at = column.position(row);
      ValueList values;
      values.reserve(column.children.size());
      for (const ColumnView& child : column.children) {
        values.push_back(read_value(child, at));
      }
      return Value(std::move(values));
    }
  }
  return Value();
}

void write_value(ColumnWriter& out, size_t row, const Value& value) {
  if (value.is_null()) {
    out.set_null(row);
    return;
  }
  switch (out.type().kind()) {
    case TypeKind::null:
      out.set_null(row);
      return;
    case TypeKind::boolean:
      return out.set<uint8_t>(row, value.boolean());
    case TypeKind::byte:
      return out.set(row, static_cast<int8_t>(value.integer()));
    case TypeKind::short_int:
      return out.set(row, static_cast<int16_t>(value.integer()));
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return out.set(row, static_cast<int32_t>(value.integer()));
    case TypeKind::long_int:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return out.set(row, value.integer());
    case TypeKind::float32:
      return out.set(row, value.float32());
    case TypeKind::float64:
      return out.set(row, value.float64());
    case TypeKind::decimal:
      return out.set_decimal(row, value.decimal());
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return out.set_text(row, value.text());
    case TypeKind::calendar_interval:
      return out.set(row, value.interval());
    case TypeKind::array: {
      const ValueList& values = value.list();
      const size_t start = out.start_list(row, values.size());
      for (size_t i = 0; i < values.size(); ++i) {
        write_value(out.child(0), start + i, values[i]);
      }
      return;
    }
    case TypeKind::map: {
      const ValuePairs& pairs = value.pairs();
      const size_t start = out.start_list(row, pairs.size());
      for (size_t i = 0; i < pairs.size(); ++i) {
        write_value(out.child(0), start + i, pairs[i].first);
        write_value(out.child(1), start + i, pairs[i].second);
      }
      return;
    }
    case TypeKind::structure:
    case TypeKind::variant: {
      const ValueList& values = value.list();
      for (size_t i = 0; i < values.size(); ++i) {
        write_value(out.child(i), row, values[i]);
      }
      return;
    }
  }
}

int compare_rows(const ColumnView& left, size_t left_row, const ColumnView& right, size_t right_row) {
  switch (left.type.kind()) {
    case TypeKind::null:
      return 0;
    case TypeKind::boolean:
      return order(left.get<uint8_t>(left_row) != 0, right.get<uint8_t>(right_row) != 0);
    case TypeKind::byte:
      return order(left.get<int8_t>(left_row), right.get<int8_t>(right_row));
    case TypeKind::short_int:
      return order(left.get<int16_t>(left_row), right.get<int16_t>(right_row));
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return order(left.get<int32_t>(left_row), right.get<int32_t>(right_row));
    case TypeKind::long_int:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return order(left.get<int64_t>(left_row), right.get<int64_t>(right_row));
    case TypeKind::float32:
      return order_floating(left.get<float>(left_row), right.get<float>(right_row));
    case TypeKind::float64:
      return order_floating(left.get<double>(left_row), right.get<double>(right_row));
    case TypeKind::decimal:
      return order(left.decimal(left_row), right.decimal(right_row));
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return order_text(left.text(left_row), right.text(right_row));
    case TypeKind::calendar_interval:
      return order_interval(left.get<CalendarInterval>(left_row), right.get<CalendarInterval>(right_row));
    case TypeKind::array:
    case TypeKind::map:
      return compare_lists(left, left_row, right, right_row);
    case TypeKind::structure:
    case TypeKind::variant: {
      const size_t a = left.position(left_row), b = right.position(right_row);
      for (size_t child = 0; child < left.children.size(); ++child) {
        if (const int difference = compare_nullable(left.children[child], a, right.children[child], b)) {
          return difference;
        }
      }
      return 0;
    }
  }
  return 0;
}

bool same_rows(const ColumnView& left, size_t left_row, const ColumnView& right, size_t right_row) {
  return compare_nullable(left, left_row, right, right_row) == 0;
}

uint64_t hash_row(const ColumnView& column, size_t row) {
  if (column.is_null(row)) {
    return hash_nullable(column, row);
  }
  switch (column.type.kind()) {
    case TypeKind::null:
      return 0;
    case TypeKind::boolean:
      return mix(1, column.get<uint8_t>(row) != 0);
    case TypeKind::byte:
      return mix(1, static_cast<uint64_t>(column.get<int8_t>(row)));
    case TypeKind::short_int:
      return mix(1, static_cast<uint64_t>(column.get<int16_t>(row)));
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return mix(1, static_cast<uint64_t>(column.get<int32_t>(row)));
    case TypeKind::long_int:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return mix(1, static_cast<uint64_t>(column.get<int64_t>(row)));
    case TypeKind::float32:
      return mix(2, hash_floating(column.get<float>(row)));
    case TypeKind::float64:
      return mix(2, hash_floating(column.get<double>(row)));
    case TypeKind::decimal: {
      const auto bits = static_cast<unsigned __int128>(column.decimal(row));
      return mix(mix(3, static_cast<uint64_t>(bits)), static_cast<uint64_t>(bits >> 64));
    }
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return mix(4, std::hash<std::string_view>{}(column.text(row)));
    case TypeKind::calendar_interval: {
      const auto interval = column.get<CalendarInterval>(row);
      return mix(mix(mix(5, static_cast<uint64_t>(interval.months)), static_cast<uint64_t>(interval.days)),
                 static_cast<uint64_t>(interval.microseconds));
    }
    case TypeKind::array:
    case TypeKind::map: {
      const ListSlot slot = column.list(row);
      uint64_t hash = mix(6, slot.length);
      for (uint64_t i = 0; i < slot.length; ++i) {
        for (const ColumnView& child : column.children) {
          hash = mix(hash, hash_nullable(child, slot.offset + i));
        }
      }
      return hash;
    }
    case TypeKind::structure:
    case TypeKind::variant: {
      const size_t at = column.position(row);
      uint64_t hash = 7;
      for (const ColumnView& child : column.children) {
        hash = mix(hash, hash_nullable(child, at));
      }
      return hash;
    }
  }
  return 0;
}

int compare_values(const Value& left, const Value& right, const Type& type) {
  switch (type.kind()) {
    case TypeKind::null:
      return 0;
    case TypeKind::boolean:
      return order(left.boolean(), right.boolean());
    case TypeKind::float32:
      return order_floating(left.float32(), right.float32());
    case TypeKind::float64:
      return order_floating(left.float64(), right.float64());
    case TypeKind::decimal:
      return order(left.decimal(), right.decimal());
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return order_text(left.text(), right.text());
    case TypeKind::calendar_interval:
      return order_interval(left.interval(), right.interval());
    case TypeKind::array:
      return compare_value_lists(left.list(), right.list(), [&](size_t) -> const Type& { return type.element(); });
    case TypeKind::structure:
      return compare_value_lists(left.list(), right.list(),
                                 [&](size_t i) -> const Type& { return type.fields()[i].type; });
    case TypeKind::variant: {
      static const Type bytes = Type::binary();
      return compare_value_lists(left.list(), right.list(), [&](size_t) -> const Type& { return bytes; });
    }
    case TypeKind::map: {
      ValueList a, b;
      for (const auto& [key, value] : left.pairs()) {
        a.push_back(key);
        a.push_back(value);
      }
      for (const auto& [key, value] : right.pairs()) {
        b.push_back(key);
        b.push_back(value);
      }
      return compare_value_lists(a, b, [&](size_t i) -> const Type& { return i % 2 == 0 ? type.key() : type.value(); });
    }
    default:
      return order(left.integer(), right.integer());
  }
}

}  // namespace pyrite
