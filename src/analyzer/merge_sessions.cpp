// Grouping by sessions: rows of one key whose sessions touch make one group.
//
// The sessions of a key stand in the order of their starts. A row begins a new one when it starts after everything
// before it has ended; counting these beginnings numbers the sessions, and the rows are grouped by the keys and that
// number, which gives the session itself as the least start and the greatest end. The windows are running ones over a
// single order, and the aggregates are the query's own: DISTINCT, FILTER and the like need nothing special.
#include <algorithm>

#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using plan::BoundKind;
using resolved::ExpressionPtr;

constexpr resolved::EvalMode ansi = resolved::EvalMode::ansi;

ExpressionPtr field(const Column& window, int ordinal) {
  const StructField& part = window.type.fields()[static_cast<size_t>(ordinal)];
  return resolved::make_expression(resolved::GetField{resolved::reference(window), ordinal, part.name}, part.type,
                                   true);
}

resolved::RelationPtr append(const resolved::RelationPtr& plan, const std::vector<NamedExpression>& more) {
  std::vector<NamedExpression> list;
  for (const Column& column : plan->output) {
    list.push_back(pass(column));
  }
  list.insert(list.end(), more.begin(), more.end());
  return project(plan, std::move(list));
}

class SessionMerge {
 public:
  SessionMerge(Analysis& analysis, const resolved::Aggregate& node, size_t session)
      : analysis_(analysis), node_(node), session_(session) {}

  resolved::RelationPtr plan(const std::vector<Column>& output) {
    resolved::RelationPtr rows = with_keys();
    const Column session = key_columns_[session_];
    const Column ended = new_column("ended", field(session, 1)->type, true);
    rows = running(rows, session, ended, analysis_.aggregate_call("max", {field(session, 1)}),
                   {BoundKind::preceding, resolved::literal(Value(int64_t{1}), Type::integer())});
    const ExpressionPtr begins = analysis_.bind(
        "coalesce",
        {analysis_.bind(">", {field(session, 0), resolved::reference(ended)}), resolved::boolean_literal(true)});
    const ExpressionPtr counted =
        analysis_.bind("if", {begins, resolved::boolean_literal(true), resolved::null_literal(Type::boolean())});
    const Column number = new_column("number", Type::long_int(), false);
    rows =
        running(rows, session, number, analysis_.aggregate_call("count", {counted}), {BoundKind::current_row, nullptr});
    return grouped(rows, session, number, output);
  }

 private:
  /// The rows with a column for each key.
  resolved::RelationPtr with_keys() {
    std::vector<NamedExpression> computed;
    for (const NamedExpression& key : node_.grouping) {
      key_columns_.push_back(new_column(key.column.name, key.expression->type, key.expression->nullable));
      computed.push_back({key_columns_.back(), key.expression});
    }
    return append(node_.input, computed);
  }

  /// One more column: an aggregate over the key's rows up to the bound, in the order of their starts.
  resolved::RelationPtr running(const resolved::RelationPtr& rows, const Column& session, const Column& column,
                                const ExpressionPtr& function, resolved::FrameBound upper) const {
    resolved::WindowCall call;
    call.function = function;
    for (size_t i = 0; i < key_columns_.size(); ++i) {
      if (i != session_) {
        call.partition_by.push_back(resolved::reference(key_columns_[i]));
      }
    }
    call.order_by = {{field(session, 0), true, true}};
    call.frame = {plan::FrameUnit::rows, {BoundKind::unbounded_preceding, nullptr}, std::move(upper)};
    call.frame_written = true;
    std::vector<Column> output = rows->output;
    output.push_back(column);
    resolved::Window window{rows,
                            {{column, resolved::make_expression(std::move(call), function->type, function->nullable)}}};
    return resolved::make_relation(std::move(window), std::move(output));
  }

