// A token of SQL text.
#pragma once

#include <cstdint>

#include "sql/keywords.h"

namespace pyrite::sql {

enum class TokenKind : uint8_t {
  end,
  name,  ///< identifier without quotes, or keyword
  backquoted,
  string,  ///< '…', r'…', r"…"
  double_quoted,
  integer,
  decimal,
  exponent,
  long_suffix,   ///< 1L
  short_suffix,  ///< 1S
  byte_suffix,   ///< 1Y
  float_suffix,
  double_suffix,
  decimal_suffix,  ///< 1BD
  semicolon,
  left_paren,
  right_paren,
  comma,
  dot,
  left_bracket,
  right_bracket,
  bang,
  equal,
  null_safe_equal,
  not_equal,       ///< <>
  not_equal_bang,  ///< !=
  less,
  less_equal,
  greater,
  greater_equal,
  shift_left,
  shift_right,
  shift_right_unsigned,
  plus,
  minus,
  star,
  slash,
  percent,
  tilde,
  ampersand,
  pipe,
  concat,
  pipe_operator,  ///< |>
  caret,
  colon,
  double_colon,
  arrow,
  fat_arrow,
  hint_start,
  hint_end,
  question,
  unrecognized,
};

struct Token {
  TokenKind kind = TokenKind::end;
  Keyword keyword;     ///< of a name that is one
  uint32_t begin = 0;  ///< bytes of the text
  uint32_t end = 0;    ///< one past the last
};

}  // namespace pyrite::sql
