// Tests of reading dates, times and timestamps; expectations are real Spark's answers.
#include "types/datetime_text.h"

#include <gtest/gtest.h>

namespace pyrite {
namespace {

std::optional<int64_t> in_los_angeles(std::string_view text) {
  return parse_timestamp(text, *TimeZone::find("America/Los_Angeles"));
}

TEST(DatetimeText, ReadsTimestampsInTheSessionZone) {
  EXPECT_EQ(in_los_angeles("2020-03-08 02:30:00"), 1583663400000000);   // in the gap of spring
  EXPECT_EQ(in_los_angeles("2020-11-01 01:30:00"), 1604219400000000);   // the earlier of two
  EXPECT_EQ(in_los_angeles("1880-01-01 00:00:00"), -2840112422000000);  // local mean time
  EXPECT_EQ(in_los_angeles("2020"), 1577865600000000);
  EXPECT_EQ(in_los_angeles("+2020-06-01 10:11"), 1591031460000000);
}

TEST(DatetimeText, ReadsZonesAtTheEnd) {
  EXPECT_EQ(in_los_angeles("2020-1-2 3:4:5.6 +1:00"), 1577930645600000);
  EXPECT_EQ(in_los_angeles("2020-06-01 00:00:00 Europe/Paris"), 1590962400000000);
  EXPECT_EQ(in_los_angeles("2020-06-01 00:00:00 PST"), 1590994800000000);
  EXPECT_EQ(in_los_angeles("2020-06-01 10:11:12UTC-1"), 1591009872000000);
}

TEST(DatetimeText, RefusesWhatSparkRefuses) {
  for (const char* text :
       {"2020-1-2 3:4 UTC+2", "2020-06-01T10Z", "2020-02-30", "2020-02-03 25:00:00", "", "20-01-01", "2020-13-01"}) {
    EXPECT_EQ(in_los_angeles(text), std::nullopt) << text;
  }
}

TEST(DatetimeText, ReadsDates) {
  EXPECT_EQ(parse_date("2020-2-3 xyz"), 18295);
  EXPECT_EQ(parse_date("-0001-1-1"), -719893);
  EXPECT_EQ(parse_date(" 2020-02-03T"), 18295);
  EXPECT_EQ(parse_date("2020-02"), 18293);
  EXPECT_EQ(parse_date("2020-02x"), std::nullopt);
  EXPECT_EQ(parse_date("2020-02-30"), std::nullopt);
}

TEST(DatetimeText, ReadsTimes) {
  EXPECT_EQ(parse_time("1:2:3.5 PM"), 46923500000);
  EXPECT_EQ(parse_time("12:00 AM"), 0);
  EXPECT_EQ(parse_time("24:00"), std::nullopt);
  EXPECT_EQ(parse_time("13:00 PM"), std::nullopt);
}

TEST(TimeZones, KnowJavaIds) {
  for (const char* id : {"UTC", "Z", "+01:00", "-8", "+0530", "GMT+3", "Europe/Paris", "PST"}) {
    EXPECT_NE(TimeZone::find(id), nullptr) << id;
  }
  for (const char* id : {"", "Nowhere/Land", "+25:00", "UTC+x"}) {
    EXPECT_EQ(TimeZone::find(id), nullptr) << id;
  }
}

}  // namespace
}  // namespace pyrite
