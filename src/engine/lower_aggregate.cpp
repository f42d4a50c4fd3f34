// Aggregation: groups, grouping sets, and each aggregate as DuckDB's own or a hosted one.
#include <algorithm>

#include "duckdb/function/builtin_function_lookup.hpp"
#include "duckdb/function/function_binder.hpp"
#include "duckdb/planner/expression/bound_aggregate_expression.hpp"
#include "duckdb/planner/operator/logical_aggregate.hpp"
#include "duckdb/planner/operator/logical_filter.hpp"
#include "engine/aggregate_host.h"
#include "engine/lowering.h"
#include "functions/registry.h"

namespace pyrite {
namespace {

CallInfo aggregate_info(const resolved::AggregateCall& call, const resolved::Expression& expression,
                        const std::shared_ptr<const SessionFacts>& session) {
  CallInfo info;
  info.function = call.function;
  info.name = std::string(call.function->name);
  info.result_type = expression.type;
  info.mode = call.mode;
  info.origin = expression.origin;
  info.session = session;
  info.time_zone = session->time_zone;
  for (const resolved::ExpressionPtr& argument : call.arguments) {
    info.argument_types.push_back(argument->type);
    info.argument_nullable.push_back(argument->nullable);
    const resolved::Literal* literal = resolved::as_literal(argument);
    info.constants.push_back(literal ? std::optional<Value>(literal->value) : std::nullopt);
  }
  return info;
}

/// The name of DuckDB's aggregate for the call; empty: a hosted one.
std::string_view engine_aggregate(const FunctionDef& function, const CallInfo& info) {
  if (const auto* engine = std::get_if<lowering::Engine>(&function.lower)) {
    return engine->name;
  }
  if (const auto* own = std::get_if<lowering::OwnAggregate>(&function.lower)) {
    if (!own->engine.empty() && (!own->engine_fits || own->engine_fits(info))) {
      return own->engine;
    }
    return {};
  }
  if (std::holds_alternative<lowering::Todo>(function.lower)) {
    throw_unsupported("function " + info.name);
  }
  throw_internal("function " + info.name + " is not an aggregate");
}

}  // namespace

PlanLowering::BoundAggregate PlanLowering::bind_aggregate(const resolved::AggregateCall& call,
                                                          const resolved::Expression& expression, const Scope& scope) {
  check(call.function, "an aggregate without a function");
  CallInfo info = aggregate_info(call, expression, query_->session);
  DuckExpressions arguments;
  for (const resolved::ExpressionPtr& argument : call.arguments) {
    arguments.push_back(this->expression(argument, scope));
  }
  fold_constants(info, arguments);
  if (call.ignore_nulls) {  // the kernels take it as their last argument
    const resolved::ExpressionPtr flag = resolved::literal(Value(true), Type::boolean());
    info.argument_types.push_back(flag->type);
    info.argument_nullable.push_back(false);
    info.constants.emplace_back(Value(true));
    arguments.push_back(this->expression(flag, scope));
  }
  std::string name(engine_aggregate(*call.function, info));
  BoundAggregate out;
  if (!name.empty()) {
    duckdb::vector<duckdb::LogicalType> types;
    if (name == "count" && !call.distinct &&
        (arguments.empty() || (arguments.size() == 1 && info.constants[0] && !info.constants[0]->is_null()))) {
      name = "count_star";
      arguments.clear();
    }
    for (const DuckExpression& argument : arguments) {
      types.push_back(argument->GetReturnType());
    }
    duckdb::FunctionBinder binder(context_);
    auto bound = binder.BindAggregateFunction(
        duckdb::GetBuiltinAggregateFunction(context_, duckdb::Identifier(name), types), std::move(arguments));
    out.function = duckdb::make_uniq<duckdb::BoundAggregateFunction>(bound->Function());
    out.arguments = std::move(bound->GetChildrenMutable());
    out.data = std::move(bound->BindInfoMutable());
    out.type = bound->GetReturnType();
    return out;
  }
  auto [function, data] = host_aggregate(
      HostedAggregate{std::get<lowering::OwnAggregate>(call.function->lower).kernel, std::move(info)}, query_);
  out.function = duckdb::make_uniq<duckdb::BoundAggregateFunction>(function);
  out.arguments = std::move(arguments);
  out.data = std::move(data);
  out.type = engine_type(expression.type);
  return out;
}

Lowered PlanLowering::lower(const resolved::Aggregate& node, const resolved::Relation& relation) {
  Lowered input = this->relation(node.input);
  const Scope scope(node.input->output, input.columns);
  const duckdb::TableIndex group_index = new_index();
  const duckdb::TableIndex aggregate_index = new_index();
  DuckExpressions aggregates;
  for (const resolved::NamedExpression& named : node.aggregates) {
    const auto* call = std::get_if<resolved::AggregateCall>(&named.expression->node);
    check(call, "an aggregate operator computes something else than an aggregate");
    BoundAggregate bound = bind_aggregate(*call, *named.expression, scope);
    auto aggregate = duckdb::make_uniq<duckdb::BoundAggregateExpression>(
        std::move(*bound.function), std::move(bound.arguments),
        call->filter ? expression(call->filter, scope) : nullptr, std::move(bound.data),
        call->distinct ? duckdb::AggregateType::DISTINCT : duckdb::AggregateType::NON_DISTINCT);
    if (!call->order_by.empty()) {
      aggregate->GetOrderBysMutable() = duckdb::make_uniq<duckdb::BoundOrderModifier>();
      aggregate->GetOrderBysMutable()->orders = orders(call->order_by, scope);
    }
    aggregates.push_back(std::move(aggregate));
  }
  // Collated texts group by their keys; the group shows the first of its texts.
  std::unordered_map<size_t, size_t> first_values;
  for (size_t i = 0; i < node.grouping.size(); ++i) {
    const resolved::ExpressionPtr& value = node.grouping[i].expression;
    if (!compares_by_key(value->type)) {
      continue;
    }
    resolved::AggregateCall first;
    first.function = find_function("first").function;
    first.name = "first";
    first.arguments = {value};
    const auto shown = resolved::make_expression(first, value->type, true);
    BoundAggregate bound = bind_aggregate(first, *shown, scope);
    first_values[i] = aggregates.size();
    aggregates.push_back(duckdb::make_uniq<duckdb::BoundAggregateExpression>(
        std::move(*bound.function), std::move(bound.arguments), nullptr, std::move(bound.data),
        duckdb::AggregateType::NON_DISTINCT));
  }
  // Without input rows a total among other sets has no row in Spark; DuckDB gives one, which this count tells.
  const bool has_total = !node.grouping.empty() &&
                         std::any_of(node.sets.begin(), node.sets.end(), [](const auto& set) { return set.empty(); });
  const duckdb::ColumnBinding rows_of_group(aggregate_index, duckdb::ProjectionIndex(aggregates.size()));
  if (has_total) {
    resolved::AggregateCall count;
    count.function = find_function("count").function;
    count.name = "count";
    const auto shown = resolved::make_expression(count, Type::long_int(), false);
    BoundAggregate bound = bind_aggregate(count, *shown, scope);
    aggregates.push_back(duckdb::make_uniq<duckdb::BoundAggregateExpression>(
        std::move(*bound.function), std::move(bound.arguments), nullptr, std::move(bound.data),
        duckdb::AggregateType::NON_DISTINCT));
  }
  auto aggregate = duckdb::make_uniq<duckdb::LogicalAggregate>(group_index, aggregate_index, std::move(aggregates));
  aggregate->groupings_index = new_index();
  for (const resolved::NamedExpression& group : node.grouping) {
    aggregate->groups.push_back(comparable(expression(group.expression, scope), group.expression->type));
  }
  const auto add_set = [&](const std::vector<int>& positions) {
    duckdb::GroupingSet set;
    for (const int position : positions) {
      set.insert(duckdb::ProjectionIndex(static_cast<size_t>(position)));
    }
    aggregate->grouping_sets.push_back(std::move(set));
  };
  if (!node.sets.empty()) {
    for (const auto& set : node.sets) {
      add_set(set);
    }
  } else if (!node.grouping.empty()) {
    std::vector<int> all(node.grouping.size());
    for (size_t i = 0; i < all.size(); ++i) {
      all[i] = static_cast<int>(i);
    }
    add_set(all);
  }
  // Without groups DuckDB computes no GROUPING value; it would be 0.
  const bool counts_groupings = node.grouping_id && !node.grouping.empty();
  if (counts_groupings) {
    duckdb::unsafe_vector<duckdb::ProjectionIndex> all;
    for (size_t i = 0; i < node.grouping.size(); ++i) {
      all.push_back(duckdb::ProjectionIndex(i));
    }
    aggregate->grouping_functions.push_back(std::move(all));
  }
  DuckExpressions outputs;
  for (size_t i = 0; i < node.grouping.size(); ++i) {
    if (const auto first = first_values.find(i); first != first_values.end()) {
      const duckdb::LogicalType type = aggregate->expressions[first->second]->GetReturnType();
      DuckExpression shown =
          column_ref(type, duckdb::ColumnBinding(aggregate_index, duckdb::ProjectionIndex(first->second)));
      if (!node.sets.empty()) {  // NULL in the sets that do not group by the text
        const duckdb::ProjectionIndex absent(aggregate->grouping_functions.size());
        aggregate->grouping_functions.push_back({duckdb::ProjectionIndex(i)});
        shown = if_then_else(
            compare(duckdb::ExpressionType::COMPARE_EQUAL,
                    column_ref(duckdb::LogicalType::BIGINT, duckdb::ColumnBinding(aggregate->groupings_index, absent)),
                    constant(duckdb::Value::BIGINT(0))),
            std::move(shown), constant(duckdb::Value(type)));
      }
      outputs.push_back(std::move(shown));
      continue;
    }
    outputs.push_back(column_ref(aggregate->groups[i]->GetReturnType(),
                                 duckdb::ColumnBinding(group_index, duckdb::ProjectionIndex(i))));
  }
  for (size_t i = 0; i < node.aggregates.size(); ++i) {
    outputs.push_back(column_ref(aggregate->expressions[i]->GetReturnType(),
                                 duckdb::ColumnBinding(aggregate_index, duckdb::ProjectionIndex(i))));
  }
  if (counts_groupings) {
    outputs.push_back(column_ref(duckdb::LogicalType::BIGINT,
                                 duckdb::ColumnBinding(aggregate->groupings_index, duckdb::ProjectionIndex(0))));
  } else if (node.grouping_id) {
    outputs.push_back(constant(duckdb::Value::BIGINT(0)));
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    outputs[i] = cast_to(context_, std::move(outputs[i]), engine_type(relation.output[i].type));
  }
  aggregate->AddChild(std::move(input.op));
  if (outputs.empty()) {
    return {std::move(aggregate), {}};
  }
  if (!has_total) {
    return project(std::move(aggregate), std::move(outputs));
  }
  auto filter = duckdb::make_uniq<duckdb::LogicalFilter>();
  filter->expressions.push_back(compare(duckdb::ExpressionType::COMPARE_GREATERTHAN,
                                        column_ref(duckdb::LogicalType::BIGINT, rows_of_group),
                                        constant(duckdb::Value::BIGINT(0))));
  filter->AddChild(std::move(aggregate));
  return project(std::move(filter), std::move(outputs));
}

}  // namespace pyrite
