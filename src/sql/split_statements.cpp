// Cuts a script at its semicolons, keeping quotes, comments and BEGIN … END whole.
#include "sql/lexer.h"
#include "sql/parser.h"

namespace pyrite::sql {
namespace {

/// Whether the token opens (1) or closes (-1) a block whose semicolons belong to it.
int nesting(const std::vector<Token>& tokens, size_t index, bool in_block) {
  const Keyword keyword = tokens[index].keyword;
  const bool starts =
      index == 0 || tokens[index - 1].kind == TokenKind::semicolon || tokens[index - 1].kind == TokenKind::colon;
  if (keyword == Keyword("BEGIN") && (starts || in_block)) {
    return 1;
  }
  if (!in_block) {
    return 0;
  }
  if (keyword == Keyword("CASE") && !(index > 0 && tokens[index - 1].keyword == Keyword("END"))) {
    return 1;
  }
  const Keyword next = tokens[index + 1].keyword;
  const bool ends_other = next == Keyword("IF") || next == Keyword("WHILE") || next == Keyword("LOOP") ||
                          next == Keyword("REPEAT") || next == Keyword("FOR");
  return keyword == Keyword("END") && !ends_other ? -1 : 0;
}

}  // namespace

std::vector<std::string> split_statements(std::string_view script) {
  const std::vector<Token> tokens = tokenize(script);
  std::vector<std::string> out;
  int depth = 0;
  size_t first = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool end = tokens[i].kind == TokenKind::end;
    if (!end) {
      depth += nesting(tokens, i, depth > 0);
    }
    if (end || (tokens[i].kind == TokenKind::semicolon && depth <= 0)) {
      if (i > first) {
        out.emplace_back(script.substr(tokens[first].begin, tokens[i - 1].end - tokens[first].begin));
      }
      first = i + 1;
    }
  }
  return out;
}

}  // namespace pyrite::sql
