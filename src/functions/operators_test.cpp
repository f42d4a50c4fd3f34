// Operators and casts bound and computed over literals, against answers of real Spark.
#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"
#include "functions/bind_rule.h"
#include "functions/call_display.h"
#include "functions/literal_text.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;

ExpressionPtr number(int32_t value) { return resolved::int_literal(value); }
ExpressionPtr text(std::string value) { return resolved::string_literal(std::move(value)); }
ExpressionPtr decimal(int64_t unscaled, int precision, int scale) {
  return resolved::literal(Value(Int128{unscaled}), Type::decimal(precision, scale));
}

/// "value:type" of a constant expression, or the condition that binding or running it raises.
std::string answer(const std::function<ExpressionPtr()>& make) {
  try {
    const ExpressionPtr expression = make();
    const auto& node = std::get<resolved::Call>(expression->node);
    std::vector<ExpressionPtr> arguments = node.arguments;
    const auto value = constant_value(expression);
    const std::string shown = value ? literal_pretty(*value, expression->type, "UTC") : "?";
    return shown + ":" + simple_string(expression->type);
  } catch (const SparkError& error) {
    return error.condition();
  }
}

std::string binary(std::string_view name, const ExpressionPtr& left, const ExpressionPtr& right,
                   EvalMode mode = EvalMode::ansi) {
  return answer([&] { return call(name, {left, right}, mode); });
}

