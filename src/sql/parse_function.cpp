// Calls: arguments and what follows them, and the calls with a grammar of their own (EXTRACT, TRIM, …).
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

bool is_name(const NameParts& name, std::string_view expected) {
  return name.size() == 1 && upper(name[0]) == expected;
}

}  // namespace

/// Whether `inner` stands in the parentheses that open next, outside parentheses within.
bool Parser::starts_special(Keyword inner) const {
  int depth = 0;
  for (Mark i = at_ + 1; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::left_paren || token.kind == TokenKind::left_bracket) {
      ++depth;
    } else if (token.kind == TokenKind::right_paren || token.kind == TokenKind::right_bracket) {
      if (--depth == 0) {
        return false;
      }
    } else if (depth == 1 && token.keyword == inner && tokens_[i - 1].kind != TokenKind::dot &&
               !(inner == Keyword("FROM") && tokens_[i - 1].keyword == Keyword("DISTINCT"))) {
      return i > at_ + 2 || inner == Keyword("FROM");
    }
  }
  return false;
}

ExpressionPtr Parser::special_call(Mark from) {
  if (at(Keyword("STRUCT"))) {
    advance();
    expect(TokenKind::left_paren);
    plan::Call node;
    node.name = {"struct"};
    if (!at(TokenKind::right_paren)) {
      node.arguments = named_expressions();
    }
    expect(TokenKind::right_paren);
    return call_suffixes(std::move(node), from);
  }
  if (at(Keyword("EXTRACT")) && at(Keyword("FROM"), 3)) {
    return extract_call(from);
  }
  if (at(Keyword("TRIM")) && starts_special("FROM")) {
    return trim_call(from);
  }
  if ((at(Keyword("SUBSTR")) || at(Keyword("SUBSTRING"))) && starts_special("FROM")) {
    return substring_call(from);
  }
  if (at(Keyword("OVERLAY")) && starts_special("PLACING")) {
    return overlay_call(from);
  }
  if (at(Keyword("POSITION")) && starts_special("IN")) {
    return position_call(from);
  }
  if (at_any({"TIMESTAMPADD", "DATEADD", "DATE_ADD", "TIMESTAMPDIFF", "DATEDIFF", "DATE_DIFF", "TIMEDIFF"}) &&
      at(TokenKind::comma, 3)) {
    return unit_call(from);
  }
  return nullptr;
}

ExpressionPtr Parser::extract_call(Mark from) {
  at_ += 2;
  const Mark field = mark();
  if (!at_identifier()) {
    fail();
  }
  std::string name = name_text(peek());
  advance();
  ExpressionPtr unit = string_constant(std::move(name), field);
  expect(Keyword("FROM"));
  ExpressionPtr source = value_expression();
  expect(TokenKind::right_paren);
  return call("extract", {std::move(unit), std::move(source)}, from);
}

ExpressionPtr Parser::trim_call(Mark from) {
  at_ += 2;
  const char* name = "trim";
  if (at_any({"BOTH", "LEADING", "TRAILING"})) {
    name = at(Keyword("BOTH")) ? "trim" : at(Keyword("LEADING")) ? "ltrim" : "rtrim";
    advance();
  }
  std::vector<ExpressionPtr> arguments;
  if (!at(Keyword("FROM"))) {
    arguments.push_back(value_expression());
  }
  expect(Keyword("FROM"));
  arguments.push_back(value_expression());
  expect(TokenKind::right_paren);
  return call(name, std::move(arguments), from);
}

ExpressionPtr Parser::substring_call(Mark from) {
  at_ += 2;
  std::vector<ExpressionPtr> arguments{value_expression()};
  expect(Keyword("FROM"));
  arguments.push_back(value_expression());
  if (accept(Keyword("FOR")) || accept(TokenKind::comma)) {
    arguments.push_back(value_expression());
  }
  expect(TokenKind::right_paren);
  return call("substring", std::move(arguments), from);
}

