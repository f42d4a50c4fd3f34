// Resolved relations: what the engine lowers. Each node knows its output columns.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plan/relation.h"
#include "plan/resolved_expression.h"

namespace pyrite::resolved {

/// Rows in Arrow IPC stream format, in the order of the output columns.
struct LocalData {
  std::vector<std::shared_ptr<const std::string>> arrow_streams;
};

/// VALUES: each row one expression a column, without column references.
struct InlineRows {
  std::vector<std::vector<ExpressionPtr>> rows;
};

/// One row, no columns.
struct OneRow {};

/// A table held by the engine; `storage` is the engine's handle.
struct TableScan {
  std::string storage;
  std::vector<int> column_indexes;  ///< position in the stored table of each output column
  std::vector<std::string> name;    ///< for explain
};

/// Files of one format. Options have Spark's names in lower case.
struct FileScan {
  std::string format;
  std::vector<std::string> files;
  plan::Options options;
  /// Values of the partition columns per file, as text, NULL as nullopt; aligned with `files`.
  std::vector<std::vector<std::optional<std::string>>> partition_values;
  std::vector<Column> file_columns;       ///< columns read from the files (a prefix of the output)
  std::vector<Column> partition_columns;  ///< columns from the folder names (follow the file columns)
  std::vector<std::string> root_paths;
  /// The output ends with the structure of what is known of a row's file, of file_metadata_type(format).
  bool metadata_column = false;
};

/// struct<file_path, file_name, file_size (bytes), file_block_start, file_block_length, file_modification_time, and for
/// Parquet row_index>.
Type file_metadata_type(const std::string& format);

struct RangeScan {
  int64_t start = 0, end = 0, step = 1;
};

struct Project {
  RelationPtr input;
  std::vector<NamedExpression> expressions;
};
struct Filter {
  RelationPtr input;
  ExpressionPtr condition;
};

/// Output: grouping columns, then aggregates, then the grouping id when asked for.
struct Aggregate {
  RelationPtr input;
  std::vector<NamedExpression> grouping;
  std::vector<std::vector<int>> sets;       ///< positions in `grouping`; empty: one set of all
  std::vector<NamedExpression> aggregates;  ///< each an AggregateCall at the top
  std::optional<Column> grouping_id;        ///< Spark's bit mask, most significant bit first
};

/// Output: the input's columns, then the windows'.
struct Window {
  RelationPtr input;
  std::vector<NamedExpression> windows;  ///< each a WindowCall at the top
};

/// Of the right rows that fulfil a join's condition only the one with the greatest `right` <= `left`, or, looking
/// forward, the least `right` >= `left`.
struct AsOf {
  ExpressionPtr left, right;
  bool forward = false;
};

struct Join {
  RelationPtr left, right;
  plan::JoinType type = plan::JoinType::inner;
  ExpressionPtr condition;  ///< nullptr: none
  /// The right side refers to columns of the left (as outer ColumnRefs).
  bool lateral = false;
  std::vector<Column> outer_columns;
  std::optional<AsOf> as_of;  ///< the condition holds equalities only, the type is inner or left outer
};

/// Columns by position; the output has ids of its own.
struct SetOperation {
  RelationPtr left, right;
  plan::SetOperator op = plan::SetOperator::union_;
  bool all = false;
};

struct Sort {
  RelationPtr input;
  std::vector<SortOrder> order;
};
struct Limit {
  RelationPtr input;
  std::optional<int64_t> count;
  int64_t offset = 0;
};
struct Tail {
  RelationPtr input;
  int64_t count = 0;
};
struct Distinct {
  RelationPtr input;
};
/// The first row for each value of the keys.
struct DistinctOn {
  RelationPtr input;
  std::vector<ExpressionPtr> keys;
};

/// Output: the input's columns, then the generated ones.
struct Generate {
  RelationPtr input;
  ExpressionPtr generator;  ///< a Call of a generator function
  bool outer = false;
  std::vector<Column> generated;
};

struct Sample {
  RelationPtr input;
  double lower = 0, upper = 1;
  bool with_replacement = false;
  int64_t seed = 0;
};

/// A common table computed once; `input` refers to it by CteRef.
struct WithCte {
  int64_t cte_id = 0;
  std::string name;
  RelationPtr definition;
  RelationPtr input;
};
/// Output columns stand for the definition's, by position, with ids of their own.
struct CteRef {
  int64_t cte_id = 0;
  std::string name;
};
struct RecursiveCte {
  int64_t cte_id = 0;
  std::string name;
  RelationPtr anchor;
  RelationPtr recursive;  ///< refers to the last step's rows by CteRef
  bool union_all = true;
  int64_t max_depth = 100;
  int64_t max_rows = 1000000;
};

/// Passes its input through and computes aggregates over it on the way (DataFrame.observe).
struct Observe {
  RelationPtr input;
  std::string name;
  std::vector<NamedExpression> metrics;
};

/// The records that the one string column of the input holds (CSV, JSON), each string read by itself.
struct ParseLines {
  RelationPtr input;
  std::string format;
  plan::Options options;
  std::optional<std::string> header;  ///< CSV: the line of the columns' names, no record wherever it occurs
};

struct Relation {
  using Node = std::variant<LocalData, InlineRows, OneRow, TableScan, FileScan, RangeScan, Project, Filter, Aggregate,
                            Window, Join, SetOperation, Sort, Limit, Tail, Distinct, DistinctOn, Generate, Sample,
                            WithCte, CteRef, RecursiveCte, Observe, ParseLines>;
  Node node;
  std::vector<Column> output;

  Relation(Node node, std::vector<Column> output);
  Relation(const Relation& other);
  Relation(Relation&& other) noexcept;
  Relation& operator=(const Relation& other);
  Relation& operator=(Relation&& other) noexcept;
  ~Relation();
};

/// Defined for every node in make_nodes.cpp.
template <class T>
RelationPtr make_relation(T node, std::vector<Column> output);

}  // namespace pyrite::resolved
