// How Spark shows resolved expressions as SQL text.
#pragma once

#include <string>

#include "plan/resolved_expression.h"

namespace pyrite {

enum class DisplayMode {
  pretty,  ///< output column names: columns by name only, strings without quotes, casts only where written
  sql,     ///< error messages: the expression's own SQL
};

/// Timestamps are shown in the zone of the innermost DisplayTimeZone of this thread, else in UTC.
std::string display_sql(const resolved::ExpressionPtr& expression, DisplayMode mode);

/// While it lives, this thread shows timestamps in a session's zone.
class DisplayTimeZone {
 public:
  explicit DisplayTimeZone(const std::string& zone);
  ~DisplayTimeZone();
  DisplayTimeZone(const DisplayTimeZone&) = delete;
  DisplayTimeZone& operator=(const DisplayTimeZone&) = delete;

 private:
  const std::string* before_;
};

}  // namespace pyrite
