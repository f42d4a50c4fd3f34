// SELECT: hints, the select list, WHERE, GROUP BY with its analytics, HAVING, QUALIFY; FROM-first queries.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

bool is_all(const ExpressionPtr& expression) {
  const auto* attribute = std::get_if<plan::Attribute>(&expression->node);
  if (!attribute || attribute->name_parts.size() != 1 || attribute->name_parts[0].size() != 3) {
    return false;
  }
  std::string name = attribute->name_parts[0];
  for (char& c : name) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return name == "all";
}

using Sets = std::vector<std::vector<ExpressionPtr>>;

/// The grouping sets that ROLLUP or CUBE stands for.
Sets expanded(const plan::Aggregate::Element& element) {
  if (element.kind == plan::GroupKind::grouping_sets) {
    return element.sets;
  }
  Sets out;
  const size_t count = element.sets.size();
  const auto join = [&](auto&& chosen) {
    std::vector<ExpressionPtr> set;
    for (size_t i = 0; i < count; ++i) {
      if (chosen(i)) {
        set.insert(set.end(), element.sets[i].begin(), element.sets[i].end());
      }
    }
    out.push_back(std::move(set));
  };
  if (element.kind == plan::GroupKind::rollup) {
    for (size_t length = count + 1; length > 0; --length) {
      join([&](size_t i) { return i + 1 < length; });
    }
    return out;
  }
  for (size_t mask = size_t{1} << count; mask > 0; --mask) {
    join([&](size_t i) { return ((mask - 1) >> (count - 1 - i)) & 1; });
  }
  return out;
}

}  // namespace

bool Parser::at_clause(size_t ahead) const {
  const Keyword keyword = peek(ahead).keyword;
  if (!keyword) {
    return false;
  }
  const TokenKind next = peek(ahead + 1).kind;
  if (next == TokenKind::end || next == TokenKind::comma || next == TokenKind::right_paren ||
      next == TokenKind::semicolon) {
    return false;
  }
  if (at_any(
          {"FROM", "WHERE", "HAVING", "QUALIFY", "LIMIT", "OFFSET", "UNION", "EXCEPT", "MINUS", "INTERSECT", "SELECT"},
          ahead)) {
    return true;
  }
  if (at_any({"GROUP", "ORDER", "CLUSTER", "DISTRIBUTE", "SORT"}, ahead)) {
    return at(Keyword("BY"), ahead + 1);
  }
  if (at_any({"WINDOW"}, ahead)) {
    return at_identifier(ahead + 1) && (at(Keyword("AS"), ahead + 2) || at(Keyword("IDENTIFIER"), ahead + 1));
  }
  if (at_any({"PIVOT", "UNPIVOT", "TABLESAMPLE"}, ahead)) {
    return next == TokenKind::left_paren || at_any({"INCLUDE", "EXCLUDE", "SYSTEM", "BERNOULLI"}, ahead + 1);
  }
  if (at_any({"VERSION", "TIMESTAMP", "SYSTEM_VERSION", "SYSTEM_TIME"}, ahead)) {
    return at_all({"AS", "OF"}, ahead + 1);
  }
  if (at_any({"FOR"}, ahead)) {
    return at_identifier(ahead + 1) || next == TokenKind::left_paren;
  }
  if (at_any({"WITH"}, ahead)) {
    return next == TokenKind::left_paren || at_any({"ROLLUP", "CUBE"}, ahead + 1);
  }
  if (at_any({"LATERAL"}, ahead)) {
    return at(Keyword("VIEW"), ahead + 1);
  }
  if (at_any({"GROUPING"}, ahead)) {
    return at(Keyword("SETS"), ahead + 1);
  }
  if (at_any({"INSERT"}, ahead)) {
    return at_any({"INTO", "OVERWRITE"}, ahead + 1);
  }
  if (at_any({"SET"}, ahead)) {
    return at_identifier(ahead + 1);
  }
  if (at_any({"WHEN"}, ahead)) {
    return at_any({"MATCHED", "NOT"}, ahead + 1);
  }
  if (at_any({"WATERMARK"}, ahead)) {
    return at_identifier(ahead + 1) && !at_clause(ahead + 1);
  }
  if (at_any({"APPROX", "EXACT"}, ahead)) {
    return at(Keyword("NEAREST"), ahead + 1);
  }
  return at_any({"DELAY"}, ahead) && at(Keyword("OF"), ahead + 1);
}

