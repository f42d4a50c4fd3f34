// JSON text parsed into a flat tree, with the leniency that Spark's options give.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace pyrite {

/// What is let through besides strict JSON.
struct JsonSyntax {
  bool comments = false;
  bool unquoted_names = false;
  bool single_quotes = true;
  bool leading_zeros = false;
  bool escape_any_character = false;
  bool control_characters = false;
  bool not_a_number = false;  ///< NaN, INF, Infinity and their signed forms
};

enum class JsonKind : uint8_t { null, boolean, integer, real, string, array, object };

struct JsonNode {
  JsonKind kind = JsonKind::null;
  bool truth = false;
  uint32_t next = 0;      ///< position of the node behind this one and all inside it
  uint32_t count = 0;     ///< array: elements; object: members
  std::string_view key;   ///< of an object's member
  std::string_view text;  ///< number as written, string without escapes, source text of the rest
};

/// One parsed value. Reusable; views point into the text and into the document.
class JsonDocument {
 public:
  /// Parses the first value of the text; false when it is malformed. What follows the value is not looked at.
  bool parse(std::string_view text, const JsonSyntax& syntax);
  /// True when the last text held nothing but blanks.
  bool blank() const { return blank_; }
  /// Where in the text the value ended, or where parsing gave up.
  size_t position() const { return at_; }

  const JsonNode& root() const { return nodes_[0]; }
  const JsonNode& operator[](uint32_t position) const { return nodes_[position]; }
  /// f(child) for each element or member of a node.
  template <class F>
  void each(const JsonNode& node, F f) const {
    const auto start = static_cast<uint32_t>(&node - nodes_.data());
    for (uint32_t i = start + 1; i < node.next; i = nodes_[i].next) {
      f(nodes_[i]);
    }
  }

 private:
  bool value(int depth, std::string_view key);
  bool container(bool object, int depth, uint32_t place);
  bool name(std::string_view& out);
  bool string(char quote, std::string_view& out);
  bool escape(std::string& out);
  bool number(JsonNode& node);
  bool word(JsonNode& node);
  bool blanks();
  bool at_end() const { return at_ >= text_.size(); }

  std::string_view text_;
  JsonSyntax syntax_;
  size_t at_ = 0;
  bool blank_ = false;
  std::vector<JsonNode> nodes_;
  std::deque<std::string> unescaped_;
};

}  // namespace pyrite
