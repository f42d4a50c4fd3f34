// The errors of casts.
#include "functions/cast_error.h"

#include "base/error.h"
#include "functions/literal_text.h"

namespace pyrite {
namespace {

std::string quoted(const Type& type) { return "\"" + sql_string(type) + "\""; }

constexpr const char* ansi_config = "\"spark.sql.ansi.enabled\"";

/// The value in messages: NaN and the infinities stand bare.
std::string shown(const Value& value, const Type& type) {
  const std::string text = literal_sql(value, type, "UTC");
  if (!type.is_floating() || !text.starts_with("CAST(")) {
    return text;
  }
  const std::string bare = literal_pretty(value, type, "UTC");
  return bare;
}

}  // namespace

void throw_cast_invalid(std::string_view text, const Type& from, const Type& to) {
  const bool moment = to.is_datetime() || to.is(TypeKind::time);
  const ErrorKind kind = to.is_numeric() ? ErrorKind::number_format
                         : moment        ? ErrorKind::date_time
                                         : ErrorKind::runtime;
  throw SparkError(kind, "CAST_INVALID_INPUT",
                   {{"expression", quote_string(text)},
                    {"sourceType", quoted(from)},
                    {"targetType", quoted(to)},
                    {"ansiConfig", ansi_config}});
}

void throw_cast_overflow(const Value& value, const Type& from, const Type& to) {
  throw SparkError("CAST_OVERFLOW", {{"value", shown(value, from)},
                                     {"sourceType", quoted(from)},
                                     {"targetType", quoted(to)},
                                     {"ansiConfig", ansi_config}});
}

void throw_decimal_overflow(std::string value, const Type& decimal) {
  throw SparkError("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", {{"value", std::move(value)},
                                                                  {"precision", std::to_string(decimal.precision())},
                                                                  {"scale", std::to_string(decimal.scale())},
                                                                  {"config", ansi_config}});
}

}  // namespace pyrite
