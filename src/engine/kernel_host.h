// Hosts our scalar kernels as DuckDB scalar functions.
#pragma once

#include "duckdb/planner/expression.hpp"
#include "engine/query_state.h"
#include "functions/function_def.h"

namespace pyrite {

using DuckExpression = duckdb::unique_ptr<duckdb::Expression>;
using DuckExpressions = duckdb::vector<DuckExpression>;

struct HostedKernel {
  Kernel kernel;
  CallInfo call;
  NullHandling nulls = NullHandling::custom;
  Purity purity = Purity::pure;
  Failure failure = Failure::possible;
};

/// The call of a kernel over lowered arguments, whose types must be those of `call`.
DuckExpression host_kernel(HostedKernel hosted, DuckExpressions arguments, const QueryStatePtr& query);

}  // namespace pyrite
