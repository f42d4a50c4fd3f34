// The pipe operators |> of SQL, as the plan nodes that plain SQL gives.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

/// The left side of a pipe whose select list hides what stands below it: `|> select 1 as a |> where b > 0` has no b.
RelationPtr bounded(RelationPtr input) {
  const bool hides =
      std::holds_alternative<plan::Project>(input->node) || std::holds_alternative<plan::Aggregate>(input->node) ||
      std::holds_alternative<plan::Having>(input->node) || std::holds_alternative<plan::Qualify>(input->node) ||
      std::holds_alternative<plan::Distinct>(input->node);
  if (!hides) {
    return input;
  }
  const OriginPtr origin = input->origin;
  plan::Project all{std::move(input), {plan::make_expression(plan::Star{}, origin)}};
  return plan::make_relation(std::move(all), std::nullopt, origin);
}

}  // namespace

/// A | that starts a pipe operator rather than joining bits.
bool Parser::at_single_pipe() const {
  if (!options_.single_character_pipe || !at(TokenKind::pipe)) {
    return false;
  }
  if (at_any({"AS", "UNION", "EXCEPT", "MINUS", "INTERSECT"}, 1)) {
    return at_identifier(2) || at(TokenKind::left_paren, 2);
  }
  if (at_any({"SELECT", "EXTEND", "SET", "DROP", "WHERE", "LIMIT", "OFFSET", "AGGREGATE"}, 1)) {
    const TokenKind next = peek(2).kind;
    const bool operand = at_identifier(2) || (next >= TokenKind::backquoted && next <= TokenKind::decimal_suffix) ||
                         next == TokenKind::star || next == TokenKind::hint_start;
    return operand || (next == TokenKind::left_paren && at_any({"SELECT", "EXTEND", "WHERE"}, 1));
  }
  if (at_any({"ORDER", "SORT", "CLUSTER", "DISTRIBUTE"}, 1)) {
    return at(Keyword("BY"), 2);
  }
  if (at_any({"PIVOT", "UNPIVOT", "TABLESAMPLE"}, 1)) {
    return at(TokenKind::left_paren, 2) || at_any({"INCLUDE", "EXCLUDE"}, 2);
  }
  return at(Keyword("JOIN"), 1) || (at_any({"INNER", "CROSS", "LEFT", "RIGHT", "FULL", "SEMI", "ANTI", "NATURAL"}, 1) &&
                                    at_any({"JOIN", "OUTER", "SEMI", "ANTI", "LEFT", "RIGHT", "FULL", "INNER"}, 2));
}

bool Parser::at_pipe() const { return at(TokenKind::pipe_operator) || at_single_pipe(); }

RelationPtr Parser::pipe_select(RelationPtr input, Mark from) {
  const Mark start = mark();
  Hints hints;
  SelectClause clause = select_clause(hints);
  if (clause.transform) {
    fail_at(start);
  }
  RelationPtr out = at_all({"GROUP", "BY"})
                        ? aggregate(std::move(input), std::move(clause.list), from)
                        : relation_of(plan::Project{std::move(input), std::move(clause.list)}, from);
  if (clause.distinct) {
    out = relation_of(plan::Distinct{std::move(out)}, from);
  }
  if (at(Keyword("WINDOW"))) {
    define_windows(window_clause(), clause.first_pending);
  }
  return with_hints(std::move(out), hints, from);
}

