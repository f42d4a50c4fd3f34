// Paths into JSON as get_json_object takes them: $.a['b'][0][*].
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "functions/json_document.h"

namespace pyrite {

class JsonPath {
 public:
  /// nullopt: not a path.
  static std::optional<JsonPath> parse(std::string_view text);
  /// Appends what the path finds; false when it finds nothing. Texts come without quotes unless inside a list.
  bool evaluate(const JsonDocument& document, std::string& out) const;

 private:
  enum class Kind : uint8_t { member, index, every };
  struct Step {
    Kind kind;
    std::string name;
    int64_t index = 0;
  };
  /// How texts and nested lists are written.
  enum class Style : uint8_t { raw, quoted, flatten };
  class Writer;
  bool walk(const JsonDocument& document, const JsonNode& node, size_t step, Style style, Writer& out) const;
  std::vector<Step> steps_;
};

}  // namespace pyrite
