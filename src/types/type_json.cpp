// Types as JSON, in the form that Spark writes schemas in: to text and back.
#include <simdjson.h>

#include <optional>
#include <span>

#include "base/error.h"
#include "types/type.h"

namespace pyrite {
namespace {

constexpr const char* collations_key = "__COLLATIONS";

void append_quoted(std::string_view text, std::string& out) {
  static constexpr char hex[] = "0123456789ABCDEF";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += hex[c >> 4];
          out += hex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

/// "path":"provider.name" of each collated string below a field; structs inside keep their own.
void collect_collations(const Type& type, const std::string& path, std::string& out) {
  if (type.is(TypeKind::array)) {
    collect_collations(type.element(), path + ".element", out);
  } else if (type.is(TypeKind::map)) {
    collect_collations(type.key(), path + ".key", out);
    collect_collations(type.value(), path + ".value", out);
  } else if (!type.collation().empty() && type.collation() != "UTF8_BINARY") {
    out += out.empty() ? "" : ",";
    append_quoted(path, out);
    out += ':';
    append_quoted((type.collation().starts_with("UTF8_") ? "spark." : "icu.") + type.collation(), out);
  }
}

void append_type(const Type& type, std::string& out);

void append_field(const StructField& field, std::string& out) {
  out += "{\"name\":";
  append_quoted(field.name, out);
  out += ",\"type\":";
  append_type(field.type, out);
  out += ",\"nullable\":";
  out += field.nullable ? "true" : "false";
  std::string metadata = field.metadata.empty() ? "{}" : field.metadata;
  std::string collations;
  collect_collations(field.type, field.name, collations);
  if (!collations.empty() && metadata.find(collations_key) == std::string::npos) {
    const std::string entry = std::string("\"") + collations_key + "\":{" + collations + "}";
    metadata = metadata == "{}" ? "{" + entry + "}" : metadata.substr(0, metadata.size() - 1) + "," + entry + "}";
  }
  out += ",\"metadata\":" + metadata + "}";
}

void append_type(const Type& type, std::string& out) {
  switch (type.kind()) {
    case TypeKind::array:
      out += "{\"type\":\"array\",\"elementType\":";
      append_type(type.element(), out);
      out += ",\"containsNull\":";
      out += type.contains_null() ? "true}" : "false}";
      return;
    case TypeKind::map:
      out += "{\"type\":\"map\",\"keyType\":";
      append_type(type.key(), out);
      out += ",\"valueType\":";
      append_type(type.value(), out);
      out += ",\"valueContainsNull\":";
      out += type.contains_null() ? "true}" : "false}";
      return;
    case TypeKind::structure: {
      out += "{\"type\":\"struct\",\"fields\":[";
      bool first = true;
      for (const StructField& field : type.fields()) {
        out += first ? "" : ",";
        first = false;
        append_field(field, out);
      }
      out += "]}";
      return;
    }
    case TypeKind::string:
      append_quoted("string", out);
      return;
    default:
      append_quoted(type_name(type), out);
  }
}

using simdjson::dom::element;

[[noreturn]] void refuse(std::string_view text) {
  throw SparkError("INVALID_JSON_DATA_TYPE", {{"invalidType", std::string(text)}});
}

/// The integers of "name(a, b)"; nullopt when the text is not of that shape.
std::optional<std::vector<int>> numbers_of(std::string_view text, std::string_view name) {
  if (!text.starts_with(name) || text.size() < name.size() + 3 || text[name.size()] != '(' || text.back() != ')') {
    return std::nullopt;
  }
  std::vector<int> numbers;
  int number = 0;
  bool digits = false;
  bool negative = false;
  for (const char c : text.substr(name.size() + 1)) {
    if (c >= '0' && c <= '9' && number < 100'000'000) {
      number = number * 10 + (c - '0');
      digits = true;
    } else if (c == '-' && !digits) {
      negative = true;
    } else if ((c == ',' || c == ')') && digits) {
      numbers.push_back(negative ? -number : number);
      number = 0;
      digits = negative = false;
    } else if (c != ' ') {
      return std::nullopt;
    }
  }
  return numbers;
}

std::optional<Type> interval_type(std::string_view text) {
  static constexpr std::string_view day_time[] = {"day", "hour", "minute", "second"};
  static constexpr std::string_view year_month[] = {"year", "month"};
  if (!text.starts_with("interval ")) {
    return std::nullopt;
  }
  text.remove_prefix(9);
  const size_t middle = text.find(" to ");
  const std::string_view start = text.substr(0, middle);
  const std::string_view end = middle == std::string_view::npos ? start : text.substr(middle + 4);
  const auto position = [](std::span<const std::string_view> names, std::string_view name) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) {
        return static_cast<int>(i);
      }
    }
    return -1;
  };
  if (const int from = position(year_month, start), to = position(year_month, end); from >= 0 && to >= from) {
    return Type::year_month_interval(from, to);
  }
  if (const int from = position(day_time, start), to = position(day_time, end); from >= 0 && to >= from) {
    return Type::day_time_interval(from, to);
  }
  return std::nullopt;
}

