// Casts from text and binary, and from anything to text.
#pragma once

#include "functions/function_def.h"

namespace pyrite {

/// From string to numbers, boolean and binary; an empty kernel for other targets.
Kernel text_cast_kernel(const Type& from, const Type& to);
/// From integers to binary: the value's bytes, most significant first.
Kernel binary_cast_kernel(const Type& from);
/// From any type to string, char(n) or varchar(n).
Kernel to_text_kernel();

}  // namespace pyrite
