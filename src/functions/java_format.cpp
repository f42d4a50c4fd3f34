// Java's Formatter, by conversion: general, character, integral and floating point.
#include "functions/java_format.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "functions/hash_algorithms.h"
#include "functions/string_limits.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

struct Specifier {
  std::string text;
  int index = 0;  ///< from 1; 0: the next one; -1: the one before
  std::string flags;
  int width = -1;
  int precision = -1;
  char conversion = 0;
  bool upper = false;
  bool has(char flag) const { return flags.find(flag) != std::string::npos; }
};

std::string upper_text(std::string text) {
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return text;
}

std::string justify(const Specifier& spec, std::string text) {
  const int missing = spec.width - static_cast<int>(utf8::count(text));
  if (missing > 0) {
    text = spec.has('-') ? text + std::string(static_cast<size_t>(missing), ' ')
                         : std::string(static_cast<size_t>(missing), ' ') + text;
  }
  return spec.upper ? upper_text(std::move(text)) : text;
}

/// Sign, zero padding and parentheses around the digits of a number.
std::string finish_number(const Specifier& spec, std::string digits, bool negative, std::string_view prefix = {}) {
  if (spec.has(',')) {
    const size_t point = std::min(digits.find('.'), digits.size());
    for (size_t at = point; at > 3; at -= 3) {
      digits.insert(at - 3, ",");
    }
  }
  std::string before = negative ? (spec.has('(') ? "(" : "-") : spec.has('+') ? "+" : spec.has(' ') ? " " : "";
  before += prefix;
  const std::string after = negative && spec.has('(') ? ")" : "";
  if (spec.has('0')) {
    const int missing = spec.width - static_cast<int>(before.size() + digits.size() + after.size());
    digits.insert(0, static_cast<size_t>(std::max(missing, 0)), '0');
  }
  return justify(spec, before + digits + after);
}

const char* java_class(const Type& type) {
  switch (type.kind()) {
    case TypeKind::boolean:
      return "java.lang.Boolean";
    case TypeKind::byte:
      return "java.lang.Byte";
    case TypeKind::short_int:
      return "java.lang.Short";
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return "java.lang.Integer";
    case TypeKind::long_int:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return "java.lang.Long";
    case TypeKind::float32:
      return "java.lang.Float";
    case TypeKind::float64:
      return "java.lang.Double";
    case TypeKind::decimal:
      return "org.apache.spark.sql.types.Decimal";
    case TypeKind::binary:
      return "[B";
    default:
      return "org.apache.spark.unsafe.types.UTF8String";
  }
}

[[noreturn]] void mismatch(const Specifier& spec, const Type& type) {
  throw_illegal_argument(std::string(1, spec.conversion) + " != " + java_class(type));
}

/// Bits of the integral type the value came as; 0: not integral.
int integral_bits(const Type& type) {
  switch (type.kind()) {
    case TypeKind::byte:
      return 8;
    case TypeKind::short_int:
      return 16;
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return 32;
    case TypeKind::long_int:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return 64;
    default:
      return 0;
  }
}

std::string general_text(const Type& type, const Value& value) {
  if (value.is_null()) {
    return "null";
  }
  switch (type.kind()) {
    case TypeKind::boolean:
      return value.boolean() ? "true" : "false";
    case TypeKind::float32:
      return java_text(value.float32());
    case TypeKind::float64:
      return java_text(value.float64());
    case TypeKind::decimal:
      return decimal_text(value.decimal(), type.scale());
    default:
      break;
  }
  if (integral_bits(type)) {
    return std::to_string(value.integer());
  }
  if (std::holds_alternative<std::string>(value.storage())) {
    return value.text();
  }
  throw_unsupported("format_string of " + simple_string(type));
}

