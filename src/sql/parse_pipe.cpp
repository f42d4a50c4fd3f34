// The pipe operators |> of SQL, as the plan nodes that plain SQL gives.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

/// The left side of a pipe under a name of its own, so that nothing below it can be named.
RelationPtr sealed(RelationPtr input) {
  if (std::holds_alternative<plan::SubqueryAlias>(input->node) || std::holds_alternative<plan::NamedTable>(input->node)) {
    return input;
  }
  const OriginPtr origin = input->origin;
  return plan::make_relation(plan::SubqueryAlias{std::move(input), "__auto_generated_subquery_name", {}, {}}, std::nullopt, origin);
}

}  // namespace

RelationPtr Parser::pipe_operator(RelationPtr input, Mark from) {
  expect(TokenKind::pipe_operator);
  const Mark start = mark();
  if (at(Keyword("SELECT"))) {
    Hints hints;
    SelectClause clause = select_clause(hints);
    if (clause.transform) {
      fail_at(start);
    }
    const size_t first_pending = clause.first_pending;
    RelationPtr out = relation_of(plan::Project{sealed(std::move(input)), std::move(clause.list)}, from);
    if (clause.distinct) {
      out = relation_of(plan::Distinct{std::move(out)}, from);
    }
    if (at(Keyword("WINDOW"))) {
      define_windows(window_clause(), first_pending);
    }
    return with_hints(std::move(out), hints, from);
  }
  if (accept(Keyword("EXTEND"))) {
    std::vector<ExpressionPtr> list{make(plan::Star{}, start)};
    for (ExpressionPtr& each : named_expressions()) {
      list.push_back(std::move(each));
    }
    return relation_of(plan::Project{sealed(std::move(input)), std::move(list)}, from);
  }
  if (at(Keyword("SET"))) {
    return pipe_set(std::move(input), from);
  }
  if (accept(Keyword("DROP"))) {
    plan::Star rest;
    for (std::string& name : comma_list([&] { return identifier(); })) {
      rest.except.push_back({std::move(name)});
    }
    ExpressionPtr star = make(std::move(rest), start);
    return relation_of(plan::Project{sealed(std::move(input)), {std::move(star)}}, from);
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
    return relation_of(plan::Filter{sealed(std::move(input)), std::move(condition)}, from);
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
    return join(sealed(std::move(input)), from);
  }
  if (at_set_operator()) {
    const SetOperatorText text = set_operator();
    RelationPtr right = query_primary();
    return relation_of(plan::SetOperation{std::move(input), std::move(right), text.op, text.all, text.by_name, false}, from);
  }
  if (accept(Keyword("AGGREGATE"))) {
    return pipe_aggregate(sealed(std::move(input)), from);
  }
  if (at_organization()) {
    const bool sorted = at(Keyword("BY"), 1);
    const std::string first = sorted ? "ORDER BY" : at(Keyword("LIMIT")) ? "LIMIT" : "OFFSET";
    input = ordered(std::move(input), from);
    if (sorted && (at(Keyword("LIMIT")) || at(Keyword("OFFSET")))) {
      const std::string second = at(Keyword("LIMIT")) ? "LIMIT" : "OFFSET";
      query_organization(input, from, pending_windows_.size());
      fail_with("MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS", {{"clause1", first}, {"clause2", second}}, start);
    }
    return query_organization(std::move(input), from, pending_windows_.size());
  }
  fail();
}

RelationPtr Parser::pipe_set(RelationPtr input, Mark from) {
  expect(Keyword("SET"));
  input = sealed(std::move(input));
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
      fail_with("_LEGACY_ERROR_TEMP_0035", {{"message",
                "SQL pipe syntax |> SET operator with multi-part assignment key (only single-part keys are allowed)"}}, start);
    }
    ExpressionPtr alias = make(plan::Alias{std::move(value), {std::move(name)}, ""}, start);
    input = relation_of(plan::WithColumns{std::move(input), {std::move(alias)}}, from);
  } while (accept(TokenKind::comma));
  return input;
}

RelationPtr Parser::pipe_aggregate(RelationPtr input, Mark from) {
  plan::Aggregate node;
  node.input = std::move(input);
  const bool grouped_only = at_all({"GROUP", "BY"});
  std::vector<ExpressionPtr> aggregates;
  if (!grouped_only && !at(TokenKind::end) && !at(TokenKind::pipe_operator) && !at(TokenKind::right_paren) && !at(TokenKind::semicolon)) {
    aggregates = named_expressions();
  }
  if (aggregates.empty() && !grouped_only) {
    fail_with("_LEGACY_ERROR_TEMP_0035", {{"message",
              "The AGGREGATE clause requires a list of aggregate expressions or a list of grouping expressions, or both"}}, from);
  }
  if (at_all({"GROUP", "BY"})) {
    const bool with_sets = at_grouping_analytics();
    Grouping grouping = group_by();
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
      refuse(kind == plan::GroupKind::rollup ? "GROUP BY ROLLUP" : kind == plan::GroupKind::cube ? "GROUP BY CUBE" : "GROUPING SETS");
    }
    for (const ExpressionPtr& each : grouping.expressions) {
      const auto* alias = std::get_if<plan::Alias>(&each->node);
      node.grouping.push_back(alias ? alias->child : each);
      node.aggregates.push_back(each);
    }
  }
  std::move(aggregates.begin(), aggregates.end(), std::back_inserter(node.aggregates));
  return relation_of(std::move(node), from);
}

}  // namespace pyrite::sql
