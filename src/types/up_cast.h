// Casts that lose nothing: what a column may become where a type is fixed.
#pragma once

#include "types/type.h"

namespace pyrite {

/// Whether every value of `from` has its place in `to` without loss or failure.
bool can_up_cast(const Type& from, const Type& to);

}  // namespace pyrite
