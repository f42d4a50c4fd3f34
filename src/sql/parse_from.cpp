// FROM: tables, joins, functions, VALUES, samples, LATERAL VIEW.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

constexpr const char* auto_name = "__auto_generated_subquery_name";

/// A double as Java shows it, for the range that sampling fractions have.
std::string java_double(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  std::string out(buffer, end);
  return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}

std::string_view join_name(plan::JoinType type) {
  switch (type) {
    case plan::JoinType::inner:
      return "INNER";
    case plan::JoinType::cross:
      return "CROSS";
    case plan::JoinType::left_outer:
      return "LEFT OUTER";
    case plan::JoinType::right_outer:
      return "RIGHT OUTER";
    case plan::JoinType::full_outer:
      return "FULL OUTER";
    case plan::JoinType::left_semi:
      return "LEFT SEMI";
    case plan::JoinType::left_anti:
      return "LEFT ANTI";
  }
  return "";
}

}  // namespace

RelationPtr Parser::from_clause() {
  const Mark from = mark();
  expect(Keyword("FROM"));
  RelationPtr out;
  size_t length = 0;
  do {
    count_link(++length);
    out = relation(std::move(out), from);
  } while (accept(TokenKind::comma));
  out = lateral_views(std::move(out), from);
  if (at(Keyword("PIVOT")) && at(TokenKind::left_paren, 1)) {
    out = pivot(std::move(out), from);
  }
  if (at(Keyword("UNPIVOT"))) {
    out = unpivot(std::move(out), from);
  }
  return out;
}

void Parser::check_lateral(Mark primary) const {
  const Token& token = tokens_[primary];
  const Token& next = tokens_[std::min(primary + 1, tokens_.size() - 1)];
  const bool function = token.kind != TokenKind::left_paren && next.kind == TokenKind::left_paren;
  if (token.kind != TokenKind::left_paren && !function && next.kind != TokenKind::dot) {
    fail_with("INVALID_SQL_SYNTAX.LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC", {}, primary - 1);
  }
}

/// One item of FROM with its joins; they join onto everything left of the comma too.
RelationPtr Parser::relation(RelationPtr left, Mark from) {
  const Depth depth(*this);
  const bool lateral = at(Keyword("LATERAL")) && !at(TokenKind::dot, 1) && !at(TokenKind::comma, 1);
  if (lateral) {
    advance();
  }
  const Mark start = mark();
  RelationPtr right = relation_primary();
  if (lateral) {
    check_lateral(start);
  }
  if (lateral && !left) {
    left = relation_of(plan::OneRow{}, start);
  }
  if (left) {
    plan::Join node;
    node.left = std::move(left);
    node.right = std::move(right);
    node.lateral = lateral;
    right = relation_of(std::move(node), from);
  }
  return relation_extensions(std::move(right), from);
}

RelationPtr Parser::relation_extensions(RelationPtr left, Mark from) {
  for (size_t length = 1;; ++length) {
    if (at_join()) {
      left = join(std::move(left), from);
    } else if (at(Keyword("PIVOT")) && at(TokenKind::left_paren, 1)) {
      left = pivot(std::move(left), from);
    } else if (at(Keyword("UNPIVOT")) && at_clause()) {
      left = unpivot(std::move(left), from);
    } else {
      return left;
    }
    count_link(length);
  }
}

bool Parser::at_join() const {
  size_t ahead = at(Keyword("NATURAL")) ? 1 : 0;
  if (at_any({"LEFT", "RIGHT", "FULL"}, ahead)) {
    ++ahead;
    if (at_any({"OUTER", "SEMI", "ANTI"}, ahead)) {
      ++ahead;
    }
  } else if (at_any({"INNER", "CROSS", "SEMI", "ANTI"}, ahead)) {
    ++ahead;
  }
  return at(Keyword("JOIN"), ahead);
}

