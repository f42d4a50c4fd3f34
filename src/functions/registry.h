// The table of all functions, by name.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "functions/function_def.h"

namespace pyrite {

struct FoundFunction {
  const FunctionDef* function = nullptr;
  std::string_view shown_name;  ///< the name that output columns show
};

/// Case-insensitive; {nullptr} when there is no such name.
FoundFunction find_function(std::string_view name);

/// Every row, family by family.
const std::vector<std::span<const FunctionDef>>& function_families();

}  // namespace pyrite
