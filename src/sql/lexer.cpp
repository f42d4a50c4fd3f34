// Cuts SQL text into tokens by Spark's rules: longest match, nested comments, names that start with digits.
#include "sql/lexer.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstring>

#include "base/error.h"

namespace pyrite::sql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    if (text_.size() > max_text) {
      throw SparkError(ErrorKind::parse, "FAILED_TO_PARSE_TOO_COMPLEX");
    }
    tokens_.reserve(text_.size() / 5 + 4);
    while (skip_blank()) {
      const size_t begin = at_;
      const TokenKind kind = next();
      add(kind, begin);
    }
    add(TokenKind::end, text_.size());
    return std::move(tokens_);
  }

 private:
  static constexpr size_t max_text = size_t{1} << 30;

  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  char at(size_t index) const { return index < text_.size() ? text_[index] : '\0'; }

  void add(TokenKind kind, size_t begin) {
    Token token{.kind = kind, .begin = static_cast<uint32_t>(begin), .end = static_cast<uint32_t>(at_)};
    if (kind == TokenKind::name && at_ - begin <= 24) {
      char name[24];
      for (size_t i = begin; i < at_; ++i) {
        name[i - begin] = upper(text_[i]);
      }
      token.keyword = Keyword::find({name, at_ - begin});
    }
    tokens_.push_back(token);
  }

  /// Skips spaces and comments; false at the end of the text.
  bool skip_blank() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        ++at_;
      } else if (c == '-' && peek(1) == '-') {
        skip_line_comment();
      } else if (c == '/' && peek(1) == '*' && peek(2) != '+') {
        skip_bracketed_comment();
      } else if (static_cast<unsigned char>(c) >= 0x80 && skip_unicode_space()) {
        continue;
      } else {
        return true;
      }
    }
    return false;
  }

  bool skip_unicode_space() {
    const size_t length = code_point(at_).second;
    const UChar32 point = code_point(at_).first;
    if (point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 ||
        point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000) {
      at_ += length;
      return true;
    }
    return false;
  }

  void skip_line_comment() {
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') {
      at_ += text_[at_] == '\\' && peek(1) == '\n' ? 2 : 1;
    }
  }

  void skip_bracketed_comment() {
    const size_t begin = at_;
    size_t depth = 0;
    while (at_ < text_.size()) {
      if (text_[at_] == '/' && peek(1) == '*' && (depth == 0 || peek(2) != '+')) {
        ++depth;
        at_ += 2;
      } else if (text_[at_] == '*' && peek(1) == '/') {
        at_ += 2;
        if (--depth == 0) {
          return;
        }
      } else {
        ++at_;
      }
    }
    check(begin < at_, "a comment has a start");
    throw SparkError(ErrorKind::parse, "UNCLOSED_BRACKETED_COMMENT");
  }

  std::pair<UChar32, size_t> code_point(size_t index) const {
    int32_t next = static_cast<int32_t>(index);
    UChar32 point;
    U8_NEXT(text_.data(), next, static_cast<int32_t>(text_.size()), point);
    return {point, static_cast<size_t>(next) - index};
  }

  /// Bytes of the name character at `index`; 0: none.
  size_t name_char(size_t index) const {
    const char c = at(index);
    if (is_letter(c) || is_digit(c) || c == '_') {
      return 1;
    }
    if (static_cast<unsigned char>(c) < 0x80) {
      return 0;
    }
    const auto [point, length] = code_point(index);
    return point >= 0 && (U_MASK(u_charType(point)) & U_GC_L_MASK) ? length : 0;
  }

  size_t name_end(size_t index) const {
    while (const size_t length = name_char(index)) {
      index += length;
    }
    return index;
  }

  size_t digits_end(size_t index) const {
    while (is_digit(at(index))) {
      ++index;
    }
    return index;
  }

  /// The end of an exponent that starts at `index`, or `index`.
  size_t exponent_end(size_t index) const {
    if (upper(at(index)) != 'E') {
      return index;
    }
    const size_t sign = at(index + 1) == '+' || at(index + 1) == '-' ? 1 : 0;
    const size_t end = digits_end(index + 1 + sign);
    return end > index + 1 + sign ? end : index;
  }

  struct Number {
    TokenKind kind = TokenKind::unrecognized;
    size_t end = 0;
    void longest(TokenKind other, size_t other_end) {
      if (other_end > end) {
        kind = other;
        end = other_end;
      }
    }
  };

  void suffixed(Number& number, size_t end, bool guarded) const {
    const auto offer = [&](TokenKind kind, size_t stop) {
      if (!guarded || !(is_letter(at(stop)) || is_digit(at(stop)) || at(stop) == '_')) {
        number.longest(kind, stop);
      }
    };
    switch (upper(at(end))) {
      case 'F':
        offer(TokenKind::float_suffix, end + 1);
        break;
      case 'D':
        offer(TokenKind::double_suffix, end + 1);
        break;
      case 'B':
        if (upper(at(end + 1)) == 'D') {
          offer(TokenKind::decimal_suffix, end + 2);
        }
        break;
      default:
        break;
    }
  }

  Number number() const {
    Number found;
    const size_t whole = digits_end(at_);
    if (whole > at_) {
      found.longest(TokenKind::integer, whole);
      switch (upper(at(whole))) {
        case 'L':
          found.longest(TokenKind::long_suffix, whole + 1);
          break;
        case 'S':
          found.longest(TokenKind::short_suffix, whole + 1);
          break;
        case 'Y':
          found.longest(TokenKind::byte_suffix, whole + 1);
          break;
        default:
          break;
      }
      const size_t end = exponent_end(whole);
      if (end > whole) {
        found.longest(TokenKind::exponent, end);
        suffixed(found, end, false);
      }
      suffixed(found, whole, false);
    }
    if (at(whole) == '.' && (whole > at_ || is_digit(at(whole + 1)))) {
      const size_t fraction = digits_end(whole + 1);
      const auto free = [&](size_t end) { return !(is_letter(at(end)) || is_digit(at(end)) || at(end) == '_'); };
      if (free(fraction)) {
        found.longest(TokenKind::decimal, fraction);
      }
      suffixed(found, fraction, true);
      const size_t end = exponent_end(fraction);
      if (end > fraction) {
        if (free(end)) {
          found.longest(TokenKind::exponent, end);
        }
        suffixed(found, end, true);
      }
    }
    return found;
  }

  TokenKind next() {
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      const Number found = number();
      const size_t name = name_end(at_);
      if (found.end >= name && found.end > at_) {
        at_ = found.end;
        return found.kind;
      }
    }
    if (c == '\'') {
      return quoted_string('\'');
    }
    if (c == '"') {
      return quoted_string('"');
    }
    if ((c == 'r' || c == 'R') && (peek(1) == '\'' || peek(1) == '"')) {
      const size_t close = text_.find(peek(1), at_ + 2);
      if (close != std::string_view::npos) {
        at_ = close + 1;
        return TokenKind::string;
      }
    }
    if (c == '`') {
      return backquoted();
    }
    if (name_char(at_) > 0) {
      at_ = name_end(at_);
      take_path();
      return TokenKind::name;
    }
    return symbol();
  }

  /// scheme://… is one name.
  void take_path() {
    if (peek() != ':' || peek(1) != '/' || peek(2) != '/') {
      return;
    }
    static constexpr std::string_view extra = "_/-.?=&#%";
    size_t end = at_ + 3;
    while (end < text_.size() && (name_char(end) > 0 || extra.find(text_[end]) != std::string_view::npos)) {
      end += std::max<size_t>(1, name_char(end));
    }
    if (end > at_ + 3) {
      at_ = end;
    }
  }

  TokenKind quoted_string(char quote) {
    size_t index = at_ + 1;
    while (index < text_.size()) {
      if (text_[index] == '\\') {
        index += 2;
      } else if (text_[index] != quote) {
        ++index;
      } else if (at(index + 1) == quote) {
        index += 2;
      } else {
        at_ = index + 1;
        return quote == '"' ? TokenKind::double_quoted : TokenKind::string;
      }
    }
    ++at_;
    return TokenKind::unrecognized;
  }

  TokenKind backquoted() {
    size_t index = at_ + 1;
    while (index < text_.size()) {
      if (text_[index] != '`') {
        ++index;
      } else if (at(index + 1) == '`') {
        index += 2;
      } else {
        at_ = index + 1;
        return TokenKind::backquoted;
      }
    }
    ++at_;
    return TokenKind::unrecognized;
  }

  TokenKind take(TokenKind kind, size_t length) {
    at_ += length;
    return kind;
  }

  TokenKind symbol() {
    using enum TokenKind;
    struct Symbol {
      std::string_view text;
      TokenKind kind;
    };
    static constexpr Symbol symbols[] = {// longer ones first
                                         {">>>", shift_right_unsigned},
                                         {"<=>", null_safe_equal},
                                         {"/*+", hint_start},
                                         {"==", equal},
                                         {"<>", not_equal},
                                         {"!=", not_equal_bang},
                                         {"<=", less_equal},
                                         {"!>", less_equal},
                                         {">=", greater_equal},
                                         {"!<", greater_equal},
                                         {"<<", shift_left},
                                         {">>", shift_right},
                                         {"||", concat},
                                         {"|>", pipe_operator},
                                         {"::", double_colon},
                                         {"->", arrow},
                                         {"=>", fat_arrow},
                                         {"*/", hint_end},
                                         {";", semicolon},
                                         {"(", left_paren},
                                         {")", right_paren},
                                         {",", comma},
                                         {".", dot},
                                         {"[", left_bracket},
                                         {"]", right_bracket},
                                         {"!", bang},
                                         {"=", equal},
                                         {"<", less},
                                         {">", greater},
                                         {"+", plus},
                                         {"-", minus},
                                         {"*", star},
                                         {"/", slash},
                                         {"%", percent},
                                         {"~", tilde},
                                         {"&", ampersand},
                                         {"|", pipe},
                                         {"^", caret},
                                         {":", colon},
                                         {"?", question}};
    const std::string_view rest = text_.substr(at_, 3);
    for (const Symbol& each : symbols) {
      if (rest.starts_with(each.text)) {
        return take(each.kind, each.text.size());
      }
    }
    const size_t length = static_cast<unsigned char>(text_[at_]) < 0x80 ? 1 : code_point(at_).second;
    return take(unrecognized, length);
  }

  std::string_view text_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

