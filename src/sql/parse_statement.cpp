// Statements: which kind a text is, and the ends of a statement.
#include "sql/parser_core.h"

namespace pyrite::sql {

plan::Command Parser::whole_statement() {
  if (at(TokenKind::end)) {
    throw SparkError(ErrorKind::parse, "PARSE_EMPTY_STATEMENT");
  }
  plan::Command out = statement();
  while (accept(TokenKind::semicolon)) {
  }
  expect_end();
  check_windows_defined();
  return out;
}

plan::Command Parser::statement() {
  const Depth depth(*this);
  const Mark from = mark();
  plan::Command::Node node = statement_node();
  return {std::move(node), origin(from)};
}

plan::Command::Node Parser::statement_node() { return plan::Query{query()}; }

plan::Command parse_statement(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).whole_statement();
}

}  // namespace pyrite::sql
