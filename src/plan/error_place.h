// Errors that know where in the program they arose.
#pragma once

#include "base/error.h"
#include "plan/expression.h"

namespace pyrite::plan {

/// Adds the place as the error's query context, unless it has one already or the place is unknown.
void add_place(SparkError& error, const OriginPtr& origin);

}  // namespace pyrite::plan
