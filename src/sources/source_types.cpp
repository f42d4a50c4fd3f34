#include "sources/source_types.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool all_parts(const Type& type, bool (*holds)(const Type&)) {
  switch (type.kind()) {
    case TypeKind::array:
      return all_parts(type.element(), holds);
    case TypeKind::map:
      return all_parts(type.key(), holds) && all_parts(type.value(), holds);
    case TypeKind::structure:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [&](const StructField& field) { return all_parts(field.type, holds); });
    default:
      return holds(type);
  }
}

bool orc_holds(const Type& type) {
  return !type.is(TypeKind::null) && !type.is(TypeKind::variant) && !type.is(TypeKind::calendar_interval);
}

bool is_held(const std::string& format, const Type& type) {
  if (format == "text") {
    return without_lengths(type).is_string();
  }
  if (format == "csv") {
    return !type.is_nested() && orc_holds(type);
  }
  if (format == "orc") {
    return all_parts(type, orc_holds);
  }
  if (format == "json" || format == "parquet") {
    return all_parts(type, [](const Type& part) { return !part.is(TypeKind::calendar_interval); });
  }
  return true;
}

bool has_empty_structure(const Type& type) {
  switch (type.kind()) {
    case TypeKind::array:
      return has_empty_structure(type.element());
    case TypeKind::map:
      return has_empty_structure(type.key()) || has_empty_structure(type.value());
    case TypeKind::structure:
      return type.fields().empty() || std::any_of(type.fields().begin(), type.fields().end(),
                                                  [](const auto& field) { return has_empty_structure(field.type); });
    default:
      return false;
  }
}

}  // namespace

std::string format_title(const std::string& format) {
  if (format == "parquet" || format == "text") {
    return format == "text" ? "Text" : "Parquet";
  }
  std::string title = format;
  std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
  return title;
}

void check_source_types(const std::string& format, const std::vector<StructField>& columns) {
  for (const StructField& column : columns) {
    if (!is_held(format, column.type)) {
      throw SparkError("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {{"columnName", "`" + column.name + "`"},
                                                                {"columnType", "\"" + sql_string(column.type) + "\""},
                                                                {"format", format_title(format)}});
    }
  }
}

void check_written_columns(const std::string& format, const std::vector<StructField>& columns, bool case_sensitive) {
  if (has_empty_structure(Type::structure(columns))) {
    throw SparkError("EMPTY_SCHEMA_NOT_SUPPORTED_FOR_DATASOURCE", {{"format", format_title(format)}});
  }
  std::set<std::string> names;
  for (const StructField& column : columns) {
    const std::string name = case_sensitive ? column.name : lower_case(column.name);
    if (!names.insert(name).second) {
      throw SparkError("COLUMN_ALREADY_EXISTS", {{"columnName", "`" + name + "`"}});
    }
  }
  check_source_types(format, columns);
}

}  // namespace pyrite
