// The columns that a generator gives.
#pragma once

#include <vector>

#include "analyzer/analysis.h"

namespace pyrite::analysis {

/// explode_outer and its like keep rows without elements.
bool generator_is_outer(const resolved::ExpressionPtr& generator);
/// Named and typed by the generator's own rule; all nullable when rows are kept.
std::vector<Column> generator_columns(Analysis& analysis, const resolved::ExpressionPtr& generator, bool outer);

}  // namespace pyrite::analysis
