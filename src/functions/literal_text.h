// Values as SQL text: how Spark shows literals in output names and messages.
#pragma once

#include <string>

#include "types/type.h"
#include "types/value.h"

namespace pyrite {

/// As an SQL literal: 'it\'s', 1L, 1.5BD, DATE '2020-01-01', ARRAY(1, 2). Timestamps show in the given zone.
std::string literal_sql(const Value& value, const Type& type, const std::string& time_zone);

/// As output names show it: strings and numbers bare, the others as in literal_sql.
std::string literal_pretty(const Value& value, const Type& type, const std::string& time_zone);

/// A string in single quotes, with the escapes that SQL text needs.
std::string quote_string(std::string_view text);

}  // namespace pyrite
