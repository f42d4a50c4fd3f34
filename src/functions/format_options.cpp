// Options of text formats read as Spark reads them.
#include "functions/format_options.h"

#include <charconv>

#include "base/error.h"
#include "functions/number_text.h"

namespace pyrite {
namespace {

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

bool flag_option(const OptionLookup& option, std::string_view name, bool otherwise) {
  const std::optional<std::string> text = option(name);
  const std::optional<bool> value = text ? boolean_of(*text) : otherwise;
  if (!value) {
    throw SparkError::plain(ErrorKind::illegal_argument,
                            "The option " + std::string(name) + " is true or false, not \"" + *text + "\"");
  }
  return *value;
}

bool csv_flag_option(const OptionLookup& option, std::string_view name, bool otherwise) {
  const std::optional<std::string> text = option(name);
  const std::optional<bool> value = text ? boolean_of(*text) : otherwise;
  if (!value) {
    throw SparkError("_LEGACY_ERROR_TEMP_2147", {{"paramName", std::string(name)}});
  }
  return *value;
}

int32_t integer_option(const OptionLookup& option, std::string_view name, int32_t otherwise) {
  const std::optional<std::string> text = option(name);
  if (!text) {
    return otherwise;
  }
  std::string_view digits = *text;
  if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-') {
    digits.remove_prefix(1);
  }
  int32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    throw SparkError("_LEGACY_ERROR_TEMP_2146", {{"paramName", std::string(name)}, {"value", *text}});
  }
  return value;
}

double sampling_ratio_option(const OptionLookup& option) {
  const std::optional<std::string> text = option("samplingRatio");
  if (!text) {
    return 1;
  }
  const std::optional<double> ratio = parse_float64(trim_blanks(*text));
  if (!ratio) {
    throw SparkError::plain(ErrorKind::number_format, "The option samplingRatio is a number, not \"" + *text + "\"");
  }
  if (!(*ratio > 0)) {
    throw SparkError::plain(ErrorKind::illegal_argument,
                            "The option samplingRatio must be greater than 0, and " + *text + " is not");
  }
  return *ratio;
}

void check_locale_option(const OptionLookup& option) {
  const std::string locale = option("locale").value_or("en-US");
  const bool english = locale.size() >= 2 && (locale[0] | 0x20) == 'e' && (locale[1] | 0x20) == 'n';
  if (!english && (option("dateFormat") || option("timestampFormat") || option("timestampNTZFormat"))) {
    throw_unsupported("the locale " + locale + " of date and time patterns");
  }
}

std::optional<Charset> encoding_option(const OptionLookup& option, std::string_view reader) {
  std::optional<std::string> name = option("encoding");
  name = name ? name : option("charset");
  if (!name) {
    return std::nullopt;
  }
  const std::optional<Charset> charset = find_charset(*name);
  if (!charset) {
    throw SparkError(ErrorKind::illegal_argument, "INVALID_PARAMETER_VALUE.CHARSET",
                     {{"functionName", "`" + std::string(reader) + "`"},
                      {"parameter", "`charset`"},
                      {"charset", *name},
                      {"charsets", std::string(charset_names)}});
  }
  return charset;
}

}  // namespace pyrite
