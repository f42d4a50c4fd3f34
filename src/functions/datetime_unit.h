// Names of calendar units in truncation and timestamp arithmetic.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pyrite {

/// From fine to coarse; trunc() takes week and what is coarser.
enum class TruncationUnit : uint8_t { microsecond, millisecond, second, minute, hour, day, week, month, quarter, year };
std::optional<TruncationUnit> find_truncation_unit(std::string_view name);

/// A unit of timestampadd: months or microseconds.
struct TimestampUnit {
  bool is_months = false;
  int64_t size = 1;
};
std::optional<TimestampUnit> find_timestamp_unit(std::string_view name);

}  // namespace pyrite
