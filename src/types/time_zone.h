// Time zones by Java's names and rules: the offset at a moment, and the moment of a local time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "types/calendar.h"

namespace pyrite {

/// A zone's offsets from UTC through all time. Immutable; shared by all who ask for the same name.
class TimeZone {
 public:
  /// A stretch of time with one offset. `local_start` is the first local second that belongs to it, by Java's choice
  /// of the earlier offset in an overlap and the offset before a gap.
  struct Period {
    int64_t start;
    int64_t local_start;
    int32_t offset;
    int32_t offset_before;
  };

  /// A zone by region ("Europe/Berlin"), offset ("+01:00", "+1"), "Z", "UTC+1", "GMT-8" or Java's short ids ("PST");
  /// nullptr when there is none. Case matters, as in Java.
  static std::shared_ptr<const TimeZone> find(std::string_view id);

  TimeZone(std::string id, int32_t offset);
  TimeZone(std::string id, std::vector<Period> periods);

  /// The id in the form of Java's ZoneId.getId().
  const std::string& id() const { return id_; }
  bool is_fixed() const { return periods_.size() == 1; }

  /// Seconds east of UTC at a moment in seconds.
  int32_t offset_at(int64_t utc_seconds) const {
    return is_fixed() ? periods_[0].offset : period_at(utc_seconds).offset;
  }
  /// The period around a moment, and the moment at which it ends (INT64_MAX: never).
  Period period_at(int64_t utc_seconds, int64_t* end = nullptr) const;
  /// Wall-clock microseconds (as if UTC) of a moment; wraps at the ends of int64.
  int64_t to_local(int64_t utc_micros) const {
    const int64_t offset = offset_at(floor_div(utc_micros, micros_per_second));
    return static_cast<int64_t>(static_cast<uint64_t>(utc_micros) + static_cast<uint64_t>(offset * micros_per_second));
  }
  /// The offset that holds at a local second; in an overlap `preferred` if it is one of both, else the earlier.
  int32_t offset_of_local(int64_t local_seconds) const;
  int32_t offset_of_local(int64_t local_seconds, int32_t preferred) const;
  /// The moment of a local time; false when it does not fit 64 bits.
  bool to_utc(int64_t local_micros, int64_t& utc_micros) const;
  /// The same, wrapping at the ends of int64.
  int64_t to_utc(int64_t local_micros) const {
    const int64_t offset = offset_of_local(floor_div(local_micros, micros_per_second)) * micros_per_second;
    return static_cast<int64_t>(static_cast<uint64_t>(local_micros) - static_cast<uint64_t>(offset));
  }
  /// The first moment of a day in seconds: midnight, or the end of the gap that midnight falls in.
  int64_t start_of_day(int64_t days) const;
  /// Days since 1970 of a moment's local date.
  int64_t local_days(int64_t utc_micros) const;

 private:
  std::string id_;
  std::vector<Period> periods_;
};

using TimeZonePtr = std::shared_ptr<const TimeZone>;

inline TimeZonePtr find_time_zone(std::string_view id) { return TimeZone::find(id); }
/// The same. Errors: INVALID_TIMEZONE.
TimeZonePtr get_time_zone(std::string_view id);

/// Every region id that Java knows, by alphabet.
const std::vector<std::string>& time_zone_ids();

/// Remembers the last period: for a column whose moments lie close together.
class ZoneCursor {
 public:
  explicit ZoneCursor(const TimeZone& zone) : zone_(zone) {}
  int64_t to_local(int64_t utc_micros) {
    if (utc_micros < from_ || utc_micros >= until_) {
      seek(utc_micros);
    }
    return static_cast<int64_t>(static_cast<uint64_t>(utc_micros) + static_cast<uint64_t>(offset_));
  }

 private:
  void seek(int64_t utc_micros);
  const TimeZone& zone_;
  int64_t from_ = 1, until_ = 0;
  int64_t offset_ = 0;
};

}  // namespace pyrite
