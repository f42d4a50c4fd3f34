// The parser behind JsonDocument.
#include "functions/json_document.h"

namespace pyrite {
namespace {

constexpr int depth_limit = 1000;
constexpr size_t number_limit = 1000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

void append_utf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 63));
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
}

int hex_digit(char c) {
  return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

bool JsonDocument::parse(std::string_view text, const JsonSyntax& syntax) {
  text_ = text;
  syntax_ = syntax;
  at_ = 0;
  blank_ = false;
  nodes_.clear();
  unescaped_.clear();
  if (!blanks()) {
    return false;
  }
  if (at_end()) {
    blank_ = true;
    return false;
  }
  if (!value(0, {})) {
    return false;
  }
  // A number or word at the top must end at a blank.
  const JsonKind kind = root().kind;
  return kind == JsonKind::array || kind == JsonKind::object || kind == JsonKind::string || at_end() ||
         is_blank(text_[at_]);
}

bool JsonDocument::blanks() {
  while (!at_end()) {
    const char c = text_[at_];
    if (is_blank(c)) {
      ++at_;
    } else if (c == '/' && syntax_.comments && at_ + 1 < text_.size() &&
               (text_[at_ + 1] == '*' || text_[at_ + 1] == '/')) {
      const bool block = text_[at_ + 1] == '*';
      const size_t end = text_.find(block ? "*/" : "\n", at_ + 2);
      if (end == std::string_view::npos && block) {
        return false;
      }
      at_ = end == std::string_view::npos ? text_.size() : end + (block ? 2 : 1);
    } else {
      break;
    }
  }
  return true;
}

bool JsonDocument::value(int depth, std::string_view key) {
  if (!blanks() || at_end() || depth > depth_limit) {
    return false;
  }
  const auto place = static_cast<uint32_t>(nodes_.size());
  nodes_.emplace_back();
  nodes_[place].key = key;
  const size_t start = at_;
  const char c = text_[at_];
  bool good = false;
  if (c == '{' || c == '[') {
    nodes_[place].kind = c == '{' ? JsonKind::object : JsonKind::array;
    ++at_;
    good = container(c == '{', depth, place);
    nodes_[place].text = text_.substr(start, at_ - start);
  } else if (c == '"' || (c == '\'' && syntax_.single_quotes)) {
    nodes_[place].kind = JsonKind::string;
    ++at_;
    std::string_view content;
    good = string(c, content);
    nodes_[place].text = content;
  } else if (c == '-' || is_digit(c)) {
    good = number(nodes_[place]);
  } else {
    good = word(nodes_[place]);
  }
  nodes_[place].next = static_cast<uint32_t>(nodes_.size());
  return good;
}

bool JsonDocument::container(bool object, int depth, uint32_t place) {
  const char close = object ? '}' : ']';
  if (!blanks() || at_end()) {
    return false;
  }
  if (text_[at_] == close) {
    ++at_;
    return true;
  }
  while (true) {
    std::string_view key;
    if (object) {
      if (!blanks() || at_end() || !name(key) || !blanks() || at_end() || text_[at_] != ':') {
        return false;
      }
      ++at_;
    }
    if (!value(depth + 1, key) || !blanks() || at_end()) {
      return false;
    }
    ++nodes_[place].count;
    const char c = text_[at_++];
    if (c == close) {
      return true;
    }
    if (c != ',') {
      --at_;
      return false;
    }
  }
}

bool JsonDocument::name(std::string_view& out) {
  const char c = text_[at_];
  if (c == '"' || (c == '\'' && syntax_.single_quotes)) {
    ++at_;
    return string(c, out);
  }
  if (!syntax_.unquoted_names || !is_name_start(c)) {
    return false;
  }
  const size_t start = at_;
  while (!at_end() && (is_name_start(text_[at_]) || is_digit(text_[at_]))) {
    ++at_;
  }
  out = text_.substr(start, at_ - start);
  return true;
}

bool JsonDocument::string(char quote, std::string_view& out) {
  const size_t start = at_;
  while (!at_end() && text_[at_] != quote && text_[at_] != '\\') {
    if (static_cast<unsigned char>(text_[at_]) < 0x20 && !syntax_.control_characters) {
      return false;
    }
    ++at_;
  }
  if (at_end()) {
    return false;
  }
  if (text_[at_] == quote) {
    out = text_.substr(start, at_++ - start);
    return true;
  }
  std::string& content = unescaped_.emplace_back(text_.substr(start, at_ - start));
  while (!at_end()) {
    const char c = text_[at_++];
    if (c == quote) {
      out = content;
      return true;
    }
    if (c == '\\') {
      if (!escape(content)) {
        return false;
      }
    } else if (static_cast<unsigned char>(c) < 0x20 && !syntax_.control_characters) {
      return false;
    } else {
      content += c;
    }
  }
  return false;
}

bool JsonDocument::escape(std::string& out) {
  if (at_end()) {
    return false;
  }
  const auto unit = [&](uint32_t& code) {
    code = 0;
    for (int i = 0; i < 4; ++i) {
      const int digit = at_end() ? -1 : hex_digit(text_[at_]);
      if (digit < 0) {
        return false;
      }
      code = code * 16 + static_cast<uint32_t>(digit);
      ++at_;
    }
    return true;
  };
  const char c = text_[at_++];
  switch (c) {
    case '"':
    case '\\':
    case '/':
      out += c;
      return true;
    case 'b':
      out += '\b';
      return true;
    case 'f':
      out += '\f';
      return true;
    case 'n':
      out += '\n';
      return true;
    case 'r':
      out += '\r';
      return true;
    case 't':
      out += '\t';
      return true;
    case 'u': {
      uint32_t code = 0;
      if (!unit(code)) {
        return false;
      }
      if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
        const size_t before = at_;
        uint32_t low = 0;
        at_ += 2;
        if (!unit(low)) {
          return false;
        }
        if (low >= 0xDC00 && low < 0xE000) {
          append_utf8(out, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
          return true;
        }
        at_ = before;
      }
      // Half of a pair alone cannot be text; Java writes it as a question mark.
      code >= 0xD800 && code < 0xE000 ? void(out += '?') : append_utf8(out, code);
      return true;
    }
    default:
      if (c == '\'' && syntax_.single_quotes) {
        out += c;
        return true;
      }
      if (!syntax_.escape_any_character) {
        return false;
      }
      out += c;
      return true;
  }
}

bool JsonDocument::number(JsonNode& node) {
  const size_t start = at_;
  const bool negative = text_[at_] == '-';
  at_ += negative;
  if (negative && syntax_.not_a_number && !at_end() && text_[at_] == 'I') {
    return word(node);
  }
  const size_t digits = at_;
  while (!at_end() && is_digit(text_[at_])) {
    ++at_;
  }
  if (at_ == digits) {
    return false;
  }
  size_t zeros = 0;
  while (digits + zeros + 1 < at_ && text_[digits + zeros] == '0') {
    ++zeros;
  }
  if (zeros > 0 && !syntax_.leading_zeros) {
    return false;
  }
  node.kind = JsonKind::integer;
  if (!at_end() && text_[at_] == '.') {
    node.kind = JsonKind::real;
    const size_t fraction = ++at_;
    while (!at_end() && is_digit(text_[at_])) {
      ++at_;
    }
    if (at_ == fraction) {
      return false;
    }
  }
  if (!at_end() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    node.kind = JsonKind::real;
    ++at_;
    at_ += !at_end() && (text_[at_] == '+' || text_[at_] == '-');
    const size_t exponent = at_;
    while (!at_end() && is_digit(text_[at_])) {
      ++at_;
    }
    if (at_ == exponent) {
      return false;
    }
  }
  if (zeros > 0) {
    unescaped_.emplace_back(std::string(negative ? "-" : "") +
                            std::string(text_.substr(digits + zeros, at_ - digits - zeros)));
    node.text = unescaped_.back();
  } else {
    node.text = text_.substr(start, at_ - start);
  }
  return node.text.size() <= number_limit;
}

bool JsonDocument::word(JsonNode& node) {
  size_t start = at_;
  if (start > 0 && text_[start - 1] == '-') {
    --start;
  } else if (text_[at_] == '+') {
    ++at_;
  }
  while (!at_end() && (is_name_start(text_[at_]) || is_digit(text_[at_]))) {
    ++at_;
  }
  const std::string_view text = text_.substr(start, at_ - start);
  node.text = text;
  if (text == "null") {
    node.kind = JsonKind::null;
    return true;
  }
  if (text == "true" || text == "false") {
    node.kind = JsonKind::boolean;
    node.truth = text == "true";
    return true;
  }
  node.kind = JsonKind::real;
  return syntax_.not_a_number && (text == "NaN" || text == "Infinity" || text == "-Infinity" || text == "+Infinity" ||
                                  text == "INF" || text == "-INF" || text == "+INF");
}

}  // namespace pyrite
