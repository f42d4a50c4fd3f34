// Texts of types: simple names, SQL names, DDL and the tree of printSchema.
#include <algorithm>

#include "types/type.h"

namespace pyrite {
namespace {

constexpr const char* year_month_fields[] = {"year", "month"};
constexpr const char* day_time_fields[] = {"day", "hour", "minute", "second"};

std::string interval_name(const Type& type) {
  const char* const* names = type.is(TypeKind::year_month_interval) ? year_month_fields : day_time_fields;
  std::string text = std::string("interval ") + names[type.start_field()];
  if (type.start_field() != type.end_field()) {
    text += std::string(" to ") + names[type.end_field()];
  }
  return text;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  return text;
}

/// Types without children; the collation keeps its case.
std::string flat_name(const Type& type) {
  switch (type.kind()) {
    case TypeKind::null:
      return "void";
    case TypeKind::boolean:
      return "boolean";
    case TypeKind::byte:
      return "tinyint";
    case TypeKind::short_int:
      return "smallint";
    case TypeKind::integer:
      return "int";
    case TypeKind::long_int:
      return "bigint";
    case TypeKind::float32:
      return "float";
    case TypeKind::float64:
      return "double";
    case TypeKind::decimal:
      return "decimal(" + std::to_string(type.precision()) + "," + std::to_string(type.scale()) + ")";
    case TypeKind::string:
      return "string";
    case TypeKind::char_n:
      return "char(" + std::to_string(type.length()) + ")";
    case TypeKind::varchar_n:
      return "varchar(" + std::to_string(type.length()) + ")";
    case TypeKind::binary:
      return "binary";
    case TypeKind::date:
      return "date";
    case TypeKind::time:
      return "time(" + std::to_string(type.precision()) + ")";
    case TypeKind::timestamp:
      return "timestamp";
    case TypeKind::timestamp_ntz:
      return "timestamp_ntz";
    case TypeKind::year_month_interval:
    case TypeKind::day_time_interval:
      return interval_name(type);
    case TypeKind::calendar_interval:
      return "interval";
    case TypeKind::variant:
      return "variant";
    case TypeKind::array:
      return "array";
    case TypeKind::map:
      return "map";
    case TypeKind::structure:
      return "struct";
  }
  return {};
}

/// " COLLATE name" where one was declared.
std::string collation_suffix(const Type& type, const char* keyword) {
  return type.collation().empty() ? "" : keyword + type.collation();
}

/// The comment in a field's metadata, as the body of a SQL string literal.
std::string comment_of(const StructField& field) {
  const std::string key = "\"comment\":\"";
  const size_t at = field.metadata.find(key);
  std::string text;
  if (at == std::string::npos) {
    return text;
  }
  for (size_t i = at + key.size(); i < field.metadata.size() && field.metadata[i] != '"'; ++i) {
    char c = field.metadata[i];
    if (c == '\\' && i + 1 < field.metadata.size()) {
      c = field.metadata[++i];
      c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    if (c == '\'') {
      text += '\\';
    }
    text += c;
  }
  return text;
}

std::string field_suffix(const StructField& field) {
  std::string text = field.nullable ? "" : " NOT NULL";
  if (field.metadata.find("\"comment\":\"") != std::string::npos) {
    text += " COMMENT '" + comment_of(field) + "'";
  }
  return text;
}

std::string escape_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\v':
        out += "\\v";
        break;
      case '\a':
        out += "\\a";
        break;
      default:
        out += c;
    }
  }
  return out;
}

const char* truth(bool value) { return value ? "true" : "false"; }

void append_tree(const Type& type, const std::string& prefix, int depth, std::string& out);

void append_fields(const Type& structure, const std::string& prefix, int depth, std::string& out) {
  if (depth <= 0) {
    return;
  }
  for (const StructField& field : structure.fields()) {
    out += prefix + "-- " + escape_name(field.name) + ": " + type_name(field.type) +
           " (nullable = " + truth(field.nullable) + ")\n";
    append_tree(field.type, prefix + "    |", depth, out);
  }
}

void append_tree(const Type& type, const std::string& prefix, int depth, std::string& out) {
  if (--depth <= 0) {
    return;
  }
  if (type.is(TypeKind::structure)) {
    append_fields(type, prefix, depth, out);
  } else if (type.is(TypeKind::array)) {
    out +=
        prefix + "-- element: " + type_name(type.element()) + " (containsNull = " + truth(type.contains_null()) + ")\n";
    append_tree(type.element(), prefix + "    |", depth, out);
  } else if (type.is(TypeKind::map)) {
    out += prefix + "-- key: " + type_name(type.key()) + "\n";
    append_tree(type.key(), prefix + "    |", depth, out);
    out += prefix + "-- value: " + type_name(type.value()) + " (valueContainsNull = " + truth(type.contains_null()) +
           ")\n";
    append_tree(type.value(), prefix + "    |", depth, out);
  }
}

}  // namespace

std::string quote_name(std::string_view name) {
  std::string out = "`";
  for (const char c : name) {
    out += c;
    if (c == '`') {
      out += c;
    }
  }
  return out + "`";
}

std::string quote_if_needed(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const bool plain = !name.empty() && letter(name[0]) &&
                     std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
  return plain ? std::string(name) : quote_name(name);
}

std::string simple_string(const Type& type) {
  switch (type.kind()) {
    case TypeKind::string:
      return "string" + collation_suffix(type, " collate ");
    case TypeKind::array:
      return "array<" + simple_string(type.element()) + ">";
    case TypeKind::map:
      return "map<" + simple_string(type.key()) + "," + simple_string(type.value()) + ">";
    case TypeKind::structure: {
      std::string text = "struct<";
      for (const StructField& field : type.fields()) {
        text += (text.back() == '<' ? "" : ",") + field.name + ":" + simple_string(field.type);
      }
      return text + ">";
    }
    default:
      return flat_name(type);
  }
}

std::string sql_string(const Type& type) {
  switch (type.kind()) {
    case TypeKind::string:
      return "STRING" + collation_suffix(type, " COLLATE ");
    case TypeKind::array:
      return "ARRAY<" + sql_string(type.element()) + ">";
    case TypeKind::map:
      return "MAP<" + sql_string(type.key()) + ", " + sql_string(type.value()) + ">";
    case TypeKind::structure: {
      std::string text = "STRUCT<";
      bool first = true;
      for (const StructField& field : type.fields()) {
        text += (first ? "" : ", ") + quote_if_needed(field.name) + ": " + sql_string(field.type) + field_suffix(field);
        first = false;
      }
      return text + ">";
    }
    default:
      return upper(flat_name(type));
  }
}

std::string type_name(const Type& type) {
  switch (type.kind()) {
    case TypeKind::byte:
      return "byte";
    case TypeKind::short_int:
      return "short";
    case TypeKind::integer:
      return "integer";
    case TypeKind::long_int:
      return "long";
    case TypeKind::string:
      return "string" + collation_suffix(type, " collate ");
    default:
      return flat_name(type);
  }
}

std::string tree_string(const Type& structure, int level) {
  std::string out = "root\n";
  append_fields(structure, " |", level > 0 ? level : 1 << 30, out);
  return out;
}

std::string ddl_string(const Type& structure) {
  std::string text;
  bool first = true;
  for (const StructField& field : structure.fields()) {
    text += (first ? "" : ",") + quote_if_needed(field.name) + " " + sql_string(field.type) + field_suffix(field);
    first = false;
  }
  return text;
}

}  // namespace pyrite
