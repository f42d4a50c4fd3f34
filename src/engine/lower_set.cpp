// Set operations and duplicates.
#include <algorithm>

#include "duckdb/planner/operator/logical_distinct.hpp"
#include "duckdb/planner/operator/logical_set_operation.hpp"
#include "engine/lowering.h"
#include "functions/bind_call.h"
#include "functions/registry.h"

namespace pyrite {
namespace {

using resolved::ExpressionPtr;
using resolved::NamedExpression;
using resolved::RelationPtr;

bool any_by_key(const std::vector<resolved::Column>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const auto& column) { return compares_by_key(column.type); });
}

/// INTERSECT or EXCEPT of texts that are equal by a collation, which the engine's own operators do not know: the rows
/// of both sides in groups that count how many came from each side. A group shows its first row of the left.
class SetByGroups {
 public:
  SetByGroups(const resolved::SetOperation& node, const std::vector<resolved::Column>& output)
      : node_(node), output_(output) {}

  RelationPtr plan() {
    std::vector<resolved::Column> rows = output_;
    rows.push_back(from_left_);
    rows.push_back(from_right_);
    const resolved::SetOperation both{side(node_.left, true), side(node_.right, false), plan::SetOperator::union_,
                                      true};
    RelationPtr groups = grouped(resolved::make_relation(both, rows));
    groups = resolved::make_relation(resolved::Filter{groups, stays()}, groups->output);
    if (node_.all) {
      const ExpressionPtr left = resolved::reference(left_rows_);
      const ExpressionPtr right = resolved::reference(right_rows_);
      const ExpressionPtr copies =
          node_.op == plan::SetOperator::intersect ? call("least", {left, right}) : call("-", {left, right});
      const ExpressionPtr one = resolved::literal(Value(int64_t{1}), Type::long_int());
      std::vector<resolved::Column> repeated = groups->output;
      repeated.push_back(copy_);
      groups = resolved::make_relation(
          resolved::Generate{groups, call("explode", {call("sequence", {one, copies})}), false, {copy_}}, repeated);
    }
    return resolved::make_relation(resolved::Project{groups, std::move(shown_)}, output_);
  }

 private:
  static resolved::Column column(resolved::ColumnId id, const Type& type) {
    resolved::Column out;
    out.id = id;
    out.type = type;
    return out;
  }

  RelationPtr side(const RelationPtr& input, bool left) const {
    resolved::Project project{input, {}};
    std::vector<resolved::Column> output = output_;
    for (size_t i = 0; i < output_.size(); ++i) {
      project.expressions.push_back({output_[i], cast_to(resolved::reference(input->output[i]), output_[i].type)});
    }
    const ExpressionPtr yes = resolved::boolean_literal(true), none = resolved::null_literal(Type::boolean());
    project.expressions.push_back({from_left_, left ? yes : none});
    project.expressions.push_back({from_right_, left ? none : yes});
    output.push_back(from_left_);
    output.push_back(from_right_);
    return resolved::make_relation(std::move(project), std::move(output));
  }

  static ExpressionPtr aggregate(const char* name, ExpressionPtr argument, ExpressionPtr filter, const Type& type) {
    resolved::AggregateCall call;
    call.function = find_function(name).function;
    call.name = name;
    call.arguments = {std::move(argument)};
    call.filter = std::move(filter);
    return resolved::make_expression(std::move(call), type, true);
  }

  RelationPtr grouped(RelationPtr rows) {
    resolved::Aggregate groups;
    groups.input = std::move(rows);
    std::vector<resolved::Column> output;
    resolved::ColumnId id = copy_.id;
    for (const resolved::Column& key : output_) {
      const resolved::Column group = column(--id, key.type);
      groups.grouping.push_back({group, resolved::reference(key)});
      output.push_back(group);
      shown_.push_back({key, resolved::reference(group)});
    }
    groups.aggregates.push_back(
        {left_rows_, aggregate("count", resolved::reference(from_left_), nullptr, Type::long_int())});
    groups.aggregates.push_back(
        {right_rows_, aggregate("count", resolved::reference(from_right_), nullptr, Type::long_int())});
    output.push_back(left_rows_);
    output.push_back(right_rows_);
    for (size_t i = 0; i < output_.size(); ++i) {
      if (compares_by_key(output_[i].type)) {
        const resolved::Column first = column(--id, output_[i].type);
        groups.aggregates.push_back({first, aggregate("first", resolved::reference(output_[i]),
                                                      resolved::reference(from_left_), output_[i].type)});
        output.push_back(first);
        shown_[i].expression = resolved::reference(first);
      }
    }
    return resolved::make_relation(std::move(groups), std::move(output));
  }

  ExpressionPtr stays() const {
    const ExpressionPtr zero = resolved::literal(Value(int64_t{0}), Type::long_int());
    const ExpressionPtr left = resolved::reference(left_rows_);
    const ExpressionPtr right = resolved::reference(right_rows_);
    if (node_.op == plan::SetOperator::except && node_.all) {
      return call(">", {left, right});
    }
    const bool wanted = node_.op == plan::SetOperator::intersect;
    return call("and", {call(">", {left, zero}), call(wanted ? ">" : "=", {right, zero})});
  }

