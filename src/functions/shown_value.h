// Calls that only show: a name and arguments for people, beside the value that is computed.
#pragma once

#include <string>
#include <vector>

#include "functions/function_def.h"

namespace pyrite {

/// The function of such calls. Their last argument is the value, the others are shown.
extern const FunctionDef shown_value;

resolved::ExpressionPtr shown_as(std::string name, std::vector<resolved::ExpressionPtr> shown,
                                 resolved::ExpressionPtr value, const resolved::OriginPtr& origin);

}  // namespace pyrite
