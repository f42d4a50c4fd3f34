// Hosts our aggregates as DuckDB aggregate functions, for groups and for windows.
#pragma once

#include "duckdb/function/aggregate_function.hpp"
#include "engine/kernel_host.h"

namespace pyrite {

struct HostedAggregate {
  AggregateKernel kernel;
  CallInfo call;
};

/// The function and what it is bound with; arguments must have the engine types of `call`.
std::pair<duckdb::AggregateFunction, duckdb::unique_ptr<duckdb::FunctionData>> host_aggregate(
    HostedAggregate hosted, const QueryStatePtr& query);

}  // namespace pyrite
