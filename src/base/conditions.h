// The table of Spark's error conditions: name, SQLSTATE, exception kind and our wording.
#pragma once

#include <string_view>

#include "base/error.h"

namespace pyrite {

struct ConditionRow {
  std::string_view name;
  std::string_view sqlstate;
  ErrorKind kind;
  /// Template with <parameter> places; empty: a text is made from the name and the parameters.
  std::string_view message;
};

/// The row of a condition (subclass included in the name), or nullptr.
const ConditionRow* find_condition(std::string_view name);

}  // namespace pyrite