std::string integral(const Specifier& spec, const Type& type, const Value& value) {
  const int bits = integral_bits(type);
  if (bits == 0) {
    mismatch(spec, type);
  }
  const int64_t number = value.integer();
  if (spec.conversion == 'd') {
    const uint64_t magnitude = number < 0 ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
    return finish_number(spec, std::to_string(magnitude), number < 0);
  }
  uint64_t pattern = static_cast<uint64_t>(number);
  if (bits < 64) {
    pattern &= (uint64_t{1} << bits) - 1;
  }
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, spec.conversion == 'x' ? "%llx" : "%llo",
                static_cast<unsigned long long>(pattern));
  Specifier plain = spec;
  std::erase(plain.flags, ',');
  return finish_number(plain, buffer, false, spec.has('#') ? (spec.conversion == 'x' ? "0x" : "0") : "");
}

std::string fixed_digits(DecimalDigits number, int precision) {
  number.round_to(number.exponent + precision);
  std::string whole = number.exponent > 0 ? number.digits.substr(0, static_cast<size_t>(number.exponent)) : "0";
  whole.resize(std::max<size_t>(whole.size(), static_cast<size_t>(std::max(number.exponent, 1))), '0');
  if (precision == 0) {
    return whole;
  }
  std::string fraction(static_cast<size_t>(std::max(-number.exponent, 0)), '0');
  if (static_cast<size_t>(std::max(number.exponent, 0)) < number.digits.size()) {
    fraction += number.digits.substr(static_cast<size_t>(std::max(number.exponent, 0)));
  }
  fraction.resize(static_cast<size_t>(precision), '0');
  return whole + "." + fraction;
}

std::string scientific_digits(DecimalDigits number, int precision, bool zero) {
  number.round_to(precision + 1);
  const int exponent = zero ? 0 : number.exponent - 1;
  std::string digits = number.digits;
  digits.resize(static_cast<size_t>(precision) + 1, '0');
  std::string out(1, digits[0]);
  if (precision > 0) {
    out += "." + digits.substr(1);
  }
  char tail[16];
  std::snprintf(tail, sizeof tail, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
  return out + tail;
}

std::string hexadecimal(double value, int precision) {
  char buffer[64];
  if (precision < 0) {
    std::snprintf(buffer, sizeof buffer, "%a", value);
  } else {
    std::snprintf(buffer, sizeof buffer, "%.*a", std::clamp(precision, 1, 20), value);
  }
  std::string text(buffer);
  const size_t power = text.find('p');
  if (text[power + 1] == '+') {
    text.erase(power + 1, 1);
  }
  if (text.find('.') == std::string::npos) {
    text.insert(text.find('p'), ".0");
  }
  return text;
}

std::string floating(const Specifier& spec, const Type& type, const Value& value) {
  if (!type.is_floating()) {
    mismatch(spec, type);
  }
  const bool single = type.is(TypeKind::float32);
  const double number = single ? value.float32() : value.float64();
  if (std::isnan(number)) {
    return justify(spec, "NaN");
  }
  const bool negative = std::signbit(number);
  if (std::isinf(number)) {
    Specifier plain = spec;
    std::erase_if(plain.flags, [](char c) { return c == '0' || c == ','; });
    return finish_number(plain, "Infinity", negative);
  }
  const double magnitude = std::fabs(number);
  if (spec.conversion == 'a') {
    return finish_number(spec, hexadecimal(magnitude, spec.precision), negative);
  }
  DecimalDigits digits = single ? shortest_digits(static_cast<float>(magnitude)) : shortest_digits(magnitude);
  int precision = spec.precision < 0 ? 6 : spec.precision;
  check_text_size(static_cast<uint64_t>(precision));
  if (spec.conversion == 'f') {
    return finish_number(spec, fixed_digits(digits, precision), negative);
  }
  if (spec.conversion == 'e') {
    return finish_number(spec, scientific_digits(digits, precision, magnitude == 0), negative);
  }
  precision = std::max(precision, 1);
  if (magnitude == 0) {
    return finish_number(spec, fixed_digits(digits, precision - 1), negative);
  }
  DecimalDigits rounded = digits;
  rounded.round_to(precision);
  if (rounded.exponent - 1 < -4 || rounded.exponent - 1 >= precision) {
    return finish_number(spec, scientific_digits(digits, precision - 1, false), negative);
  }
  return finish_number(spec, fixed_digits(digits, precision - rounded.exponent), negative);
}

std::string format_one(const Specifier& spec, const Type& type, const Value& value) {
  switch (spec.conversion) {
    case 's':
    case 'b':
    case 'h': {
      std::string text;
      if (spec.conversion == 's') {
        text = general_text(type, value);
      } else if (spec.conversion == 'b') {
        text = value.is_null() ? "false" : type.is(TypeKind::boolean) ? (value.boolean() ? "true" : "false") : "true";
      } else {
        char buffer[16] = "null";
        if (!value.is_null()) {
          std::snprintf(buffer, sizeof buffer, "%x", static_cast<unsigned>(java_hash_code(type, value)));
        }
        text = buffer;
      }
      if (spec.has('#')) {
        throw_illegal_argument("Conversion = " + std::string(1, spec.conversion) + ", Flags = #");
      }
      if (spec.precision >= 0) {
        text = std::string(utf8::slice(text, 0, spec.precision));
      }
      return justify(spec, std::move(text));
    }
    case 'c': {
      if (value.is_null()) {
        return justify(spec, "null");
      }
      const int bits = integral_bits(type);
      if (bits == 0 || bits == 64) {
        mismatch(spec, type);
      }
      const int64_t code = value.integer();
      if (code < 0 || code > 0x10FFFF) {
        throw_illegal_argument("Code point = 0x" + [&] {
          char buffer[16];
          std::snprintf(buffer, sizeof buffer, "%x", static_cast<unsigned>(code));
          return std::string(buffer);
        }());
      }
      std::string text;
      utf8::append(text, static_cast<char32_t>(code));
      return justify(spec, std::move(text));
    }
    case 'd':
    case 'o':
    case 'x':
      return value.is_null() ? justify(spec, "null") : integral(spec, type, value);
    case 'e':
    case 'f':
    case 'g':
    case 'a':
      return value.is_null() ? justify(spec, "null") : floating(spec, type, value);
    default:
      throw_illegal_argument("Conversion = '" +
                             std::string(1, spec.upper ? static_cast<char>(spec.conversion - 32) : spec.conversion) +
                             "'");
  }
}

int read_number(std::string_view text, size_t& at) {
  int64_t number = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    number = std::min<int64_t>(number * 10 + (text[at++] - '0'), 0x7FFFFFFF);
  }
  return static_cast<int>(number);
}

