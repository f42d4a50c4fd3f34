// Pivoting.
#pragma once

#include "analyzer/analysis.h"

namespace pyrite::analysis {

/// groupBy(…).pivot(column, values).agg(…).
Resolved resolve_pivot(Analysis& analysis, const plan::Aggregate& node);

}  // namespace pyrite::analysis
