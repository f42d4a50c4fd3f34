// A row as error messages show it: values as they are kept, not as they are printed.
#pragma once

#include <string>
#include <vector>

#include "plan/resolved_relation.h"
#include "types/value.h"

namespace pyrite {

/// "[1,text,null]"; `values` holds one value for each position in `wanted`.
std::string record_text(const std::vector<resolved::Column>& columns, const std::vector<int>& wanted,
                        const ValueList& values);

}  // namespace pyrite
