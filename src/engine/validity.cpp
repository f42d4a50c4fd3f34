// Keeps the engine usable after an internal error of DuckDB.
#include "engine/validity.h"

#include <memory>

#include "duckdb/main/database.hpp"
#include "duckdb/main/valid_checker.hpp"

namespace pyrite {

void keep_usable(duckdb::ClientContext& context) {
  duckdb::DatabaseInstance& instance = duckdb::DatabaseInstance::GetDatabase(context);
  duckdb::ValidChecker& checker = duckdb::ValidChecker::Get(instance);
  if (checker.IsInvalidated()) {
    // It has no way back of its own.
    std::destroy_at(&checker);
    std::construct_at(&checker, instance);
  }
}

}  // namespace pyrite