RelationPtr Parser::pipe_operator(RelationPtr input, Mark from) {
  advance();
  const Mark start = mark();
  if (at(Keyword("SELECT"))) {
    return pipe_select(std::move(input), from);
  }
  if (accept(Keyword("EXTEND"))) {
    std::vector<ExpressionPtr> list{make(plan::Star{}, start)};
    for (ExpressionPtr& each : named_expressions()) {
      list.push_back(std::move(each));
    }
    return relation_of(plan::Project{std::move(input), std::move(list)}, from);
  }
  if (at(Keyword("SET"))) {
    return pipe_set(std::move(input), from);
  }
  if (accept(Keyword("DROP"))) {
    plan::Star rest;
    rest.except = comma_list([&] { return multipart_identifier(); });
    ExpressionPtr star = make(std::move(rest), start);
    return relation_of(plan::Project{std::move(input), {std::move(star)}}, from);
  }
  if (accept(Keyword("AS"))) {
    std::string name = identifier();
    return relation_of(plan::SubqueryAlias{std::move(input), std::move(name), {}, {}}, from);
  }
  if (accept(Keyword("WHERE"))) {
    ExpressionPtr condition = expression();
    if (at(Keyword("WINDOW"))) {
      window_clause();
      fail_with("NOT_ALLOWED_IN_PIPE_OPERATOR_WHERE.WINDOW_CLAUSE", {}, from);
    }
    return relation_of(plan::Filter{bounded(std::move(input)), std::move(condition)}, from);
  }
  if (at(Keyword("PIVOT")) || at(Keyword("UNPIVOT"))) {
    const bool pivots = at(Keyword("PIVOT"));
    RelationPtr out = pivots ? pivot(std::move(input), from) : unpivot(std::move(input), from);
    if (at(pivots ? Keyword("UNPIVOT") : Keyword("PIVOT"))) {
      out = pivots ? unpivot(std::move(out), from) : pivot(std::move(out), from);
      fail_with("NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT", {}, from);
    }
    return out;
  }
  if (at(Keyword("TABLESAMPLE"))) {
    return sample(std::move(input));
  }
  if (at_join()) {
    return join(std::move(input), from);
  }
  if (at_set_operator()) {
    const SetOperatorText text = set_operator();
    RelationPtr right = query_primary();
    return relation_of(plan::SetOperation{std::move(input), std::move(right), text.op, text.all, text.by_name, false},
                       from);
  }
  if (accept(Keyword("AGGREGATE"))) {
    return pipe_aggregate(std::move(input), from);
  }
  if (at_organization()) {
    const bool sorted = at(Keyword("BY"), 1);
    const std::string first = sorted ? "ORDER BY" : at(Keyword("LIMIT")) ? "LIMIT" : "OFFSET";
    input = ordered(sorted ? bounded(std::move(input)) : std::move(input), from);
    if (sorted && (at(Keyword("LIMIT")) || at(Keyword("OFFSET")))) {
      const std::string second = at(Keyword("LIMIT")) ? "LIMIT" : "OFFSET";
      limited(input, from, pending_windows_.size());
      fail_with("MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS", {{"clause1", first}, {"clause2", second}}, start);
    }
    return limited(std::move(input), from, pending_windows_.size());
  }
  fail();
}

RelationPtr Parser::pipe_set(RelationPtr input, Mark from) {
  expect(Keyword("SET"));
  do {
    const Mark start = mark();
    std::string name = identifier();
    const bool nested = at(TokenKind::dot);
    while (accept(TokenKind::dot)) {
      identifier();
    }
    expect(TokenKind::equal);
    ExpressionPtr value = expression();
    if (nested) {
      fail_with(
          "_LEGACY_ERROR_TEMP_0035",
          {{"message",
            "SQL pipe syntax |> SET operator with multi-part assignment key (only single-part keys are allowed)"}},
          start);
    }
    ExpressionPtr alias = make(plan::Alias{std::move(value), {std::move(name)}, ""}, start);
    input = relation_of(plan::WithColumns{std::move(input), {std::move(alias)}}, from);
  } while (accept(TokenKind::comma));
  return input;
}

