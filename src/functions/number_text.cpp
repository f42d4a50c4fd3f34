// Numbers read from text as Java and Spark read them.
#include "functions/number_text.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace pyrite {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_blank(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) {
      return false;
    }
  }
  return true;
}

template <class T>
std::optional<T> named_number(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  } else if (equals_ignoring_case(text, "nan")) {
    return std::numeric_limits<T>::quiet_NaN();
  }
  if (equals_ignoring_case(text, "inf") || equals_ignoring_case(text, "infinity")) {
    return negative ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
  }
  return std::nullopt;
}

/// "digits[.digits][e[±]digits]" with a digit somewhere before the exponent.
bool is_plain_number(std::string_view text) {
  size_t at = 0;
  size_t digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    ++digits;
  }
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && is_digit(text[at]); ++at) {
      ++digits;
    }
  }
  if (digits == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
      ++at;
    }
    const size_t start = at;
    for (; at < text.size() && is_digit(text[at]); ++at) {
    }
    if (at == start) {
      return false;
    }
  }
  return at == text.size();
}

/// Where from_chars reports a number out of range, it is either huge or tiny.
bool is_tiny(std::string_view text) {
  const size_t exponent = text.find_first_of("eEpP");
  if (exponent != std::string_view::npos) {
    return exponent + 1 < text.size() && text[exponent + 1] == '-';
  }
  for (const char c : text) {
    if (c == '.') {
      return true;
    }
    if (c != '0') {
      return false;
    }
  }
  return true;
}

template <class T>
std::optional<T> parse_floating(std::string_view text) {
  text = trim_blanks(text);
  if (const auto named = named_number<T>(text)) {
    return named;
  }
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const bool hexadecimal = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (!text.empty()) {
    const char last = text.back();
    if (last == 'd' || last == 'D' || last == 'f' || last == 'F') {
      if (!hexadecimal || text.find_first_of("pP") != std::string_view::npos) {
        text.remove_suffix(1);
      }
    }
  }
  T value = 0;
  std::from_chars_result result{};
  if (hexadecimal) {
    if (text.find_first_of("pP") == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(2);
    result = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::hex);
  } else {
    if (!is_plain_number(text)) {
      return std::nullopt;
    }
    result = std::from_chars(text.data(), text.data() + text.size(), value);
  }
  if (result.ec == std::errc::result_out_of_range) {
    value = is_tiny(text) ? T{0} : std::numeric_limits<T>::infinity();
  } else if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

template <class T>
T nearest(Int128 unscaled, int scale) {
  const std::string text = decimal_text(unscaled, scale);
  T value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<int64_t> parse_whole(std::string_view text, bool allow_fraction) {
  text = trim_blanks(text);
  if (text.empty()) {
    return std::nullopt;
  }
  const bool negative = text[0] == '-';
  size_t at = negative || text[0] == '+' ? 1 : 0;
  if (at == text.size()) {
    return std::nullopt;
  }
  int64_t value = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && allow_fraction) {
      ++at;
      break;
    }
    if (!is_digit(text[at]) || __builtin_mul_overflow(value, int64_t{10}, &value) ||
        __builtin_sub_overflow(value, int64_t{text[at] - '0'}, &value)) {
      return std::nullopt;
    }
  }
  for (; at < text.size(); ++at) {
    if (!is_digit(text[at])) {
      return std::nullopt;
    }
  }
  if (negative) {
    return value;
  }
  return value == std::numeric_limits<int64_t>::min() ? std::nullopt : std::optional<int64_t>(-value);
}

std::optional<double> parse_float64(std::string_view text) { return parse_floating<double>(text); }
std::optional<float> parse_float32(std::string_view text) { return parse_floating<float>(text); }

std::optional<Int128> rescale_decimal(Int128 unscaled, int from_scale, int to_precision, int to_scale) {
  if (to_scale > from_scale) {
    const int up = to_scale - from_scale;
    if (up > 38) {
      return unscaled == 0 ? std::optional<Int128>(0) : std::nullopt;
    }
    if (__builtin_mul_overflow(unscaled, power_of_ten(up), &unscaled)) {
      return std::nullopt;
    }
  } else if (to_scale < from_scale) {
    const int down = from_scale - to_scale;
    if (down > 38) {
      return 0;
    }
    const Int128 divisor = power_of_ten(down);
    const Int128 rest = unscaled % divisor;
    unscaled /= divisor;
    const Int128 magnitude = rest < 0 ? -rest : rest;
    if (magnitude >= divisor - magnitude) {
      unscaled += rest < 0 ? -1 : 1;
    }
  }
  const Int128 limit = power_of_ten(to_precision);
  return unscaled < limit && unscaled > -limit ? std::optional<Int128>(unscaled) : std::nullopt;
}

DecimalOutcome parse_decimal(std::string_view text, int precision, int scale, Int128& out) {
  text = trim_blanks(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (!is_plain_number(text)) {
    return DecimalOutcome::malformed;
  }
  std::string digits;
  int64_t point = -1;
  int64_t exponent = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      point = static_cast<int64_t>(digits.size());
    } else if (is_digit(text[i])) {
      digits += text[i];
    } else {
      const std::string_view rest = text.substr(i + (i + 1 < text.size() && text[i + 1] == '+' ? 2 : 1));
      const auto result = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
      if (result.ec != std::errc() || exponent > std::numeric_limits<int32_t>::max() ||
          exponent < -std::numeric_limits<int32_t>::max()) {
        return DecimalOutcome::malformed;
      }
      break;
    }
  }
  // value = 0.digits × 10^whole
  int64_t whole = (point < 0 ? static_cast<int64_t>(digits.size()) : point) + exponent;
  const size_t leading = std::min(digits.find_first_not_of('0'), digits.size());
  digits.erase(0, leading);
  whole -= static_cast<int64_t>(leading);
  out = 0;
  if (digits.empty()) {
    return DecimalOutcome::ok;
  }
  if (whole > 38) {
    return DecimalOutcome::unsupported;
  }
  const int64_t kept = whole + scale;
  if (kept > 38) {
    return DecimalOutcome::overflow;
  }
  if (kept < 0) {
    return DecimalOutcome::ok;
  }
  for (int64_t i = 0; i < kept; ++i) {
    out = out * 10 + (i < static_cast<int64_t>(digits.size()) ? digits[static_cast<size_t>(i)] - '0' : 0);
  }
  if (kept < static_cast<int64_t>(digits.size()) && digits[static_cast<size_t>(kept)] >= '5') {
    ++out;
  }
  if (out >= power_of_ten(precision)) {
    return DecimalOutcome::overflow;
  }
  if (negative) {
    out = -out;
  }
  return DecimalOutcome::ok;
}

double decimal_to_float64(Int128 unscaled, int scale) {
  static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr Int128 exact = Int128{1} << 53;
  if (unscaled <= exact && unscaled >= -exact && scale >= 0 && scale <= 22) {
    return static_cast<double>(static_cast<int64_t>(unscaled)) / powers[scale];
  }
  return nearest<double>(unscaled, scale);
}

float decimal_to_float32(Int128 unscaled, int scale) { return nearest<float>(unscaled, scale); }

}  // namespace pyrite
