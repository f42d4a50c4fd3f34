// Casts from and to variant.
#pragma once

#include "functions/function_def.h"

namespace pyrite {

/// An empty kernel when neither type is variant.
Kernel variant_cast_kernel(const Type& from, const Type& to, resolved::EvalMode mode);

}  // namespace pyrite
