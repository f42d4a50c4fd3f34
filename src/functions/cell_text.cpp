// Any value as text.
#include "functions/cell_text.h"

#include <charconv>

#include "base/error.h"
#include "functions/base64.h"
#include "functions/java_format.h"
#include "types/datetime_text.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

void append_integer(int64_t value, std::string& out) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, value);
  out.append(text, static_cast<size_t>(end.ptr - text));
}

void append_nullable(const ColumnView& column, size_t row, const TimeZone& zone, std::string& out, CellStyle style,
                     BinaryStyle binary) {
  if (column.is_null(row) || column.type.is(TypeKind::null)) {
    out += style == CellStyle::show ? "NULL" : "null";
  } else {
    append_cell_text(column, row, zone, out, style, binary);
  }
}

void append_hex(unsigned char byte, std::string& out) {
  static constexpr char digits[] = "0123456789ABCDEF";
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

void append_binary(std::string_view bytes, BinaryStyle style, std::string& out) {
  if (style == BinaryStyle::text) {
    out += bytes;
    return;
  }
  if (style == BinaryStyle::base64) {
    const std::string text = encode_base64(bytes, false);
    out += text.substr(0, text.find('='));
    return;
  }
  const bool list = style != BinaryStyle::hex;
  out += list ? "[" : "";
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (style == BinaryStyle::numbers) {
      out += i ? ", " : "";
      append_integer(static_cast<signed char>(bytes[i]), out);
    } else {
      out += i && list ? " " : "";
      append_hex(static_cast<unsigned char>(bytes[i]), out);
    }
  }
  out += list ? "]" : "";
}

}  // namespace

BinaryStyle binary_style(const SessionFacts& session) {
  const std::string_view name = session.conf("spark.sql.binaryOutputStyle", "HEX_DISCRETE");
  return name == "UTF-8"    ? BinaryStyle::text
         : name == "BASIC"  ? BinaryStyle::numbers
         : name == "BASE64" ? BinaryStyle::base64
         : name == "HEX"    ? BinaryStyle::hex
                            : BinaryStyle::hex_list;
}

void append_cell_text(const ColumnView& column, size_t row, const TimeZone& zone, std::string& out, CellStyle style,
                      BinaryStyle binary) {
  switch (column.type.kind()) {
    case TypeKind::null:
      out += style == CellStyle::show ? "NULL" : "null";
      return;
    case TypeKind::boolean:
      out += column.get<uint8_t>(row) ? "true" : "false";
      return;
    case TypeKind::byte:
      return append_integer(column.get<int8_t>(row), out);
    case TypeKind::short_int:
      return append_integer(column.get<int16_t>(row), out);
    case TypeKind::integer:
      return append_integer(column.get<int32_t>(row), out);
    case TypeKind::long_int:
      return append_integer(column.get<int64_t>(row), out);
    case TypeKind::float32:
      out += java_text(column.get<float>(row));
      return;
    case TypeKind::float64:
      out += java_text(column.get<double>(row));
      return;
    case TypeKind::decimal:
      out += decimal_text(column.decimal(row), column.type.scale());
      return;
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      out += column.text(row);
      return;
    case TypeKind::binary:
      if (style == CellStyle::show) {
        append_binary(column.text(row), binary, out);
      } else {
        out += column.text(row);
      }
      return;
    case TypeKind::date: {
      char text[datetime_text_size];
      out.append(text, format_date(column.get<int32_t>(row), text));
      return;
    }
    case TypeKind::time: {
      char text[datetime_text_size];
      out.append(text, format_time(column.get<int64_t>(row), text));
      return;
    }
    case TypeKind::timestamp:
      out += timestamp_text(column.get<int64_t>(row), zone);
      return;
    case TypeKind::timestamp_ntz:
      out += timestamp_ntz_text(column.get<int64_t>(row));
      return;
    case TypeKind::year_month_interval:
      out += year_month_text(column.get<int32_t>(row), column.type);
      return;
    case TypeKind::day_time_interval:
      out += day_time_text(column.get<int64_t>(row), column.type);
      return;
    case TypeKind::calendar_interval:
      out += calendar_interval_text(column.get<CalendarInterval>(row));
      return;
    case TypeKind::array: {
      const ListSlot slot = column.list(row);
      out += '[';
      for (uint64_t i = 0; i < slot.length; ++i) {
        out += i ? ", " : "";
        append_nullable(column.children[0], slot.offset + i, zone, out, style, binary);
      }
      out += ']';
      return;
    }
    case TypeKind::map: {
      const ListSlot slot = column.list(row);
      out += '{';
      for (uint64_t i = 0; i < slot.length; ++i) {
        out += i ? ", " : "";
        append_nullable(column.children[0], slot.offset + i, zone, out, style, binary);
        out += " -> ";
        append_nullable(column.children[1], slot.offset + i, zone, out, style, binary);
      }
      out += '}';
      return;
    }
    case TypeKind::structure: {
      const size_t at = column.position(row);
      out += '{';
      for (size_t i = 0; i < column.children.size(); ++i) {
        out += i ? ", " : "";
        append_nullable(column.children[i], at, zone, out, style, binary);
      }
      out += '}';
      return;
    }
    case TypeKind::variant:
      throw_unsupported("text of a variant inside another value");
  }
}

}  // namespace pyrite
