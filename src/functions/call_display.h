// How Spark shows resolved expressions as SQL text.
#pragma once

#include <string>

#include "plan/resolved_expression.h"

namespace pyrite {

enum class DisplayMode {
  pretty,  ///< output column names: columns by name only, strings without quotes, casts only where written
  sql,     ///< error messages: the expression's own SQL
};

/// Timestamps are shown in the given zone.
std::string display_sql(const resolved::ExpressionPtr& expression, DisplayMode mode, const std::string& time_zone = "UTC");

}  // namespace pyrite
