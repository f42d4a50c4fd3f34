// Queries: WITH, set operations, ORDER BY to OFFSET, and parentheses that may hold a query.
#include <algorithm>
#include <set>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

constexpr int pipe_level = 1;
constexpr int union_level = 2;
constexpr int intersect_level = 3;

}  // namespace

bool Parser::at_query(size_t ahead) const {
  const TokenKind next = peek(ahead + 1).kind;
  const bool nothing_follows = next == TokenKind::end || next == TokenKind::comma || next == TokenKind::right_paren ||
                               next == TokenKind::dot || next == TokenKind::semicolon || next == TokenKind::arrow;
  if (!peek(ahead).keyword || nothing_follows) {
    return false;
  }
  const bool operator_follows = next >= TokenKind::equal && next <= TokenKind::fat_arrow && next != TokenKind::plus &&
                                next != TokenKind::minus && next != TokenKind::star && next != TokenKind::tilde &&
                                next != TokenKind::colon;
  if (operator_follows) {
    return false;
  }
  if (at_any({"SELECT", "VALUES"}, ahead)) {
    return true;
  }
  if (at(Keyword("FROM"), ahead)) {
    return at_identifier(ahead + 1) || next == TokenKind::left_paren;
  }
  if (at(Keyword("WITH"), ahead)) {
    return at_identifier(ahead + 1) && (at_any({"AS", "MAX"}, ahead + 2) || at(TokenKind::left_paren, ahead + 2) ||
                                        at(Keyword("RECURSIVE"), ahead + 1));
  }
  if (at(Keyword("TABLE"), ahead)) {
    return at_identifier(ahead + 1);
  }
  return (at(Keyword("MAP"), ahead) || at(Keyword("REDUCE"), ahead)) && next != TokenKind::left_paren &&
         at_identifier(ahead + 1);
}

RelationPtr Parser::query() {
  const Depth depth(*this);
  const Mark from = mark();
  const size_t first_pending = pending_windows_.size();
  CommonTables tables = common_tables();
  const Mark start = mark();
  RelationPtr first = query_primary();
  return with_common_tables(std::move(tables),
                            query_rest(std::move(first), tables.present ? start : from, first_pending));
}

/// Goes on with a query whose first part has been read already.
RelationPtr Parser::query_rest(RelationPtr first, Mark from, size_t first_pending) {
  first = query_term_rest(std::move(first), from, 0);
  return query_organization(std::move(first), from, first_pending);
}

Parser::CommonTables Parser::common_tables() {
  CommonTables out;
  out.from = mark();
  if (!accept(Keyword("WITH"))) {
    return out;
  }
  out.present = true;
  if (at(Keyword("RECURSIVE")) && at_identifier(1) && !at(Keyword("AS"), 1)) {
    advance();
    out.recursive = true;
  }
  out.tables = comma_list([&] {
    plan::CommonTable table;
    table.name = identifier();
    if (at(TokenKind::left_paren) && !at_query(1) && !at(TokenKind::left_paren, 1)) {
      table.column_names = identifier_list();
    }
    if (accept_all({"MAX", "RECURSION", "LEVEL"})) {
      out.max_recursion = integer_value();
      if (!out.recursive) {
        defer("_LEGACY_ERROR_TEMP_0035",
              {{"message", "Cannot specify MAX RECURSION LEVEL when the CTE is not marked as RECURSIVE"}}, out.from);
      }
    }
    accept(Keyword("AS"));
    expect(TokenKind::left_paren);
    table.relation = query();
    expect(TokenKind::right_paren);
    return table;
  });
  return out;
}

RelationPtr Parser::with_common_tables(CommonTables tables, RelationPtr query) const {
  if (!tables.present) {
    return query;
  }
  std::set<std::string> seen;
  for (const plan::CommonTable& table : tables.tables) {
    if (!seen.insert(lower(table.name)).second) {
      fail_with("DUPLICATED_CTE_NAMES", {{"duplicateNames", "`" + table.name + "`"}}, tables.from);
    }
  }
  plan::With node{std::move(query), std::move(tables.tables), tables.recursive, tables.max_recursion};
  return relation_of(std::move(node), tables.from);
}

