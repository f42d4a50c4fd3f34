// The table of all functions by lower-case name, built once from the families.
#include "functions/registry.h"

#include <string>
#include <unordered_map>

#include "functions/families.h"

namespace pyrite {
namespace {

std::string lower(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

using Index = std::unordered_map<std::string, FoundFunction>;

Index build_index() {
  Index index;
  for (const auto family : function_families()) {
    for (const FunctionDef& row : family) {
      index.try_emplace(lower(row.name), FoundFunction{&row, row.name});
      for (const FunctionAlias& alias : row.aliases) {
        index.try_emplace(lower(alias.name), FoundFunction{&row, alias.shows.empty() ? alias.name : alias.shows});
      }
    }
  }
  return index;
}

}  // namespace

FoundFunction find_function(std::string_view name) {
  static const Index index = build_index();
  const auto found = index.find(lower(name));
  return found == index.end() ? FoundFunction{} : found->second;
}

const std::vector<std::span<const FunctionDef>>& function_families() {
  static const std::vector<std::span<const FunctionDef>> all = [] {
    std::vector<std::span<const FunctionDef>> list;
    for (const FamilyRows rows : families) {
      list.push_back(rows());
    }
    return list;
  }();
  return all;
}

}  // namespace pyrite