/// Windows and grouping functions have no place beside |> AGGREGATE.
void Parser::refuse_in_aggregate(const ExpressionPtr& expression, Mark from) const {
  std::vector<const plan::Expression*> open{expression.get()};
  const auto refuse = [&](const char* what) {
    fail_with("UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE", {{"case", what}}, from);
  };
  while (!open.empty()) {
    const plan::Expression* one = open.back();
    open.pop_back();
    if (std::holds_alternative<plan::Window>(one->node)) {
      refuse(
          "window functions; please update the query to move the window functions to a subsequent |> SELECT operator "
          "instead");
    }
    if (const auto* alias = std::get_if<plan::Alias>(&one->node)) {
      open.push_back(alias->child.get());
    } else if (const auto* cast = std::get_if<plan::Cast>(&one->node)) {
      open.push_back(cast->child.get());
    } else if (const auto* call = std::get_if<plan::Call>(&one->node)) {
      std::string name = call->name.back();
      for (char& c : name) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      }
      if (name == "GROUPING" || name == "GROUPING_ID") {
        refuse(name.c_str());
      }
      for (const ExpressionPtr& argument : call->arguments) {
        open.push_back(argument.get());
      }
    }
  }
}

RelationPtr Parser::pipe_aggregate(RelationPtr input, Mark from) {
  plan::Aggregate node;
  node.input = std::move(input);
  const bool grouped_only = at_all({"GROUP", "BY"}) && !at(TokenKind::end, 2);
  std::vector<ExpressionPtr> aggregates;
  if (!grouped_only && !at(TokenKind::end) && !at(TokenKind::pipe_operator) && !at(TokenKind::right_paren) &&
      !at(TokenKind::semicolon)) {
    aggregates = named_expressions();
  }
  if (aggregates.empty() && !grouped_only) {
    fail_with(
        "_LEGACY_ERROR_TEMP_0035",
        {{"message",
          "The AGGREGATE clause requires a list of aggregate expressions or a list of grouping expressions, or both"}},
        from);
  }
  for (const ExpressionPtr& each : aggregates) {
    refuse_in_aggregate(each, from);
  }
  if (at_all({"GROUP", "BY"})) {
    const bool with_sets = at_grouping_analytics();
    Grouping grouping = group_by(true);
    const auto refuse = [&](const char* what) {
      fail_with("UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE", {{"case", what}}, from);
    };
    if (grouping.all) {
      refuse("GROUP BY ALL");
    }
    plan::GroupKind kind = grouping.kind;
    for (const auto& element : grouping.elements) {
      kind = element.kind == plan::GroupKind::group_by ? kind : element.kind;
    }
    if (kind != plan::GroupKind::group_by || with_sets) {
      refuse(kind == plan::GroupKind::rollup ? "GROUP BY ROLLUP"
             : kind == plan::GroupKind::cube ? "GROUP BY CUBE"
                                             : "GROUPING SETS");
    }
    for (const ExpressionPtr& each : grouping.expressions) {
      const auto* alias = std::get_if<plan::Alias>(&each->node);
      const auto* literal = std::get_if<plan::Literal>(&each->node);
      ExpressionPtr key = each;
      if (literal && literal->type.is(TypeKind::integer)) {
        // A number is the position of a column of the input, not of the list as it is elsewhere.
        plan::Call column;
        column.name = {"input_column"};
        column.arguments = {each};
        column.is_internal = true;
        key = make(std::move(column), from);
      }
      if (alias && std::holds_alternative<plan::Literal>(alias->child->node)) {  // with a name it is a number
        ExpressionPtr number = make(plan::Cast{alias->child, Type::integer(), plan::CastMode::session}, from);
        key = make(plan::Alias{std::move(number), alias->names, alias->metadata}, from);
        alias = std::get_if<plan::Alias>(&key->node);
      }
      node.grouping.push_back(alias ? alias->child : key);
      node.aggregates.push_back(std::move(key));
    }
  }
  std::move(aggregates.begin(), aggregates.end(), std::back_inserter(node.aggregates));
  return relation_of(std::move(node), from);
}

}  // namespace pyrite::sql
