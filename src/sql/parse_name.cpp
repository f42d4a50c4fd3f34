// Names: identifiers with and without quotes, keywords as names, IDENTIFIER('…').
#include "plan/quoted_name.h"
#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

bool is_plain(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool Parser::at_identifier(size_t ahead) const {
  const Token& token = peek(ahead);
  switch (token.kind) {
    case TokenKind::backquoted:
      return true;
    case TokenKind::double_quoted:
      return options_.double_quoted_identifiers;
    case TokenKind::name:
      break;
    default:
      return false;
  }
  if (!token.keyword || !options_.enforce_reserved_keywords) {
    return true;
  }
  const KeywordClass usage = token.keyword.usage();
  return usage != KeywordClass::reserved_ansi && usage != KeywordClass::strict_reserved_ansi;
}

bool Parser::at_strict_identifier(size_t ahead) const {
  if (!at_identifier(ahead)) {
    return false;
  }
  const Keyword keyword = peek(ahead).keyword;
  return !keyword || options_.enforce_reserved_keywords ||
         (keyword.usage() != KeywordClass::strict && keyword.usage() != KeywordClass::strict_reserved_ansi);
}

bool Parser::at_literal_identifier() const {
  if (!at_identifier_clause() || options_.legacy_identifier_clause) {
    return false;
  }
  size_t ahead = 2;
  while (at_string(ahead) || (options_.parameter && at_parameter(ahead))) {
    ahead += at(TokenKind::colon, ahead) ? 2 : 1;
  }
  return ahead > 2 && at(TokenKind::right_paren, ahead);
}

std::string Parser::name_text(const Token& token) const {
  const std::string_view text = text_of(token);
  if (token.kind == TokenKind::name) {
    return std::string(text);
  }
  std::string out;
  const char quote = text[0];
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    out += text[i];
    i += text[i] == quote;  // doubled
  }
  return out;
}

void Parser::check_name(Mark where) const {
  const Token& token = tokens_[where];
  if (token.kind == TokenKind::name && !token.keyword && !is_plain(text_of(token))) {
    SparkError error(ErrorKind::parse, "INVALID_IDENTIFIER", {{"ident", std::string(text_of(token))}});
    place(error, where);
    throw error;
  }
}

NameParts Parser::identifier_parts() {
  if (at_literal_identifier()) {
    const Mark from = mark();
    at_ += 2;
    const std::string text = string_literal();
    expect(TokenKind::right_paren);
    if (text.empty()) {
      fail_with("PARSE_EMPTY_STATEMENT", {}, from);
    }
    return Parser(text, options_).whole_identifier();
  }
  if (!at_identifier()) {
    fail();
  }
  check_name(at_);
  std::string name = name_text(peek());
  advance();
  return {std::move(name)};
}

std::string Parser::simple_identifier() {
  const Mark from = mark();
  NameParts parts = identifier_parts();
  if (parts.size() != 1) {
    fail_with("IDENTIFIER_TOO_MANY_NAME_PARTS", {{"identifier", quoted_name(parts)}, {"limit", "1"}}, from);
  }
  return std::move(parts[0]);
}

std::string Parser::identifier() {
  const Mark from = mark();
  std::string name = simple_identifier();
  if (at(TokenKind::minus) && at_identifier(1)) {
    while (at(TokenKind::minus) && at_identifier(1)) {
      at_ += 2;
    }
    SparkError error(ErrorKind::parse, "INVALID_IDENTIFIER", {{"ident", source(from)}});
    place(error, from);
    throw error;
  }
  return name;
}

std::string Parser::strict_identifier() {
  if (!at_strict_identifier()) {
    fail();
  }
  return simple_identifier();
}

NameParts Parser::multipart_identifier() {
  NameParts out;
  do {
    if (at_literal_identifier()) {
      const NameParts parts = identifier_parts();
      out.insert(out.end(), parts.begin(), parts.end());
    } else {
      out.push_back(identifier());
    }
  } while (accept(TokenKind::dot));
  return out;
}

NameParts Parser::table_identifier() {
  const Mark from = mark();
  NameParts name = multipart_identifier();
  if (name.size() > 2) {
    fail_at(from + 3);
  }
  return name;
}

std::vector<std::string> Parser::identifier_list() {
  return parenthesized_list([&] { return identifier(); });
}

/// The text of a constant string expression: literals joined by || or concat.
std::optional<std::string> Parser::constant_text(const ExpressionPtr& expression) const {
  if (const auto* literal = std::get_if<plan::Literal>(&expression->node)) {
    return literal->type.is(TypeKind::string) ? std::optional(literal->value.text()) : std::nullopt;
  }
  const auto* call = std::get_if<plan::Call>(&expression->node);
  if (!call || call->name.size() != 1 ||
      (call->name[0] != "||" && call->name[0] != "concat" && call->name[0] != "CONCAT")) {
    return std::nullopt;
  }
  std::string out;
  for (const ExpressionPtr& argument : call->arguments) {
    const auto part = constant_text(argument);
    if (!part) {
      return std::nullopt;
    }
    out += *part;
  }
  return out;
}

NameReference Parser::identifier_reference() {
  if (at_identifier_clause() && !at_literal_identifier()) {
    at_ += 2;
    ExpressionPtr clause = expression();
    expect(TokenKind::right_paren);
    if (const auto text = constant_text(clause)) {
      return {Parser(*text, options_).whole_identifier(), nullptr};
    }
    return {{}, std::move(clause)};
  }
  return {multipart_identifier(), nullptr};
}

NameParts Parser::plain_reference(std::string_view feature) {
  NameReference reference = identifier_reference();
  if (reference.clause) {
    throw_unsupported("IDENTIFIER(expression) in " + std::string(feature));
  }
  return std::move(reference.name);
}

NameParts Parser::whole_identifier() {
  NameParts parts = multipart_identifier();
  expect_end();
  return parts;
}

std::vector<std::string> parse_identifier(std::string_view text) { return Parser(text, {}).whole_identifier(); }

std::string quote_if_needed(std::string_view name) {
  bool plain = !name.empty() && is_plain(name) && !(name[0] >= '0' && name[0] <= '9');
  for (size_t i = 0; !plain && i < name.size() && is_plain(name); ++i) {
    plain = !(name[i] >= '0' && name[i] <= '9');  // digits alone need quotes
  }
  return plain ? std::string(name) : quoted_name({std::string(name)});
}

}  // namespace pyrite::sql
