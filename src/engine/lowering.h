// Turns a resolved plan into DuckDB's logical operators. One object a query; the methods live in one file a topic.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "duckdb/function/aggregate_function.hpp"
#include "duckdb/planner/binder.hpp"
#include "duckdb/planner/bound_result_modifier.hpp"
#include "duckdb/planner/expression.hpp"
#include "duckdb/planner/logical_operator.hpp"
#include "engine/kernel_host.h"
#include "engine/query_state.h"
#include "engine/storage.h"
#include "engine/types.h"
#include "plan/resolved_relation.h"

namespace pyrite {

using DuckOperator = duckdb::unique_ptr<duckdb::LogicalOperator>;

/// An operator and where it leaves each column of the relation's output.
struct Lowered {
  DuckOperator op;
  std::vector<duckdb::ColumnBinding> columns;
};

/// The columns that an expression may refer to: operator columns by binding or, inside a lambda body, by position in
/// the body's input chunk.
class Scope {
 public:
  struct Entry {
    duckdb::ColumnBinding binding;
    duckdb::LogicalType type;
    bool positional = false;
    size_t position = 0;
  };

  Scope() = default;
  Scope(const std::vector<resolved::Column>& columns, const std::vector<duckdb::ColumnBinding>& bindings) {
    add(columns, bindings);
  }
  void add(const std::vector<resolved::Column>& columns, const std::vector<duckdb::ColumnBinding>& bindings);
  void add_position(resolved::ColumnId id, duckdb::LogicalType type, size_t position);
  const Entry* find(resolved::ColumnId id) const {
    const auto at = entries_.find(id);
    return at == entries_.end() ? nullptr : &at->second;
  }

 private:
  std::unordered_map<resolved::ColumnId, Entry> entries_;
};

class PlanLowering {
 public:
  PlanLowering(duckdb::ClientContext& context, QueryStatePtr query, const StorageMap& storages);

  /// The whole plan, ready for execution: a projection of the output columns at the root.
  DuckOperator plan(const resolved::RelationPtr& relation);

  Lowered relation(const resolved::RelationPtr& relation);
  DuckExpression expression(const resolved::ExpressionPtr& expression, const Scope& scope);

 private:
  /// A query level: subqueries below it may refer to the columns of the operator that holds them.
  struct Level {
    duckdb::shared_ptr<duckdb::Binder> binder;
    const Scope* scope = nullptr;
    Level* parent = nullptr;
  };
  /// An aggregate function with its arguments, for a group or a window.
  struct BoundAggregate {
    duckdb::unique_ptr<duckdb::BoundAggregateFunction> function;
    DuckExpressions arguments;
    duckdb::unique_ptr<duckdb::FunctionData> data;
    duckdb::LogicalType type;
  };
  struct CommonTable {
    duckdb::TableIndex index;
    std::vector<resolved::Column> columns;
    int64_t most_steps = -1;  ///< of a recursive table; -1: not recursive
    int64_t most_rows = 0;
    resolved::RelationPtr inlined;  ///< lowered where it is referred to
  };

  // ---- relations, one a node
  Lowered lower(const resolved::LocalData& node, const resolved::Relation& relation);
  Lowered lower(const resolved::InlineRows& node, const resolved::Relation& relation);
  Lowered lower(const resolved::OneRow& node, const resolved::Relation& relation);
  Lowered lower(const resolved::TableScan& node, const resolved::Relation& relation);
  Lowered lower(const resolved::FileScan& node, const resolved::Relation& relation);
  Lowered lower(const resolved::RangeScan& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Project& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Filter& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Aggregate& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Window& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Join& node, const resolved::Relation& relation);
  Lowered lower(const resolved::SetOperation& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Sort& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Limit& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Tail& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Distinct& node, const resolved::Relation& relation);
  Lowered lower(const resolved::DistinctOn& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Generate& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Sample& node, const resolved::Relation& relation);
  Lowered lower(const resolved::WithCte& node, const resolved::Relation& relation);
  Lowered lower(const resolved::CteRef& node, const resolved::Relation& relation);
  Lowered lower(const resolved::RecursiveCte& node, const resolved::Relation& relation);
  Lowered lower(const resolved::ParseLines& node, const resolved::Relation& relation);
  Lowered lower(const resolved::Observe& node, const resolved::Relation& relation);

  Lowered scan_provided(const resolved::FileScan& node, const resolved::Relation& relation);
  Lowered scan_parquet(const resolved::FileScan& node, const std::vector<std::string>& files, bool by_schema);
  /// The file columns of some files, by a reader other than Parquet's.
  Lowered scan_alone(const resolved::FileScan& node, const std::vector<std::string>& files);
  Lowered empty_rows(const std::vector<resolved::Column>& columns);
  Lowered unnest(DuckOperator input, DuckExpression list, duckdb::LogicalType element, duckdb::TableIndex& index);
  /// The input with the rows' numbers, from 1, as a last column.
  Lowered number_rows(Lowered input);
  Lowered lower_lateral(const resolved::Join& node, const resolved::Relation& relation);

