// Tests of the SQL parser: plan shapes, names, errors.
#include "sql/parser.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace pyrite::sql {
namespace {

using plan::Call;
using plan::Literal;

std::string condition_of(std::string_view text, const ParserOptions& options = {}) {
  try {
    parse_statement(text, options);
  } catch (const SparkError& error) {
    return error.condition();
  }
  return "";
}

std::string error_token(std::string_view text) {
  try {
    parse_statement(text, {});
  } catch (const SparkError& error) {
    return error.parameters().empty() ? error.condition() : error.parameters()[0].second;
  }
  return "";
}

/// The expression as nested calls: "and(=(a, 1), b)".
std::string shown(const plan::ExpressionPtr& expression) {
  if (const auto* call = std::get_if<Call>(&expression->node)) {
    std::string out = call->name.back() + "(";
    for (const auto& argument : call->arguments) {
      out += (out.ends_with("(") ? "" : ", ") + shown(argument);
    }
    return out + ")";
  }
  if (const auto* attribute = std::get_if<plan::Attribute>(&expression->node)) {
    std::string out;
    for (const auto& part : attribute->name_parts) {
      out += (out.empty() ? "" : ".") + part;
    }
    return out;
  }
  if (const auto* literal = std::get_if<Literal>(&expression->node)) {
    if (literal->value.is_null()) {
      return "null";
    }
    switch (literal->type.kind()) {
      case TypeKind::string:
        return "'" + literal->value.text() + "'";
      case TypeKind::boolean:
        return literal->value.boolean() ? "true" : "false";
      case TypeKind::decimal:
        return decimal_text(literal->value.decimal(), literal->type.scale());
      case TypeKind::float64:
        return std::to_string(literal->value.float64());
      default:
        return std::to_string(literal->value.integer());
    }
  }
  if (const auto* cast = std::get_if<plan::Cast>(&expression->node)) {
    return "cast(" + shown(cast->child) + " as " + simple_string(cast->type) + ")";
  }
  if (const auto* extract = std::get_if<plan::ExtractValue>(&expression->node)) {
    return shown(extract->child) + "[" + shown(extract->extraction) + "]";
  }
  if (const auto* lambda = std::get_if<plan::Lambda>(&expression->node)) {
    return lambda->parameters.front() + "->" + shown(lambda->body);
  }
  if (const auto* alias = std::get_if<plan::Alias>(&expression->node)) {
    return shown(alias->child) + " as " + alias->names.front();
  }
  return "?";
}

std::string expression(std::string_view text) { return shown(parse_expression(text, {})); }

TEST(ParseExpression, BindsOperatorsAsSparkDoes) {
  EXPECT_EQ(expression("1 + 2 * 3"), "+(1, *(2, 3))");
  EXPECT_EQ(expression("a or b and not c = 1"), "or(a, and(b, not(=(c, 1))))");
  EXPECT_EQ(expression("a != 1"), "not(=(a, 1))");
  EXPECT_EQ(expression("1 | 2 ^ 3 & 4 << 5 + 6"), "|(1, ^(2, &(3, <<(4, +(5, 6)))))");
  EXPECT_EQ(expression("-a * - 2"), "*(-(a), -2)");
  EXPECT_EQ(expression("2 -1"), "-(2, 1)");
  EXPECT_EQ(expression("- -1"), "-(-1)");
  EXPECT_EQ(expression("a = b = c"), "=(=(a, b), c)");
  EXPECT_EQ(expression("7 div 2 % 3"), "%(div(7, 2), 3)");
}

TEST(ParseExpression, BalancesLongConjunctions) {
  EXPECT_EQ(expression("a and b and c and d"), "and(and(a, b), and(c, d))");
  EXPECT_EQ(expression("a and b and c"), "and(and(a, b), c)");
}

TEST(ParseExpression, ReadsPredicates) {
  EXPECT_EQ(expression("a not between 1 and 2 and b"), "and(not(between(a, 1, 2)), b)");
  EXPECT_EQ(expression("a not in (1, 2)"), "not(in(a, 1, 2))");
  EXPECT_EQ(expression("a is not distinct from b"), "<=>(a, b)");
  EXPECT_EQ(expression("a is not true"), "not(<=>(a, true))");
  EXPECT_EQ(expression("a like any ('x', 'y')"), "likeany(a, 'x', 'y')");
  EXPECT_EQ(expression("a not like all (b, 'y')"), "and(not(like(a, b)), not(like(a, 'y')))");
  EXPECT_EQ(expression("a regexp 'x'"), "rlike(a, 'x')");
}

TEST(ParseExpression, ReadsOperandsAndSuffixes) {
  EXPECT_EQ(expression("a.b.c[1].d"), "a.b.c[1]['d']");
  EXPECT_EQ(expression("x::int::string"), "cast(cast(x as int) as string)");
  EXPECT_EQ(expression("transform(a, x -> x + 1)"), "transform(a, x->+(x, 1))");
  EXPECT_EQ(expression("(1, b)"), "struct(1, b)");
  EXPECT_EQ(expression("((1))"), "1");
  EXPECT_EQ(expression("case a when 1 then 2 else 3 end"), "when(=(a, 1), 2, 3)");
  EXPECT_EQ(expression("count(*)"), "count(1)");
  EXPECT_EQ(expression("trim(both 'x' from y)"), "trim('x', y)");
  EXPECT_EQ(expression("substring(a from 2 for 3)"), "substring(a, 2, 3)");
  EXPECT_EQ(expression("dateadd(day, 1, d)"), "timestampadd('day', 1, d)");
  EXPECT_EQ(expression("date_add(d, 1)"), "date_add(d, 1)");
  EXPECT_EQ(expression("extract(year from d)"), "extract('year', d)");
  EXPECT_EQ(expression("a:b[0].c"), "semi_structured_extract(a, '$.b[0].c') as c");
}

TEST(ParseExpression, ReadsConstants) {
  EXPECT_EQ(expression("1.50"), "1.50");
  EXPECT_EQ(expression("1e3"), "1000.000000");
  EXPECT_EQ(expression("12345678901234567890123"), "12345678901234567890123");
  EXPECT_EQ(expression("'a' 'b' \"c\""), "'abc'");
  EXPECT_EQ(expression("'it''s \\n \\u0041 \\101 \\%'"), "'it's \n A A \\%'");
  EXPECT_EQ(expression("r'\\n'"), "'\\n'");
  EXPECT_EQ(expression("date'1970-01-02'"), "1");
  EXPECT_EQ(expression("timestamp'1970-01-01 00:00:01'"), "1000000");
  EXPECT_EQ(expression("timestamp'1970-01-01 00:00:01 +01:00'"), "-3599000000");
  EXPECT_EQ(expression("interval 1 year 2 months"), "14");
  EXPECT_EQ(expression("interval '1 02:03:04.5' day to second"), "93784500000");
  EXPECT_EQ(expression("interval '1 day'"), "86400000000");
  EXPECT_EQ(expression("interval -'1-2' year to month"), "-14");
}

TEST(ParseQuery, ReadsSelectParts) {
  const auto query = parse_query(
      "with t as (select 1 a) select a x, count(*) from t where a > 0 group by a having count(*) > 0 order by 1 limit "
      "2",
      {});
  const auto& with = std::get<plan::With>(query->node);
  const auto& limit = std::get<plan::Limit>(with.input->node);
  const auto& sort = std::get<plan::Sort>(limit.input->node);
  const auto& having = std::get<plan::Having>(sort.input->node);
  const auto& aggregate = std::get<plan::Aggregate>(having.input->node);
  EXPECT_EQ(aggregate.grouping.size(), 1u);
  EXPECT_EQ(aggregate.aggregates.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<plan::Filter>(aggregate.input->node));
}

TEST(ParseQuery, IntersectBindsTighterThanUnion) {
  const auto query = parse_query("select 1 union all select 2 intersect select 3", {});
  const auto& top = std::get<plan::SetOperation>(query->node);
  EXPECT_EQ(top.op, plan::SetOperator::union_);
  EXPECT_TRUE(top.all);
  EXPECT_EQ(std::get<plan::SetOperation>(top.right->node).op, plan::SetOperator::intersect);
}

TEST(ParseQuery, FillsInNamedWindows) {
  const auto query = parse_query("select sum(a) over w from t window w as (partition by b)", {});
  const auto& project = std::get<plan::Project>(query->node);
  EXPECT_EQ(std::get<plan::Window>(project.expressions[0]->node).partition_by.size(), 1u);
  EXPECT_EQ(condition_of("select sum(a) over v from t window w as (partition by b)"), "MISSING_WINDOW_SPECIFICATION");
}

TEST(ParseQuery, TellsParenthesesApart) {
  for (const char* text :
       {"select ((select 1) + 2)", "select * from ((select 1) union (select 2)) t", "select ((select 1))",
        "select * from ((select 1) a join (select 2) b)", "((select 1) limit 1)",
        "select * from (a join (b join c)) where x in ((select 1))", "select (a, b) in (select 1, 2)",
        "select ((1, 2), 3)", "from t select a", "select * from values (1, 2), (3, 4) as t(a, b)"}) {
    EXPECT_EQ(condition_of(text), "") << text;
  }
}

TEST(ParseQuery, KeywordsServeAsNames) {
  for (const char* text :
       {"select 1 as select", "select from from from", "select a.left, b.date from t x left join u using (a)",
        "select 1 where", "select year, date, timestamp from interval", "select first from last"}) {
    EXPECT_EQ(condition_of(text), "") << text;
  }
  ParserOptions strict;
  strict.enforce_reserved_keywords = true;
  EXPECT_EQ(condition_of("select 1 as select", strict), "PARSE_SYNTAX_ERROR");
}

TEST(ParseErrors, NameTheToken) {
  EXPECT_EQ(error_token("select 1 +"), "end of input");
  EXPECT_EQ(error_token("select a b c"), "'c'");
  EXPECT_EQ(error_token("select * from a join"), "end of input");
  EXPECT_EQ(error_token("select (1"), "end of input");
  EXPECT_EQ(condition_of(""), "PARSE_EMPTY_STATEMENT");
  EXPECT_EQ(condition_of("select /* 1"), "UNCLOSED_BRACKETED_COMMENT");
  EXPECT_EQ(condition_of("select date'x'"), "INVALID_TYPED_LITERAL");
  EXPECT_EQ(condition_of("select 128Y"), "INVALID_NUMERIC_LITERAL_RANGE");
}

TEST(ParseErrors, DeepAndLongTextsDoNotExhaustTheStack) {
  const std::string deep(100'000, '(');
  EXPECT_EQ(condition_of("select " + deep), "FAILED_TO_PARSE_TOO_COMPLEX");
  std::string sum = "select 1";
  std::string both = "select a";
  std::string unions = "select 1";
  for (int i = 0; i < 100'000; ++i) {
    sum += " + 1";
    both += " and a";
    unions += " union select 1";
  }
  EXPECT_EQ(condition_of(sum), "FAILED_TO_PARSE_TOO_COMPLEX");
  EXPECT_EQ(condition_of(both), "");
  EXPECT_EQ(condition_of(unions), "FAILED_TO_PARSE_TOO_COMPLEX");
  EXPECT_EQ(condition_of("select " + std::string(100'000, '-')), "PARSE_SYNTAX_ERROR");
}

TEST(ParseParameters, StandForConstantsEverywhere) {
  ParserOptions options;
  options.parameter = [](const plan::Parameter& parameter) -> plan::ExpressionPtr {
    if (parameter.name == "n") {
      return plan::make_expression(Literal{Value(int64_t{3}), Type::integer(), ""});
    }
    return parameter.name == "s" ? plan::make_expression(Literal{Value("t"), Type::string(), ""}) : nullptr;
  };
  EXPECT_EQ(shown(parse_expression(":n + 1", options)), "+(3, 1)");
  EXPECT_EQ(shown(parse_expression(":s '.a'", options)), "'t.a'");
  EXPECT_EQ(shown(parse_expression("identifier(:s '.a')", options)), "t.a");
  EXPECT_EQ(condition_of("select * from a tablesample (10 percent) repeatable (:n)", options), "");
  EXPECT_EQ(condition_of("select :unknown", options), "UNBOUND_SQL_PARAMETER");
  EXPECT_THROW(parse_statement("select :unknown", options), SparkError);
}

TEST(ParseType, ReadsNestedTypes) {
  EXPECT_EQ(simple_string(parse_type("struct<a:array<map<string,array<int>>>, b decimal(10, 2) not null>")),
            "struct<a:array<map<string,array<int>>>,b:decimal(10,2)>");
  EXPECT_EQ(parse_table_schema("a INT, b STRING NOT NULL COMMENT 'x'").fields().size(), 2u);
  EXPECT_TRUE(parse_ddl("int").is(TypeKind::integer));
  EXPECT_TRUE(parse_ddl("a int").is(TypeKind::structure));
}

TEST(ParseIdentifier, SplitsParts) {
  EXPECT_EQ(parse_identifier("a.b.`c d`"), (std::vector<std::string>{"a", "b", "c d"}));
  EXPECT_EQ(quote_if_needed("a b"), "`a b`");
  EXPECT_EQ(quote_if_needed("a_b"), "a_b");
}

}  // namespace
}  // namespace pyrite::sql
