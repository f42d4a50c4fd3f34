// Turns rows into JSON.
#include <openssl/evp.h>

#include <cmath>

#include "base/error.h"
#include "functions/cell_text.h"
#include "functions/java_format.h"
#include "functions/json_format.h"
#include "functions/json_text.h"
#include "functions/variant_binary.h"
#include "types/datetime_text.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

std::string encode_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

template <class T>
void append_floating(std::string& out, T value) {
  const std::string text = java_text(value);
  out += std::isfinite(value) ? text : '"' + text + '"';
}

}  // namespace

JsonWriter::JsonWriter(const JsonFormat& format)
    : format_(format),
      zone_(get_time_zone(format.time_zone)),
      date_(format.date_format, TypeKind::date, zone_, MomentPattern::Use::write),
      timestamp_(format.timestamp_format, TypeKind::timestamp, zone_, MomentPattern::Use::write),
      timestamp_ntz_(format.timestamp_ntz_format, TypeKind::timestamp_ntz, zone_, MomentPattern::Use::write) {}

void JsonWriter::break_line(std::string& out, int depth) const {
  if (format_.pretty) {
    out += '\n';
    out.append(static_cast<size_t>(depth) * 2, ' ');
  }
}

void JsonWriter::append_object(std::string& out, std::span<const ColumnView> columns,
                               const std::vector<std::string_view>& names, size_t row, int depth) const {
  out += '{';
  bool empty = true;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (format_.ignore_null_fields && (columns[i].type.is(TypeKind::null) || columns[i].is_null(row))) {
      continue;
    }
    if (!empty) {
      out += ',';
    }
    empty = false;
    break_line(out, depth + 1);
    append_json_string(out, names[i]);
    out += format_.pretty ? " : " : ":";
    append(out, columns[i], row, depth + 1);
  }
  if (!empty) {
    break_line(out, depth);
  } else if (format_.pretty) {
    out += ' ';
  }
  out += '}';
}

void JsonWriter::append_record(std::string& out, std::span<const ColumnView> columns,
                               const std::vector<std::string>& names, size_t row) const {
  append_object(out, columns, {names.begin(), names.end()}, row, 0);
}

void JsonWriter::append(std::string& out, const ColumnView& column, size_t row, int depth) const {
  if (column.type.is(TypeKind::null) || column.is_null(row)) {
    out += "null";
    return;
  }
  const Type& type = column.type;
  switch (type.kind()) {
    case TypeKind::boolean:
      out += column.get<bool>(row) ? "true" : "false";
      return;
    case TypeKind::byte:
      out += std::to_string(column.get<int8_t>(row));
      return;
    case TypeKind::short_int:
      out += std::to_string(column.get<int16_t>(row));
      return;
    case TypeKind::integer:
      out += std::to_string(column.get<int32_t>(row));
      return;
    case TypeKind::long_int:
      out += std::to_string(column.get<int64_t>(row));
      return;
    case TypeKind::float32:
      return append_floating(out, column.get<float>(row));
    case TypeKind::float64:
      return append_floating(out, column.get<double>(row));
    case TypeKind::decimal:
      out += decimal_text(column.decimal(row), type.scale());
      return;
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return append_json_string(out, column.text(row));
    case TypeKind::binary:
      return append_json_string(out, encode_base64(column.text(row)));
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz: {
      std::string text;
      type.is(TypeKind::date)        ? date_.append(text, column.get<int32_t>(row))
      : type.is(TypeKind::timestamp) ? timestamp_.append(text, column.get<int64_t>(row))
                                     : timestamp_ntz_.append(text, column.get<int64_t>(row));
      return append_json_string(out, text);
    }
    case TypeKind::time:
      return append_json_string(out, time_text(column.get<int64_t>(row)));
    case TypeKind::year_month_interval:
      return append_json_string(out, year_month_text(column.get<int32_t>(row), type));
    case TypeKind::day_time_interval:
      return append_json_string(out, day_time_text(column.get<int64_t>(row), type));
    case TypeKind::calendar_interval:
      return append_json_string(out, calendar_interval_text(column.get<CalendarInterval>(row)));
    case TypeKind::array: {
      const ListSlot slot = column.list(row);
      out += '[';
      for (uint64_t i = 0; i < slot.length; ++i) {
        out += i == 0 ? "" : format_.pretty ? ", " : ",";
        out += i == 0 && format_.pretty ? " " : "";
        append(out, column.children[0], slot.offset + i, depth);
      }
      out += format_.pretty ? " ]" : "]";
      return;
    }
    case TypeKind::map: {
      const ListSlot slot = column.list(row);
      out += '{';
      for (uint64_t i = 0; i < slot.length; ++i) {
        out += i == 0 ? "" : ",";
        break_line(out, depth + 1);
        std::string key;
        append_cell_text(column.children[0], slot.offset + i, *zone_, key);
        if (column.children[0].type.is(TypeKind::structure)) {
          // Spark writes structures as keys in the form of an internal row: [1,x].
          key = "[" + key.substr(1, key.size() - 2) + "]";
          for (size_t at = key.find(", "); at != std::string::npos; at = key.find(", ", at + 1)) {
            key.erase(at + 1, 1);
          }
        }
        append_json_string(out, key);
        out += format_.pretty ? " : " : ":";
        append(out, column.children[1], slot.offset + i, depth + 1);
      }
      if (slot.length > 0) {
        break_line(out, depth);
      } else if (format_.pretty) {
        out += ' ';
      }
      out += '}';
      return;
    }
    case TypeKind::structure: {
      std::vector<std::string_view> names;
      for (const StructField& field : type.fields()) {
        names.push_back(field.name);
      }
      return append_object(out, column.children, names, column.position(row), depth);
    }
    case TypeKind::variant:
      return VariantView::of(column, row).append_json(out, *zone_);
    case TypeKind::null:
      return;
  }
}

}  // namespace pyrite