  const resolved::SetOperation& node_;
  const std::vector<resolved::Column>& output_;
  std::vector<NamedExpression> shown_;
  // Ids that no analyzed column has.
  const resolved::Column from_left_ = column(-1, Type::boolean()), from_right_ = column(-2, Type::boolean());
  const resolved::Column left_rows_ = column(-3, Type::long_int()), right_rows_ = column(-4, Type::long_int());
  const resolved::Column copy_ = column(-5, Type::long_int());
};

}  // namespace

Lowered PlanLowering::lower(const resolved::SetOperation& node, const resolved::Relation& relation) {
  if (node.op != plan::SetOperator::union_ && any_by_key(relation.output)) {
    return this->relation(SetByGroups(node, relation.output).plan());
  }
  const auto side = [&](const resolved::RelationPtr& input) {
    Lowered lowered = this->relation(input);
    DuckExpressions columns;
    for (size_t i = 0; i < relation.output.size(); ++i) {
      columns.push_back(cast_to(context_, column_ref(engine_type(input->output[i].type), lowered.columns[i]),
                                engine_type(relation.output[i].type)));
    }
    if (columns.empty()) {
      columns.push_back(boolean_constant(true));
    }
    return project(std::move(lowered.op), std::move(columns)).op;
  };
  DuckOperator left = side(node.left);
  DuckOperator right = side(node.right);
  const size_t width = std::max<size_t>(1, relation.output.size());
  const auto type = node.op == plan::SetOperator::union_      ? duckdb::LogicalOperatorType::LOGICAL_UNION
                    : node.op == plan::SetOperator::intersect ? duckdb::LogicalOperatorType::LOGICAL_INTERSECT
                                                              : duckdb::LogicalOperatorType::LOGICAL_EXCEPT;
  const duckdb::TableIndex index = new_index();
  // DuckDB makes a union distinct by an operator of its own.
  const bool distinct_union = node.op == plan::SetOperator::union_ && !node.all;
  Lowered out;
  out.op = duckdb::make_uniq<duckdb::LogicalSetOperation>(index, width, std::move(left), std::move(right), type,
                                                          node.all || distinct_union, false);
  for (size_t i = 0; i < width; ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  return distinct_union ? distinct_rows(std::move(out), relation.output) : std::move(out);
}

Lowered PlanLowering::lower(const resolved::Distinct& node, const resolved::Relation&) {
  return distinct_rows(relation(node.input), node.input->output);
}

Lowered PlanLowering::distinct_rows(Lowered input, const std::vector<resolved::Column>& columns) {
  DuckExpressions outputs;
  for (size_t i = 0; i < columns.size(); ++i) {
    outputs.push_back(column_ref(engine_type(columns[i].type), input.columns[i]));
  }
  if (outputs.empty()) {
    outputs.push_back(boolean_constant(true));
  }
  // Only the relation's columns count, whatever else its operator carries; collated texts count by their keys.
  const size_t width = outputs.size();
  std::vector<size_t> places(width);
  for (size_t i = 0; i < width; ++i) {
    places[i] = i;
    if (i < columns.size() && compares_by_key(columns[i].type)) {
      places[i] = outputs.size();
      outputs.push_back(comparable(outputs[i]->Copy(), columns[i].type));
    }
  }
  const bool keyed = outputs.size() > width;
  Lowered out = project(std::move(input.op), std::move(outputs));
  DuckExpressions targets;
  for (const size_t place : places) {
    targets.push_back(column_ref(out.op->expressions[place]->GetReturnType(), out.columns[place]));
  }
  auto distinct = duckdb::make_uniq<duckdb::LogicalDistinct>(
      std::move(targets), keyed ? duckdb::DistinctType::DISTINCT_ON : duckdb::DistinctType::DISTINCT);
  distinct->AddChild(std::move(out.op));
  out.op = std::move(distinct);
  out.columns.resize(width);
  return out;
}

Lowered PlanLowering::lower(const resolved::DistinctOn& node, const resolved::Relation&) {
  Lowered input = relation(node.input);
  const Scope scope(node.input->output, input.columns);
  DuckExpressions outputs;
  for (size_t i = 0; i < node.input->output.size(); ++i) {
    outputs.push_back(column_ref(engine_type(node.input->output[i].type), input.columns[i]));
  }
  const size_t width = outputs.size();
  for (const resolved::ExpressionPtr& key : node.keys) {
    outputs.push_back(comparable(expression(key, scope), key->type));
  }
  Lowered out = project(std::move(input.op), std::move(outputs));
  DuckExpressions targets;
  for (size_t i = width; i < out.columns.size(); ++i) {
    targets.push_back(column_ref(out.op->expressions[i]->GetReturnType(), out.columns[i]));
  }
  auto distinct = duckdb::make_uniq<duckdb::LogicalDistinct>(std::move(targets), duckdb::DistinctType::DISTINCT_ON);
  distinct->AddChild(std::move(out.op));
  out.op = std::move(distinct);
  out.columns.resize(width);
  return out;
}

}  // namespace pyrite