ExpressionPtr Parser::overlay_call(Mark from) {
  at_ += 2;
  std::vector<ExpressionPtr> arguments{value_expression()};
  expect(Keyword("PLACING"));
  arguments.push_back(value_expression());
  expect(Keyword("FROM"));
  arguments.push_back(value_expression());
  if (accept(Keyword("FOR"))) {
    arguments.push_back(value_expression());
  }
  expect(TokenKind::right_paren);
  return call("overlay", std::move(arguments), from);
}

ExpressionPtr Parser::position_call(Mark from) {
  at_ += 2;
  ExpressionPtr part = value_expression();
  expect(Keyword("IN"));
  ExpressionPtr whole = value_expression();
  expect(TokenKind::right_paren);
  return call("locate", {std::move(part), std::move(whole)}, from);
}

/// timestampadd(unit, amount, timestamp) and its kin; with another number of arguments an ordinary call.
ExpressionPtr Parser::unit_call(Mark from) {
  const std::string name(text_of(peek()));
  const bool difference = at_any({"TIMESTAMPDIFF", "DATEDIFF", "DATE_DIFF", "TIMEDIFF"});
  advance();
  const Mark unit = mark() + 1;
  const Token& word = tokens_[unit];
  static constexpr std::string_view units[] = {"YEAR", "QUARTER", "MONTH",  "WEEK",        "DAY",        "DAYOFYEAR",
                                               "HOUR", "MINUTE",  "SECOND", "MILLISECOND", "MICROSECOND"};
  const bool known =
      word.keyword && std::find(std::begin(units), std::end(units), word.keyword.name()) != std::end(units);
  const bool quoted = at_string(1);
  plan::Call node;
  node.arguments = parenthesized_list([&] { return function_argument(); });
  if (node.arguments.size() != 3 || !(known || quoted)) {
    node.name = {name};
    return call_suffixes(std::move(node), from);
  }
  if (quoted) {
    fail_with(
        "INVALID_PARAMETER_VALUE.DATETIME_UNIT",
        {{"functionName", "`" + name + "`"}, {"parameter", "`unit`"}, {"invalidValue", std::string(text_of(word))}},
        from);
  }
  node.arguments[0] =
      plan::make_expression(plan::Literal{Value(std::string(text_of(word))), Type::string(), ""}, origin(unit, unit));
  return call(difference ? "timestampdiff" : "timestampadd", std::move(node.arguments), from);
}

ExpressionPtr Parser::function_argument() {
  const Mark from = mark();
  if (at_identifier() && at(TokenKind::fat_arrow, 1)) {
    std::string key = simple_identifier();
    expect(TokenKind::fat_arrow);
    ExpressionPtr value =
        at(Keyword("TABLE")) && (at(TokenKind::left_paren, 1) || at_identifier(1)) ? table_argument() : expression();
    return make(plan::NamedArgument{std::move(key), std::move(value)}, from);
  }
  if (at(Keyword("TABLE")) && (at(TokenKind::left_paren, 1) || (at_identifier(1) && !at(Keyword("IN"), 1)))) {
    return table_argument();
  }
  return expression();
}

