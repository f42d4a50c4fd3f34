// Tables in memory: immutable runs of rows, replaced as a whole, so that readers keep their snapshot.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "duckdb/common/types/column/column_data_collection.hpp"
#include "plan/resolved_expression.h"

namespace pyrite {

/// The rows of a table at one moment.
using StorageRuns = std::vector<duckdb::shared_ptr<duckdb::ColumnDataCollection>>;

struct Storage {
  std::vector<resolved::Column> columns;
  std::shared_ptr<const StorageRuns> runs;
};

/// All storages of an engine, by handle.
class StorageMap {
 public:
  std::string create(const std::vector<resolved::Column>& columns);
  void drop(const std::string& handle);
  /// Errors: INTERNAL_ERROR for a handle that does not exist.
  Storage snapshot(const std::string& handle) const;
  void add(const std::string& handle, duckdb::shared_ptr<duckdb::ColumnDataCollection> run, bool overwrite);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Storage> storages_;
  int64_t next_ = 0;
};

}  // namespace pyrite
