// Time zones: Java's zone ids, offsets at an instant, local time to UTC.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pyrite {

/// A zone by region ("America/Los_Angeles") or a fixed offset ("+01:00", "UTC", "GMT-8"). Thread-safe.
class TimeZone {
 public:
  /// Reads a zone id as Java and Spark do; nullptr: there is no such zone.
  static std::shared_ptr<const TimeZone> find(std::string_view id);

  virtual ~TimeZone() = default;

  const std::string& id() const { return id_; }
  /// Seconds to add to UTC at an instant (microseconds since 1970).
  virtual int64_t offset_seconds(int64_t utc_microseconds) const = 0;
  /// The instant of a wall clock reading. In a gap the clock is read with the offset before it, in an overlap the
  /// earlier instant is taken, as in Java.
  virtual int64_t to_utc(int64_t local_microseconds) const = 0;

  int64_t to_local(int64_t utc_microseconds) const {
    return utc_microseconds + offset_seconds(utc_microseconds) * 1'000'000;
  }

 protected:
  explicit TimeZone(std::string id) : id_(std::move(id)) {}

 private:
  std::string id_;
};

}  // namespace pyrite
