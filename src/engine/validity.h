// Keeps the engine usable after an internal error of DuckDB.
#pragma once

#include "duckdb/main/client_context.hpp"

namespace pyrite {

/// DuckDB gives up its whole instance after an internal error, to protect tables on disk. Ours has none: the instance
/// holds no state that one failed query could have harmed, and other sessions must go on.
void keep_usable(duckdb::ClientContext& context);

}  // namespace pyrite
