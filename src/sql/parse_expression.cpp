// Expressions from OR down to the operators of values, in Spark's order of precedence.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

/// Spark joins long AND and OR lists as a balanced tree.
template <class F>
ExpressionPtr balanced(const std::vector<ExpressionPtr>& parts, size_t low, size_t high, const F& combine) {
  if (low == high) {
    return parts[low];
  }
  if (high - low == 1) {
    return combine(parts[low], parts[high]);
  }
  const size_t middle = low + (high - low) / 2;
  return combine(balanced(parts, low, middle, combine), balanced(parts, middle + 1, high, combine));
}

struct Operator {
  const char* name = nullptr;
  int level = 0;
};

/// Binary operators of values; a higher level binds tighter. Comparisons are level 1.
Operator binary_operator(const Token& token) {
  switch (token.kind) {
    case TokenKind::equal:
      return {"=", 1};
    case TokenKind::not_equal:
    case TokenKind::not_equal_bang:
      return {"!=", 1};
    case TokenKind::null_safe_equal:
      return {"<=>", 1};
    case TokenKind::less:
      return {"<", 1};
    case TokenKind::less_equal:
      return {"<=", 1};
    case TokenKind::greater:
      return {">", 1};
    case TokenKind::greater_equal:
      return {">=", 1};
    case TokenKind::pipe:
      return {"|", 2};
    case TokenKind::caret:
      return {"^", 3};
    case TokenKind::ampersand:
      return {"&", 4};
    case TokenKind::shift_left:
      return {"<<", 5};
    case TokenKind::shift_right:
      return {">>", 5};
    case TokenKind::shift_right_unsigned:
      return {">>>", 5};
    case TokenKind::plus:
      return {"+", 6};
    case TokenKind::minus:
      return {"-", 6};
    case TokenKind::concat:
      return {"concat", 6};
    case TokenKind::star:
      return {"*", 7};
    case TokenKind::slash:
      return {"/", 7};
    case TokenKind::percent:
      return {"%", 7};
    default:
      return token.keyword == Keyword("DIV") ? Operator{"div", 7} : Operator{};
  }
}

}  // namespace

ExpressionPtr Parser::call(std::string_view name, std::vector<ExpressionPtr> arguments, Mark from) const {
  plan::Call node;
  node.name = {std::string(name)};
  node.arguments = std::move(arguments);
  return make(std::move(node), from);
}

ExpressionPtr Parser::negated_if(bool negated, ExpressionPtr expression, Mark from) const {
  return negated ? call("not", {std::move(expression)}, from) : expression;
}

ExpressionPtr Parser::expression() {
  const Depth depth(*this);
  const Mark from = mark();
  return logical(negation(), from);
}

/// Goes on with an expression whose first operand has been read already.
ExpressionPtr Parser::continue_expression(ExpressionPtr first, Mark from) {
  const Depth depth(*this);
  first = operators(postfix(std::move(first), from), from, 0);
  return logical(predicate(std::move(first)), from);
}

ExpressionPtr Parser::conjunction(ExpressionPtr first, Mark from) {
  if (!at(Keyword("AND"))) {
    return first;
  }
  std::vector<ExpressionPtr> parts{std::move(first)};
  while (accept(Keyword("AND"))) {
    parts.push_back(negation());
  }
  const OriginPtr whole = origin(from);
  return balanced(parts, 0, parts.size() - 1, [&](const ExpressionPtr& left, const ExpressionPtr& right) {
    plan::Call node;
    node.name = {"and"};
    node.arguments = {left, right};
    return plan::make_expression(std::move(node), whole);
  });
}

ExpressionPtr Parser::logical(ExpressionPtr first, Mark from) {
  first = conjunction(std::move(first), from);
  if (!at(Keyword("OR"))) {
    return first;
  }
  std::vector<ExpressionPtr> parts{std::move(first)};
  while (accept(Keyword("OR"))) {
    const Mark start = mark();
    parts.push_back(conjunction(negation(), start));
  }
  const OriginPtr whole = origin(from);
  return balanced(parts, 0, parts.size() - 1, [&](const ExpressionPtr& left, const ExpressionPtr& right) {
    plan::Call node;
    node.name = {"or"};
    node.arguments = {left, right};
    return plan::make_expression(std::move(node), whole);
  });
}

ExpressionPtr Parser::negation() {
  std::vector<Mark> nots;
  while (at(TokenKind::bang) ||
         (at(Keyword("NOT")) && !at(TokenKind::comma, 1) && !at(TokenKind::end, 1) && !at(TokenKind::right_paren, 1))) {
    nots.push_back(mark());
    advance();
  }
  ExpressionPtr inner = predicated();
  for (size_t i = nots.size(); i > 0; --i) {
    count_link(nots.size() - i + 1);
    inner = call("not", {std::move(inner)}, nots[i - 1]);
  }
  return inner;
}

