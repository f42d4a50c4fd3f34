// Options of JSON.
#include "functions/json_format.h"

namespace pyrite {
JsonFormat JsonFormat::read(const OptionLookup& option, const SessionFacts& session) {
  JsonFormat format;
  format.syntax.comments = flag_option(option, "allowComments", false);
  format.syntax.unquoted_names = flag_option(option, "allowUnquotedFieldNames", false);
  format.syntax.single_quotes = flag_option(option, "allowSingleQuotes", true);
  format.syntax.leading_zeros = flag_option(option, "allowNumericLeadingZeros", false);
  format.syntax.not_a_number = flag_option(option, "allowNonNumericNumbers", true);
  format.syntax.escape_any_character = flag_option(option, "allowBackslashEscapingAnyCharacter", false);
  format.syntax.control_characters = flag_option(option, "allowUnquotedControlChars", false);
  format.primitives_as_string = flag_option(option, "primitivesAsString", false);
  format.prefers_decimal = flag_option(option, "prefersDecimal", false);
  format.infer_timestamp = flag_option(option, "inferTimestamp", false);
  format.drop_field_if_all_null = flag_option(option, "dropFieldIfAllNull", false);
  format.ignore_null_fields = flag_option(option, "ignoreNullFields",
                                          session.conf("spark.sql.jsonGenerator.ignoreNullFields", "true") != "false");
  format.pretty = flag_option(option, "pretty", false);
  format.multi_line = flag_option(option, "multiLine", false);
  format.date_format = option("dateFormat");
  format.timestamp_format = option("timestampFormat");
  format.timestamp_ntz_format = option("timestampNTZFormat");
  format.prefers_ntz = prefers_timestamp_ntz(session);
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
  format.sampling_ratio = sampling_ratio_option(option);
  check_locale_option(option);
  format.encoding = encoding_option(option, "JSONOptions");
  return format;
}

}  // namespace pyrite