  // ---- expressions, one a node
  DuckExpression lower(const resolved::Literal& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::ColumnRef& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::Call& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::Cast& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::Lambda& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::LambdaRef& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::GetField& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::AggregateCall& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::WindowCall& node, const resolved::Expression& expression, const Scope& scope);
  DuckExpression lower(const resolved::Subquery& node, const resolved::Expression& expression, const Scope& scope);

  DuckExpressions arguments(const resolved::Call& call, const Scope& scope);
  DuckExpression special_form(SpecialForm form, const resolved::Call& call, const resolved::Expression& expression,
                              const Scope& scope);
  DuckExpression conjunction(bool is_and, const resolved::Call& call, const resolved::Expression& expression,
                             const Scope& scope);
  DuckExpression arithmetic(SpecialForm form, const resolved::Call& call, const resolved::Expression& expression,
                            const Scope& scope);
  DuckExpression higher_order(SpecialForm form, const resolved::Call& call, const resolved::Expression& expression,
                              const Scope& scope);
  CallInfo call_info_of(const resolved::Call& call, const resolved::Expression& expression);
  /// A constant where DuckDB can compute one now: parts that cannot fail any more let conditions be rearranged.
  DuckExpression folded(DuckExpression expression);
  void fold_constants(CallInfo& info, const DuckExpressions& arguments);

  BoundAggregate bind_aggregate(const resolved::AggregateCall& call, const resolved::Expression& expression,
                                const Scope& scope);
  DuckExpression window_expression(const resolved::WindowCall& window, const resolved::Expression& expression,
                                   const Scope& scope);
  DuckExpression range_bound(const resolved::FrameBound& bound, const resolved::SortOrder& order, const Scope& scope);
  DuckExpression duckdb_cast(DuckExpression expression, const duckdb::LogicalType& type);
  duckdb::vector<duckdb::BoundOrderByNode> orders(const std::vector<resolved::SortOrder>& order, const Scope& scope);

  // ---- tools
  /// The value as comparisons see it: collated text becomes its collation's key.
  DuckExpression comparable(DuckExpression value, const Type& type);
  /// Each row once, by the values of `columns`, which are the input's.
  Lowered distinct_rows(Lowered input, const std::vector<resolved::Column>& columns);
  duckdb::TableIndex new_index() { return level_->binder->GenerateTableIndex(); }
  /// A projection over `input`; the result's columns are its expressions, in order.
  Lowered project(DuckOperator input, DuckExpressions expressions);
  Lowered project_output(Lowered input, const std::vector<resolved::Column>& columns);
  Lowered dummy_scan();
  /// Runs `body` one query level down and returns what it lowered with its binder.
  Lowered nested(const Scope& scope, const std::function<Lowered()>& body, duckdb::shared_ptr<duckdb::Binder>& binder);
  duckdb::Binder& binder() { return *level_->binder; }

  duckdb::ClientContext& context_;
  QueryStatePtr query_;
  const StorageMap& storages_;
  Level root_;
  Level* level_ = &root_;
  std::unordered_map<int64_t, CommonTable> common_tables_;
  int depth_ = 0;
};

// ---- expression tools that need no state

/// Whether values of the type are compared by a key of theirs.
bool compares_by_key(const Type& type);

/// The parts of a condition joined by AND, in order.
void split_conjuncts(const resolved::ExpressionPtr& condition, std::vector<resolved::ExpressionPtr>& out);

/// The expression with DuckDB's own cast where its type is another one.
DuckExpression cast_to(duckdb::ClientContext& context, DuckExpression expression, const duckdb::LogicalType& type);
DuckExpression constant(duckdb::Value value);
DuckExpression null_constant(const duckdb::LogicalType& type);
DuckExpression boolean_constant(bool value);
DuckExpression column_ref(const duckdb::LogicalType& type, duckdb::ColumnBinding binding, size_t depth = 0);
DuckExpression operation(duckdb::ExpressionType type, const duckdb::LogicalType& result, DuckExpressions children);
DuckExpression is_null(DuckExpression child);
DuckExpression is_not_null(DuckExpression child);
DuckExpression negated(DuckExpression child);
DuckExpression compare(duckdb::ExpressionType type, DuckExpression left, DuckExpression right);
DuckExpression if_then_else(DuckExpression condition, DuckExpression then, DuckExpression otherwise);
/// One of DuckDB's scalar functions by name.
DuckExpression engine_call(duckdb::ClientContext& context, const char* name, DuckExpressions arguments);
/// A structure of one value a field.
DuckExpression structure_of(DuckExpressions values, const duckdb::LogicalType& type);
/// The same bytes under another type of the same layout.
DuckExpression reinterpret(DuckExpression child, const duckdb::LogicalType& type);
/// The same value, of which the optimizer may not move a filter below the projection that computes it.
DuckExpression pin(DuckExpression child);
DuckExpressions expressions_of(DuckExpression first, DuckExpression second = nullptr, DuckExpression third = nullptr);

}  // namespace pyrite
