// Names of catalog objects: compared without case, shown in backquotes.
#pragma once

#include <string>

#include "plan/expression.h"

namespace pyrite {

inline std::string lower_name(const std::string& name) {
  std::string out = name;
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

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
