// Tables in memory.
#include "engine/storage.h"

#include "base/error.h"

namespace pyrite {

std::string StorageMap::create(const std::vector<resolved::Column>& columns) {
  const std::lock_guard lock(mutex_);
  std::string handle = "memory_" + std::to_string(next_++);
  storages_[handle] = Storage{columns, std::make_shared<const StorageRuns>()};
  return handle;
}

void StorageMap::drop(const std::string& handle) {
  const std::lock_guard lock(mutex_);
  storages_.erase(handle);
}

Storage StorageMap::snapshot(const std::string& handle) const {
  const std::lock_guard lock(mutex_);
  const auto at = storages_.find(handle);
  check(at != storages_.end(), "no table in memory has the handle " + handle);
  return at->second;
}

void StorageMap::add(const std::string& handle, duckdb::shared_ptr<duckdb::ColumnDataCollection> run, bool overwrite) {
  const std::lock_guard lock(mutex_);
  const auto at = storages_.find(handle);
  check(at != storages_.end(), "no table in memory has the handle " + handle);
  auto runs = overwrite ? std::make_shared<StorageRuns>() : std::make_shared<StorageRuns>(*at->second.runs);
  if (run->Count() > 0) {
    runs->push_back(std::move(run));
  }
  at->second.runs = std::move(runs);
}

}  // namespace pyrite
