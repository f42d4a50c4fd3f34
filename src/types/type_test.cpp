// Texts of types against answers of real Spark.
#include "types/type.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "types/value.h"

namespace pyrite {
namespace {

const Type sample = Type::structure({{"a b", Type::integer(), false},
                                     {"c", Type::map(Type::string(), Type::array(Type::decimal(10, 2)))},
                                     {"d", Type::day_time_interval(), true, R"({"comment":"it's"})"}});

TEST(Type, Texts) {
  EXPECT_EQ(simple_string(sample), "struct<a b:int,c:map<string,array<decimal(10,2)>>,d:interval day to second>");
  EXPECT_EQ(
      sql_string(sample),
      "STRUCT<`a b`: INT NOT NULL, c: MAP<STRING, ARRAY<DECIMAL(10,2)>>, d: INTERVAL DAY TO SECOND COMMENT 'it\\'s'>");
  EXPECT_EQ(
      tree_string(sample),
      "root\n |-- a b: integer (nullable = false)\n |-- c: map (nullable = true)\n |    |-- key: string\n"
      " |    |-- value: array (valueContainsNull = true)\n |    |    |-- element: decimal(10,2) (containsNull = true)\n"
      " |-- d: interval day to second (nullable = true)\n");
}

TEST(Type, JsonRoundTrip) {
  const std::string json = type_json(sample);
  EXPECT_EQ(parse_type_json(json), sample);
  EXPECT_EQ(
      type_json(Type::structure({{"s", Type::string("UTF8_LCASE")}})),
      R"({"type":"struct","fields":[{"name":"s","type":"string","nullable":true,"metadata":{"__COLLATIONS":{"s":"spark.UTF8_LCASE"}}}]})");
  EXPECT_THROW(parse_type_json("\"nothing\""), SparkError);
  EXPECT_THROW(parse_type_json("{\"type\":"), SparkError);
}

TEST(Value, DecimalText) {
  EXPECT_EQ(decimal_text(-12345, 2), "-123.45");
  EXPECT_EQ(decimal_text(5, 3), "0.005");
  EXPECT_EQ(decimal_text(0, 2), "0.00");
}

}  // namespace
}  // namespace pyrite