std::vector<HintText> Parser::hint() {
  std::vector<HintText> out;
  expect(TokenKind::hint_start);
  do {
    HintText one;
    if (!at_identifier()) {
      fail();
    }
    one.name = name_text(peek());
    advance();
    if (accept(TokenKind::left_paren)) {
      one.parameters = comma_list([&] { return primary(); });
      expect(TokenKind::right_paren);
    }
    out.push_back(std::move(one));
    accept(TokenKind::comma);
  } while (!at(TokenKind::hint_end));
  advance();
  return out;
}

RelationPtr Parser::with_hints(RelationPtr input, const Hints& hints, Mark from) const {
  for (auto group = hints.rbegin(); group != hints.rend(); ++group) {
    for (const HintText& one : *group) {
      input = relation_of(plan::Hint{std::move(input), one.name, one.parameters}, from);
    }
  }
  return input;
}

bool Parser::at_transform() const {
  if (at(Keyword("SELECT"))) {
    if (!at(Keyword("TRANSFORM"), 1) || !at(TokenKind::left_paren, 2)) {
      return false;
    }
    int depth = 0;
    for (Mark i = at_ + 2; i < tokens_.size(); ++i) {
      depth += tokens_[i].kind == TokenKind::left_paren;
      depth -= tokens_[i].kind == TokenKind::right_paren;
      if (depth == 0) {
        const Keyword next = tokens_[std::min(i + 1, tokens_.size() - 1)].keyword;
        return next == Keyword("USING") || next == Keyword("ROW") || next == Keyword("RECORDWRITER");
      }
    }
    return false;
  }
  return at(Keyword("MAP")) || at(Keyword("REDUCE"));
}

void Parser::transform_clause() {
  const Mark from = mark();
  const bool list = accept(Keyword("SELECT"));
  advance();
  if (list) {
    expect(TokenKind::left_paren);
  }
  if (at(Keyword("DISTINCT")) || (at(Keyword("ALL")) && !at(TokenKind::comma, 1))) {
    fail_with("UNSUPPORTED_FEATURE.TRANSFORM_DISTINCT_ALL", {}, from, tokens_.size() - 2);
  }
  expressions();
  if (list) {
    expect(TokenKind::right_paren);
  }
  row_format();
  if (accept(Keyword("RECORDWRITER"))) {
    string_literal();
  }
  expect(Keyword("USING"));
  string_literal();
  if (accept(Keyword("AS"))) {
    const bool parentheses = accept(TokenKind::left_paren);
    comma_list([&] {
      identifier();
      if (at_identifier() && !at_clause() && !at(Keyword("ROW")) && !at(Keyword("RECORDREADER"))) {
        data_type();
      }
      return 0;
    });
    if (parentheses) {
      expect(TokenKind::right_paren);
    }
  }
  row_format();
  if (accept(Keyword("RECORDREADER"))) {
    string_literal();
  }
}

Parser::SelectClause Parser::select_clause(Hints& hints) {
  SelectClause out;
  out.from = mark();
  out.first_pending = pending_windows_.size();
  if (at_transform()) {
    transform_clause();
    out.transform = true;
    return out;
  }
  expect(Keyword("SELECT"));
  while (at(TokenKind::hint_start)) {
    hints.push_back(hint());
  }
  if (at_any({"DISTINCT", "ALL"}) && !at(TokenKind::comma, 1) && !at(TokenKind::end, 1) && !at(TokenKind::dot, 1) &&
      !at(TokenKind::right_paren, 1) && !(at(Keyword("FROM"), 1) && at_clause(1))) {
    out.distinct = at(Keyword("DISTINCT"));
    advance();
  }
  out.list = named_expressions();
  return out;
}

