// Options of JSON.
#include "functions/json_format.h"

#include "base/error.h"

namespace pyrite {
namespace {

bool flag(const OptionLookup& option, std::string_view name, bool otherwise) {
  const auto value = option(name);
  if (!value) {
    return otherwise;
  }
  std::string lower;
  for (const char c : *value) {
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (lower != "true" && lower != "false") {
    throw SparkError(ErrorKind::illegal_argument, "INTERNAL_ERROR",
                     {{"message", std::string(name) + " can be true or false, not " + *value}});
  }
  return lower == "true";
}

}  // namespace

JsonFormat JsonFormat::read(const OptionLookup& option, const SessionFacts& session) {
  JsonFormat format;
  format.syntax.comments = flag(option, "allowComments", false);
  format.syntax.unquoted_names = flag(option, "allowUnquotedFieldNames", false);
  format.syntax.single_quotes = flag(option, "allowSingleQuotes", true);
  format.syntax.leading_zeros = flag(option, "allowNumericLeadingZeros", false);
  format.syntax.not_a_number = flag(option, "allowNonNumericNumbers", true);
  format.syntax.escape_any_character = flag(option, "allowBackslashEscapingAnyCharacter", false);
  format.syntax.control_characters = flag(option, "allowUnquotedControlChars", false);
  format.primitives_as_string = flag(option, "primitivesAsString", false);
  format.prefers_decimal = flag(option, "prefersDecimal", false);
  format.infer_timestamp = flag(option, "inferTimestamp", false);
  format.drop_field_if_all_null = flag(option, "dropFieldIfAllNull", false);
  format.ignore_null_fields =
      flag(option, "ignoreNullFields", session.conf("spark.sql.jsonGenerator.ignoreNullFields", "true") != "false");
  format.pretty = flag(option, "pretty", false);
  format.multi_line = flag(option, "multiLine", false);
  format.date_format = option("dateFormat");
  format.timestamp_format = option("timestampFormat");
  format.timestamp_ntz_format = option("timestampNTZFormat");
  format.time_zone = option("timeZone").value_or(session.time_zone);
  format.line_separator = option("lineSep");
  if (const auto mode = option("mode")) {
    format.mode_name.clear();
    for (const char c : *mode) {
      format.mode_name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    format.mode = format.mode_name == "FAILFAST"        ? ParseMode::fail_fast
                  : format.mode_name == "DROPMALFORMED" ? ParseMode::drop_malformed
                                                        : ParseMode::permissive;
  }
  format.corrupt_column =
      option("columnNameOfCorruptRecord")
          .value_or(std::string(session.conf("spark.sql.columnNameOfCorruptRecord", "_corrupt_record")));
  if (const auto ratio = option("samplingRatio")) {
    format.sampling_ratio = std::stod(*ratio);
  }
  return format;
}

}  // namespace pyrite
