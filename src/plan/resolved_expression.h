// Resolved expressions: every name bound, every type known, implicit casts explicit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plan/expression.h"

namespace pyrite {
struct FunctionDef;
}

namespace pyrite::resolved {

using plan::FrameUnit;
using plan::OriginPtr;
using plan::SubqueryKind;

/// Identifies a column across a whole plan; two columns with one id hold the same values.
using ColumnId = int64_t;

struct Column {
  ColumnId id = 0;
  std::string name;
  Type type;
  bool nullable = true;
  std::string metadata;                ///< JSON object text; empty: none
  std::vector<std::string> qualifier;  ///< e.g. {"spark_catalog","default","t"} or {"a"}
};

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;
struct Relation;
using RelationPtr = std::shared_ptr<const Relation>;

struct Literal {
  Value value;
  std::string written;
};

struct ColumnRef {
  ColumnId id = 0;
  std::string name;
  std::vector<std::string> qualifier;
  bool outer = false;  ///< belongs to the query around this subquery
};

/// How an operation treats bad input: raise, wrap or NULL as before ANSI, or NULL (the try_ forms).
enum class EvalMode : uint8_t { ansi, legacy, try_null };

/// A scalar or generator function.
struct Call {
  const FunctionDef* function = nullptr;
  std::string name;  ///< as the user wrote it, for output names
  std::vector<ExpressionPtr> arguments;
  EvalMode mode = EvalMode::ansi;
};

struct Cast {
  ExpressionPtr child;
  EvalMode mode = EvalMode::ansi;
  bool written = false;  ///< by the user: shown in names; otherwise added by coercion
};

struct LambdaParameter {
  ColumnId id = 0;
  std::string name;
  Type type;
  bool nullable = true;
};
struct Lambda {
  std::vector<LambdaParameter> parameters;
  ExpressionPtr body;
};
struct LambdaRef {
  ColumnId id = 0;
  std::string name;
};

/// Structure field by position.
struct GetField {
  ExpressionPtr child;
  int ordinal = 0;
  std::string name;
};

struct SortOrder {
  ExpressionPtr expression;
  bool ascending = true;
  bool nulls_first = true;
};

struct AggregateCall {
  const FunctionDef* function = nullptr;
  std::string name;
  std::vector<ExpressionPtr> arguments;
  bool distinct = false;
  ExpressionPtr filter;
  std::vector<SortOrder> order_by;
  bool ignore_nulls = false;
  EvalMode mode = EvalMode::ansi;
};

/// Offsets are resolved expressions; `preceding` bounds hold the distance as a positive value.
struct FrameBound {
  plan::BoundKind kind = plan::BoundKind::current_row;
  ExpressionPtr offset;
};
struct WindowFrame {
  FrameUnit unit = FrameUnit::range;
  FrameBound lower;
  FrameBound upper;
};

struct WindowCall {
  ExpressionPtr function;  ///< Call of a window function, or AggregateCall
  std::vector<ExpressionPtr> partition_by;
  std::vector<SortOrder> order_by;
  WindowFrame frame;
  bool frame_written = false;
  bool ignore_nulls = false;
};

struct Subquery {
  SubqueryKind kind = SubqueryKind::scalar;
  RelationPtr relation;
  std::vector<ExpressionPtr> values;  ///< IN
  /// The columns of the query around that `relation` uses (as ColumnRef with outer set).
  std::vector<Column> outer_columns;
};

struct Expression {
  using Node =
      std::variant<Literal, ColumnRef, Call, Cast, Lambda, LambdaRef, GetField, AggregateCall, WindowCall, Subquery>;
  Node node;
  Type type;
  bool nullable = true;
  OriginPtr origin;

  Expression(Node node, Type type, bool nullable, OriginPtr origin);
  Expression(const Expression& other);
  Expression(Expression&& other) noexcept;
  Expression& operator=(const Expression& other);
  Expression& operator=(Expression&& other) noexcept;
  ~Expression();
};

/// Defined for every node in make_nodes.cpp.
template <class T>
ExpressionPtr make_expression(T node, Type type, bool nullable, OriginPtr origin = nullptr);

/// An output column and what computes it.
struct NamedExpression {
  Column column;
  ExpressionPtr expression;
};

/// A reference to a column of the input.
ExpressionPtr reference(const Column& column);
ExpressionPtr literal(Value value, Type type);
ExpressionPtr null_literal(Type type = Type::null());
ExpressionPtr string_literal(std::string text);
ExpressionPtr int_literal(int32_t value);
ExpressionPtr boolean_literal(bool value);
inline const Literal* as_literal(const ExpressionPtr& expression) { return std::get_if<Literal>(&expression->node); }

}  // namespace pyrite::resolved