RelationPtr Parser::join(RelationPtr left, Mark) {
  const Mark start = mark();
  plan::Join node;
  node.natural = accept(Keyword("NATURAL"));
  if (accept(Keyword("CROSS"))) {
    node.type = plan::JoinType::cross;
  } else if (!accept(Keyword("INNER"))) {
    const bool left_side = accept(Keyword("LEFT"));
    if (accept(Keyword("SEMI"))) {
      node.type = plan::JoinType::left_semi;
    } else if (accept(Keyword("ANTI"))) {
      node.type = plan::JoinType::left_anti;
    } else if (left_side) {
      node.type = plan::JoinType::left_outer;
    } else if (accept(Keyword("RIGHT"))) {
      node.type = plan::JoinType::right_outer;
    } else if (accept(Keyword("FULL"))) {
      node.type = plan::JoinType::full_outer;
    }
    accept(Keyword("OUTER"));
  }
  expect(Keyword("JOIN"));
  node.lateral = at(Keyword("LATERAL")) && !at(TokenKind::dot, 1);
  if (node.lateral) {
    advance();
  }
  const Mark primary = mark();
  node.left = std::move(left);
  node.right = relation_primary();
  if (at_any({"APPROX", "EXACT"}) && at(Keyword("NEAREST"), 1)) {
    if (node.lateral) {
      fail_with("UNSUPPORTED_FEATURE.LATERAL_JOIN_NEAREST_BY", {}, start);
    }
    return *nearest_join(node.left, node.type, start);
  }
  if (accept(Keyword("ON"))) {
    node.condition = expression();
  } else if (at(Keyword("USING")) && at(TokenKind::left_paren, 1)) {
    advance();
    node.using_columns = identifier_list();
  }
  if (node.lateral) {
    check_lateral(primary);
    if (node.natural) {
      fail_with("INCOMPATIBLE_JOIN_TYPES", {{"joinType1", "LATERAL"}, {"joinType2", "NATURAL"}}, start);
    }
    if (!node.using_columns.empty()) {
      fail_with("UNSUPPORTED_FEATURE.LATERAL_JOIN_USING", {}, start);
    }
    if (node.type != plan::JoinType::inner && node.type != plan::JoinType::cross &&
        node.type != plan::JoinType::left_outer) {
      fail_with("UNSUPPORTED_JOIN_TYPE",
                {{"typ", std::string(join_name(node.type))}, {"supported", "'INNER', 'LEFT OUTER', 'CROSS'"}}, start);
    }
  }
  return relation_of(std::move(node), start);
}

std::optional<RelationPtr> Parser::nearest_join(const RelationPtr& left, plan::JoinType type, Mark from) {
  check(left != nullptr, "a join has a left side");
  at_ += 2;
  const int64_t count = at(TokenKind::integer) ? integer_value() : 1;
  expect(Keyword("BY"));
  if (!accept(Keyword("SIMILARITY"))) {
    expect(Keyword("DISTANCE"));
  }
  expression();
  if (type != plan::JoinType::inner && type != plan::JoinType::left_outer) {
    fail_with("NEAREST_BY_JOIN.UNSUPPORTED_JOIN_TYPE",
              {{"joinType", std::string(join_name(type))}, {"supported", "'INNER', 'LEFT OUTER'"}}, from);
  }
  if (count < 1 || count > 100'000) {
    fail_with("NEAREST_BY_JOIN.NUM_RESULTS_OUT_OF_RANGE",
              {{"numResults", std::to_string(count)}, {"min", "1"}, {"max", "100000"}}, from);
  }
  return relation_of(plan::Unsupported{"NEAREST BY join"}, from);
}

RelationPtr Parser::relation_primary() {
  if (at(TokenKind::left_paren)) {
    return parenthesized_relation();
  }
  if (at(Keyword("VALUES")) && at_query()) {
    return inline_table();
  }
  const bool stream = at(Keyword("STREAM")) &&
                      ((at_identifier(1) && !at_clause(1) && !at(Keyword("AS"), 1) && !at(Keyword("JOIN"), 1)) ||
                       (at(TokenKind::left_paren, 1) && at_identifier(2)));
  if (stream) {
    const Mark from = mark();
    advance();
    const bool parentheses = accept(TokenKind::left_paren);
    NameReference reference{multipart_identifier(), nullptr};
    if (parentheses) {
      expect(TokenKind::right_paren);
    }
    return table_suffixes(std::move(reference), from, true);
  }
  return table_or_function();
}

RelationPtr Parser::parenthesized_relation() {
  const Mark from = mark();
  QueryOr inner = query_or_relation();
  const bool is_query = inner.query != nullptr;
  return relation_suffixes(is_query ? std::move(inner.query) : std::move(inner.relation), from, is_query);
}