void append_code_point(std::string& out, uint32_t point) {
  if (point > 0x10ffff) {
    point = 0xfffd;
  }
  char bytes[U8_MAX_LENGTH];
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(point));
  out.append(bytes, static_cast<size_t>(length));
}

/// Hexadecimal digits text[from, from + count) as a number; false if they are not all there.
bool hex_value(std::string_view text, size_t from, size_t count, uint32_t& value) {
  if (from + count > text.size()) {
    return false;
  }
  value = 0;
  for (size_t i = from; i < from + count; ++i) {
    const char c = upper(text[i]);
    if (!is_digit(c) && !(c >= 'A' && c <= 'F')) {
      return false;
    }
    value = value * 16 + static_cast<uint32_t>(is_digit(c) ? c - '0' : c - 'A' + 10);
  }
  return true;
}

/// Reads the escape after the backslash at `index`; returns the index after it.
size_t append_escape(std::string_view body, size_t index, std::string& out) {
  const char c = body[index + 1];
  uint32_t value = 0;
  if (c == 'u' && hex_value(body, index + 2, 4, value)) {
    uint32_t low = 0;
    const bool pair = value >= 0xd800 && value < 0xdc00 && body.substr(index + 6, 2) == "\\u" &&
                      hex_value(body, index + 8, 4, low) && low >= 0xdc00 && low < 0xe000;
    append_code_point(out, pair ? 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00) : value);
    return index + (pair ? 12 : 6);
  }
  if (c == 'U' && hex_value(body, index + 2, 8, value)) {
    append_code_point(out, value);
    return index + 10;
  }
  const auto octal = [&](size_t at, char most) { return at < body.size() && body[at] >= '0' && body[at] <= most; };
  if (octal(index + 1, '1') && octal(index + 2, '7') && octal(index + 3, '7')) {
    append_code_point(out,
                      static_cast<uint32_t>((c - '0') * 64 + (body[index + 2] - '0') * 8 + (body[index + 3] - '0')));
    return index + 4;
  }
  switch (c) {
    case '0':
      out += '\0';
      break;
    case 'b':
      out += '\b';
      break;
    case 'n':
      out += '\n';
      break;
    case 'r':
      out += '\r';
      break;
    case 't':
      out += '\t';
      break;
    case 'Z':
      out += '\x1a';
      break;
    case '%':
    case '_':
      out += '\\';
      out += c;
      break;
    default:
      out += c;
  }
  return index + 2;
}

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

std::string string_value(std::string_view quoted, bool keep_escapes, bool join_doubled) {
  if (quoted[0] == 'r' || quoted[0] == 'R') {
    return std::string(quoted.substr(2, quoted.size() - 3));
  }
  const char quote = quoted[0];
  const std::string_view body = quoted.substr(1, quoted.size() - 2);
  if (body.find('\\') == std::string_view::npos && body.find(quote) == std::string_view::npos) {
    return std::string(body);
  }
  std::string out;
  out.reserve(body.size());
  for (size_t i = 0; i < body.size();) {
    if (body[i] == '\\' && !keep_escapes && i + 1 < body.size()) {
      i = append_escape(body, i, out);
    } else if (body[i] == quote && i + 1 < body.size() && body[i + 1] == quote) {
      out += join_doubled ? "" : std::string(1, quote);
      i += 2;
    } else {
      out += body[i++];
    }
  }
  return out;
}

}  // namespace pyrite::sql
