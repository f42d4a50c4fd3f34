// The engine's own plan as text.
#pragma once

#include "duckdb/main/connection.hpp"
#include "engine/lowering.h"

namespace pyrite {

std::string explain_plan(duckdb::Connection& connection, DuckOperator plan, const QueryStatePtr& query);

}  // namespace pyrite
