// Names, types, coercion, functions, subqueries: unresolved plan to resolved plan, or a Spark error condition.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "functions/function_def.h"
#include "plan/relation.h"
#include "plan/resolved_relation.h"

namespace pyrite {

/// Temporary objects that a text refers to; a persistent view may not.
struct TemporaryUses {
  std::vector<plan::NameParts> views;
  std::vector<plan::NameParts> functions;
  std::vector<plan::NameParts> variables;
};

/// What analysis needs from the session around it; the session fills in the functions of sibling layers.
struct AnalyzerHost {
  std::shared_ptr<const SessionFacts> facts;
  SessionCatalog* catalog = nullptr;
  bool case_sensitive = false;
  const View* view = nullptr;               ///< whose text is analyzed
  TemporaryUses* temporary_uses = nullptr;  ///< filled when set
  std::function<plan::RelationPtr(const plan::SqlText&)> parse_query;
  std::function<plan::ExpressionPtr(const std::string&)> parse_expression;
  std::function<Type(const std::string&)> parse_schema;  ///< DDL or JSON
  /// A data source or table's files to a FileScan with its schema inferred or given.
  std::function<resolved::RelationPtr(const plan::DataSource&)> resolve_source;
  std::function<resolved::RelationPtr(const Table&)> resolve_table;
  /// Arrow chunks of the artifact cache by hash.
  std::function<std::shared_ptr<const std::string>(const std::string& hash)> cached_data;
  /// The columns of an Arrow stream, when LocalRelation gives no schema.
  std::function<std::vector<StructField>(const std::string& arrow_stream)> arrow_schema;
  /// Runs a small plan during analysis (pivot values, transpose, crosstab, eager commands): rows of values.
  std::function<std::vector<ValueList>(const resolved::RelationPtr&)> run;
  /// The schema that lines of CSV or JSON suggest (nullopt: NULL); the first line names the columns of CSV.
  std::function<std::vector<StructField>(const std::string& format, const std::string& first_line,
                                         const std::vector<std::optional<std::string>>& lines,
                                         const plan::Options& options)>
      infer_lines;
  /// Evaluates a constant expression.
  std::function<Value(const resolved::ExpressionPtr&)> evaluate;
  /// The answer of a catalog question or a command used as a relation.
  std::function<resolved::RelationPtr(const plan::CatalogQuery&)> answer_catalog;
  std::function<resolved::RelationPtr(const plan::Command&)> run_command;
  std::function<resolved::RelationPtr(const std::string& id)> cached_relation;
};

/// Fresh column ids, unique in the process.
resolved::ColumnId next_column_id();

/// Analyzes a query. Errors: SparkError with Spark's condition.
resolved::RelationPtr analyze(const plan::RelationPtr& relation, const AnalyzerHost& host);
/// Analyzes an expression without input columns (SET VAR, defaults, parameters).
resolved::ExpressionPtr analyze_constant(const plan::ExpressionPtr& expression, const AnalyzerHost& host);
/// Analyzes an expression over given columns (DELETE conditions, defaults, CHECK).
resolved::ExpressionPtr analyze_over(const plan::ExpressionPtr& expression,
                                     const std::vector<resolved::Column>& columns, const AnalyzerHost& host);
/// The input's columns cast to a table's columns for INSERT, by position or by name, with Spark's store assignment.
resolved::RelationPtr align_for_insert(const resolved::RelationPtr& input, const std::vector<StructField>& columns,
                                       bool by_name, const std::string& table_name, const AnalyzerHost& host);

/// What CREATE FUNCTION refuses of a SQL function: defaults and bodies that do not resolve or do not fit its types.
void check_sql_function(const UserFunction& function, const AnalyzerHost& host);

/// The name Spark gives the output column of an unnamed expression.
std::string output_name(const resolved::ExpressionPtr& expression);
/// The expression's SQL text as error messages show it: "(a + 1)".
std::string expression_sql(const resolved::ExpressionPtr& expression);
std::string expression_sql(const plan::ExpressionPtr& expression);

/// Gives every column of a plan a new id (self-joins, views used twice).
resolved::RelationPtr with_fresh_ids(const resolved::RelationPtr& relation);

/// The plan as Spark's tree text for explain: parsed (unresolved) and analyzed.
std::string tree_text(const plan::RelationPtr& relation);
std::string tree_text(const resolved::RelationPtr& relation);

}  // namespace pyrite
