// DataFrame.observe: metrics over the rows of a relation.
#pragma once

#include "plan/resolved_relation.h"

namespace pyrite {

/// One row with the node's metrics, computed over its input.
resolved::RelationPtr metrics_plan(const resolved::Observe& node);

}  // namespace pyrite
