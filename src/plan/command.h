// Commands: statements and protocol messages that do something instead of describing rows.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plan/relation.h"

namespace pyrite::plan {

struct ColumnDefinition {
  std::string name;
  Type type;
  bool nullable = true;
  std::string comment;
  std::string default_text;    ///< DEFAULT expression as written
  std::string generated_text;  ///< GENERATED ALWAYS AS (…)
};

using PartitionSpec = std::vector<std::pair<std::string, std::optional<std::string>>>;  ///< no value: dynamic

enum class ViewScope { session, global, persistent };

struct CreateView {
  NameParts name;
  ViewScope scope = ViewScope::session;
  RelationPtr query;  ///< nullptr with a provider (CREATE TEMP VIEW … USING)
  std::string query_text;
  std::vector<std::pair<std::string, std::string>> columns;  ///< name and comment
  bool replace = false;
  bool if_not_exists = false;
  std::string comment;
  Options properties;
  std::string provider;
  std::optional<Type> schema;
  Options options;
  bool from_sql = false;
  std::string schema_mode;  ///< WITH SCHEMA BINDING, COMPENSATION, TYPE EVOLUTION, EVOLUTION; empty: not said
};

struct CreateTable {
  NameParts name;
  std::vector<ColumnDefinition> columns;
  std::string provider;
  std::vector<std::string> partition_by;
  Options options;
  Options properties;
  std::string location;
  std::string comment;
  RelationPtr query;  ///< AS SELECT
  bool if_not_exists = false;
  bool create_or_replace = false;  ///< CREATE OR REPLACE
  bool replace_existing = false;   ///< REPLACE TABLE
  bool external = false;
  bool hive_format = false;  ///< STORED AS or ROW FORMAT
  NameParts like;            ///< CREATE TABLE … LIKE
};

struct DropTable {
  NameParts name;
  bool is_view = false;
  bool if_exists = false;
  bool purge = false;
};

struct CreateNamespace {
  NameParts name;
  bool if_not_exists = false;
  std::string comment;
  std::string location;
  Options properties;
};
struct DropNamespace {
  NameParts name;
  bool if_exists = false;
  bool cascade = false;
};

struct Insert {
  NameParts table;
  RelationPtr query;
  bool overwrite = false;
  bool by_name = false;
  bool if_not_exists = false;
  std::vector<std::string> columns;
  PartitionSpec partition;
  ExpressionPtr replace_where;
};

struct TruncateTable {
  NameParts table;
  PartitionSpec partition;
};

/// ALTER TABLE … RENAME TO, ADD COLUMNS, SET TBLPROPERTIES, …: `action` names it as written in SQL.
struct AlterTable {
  NameParts table;
  bool is_view = false;
  std::string action;
  NameParts new_name;
  std::vector<ColumnDefinition> columns;
  std::vector<NameParts> column_names;
  Options properties;
  PartitionSpec partition;
  bool if_exists = false;
  RelationPtr query;
  std::string query_text;
  std::string schema_mode;  ///< ALTER VIEW … WITH SCHEMA
};

/// SET key=value, SET key, SET -v, SET.
struct SetConfiguration {
  std::optional<std::string> key;
  std::optional<std::string> value;
  bool verbose = false;
};
struct ResetConfiguration {
  std::optional<std::string> key;
};
struct SetTimeZone {
  ExpressionPtr zone;  ///< string or interval literal; nullptr: LOCAL
};

/// ALTER DATABASE … SET, COMMENT ON DATABASE.
struct AlterNamespace {
  NameParts name;
  Options properties;
  std::optional<std::string> location;
  std::optional<std::string> comment;
};

struct UseNamespace {
  NameParts name;
  bool is_namespace = false;  ///< USE NAMESPACE/DATABASE/SCHEMA
};
struct SetCatalog {
  std::string name;
};

struct DeclareVariable {
  NameParts name;
  std::optional<Type> type;
  ExpressionPtr default_value;
  std::string default_text;
  bool replace = false;
};
struct DropVariable {
  NameParts name;
  bool if_exists = false;
};
/// SET VAR a = 1, (b, c) = (SELECT …).
struct SetVariable {
  std::vector<NameParts> names;
  std::vector<ExpressionPtr> values;
  RelationPtr query;
};

/// EXECUTE IMMEDIATE query [INTO variables] [USING arguments, each an expression or an Alias of one].
struct ExecuteImmediate {
  ExpressionPtr query;
  std::vector<NameParts> into;
  std::vector<ExpressionPtr> arguments;
};

/// SHOW TABLES, SHOW COLUMNS, …: `what` is the words between SHOW and the first name, upper case.
struct Show {
  std::string what;
  NameParts name;
  std::optional<std::string> pattern;
  PartitionSpec partition;
  std::optional<std::string> scope;  ///< SHOW USER|SYSTEM|ALL FUNCTIONS
  std::optional<std::string> key;    ///< SHOW TBLPROPERTIES t('key')
  bool as_serde = false;
};

struct DescribeTable {
  NameParts name;
  bool extended = false;
  bool as_json = false;
  PartitionSpec partition;
  NameParts column;
};
struct DescribeQuery {
  RelationPtr query;
};
struct DescribeFunction {
  NameParts name;
  bool extended = false;
};
struct DescribeNamespace {
  NameParts name;
  bool extended = false;
};

struct Explain {
  std::string mode;  ///< simple, extended, codegen, cost, formatted
  std::shared_ptr<const Command> command;
  RelationPtr relation;
};

struct CacheTable {
  NameParts name;
  RelationPtr query;
  bool lazy = false;
  Options options;
};
struct UncacheTable {
  NameParts name;
  bool if_exists = false;
};
struct ClearCache {};
struct Refresh {
  NameParts table;  ///< empty: a path or a function
  std::string path;
};

struct DropFunction {
  NameParts name;
  bool temporary = false;
  bool if_exists = false;
};
/// SQL user-defined functions and Java class names.
struct CreateFunction {
  NameParts name;
  bool temporary = false;
  bool replace = false;
  bool if_not_exists = false;
  std::string class_name;
  std::vector<ColumnDefinition> parameters;
  std::optional<Type> return_type;
  std::vector<ColumnDefinition> return_columns;  ///< table functions
  bool is_table_function = false;
  std::string body_text;
  ExpressionPtr body;
  RelationPtr body_query;
  std::string comment;
};

enum class SaveMode { append, overwrite, error_if_exists, ignore };

/// DataFrameWriter.save, saveAsTable, insertInto.
struct WriteFrame {
  RelationPtr input;
  std::string format;
  std::string path;
  NameParts table;
  bool insert_into = false;
  SaveMode mode = SaveMode::error_if_exists;
  std::vector<std::string> sort_by;
  std::vector<std::string> partition_by;
  std::vector<std::string> cluster_by;
  std::vector<std::string> bucket_by;
  int bucket_count = 0;
  Options options;
};

/// DataFrameWriterV2.
struct WriteTable {
  RelationPtr input;
  NameParts table;
  std::string provider;
  std::vector<ExpressionPtr> partition_by;
  Options options;
  Options properties;
  std::string mode;  ///< create, append, overwrite, overwrite_partitions, replace, create_or_replace
  ExpressionPtr overwrite_condition;
};

/// A function sent by the client to be called by name.
struct RegisterFunction {
  ExpressionPtr function;  ///< PythonFunction
};

/// A query used as a statement.
struct Query {
  RelationPtr relation;
};

/// A statement that Pyrite does not have yet; `feature` names it in the error.
struct UnsupportedCommand {
  std::string feature;
};

struct Command {
  using Node = std::variant<CreateView, CreateTable, DropTable, CreateNamespace, DropNamespace, AlterNamespace, Insert,
                            TruncateTable, AlterTable, SetConfiguration, ResetConfiguration, SetTimeZone, UseNamespace,
                            SetCatalog, DeclareVariable, DropVariable, SetVariable, ExecuteImmediate, Show,
                            DescribeTable, DescribeQuery, DescribeFunction, DescribeNamespace, Explain, CacheTable,
                            UncacheTable, ClearCache, Refresh, DropFunction, CreateFunction, WriteFrame, WriteTable,
                            RegisterFunction, Query, UnsupportedCommand>;
  Node node;
  OriginPtr origin;
};

}  // namespace pyrite::plan
