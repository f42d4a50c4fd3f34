// Unresolved relations: the query language's nodes, as SQL text and the Connect protocol give them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plan/expression.h"

namespace pyrite::plan {

using Options = std::vector<std::pair<std::string, std::string>>;

// ---- sources

/// A table, view or CTE by name.
struct NamedTable {
  NameParts name;
  Options options;
  ExpressionPtr identifier_clause;  ///< IDENTIFIER(expr) instead of a name
  bool is_streaming = false;
  ExpressionPtr as_of_version;    ///< VERSION AS OF
  ExpressionPtr as_of_timestamp;  ///< TIMESTAMP AS OF
};

struct DataSource {
  std::string format;                 ///< empty: spark.sql.sources.default
  std::optional<std::string> schema;  ///< DDL or JSON text
  Options options;
  std::vector<std::string> paths;
  std::vector<std::string> predicates;
  bool is_streaming = false;
};

/// Rows in Arrow IPC stream format; schema as DDL or JSON text.
struct LocalRelation {
  std::shared_ptr<const std::string> arrow_stream;
  std::optional<std::string> schema;
};

/// Rows that the client put into the session's artifact cache before (each chunk an Arrow stream).
struct CachedLocalRelation {
  std::vector<std::string> data_hashes;
  std::optional<std::string> schema_hash;
};

struct Range {
  int64_t start = 0;
  int64_t end = 0;
  int64_t step = 1;
  std::optional<int32_t> partitions;
};

/// VALUES (…), (…).
struct InlineTable {
  std::vector<std::vector<ExpressionPtr>> rows;
};

/// One row without columns: SELECT without FROM.
struct OneRow {};

/// range(…), explode(…), … in FROM, or DataFrame tvf. Arguments may be named or table arguments.
struct TableFunction {
  NameParts name;
  std::vector<ExpressionPtr> arguments;
};

/// SQL text inside a protocol plan.
struct SqlText {
  std::string query;
  std::map<std::string, ExpressionPtr> named_arguments;
  std::vector<ExpressionPtr> positional_arguments;
};

/// A named reference that the optimizer may not look into: cached remote relation.
struct CachedRemoteRelation {
  std::string id;
};

// ---- row by row

struct Project {
  RelationPtr input;
  std::vector<ExpressionPtr> expressions;
};

struct Filter {
  RelationPtr input;
  ExpressionPtr condition;
};

/// SQL's HAVING and QUALIFY: conditions over the select list's input and output.
struct Having {
  RelationPtr input;
  ExpressionPtr condition;
};
struct Qualify {
  RelationPtr input;
  ExpressionPtr condition;
};

struct WithColumns {
  RelationPtr input;
  std::vector<ExpressionPtr> aliases;  ///< Alias expressions
};

struct WithColumnsRenamed {
  RelationPtr input;
  std::vector<std::pair<std::string, std::string>> renames;
};

struct Drop {
  RelationPtr input;
  std::vector<ExpressionPtr> columns;
  std::vector<std::string> names;
};

struct ToDF {
  RelationPtr input;
  std::vector<std::string> names;
};

struct ToSchema {
  RelationPtr input;
  Type schema;
};

/// LATERAL VIEW [OUTER] generator(…) table AS columns.
struct LateralView {
  RelationPtr input;
  ExpressionPtr generator;  ///< a Call
  bool outer = false;
  std::string table_alias;
  std::vector<std::string> column_aliases;
};

struct SubqueryAlias {
  RelationPtr input;
  std::string alias;
  NameParts qualifier;
  std::vector<std::string> column_names;  ///< t(a, b); empty: the input's own
};

// ---- joins and sets

enum class JoinType { inner, cross, left_outer, right_outer, full_outer, left_semi, left_anti };

struct Join {
  RelationPtr left;
  RelationPtr right;
  JoinType type = JoinType::inner;
  ExpressionPtr condition;
  std::vector<std::string> using_columns;
  bool natural = false;
  bool lateral = false;
};

struct AsOfJoin {
  RelationPtr left;
  RelationPtr right;
  ExpressionPtr left_as_of;
  ExpressionPtr right_as_of;
  ExpressionPtr condition;
  std::vector<NameParts> using_columns;
  std::string type;
  ExpressionPtr tolerance;
  bool allow_exact_matches = true;
  std::string direction;
};

enum class SetOperator { union_, intersect, except };

struct SetOperation {
  RelationPtr left;
  RelationPtr right;
  SetOperator op = SetOperator::union_;
  bool all = false;
  bool by_name = false;
  bool allow_missing_columns = false;
};

// ---- order and number of rows

struct Sort {
  RelationPtr input;
  std::vector<SortOrder> order;
  bool global = true;
  bool order_by_all = false;  ///< ORDER BY ALL; its direction is in order[0] with no child
};

struct Limit {
  RelationPtr input;
  ExpressionPtr count;
};
struct Offset {
  RelationPtr input;
  ExpressionPtr count;
};
struct Tail {
  RelationPtr input;
  int64_t count = 0;
};

struct Sample {
  RelationPtr input;
  double lower_bound = 0;
  double upper_bound = 1;
  bool with_replacement = false;
  std::optional<int64_t> seed;
  bool deterministic_order = false;
  std::optional<int64_t> row_count;  ///< TABLESAMPLE (n ROWS)
};

struct Repartition {
  RelationPtr input;
  std::optional<int32_t> partitions;
  std::vector<ExpressionPtr> expressions;
  bool shuffle = true;
};

struct Hint {
  RelationPtr input;
  std::string name;
  std::vector<ExpressionPtr> parameters;
};

// ---- groups

enum class GroupKind { group_by, rollup, cube, grouping_sets, pivot };

struct PivotSpec {
  ExpressionPtr column;
  std::vector<ExpressionPtr> values;  ///< literals (or Alias of them); empty: ask the data
};

struct Aggregate {
  RelationPtr input;
  GroupKind kind = GroupKind::group_by;
  std::vector<ExpressionPtr> grouping;
  std::vector<std::vector<ExpressionPtr>> grouping_sets;
  /// The select list in SQL; in DataFrame programs only what follows the grouping columns.
  std::vector<ExpressionPtr> aggregates;
  std::optional<PivotSpec> pivot;
  bool output_has_grouping = false;  ///< DataFrame programs: put the grouping columns first
  bool group_by_all = false;
  /// GROUP BY a, ROLLUP(b, c), … with several grouping analytics: each element one of them.
  struct Element {
    GroupKind kind;
    std::vector<std::vector<ExpressionPtr>> sets;
  };
  std::vector<Element> elements;  ///< SQL only; empty when `kind` says it all
};

/// SQL's PIVOT (aggregates FOR columns IN (values)).
struct PivotClause {
  RelationPtr input;
  std::vector<ExpressionPtr> aggregates;
  std::vector<ExpressionPtr> columns;
  std::vector<ExpressionPtr> values;  ///< Alias of expression, or expression
};

struct Unpivot {
  RelationPtr input;
  std::vector<ExpressionPtr> ids;
  bool ids_given = true;                                          ///< false in SQL: every column not among the values
  std::optional<std::vector<std::vector<ExpressionPtr>>> values;  ///< each inner list one row's values
  std::vector<std::optional<std::string>> value_aliases;
  std::string variable_column;
  std::vector<std::string> value_columns;
  bool include_nulls = true;
};

struct Deduplicate {
  RelationPtr input;
  std::vector<std::string> columns;
  bool all_columns = false;
  bool within_watermark = false;
};

struct Distinct {
  RelationPtr input;
};

struct Transpose {
  RelationPtr input;
  std::vector<ExpressionPtr> index_columns;
};

// ---- names for subplans

struct CommonTable {
  std::string name;
  std::vector<std::string> column_names;
  RelationPtr relation;
};

struct With {
  RelationPtr input;
  std::vector<CommonTable> tables;
  bool recursive = false;
  std::optional<int64_t> max_recursion;
};

struct WithRelations {
  RelationPtr root;
  std::vector<RelationPtr> references;
};

// ---- DataFrame helpers

struct CollectMetrics {
  RelationPtr input;
  std::string name;
  std::vector<ExpressionPtr> metrics;
};

struct ShowString {
  RelationPtr input;
  int rows = 20;
  int truncate = 20;
  bool vertical = false;
};
struct HtmlString {
  RelationPtr input;
  int rows = 20;
  int truncate = 20;
};

struct Summary {
  RelationPtr input;
  std::vector<std::string> statistics;
};
struct Describe {
  RelationPtr input;
  std::vector<std::string> columns;
};
struct Crosstab {
  RelationPtr input;
  std::string first, second;
};
struct Covariance {
  RelationPtr input;
  std::string first, second;
};
struct Correlation {
  RelationPtr input;
  std::string first, second, method;
};
struct ApproxQuantile {
  RelationPtr input;
  std::vector<std::string> columns;
  std::vector<double> probabilities;
  double relative_error = 0;
};
struct FrequentItems {
  RelationPtr input;
  std::vector<std::string> columns;
  double support = 0.01;
};
struct SampleBy {
  RelationPtr input;
  ExpressionPtr column;
  std::vector<std::pair<ExpressionPtr, double>> fractions;
  std::optional<int64_t> seed;
};

struct FillNull {
  RelationPtr input;
  std::vector<std::string> columns;
  std::vector<ExpressionPtr> values;
};
struct DropNull {
  RelationPtr input;
  std::vector<std::string> columns;
  std::optional<int> min_non_nulls;
};
struct ReplaceValues {
  RelationPtr input;
  std::vector<std::string> columns;
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> replacements;
};

/// A Dataset of strings read as CSV or JSON.
struct Parse {
  RelationPtr input;
  std::string format;
  std::optional<Type> schema;
  Options options;
};

/// A question to the catalog whose answer is a relation (Connect's Catalog messages). `operation` is the message's
/// field name ("list_tables"); arguments by field name.
struct CatalogQuery {
  std::string operation;
  std::map<std::string, std::string> arguments;
  Options options;
  std::optional<Type> schema;
};

/// A command used as a relation: SHOW TABLES in FROM position or the result of an eager SQL command.
struct Command;
struct CommandResult {
  std::shared_ptr<const Command> command;
};

/// A relation that Pyrite does not know: analysis raises the error that names it.
struct Unsupported {
  std::string feature;
};

struct Relation {
  using Node =
      std::variant<NamedTable, DataSource, LocalRelation, CachedLocalRelation, Range, InlineTable, OneRow,
                   TableFunction, SqlText, CachedRemoteRelation, Project, Filter, Having, Qualify, WithColumns,
                   WithColumnsRenamed, Drop, ToDF, ToSchema, LateralView, SubqueryAlias, Join, AsOfJoin, SetOperation,
                   Sort, Limit, Offset, Tail, Sample, Repartition, Hint, Aggregate, PivotClause, Unpivot, Deduplicate,
                   Distinct, Transpose, With, WithRelations, CollectMetrics, ShowString, HtmlString, Summary, Describe,
                   Crosstab, Covariance, Correlation, ApproxQuantile, FrequentItems, SampleBy, FillNull, DropNull,
                   ReplaceValues, Parse, CatalogQuery, CommandResult, Unsupported>;
  Node node;
  std::optional<int64_t> plan_id;
  OriginPtr origin;

  Relation(Node node, std::optional<int64_t> plan_id, OriginPtr origin);
  Relation(const Relation& other);
  Relation(Relation&& other) noexcept;
  Relation& operator=(const Relation& other);
  Relation& operator=(Relation&& other) noexcept;
  ~Relation();
};

/// Defined for every node in make_nodes.cpp.
template <class T>
RelationPtr make_relation(T node, std::optional<int64_t> plan_id = std::nullopt, OriginPtr origin = nullptr);

}  // namespace pyrite::plan
