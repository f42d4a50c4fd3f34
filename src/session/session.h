// A session: configuration, names, running queries; joins parser, analyzer, catalog, sources and engine.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/analyzer.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "session/configuration.h"

namespace pyrite {

/// What a process shares between its sessions.
struct Runtime {
  std::shared_ptr<Engine> engine;
  std::shared_ptr<SharedCatalog> catalog;
  std::vector<std::pair<std::string, std::string>> static_configuration;
};
/// Makes the runtime from configuration given before the first session (spark.master, spark.driver.memory, …).
std::shared_ptr<Runtime> create_runtime(const std::vector<std::pair<std::string, std::string>>& configuration);

/// A query that has been started; its stream and what stops it.
struct RunningQuery {
  std::string operation_id;
  std::vector<std::string> tags;
  std::shared_ptr<Cancellation> cancellation;
  std::unique_ptr<ResultStream> stream;
};

class Session {
 public:
  Session(std::shared_ptr<Runtime> runtime, std::string id);
  ~Session();

  const std::string& id() const { return id_; }
  Configuration& configuration() { return configuration_; }
  SessionCatalog& catalog() { return catalog_; }
  Runtime& runtime() { return *runtime_; }

  resolved::RelationPtr analyze(const plan::RelationPtr& relation);
  /// Starts a query; read its stream to run it.
  std::shared_ptr<RunningQuery> execute(const resolved::RelationPtr& plan, std::string operation_id,
                                        std::vector<std::string> tags);
  /// Runs a command at once. Its answer as a relation: LocalData-like rows, or an empty one without columns.
  resolved::RelationPtr run_command(const plan::Command& command);
  /// Parses with the session's options.
  plan::Command parse(const std::string& sql);
  plan::RelationPtr bind_parameters(const plan::SqlText& text);

  /// spark.sql(): parses and, for commands, runs them. A query comes back unresolved, for later.
  struct SqlAnswer {
    plan::RelationPtr query;              ///< set for queries
    resolved::RelationPtr rows;           ///< set for commands
  };
  SqlAnswer sql(const plan::SqlText& text);

  std::string explain(const plan::RelationPtr& relation, const std::string& mode);

  /// Cancels running queries; returns the ids of those it reached.
  std::vector<std::string> interrupt_all();
  std::vector<std::string> interrupt_tag(const std::string& tag);
  std::vector<std::string> interrupt_operation(const std::string& operation_id);

  AnalyzerHost analyzer_host();
  ExecutionOptions execution_options(std::shared_ptr<Cancellation> cancellation = nullptr);
  std::vector<ValueList> collect(const resolved::RelationPtr& plan);

  void put_artifact(const std::string& name, std::string bytes);
  std::shared_ptr<const std::string> find_artifact(const std::string& name) const;

 private:
  std::shared_ptr<Runtime> runtime_;
  std::string id_;
  Configuration configuration_;
  SessionCatalog catalog_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<RunningQuery>> running_;
  std::unordered_map<std::string, std::shared_ptr<const std::string>> artifacts_;
};

}  // namespace pyrite
