// Column comments inside metadata, patterns of SHOW.
#include "session/table_text.h"

#include <simdjson.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <unordered_set>

#include "analyzer/analyzer.h"
#include "base/error.h"

namespace pyrite {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string json_text(const std::string& text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += std::string("\\u00") + hex[(c >> 4) & 15] + hex[c & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

bool matches_one(const std::string& name, std::string_view pattern) {
  std::string expression;
  for (const char c : pattern) {
    expression += c == '*' ? std::string(".*") : std::string(1, c);
  }
  try {
    return std::regex_match(name, std::regex(expression, std::regex::icase));
  } catch (const std::regex_error&) {
    return false;  // as in Spark, a pattern that is none matches nothing
  }
}

}  // namespace

std::string comment_metadata(const std::string& comment) {
  return comment.empty() ? std::string() : "{\"comment\":" + json_text(comment) + "}";
}

std::optional<std::string> comment_of(const std::string& metadata) {
  if (metadata.empty()) {
    return std::nullopt;
  }
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view comment;
  if (parser.parse(metadata).get(root) || root["comment"].get(comment)) {
    return std::nullopt;
  }
  return std::string(comment);
}

bool matches_pattern(const std::string& name, const std::string& pattern) {
  for (size_t start = 0; start <= pattern.size();) {
    const size_t end = std::min(pattern.find('|', start), pattern.size());
    std::string_view part = std::string_view(pattern).substr(start, end - start);
    while (!part.empty() && part.front() == ' ') {
      part.remove_prefix(1);
    }
    while (!part.empty() && part.back() == ' ') {
      part.remove_suffix(1);
    }
    if (matches_one(name, part)) {
      return true;
    }
    start = end + 1;
  }
  return false;
}

void check_distinct_names(const std::vector<StructField>& columns, bool case_sensitive) {
  std::unordered_set<std::string> names;
  for (const StructField& column : columns) {
    const std::string name = case_sensitive ? column.name : lower(column.name);
    if (!names.insert(name).second) {
      throw SparkError("COLUMN_ALREADY_EXISTS", {{"columnName", "`" + name + "`"}});
    }
  }
}

std::vector<resolved::Column> storage_columns(const std::vector<StructField>& fields) {
  std::vector<resolved::Column> columns;
  for (const StructField& field : fields) {
    columns.push_back({next_column_id(), field.name, field.type, true, field.metadata, {}});
  }
  return columns;
}

}  // namespace pyrite
