// The rows behind operators on dates, times, timestamps and intervals; they have no names in SQL.
#pragma once

#include <string_view>

#include "functions/function_def.h"

namespace pyrite {

/// By internal name; a wrong name is a broken invariant.
const FunctionDef& datetime_operator_row(std::string_view name);

}  // namespace pyrite
