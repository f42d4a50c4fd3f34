// Names as error messages show them.
#pragma once

#include <string>

#include "plan/expression.h"

namespace pyrite {

/// `a`.`b c`: every part in backquotes.
inline std::string quoted_name(const plan::NameParts& name) {
  std::string out;
  for (const std::string& part : name) {
    out += out.empty() ? "`" : ".`";
    for (const char c : part) {
      out += c == '`' ? "``" : std::string(1, c);
    }
    out += '`';
  }
  return out;
}

}  // namespace pyrite
