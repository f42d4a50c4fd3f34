// SQL text to tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/token.h"

namespace pyrite::sql {

/// The text's tokens without spaces and comments; the last is `end`. Errors: UNCLOSED_BRACKETED_COMMENT.
std::vector<Token> tokenize(std::string_view text);

/// The value of a string token with its quotes; `keep_escapes`: backslashes mean themselves.
/// `join_doubled`: a quote written twice is nothing instead of one quote.
std::string string_value(std::string_view quoted, bool keep_escapes, bool join_doubled = false);

}  // namespace pyrite::sql
