// A session: configuration, names, running queries; joins parser, analyzer, catalog, sources and engine.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/analyzer.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "session/configuration.h"
#include "sql/parser.h"

namespace pyrite {

/// What a process shares between its sessions.
struct Runtime {
  std::shared_ptr<Engine> engine;
  std::shared_ptr<SharedCatalog> catalog;
  std::vector<std::pair<std::string, std::string>> static_configuration;
  std::string warehouse;  ///< folder of managed tables, without "file:"
};
/// Makes the runtime from configuration given before the first session (spark.master, spark.driver.memory, …).
std::shared_ptr<Runtime> create_runtime(const std::vector<std::pair<std::string, std::string>>& configuration,
                                        std::shared_ptr<ColumnarProvider> columnar = nullptr);

/// A request that is being worked on: what names it and what stops it.
struct Operation {
  std::string id;
  std::vector<std::string> tags;
  std::shared_ptr<Cancellation> cancellation = std::make_shared<Cancellation>();
};

/// How a relation was persisted (DataFrame.persist, CACHE TABLE).
struct StorageLevel {
  bool use_disk = false, use_memory = false, use_off_heap = false, deserialized = false;
  int replication = 1;
};

class Session {
 public:
  Session(std::shared_ptr<Runtime> runtime, std::string id);
  /// A copy of another session's state: configuration, temporary names, artifacts.
  Session(const Session& other, std::string id);
  ~Session();

  const std::string& id() const { return id_; }
  Configuration& configuration() { return configuration_; }
  SessionCatalog& catalog() { return catalog_; }
  Runtime& runtime() { return *runtime_; }
  Engine& engine() { return *runtime_->engine; }

  /// Holds the session's names and analysis for one thread and one operation; may be nested in a thread.
  class Work {
   public:
    Work(Session& session, std::shared_ptr<Cancellation> cancellation);
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

   private:
    Session& session_;
    std::unique_lock<std::recursive_mutex> lock_;
    std::shared_ptr<Cancellation> before_;
  };

  // All of these want a Work around them.
  resolved::RelationPtr analyze(const plan::RelationPtr& relation);
  /// Runs a command at once. Its answer as a relation: rows, or an empty one without columns.
  resolved::RelationPtr run_command(const plan::Command& command);
  plan::Command parse(const plan::SqlText& text);
  std::vector<ValueList> collect(const resolved::RelationPtr& plan);
  AnalyzerHost analyzer_host();
  /// The text of EXPLAIN: mode simple, extended, codegen, cost or formatted.
  std::string explain(const plan::RelationPtr& relation, const std::string& mode);
  sql::ParserOptions parser_options();

  std::shared_ptr<const SessionFacts> facts();
  ExecutionOptions execution_options();
  ExecutionOptions execution_options(std::shared_ptr<Cancellation> cancellation);

  /// Registers what interrupt can reach. Errors: INVALID_HANDLE.OPERATION_ALREADY_EXISTS.
  std::shared_ptr<Operation> begin_operation(std::string id, std::vector<std::string> tags);
  void end_operation(const std::string& id);
  bool has_operation(const std::string& id) const;
  /// Cancels running operations; returns the ids of those it reached.
  std::vector<std::string> interrupt_all();
  std::vector<std::string> interrupt_tag(const std::string& tag);
  std::vector<std::string> interrupt_operation(const std::string& operation_id);

  void put_artifact(const std::string& name, std::string bytes);
  std::shared_ptr<const std::string> find_artifact(const std::string& name) const;

  /// Relations kept for the client by id (checkpoints).
  void put_remote_relation(const std::string& id, resolved::RelationPtr relation);
  resolved::RelationPtr find_remote_relation(const std::string& id) const;
  void remove_remote_relation(const std::string& id);

  // What was asked to be kept in memory; results do not depend on it.
  void set_storage_level(const resolved::RelationPtr& relation, const StorageLevel& level);
  std::optional<StorageLevel> find_storage_level(const resolved::RelationPtr& relation) const;
  bool remove_storage_level(const resolved::RelationPtr& relation);
  void clear_storage_levels();

 private:
  std::shared_ptr<Runtime> runtime_;
  std::string id_;
  Configuration configuration_;
  SessionCatalog catalog_;
  std::recursive_mutex work_;
  std::shared_ptr<Cancellation> current_;  ///< of the operation that holds work_
  mutable std::mutex mutex_;               ///< of everything below
  std::map<std::string, std::shared_ptr<Operation>> running_;
  std::unordered_map<std::string, std::shared_ptr<const std::string>> artifacts_;
  std::unordered_map<std::string, resolved::RelationPtr> remote_relations_;
  std::vector<std::pair<resolved::RelationPtr, StorageLevel>> storage_levels_;
};

}  // namespace pyrite