Specifier read_specifier(std::string_view pattern, size_t& at) {
  const size_t start = at++;
  Specifier spec;
  size_t digits = at;
  const int number = read_number(pattern, digits);
  if (digits > at && digits < pattern.size() && pattern[digits] == '$') {
    spec.index = number;
    at = digits + 1;
  }
  while (at < pattern.size() && std::string_view("-#+ 0,(<").find(pattern[at]) != std::string_view::npos) {
    if (pattern[at] == '<') {
      spec.index = -1;
    } else if (spec.has(pattern[at])) {
      throw_illegal_argument("Flags = '" + std::string(1, pattern[at]) + "'");
    } else {
      spec.flags += pattern[at];
    }
    ++at;
  }
  digits = at;
  const int width = read_number(pattern, digits);
  if (digits > at) {
    spec.width = width;
    at = digits;
    check_text_size(static_cast<uint64_t>(width));
  }
  if (at < pattern.size() && pattern[at] == '.') {
    digits = ++at;
    spec.precision = read_number(pattern, digits);
    if (digits == at) {
      throw_illegal_argument("Conversion = '.'");
    }
    at = digits;
  }
  if (at >= pattern.size()) {
    throw_illegal_argument("Conversion = '%'");
  }
  const char conversion = pattern[at++];
  spec.text = std::string(pattern.substr(start, at - start));
  spec.upper = conversion >= 'A' && conversion <= 'Z';
  spec.conversion = spec.upper ? static_cast<char>(conversion + 32) : conversion;
  if (spec.upper && std::string_view("BHSCXEGAT").find(conversion) == std::string_view::npos) {
    throw_illegal_argument("Conversion = '" + std::string(1, conversion) + "'");
  }
  if (spec.width < 0 && (spec.has('-') || spec.has('0'))) {
    throw_illegal_argument(spec.text);
  }
  if (spec.has('-') && spec.has('0')) {
    throw_illegal_argument("Flags = '" + spec.flags + "'");
  }
  if (spec.precision >= 0 && std::string_view("cdox").find(spec.conversion) != std::string_view::npos) {
    throw_illegal_argument(std::to_string(spec.precision));
  }
  return spec;
}

