// Unresolved expressions: what SQL text and the Connect protocol say, before names and types are known.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "types/type.h"
#include "types/value.h"

namespace pyrite::plan {

/// Where an expression or relation stands in a program; for error contexts.
struct Origin {
  /// The whole SQL text, shared by all nodes parsed from it; nullptr for DataFrame programs.
  std::shared_ptr<const std::string> sql_text;
  int start = -1;  ///< first character, 0-based
  int stop = -1;   ///< last character, inclusive
  std::string object_type;
  std::string object_name;
  std::string fragment;  ///< DataFrame programs: the method called
  std::string call_site;
};
using OriginPtr = std::shared_ptr<const Origin>;

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;
struct Relation;
using RelationPtr = std::shared_ptr<const Relation>;
using NameParts = std::vector<std::string>;

struct Literal {
  Value value;
  Type type;
  /// How SQL text wrote a typed literal whose column name differs from the value; usually empty.
  std::string written;
};

struct Attribute {
  NameParts name_parts;
  std::optional<int64_t> plan_id;
  bool is_metadata_column = false;
};

/// `*`, `t.*`, `* EXCEPT (a, b.c)`.
struct Star {
  NameParts target;
  std::optional<int64_t> plan_id;
  std::vector<NameParts> except;
};

/// Columns whose names match a Java regular expression (spark.sql.parser.quotedRegexColumnNames, df.colRegex).
struct RegexColumn {
  std::string pattern;
  NameParts qualifier;
  std::optional<int64_t> plan_id;
};

enum class NullOrdering { unspecified, first, last };

struct SortOrder {
  ExpressionPtr child;
  bool ascending = true;
  NullOrdering nulls = NullOrdering::unspecified;
};

/// A call by name; operators too, under the names of Spark's function registry:
/// + - (as signs too) * / % div = <=> < <= > >= and or not & | ^ ~ << >> >>> concat (a || b) in between like ilike
/// rlike likeany likeall notlikeany notlikeall (LIKE ANY ('x', …)) isnull isnotnull isunknown extract collate
/// semi_structured_extract (a:b, internal) when (CASE: condition, value, …, [else]); names case-insensitive, otherwise
/// as written. A row (a, b) is an internal call of struct. `x NOT IN …` is not(in(…)); `a != b` and `a <> b` are
/// not(=(a, b)) as in Spark.
struct Call {
  NameParts name;
  std::vector<ExpressionPtr> arguments;
  bool distinct = false;
  ExpressionPtr filter;                 ///< FILTER (WHERE …)
  std::vector<SortOrder> within_group;  ///< WITHIN GROUP (ORDER BY …) or ORDER BY inside the call
  std::optional<bool> ignore_nulls;     ///< IGNORE NULLS / RESPECT NULLS as written
  bool is_internal = false;             ///< Connect's internal functions, not in the user's name space
};

enum class CastMode { session, legacy, ansi, try_cast };

struct Cast {
  ExpressionPtr child;
  Type type;
  CastMode mode = CastMode::session;
};

/// More than one name: a generator's columns.
struct Alias {
  ExpressionPtr child;
  std::vector<std::string> names;
  std::string metadata;  ///< JSON text; empty: none given
};

struct Lambda {
  ExpressionPtr body;
  std::vector<std::string> parameters;
};

/// A lambda's parameter where the protocol marks it (SQL text gives an Attribute).
struct LambdaVariable {
  NameParts name_parts;
};

enum class FrameUnit { rows, range };
enum class BoundKind { unbounded_preceding, preceding, current_row, following, unbounded_following };

/// `offset` is set for preceding and following. The protocol gives a signed offset: kind following, any sign.
struct FrameBound {
  BoundKind kind = BoundKind::current_row;
  ExpressionPtr offset;
};

struct WindowFrame {
  FrameUnit unit = FrameUnit::range;
  FrameBound lower;
  FrameBound upper;
};

struct Window {
  ExpressionPtr function;
  std::vector<ExpressionPtr> partition_by;
  std::vector<SortOrder> order_by;
  std::optional<WindowFrame> frame;
};

/// child[extraction] and child.field (a string literal).
struct ExtractValue {
  ExpressionPtr child;
  ExpressionPtr extraction;
};

/// Column.withField / dropFields: no value drops the field.
struct UpdateFields {
  ExpressionPtr structure;
  std::string field_name;
  ExpressionPtr value;
};

struct NamedArgument {
  std::string key;
  ExpressionPtr value;
};

enum class SubqueryKind { scalar, exists, in, table };

struct Subquery {
  SubqueryKind kind = SubqueryKind::scalar;
  RelationPtr relation;  ///< nullptr: look up plan_id among WithRelations' references
  std::optional<int64_t> plan_id;
  std::vector<ExpressionPtr> values;        ///< IN: the left side
  std::vector<ExpressionPtr> partition_by;  ///< table argument
  std::vector<SortOrder> order_by;          ///< table argument
  bool with_single_partition = false;       ///< table argument
};

/// SQL text inside a protocol plan (F.expr, selectExpr): the analyzer's host parses it.
struct ExpressionText {
  std::string text;
};

/// :name or the n-th ?; replaced by the arguments of the statement.
struct Parameter {
  std::string name;
  int position = -1;
};

/// IDENTIFIER(expr) used as a column or function name; with arguments for a call.
struct IdentifierClause {
  ExpressionPtr name;
  bool is_call = false;
  std::vector<ExpressionPtr> arguments;
};

/// A Python function sent inline.
struct PythonFunction {
  std::string name;
  bool deterministic = true;
  bool distinct = false;
  std::vector<ExpressionPtr> arguments;
  Type return_type;
  int eval_type = 0;
  std::string command;
  std::string python_version;
};

struct Expression {
  using Node = std::variant<Literal, Attribute, Star, RegexColumn, Call, Cast, Alias, SortOrder, Lambda, LambdaVariable,
                            Window, ExtractValue, UpdateFields, NamedArgument, Subquery, ExpressionText, Parameter,
                            IdentifierClause, PythonFunction>;
  Node node;
  OriginPtr origin;

  Expression(Node node, OriginPtr origin);
  Expression(const Expression& other);
  Expression(Expression&& other) noexcept;
  Expression& operator=(const Expression& other);
  Expression& operator=(Expression&& other) noexcept;
  ~Expression();
};

/// Defined for every node in make_nodes.cpp: what a variant of all nodes needs is compiled once.
template <class T>
ExpressionPtr make_expression(T node, OriginPtr origin = nullptr);

}  // namespace pyrite::plan
