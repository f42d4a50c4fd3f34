// Dates and timestamps in text formats like JSON and CSV: by a pattern of the options, or by Spark's defaults.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "functions/java_date_pattern.h"
#include "types/type.h"

namespace pyrite {

struct SessionFacts;

/// Reads or writes one type: date (days), timestamp or timestamp_ntz (microseconds). Some patterns write but do not
/// read.
class MomentPattern {
 public:
  enum class Use : uint8_t { read, write };
  /// Errors: as JavaDatePattern::compile.
  MomentPattern(const std::optional<std::string>& pattern, TypeKind kind, TimeZonePtr zone, Use use);

  /// nullopt: malformed.
  std::optional<int64_t> parse(std::string_view text) const;
  /// Without a pattern: yyyy-MM-dd, and yyyy-MM-ddTHH:mm:ss.SSS with the offset of a timestamp behind (seconds where it
  /// has some).
  void append(std::string& out, int64_t value) const;

 private:
  TypeKind kind_;
  TimeZonePtr zone_;
  std::shared_ptr<const JavaDatePattern> pattern_;
};

/// Which kind of timestamp a text is, where schemas are inferred. A text without a zone could be both; it is one
/// without zone only if the session prefers these (spark.sql.timestampType).
class TimestampInference {
 public:
  TimestampInference(const std::optional<std::string>& pattern, const std::optional<std::string>& pattern_without_zone,
                     const std::string& time_zone, bool prefers_ntz);
  /// The null type: no timestamp.
  Type type_of(std::string_view text) const;

 private:
  std::optional<MomentPattern> pattern_;  ///< none: the zone is unknown, so that no text is read in it
  std::optional<MomentPattern> pattern_without_zone_;
};

bool prefers_timestamp_ntz(const SessionFacts& session);

}  // namespace pyrite
