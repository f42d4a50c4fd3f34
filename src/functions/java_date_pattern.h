// Java's DateTimeFormatter patterns, as Spark restricts them: formatting and parsing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/time_zone.h"

namespace pyrite {

/// A local date and time with its zone; what a pattern formats.
struct LocalMoment {
  int64_t days = 0;
  int64_t micros_of_day = 0;
  int32_t offset = 0;  ///< seconds east of UTC
  const TimeZone* zone = nullptr;
};

/// What a text said; fields that the pattern lacks have Spark's defaults (1970-01-01 00:00).
struct ParsedMoment {
  int64_t days = 0;
  int64_t micros_of_day = 0;
  TimeZonePtr zone;  ///< nullptr: none in the text
};

class JavaDatePattern {
 public:
  enum class Use : uint8_t {
    format,
    parse_date,
    parse_timestamp,  ///< fractions may be shorter than the pattern says
  };
  /// Errors: INVALID_DATETIME_PATTERN.…, INCONSISTENT_BEHAVIOR_CROSS_VERSION.….
  static std::shared_ptr<const JavaDatePattern> compile(std::string_view pattern, Use use);

  void format(const LocalMoment& moment, std::string& out) const;
  /// nullopt: the text does not match; the reason, in Java's words, goes to `message` when asked for.
  std::optional<ParsedMoment> parse(std::string_view text, std::string* message = nullptr) const;

  struct Element;
  using Elements = std::vector<Element>;

 private:
  std::shared_ptr<const Elements> elements_;
};

}  // namespace pyrite
