// Casts between numbers and booleans.
#pragma once

#include "functions/function_def.h"

namespace pyrite {

/// An empty kernel when one of the types is neither a number nor boolean.
Kernel number_cast_kernel(const Type& from, const Type& to);

}  // namespace pyrite