ExpressionPtr Parser::table_argument() {
  const Mark from = mark();
  expect(Keyword("TABLE"));
  plan::Subquery node;
  node.kind = plan::SubqueryKind::table;
  if (at(TokenKind::left_paren) && !at_query(1)) {
    advance();
    const Mark name = mark();
    NameReference reference = identifier_reference();
    node.relation = relation_of(plan::NamedTable{std::move(reference.name), {}, std::move(reference.clause)}, name);
    expect(TokenKind::right_paren);
  } else if (accept(TokenKind::left_paren)) {
    node.relation = query();
    expect(TokenKind::right_paren);
  } else {
    const Mark name = mark();
    NameReference reference = identifier_reference();
    node.relation = relation_of(plan::NamedTable{std::move(reference.name), {}, std::move(reference.clause)}, name);
  }
  if (accept_all({"WITH", "SINGLE", "PARTITION"})) {
    node.with_single_partition = true;
  } else if (accept_all({"PARTITION", "BY"}) || accept_all({"DISTRIBUTE", "BY"})) {
    if (at(TokenKind::left_paren) && !at_lambda()) {
      QueryOr list = query_or_expression();
      const auto* row = list.expression ? std::get_if<plan::Call>(&list.expression->node) : nullptr;
      if (row && row->is_internal && row->name == NameParts{"struct"}) {
        node.partition_by = row->arguments;
      } else if (list.expression) {
        node.partition_by = {continue_expression(std::move(list.expression), mark())};
      } else {
        fail();
      }
    } else {
      node.partition_by = {expression()};
    }
  }
  if (accept_all({"ORDER", "BY"}) || accept_all({"SORT", "BY"})) {
    const bool list = accept(TokenKind::left_paren);
    node.order_by = list ? sort_items() : std::vector<plan::SortOrder>{sort_item()};
    if (list) {
      expect(TokenKind::right_paren);
    }
  }
  return make(std::move(node), from);
}

ExpressionPtr Parser::function_call(NameParts name, ExpressionPtr clause, Mark from) {
  expect(TokenKind::left_paren);
  plan::Call node;
  node.name = std::move(name);
  if ((at(Keyword("DISTINCT")) || at(Keyword("ALL"))) && !at(TokenKind::right_paren, 1) && !at(TokenKind::comma, 1)) {
    node.distinct = at(Keyword("DISTINCT"));
    advance();
  }
  if (!at(TokenKind::right_paren)) {
    node.arguments = comma_list([&] { return function_argument(); });
  }
  const bool picks = is_name(node.name, "FIRST") || is_name(node.name, "LAST") || is_name(node.name, "ANY_VALUE");
  if (picks && node.arguments.size() == 1 && accept_all({"IGNORE", "NULLS"})) {
    node.ignore_nulls = true;
  }
  expect(TokenKind::right_paren);
  if (clause) {
    if (node.distinct || at_any({"OVER", "FILTER", "WITHIN", "IGNORE", "RESPECT"})) {
      throw_unsupported("modifiers of a call by IDENTIFIER(…)");
    }
    return make(plan::IdentifierClause{std::move(clause), true, std::move(node.arguments)}, from);
  }
  if (is_name(node.name, "COUNT") && !node.distinct && node.arguments.size() == 1) {
    const auto* star = std::get_if<plan::Star>(&node.arguments[0]->node);
    if (star && star->target.empty() && star->except.empty()) {
      node.arguments[0] =
          plan::make_expression(plan::Literal{Value(int64_t{1}), Type::integer(), ""}, node.arguments[0]->origin);
    }
  }
  return call_suffixes(std::move(node), from);
}

ExpressionPtr Parser::call_suffixes(plan::Call node, Mark from) {
  if (at_all({"WITHIN", "GROUP"}) && at(TokenKind::left_paren, 2)) {
    at_ += 3;
    expect(Keyword("ORDER"));
    expect(Keyword("BY"));
    node.within_group = sort_items();
    expect(TokenKind::right_paren);
  }
  if (at(Keyword("FILTER")) && at(TokenKind::left_paren, 1) && at(Keyword("WHERE"), 2)) {
    at_ += 3;
    node.filter = expression();
    expect(TokenKind::right_paren);
  }
  if (at_any({"IGNORE", "RESPECT"}) && at(Keyword("NULLS"), 1)) {
    node.ignore_nulls = at(Keyword("IGNORE"));
    at_ += 2;
  }
  ExpressionPtr made = make(std::move(node), from);
  const bool over_follows =
      at(Keyword("OVER")) && (at(TokenKind::left_paren, 1) || (at_identifier(1) && !at(Keyword("FROM"), 1)));
  return over_follows ? over(std::move(made), from) : made;
}

}  // namespace pyrite::sql
