// Checks of configuration values: booleans, numbers, sizes, durations, choices, time zones.
#include "session/configuration_value.h"

#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>

#include "base/error.h"
#include "types/time_zone.h"

namespace pyrite {
namespace {

std::string trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

template <class Number>
bool is_number(std::string text) {
  text = trimmed(text);
  const char* begin = text.data() + (!text.empty() && text[0] == '+' ? 1 : 0);
  Number number;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// "10", "10k", "1.5g" is not allowed by Spark, "64MB" is.
bool has_number_and_unit(const std::string& given, std::initializer_list<std::string_view> units) {
  const std::string text = lower(trimmed(given));
  size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
  const size_t first = i;
  while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]))) {
    ++i;
  }
  const std::string_view unit = std::string_view(text).substr(i);
  return i > first && i - first < 19 && (unit.empty() || std::find(units.begin(), units.end(), unit) != units.end());
}

bool is_choice(std::string_view options, const std::string& value) {
  const std::string wanted = lower(value);
  for (size_t start = 0; start <= options.size();) {
    const size_t end = std::min(options.find(", ", start), options.size());
    if (lower(std::string(options.substr(start, end - start))) == wanted) {
      return true;
    }
    start = end + 2;
  }
  return false;
}

[[noreturn]] void refuse_type(const ConfigurationRow& row, const std::string& value, std::string_view type) {
  throw SparkError(ErrorKind::illegal_argument, "INVALID_CONF_VALUE.TYPE_MISMATCH",
                   {{"confName", std::string(row.key)}, {"confValue", value}, {"confType", std::string(type)}});
}

}  // namespace

void check_configuration_value(const ConfigurationRow& row, const std::string& value) {
  switch (row.kind) {
    case ConfigurationKind::text:
      return;
    case ConfigurationKind::boolean: {
      const std::string text = lower(trimmed(value));
      if (text != "true" && text != "false") {
        refuse_type(row, value, "boolean");
      }
      return;
    }
    case ConfigurationKind::integer:
      if (!is_number<int32_t>(value)) {
        refuse_type(row, value, "int");
      }
      return;
    case ConfigurationKind::long_integer:
      if (!is_number<int64_t>(value)) {
        refuse_type(row, value, "long");
      }
      return;
    case ConfigurationKind::floating:
      if (!is_number<double>(value)) {
        refuse_type(row, value, "double");
      }
      return;
    case ConfigurationKind::bytes:
      if (!has_number_and_unit(value, {"b", "k", "kb", "m", "mb", "g", "gb", "t", "tb", "p", "pb"})) {
        refuse_type(row, value, row.options);
      }
      return;
    case ConfigurationKind::duration:
      if (!has_number_and_unit(value, {"us", "ms", "s", "m", "min", "h", "d"})) {
        refuse_type(row, value, row.options);
      }
      return;
    case ConfigurationKind::choice:
      if (!is_choice(row.options, value)) {
        throw SparkError(
            ErrorKind::illegal_argument, "INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS",
            {{"confName", std::string(row.key)}, {"confValue", value}, {"confOptions", std::string(row.options)}});
      }
      return;
    case ConfigurationKind::time_zone:
      if (!TimeZone::find(value)) {
        throw SparkError(ErrorKind::illegal_argument, "INVALID_CONF_VALUE.TIME_ZONE",
                         {{"confName", std::string(row.key)}, {"confValue", value}});
      }
      return;
  }
}

bool configuration_flag(const std::string& value) { return lower(trimmed(value)) == "true"; }

std::string system_time_zone() {
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::detectHostTimeZone());
  icu::UnicodeString id;
  std::string text;
  if (zone) {
    zone->getID(id).toUTF8String(text);
  }
  return !text.empty() && TimeZone::find(text) ? text : "UTC";
}

}  // namespace pyrite
