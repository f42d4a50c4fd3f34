// Values as SQL text.
#include "functions/literal_text.h"

#include <cmath>

#include "functions/java_format.h"
#include "types/datetime_text.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

std::string hex_text(const std::string& bytes) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out = "X'";
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out + "'";
}

/// NaN and the infinities have no literal of their own.
std::string floating_sql(double value, std::string text, const char* type, const char* suffix) {
  if (std::isnan(value) || std::isinf(value)) {
    return std::string("CAST('") +
           (std::isnan(value) ? "NaN"
            : value > 0       ? "Infinity"
                              : "-Infinity") +
           "' AS " + type + ")";
  }
  return suffix ? text + suffix : "CAST(" + text + " AS " + type + ")";
}

/// BigDecimal.toString: small numbers in scientific notation.
std::string java_decimal(Int128 unscaled, int scale) {
  std::string digits = decimal_text(unscaled < 0 ? -unscaled : unscaled, 0);
  const int exponent = static_cast<int>(digits.size()) - 1 - scale;
  if (exponent >= -6) {
    return decimal_text(unscaled, scale);
  }
  if (digits.size() > 1) {
    digits.insert(1, ".");
  }
  return (unscaled < 0 ? "-" : "") + digits + "E" + std::to_string(exponent);
}

std::string timestamp_in(int64_t micros, const std::string& time_zone) {
  const TimeZonePtr zone = TimeZone::find(time_zone);
  return timestamp_text(micros, zone ? *zone : *TimeZone::find("UTC"));
}

}  // namespace

std::string quote_string(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\\' || c == '\'') {
      out += '\\';
    }
    out += c;
  }
  return out + "'";
}

std::string literal_sql(const Value& value, const Type& type, const std::string& time_zone) {
  if (value.is_null()) {
    return type.is(TypeKind::null) ? "NULL" : "CAST(NULL AS " + sql_string(type) + ")";
  }
  switch (type.kind()) {
    case TypeKind::null:
      return "NULL";
    case TypeKind::boolean:
      return value.boolean() ? "true" : "false";
    case TypeKind::byte:
      return std::to_string(value.integer()) + "Y";
    case TypeKind::short_int:
      return std::to_string(value.integer()) + "S";
    case TypeKind::integer:
      return std::to_string(value.integer());
    case TypeKind::long_int:
      return std::to_string(value.integer()) + "L";
    case TypeKind::float32:
      return floating_sql(value.float32(), java_text(value.float32()), "FLOAT", nullptr);
    case TypeKind::float64:
      return floating_sql(value.float64(), java_text(value.float64()), "DOUBLE", "D");
    case TypeKind::decimal:
      return decimal_text(value.decimal(), type.scale()) + "BD";
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return quote_string(value.text());
    case TypeKind::binary:
      return hex_text(value.text());
    case TypeKind::date:
      return "DATE '" + date_text(value.integer()) + "'";
    case TypeKind::time:
      return "TIME '" + time_text(value.integer() / 1) + "'";
    case TypeKind::timestamp:
      return "TIMESTAMP '" + timestamp_in(value.integer(), time_zone) + "'";
    case TypeKind::timestamp_ntz:
      return "TIMESTAMP_NTZ '" + timestamp_ntz_text(value.integer()) + "'";
    case TypeKind::year_month_interval:
      return year_month_text(static_cast<int32_t>(value.integer()), type);
    case TypeKind::day_time_interval:
      return day_time_text(value.integer(), type);
    case TypeKind::calendar_interval:
      return "INTERVAL '" + calendar_interval_text(value.interval()) + "'";
    case TypeKind::array: {
      std::string out = "ARRAY(";
      for (const Value& element : value.list()) {
        out += (out.back() == '(' ? "" : ", ") + literal_sql(element, type.element(), time_zone);
      }
      return out + ")";
    }
    case TypeKind::map: {
      std::string keys = "MAP(";
      for (const auto& [key, item] : value.pairs()) {
        keys += (keys.back() == '(' ? "" : ", ") + literal_sql(key, type.key(), time_zone) + ", " +
                literal_sql(item, type.value(), time_zone);
      }
      return keys + ")";
    }
    case TypeKind::structure: {
      std::string out = "NAMED_STRUCT(";
      for (size_t i = 0; i < type.fields().size(); ++i) {
        out += (i ? ", " : "") + quote_string(type.fields()[i].name) + ", " +
               literal_sql(value.list()[i], type.fields()[i].type, time_zone);
      }
      return out + ")";
    }
    case TypeKind::variant:
      return "PARSE_JSON(…)";
  }
  return {};
}

std::string literal_pretty(const Value& value, const Type& type, const std::string& time_zone) {
  if (value.is_null()) {
    return "NULL";
  }
  switch (type.kind()) {
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return value.text();
    case TypeKind::byte:
    case TypeKind::short_int:
    case TypeKind::integer:
    case TypeKind::long_int:
      return std::to_string(value.integer());
    case TypeKind::float32:
      return java_text(value.float32());
    case TypeKind::float64:
      return java_text(value.float64());
    case TypeKind::decimal:
      return java_decimal(value.decimal(), type.scale());
    default:
      return literal_sql(value, type, time_zone);
  }
}

}  // namespace pyrite
