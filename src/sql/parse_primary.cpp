// Operands: names, constants, parentheses, CASE, CAST, and what follows an operand: fields, subscripts, casts.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {

ExpressionPtr Parser::primary() {
  const Mark from = mark();
  return postfix(atom(), from);
}

ExpressionPtr Parser::postfix(ExpressionPtr base, Mark from) {
  for (size_t length = 1;; ++length) {
    switch (peek().kind) {
      case TokenKind::dot:
        base = dereference(std::move(base), from);
        break;
      case TokenKind::left_bracket: {
        advance();
        const Depth depth(*this);
        ExpressionPtr index = value_expression();
        expect(TokenKind::right_bracket);
        base = make(plan::ExtractValue{std::move(base), std::move(index)}, from);
        break;
      }
      case TokenKind::double_colon: {
        advance();
        Type type = cast_type();
        base = make(plan::Cast{std::move(base), std::move(type), plan::CastMode::session}, from);
        break;
      }
      case TokenKind::colon:
        base = json_path(std::move(base), from);
        break;
      default:
        if (!at(Keyword("COLLATE"))) {
          return base;
        }
        advance();
        const Mark name = mark();
        std::string collation;
        for (const std::string& part : multipart_identifier()) {
          collation += collation.empty() ? part : "." + part;
        }
        ExpressionPtr text = string_constant(std::move(collation), name);
        base = call("collate", {std::move(base), std::move(text)}, from);
    }
    count_link(length);
  }
}

Type Parser::cast_type() {
  Type type = data_type();
  return type.is(TypeKind::char_n) || type.is(TypeKind::varchar_n) ? Type::string() : type;
}

ExpressionPtr Parser::dereference(ExpressionPtr base, Mark from) {
  expect(TokenKind::dot);
  const auto* attribute = std::get_if<plan::Attribute>(&base->node);
  if (at(TokenKind::star)) {
    if (!attribute) {
      fail();
    }
    return star(attribute->name_parts, from);
  }
  const Mark field = mark();
  NameParts parts = identifier_parts();
  if (attribute) {
    const bool quoted = tokens_[field].kind == TokenKind::backquoted;
    if (quoted && options_.quoted_regex_column_names && !at(TokenKind::left_paren)) {
      return make(plan::RegexColumn{parts[0], attribute->name_parts, std::nullopt}, from);
    }
    NameParts all = attribute->name_parts;
    all.insert(all.end(), parts.begin(), parts.end());
    if (at(TokenKind::left_paren)) {
      return function_call(std::move(all), nullptr, from);
    }
    return make(plan::Attribute{std::move(all), std::nullopt, false}, from);
  }
  for (std::string& part : parts) {
    ExpressionPtr name = string_constant(std::move(part), field);
    base = make(plan::ExtractValue{std::move(base), std::move(name)}, from);
  }
  return base;
}

ExpressionPtr Parser::star(NameParts target, Mark from) {
  expect(TokenKind::star);
  plan::Star node{std::move(target), std::nullopt, {}};
  // EXCEPT may also be the set operator: then a query follows.
  if (at(Keyword("EXCEPT")) && !at_any({"ALL", "DISTINCT", "SELECT", "VALUES", "TABLE", "FROM"}, 1) &&
      !(at(TokenKind::left_paren, 1) && at_query(2))) {
    advance();
    node.except = parenthesized_list([&] { return multipart_identifier(); });
  }
  return make(std::move(node), from);
}

ExpressionPtr Parser::atom() {
  const Mark from = mark();
  switch (peek().kind) {
    case TokenKind::left_paren:
      return parenthesized(from);
    case TokenKind::star:
      return star({}, from);
    case TokenKind::minus:
    case TokenKind::question:
      return constant();
    case TokenKind::colon:
      return parameter();
    default:
      break;
  }
  if (at_constant()) {
    return constant();
  }
  if (peek().keyword) {
    if (ExpressionPtr special = keyword_atom(from)) {
      return special;
    }
  }
  return name_atom(from);
}

/// What begins with a keyword; nullptr: the keyword is a name here.
ExpressionPtr Parser::keyword_atom(Mark from) {
  const bool call_follows = at(TokenKind::left_paren, 1);
  if (at_any({"NULL", "TRUE", "FALSE"})) {
    return call_follows ? nullptr : constant();
  }
  if (at(Keyword("CASE")) && !at(TokenKind::dot, 1) && !at(TokenKind::comma, 1) && !at(TokenKind::end, 1) &&
      !at(TokenKind::right_paren, 1) && !at(Keyword("FROM"), 1)) {
    return case_expression(from);
  }
  if (at(Keyword("CAST")) && call_follows) {
    return cast_expression(from, plan::CastMode::session);
  }
  if (at(Keyword("TRY_CAST")) && call_follows) {
    return cast_expression(from, plan::CastMode::try_cast);
  }
  if (at_interval()) {
    return interval_literal();
  }
  if (at_any({"CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_USER", "USER", "SESSION_USER", "CURRENT_TIME",
              "CURRENT_PATH", "CURRENT_SCHEMA", "CURRENT_DATABASE"}) &&
      !call_follows && options_.enforce_reserved_keywords) {
    std::string name(text_of(peek()));
    advance();
    return call(name, {}, from);
  }
  if (call_follows) {
    return special_call(from);
  }
  return nullptr;
}

