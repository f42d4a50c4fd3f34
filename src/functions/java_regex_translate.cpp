// Turns a Java pattern into a PCRE2 pattern of the same meaning: escapes, properties, classes with && and nesting,
// flags.
#include <cstdio>
#include <optional>

#include "functions/java_regex.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

struct NamedClass {
  std::string_view name;
  std::string_view inside;  ///< as it stands between brackets
};

constexpr NamedClass posix_classes[] = {
    {"Lower", "a-z"},
    {"Upper", "A-Z"},
    {"ASCII", "\\x00-\\x7F"},
    {"Alpha", "a-zA-Z"},
    {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"},
    {"Punct", "!-\\/:-@\\[-`{-~"},
    {"Graph", "!-~"},
    {"Print", " -~"},
    {"Blank", " \\t"},
    {"Cntrl", "\\x00-\\x1F\\x7F"},
    {"XDigit", "0-9a-fA-F"},
    {"Space", " \\t\\n\\x0B\\f\\r"},
    {"javaLowerCase", "\\p{Ll}"},
    {"javaUpperCase", "\\p{Lu}"},
    {"javaWhitespace", "\\s"},
    {"javaMirrored", "()<>\\[\\]{}"},
    {"IsAlphabetic", "\\p{L}\\p{Nl}"},
    {"IsLetter", "\\p{L}"},
    {"IsDigit", "\\p{Nd}"},
    {"IsUppercase", "\\p{Lu}"},
    {"IsLowercase", "\\p{Ll}"},
    {"IsPunctuation", "\\p{P}"},
    {"IsWhite_Space", "\\s\\p{Z}\\x{85}"},
    {"IsWhiteSpace", "\\s\\p{Z}\\x{85}"},
    {"IsControl", "\\p{Cc}"},
    {"all", "\\x{0}-\\x{10FFFF}"},
    {"L1", "\\x{0}-\\x{FF}"},
};

constexpr NamedClass blocks[] = {
    {"Greek", "\\x{370}-\\x{3FF}"},
    {"BasicLatin", "\\x00-\\x7F"},
    {"Cyrillic", "\\x{400}-\\x{4FF}"},
    {"Latin1Supplement", "\\x{80}-\\x{FF}"},
    {"Hebrew", "\\x{590}-\\x{5FF}"},
    {"Arabic", "\\x{600}-\\x{6FF}"},
    {"Hiragana", "\\x{3040}-\\x{309F}"},
    {"Katakana", "\\x{30A0}-\\x{30FF}"},
    {"CJKUnifiedIdeographs", "\\x{4E00}-\\x{9FFF}"},
};

class Translator {
 public:
  explicit Translator(std::string_view pattern) : in_(pattern) {}

  bool run(std::string& out) {
    while (good_ && at_ < in_.size()) {
      element(out);
    }
    if (unicode_classes_) {
      out.insert(0, "(*UCP)");
    }
    return good_;
  }

 private:
  bool more(size_t ahead = 0) const { return at_ + ahead < in_.size(); }
  char peek(size_t ahead = 0) const { return more(ahead) ? in_[at_ + ahead] : '\0'; }
  void fail() { good_ = false; }

  void element(std::string& out) {
    const char c = peek();
    switch (c) {
      case '\\':
        escape(out, false);
        break;
      case '[':
        out += char_class();
        break;
      case '(':
        group(out);
        break;
      case '{':
        braces(out);
        break;
      default:
        out += c;
        ++at_;
    }
  }

  /// `{n}`, `{n,}`, `{n,m}`; anything else is an error in Java.
  void braces(std::string& out) {
    const size_t close = in_.find('}', at_);
    if (close == std::string_view::npos) {
      return fail();
    }
    const std::string_view body = in_.substr(at_ + 1, close - at_ - 1);
    const size_t comma = body.find(',');
    const auto number = [](std::string_view text) {
      return text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    const std::string_view low = body.substr(0, comma);
    if (low.empty() || !number(low) || (comma != std::string_view::npos && !number(body.substr(comma + 1)))) {
      return fail();
    }
    out += in_.substr(at_, close - at_ + 1);
    at_ = close + 1;
  }

  void group(std::string& out) {
    out += '(';
    ++at_;
    if (peek() != '?') {
      if (peek() == '*') {
        fail();  // PCRE2's verbs are no Java
      }
      return;
    }
    const char kind = peek(1);
    if (kind == '<' && peek(2) != '=' && peek(2) != '!') {
      out += "?<";
      at_ += 2;
      while (more() && peek() != '>') {
        out += peek();
        ++at_;
      }
      return;
    }
    if (kind == ':' || kind == '=' || kind == '!' || kind == '>' || kind == '<') {
      out += '?';
      ++at_;
      return;
    }
    // Flags: i, m, s and x are the same in PCRE2; d and u change nothing that we tell apart; U makes \w and \d Unicode.
    out += '?';
    ++at_;
    for (; more() && peek() != ')' && peek() != ':'; ++at_) {
      const char flag = peek();
      if (flag == 'i' || flag == 'm' || flag == 's' || flag == 'x' || flag == '-') {
        out += flag;
      } else if (flag == 'U') {
        unicode_classes_ = true;
      } else if (flag != 'u' && flag != 'd') {
        return fail();
      }
    }
  }

  std::optional<uint32_t> hexadecimal(size_t digits) {
    uint32_t value = 0;
    for (size_t i = 0; i < digits; ++i) {
      const char c = peek();
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) {
        fail();
        return std::nullopt;
      }
      value = value * 16 + static_cast<uint32_t>(digit);
      ++at_;
    }
    return value;
  }

  static std::string code(uint32_t value) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "\\x{%X}", value);
    return buffer;
  }

  void property(std::string& out, bool negated, bool in_class) {
    std::string name;
    if (peek() == '{') {
      const size_t close = in_.find('}', at_);
      if (close == std::string_view::npos) {
        return fail();
      }
      name = std::string(in_.substr(at_ + 1, close - at_ - 1));
      at_ = close + 1;
    } else if (more()) {
      name = std::string(1, peek());
      ++at_;
    }
    if (const size_t equals = name.find('='); equals != std::string::npos) {
      const std::string key = name.substr(0, equals);
      name = (key == "blk" || key == "block" ? "In" : "Is") + name.substr(equals + 1);
    }
    std::string_view inside;
    for (const NamedClass& named : posix_classes) {
      if (named.name == name) {
        inside = named.inside;
      }
    }
    if (inside.empty() && name.starts_with("In")) {
      for (const NamedClass& block : blocks) {
        if (block.name == name.substr(2)) {
          inside = block.inside;
        }
      }
      if (inside.empty()) {
        return fail();
      }
    }
    if (inside.empty()) {
      const std::string plain = name.starts_with("Is") ? name.substr(2) : name;
      out += (negated ? "\\P{" : "\\p{") + plain + "}";
      return;
    }
    if (in_class && negated) {
      return fail();  // a complement inside a union has no PCRE2 form
    }
    if (in_class) {
      out += inside;
    } else {
      out += (negated ? "[^" : "[") + std::string(inside) + "]";
    }
  }

  /// One escape, copied or translated.
  void escape(std::string& out, bool in_class) {
    ++at_;
    if (!more()) {
      return fail();
    }
    const char c = peek();
    ++at_;
    switch (c) {
      case 'p':
      case 'P':
        property(out, c == 'P', in_class);
        return;
      case 'u':
        if (const auto value = hexadecimal(4)) {
          uint32_t point = *value;
          if (point >= 0xD800 && point < 0xDC00 && peek() == '\\' && peek(1) == 'u') {
            at_ += 2;
            if (const auto low = hexadecimal(4)) {
              point = 0x10000 + ((point - 0xD800) << 10) + (*low - 0xDC00);
            }
          }
          out += code(point);
        }
        return;
      case 'x':
        if (peek() == '{') {
          const size_t close = in_.find('}', at_);
          if (close == std::string_view::npos) {
            return fail();
          }
          out += "\\x" + std::string(in_.substr(at_, close - at_ + 1));
          at_ = close + 1;
        } else if (const auto value = hexadecimal(2)) {
          out += code(*value);
        }
        return;
      case '0': {
        uint32_t value = 0;
        size_t digits = 0;
        while (digits < 3 && peek() >= '0' && peek() <= '7' && (digits < 2 || value <= 31)) {
          value = value * 8 + static_cast<uint32_t>(peek() - '0');
          ++at_;
          ++digits;
        }
        if (digits == 0) {
          return fail();
        }
        out += code(value);
        return;
      }
      case 'Q': {
        const size_t close = in_.find("\\E", at_);
        const std::string_view quoted = in_.substr(at_, close - at_);
        for (const char plain : quoted) {
          literal(out, plain);
        }
        at_ = close == std::string_view::npos ? in_.size() : close + 2;
        return;
      }
      case 'k':
        out += "\\k";
        return;
      case 'e':
        out += "\\x1B";
        return;
      case 'a':
        out += "\\x07";
        return;
      case 't':
      case 'n':
      case 'r':
      case 'f':
      case 'd':
      case 'D':
      case 's':
      case 'S':
      case 'w':
      case 'W':
      case 'h':
      case 'H':
      case 'v':
      case 'V':
      case 'c':
        out += {'\\', c};
        return;
      case 'b':
      case 'B':
      case 'A':
      case 'G':
      case 'Z':
      case 'z':
      case 'R':
      case 'X':
        if (in_class) {
          return fail();
        }
        out += {'\\', c};
        return;
      default:
        break;
    }
    if (c >= '1' && c <= '9') {
      if (in_class) {
        return fail();
      }
      out += {'\\', c};
      return;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      return fail();  // Java keeps unknown letters for itself
    }
    literal(out, c);
  }

  static void literal(std::string& out, char c) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) || c == '_';
    if (!plain) {
      out += '\\';
    }
    out += c;
  }

  /// A class, nested and intersected classes included, as PCRE2 text that matches one character.
  std::string char_class(int depth = 0) {
    if (depth > 50) {
      fail();
      return {};
    }
    ++at_;
    const bool negated = peek() == '^';
    if (negated) {
      ++at_;
    }
    // Each operand of && is a list of alternatives: one flat class and nested ones.
    std::vector<std::string> operands;
    std::string flat;
    std::vector<std::string> nested;
    const auto close_operand = [&] {
      std::string text = flat.empty() ? "" : "[" + flat + "]";
      for (const std::string& inner : nested) {
        text += (text.empty() ? "" : "|") + inner;
      }
      if (!text.empty()) {
        operands.push_back(nested.empty() ? text : "(?:" + text + ")");
      }
      flat.clear();
      nested.clear();
    };
    bool first = true;
    while (good_) {
      if (!more()) {
        fail();
        return {};
      }
      const char c = peek();
      if (c == ']' && !first) {
        ++at_;
        break;
      }
      if (c == '&' && peek(1) == '&') {
        at_ += 2;
        close_operand();
      } else if (c == '[') {
        nested.push_back(char_class(depth + 1));
      } else if (c == '\\') {
        escape(flat, true);
      } else if (c == '-') {
        ++at_;
        // A range keeps its hyphen; at the edges it stands for itself.
        const bool edge = flat.empty() || peek() == ']' || peek() == '[' || (peek() == '&' && peek(1) == '&');
        flat += edge ? "\\-" : "-";
      } else {
        ++at_;
        if (c & 0x80) {
          flat += c;
          while (more() && (peek() & 0xC0) == 0x80) {
            flat += peek();
            ++at_;
          }
        } else {
          literal(flat, c);
        }
      }
      first = false;
    }
    close_operand();
    if (operands.empty()) {
      fail();
      return {};
    }
    if (operands.size() == 1) {
      if (!negated) {
        return operands[0];
      }
      return operands[0].starts_with("[") && !operands[0].starts_with("[^") ? "[^" + operands[0].substr(1)
                                                                            : "(?:(?!" + operands[0] + ")(?s:.))";
    }
    std::string both = "(?:";
    for (size_t i = 0; i + 1 < operands.size(); ++i) {
      both += "(?=" + operands[i] + ")";
    }
    both += operands.back() + ")";
    return negated ? "(?:(?!" + both + ")(?s:.))" : both;
  }

  std::string_view in_;
  size_t at_ = 0;
  bool good_ = true;
  bool unicode_classes_ = false;
};

}  // namespace

bool translate_java_pattern(std::string_view pattern, std::string& out) { return Translator(pattern).run(out); }

}  // namespace pyrite