std::optional<Type> named_type(std::string_view name) {
  static const std::pair<std::string_view, Type> names[] = {
      {"void", Type::null()},
      {"null", Type::null()},
      {"boolean", Type::boolean()},
      {"byte", Type::byte()},
      {"tinyint", Type::byte()},
      {"short", Type::short_int()},
      {"smallint", Type::short_int()},
      {"integer", Type::integer()},
      {"int", Type::integer()},
      {"long", Type::long_int()},
      {"bigint", Type::long_int()},
      {"float", Type::float32()},
      {"double", Type::float64()},
      {"decimal", Type::decimal(10, 0)},
      {"string", Type::string()},
      {"binary", Type::binary()},
      {"date", Type::date()},
      {"time", Type::time()},
      {"timestamp", Type::timestamp()},
      {"timestamp_ltz", Type::timestamp()},
      {"timestamp_ntz", Type::timestamp_ntz()},
      {"interval", Type::calendar_interval()},
      {"calendarinterval", Type::calendar_interval()},
      {"variant", Type::variant()},
  };
  for (const auto& [known, type] : names) {
    if (known == name) {
      return type;
    }
  }
  if (const auto numbers = numbers_of(name, "decimal"); numbers && numbers->size() == 2) {
    const int precision = (*numbers)[0], scale = (*numbers)[1];
    if (precision > 38) {
      throw SparkError("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                       {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}});
    }
    if (scale > precision) {
      throw SparkError("_LEGACY_ERROR_TEMP_1228",
                       {{"scale", std::to_string(scale)}, {"precision", std::to_string(precision)}});
    }
    return Type::decimal(precision, scale);
  }
  if (const auto numbers = numbers_of(name, "char"); numbers && numbers->size() == 1) {
    return Type::char_n((*numbers)[0]);
  }
  if (const auto numbers = numbers_of(name, "varchar"); numbers && numbers->size() == 1) {
    return Type::varchar_n((*numbers)[0]);
  }
  if (const auto numbers = numbers_of(name, "time");
      numbers && numbers->size() == 1 && (*numbers)[0] >= 0 && (*numbers)[0] <= 6) {
    return Type::time((*numbers)[0]);
  }
  if (name.starts_with("string collate ")) {
    return Type::string(std::string(name.substr(15)));
  }
  return interval_type(name);
}

/// The collation stored for a path in a field's metadata, without its provider.
std::string collation_at(const element& metadata, const std::string& path) {
  std::string_view found;
  element collations;
  if (metadata.at_key(collations_key).get(collations) != simdjson::SUCCESS ||
      collations.at_key(path).get(found) != simdjson::SUCCESS) {
    return {};
  }
  const size_t dot = found.find('.');
  return std::string(dot == std::string_view::npos ? found : found.substr(dot + 1));
}

Type with_collations(const Type& type, const element& metadata, const std::string& path) {
  switch (type.kind()) {
    case TypeKind::string: {
      std::string collation = collation_at(metadata, path);
      return collation.empty() ? type : Type::string(std::move(collation));
    }
    case TypeKind::array:
      return Type::array(with_collations(type.element(), metadata, path + ".element"), type.contains_null());
    case TypeKind::map:
      return Type::map(with_collations(type.key(), metadata, path + ".key"),
                       with_collations(type.value(), metadata, path + ".value"), type.contains_null());
    default:
      return type;
  }
}

template <class T>
T member(const element& object, const char* key) {
  T value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) {
    refuse(simdjson::minify(object));
  }
  return value;
}

Type read_type(const element& json);

StructField read_field(const element& json) {
  StructField field;
  field.name = member<std::string_view>(json, "name");
  field.type = read_type(member<element>(json, "type"));
  bool nullable = true;
  if (json.at_key("nullable").get(nullable) == simdjson::SUCCESS) {
    field.nullable = nullable;
  }
  element metadata;
  if (json.at_key("metadata").get(metadata) == simdjson::SUCCESS && metadata.is_object()) {
    if (metadata.at_key(collations_key).error() == simdjson::SUCCESS) {
      field.type = with_collations(field.type, metadata, field.name);
    }
    field.metadata = simdjson::minify(metadata);
    if (field.metadata == "{}") {
      field.metadata.clear();
    }
  }
  return field;
}

Type read_type(const element& json) {
  std::string_view name;
  if (json.get(name) == simdjson::SUCCESS) {
    if (auto type = named_type(name)) {
      return *type;
    }
    refuse(name);
  }
  if (!json.is_object()) {
    refuse(simdjson::minify(json));
  }
  const std::string_view kind = member<std::string_view>(json, "type");
  if (kind == "array") {
    return Type::array(read_type(member<element>(json, "elementType")), member<bool>(json, "containsNull"));
  }
  if (kind == "map") {
    return Type::map(read_type(member<element>(json, "keyType")), read_type(member<element>(json, "valueType")),
                     member<bool>(json, "valueContainsNull"));
  }
  if (kind == "struct") {
    std::vector<StructField> fields;
    for (const element field : member<simdjson::dom::array>(json, "fields")) {
      fields.push_back(read_field(field));
    }
    return Type::structure(std::move(fields));
  }
  if (kind == "udt") {
    return read_type(member<element>(json, "sqlType"));
  }
  refuse(simdjson::minify(json));
}

}  // namespace

std::string type_json(const Type& type) {
  std::string out;
  append_type(type, out);
  return out;
}

Type parse_type_json(std::string_view json) {
  simdjson::dom::parser parser(256 * 1024 * 1024);
  element document;
  if (parser.allocate(json.size() + 1, 256) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size()).get(document) != simdjson::SUCCESS) {
    refuse(json);
  }
  return read_type(document);
}

}  // namespace pyrite
