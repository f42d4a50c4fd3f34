// Databases, tables, views, functions and variables, as a session sees them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/command.h"
#include "plan/resolved_relation.h"

namespace pyrite {

/// A table: rows in the engine's memory (`storage`) or files (`provider` and `location`).
struct Table {
  std::string name;
  std::string database;
  std::vector<StructField> columns;          ///< partition columns last
  std::vector<std::string> column_defaults;  ///< DEFAULT text by column; empty text: none
  std::vector<std::string> partition_by;
  std::string provider = "parquet";
  std::string storage;   ///< the engine's handle; empty: files
  std::string location;  ///< folder of the files; empty: in memory
  bool external = false;
  std::string comment;
  plan::Options options;
  plan::Options properties;
  int64_t created_microseconds = 0;
};

struct View {
  std::string name;
  std::string database;    ///< empty: a temporary view; "global_temp": a global one
  std::string query_text;  ///< persistent views and SQL views
  plan::RelationPtr relation;
  /// Names and comments given in CREATE VIEW v (a COMMENT 'x', …); empty: the query's own.
  std::vector<std::pair<std::string, std::string>> columns;
  std::vector<StructField> schema;  ///< as it was when the view was made
  /// The query's own names for the columns of `schema`; empty: a view without a text.
  std::vector<std::string> query_columns;
  /// How the columns follow a changed query: BINDING, COMPENSATION, TYPE EVOLUTION, EVOLUTION; empty: none was kept.
  std::string schema_mode;
  int64_t created_microseconds = 0;
  std::string comment;
  plan::Options properties;
  bool temporary() const { return database.empty() || database == "global_temp"; }
  /// Columns are named by the view, not by its query.
  bool names_columns() const { return !columns.empty(); }
  /// The analyzed plan of a DataFrame view; its columns get fresh ids at each use.
  resolved::RelationPtr analyzed;
  /// Configuration when the view was made, which its text is read under.
  plan::Options configuration;
  std::string current_database;
};

/// Whether a view's text is read under this key's value of its creation.
bool view_keeps(std::string_view key);

struct UserFunction {
  std::string name;
  std::string database;
  plan::CreateFunction definition;
  plan::ExpressionPtr python;  ///< a registered PythonFunction
};

struct Database {
  std::string name;
  std::string comment;
  std::string location;
  plan::Options properties;
  std::map<std::string, std::shared_ptr<const Table>> tables;  ///< keys in lower case
  std::map<std::string, std::shared_ptr<const View>> views;
  std::map<std::string, std::shared_ptr<const UserFunction>> functions;
};

/// What all sessions of a process share. Thread-safe: every method takes the lock; entries are immutable.
class SharedCatalog {
 public:
  SharedCatalog();

  bool has_database(const std::string& name) const;
  std::vector<std::string> databases() const;
  Database database(const std::string& name) const;             ///< a copy; SCHEMA_NOT_FOUND
  void create_database(Database database, bool if_not_exists);  ///< SCHEMA_ALREADY_EXISTS
  /// Returns the tables that were dropped with it, so that their rows can go too.
  std::vector<std::shared_ptr<const Table>> drop_database(const std::string& name, bool if_exists, bool cascade);
  void alter_database(const std::string& name, const plan::Options& properties,
                      const std::optional<std::string>& comment, const std::optional<std::string>& location);

  std::shared_ptr<const Table> find_table(const std::string& database, const std::string& name) const;
  std::shared_ptr<const View> find_view(const std::string& database, const std::string& name) const;
  std::shared_ptr<const UserFunction> find_function(const std::string& database, const std::string& name) const;
  void put_table(std::shared_ptr<const Table> table, bool replace);  ///< TABLE_OR_VIEW_ALREADY_EXISTS
  void put_view(std::shared_ptr<const View> view, bool replace);
  void put_function(std::shared_ptr<const UserFunction> function, bool replace);
  std::shared_ptr<const Table> remove_table(const std::string& database, const std::string& name);
  std::shared_ptr<const View> remove_view(const std::string& database, const std::string& name);
  bool remove_function(const std::string& database, const std::string& name);

  std::vector<std::shared_ptr<const View>> global_views() const;
  std::shared_ptr<const View> find_global_view(const std::string& name) const;
  void put_global_view(std::shared_ptr<const View> view, bool replace);
  bool remove_global_view(const std::string& name);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Database> databases_;
  std::map<std::string, std::shared_ptr<const View>> global_views_;
};

struct Variable {
  std::string name;
  Type type;
  Value value;
  std::string default_text;
};

/// One session's names: temporary views, functions and variables over the shared catalog.
class SessionCatalog {
 public:
  explicit SessionCatalog(std::shared_ptr<SharedCatalog> shared, std::string warehouse);

  SharedCatalog& shared() const { return *shared_; }
  const std::string& current_database() const { return current_database_; }
  void set_current_database(const std::string& name);  ///< SCHEMA_NOT_FOUND
  const std::string& warehouse() const { return warehouse_; }

  struct Found {
    std::shared_ptr<const Table> table;
    std::shared_ptr<const View> view;
    bool found() const { return table || view; }
  };
  /// Spark's order: a temporary view for a single name, then the current database; 2 parts: database or global_temp;
  /// 3 parts: spark_catalog first.
  Found find(const plan::NameParts& name) const;
  /// What a name means inside a view's text: its database is the view's, persistent views see no temporary ones.
  Found find_in(const View& view, const plan::NameParts& name) const;
  /// {"spark_catalog", database, name} for a table name of 1 to 3 parts. Errors: SCHEMA_NOT_FOUND,
  /// REQUIRES_SINGLE_PART_NAMESPACE, CATALOG_NOT_FOUND.
  plan::NameParts qualify(const plan::NameParts& name) const;

  void put_temporary_view(std::shared_ptr<const View> view, bool replace);  ///< TEMP_TABLE_OR_VIEW_ALREADY_EXISTS
  bool remove_temporary_view(const std::string& name);
  std::vector<std::shared_ptr<const View>> temporary_views() const;

  void put_temporary_function(std::shared_ptr<const UserFunction> function, bool replace);
  bool remove_temporary_function(const std::string& name);
  std::shared_ptr<const UserFunction> find_function(const plan::NameParts& name) const;
  std::vector<std::shared_ptr<const UserFunction>> temporary_functions() const;

  void put_variable(Variable variable, bool replace);
  const Variable* find_variable(const plan::NameParts& name) const;
  bool remove_variable(const std::string& name);

 private:
  Found find(const plan::NameParts& name, const std::string& current_database, bool temporary) const;

  std::shared_ptr<SharedCatalog> shared_;
  std::string current_database_ = "default";
  std::string warehouse_;
  std::map<std::string, std::shared_ptr<const View>> temporary_views_;
  std::map<std::string, std::shared_ptr<const UserFunction>> temporary_functions_;
  std::map<std::string, Variable> variables_;
};

}  // namespace pyrite
