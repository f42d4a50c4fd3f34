// Names of catalog objects: compared without case; where they are looked for.
#pragma once

#include <string>

#include "plan/quoted_name.h"

namespace pyrite {

inline std::string lower_name(const std::string& name) {
  std::string out = name;
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

/// Where names are looked for, as error messages show it.
inline std::string search_path(const std::string& current_database) {
  return "[`system`.`builtin`, `system`.`session`, " + quoted_name({"spark_catalog", current_database}) + "]";
}

}  // namespace pyrite