/// What may follow a relation in parentheses: a sample, a watermark, an alias.
RelationPtr Parser::relation_suffixes(RelationPtr input, Mark from, bool subquery) {
  if (at(Keyword("TABLESAMPLE"))) {
    input = sample(std::move(input));
  }
  skip_watermark();
  auto alias = table_alias();
  if (alias) {
    plan::SubqueryAlias node{std::move(input), std::move(alias->name), {}, std::move(alias->columns)};
    return relation_of(std::move(node), from);
  }
  if (!subquery) {
    return input;
  }
  return relation_of(plan::SubqueryAlias{std::move(input), auto_name, {}, {}}, from);
}

std::optional<TableAlias> Parser::table_alias() {
  const bool word = accept(Keyword("AS"));
  if (!word && (!at_strict_identifier() || at_clause())) {
    return std::nullopt;
  }
  TableAlias alias;
  if (word && at(TokenKind::left_paren)) {
    return TableAlias{auto_name, identifier_list()};
  }
  alias.name = strict_identifier();
  if (at(TokenKind::left_paren) && at_identifier(1)) {
    alias.columns = identifier_list();
  }
  return alias;
}

RelationPtr Parser::aliased(RelationPtr input, Mark from) {
  auto alias = table_alias();
  if (!alias) {
    return input;
  }
  return relation_of(plan::SubqueryAlias{std::move(input), std::move(alias->name), {}, std::move(alias->columns)},
                     from);
}

void Parser::skip_watermark() {
  if (at(Keyword("WATERMARK")) && at_clause()) {
    throw_unsupported("WATERMARK clause");
  }
}

plan::Options Parser::options_clause() {
  if (!at(Keyword("WITH")) || !at(TokenKind::left_paren, 1)) {
    return {};
  }
  advance();
  return property_list();
}

RelationPtr Parser::table_or_function() {
  const Mark from = mark();
  if (!at_identifier()) {
    fail();
  }
  NameReference reference = identifier_reference();
  if (at(TokenKind::left_paren)) {
    return table_function(std::move(reference), from);
  }
  return table_suffixes(std::move(reference), from, false);
}

RelationPtr Parser::table_suffixes(NameReference reference, Mark from, bool streaming) {
  plan::NamedTable node;
  node.name = std::move(reference.name);
  node.identifier_clause = std::move(reference.clause);
  node.is_streaming = streaming;
  const size_t ahead = at(Keyword("FOR")) ? 1 : 0;
  if (at_any({"SYSTEM_VERSION", "VERSION"}, ahead) && at_all({"AS", "OF"}, ahead + 1)) {
    at_ += ahead + 3;
    const Mark version = mark();
    node.as_of_version = at_string() ? string_constant(string_literal(), version)
                                     : string_constant(std::to_string(integer_value()), version);
  } else if (at_any({"SYSTEM_TIME", "TIMESTAMP"}, ahead) && at_all({"AS", "OF"}, ahead + 1)) {
    at_ += ahead + 3;
    node.as_of_timestamp = value_expression();
  }
  node.options = options_clause();
  RelationPtr out = relation_of(std::move(node), from);
  if (at(Keyword("TABLESAMPLE")) && at_clause()) {
    out = sample(std::move(out));
  }
  skip_watermark();
  return aliased(std::move(out), from);
}

RelationPtr Parser::table_function(NameReference reference, Mark from) {
  if (reference.clause) {
    throw_unsupported("a table function named by IDENTIFIER(expression)");
  }
  plan::TableFunction node;
  node.name = std::move(reference.name);
  expect(TokenKind::left_paren);
  if (!at(TokenKind::right_paren)) {
    node.arguments = comma_list([&] { return function_argument(); });
  }
  expect(TokenKind::right_paren);
  RelationPtr out = relation_of(std::move(node), from);
  skip_watermark();
  return aliased(std::move(out), from);
}

RelationPtr Parser::inline_table() {
  const Mark from = mark();
  expect(Keyword("VALUES"));
  std::vector<std::vector<ExpressionPtr>> rows;
  do {
    ExpressionPtr row = expression();
    const auto* fields = std::get_if<plan::Call>(&row->node);
    if (fields && fields->name == NameParts{"struct"}) {
      rows.emplace_back();
      for (const ExpressionPtr& field : fields->arguments) {
        const auto* alias = std::get_if<plan::Alias>(&field->node);
        rows.back().push_back(alias ? alias->child : field);
      }
    } else {
      rows.push_back({std::move(row)});
    }
  } while (accept(TokenKind::comma));
  auto alias = table_alias();
  return checked_inline_table(std::move(rows), std::move(alias), from);
}