template <class T>
DecimalDigits digits_of(T value) {
  if (value == 0) {
    return {"0", 1};
  }
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  const size_t mark = text.find('e');
  DecimalDigits out;
  for (const char c : text.substr(0, mark)) {
    if (c != '.') {
      out.digits += c;
    }
  }
  out.exponent = std::atoi(std::string(text.substr(mark + 1)).c_str()) + 1;
  return out;
}

template <class T>
std::string text_of(T value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  const std::string sign = std::signbit(value) ? "-" : "";
  const T magnitude = std::fabs(value);
  if (std::isinf(value)) {
    return sign + "Infinity";
  }
  if (value == 0) {
    return sign + "0.0";
  }
  const DecimalDigits number = digits_of(magnitude);
  if (magnitude >= T(1e-3) && magnitude < T(1e7)) {
    const int fraction = static_cast<int>(number.digits.size()) - number.exponent;
    return sign + fixed_digits(number, std::max(fraction, 1));
  }
  std::string fraction = number.digits.substr(1);
  return sign + number.digits[0] + "." + (fraction.empty() ? "0" : fraction) + "E" +
         std::to_string(number.exponent - 1);
}

}  // namespace

void DecimalDigits::round_to(int count) {
  if (count < 0) {
    digits = "";
    return;
  }
  if (static_cast<size_t>(count) >= digits.size()) {
    return;
  }
  const bool up = digits[static_cast<size_t>(count)] >= '5';
  digits.resize(static_cast<size_t>(count));
  if (!up) {
    return;
  }
  for (int i = count - 1; i >= 0; --i) {
    if (digits[static_cast<size_t>(i)] != '9') {
      ++digits[static_cast<size_t>(i)];
      return;
    }
    digits[static_cast<size_t>(i)] = '0';
  }
  digits.insert(0, "1");
  ++exponent;
}

DecimalDigits shortest_digits(double value) { return digits_of(value); }
DecimalDigits shortest_digits(float value) { return digits_of(value); }
std::string java_text(double value) { return text_of(value); }
std::string java_text(float value) { return text_of(value); }

std::string java_format(std::string_view pattern, std::span<const Type> types, std::span<const Value> values) {
  std::string out;
  size_t next = 0;
  int64_t last = -1;
  for (size_t at = 0; at < pattern.size();) {
    const size_t percent = pattern.find('%', at);
    out += pattern.substr(at, percent - at);
    if (percent == std::string_view::npos) {
      break;
    }
    at = percent;
    const Specifier spec = read_specifier(pattern, at);
    if (spec.conversion == '%') {
      out += justify(spec, "%");
      continue;
    }
    if (spec.conversion == 'n') {
      out += '\n';
      continue;
    }
    int64_t index = spec.index > 0 ? spec.index - 1 : spec.index < 0 ? last : static_cast<int64_t>(next++);
    if (spec.conversion == 't') {
      throw_unsupported("date conversions of format_string");
    }
    if (index < 0 || index >= static_cast<int64_t>(values.size())) {
      throw_illegal_argument("Format specifier '" + spec.text + "'");
    }
    last = index;
    out += format_one(spec, types[static_cast<size_t>(index)], values[static_cast<size_t>(index)]);
    check_text_size(out.size());
  }
  return out;
}

}  // namespace pyrite
