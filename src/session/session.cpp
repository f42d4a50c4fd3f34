// The session's state: what runs, what was kept, and the facts that a query sees.
#include "session/session.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "analyzer/properties.h"
#include "base/error.h"
#include "session/command_runner.h"
#include "session/configuration_value.h"

namespace pyrite {

Session::Session(std::shared_ptr<Runtime> runtime, std::string id)
    : runtime_(std::move(runtime)),
      id_(std::move(id)),
      configuration_(runtime_->static_configuration),
      catalog_(runtime_->catalog, runtime_->warehouse) {}

Session::Session(const Session& other, std::string id)
    : runtime_(other.runtime_), id_(std::move(id)), configuration_(other.configuration_), catalog_(other.catalog_) {
  const std::lock_guard lock(other.mutex_);
  artifacts_ = other.artifacts_;
}

Session::~Session() { interrupt_all(); }

Session::Work::Work(Session& session, std::shared_ptr<Cancellation> cancellation)
    : session_(session), lock_(session.work_), before_(session.current_) {
  session_.current_ = std::move(cancellation);
}

Session::Work::~Work() { session_.current_ = std::move(before_); }

std::shared_ptr<const SessionFacts> Session::facts() {
  auto facts = std::make_shared<SessionFacts>();
  facts->query_start_microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  facts->time_zone = configuration_.find("spark.sql.session.timeZone").value_or("UTC");
  facts->current_database = catalog_.current_database();
  const char* user = std::getenv("SPARK_USER");
  user = user ? user : std::getenv("USER");
  facts->user = user ? user : "root";
  facts->ansi = configuration_.flag("spark.sql.ansi.enabled");
  facts->configuration = configuration_.all_set();
  return facts;
}

ExecutionOptions Session::execution_options() { return execution_options(current_); }

ExecutionOptions Session::execution_options(std::shared_ptr<Cancellation> cancellation) {
  ExecutionOptions options;
  options.session = facts();
  options.cancellation = std::move(cancellation);
  options.large_strings = configuration_.flag("spark.sql.execution.arrow.useLargeVarTypes");
  return options;
}

sql::ParserOptions Session::parser_options() {
  sql::ParserOptions options;
  options.ansi = configuration_.flag("spark.sql.ansi.enabled");
  options.enforce_reserved_keywords = options.ansi && configuration_.flag("spark.sql.ansi.enforceReservedKeywords");
  options.double_quoted_identifiers = options.ansi && configuration_.flag("spark.sql.ansi.doubleQuotedIdentifiers");
  options.escaped_string_literals = configuration_.flag("spark.sql.parser.escapedStringLiterals");
  options.quoted_regex_column_names = configuration_.flag("spark.sql.parser.quotedRegexColumnNames");
  options.timestamp_ntz_is_timestamp =
      configuration_.find("spark.sql.timestampType").value_or("TIMESTAMP_LTZ") == "TIMESTAMP_NTZ";
  options.legacy_interval = configuration_.flag("spark.sql.legacy.interval.enabled");
  options.exponent_literal_as_decimal = configuration_.flag("spark.sql.legacy.exponentLiteralAsDecimal.enabled");
  options.time_type = configuration_.flag("spark.sql.timeType.enabled");
  options.single_character_pipe = configuration_.flag("spark.sql.parser.singleCharacterPipeOperator.enabled");
  options.legacy_set_precedence = configuration_.flag("spark.sql.legacy.setopsPrecedence.enabled");
  options.legacy_consecutive_strings = configuration_.flag("spark.sql.legacy.consecutiveStringLiterals.enabled");
  options.legacy_identifier_clause = configuration_.flag("spark.sql.legacy.identifierClause");
  options.having_as_where = configuration_.flag("spark.sql.legacy.parser.havingWithoutGroupByAsWhere");
  options.view_schema_binding = configuration_.flag("spark.sql.legacy.viewSchemaBindingMode");
  options.time_zone = configuration_.find("spark.sql.session.timeZone").value_or("UTC");
  return options;
}

resolved::RelationPtr Session::run_command(const plan::Command& command) { return CommandRunner(*this).run(command); }

std::shared_ptr<Operation> Session::begin_operation(std::string id, std::vector<std::string> tags) {
  auto operation = std::make_shared<Operation>();
  operation->id = std::move(id);
  operation->tags = std::move(tags);
  const std::lock_guard lock(mutex_);
  if (!running_.emplace(operation->id, operation).second) {
    throw SparkError(ErrorKind::spark, "INVALID_HANDLE.OPERATION_ALREADY_EXISTS", {{"handle", operation->id}});
  }
  return operation;
}

void Session::end_operation(const std::string& id) {
  const std::lock_guard lock(mutex_);
  running_.erase(id);
}

bool Session::has_operation(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return running_.contains(id);
}

std::vector<std::string> Session::interrupt_all() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> reached;
  for (const auto& [id, operation] : running_) {
    operation->cancellation->cancel();
    reached.push_back(id);
  }
  return reached;
}

std::vector<std::string> Session::interrupt_tag(const std::string& tag) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> reached;
  for (const auto& [id, operation] : running_) {
    if (std::find(operation->tags.begin(), operation->tags.end(), tag) != operation->tags.end()) {
      operation->cancellation->cancel();
      reached.push_back(id);
    }
  }
  return reached;
}

std::vector<std::string> Session::interrupt_operation(const std::string& operation_id) {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(operation_id);
  if (found == running_.end()) {
    return {};
  }
  found->second->cancellation->cancel();
  return {operation_id};
}

void Session::put_artifact(const std::string& name, std::string bytes) {
  auto shared = std::make_shared<const std::string>(std::move(bytes));
  const std::lock_guard lock(mutex_);
  artifacts_[name] = std::move(shared);
}

std::shared_ptr<const std::string> Session::find_artifact(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = artifacts_.find(name);
  return found == artifacts_.end() ? nullptr : found->second;
}

void Session::put_remote_relation(const std::string& id, resolved::RelationPtr relation) {
  const std::lock_guard lock(mutex_);
  remote_relations_[id] = std::move(relation);
}

resolved::RelationPtr Session::find_remote_relation(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = remote_relations_.find(id);
  return found == remote_relations_.end() ? nullptr : found->second;
}

void Session::remove_remote_relation(const std::string& id) {
  resolved::RelationPtr kept;
  {
    const std::lock_guard lock(mutex_);
    const auto found = remote_relations_.find(id);
    if (found == remote_relations_.end()) {
      return;
    }
    kept = std::move(found->second);
    remote_relations_.erase(found);
  }
  if (const auto* scan = std::get_if<resolved::TableScan>(&kept->node)) {
    engine().drop_storage(scan->storage);
  }
}

void Session::set_storage_level(const resolved::RelationPtr& relation, const StorageLevel& level) {
  if (find_storage_level(relation)) {
    return;  // the level that a relation has stays
  }
  const std::lock_guard lock(mutex_);
  storage_levels_.emplace_back(relation, level);
}

std::optional<StorageLevel> Session::find_storage_level(const resolved::RelationPtr& relation) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(storage_levels_.begin(), storage_levels_.end(),
                                  [&](const auto& entry) { return same_plan(entry.first, relation); });
  return found == storage_levels_.end() ? std::nullopt : std::optional<StorageLevel>(found->second);
}

bool Session::remove_storage_level(const resolved::RelationPtr& relation) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(storage_levels_, [&](const auto& entry) { return same_plan(entry.first, relation); }) > 0;
}

void Session::clear_storage_levels() {
  const std::lock_guard lock(mutex_);
  storage_levels_.clear();
}

}  // namespace pyrite