ExpressionPtr Parser::name_atom(Mark from) {
  if (at_identifier() && at(TokenKind::arrow, 1)) {
    return lambda();
  }
  if (at_identifier_clause() && !at_literal_identifier()) {
    at_ += 2;
    ExpressionPtr clause = expression();
    expect(TokenKind::right_paren);
    if (at(TokenKind::left_paren)) {
      return function_call({}, std::move(clause), from);
    }
    return make(plan::IdentifierClause{std::move(clause), false, {}}, from);
  }
  if (!at_identifier()) {
    const bool function =
        (at(Keyword("FILTER")) || at(Keyword("LEFT")) || at(Keyword("RIGHT"))) && at(TokenKind::left_paren, 1);
    if (!function) {
      fail();
    }
    NameParts name{std::string(text_of(peek()))};
    advance();
    return function_call(std::move(name), nullptr, from);
  }
  if (at_string(1)) {
    return typed_literal(from);
  }
  const bool quoted = at(TokenKind::backquoted);
  NameParts name = identifier_parts();
  if (at(TokenKind::left_paren)) {
    return function_call(std::move(name), nullptr, from);
  }
  if (quoted && options_.quoted_regex_column_names && !at(TokenKind::dot)) {
    return make(plan::RegexColumn{std::move(name[0]), {}, std::nullopt}, from);
  }
  return make(plan::Attribute{std::move(name), std::nullopt, false}, from);
}

bool Parser::at_lambda() const {
  size_t ahead = 1;
  while (at_identifier(ahead) && at(TokenKind::comma, ahead + 1)) {
    ahead += 2;
  }
  return at_identifier(ahead) && at(TokenKind::right_paren, ahead + 1) && at(TokenKind::arrow, ahead + 2);
}

ExpressionPtr Parser::lambda() {
  const Mark from = mark();
  plan::Lambda node;
  if (accept(TokenKind::left_paren)) {
    node.parameters = comma_list([&] { return simple_identifier(); });
    expect(TokenKind::right_paren);
  } else {
    node.parameters = {simple_identifier()};
  }
  expect(TokenKind::arrow);
  node.body = expression();
  return make(std::move(node), from);
}

ExpressionPtr Parser::subquery_expression(plan::SubqueryKind kind, RelationPtr query, Mark from) {
  plan::Subquery node;
  node.kind = kind;
  node.relation = std::move(query);
  return make(std::move(node), from);
}

ExpressionPtr Parser::parenthesized(Mark from) {
  if (at_lambda()) {
    return lambda();
  }
  QueryOr inner = query_or_expression();
  if (inner.query) {
    return subquery_expression(plan::SubqueryKind::scalar, std::move(inner.query), from);
  }
  return std::move(inner.expression);
}

ExpressionPtr Parser::case_expression(Mark from) {
  expect(Keyword("CASE"));
  ExpressionPtr subject;
  if (!at(Keyword("WHEN"))) {
    subject = expression();
  }
  plan::Call node;
  node.name = {"when"};
  do {
    const Mark branch = mark();
    expect(Keyword("WHEN"));
    ExpressionPtr condition = expression();
    if (subject) {
      condition = call("=", {subject, std::move(condition)}, from);
    }
    expect(Keyword("THEN"));
    node.arguments.push_back(std::move(condition));
    node.arguments.push_back(expression());
    check(mark() > branch, "a branch has text");
  } while (at(Keyword("WHEN")));
  if (accept(Keyword("ELSE"))) {
    node.arguments.push_back(expression());
  }
  expect(Keyword("END"));
  return make(std::move(node), from);
}

ExpressionPtr Parser::cast_expression(Mark from, plan::CastMode mode) {
  advance();
  expect(TokenKind::left_paren);
  ExpressionPtr inner = expression();
  expect(Keyword("AS"));
  Type type = cast_type();
  expect(TokenKind::right_paren);
  return make(plan::Cast{std::move(inner), std::move(type), mode}, from);
}

/// `a:b.c[0]['d']`: a part of a variant, under the name of its last field. As in Spark a quoted field is taken without
/// its quotes, so that its dots part it.
ExpressionPtr Parser::json_path(ExpressionPtr base, Mark from) {
  expect(TokenKind::colon);
  const Mark path_start = mark();
  std::string path = "$";
  std::string name;
  const auto at_subscript = [&] {
    return at(TokenKind::left_bracket) && (at(TokenKind::integer, 1) || at_string(1)) &&
           at(TokenKind::right_bracket, 2);
  };
  const auto field = [&] {
    const std::string text = simple_identifier();
    path += "." + text;
    name = text.substr(text.rfind('.') + 1);
  };
  if (!at(TokenKind::left_bracket)) {
    field();
  } else if (!at_subscript()) {
    advance();
    fail();
  }
  while (true) {
    if (at_subscript()) {
      advance();
      if (at(TokenKind::integer)) {
        path += "[" + std::to_string(integer_value()) + "]";
      } else {
        name = string_literal();
        path += "['" + name + "']";
      }
      expect(TokenKind::right_bracket);
    } else if (at(TokenKind::dot) && at_identifier(1)) {
      advance();
      field();
    } else {
      break;
    }
  }
  plan::Call part;
  part.name = {"semi_structured_extract"};
  part.arguments = {std::move(base), string_constant(std::move(path), path_start)};
  part.is_internal = true;
  ExpressionPtr extract = make(std::move(part), from);
  if (name.empty()) {
    return extract;
  }
  return make(plan::Alias{std::move(extract), {std::move(name)}, {}}, from);
}

}  // namespace pyrite::sql