bool Parser::at_set_operator() const { return at_any({"UNION", "EXCEPT", "MINUS", "INTERSECT"}); }

Parser::SetOperatorText Parser::set_operator() {
  SetOperatorText out;
  out.op = at(Keyword("UNION"))       ? plan::SetOperator::union_
           : at(Keyword("INTERSECT")) ? plan::SetOperator::intersect
                                      : plan::SetOperator::except;
  advance();
  out.all = accept(Keyword("ALL"));
  if (!out.all) {
    accept(Keyword("DISTINCT"));
  }
  out.by_name = accept_all({"BY", "NAME"});
  return out;
}

RelationPtr Parser::query_term(int level) {
  const Depth depth(*this);
  const Mark from = mark();
  return query_term_rest(query_primary(), from, level);
}

RelationPtr Parser::query_term_rest(RelationPtr left, Mark from, int level) {
  for (size_t length = 1;; ++length) {
    count_link(length);
    if (at_pipe() && level < pipe_level) {
      left = pipe_operator(std::move(left), from);
      continue;
    }
    const bool tight = at(Keyword("INTERSECT")) && !options_.legacy_set_precedence;
    const int found = tight ? intersect_level : union_level;
    if (!at_set_operator() || found <= level) {
      return left;
    }
    const SetOperatorText text = set_operator();
    RelationPtr right = query_term(found);
    left = relation_of(plan::SetOperation{std::move(left), std::move(right), text.op, text.all, text.by_name, false},
                       from);
  }
}

RelationPtr Parser::query_primary() {
  const Mark from = mark();
  if (at(TokenKind::left_paren)) {
    advance();
    RelationPtr inner = query();
    expect(TokenKind::right_paren);
    return inner;
  }
  if (at(Keyword("SELECT")) || at(Keyword("MAP")) || at(Keyword("REDUCE"))) {
    return select();
  }
  if (at(Keyword("FROM"))) {
    return from_first();
  }
  if (at(Keyword("VALUES"))) {
    return inline_table();
  }
  if (accept(Keyword("TABLE"))) {
    NameReference reference = identifier_reference();
    return relation_of(plan::NamedTable{std::move(reference.name), {}, std::move(reference.clause)}, from);
  }
  fail();
}

bool Parser::at_organization() const {
  return (at_any({"ORDER", "SORT", "CLUSTER", "DISTRIBUTE"}) && at(Keyword("BY"), 1)) || at_any({"LIMIT", "OFFSET"}) ||
         (at(Keyword("WINDOW")) && at_identifier(1));
}

RelationPtr Parser::ordered(RelationPtr input, Mark from) {
  const Mark start = mark();
  std::vector<plan::SortOrder> order;
  std::vector<plan::SortOrder> sort;
  std::vector<ExpressionPtr> cluster;
  std::vector<ExpressionPtr> distribute;
  if (accept_all({"ORDER", "BY"})) {
    order = sort_items();
  }
  if (accept_all({"CLUSTER", "BY"})) {
    cluster = expressions();
  }
  if (accept_all({"DISTRIBUTE", "BY"})) {
    distribute = expressions();
  }
  if (accept_all({"SORT", "BY"})) {
    sort = sort_items();
  }
  const bool combined = (!order.empty()) + (!cluster.empty()) + (!sort.empty() || !distribute.empty()) > 1;
  if (combined) {
    fail_with("UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES", {}, start);
  }
  if (!order.empty()) {
    const auto* all = order.size() == 1 ? std::get_if<plan::Attribute>(&order[0].child->node) : nullptr;
    plan::Sort node{std::move(input), std::move(order), true, false};
    if (all && all->name_parts.size() == 1 && lower(all->name_parts[0]) == "all" &&
        tokens_[start + 2].kind == TokenKind::name) {
      node.order_by_all = true;
      node.order[0].child = nullptr;
    }
    return relation_of(std::move(node), from);
  }
  if (!cluster.empty()) {
    for (const ExpressionPtr& each : cluster) {
      sort.push_back({each});
    }
    distribute = std::move(cluster);
  }
  if (!distribute.empty()) {
    input = relation_of(plan::Repartition{std::move(input), std::nullopt, std::move(distribute), true}, from);
  }
  return sort.empty() ? input : relation_of(plan::Sort{std::move(input), std::move(sort), false, false}, from);
}

