// The schema of a plan as a client sees it.
#pragma once

#include "plan/resolved_relation.h"

namespace pyrite {

struct SessionFacts;

/// A structure of the plan's columns. As in Spark texts of a limited length are strings; what they were declared as
/// stands in the column's metadata, unless spark.sql.preserveCharVarcharTypeInfo keeps it in the type.
Type client_schema(const resolved::RelationPtr& plan, const SessionFacts& session);

}  // namespace pyrite
