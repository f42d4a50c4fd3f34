// CACHE TABLE, UNCACHE TABLE, CLEAR CACHE, REFRESH: what is asked to be kept is remembered; results never depend on it.
#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

constexpr StorageLevel memory_and_disk{true, true, false, true, 1};

StorageLevel level_named(const std::string& name) {
  StorageLevel level = memory_and_disk;
  const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  level.use_disk = has("DISK");
  level.use_memory = has("MEMORY");
  level.use_off_heap = name == "OFF_HEAP";
  level.deserialized = level.use_memory && !has("SER");
  level.replication = name.ends_with("_2") ? 2 : name.ends_with("_3") ? 3 : 1;
  if (name == "OFF_HEAP") {
    level = {true, true, true, false, 1};
  }
  return level;
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::CacheTable& command) {
  StorageLevel level = memory_and_disk;
  for (const auto& [key, value] : command.options) {
    if (key == "storageLevel" || key == "storagelevel") {
      level = level_named(value);
    }
  }
  if (command.query) {
    plan::CreateView view;
    view.name = command.name;
    view.query = command.query;
    (*this)(view);
  }
  session_.set_storage_level(session_.analyze(plan::make_relation(plan::NamedTable{command.name})), level);
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::UncacheTable& command) {
  if (!session_.catalog().find(command.name).found()) {
    if (command.if_exists) {
      return no_rows();
    }
    throw_not_found(command.name);
  }
  session_.remove_storage_level(session_.analyze(plan::make_relation(plan::NamedTable{command.name})));
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::ClearCache&) {
  session_.clear_storage_levels();
  return no_rows();
}

/// Files are listed anew by every query, so there is nothing to forget; the name must still be right.
resolved::RelationPtr CommandRunner::operator()(const plan::Refresh& command) {
  if (!command.table.empty() && !session_.catalog().find(command.table).found()) {
    throw_not_found(command.table, {"system`.`session"});
  }
  return no_rows();
}

}  // namespace pyrite
