// Which collation the texts of one call meet in.
#pragma once

#include <vector>

#include "plan/resolved_expression.h"

namespace pyrite {

/// Casts text arguments to their common collation: an explicit COLLATE wins over columns, columns over literals.
/// Errors: COLLATION_MISMATCH.EXPLICIT, COLLATION_MISMATCH.IMPLICIT.
std::vector<resolved::ExpressionPtr> with_common_collation(std::vector<resolved::ExpressionPtr> arguments);

}  // namespace pyrite