RelationPtr Parser::checked_inline_table(std::vector<std::vector<ExpressionPtr>> rows, std::optional<TableAlias> alias,
                                         Mark from) {
  const size_t expected = alias && !alias->columns.empty() ? alias->columns.size() : rows[0].size();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].size() != expected) {
      fail_with("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                {{"expectedNumCols", std::to_string(expected)},
                 {"actualNumCols", std::to_string(rows[i].size())},
                 {"rowIndex", std::to_string(i)}},
                from);
    }
  }
  RelationPtr out = relation_of(plan::InlineTable{std::move(rows)}, from);
  if (!alias) {
    return out;
  }
  return relation_of(plan::SubqueryAlias{std::move(out), std::move(alias->name), {}, std::move(alias->columns)}, from);
}

RelationPtr Parser::sample_fraction(RelationPtr input, double fraction, Mark from) {
  constexpr double tolerance = 1e-6;
  if (fraction < -tolerance || fraction > 1 + tolerance) {
    fail_with("_LEGACY_ERROR_TEMP_0064",
              {{"msg", "Sampling fraction (" + java_double(fraction) + ") must be on interval [0, 1]"}}, from);
  }
  plan::Sample node;
  node.input = std::move(input);
  node.upper_bound = fraction;
  return relation_of(std::move(node), from);
}

RelationPtr Parser::sample(RelationPtr input) {
  const Mark from = mark();
  expect(Keyword("TABLESAMPLE"));
  const bool system = accept(Keyword("SYSTEM"));
  if (!system) {
    accept(Keyword("BERNOULLI"));
  }
  expect(TokenKind::left_paren);
  enum class Method { none, fraction, rows, bytes } method = Method::none;
  double fraction = 0;
  ExpressionPtr amount;
  const Mark body = mark();
  const bool negative = at(TokenKind::minus);
  const size_t ahead = negative ? 1 : 0;
  if ((at(TokenKind::integer, ahead) || at(TokenKind::decimal, ahead)) && at(Keyword("PERCENT"), ahead + 1)) {
    method = Method::fraction;
    at_ += ahead;
    fraction = std::strtod(std::string(text_of(peek())).c_str(), nullptr) / 100 * (negative ? -1 : 1);
    at_ += 2;
  } else if (at(Keyword("BUCKET")) && at(TokenKind::integer, 1)) {
    method = Method::fraction;
    advance();
    const double part = static_cast<double>(integer_value());
    expect(Keyword("OUT"));
    expect(Keyword("OF"));
    fraction = part / static_cast<double>(integer_value());
    if (accept(Keyword("ON"))) {
      const bool call_of = (multipart_identifier(), accept(TokenKind::left_paren));
      if (call_of) {
        expect(TokenKind::right_paren);
      }
      throw_unsupported(call_of ? "TABLESAMPLE(BUCKET x OUT OF y ON function)"
                                : "TABLESAMPLE(BUCKET x OUT OF y ON colname)");
    }
  } else if (!at(TokenKind::right_paren)) {
    amount = expression();
    method = accept(Keyword("ROWS")) ? Method::rows : Method::bytes;
  }
  expect(TokenKind::right_paren);
  std::optional<int64_t> seed;
  if (accept(Keyword("REPEATABLE"))) {
    expect(TokenKind::left_paren);
    seed = integer_value();
    expect(TokenKind::right_paren);
  }
  if (system) {
    throw_unsupported("TABLESAMPLE SYSTEM");
  }
  switch (method) {
    case Method::none:
      fail_with("_LEGACY_ERROR_TEMP_0014", {}, from);
    case Method::rows:
      return relation_of(plan::Limit{std::move(input), std::move(amount)}, from);
    case Method::bytes: {
      const bool name = tokens_[body].kind == TokenKind::name;
      const std::string text(text_of(tokens_[body]));
      fail_with(name ? "_LEGACY_ERROR_TEMP_0015" : "_LEGACY_ERROR_TEMP_0016",
                {name ? std::pair<std::string, std::string>{"msg", "byteLengthLiteral"}
                      : std::pair<std::string, std::string>{"bytesStr", text}},
                from);
    }
    case Method::fraction:
      break;
  }
  RelationPtr out = sample_fraction(std::move(input), fraction, from);
  if (!seed) {
    return out;
  }
  plan::Sample seeded = std::get<plan::Sample>(out->node);
  seeded.seed = seed;
  return relation_of(std::move(seeded), from);
}

