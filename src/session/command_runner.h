// Runs commands: one overload a node, in the file of its topic.
#pragma once

#include <string>
#include <vector>

#include "catalog/name.h"
#include "plan/command.h"
#include "session/session.h"

namespace pyrite {

class CommandRunner {
 public:
  explicit CommandRunner(Session& session) : session_(session) {}

  /// The command's rows, or a relation without columns. Errors: SparkError.
  resolved::RelationPtr run(const plan::Command& command);
  /// Answers a catalog question (command_catalog.cpp).
  resolved::RelationPtr answer(const plan::CatalogQuery& query);

  // command_view.cpp
  resolved::RelationPtr operator()(const plan::CreateView& command);
  // command_table.cpp
  resolved::RelationPtr operator()(const plan::CreateTable& command);
  resolved::RelationPtr operator()(const plan::DropTable& command);
  resolved::RelationPtr operator()(const plan::TruncateTable& command);
  // command_alter.cpp
  resolved::RelationPtr operator()(const plan::AlterTable& command);
  // command_namespace.cpp
  resolved::RelationPtr operator()(const plan::CreateNamespace& command);
  resolved::RelationPtr operator()(const plan::DropNamespace& command);
  resolved::RelationPtr operator()(const plan::AlterNamespace& command);
  resolved::RelationPtr operator()(const plan::UseNamespace& command);
  resolved::RelationPtr operator()(const plan::SetCatalog& command);
  // command_insert.cpp
  resolved::RelationPtr operator()(const plan::Insert& command);
  // command_write.cpp
  resolved::RelationPtr operator()(const plan::WriteFrame& command);
  resolved::RelationPtr operator()(const plan::WriteTable& command);
  // command_set.cpp
  resolved::RelationPtr operator()(const plan::SetConfiguration& command);
  resolved::RelationPtr operator()(const plan::ResetConfiguration& command);
  resolved::RelationPtr operator()(const plan::SetTimeZone& command);
  // command_variable.cpp
  resolved::RelationPtr operator()(const plan::DeclareVariable& command);
  resolved::RelationPtr operator()(const plan::DropVariable& command);
  resolved::RelationPtr operator()(const plan::SetVariable& command);
  // command_execute.cpp
  resolved::RelationPtr operator()(const plan::ExecuteImmediate& command);
  // command_show.cpp
  resolved::RelationPtr operator()(const plan::Show& command);
  // command_describe.cpp
  resolved::RelationPtr operator()(const plan::DescribeTable& command);
  resolved::RelationPtr operator()(const plan::DescribeQuery& command);
  resolved::RelationPtr operator()(const plan::DescribeFunction& command);
  resolved::RelationPtr operator()(const plan::DescribeNamespace& command);
  // command_explain.cpp
  resolved::RelationPtr operator()(const plan::Explain& command);
  // command_cache.cpp
  resolved::RelationPtr operator()(const plan::CacheTable& command);
  resolved::RelationPtr operator()(const plan::UncacheTable& command);
  resolved::RelationPtr operator()(const plan::ClearCache& command);
  resolved::RelationPtr operator()(const plan::Refresh& command);
  // command_function.cpp
  resolved::RelationPtr operator()(const plan::CreateFunction& command);
  resolved::RelationPtr operator()(const plan::DropFunction& command);
  resolved::RelationPtr operator()(const plan::RegisterFunction& command);
  // run_command.cpp
  resolved::RelationPtr operator()(const plan::Query& command);
  resolved::RelationPtr operator()(const plan::UnsupportedCommand& command);

 private:
  // command_write.cpp
  void save_to_path(const plan::WriteFrame& command, const std::string& format, const std::string& path);
  resolved::RelationPtr save_as_table(const plan::WriteFrame& command, const std::string& format);
  // command_alter.cpp
  std::shared_ptr<const Table> with_columns(const Table& table, const std::vector<plan::ColumnDefinition>& added);
  resolved::RelationPtr alter_view(const plan::AlterTable& command, const View& view);
  // command_insert.cpp
  resolved::RelationPtr with_kept_partitions(const Table& table, const std::vector<resolved::ExpressionPtr>& fixed,
                                             const resolved::RelationPtr& rows, const AnalyzerHost& host);
  // command_show.cpp
  resolved::RelationPtr show_tables(const plan::Show& command, bool views_only);
  resolved::RelationPtr show_functions(const plan::Show& command);
  resolved::RelationPtr show_columns(const plan::Show& command);
  resolved::RelationPtr show_properties(const plan::Show& command);
  resolved::RelationPtr show_create(const plan::Show& command);
  resolved::RelationPtr show_partitions(const plan::Show& command);
  /// Raises TABLE_OR_VIEW_NOT_FOUND with a search path that ends in the current database.
  [[noreturn]] void throw_not_found(const plan::NameParts& name, const std::vector<std::string>& path = {
                                                                     "system`.`builtin", "system`.`session"}) const;

  Session& session_;
};

}  // namespace pyrite