ExpressionPtr Parser::predicated() {
  if (at(Keyword("EXISTS")) && at(TokenKind::left_paren, 1) && at_query(2)) {
    const Mark from = mark();
    at_ += 2;
    RelationPtr inner = query();
    expect(TokenKind::right_paren);
    return subquery_expression(plan::SubqueryKind::exists, std::move(inner), from);
  }
  return predicate(value_expression());
}

ExpressionPtr Parser::predicate(ExpressionPtr operand) {
  const Mark from = mark();
  if (at(Keyword("IS"))) {
    return is_predicate(std::move(operand), from);
  }
  const size_t ahead = at(Keyword("NOT")) || at(TokenKind::bang) ? 1 : 0;
  if (!at_any({"BETWEEN", "IN", "RLIKE", "LIKE", "ILIKE"}, ahead)) {
    return operand;
  }
  const bool negated = ahead == 1;
  if (at(Keyword("IN"), ahead) && !at(TokenKind::left_paren, ahead + 1)) {
    return operand;
  }
  at_ += ahead;
  if (accept(Keyword("BETWEEN"))) {
    ExpressionPtr lower = value_expression();
    expect(Keyword("AND"));
    ExpressionPtr upper = value_expression();
    return negated_if(negated, call("between", {std::move(operand), std::move(lower), std::move(upper)}, from), from);
  }
  if (accept(Keyword("IN"))) {
    return in_predicate(std::move(operand), negated, from);
  }
  if (accept(Keyword("RLIKE"))) {
    ExpressionPtr pattern = value_expression();
    return negated_if(negated, call("rlike", {std::move(operand), std::move(pattern)}, from), from);
  }
  const bool any_case = at(Keyword("ILIKE"));
  advance();
  return like_predicate(std::move(operand), negated, any_case, from);
}

ExpressionPtr Parser::in_predicate(ExpressionPtr operand, bool negated, Mark from) {
  expect(TokenKind::left_paren);
  if (accept(TokenKind::right_paren)) {
    fail_with("INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE", {}, from);
  }
  if (!at_query()) {
    std::vector<ExpressionPtr> arguments{std::move(operand)};
    std::vector<ExpressionPtr> values = expressions();
    std::move(values.begin(), values.end(), std::back_inserter(arguments));
    expect(TokenKind::right_paren);
    return negated_if(negated, call("in", std::move(arguments), from), from);
  }
  plan::Subquery node;
  node.kind = plan::SubqueryKind::in;
  node.relation = query();
  expect(TokenKind::right_paren);
  const auto* row = std::get_if<plan::Call>(&operand->node);
  if (row && row->is_internal && row->name == NameParts{"struct"}) {
    node.values = row->arguments;  // (a, b) IN (SELECT …)
  } else {
    node.values = {std::move(operand)};
  }
  return negated_if(negated, make(std::move(node), from), from);
}

ExpressionPtr Parser::is_predicate(ExpressionPtr operand, Mark from) {
  expect(Keyword("IS"));
  const bool negated = accept(Keyword("NOT")) || accept(TokenKind::bang);
  if (accept(Keyword("NULL"))) {
    return call(negated ? "isnotnull" : "isnull", {std::move(operand)}, from);
  }
  if (at(Keyword("TRUE")) || at(Keyword("FALSE"))) {
    const bool value = at(Keyword("TRUE"));
    advance();
    ExpressionPtr constant = literal(Value(value), Type::boolean(), from);
    return negated_if(negated, call("<=>", {std::move(operand), std::move(constant)}, from), from);
  }
  if (accept(Keyword("UNKNOWN"))) {
    return call(negated ? "isnotnull" : "isunknown", {std::move(operand)}, from);
  }
  expect(Keyword("DISTINCT"));
  expect(Keyword("FROM"));
  ExpressionPtr right = value_expression();
  return negated_if(!negated, call("<=>", {std::move(operand), std::move(right)}, from), from);
}

ExpressionPtr Parser::like_predicate(ExpressionPtr operand, bool negated, bool any_case, Mark from) {
  if (at_any({"ANY", "SOME", "ALL"}) && at(TokenKind::left_paren, 1)) {
    return like_quantified(std::move(operand), negated, any_case, from);
  }
  std::vector<ExpressionPtr> arguments{std::move(operand), value_expression()};
  if (accept(Keyword("ESCAPE"))) {
    const Mark escape = mark();
    std::string text = string_literal();
    size_t characters = 0;
    for (const char c : text) {
      characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }
    if (characters != 1) {
      fail_with("INVALID_ESCAPE_CHAR", {{"sqlExpr", "'" + text + "'"}}, from);
    }
    arguments.push_back(string_constant(std::move(text), escape));
  }
  return negated_if(negated, call(any_case ? "ilike" : "like", std::move(arguments), from), from);
}

