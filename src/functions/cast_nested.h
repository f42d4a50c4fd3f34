// Casts of arrays, maps and structs, element by element.
#pragma once

#include "functions/function_def.h"

namespace pyrite {

/// An empty kernel when the types are not nested types of one kind.
Kernel nested_cast_kernel(const Type& from, const Type& to);

}  // namespace pyrite
