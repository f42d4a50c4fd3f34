// Text of dates and times in both directions.
#include "types/datetime_text.h"

#include <gtest/gtest.h>

namespace pyrite {
namespace {

TEST(DatetimeText, dates) {
  EXPECT_EQ(parse_date(" 1970-1-2 "), 1);
  EXPECT_EQ(parse_date("1970"), 0);
  EXPECT_EQ(parse_date("-0001-01-01T anything"), days_from_civil(-1, 1, 1));
  for (const char* wrong : {"", "197", "1970-", "1970-13", "1970-02-30", "1970-1-1x", "12345678"}) {
    EXPECT_EQ(parse_date(wrong), std::nullopt) << wrong;
  }
  EXPECT_EQ(date_text(-719893), "-0001-01-01");
  EXPECT_EQ(date_text(days_from_civil(10000, 1, 1)), "+10000-01-01");
}

TEST(DatetimeText, timestamps) {
  const TimeZonePtr utc = get_time_zone("UTC");
  EXPECT_EQ(parse_timestamp("1970-01-01 00:00:01.5", *utc), 1'500'000);
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00+01:00", *utc), -3600 * micros_per_second);
  EXPECT_EQ(parse_timestamp("1970-01-01 00:00:00.1234567", *utc), 123456);
  EXPECT_EQ(parse_timestamp("1970-01-01 24:00:00", *utc), std::nullopt);
  EXPECT_EQ(parse_timestamp("-290308-12-21T19:59:05.224192Z", *utc), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(parse_timestamp("294247-01-10T04:00:54.775807Z", *utc), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(parse_timestamp("294247-01-10T04:00:54.775808Z", *utc), std::nullopt);
  EXPECT_EQ(parse_timestamp_ntz("12:00:00"), std::nullopt);
  EXPECT_EQ(parse_timestamp_ntz("1970-01-01 00:00:00Z", false), std::nullopt);
  EXPECT_EQ(timestamp_text(1'120'000, *get_time_zone("America/Los_Angeles")), "1969-12-31 16:00:01.12");
  EXPECT_EQ(timestamp_text(std::numeric_limits<int64_t>::min(), *utc), "-290308-12-21 19:59:05.224192");
}

TEST(DatetimeText, times) {
  EXPECT_EQ(parse_time("12:00:00 am"), 0);
  EXPECT_EQ(parse_time("1:02:03.4PM"), 13 * micros_per_hour + 2 * micros_per_minute + 3'400'000);
  EXPECT_EQ(parse_time("13:00 pm"), std::nullopt);
  EXPECT_EQ(time_text(micros_per_day - 10), "23:59:59.99999");
}

}  // namespace
}  // namespace pyrite
