// Interval text in both directions.
#include "types/interval_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace pyrite {
namespace {

const Type year_month = Type::year_month_interval();
const Type day_second = Type::day_time_interval();
const Type minute_second = Type::day_time_interval(interval_field::minute, interval_field::second);

TEST(IntervalText, year_month) {
  EXPECT_EQ(parse_year_month("-1-2", year_month), -14);
  EXPECT_EQ(parse_year_month("interval -'-1-2' year to month", year_month), 14);
  EXPECT_EQ(parse_year_month("-178956970-8", year_month), std::numeric_limits<int32_t>::min());
  std::optional<SparkError> error;
  EXPECT_EQ(parse_year_month("178956970-8", year_month, &error), std::nullopt);
  EXPECT_EQ(error->condition(), "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING");
  EXPECT_EQ(parse_year_month("12", year_month, &error), std::nullopt);
  EXPECT_EQ(error->condition(), "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING");
  EXPECT_EQ(year_month_text(-14, year_month), "INTERVAL '-1-2' YEAR TO MONTH");
  EXPECT_EQ(year_month_text(25, Type::year_month_interval(0, 0)), "INTERVAL '2' YEAR");
}

TEST(IntervalText, day_time) {
  EXPECT_EQ(parse_day_time("1 2:3:4.5", day_second), 93784500000);
  EXPECT_EQ(parse_day_time("-106751991 04:00:54.775808", day_second), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(parse_day_time("106751991 04:00:54.775808", day_second), std::nullopt);
  EXPECT_EQ(parse_day_time("INTERVAL '100:5.7' MINUTE TO SECOND", minute_second), 6005700000);
  std::optional<SparkError> error;
  EXPECT_EQ(parse_day_time("1 25:3:4", day_second, &error), std::nullopt);
  EXPECT_EQ(error->message(), "requirement failed: hour 25 outside range [0, 23]");
  EXPECT_EQ(day_time_text(std::numeric_limits<int64_t>::min(), day_second),
            "INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND");
  EXPECT_EQ(day_time_text(-1123456, Type::day_time_interval(3, 3)), "INTERVAL '-01.123456' SECOND");
}

TEST(IntervalText, calendar) {
  EXPECT_EQ(parse_calendar_interval("1 day 2 hours -3.5 seconds"), (CalendarInterval{0, 1, 7196500000}));
  EXPECT_EQ(parse_calendar_interval(" INTERVAL -1 year +.25 second"), (CalendarInterval{-12, 0, 250000}));
  for (const char* wrong : {"", "interval", "intervalx 1 day", "1", "-", "1 foo", "1.5 day", "1x day", ". second",
                            "1 daysx", "9999999999 day", "1.1234567890 seconds", "1 day 5"}) {
    EXPECT_EQ(parse_calendar_interval(wrong), std::nullopt) << wrong;
  }
  EXPECT_EQ(calendar_interval_text({-14, -25, -18367890000}),
            "-1 years -2 months -25 days -5 hours -6 minutes -7.89 seconds");
  EXPECT_EQ(calendar_interval_text({}), "0 seconds");
}

}  // namespace
}  // namespace pyrite
