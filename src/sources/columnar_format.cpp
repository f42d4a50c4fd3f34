// Spark's rules for the columnar formats that the host program provides (ORC).
#include "sources/columnar_format.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "sources/columnar_provider.h"
#include "sources/source_options.h"

namespace pyrite {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool is_number(const Type& type) { return type.is_numeric() || type.is(TypeKind::boolean); }

}  // namespace

bool is_provided(const std::string& format) { return format == "orc"; }

std::string orc_codec(const plan::Options& given, const SessionFacts& session) {
  const SourceOptions options(given);
  const std::string codec = lower_case(options.text(
      "compression", options.text("orc.compress", session.conf("spark.sql.orc.compression.codec", "zstd"))));
  if (codec == "uncompressed") {
    return "none";
  }
  for (const char* known : {"none", "snappy", "zlib", "lzo", "zstd", "lz4", "brotli"}) {
    if (codec == known) {
      return codec;
    }
  }
  throw SparkError(
      ErrorKind::illegal_argument, "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
      {{"codecName", codec}, {"availableCodecs", "brotli, uncompressed, lz4, lzo, snappy, zlib, none, zstd"}});
}

bool ignores_files(const plan::Options& options, const SessionFacts& session, const std::string& option) {
  return SourceOptions(options).flag(option, session.conf("spark.sql.files." + option, "false") == "true");
}

Type orc_storage(const Type& type) {
  switch (type.kind()) {
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
    case TypeKind::time:
      return Type::long_int();
    case TypeKind::year_month_interval:
      return Type::integer();
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return Type::string();
    default:
      return type;
  }
}

Conversion orc_conversion(const Type& file, const Type& wanted) {
  const auto both = [](Conversion left, Conversion right) {
    return left == Conversion::direct && right == Conversion::direct ? left : Conversion::refused;
  };
  if (file.is_nested() || wanted.is_nested()) {
    if (file.kind() != wanted.kind()) {
      return Conversion::refused;
    }
    if (file.is(TypeKind::array)) {
      return both(orc_conversion(file.element(), wanted.element()), Conversion::direct);
    }
    if (file.is(TypeKind::map)) {
      return both(orc_conversion(file.key(), wanted.key()), orc_conversion(file.value(), wanted.value()));
    }
    Conversion all = Conversion::direct;
    for (const StructField& field : wanted.fields()) {
      for (const StructField& there : file.fields()) {
        if (lower_case(there.name) == lower_case(field.name)) {
          all = both(all, orc_conversion(there.type, field.type));
        }
      }
    }
    return all;
  }
  const bool zoned = file.is(TypeKind::timestamp) && wanted.is(TypeKind::timestamp_ntz);
  const bool unzoned = file.is(TypeKind::timestamp_ntz) && wanted.is(TypeKind::timestamp);
  if (zoned || unzoned) {
    return Conversion::refused;
  }
  const Type from = orc_storage(file);
  const Type to = orc_storage(wanted);
  if (same_type(from, to) || (from.is_string() && (to.is_string() || to.is(TypeKind::binary)))) {
    return Conversion::direct;
  }
  if (from.is_integral() && (to.is_integral() || to.is_floating())) {
    return Conversion::direct;
  }
  if (from.is(TypeKind::float32) && to.is(TypeKind::float64)) {
    return Conversion::direct;
  }
  if (!same_type(to, wanted)) {
    return Conversion::refused;
  }
  const bool numbers = is_number(from) && is_number(to) && !(from.is_floating() && to.is(TypeKind::boolean));
  const bool text_of =
      to.is_string() && (from.is_integral() || from.is(TypeKind::float64) || from.is(TypeKind::decimal) ||
                         from.is(TypeKind::date) || from.is(TypeKind::timestamp));
  const bool number_of = from.is_string() && to.is_numeric();
  const bool moments = (from.is(TypeKind::date) && to.is(TypeKind::timestamp)) ||
                       (from.is(TypeKind::timestamp) && (to.is(TypeKind::date) || to.is_numeric())) ||
                       (is_number(from) && to.is(TypeKind::timestamp));
  return numbers || text_of || number_of || moments ? Conversion::convert : Conversion::refused;
}

}  // namespace pyrite