RelationPtr Parser::lateral_views(RelationPtr input, Mark) {
  for (size_t length = 1; at_all({"LATERAL", "VIEW"}); ++length) {
    count_link(length);
    const Mark start = mark();
    at_ += 2;
    plan::LateralView node;
    node.input = std::move(input);
    node.outer = at(Keyword("OUTER")) && at_identifier(1) && accept(Keyword("OUTER"));
    const Mark generator = mark();
    plan::Call call;
    call.name = multipart_identifier();
    expect(TokenKind::left_paren);
    if (!at(TokenKind::right_paren)) {
      call.arguments = expressions();
    }
    expect(TokenKind::right_paren);
    node.generator = make(std::move(call), generator);
    node.table_alias = simple_identifier();
    if (accept(Keyword("AS")) || (at_identifier() && !at_clause() && !at_join() && !at(Keyword("LATERAL")))) {
      node.column_aliases = comma_list([&] { return simple_identifier(); });
    }
    input = relation_of(std::move(node), start);
  }
  return input;
}

RelationPtr Parser::pivot(RelationPtr input, Mark) {
  const Mark from = mark();
  expect(Keyword("PIVOT"));
  expect(TokenKind::left_paren);
  plan::PivotClause node;
  node.input = std::move(input);
  node.aggregates = named_expressions();
  expect(Keyword("FOR"));
  const auto column = [&] {
    const Mark start = mark();
    std::string name = identifier();
    return make(plan::Attribute{{std::move(name)}, std::nullopt, false}, start);
  };
  node.columns = at(TokenKind::left_paren) ? parenthesized_list(column) : std::vector<ExpressionPtr>{column()};
  expect(Keyword("IN"));
  node.values = parenthesized_list([&] {
    const Mark start = mark();
    ExpressionPtr value = expression();
    if (accept(Keyword("AS")) || at_identifier()) {
      std::string name = identifier();
      return make(plan::Alias{std::move(value), {std::move(name)}, ""}, start);
    }
    return value;
  });
  expect(TokenKind::right_paren);
  return aliased(relation_of(std::move(node), from), from);
}

RelationPtr Parser::unpivot(RelationPtr input, Mark) {
  const Mark from = mark();
  expect(Keyword("UNPIVOT"));
  plan::Unpivot node;
  node.input = std::move(input);
  node.ids_given = false;
  node.include_nulls = false;
  if (accept_all({"INCLUDE", "NULLS"})) {
    node.include_nulls = true;
  } else {
    accept_all({"EXCLUDE", "NULLS"});
  }
  expect(TokenKind::left_paren);
  const bool several = at(TokenKind::left_paren);
  node.value_columns =
      several ? parenthesized_list([&] { return simple_identifier(); }) : std::vector<std::string>{simple_identifier()};
  expect(Keyword("FOR"));
  node.variable_column = simple_identifier();
  expect(Keyword("IN"));
  const auto column = [&] {
    const Mark start = mark();
    NameParts name = multipart_identifier();
    return make(plan::Attribute{std::move(name), std::nullopt, false}, start);
  };
  node.values.emplace();
  expect(TokenKind::left_paren);
  do {
    node.values->push_back(several ? parenthesized_list(column) : std::vector<ExpressionPtr>{column()});
    const bool named = accept(Keyword("AS")) || at_identifier();
    node.value_aliases.push_back(named ? std::optional<std::string>(identifier()) : std::nullopt);
  } while (accept(TokenKind::comma));
  expect(TokenKind::right_paren);
  expect(TokenKind::right_paren);
  RelationPtr out = relation_of(std::move(node), from);
  const bool named = accept(Keyword("AS")) || (at_strict_identifier() && !at_clause());
  if (!named) {
    return out;
  }
  std::string name = identifier();
  return relation_of(plan::SubqueryAlias{std::move(out), std::move(name), {}, {}}, from);
}

}  // namespace pyrite::sql
