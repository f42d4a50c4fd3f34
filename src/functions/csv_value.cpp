// CSV cells as values, and the types they suggest.
#include <limits>

#include "base/error.h"
#include "functions/csv_format.h"
#include "functions/number_text.h"
#include "types/coercion.h"
#include "types/datetime_text.h"

namespace pyrite {
namespace {

template <class T>
bool write_whole(std::string_view text, ColumnWriter& out, size_t row) {
  const std::optional<int64_t> value = parse_whole(text, false);
  if (!value || *value < std::numeric_limits<T>::min() || *value > std::numeric_limits<T>::max()) {
    return false;
  }
  out.set(row, static_cast<T>(*value));
  return true;
}

std::optional<double> number_of(const CsvFormat& format, std::string_view text) {
  if (text == format.nan_value) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (text == format.positive_infinity) {
    return std::numeric_limits<double>::infinity();
  }
  if (text == format.negative_infinity) {
    return -std::numeric_limits<double>::infinity();
  }
  return parse_float64(text);
}

std::optional<bool> boolean_of(std::string_view text) {
  std::string lower;
  for (const char c : text) {
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (lower == "true" || lower == "false") {
    return lower == "true";
  }
  return std::nullopt;
}

}  // namespace

CsvConverter::CsvConverter(const CsvFormat& format, const Type& type) : format_(format), type_(type) {
  if (type.is_nested() || type.is(TypeKind::binary)) {
    throw SparkError("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                     {{"columnName", ""}, {"columnType", "\"" + sql_string(type) + "\""}, {"format", "CSV"}});
  }
  if (type.is_datetime()) {
    moment_.emplace(type.is(TypeKind::date)        ? format.date_format
                    : type.is(TypeKind::timestamp) ? format.timestamp_format
                                                   : format.timestamp_ntz_format,
                    type.kind(), get_time_zone(format.time_zone), MomentPattern::Use::read);
  }
}

bool CsvConverter::write(const CsvCell& cell, ColumnWriter& out, size_t row) const {
  if (!cell.present) {
    out.set_null(row);
    return true;
  }
  const std::string_view text = cell.text;
  switch (type_.kind()) {
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      out.set_text(row, text);
      return true;
    case TypeKind::byte:
      return write_whole<int8_t>(text, out, row);
    case TypeKind::short_int:
      return write_whole<int16_t>(text, out, row);
    case TypeKind::integer:
      return write_whole<int32_t>(text, out, row);
    case TypeKind::long_int:
      return write_whole<int64_t>(text, out, row);
    case TypeKind::float32:
    case TypeKind::float64: {
      const std::optional<double> value = number_of(format_, text);
      if (!value) {
        return false;
      }
      if (type_.is(TypeKind::float32)) {
        out.set(row, static_cast<float>(*value));
      } else {
        out.set(row, *value);
      }
      return true;
    }
    case TypeKind::decimal: {
      Int128 value = 0;
      if (parse_decimal(text, type_.precision(), type_.scale(), value) != DecimalOutcome::ok) {
        return false;
      }
      out.set_decimal(row, value);
      return true;
    }
    case TypeKind::boolean: {
      const std::optional<bool> value = boolean_of(text);
      if (value) {
        out.set(row, *value);
      }
      return value.has_value();
    }
    case TypeKind::null:
      out.set_null(row);
      return true;
    default:
      return write_moment(text, out, row);
  }
}

bool CsvConverter::write_moment(std::string_view text, ColumnWriter& out, size_t row) const {
  std::optional<int64_t> value;
  switch (type_.kind()) {
    case TypeKind::date:
      value = moment_->parse(text);
      if (value) {
        out.set(row, static_cast<int32_t>(*value));
      }
      return value.has_value();
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
      value = moment_->parse(text);
      break;
    case TypeKind::time:
      value = parse_time(text);
      break;
    default:
      throw SparkError("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                       {{"columnName", ""}, {"columnType", "\"" + sql_string(type_) + "\""}, {"format", "CSV"}});
  }
  if (value) {
    out.set(row, *value);
  }
  return value.has_value();
}

CsvTypeInference::CsvTypeInference(const CsvFormat& format)
    : format_(format),
      timestamp_(format.timestamp_format, format.timestamp_ntz_format, format.time_zone, format.prefers_ntz) {
  if (format.date_format) {
    date_.emplace(format.date_format, TypeKind::date, get_time_zone(format.time_zone), MomentPattern::Use::read);
  }
}

bool CsvTypeInference::is_date(std::string_view text) const {
  if (date_) {
    return date_->parse(text).has_value();
  }
  return text.size() >= 8 && text.size() <= 10 && text.find_first_of("T ") == std::string_view::npos &&
         parse_date(text).has_value();
}

Type CsvTypeInference::timestamp_of(std::string_view text) const {
  const bool may_be = format_.timestamp_format || format_.timestamp_ntz_format ||
                      (text.size() >= 8 && text.find('-') != std::string_view::npos);
  return may_be ? timestamp_.type_of(text) : Type::null();
}

Type CsvTypeInference::narrowest(const CsvCell& cell) const {
  const std::string_view text = cell.text;
  const std::optional<int64_t> whole = parse_whole(text, false);
  if (whole && trim_blanks(text) == text) {
    return *whole >= INT32_MIN && *whole <= INT32_MAX ? Type::integer() : Type::long_int();
  }
  const bool digits = !text.empty() && text.find_first_not_of("0123456789+-") == std::string_view::npos;
  if (digits && text.size() <= 39 && text.size() > 18) {
    Int128 value = 0;
    if (parse_decimal(text, 38, 0, value) == DecimalOutcome::ok) {
      return Type::decimal(static_cast<int>(text.size() - (text[0] == '-' || text[0] == '+')), 0);
    }
  }
  if (number_of(format_, text)) {
    return Type::float64();
  }
  if (format_.prefer_date && is_date(text)) {
    return Type::date();
  }
  if (const Type timestamp = timestamp_of(text); !timestamp.is(TypeKind::null)) {
    return timestamp;
  }
  if (boolean_of(text)) {
    return Type::boolean();
  }
  return Type::string();
}

Type CsvTypeInference::widen(const Type& so_far, const CsvCell& cell) const {
  if (!cell.present || so_far.is(TypeKind::string)) {
    return so_far;
  }
  const Type found = narrowest(cell);
  if (so_far.is(TypeKind::null) || same_type(so_far, found)) {
    return found;
  }
  if (so_far.is_numeric() && found.is_numeric()) {
    if (so_far.is_floating() || found.is_floating()) {
      return Type::float64();
    }
    if (so_far.is(TypeKind::decimal) || found.is(TypeKind::decimal)) {
      const Type left = decimal_for(so_far);
      const Type right = decimal_for(found);
      return left.precision() >= right.precision() ? left : right;
    }
    return Type::long_int();
  }
  if (so_far.is_datetime() && found.is_datetime()) {
    if (!so_far.is(TypeKind::date) && !found.is(TypeKind::date)) {
      return Type::timestamp();
    }
    return format_.date_format ? Type::string() : so_far.is(TypeKind::date) ? found : so_far;
  }
  return Type::string();
}

}  // namespace pyrite