  resolved::RelationPtr grouped(const resolved::RelationPtr& rows, const Column& session, const Column& number,
                                const std::vector<Column>& output) const {
    resolved::Aggregate by_number{rows, {}, {}, node_.aggregates, std::nullopt};
    const ExpressionPtr first = analysis_.aggregate_call("min", {field(session, 0)});
    const ExpressionPtr last = analysis_.aggregate_call("max", {field(session, 1)});
    const Column start = column_for("start", first);
    const Column end = column_for("end", last);
    by_number.aggregates.push_back({start, first});
    by_number.aggregates.push_back({end, last});
    std::vector<Column> columns;
    std::vector<NamedExpression> list;
    for (size_t i = 0; i < node_.grouping.size(); ++i) {
      const Column& key = i == session_ ? number : key_columns_[i];
      Column group = new_column(key.name, key.type, key.nullable);
      by_number.grouping.push_back({group, resolved::reference(key)});
      columns.push_back(group);
      ExpressionPtr value = resolved::reference(group);
      if (i == session_) {
        value = analysis_.bind("named_struct", {resolved::string_literal("start"), resolved::reference(start),
                                                resolved::string_literal("end"), resolved::reference(end)});
      }
      list.push_back({output[i], std::move(value)});
    }
    for (const NamedExpression& each : by_number.aggregates) {
      columns.push_back(each.column);
    }
    for (const NamedExpression& each : node_.aggregates) {
      list.push_back(pass(each.column));
    }
    return project(resolved::make_relation(std::move(by_number), std::move(columns)), std::move(list));
  }

  Analysis& analysis_;
  const resolved::Aggregate& node_;
  size_t session_;
  std::vector<Column> key_columns_;
};

/// Each grouping set by itself, since each merges its own sessions; together as UNION ALL.
resolved::RelationPtr aggregate_sets(Analysis& analysis, const resolved::Aggregate& node, int session,
                                     const std::vector<Column>& output) {
  resolved::RelationPtr all;
  for (const std::vector<int>& set : node.sets) {
    if (std::find(set.begin(), set.end(), session) == set.end()) {
      throw SparkError("INTERNAL_ERROR", {{"message", "Grouping Session should not be null."}});
    }
    resolved::Aggregate one{node.input, {}, {}, node.aggregates, std::nullopt};
    std::vector<Column> columns;
    int64_t missing = 0;
    for (size_t i = 0; i < node.grouping.size(); ++i) {
      if (std::find(set.begin(), set.end(), static_cast<int>(i)) == set.end()) {
        missing |= int64_t{1} << (node.grouping.size() - 1 - i);
        continue;
      }
      one.grouping.push_back(node.grouping[i]);
      columns.push_back(node.grouping[i].column);
    }
    for (const NamedExpression& each : node.aggregates) {
      columns.push_back(each.column);
    }
    const resolved::RelationPtr rows = aggregate_rows(analysis, std::move(one), columns);
    std::vector<NamedExpression> list;
    for (const Column& column : output) {
      const bool there =
          std::any_of(columns.begin(), columns.end(), [&](const Column& each) { return each.id == column.id; });
      const bool is_id = node.grouping_id && node.grouping_id->id == column.id;
      Column copy = column;
      copy.id = next_column_id();
      list.push_back({copy, is_id   ? resolved::literal(Value(missing), Type::long_int())
                            : there ? resolved::reference(column)
                                    : resolved::null_literal(column.type)});
    }
    const resolved::RelationPtr branch = with_fresh_ids(project(rows, std::move(list)));
    all = all ? resolved::make_relation(resolved::SetOperation{all, branch, plan::SetOperator::union_, true}, output)
              : branch;
  }
  if (node.sets.size() > 1) {
    return all;
  }
  std::vector<NamedExpression> list;
  for (size_t i = 0; i < output.size(); ++i) {
    list.push_back({output[i], resolved::reference(all->output[i])});
  }
  return project(all, std::move(list));
}

}  // namespace

bool is_session(const Column& column) { return column.metadata.find(session_window_marker) != std::string::npos; }

resolved::RelationPtr aggregate_rows(Analysis& analysis, resolved::Aggregate node, std::vector<Column> output) {
  const auto session = std::find_if(node.grouping.begin(), node.grouping.end(),
                                    [](const NamedExpression& each) { return is_session(each.column); });
  if (session == node.grouping.end()) {
    return resolved::make_relation(std::move(node), std::move(output));
  }
  const auto position = static_cast<size_t>(session - node.grouping.begin());
  if (!node.sets.empty()) {
    return aggregate_sets(analysis, node, static_cast<int>(position), output);
  }
  return SessionMerge(analysis, node, position).plan(output);
}

}  // namespace pyrite::analysis