TEST(Arithmetic, NumbersMeet) {
  EXPECT_EQ(binary("+", number(1), number(2)), "3:int");
  EXPECT_EQ(binary("+", text("1"), number(2)), "3:bigint");
  EXPECT_EQ(binary("+", text("1"), text("2")), "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE");
  EXPECT_EQ(binary("+", text("1"), text("2"), EvalMode::legacy), "3.0:double");
  EXPECT_EQ(binary("/", number(1), number(2)), "0.5:double");
  EXPECT_EQ(binary("div", number(-7), number(2)), "-3:bigint");
  EXPECT_EQ(binary("pmod", number(-7), number(3)), "2:int");
  EXPECT_EQ(binary("+", number(1), resolved::boolean_literal(true)), "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
}

TEST(Arithmetic, DecimalsKeepTheirDigits) {
  EXPECT_EQ(binary("+", number(1), decimal(15, 2, 1)), "2.5:decimal(3,1)");
  EXPECT_EQ(binary("*", decimal(15, 2, 1), decimal(15, 2, 1)), "2.25:decimal(5,2)");
  EXPECT_EQ(binary("/", decimal(15, 2, 1), number(3)), "0.500000:decimal(7,6)");
  EXPECT_EQ(binary("%", decimal(-75, 2, 1), number(2)), "-1.5:decimal(2,1)");
  EXPECT_EQ(binary("div", decimal(75, 2, 1), number(2)), "3:bigint");
  EXPECT_EQ(binary("*", decimal(10'000'000'000, 38, 10), decimal(10'000'000'000, 38, 10)), "1.000000:decimal(38,6)");
  EXPECT_EQ(binary("/", decimal(10'000'000'000, 38, 10), decimal(30'000'000'000, 38, 10)), "0.333333:decimal(38,6)");
}

TEST(Arithmetic, OverflowFollowsTheMode) {
  EXPECT_EQ(binary("+", number(2147483647), number(1)), "?:int");
  EXPECT_EQ(binary("+", number(2147483647), number(1), EvalMode::legacy), "-2147483648:int");
  EXPECT_EQ(binary("try_add", number(2147483647), number(1)), "NULL:int");
  EXPECT_EQ(binary("try_divide", number(1), number(0)), "NULL:double");
}

std::string cast(const Value& value, const Type& from, const Type& to, EvalMode mode = EvalMode::ansi) {
  try {
    return literal_pretty(cast_value(value, from, to, mode), to, "UTC");
  } catch (const SparkError& error) {
    return error.condition();
  }
}

TEST(Cast, Numbers) {
  EXPECT_EQ(cast(Value(int64_t{300}), Type::integer(), Type::byte()), "CAST_OVERFLOW");
  EXPECT_EQ(cast(Value(int64_t{300}), Type::integer(), Type::byte(), EvalMode::legacy), "44");
  EXPECT_EQ(cast(Value(1e20), Type::float64(), Type::long_int()), "CAST_OVERFLOW");
  EXPECT_EQ(cast(Value(1e20), Type::float64(), Type::long_int(), EvalMode::legacy), "9223372036854775807");
  EXPECT_EQ(cast(Value(2147483647.9), Type::float64(), Type::integer()), "2147483647");
  EXPECT_EQ(cast(Value(int64_t{12345}), Type::integer(), Type::decimal(4, 0)),
            "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
  EXPECT_EQ(cast(Value(Int128{-125}), Type::decimal(3, 2), Type::decimal(3, 1)), "-1.3");
  EXPECT_EQ(cast(Value(1.1F), Type::float32(), Type::decimal(20, 10)), "1.1000000238");
}

TEST(Cast, Texts) {
  EXPECT_EQ(cast(Value(" 12\t"), Type::string(), Type::integer()), "12");
  EXPECT_EQ(cast(Value("1.5"), Type::string(), Type::integer()), "CAST_INVALID_INPUT");
  EXPECT_EQ(cast(Value("1.5"), Type::string(), Type::integer(), EvalMode::legacy), "1");
  EXPECT_EQ(cast(Value("1e50"), Type::string(), Type::decimal(4, 0)), "NUMERIC_OUT_OF_SUPPORTED_RANGE");
  EXPECT_EQ(cast(Value("0x1p3"), Type::string(), Type::float64()), "8.0");
  EXPECT_EQ(cast(Value("1.5d"), Type::string(), Type::float64()), "1.5");
  EXPECT_EQ(cast(Value("x"), Type::string(), Type::float64(), EvalMode::try_null), "NULL");
  EXPECT_EQ(cast(Value("Yes"), Type::string(), Type::boolean()), "true");
}

TEST(Cast, NestedValues) {
  const Type numbers = Type::array(Type::integer());
  const Value list(ValueList{Value(int64_t{1}), Value()});
  EXPECT_EQ(cast(list, numbers, Type::string()), "[1, null]");
  EXPECT_EQ(cast(list, numbers, Type::array(Type::string())), "ARRAY('1', CAST(NULL AS STRING))");
  EXPECT_EQ(cast(Value(ValuePairs{{Value("a"), Value(int64_t{1})}}), Type::map(Type::string(), Type::integer()),
                 Type::string()),
            "{a -> 1}");
}

TEST(Display, Operators) {
  const ExpressionPtr column = resolved::reference({1, "a b", Type::integer(), true, {}, {"t"}});
  const auto shown = [](const ExpressionPtr& expression) { return display_sql(expression, DisplayMode::pretty); };
  EXPECT_EQ(shown(call("+", {column, number(1)})), "(a b + 1)");
  EXPECT_EQ(shown(call("-", {column})), "(- a b)");
  EXPECT_EQ(shown(call("in", {column, number(1), number(2)})), "(a b IN (1, 2))");
  EXPECT_EQ(shown(call("not", {call("isnull", {column})})), "(NOT (a b IS NULL))");
  EXPECT_EQ(shown(call("when", {call(">", {column, number(1)}), text("x"), text("y")})),
            "CASE WHEN (a b > 1) THEN x ELSE y END");
  EXPECT_EQ(shown(call("if", {resolved::boolean_literal(true), number(1), number(2)})), "(IF(true, 1, 2))");
}

TEST(Errors, UnexpectedTypesNameThePlace) {
  try {
    call("upper", {call("array", {number(1)})});
    FAIL() << "array(1) is no string";
  } catch (const SparkError& error) {
    EXPECT_EQ(error.condition(), "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
    const MessageParameters expected = {{"paramIndex", "first"},
                                        {"requiredType", "\"STRING\""},
                                        {"inputSql", "\"array(1)\""},
                                        {"inputType", "\"ARRAY<INT>\""},
                                        {"sqlExpr", "\"upper(array(1))\""}};
    EXPECT_EQ(error.parameters(), expected);
  }
}

}  // namespace
}  // namespace pyrite
