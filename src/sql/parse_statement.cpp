// Statements: which kind a text is, and the ends of a statement.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {

plan::Command Parser::whole_statement() {
  if (at(TokenKind::end)) {
    throw SparkError(ErrorKind::parse, "PARSE_EMPTY_STATEMENT");
  }
  plan::Command out = statement();
  while (accept(TokenKind::semicolon)) {
  }
  finish();
  return out;
}

plan::Command Parser::statement() {
  const Depth depth(*this);
  const Mark from = mark();
  plan::Command::Node node = statement_node();
  return {std::move(node), origin(from)};
}

/// A statement known by name only: the rest of the text is not read.
plan::Command::Node Parser::unsupported(std::string feature) {
  at_ = tokens_.size() - 1;
  return plan::UnsupportedCommand{std::move(feature)};
}

plan::Command::Node Parser::statement_node() {
  struct Kind {
    Keyword keyword;
    plan::Command::Node (Parser::*parse)();
  };
  static constexpr Kind kinds[] = {
      {"CREATE", &Parser::create},     {"REPLACE", &Parser::create},    {"DROP", &Parser::drop},
      {"ALTER", &Parser::alter},       {"SHOW", &Parser::show},         {"DESC", &Parser::describe},
      {"DESCRIBE", &Parser::describe}, {"EXPLAIN", &Parser::explain},   {"SET", &Parser::set},
      {"RESET", &Parser::reset},       {"USE", &Parser::use},           {"DECLARE", &Parser::declare},
      {"CACHE", &Parser::cache},       {"UNCACHE", &Parser::cache},     {"CLEAR", &Parser::cache},
      {"REFRESH", &Parser::refresh},   {"TRUNCATE", &Parser::truncate}, {"EXECUTE", &Parser::execute_immediate}};
  const Keyword keyword = peek().keyword;
  for (const Kind& kind : kinds) {
    if (keyword && kind.keyword == keyword) {
      return (this->*kind.parse)();
    }
  }
  if (at(Keyword("WITH")) && at_query()) {
    const Mark from = mark();
    const size_t first_pending = pending_windows_.size();
    CommonTables tables = common_tables();
    if (at_any({"INSERT", "DELETE", "UPDATE", "MERGE"})) {
      return at(Keyword("INSERT")) ? insert(std::move(tables)) : modify_rows(std::move(tables));
    }
    const Mark start = mark();
    RelationPtr first = query_primary();
    RelationPtr whole = query_rest(std::move(first), start, first_pending);
    check(start > from, "WITH has text");
    if (at(Keyword("INSERT"))) {
      return unsupported("several INSERTs from one FROM");
    }
    return plan::Query{with_common_tables(std::move(tables), std::move(whole))};
  }
  if (at(Keyword("INSERT"))) {
    return insert({});
  }
  if (at_any({"DELETE", "UPDATE", "MERGE"})) {
    return modify_rows({});
  }
  if (at(Keyword("BEGIN"))) {
    return unsupported("SQL scripting");
  }
  if (at(TokenKind::left_paren) || at_query()) {
    RelationPtr whole = query();
    if (at(Keyword("INSERT")) && at_any({"INTO", "OVERWRITE"}, 1)) {
      return unsupported("several INSERTs from one FROM");
    }
    return plan::Query{std::move(whole)};
  }
  return other_statement();
}

plan::Command::Node Parser::other_statement() {
  if (at(Keyword("ANALYZE"))) {
    return unsupported("ANALYZE TABLE");
  }
  if (at_all({"COMMENT", "ON"})) {
    return comment_on();
  }
  if (at_all({"LOAD", "DATA"})) {
    return unsupported("LOAD DATA");
  }
  if (at_all({"MSCK", "REPAIR"}) || at_all({"REPAIR", "TABLE"})) {
    return unsupported("REPAIR TABLE");
  }
  if (at_any({"ADD", "LIST"}) && at_identifier(1)) {
    return unsupported(std::string(text_of(peek())) + " " + std::string(text_of(peek(1))));
  }
  if (at(Keyword("CALL")) && at_identifier(1)) {
    return unsupported("CALL");
  }
  if (at_any({"GRANT", "REVOKE", "EXPORT", "IMPORT", "LOCK", "UNLOCK", "COMMIT", "ROLLBACK", "DFS"}) ||
      at_all({"START", "TRANSACTION"})) {
    return not_allowed(2);
  }
  if (at_identifier() && at(TokenKind::colon, 1) && at(Keyword("BEGIN"), 2)) {
    return unsupported("SQL scripting");
  }
  fail();
}

plan::Command::Node Parser::comment_on() {
  at_ += 2;
  const bool table = at(Keyword("TABLE"));
  if (!table && !at_namespace_word()) {
    fail();
  }
  advance();
  NameParts name = plain_reference("COMMENT ON");
  expect(Keyword("IS"));
  std::string comment = accept(Keyword("NULL")) ? std::string() : string_literal();
  if (table) {
    plan::AlterTable out;
    out.table = std::move(name);
    out.action = "COMMENT";
    out.properties = {{"comment", std::move(comment)}};
    return out;
  }
  plan::AlterNamespace out;
  out.name = std::move(name);
  out.comment = std::move(comment);
  return out;
}

/// Statements of Hive that Spark refuses by name.
plan::Command::Node Parser::not_allowed(size_t words) {
  const Mark from = mark();
  std::string name;
  for (size_t i = 0; i < words && peek(i).keyword; ++i) {
    name += (name.empty() ? "" : " ") + std::string(peek(i).keyword.name());
  }
  at_ = tokens_.size() - 1;
  fail_with("_LEGACY_ERROR_TEMP_0035", {{"message", name}}, from, tokens_.size() - 2);
}

std::string Parser::text_to_end() {
  const uint32_t begin = peek().begin;
  std::string text = text_between(begin, static_cast<uint32_t>(text_->size()));
  at_ = tokens_.size() - 1;
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && blank(text.back())) {
    text.pop_back();
  }
  return text;
}

plan::Command parse_statement(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).whole_statement();
}

}  // namespace pyrite::sql