ExpressionPtr Parser::like_quantified(ExpressionPtr operand, bool negated, bool any_case, Mark from) {
  const bool all = at(Keyword("ALL"));
  advance();
  expect(TokenKind::left_paren);
  if (accept(TokenKind::right_paren)) {
    fail_with("_LEGACY_ERROR_TEMP_0064", {{"msg", "Expected something between '(' and ')'."}}, from);
  }
  std::vector<ExpressionPtr> patterns = expressions();
  expect(TokenKind::right_paren);
  const bool constant = std::all_of(patterns.begin(), patterns.end(), [](const ExpressionPtr& pattern) {
    const auto* value = std::get_if<plan::Literal>(&pattern->node);
    return value && value->type.is(TypeKind::string);
  });
  if (constant) {
    if (any_case) {
      operand = call("lower", {std::move(operand)}, from);
      for (ExpressionPtr& pattern : patterns) {
        pattern = call("lower", {pattern}, from);
      }
    }
    std::vector<ExpressionPtr> arguments{std::move(operand)};
    std::move(patterns.begin(), patterns.end(), std::back_inserter(arguments));
    const std::string name = std::string(negated ? "notlike" : "like") + (all ? "all" : "any");
    return call(name, std::move(arguments), from);
  }
  ExpressionPtr out;
  size_t length = 0;
  for (ExpressionPtr& pattern : patterns) {
    ExpressionPtr one =
        negated_if(negated, call(any_case ? "ilike" : "like", {operand, std::move(pattern)}, from), from);
    count_link(++length);
    out = out ? call(all ? "and" : "or", {std::move(out), std::move(one)}, from) : std::move(one);
  }
  return out;
}

ExpressionPtr Parser::value_expression(int minimum) {
  const Mark from = mark();
  return operators(unary_expression(), from, minimum);
}

ExpressionPtr Parser::operators(ExpressionPtr left, Mark from, int minimum) {
  for (size_t length = 1;; ++length) {
    const Operator found = binary_operator(peek());
    if (!found.name || found.level <= minimum || at_single_pipe()) {
      return left;
    }
    advance();
    count_link(length);
    ExpressionPtr right = value_expression(found.level);
    const bool unequal = std::string_view(found.name) == "!=";
    left = call(unequal ? "=" : found.name, {std::move(left), std::move(right)}, from);
    left = negated_if(unequal, std::move(left), from);
  }
}

ExpressionPtr Parser::unary_expression() {
  std::vector<Mark> signs;
  while (at(TokenKind::plus) || at(TokenKind::tilde) || at(TokenKind::minus)) {
    if (at(TokenKind::minus) && peek(1).kind >= TokenKind::integer && peek(1).kind <= TokenKind::decimal_suffix) {
      break;  // a negative number
    }
    signs.push_back(mark());
    advance();
  }
  ExpressionPtr inner = primary();
  for (size_t i = signs.size(); i > 0; --i) {
    count_link(signs.size() - i + 1);
    const TokenKind kind = tokens_[signs[i - 1]].kind;
    const char* name = kind == TokenKind::plus ? "+" : kind == TokenKind::minus ? "-" : "~";
    inner = call(name, {std::move(inner)}, signs[i - 1]);
  }
  return inner;
}

ExpressionPtr Parser::named_expression() {
  const Mark from = mark();
  ExpressionPtr inner = expression();
  const bool word = accept(Keyword("AS"));
  if (at(TokenKind::left_paren) && (word || at_identifier(1))) {
    std::vector<std::string> names = identifier_list();
    return make(plan::Alias{std::move(inner), std::move(names), ""}, from);
  }
  if (word || (at_identifier() && !at_clause())) {
    std::string name = identifier();
    return make(plan::Alias{std::move(inner), {std::move(name)}, ""}, from);
  }
  return inner;
}

std::vector<ExpressionPtr> Parser::named_expressions() {
  return comma_list([&] { return named_expression(); });
}

std::vector<ExpressionPtr> Parser::expressions() {
  return comma_list([&] { return expression(); });
}

plan::SortOrder Parser::sort_item() {
  plan::SortOrder order;
  order.child = expression();
  if (accept(Keyword("DESC"))) {
    order.ascending = false;
  } else {
    accept(Keyword("ASC"));
  }
  if (accept(Keyword("NULLS"))) {
    if (accept(Keyword("FIRST"))) {
      order.nulls = plan::NullOrdering::first;
    } else {
      expect(Keyword("LAST"));
      order.nulls = plan::NullOrdering::last;
    }
  }
  return order;
}

std::vector<plan::SortOrder> Parser::sort_items() {
  return comma_list([&] { return sort_item(); });
}

ExpressionPtr Parser::whole_expression() {
  if (at(TokenKind::end)) {
    SparkError error(ErrorKind::parse, "PARSE_EMPTY_STATEMENT");
    throw error;
  }
  ExpressionPtr out = named_expression();
  finish();
  return out;
}

ExpressionPtr parse_expression(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).whole_expression();
}

}  // namespace pyrite::sql
