// Offsets, gaps and overlaps of zones, against what Java gives.
#include "types/time_zone.h"

#include <gtest/gtest.h>

namespace pyrite {
namespace {

int64_t local(int64_t year, int month, int day, int hour, int minute) {
  return days_from_civil(year, month, day) * seconds_per_day + hour * 3600 + minute * 60;
}

TEST(TimeZone, names) {
  EXPECT_EQ(get_time_zone("+1")->id(), "+01:00");
  EXPECT_EQ(get_time_zone("+01:1")->offset_at(0), 3660);
  EXPECT_EQ(get_time_zone("UTC-08:30")->offset_at(0), -(8 * 3600 + 1800));
  EXPECT_EQ(get_time_zone("EST")->offset_at(0), -5 * 3600);
  EXPECT_EQ(get_time_zone("GMT0")->offset_at(0), 0);
  for (const char* wrong : {"", "+19:00", "america/los_angeles", "Foo/Bar", "+1:2:3", "ROC", "UTC+", "Etc/Unknown"}) {
    EXPECT_EQ(find_time_zone(wrong), nullptr) << wrong;
  }
}

TEST(TimeZone, old_and_far_offsets) {
  const TimeZonePtr zone = get_time_zone("America/Los_Angeles");
  EXPECT_EQ(zone->offset_at(local(1800, 1, 1, 0, 0)), -(7 * 3600 + 52 * 60 + 58));
  EXPECT_EQ(zone->offset_at(local(1900, 1, 1, 0, 0)), -8 * 3600);
  EXPECT_EQ(zone->offset_at(local(2020, 7, 1, 0, 0)), -7 * 3600);
  EXPECT_EQ(zone->offset_at(local(9999, 7, 1, 0, 0)), -7 * 3600);
  EXPECT_EQ(zone->offset_at(local(290000, 12, 1, 0, 0)), -8 * 3600);
}

TEST(TimeZone, gaps_and_overlaps) {
  const TimeZonePtr zone = get_time_zone("America/Los_Angeles");
  for (const int64_t year : {2020, 6020}) {
    EXPECT_EQ(zone->offset_of_local(local(year, 3, 8, 2, 30)), -8 * 3600) << year;
    EXPECT_EQ(zone->offset_of_local(local(year, 11, 1, 1, 30)), -7 * 3600) << year;
    EXPECT_EQ(zone->offset_of_local(local(year, 11, 1, 1, 30), -8 * 3600), -8 * 3600) << year;
    EXPECT_EQ(zone->offset_of_local(local(year, 11, 1, 2, 0)), -8 * 3600) << year;
  }
  const TimeZonePtr brazil = get_time_zone("America/Sao_Paulo");
  EXPECT_EQ(brazil->start_of_day(days_from_civil(2018, 11, 4)), local(2018, 11, 4, 3, 0));
}

TEST(TimeZone, cursor_agrees_with_lookup) {
  const TimeZonePtr zone = get_time_zone("Europe/Berlin");
  ZoneCursor cursor(*zone);
  for (int64_t at = local(1880, 1, 1, 0, 0); at < local(2600, 1, 1, 0, 0); at += 3'333'333) {
    ASSERT_EQ(cursor.to_local(at * micros_per_second), zone->to_local(at * micros_per_second)) << at;
  }
}

}  // namespace
}  // namespace pyrite