RelationPtr Parser::query_organization(RelationPtr input, Mark from, size_t first_pending) {
  if (!at_organization()) {
    return input;
  }
  return limited(ordered(std::move(input), from), from, first_pending);
}

/// WINDOW, LIMIT and OFFSET.
RelationPtr Parser::limited(RelationPtr input, Mark from, size_t first_pending) {
  if (at(Keyword("WINDOW")) && at_identifier(1)) {
    define_windows(window_clause(), first_pending);
  }
  ExpressionPtr limit;
  if (accept(Keyword("LIMIT")) && !accept(Keyword("ALL"))) {
    limit = expression();
  }
  if (accept(Keyword("OFFSET"))) {
    input = relation_of(plan::Offset{std::move(input), expression()}, from);
  }
  return limit ? relation_of(plan::Limit{std::move(input), std::move(limit)}, from) : input;
}

Parser::QueryOr Parser::query_or_expression() {
  const Depth depth(*this);
  const Mark from = mark();
  const size_t first_pending = pending_windows_.size();
  expect(TokenKind::left_paren);
  const Mark inner_from = mark();
  ExpressionPtr first;
  if (at(TokenKind::left_paren) && !at_lambda()) {
    QueryOr inner = query_or_expression();
    if (inner.query && (at(TokenKind::right_paren) || at_set_operator() || at_pipe() || at_organization())) {
      RelationPtr whole = query_rest(std::move(inner.query), inner_from, first_pending);
      expect(TokenKind::right_paren);
      return {std::move(whole), nullptr, nullptr};
    }
    if (inner.query) {
      inner.expression = subquery_expression(plan::SubqueryKind::scalar, std::move(inner.query), inner_from);
    }
    first = continue_expression(std::move(inner.expression), inner_from);
  } else if (at_query()) {
    RelationPtr whole = query();
    expect(TokenKind::right_paren);
    return {std::move(whole), nullptr, nullptr};
  } else {
    first = expression();
  }
  if (accept(TokenKind::right_paren)) {
    return {nullptr, std::move(first), nullptr};
  }
  if (accept(Keyword("AS")) || (at_identifier() && !at_clause())) {
    std::string name = identifier();
    first = make(plan::Alias{std::move(first), {std::move(name)}, ""}, inner_from);
    if (!at(TokenKind::comma)) {
      fail();
    }
  }
  plan::Call row;
  row.name = {"struct"};
  row.is_internal = true;  // named_struct in names and messages
  row.arguments.push_back(std::move(first));
  while (accept(TokenKind::comma)) {
    row.arguments.push_back(named_expression());
  }
  expect(TokenKind::right_paren);
  return {nullptr, make(std::move(row), from), nullptr};
}

Parser::QueryOr Parser::query_or_relation() {
  const Depth depth(*this);
  const size_t first_pending = pending_windows_.size();
  expect(TokenKind::left_paren);
  const Mark from = mark();
  QueryOr out;
  if (at(TokenKind::left_paren) || (at(Keyword("VALUES")) && at_query())) {
    QueryOr inner;
    const bool values = at(Keyword("VALUES"));
    if (values) {
      inner.query = inline_table();
    } else {
      inner = query_or_relation();
    }
    if (inner.query && (at(TokenKind::right_paren) || at_set_operator() || at_pipe() || at_organization())) {
      out.query = query_rest(std::move(inner.query), from, first_pending);
    } else {
      RelationPtr first =
          values ? std::move(inner.query)
                 : relation_suffixes(inner.query ? inner.query : inner.relation, from, inner.query != nullptr);
      out.relation = relation_extensions(std::move(first), from);
    }
  } else if (at_query()) {
    out.query = query();
  } else {
    out.relation = relation(nullptr, from);
  }
  expect(TokenKind::right_paren);
  return out;
}

RelationPtr Parser::whole_query() {
  RelationPtr out = query();
  finish();
  return out;
}

RelationPtr parse_query(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).whole_query();
}

}  // namespace pyrite::sql
