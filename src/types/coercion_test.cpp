// The coercion lattice against answers of real Spark.
#include "types/coercion.h"

#include <gtest/gtest.h>

namespace pyrite {
namespace {

std::string wider(const Type& left, const Type& right, bool ansi = true) {
  const auto type = wider_type(left, right, ansi);
  return type ? simple_string(*type) : "none";
}

TEST(Coercion, NumbersMeet) {
  EXPECT_EQ(wider(Type::integer(), Type::float32()), "double");
  EXPECT_EQ(wider(Type::integer(), Type::float32(), false), "float");
  EXPECT_EQ(wider(Type::decimal(2, 1), Type::integer()), "decimal(11,1)");
  EXPECT_EQ(wider(Type::decimal(38, 10), Type::decimal(38, 0)), "decimal(38,0)");
  EXPECT_EQ(wider(Type::decimal(2, 1), Type::float64()), "double");
}

TEST(Coercion, StringsMeetOthersAsTheModeSays) {
  EXPECT_EQ(wider(Type::integer(), Type::string()), "bigint");
  EXPECT_EQ(wider(Type::integer(), Type::string(), false), "string");
  EXPECT_EQ(wider(Type::boolean(), Type::string()), "boolean");
  EXPECT_EQ(wider(Type::boolean(), Type::string(), false), "none");
  EXPECT_EQ(wider(Type::day_time_interval(0, 0), Type::string()), "none");
}

TEST(Coercion, NestedTypesMeetElementByElement) {
  EXPECT_EQ(wider(Type::array(Type::integer(), false), Type::array(Type::null())), "array<int>");
  EXPECT_EQ(wider(Type::structure({{"a", Type::integer()}}), Type::structure({{"A", Type::long_int()}})),
            "struct<a:bigint>");
  EXPECT_EQ(wider(Type::structure({{"a", Type::integer()}}), Type::structure({{"b", Type::long_int()}})), "none");
}

TEST(Coercion, DecimalsAreBounded) {
  EXPECT_EQ(bounded_decimal(77, 20), Type::decimal(38, 6));
  EXPECT_EQ(bounded_decimal(40, 20), Type::decimal(38, 18));
  EXPECT_EQ(bounded_decimal(40, 20, false), Type::decimal(38, 20));
}

}  // namespace
}  // namespace pyrite