RelationPtr Parser::select() {
  Hints hints;
  SelectClause clause = select_clause(hints);
  const Mark from = clause.from;
  RelationPtr input = at(Keyword("FROM")) ? from_clause() : relation_of(plan::OneRow{}, from);
  return select_body(std::move(input), std::move(clause), hints);
}

RelationPtr Parser::from_first() {
  const Mark from = mark();
  const RelationPtr input = from_clause();
  RelationPtr out;
  while (at(Keyword("SELECT")) || ((at(Keyword("MAP")) || at(Keyword("REDUCE"))) && at_identifier(1))) {
    Hints hints;
    SelectClause clause = select_clause(hints);
    const size_t first_pending = clause.first_pending;
    const Mark start = clause.from;
    RelationPtr one = query_organization(select_body(input, std::move(clause), hints), start, first_pending);
    out = out ? relation_of(
                    plan::SetOperation{std::move(out), std::move(one), plan::SetOperator::union_, true, false, false},
                    from)
              : std::move(one);
  }
  return out ? out : input;
}

RelationPtr Parser::select_body(RelationPtr input, SelectClause clause, const Hints& hints) {
  const Mark from = clause.from;
  input = lateral_views(std::move(input), from);
  if (accept(Keyword("WHERE"))) {
    input = relation_of(plan::Filter{std::move(input), expression()}, from);
  }
  if (at_all({"GROUP", "BY"})) {
    input = aggregate(std::move(input), std::move(clause.list), from);
  } else if (at(Keyword("HAVING")) && options_.having_as_where) {
    advance();
    input = relation_of(plan::Filter{std::move(input), expression()}, from);
    input = relation_of(plan::Project{std::move(input), std::move(clause.list)}, from);
  } else if (at(Keyword("HAVING"))) {
    plan::Aggregate node;
    node.input = std::move(input);
    node.aggregates = std::move(clause.list);
    input = relation_of(std::move(node), from);
  } else if (clause.transform) {
    input = relation_of(plan::Unsupported{"script transformation (TRANSFORM … USING)"}, from);
  } else {
    input = relation_of(plan::Project{std::move(input), std::move(clause.list)}, from);
  }
  if (accept(Keyword("HAVING"))) {
    input = relation_of(plan::Having{std::move(input), expression()}, from);
  }
  if (at(Keyword("QUALIFY"))) {
    advance();
    input = relation_of(plan::Qualify{std::move(input), expression()}, from);
  }
  if (clause.distinct) {
    input = relation_of(plan::Distinct{std::move(input)}, from);
  }
  if (at(Keyword("WINDOW")) && at_identifier(1)) {
    define_windows(window_clause(), clause.first_pending);
  }
  return with_hints(std::move(input), hints, from);
}

bool Parser::at_grouping_analytics() const {
  return ((at(Keyword("ROLLUP")) || at(Keyword("CUBE"))) && at(TokenKind::left_paren, 1)) ||
         (at_all({"GROUPING", "SETS"}) && at(TokenKind::left_paren, 2));
}

std::vector<ExpressionPtr> Parser::grouping_set() {
  if (!at(TokenKind::left_paren)) {
    return {expression()};
  }
  if (at(TokenKind::right_paren, 1)) {
    at_ += 2;
    return {};
  }
  const Mark from = mark();
  ExpressionPtr inner = parenthesized(from);
  const auto* row = std::get_if<plan::Call>(&inner->node);
  const bool ends = at(TokenKind::comma) || at(TokenKind::right_paren);
  if (row && row->is_internal && row->name == NameParts{"struct"} && ends) {
    return row->arguments;
  }
  return {continue_expression(std::move(inner), from)};
}

plan::Aggregate::Element Parser::grouping_analytics() {
  const Depth depth(*this);
  plan::Aggregate::Element out;
  const Mark from = mark();
  if (!at(Keyword("GROUPING"))) {
    const std::string name = at(Keyword("ROLLUP")) ? "ROLLUP" : "CUBE";
    out.kind = name == "ROLLUP" ? plan::GroupKind::rollup : plan::GroupKind::cube;
    advance();
    out.sets = parenthesized_list([&] { return grouping_set(); });
    const bool empty = std::any_of(out.sets.begin(), out.sets.end(), [](const auto& set) { return set.empty(); });
    if (empty) {
      fail_with("_LEGACY_ERROR_TEMP_0051", {{"element", name}},
                from >= 2 && tokens_[from - 1].keyword == Keyword("BY") ? from - 2 : from);
    }
    if (out.kind == plan::GroupKind::cube && out.sets.size() > 12) {
      throw_unsupported("CUBE of more than 12 groups");
    }
    return out;
  }
  at_ += 2;
  out.kind = plan::GroupKind::grouping_sets;
  expect(TokenKind::left_paren);
  do {
    if (at_grouping_analytics()) {
      const Sets sets = expanded(grouping_analytics());
      out.sets.insert(out.sets.end(), sets.begin(), sets.end());
    } else {
      out.sets.push_back(grouping_set());
    }
  } while (accept(TokenKind::comma));
  expect(TokenKind::right_paren);
  return out;
}

Parser::Grouping Parser::group_by(bool aliases) {
  expect(Keyword("GROUP"));
  expect(Keyword("BY"));
  Grouping out;
  const Mark first = mark();
  bool analytics = false;
  do {
    if (at_grouping_analytics()) {
      analytics = true;
      out.elements.push_back(grouping_analytics());
    } else {
      out.expressions.push_back(aliases || options_.enforce_reserved_keywords ? named_expression() : expression());
      out.elements.push_back({plan::GroupKind::group_by, {{out.expressions.back()}}});
    }
  } while (accept(TokenKind::comma));
  if (analytics) {
    const plan::Aggregate::Element& only = out.elements[0];
    const bool single =
        std::all_of(only.sets.begin(), only.sets.end(), [](const auto& set) { return set.size() == 1; });
    if (out.elements.size() > 1 || (only.kind != plan::GroupKind::grouping_sets && !single)) {
      return out;
    }
    out.kind = only.kind;
    if (only.kind == plan::GroupKind::grouping_sets) {
      out.sets = only.sets;
    } else {
      for (const auto& set : only.sets) {
        out.expressions.push_back(set[0]);
      }
    }
    out.elements.clear();
    return out;
  }
  out.elements.clear();
  if (accept_all({"WITH", "ROLLUP"})) {
    out.kind = plan::GroupKind::rollup;
  } else if (accept_all({"WITH", "CUBE"})) {
    out.kind = plan::GroupKind::cube;
  } else if (accept_all({"GROUPING", "SETS"})) {
    out.kind = plan::GroupKind::grouping_sets;
    out.sets = parenthesized_list([&] { return grouping_set(); });
  } else if (out.expressions.size() == 1 && is_all(out.expressions[0]) && tokens_[first].kind == TokenKind::name) {
    out.all = true;
  }
  return out;
}

RelationPtr Parser::aggregate(RelationPtr input, std::vector<ExpressionPtr> select_list, Mark) {
  const Mark from = mark();
  Grouping grouping = group_by();
  plan::Aggregate node;
  node.input = std::move(input);
  node.kind = grouping.kind;
  node.group_by_all = grouping.all;
  node.grouping =
      grouping.all || !grouping.elements.empty() ? std::vector<ExpressionPtr>() : std::move(grouping.expressions);
  node.grouping_sets = std::move(grouping.sets);
  node.elements = std::move(grouping.elements);
  node.aggregates = std::move(select_list);
  return relation_of(std::move(node), from);
}

}  // namespace pyrite::sql
