// Window functions.
#include "duckdb/common/enums/expression_type.hpp"
#include "duckdb/function/builtin_function_lookup.hpp"
#include "duckdb/function/function_binder.hpp"
#include "duckdb/function/window_function.hpp"
#include "duckdb/planner/expression/bound_window_expression.hpp"
#include "duckdb/planner/operator/logical_window.hpp"
#include "engine/lowering.h"
#include "functions/bind_call.h"
#include "plan/resolved_transform.h"

namespace pyrite {
namespace {

using duckdb::WindowBoundary;
using plan::BoundKind;
using plan::FrameUnit;

WindowBoundary boundary(const resolved::FrameBound& bound, FrameUnit unit) {
  const bool rows = unit == FrameUnit::rows;
  switch (bound.kind) {
    case BoundKind::unbounded_preceding:
      return WindowBoundary::UNBOUNDED_PRECEDING;
    case BoundKind::preceding:
      return rows ? WindowBoundary::EXPR_PRECEDING_ROWS : WindowBoundary::EXPR_PRECEDING_RANGE;
    case BoundKind::current_row:
      return rows ? WindowBoundary::CURRENT_ROW_ROWS : WindowBoundary::CURRENT_ROW_RANGE;
    case BoundKind::following:
      return rows ? WindowBoundary::EXPR_FOLLOWING_ROWS : WindowBoundary::EXPR_FOLLOWING_RANGE;
    case BoundKind::unbounded_following:
      return WindowBoundary::UNBOUNDED_FOLLOWING;
  }
  throw_internal("an unknown frame bound");
}

bool has_offset(const resolved::FrameBound& bound) {
  return bound.kind == BoundKind::preceding || bound.kind == BoundKind::following;
}

/// The engine's name of a window function; first, last and their like read the frame's ends directly.
struct EngineWindow {
  std::string name;
  bool ignore_nulls = false;
  size_t arguments = 0;
};

bool true_literal(const std::vector<resolved::ExpressionPtr>& arguments, size_t index) {
  const resolved::Literal* literal = index < arguments.size() ? resolved::as_literal(arguments[index]) : nullptr;
  return literal && !literal->value.is_null() && literal->value.boolean();
}

std::optional<EngineWindow> engine_window(const resolved::WindowCall& window) {
  if (const auto* call = std::get_if<resolved::Call>(&window.function->node)) {
    const auto* engine = std::get_if<lowering::Engine>(&call->function->lower);
    if (!engine) {
      throw_unsupported("window function " + call->name);
    }
    size_t arguments = call->arguments.size();
    const bool ranks = engine->name == "rank" || engine->name == "dense_rank" || engine->name == "percent_rank" ||
                       engine->name == "cume_dist" || engine->name == "row_number";
    return EngineWindow{std::string(engine->name), window.ignore_nulls, ranks ? 0 : arguments};
  }
  const auto& call = std::get<resolved::AggregateCall>(window.function->node);
  const std::string_view name = call.function->name;
  const bool first = name == "first" || name == "first_value" || name == "any_value";
  const bool last = name == "last" || name == "last_value";
  if ((first || last) && !call.distinct && !call.filter && call.order_by.empty()) {
    const bool ignore = window.ignore_nulls || call.ignore_nulls || true_literal(call.arguments, 1);
    return EngineWindow{first ? "first_value" : "last_value", ignore, 1};
  }
  return std::nullopt;
}

}  // namespace

/// A frame bound by value: the order key moved by the offset, in the direction that the order runs.
DuckExpression PlanLowering::range_bound(const resolved::FrameBound& bound, const resolved::SortOrder& order,
                                         const Scope& scope) {
  const bool towards_smaller = (bound.kind == BoundKind::preceding) == order.ascending;
  const Type& key = order.expression->type;
  resolved::ExpressionPtr moved;
  if (key.is(TypeKind::date) && bound.offset->type.is_integral()) {
    moved =
        call(towards_smaller ? "date_sub" : "date_add", {order.expression, bound.offset}, resolved::EvalMode::legacy);
  } else {
    const resolved::ExpressionPtr offset =
        key.is_numeric() ? pyrite::cast_to(bound.offset, key, resolved::EvalMode::legacy) : bound.offset;
    moved = call(towards_smaller ? "-" : "+", {order.expression, offset}, resolved::EvalMode::legacy);
  }
  return expression(pyrite::cast_to(moved, key, resolved::EvalMode::legacy), scope);
}

DuckExpression PlanLowering::window_expression(const resolved::WindowCall& window,
                                               const resolved::Expression& expression, const Scope& scope) {
  duckdb::unique_ptr<duckdb::BoundWindowExpression> out;
  if (const std::optional<EngineWindow> engine = engine_window(window)) {
    const auto* call = std::get_if<resolved::Call>(&window.function->node);
    const auto& arguments = call ? call->arguments : std::get<resolved::AggregateCall>(window.function->node).arguments;
    DuckExpressions lowered;
    duckdb::vector<duckdb::LogicalType> types;
    for (size_t i = 0; i < engine->arguments; ++i) {
      lowered.push_back(this->expression(arguments[i], scope));
      // Offsets and counts are 64-bit for DuckDB.
      if (i == 1 || engine->name == "ntile") {
        lowered.back() = duckdb_cast(std::move(lowered.back()), duckdb::LogicalType::BIGINT);
      }
      types.push_back(lowered.back()->GetReturnType());
    }
    if (engine->name == "ntile" && lowered.empty()) {
      lowered.push_back(constant(duckdb::Value::BIGINT(1)));
      types.push_back(duckdb::LogicalType::BIGINT);
    }
    duckdb::FunctionBinder binder(context_);
    duckdb::vector<duckdb::LogicalType> order_types;
    duckdb::vector<duckdb::LogicalType> argument_order_types;
    for (const resolved::SortOrder& order : window.order_by) {
      order_types.push_back(engine_type(order.expression->type));
    }
    out = binder.BindWindowFunction(duckdb::GetBuiltinWindowFunction(context_, duckdb::Identifier(engine->name), types),
                                    std::move(lowered), order_types, argument_order_types);
    out->IgnoreNullsMutable() = engine->ignore_nulls;
  } else {
    const auto& call = std::get<resolved::AggregateCall>(window.function->node);
    BoundAggregate bound = bind_aggregate(call, *window.function, scope);
    out = duckdb::make_uniq<duckdb::BoundWindowExpression>(bound.type, std::move(bound.function), nullptr,
                                                           std::move(bound.data));
    out->GetChildrenMutable() = std::move(bound.arguments);
    out->DistinctMutable() = call.distinct;
    out->IgnoreNullsMutable() = false;
    if (call.filter) {
      out->FilterMutable() = this->expression(call.filter, scope);
    }
    out->ArgOrdersMutable() = orders(call.order_by, scope);
  }
  for (const resolved::ExpressionPtr& key : window.partition_by) {
    out->PartitionsMutable().push_back(comparable(this->expression(key, scope), key->type));
  }
  out->OrderByMutable() = orders(window.order_by, scope);
  const resolved::FrameBound lower = resolved::with_distance(window.frame.lower);
  const resolved::FrameBound upper = resolved::with_distance(window.frame.upper);
  out->WindowStartMutable() = boundary(lower, window.frame.unit);
  out->WindowEndMutable() = boundary(upper, window.frame.unit);
  const auto offset = [&](const resolved::FrameBound& bound) -> DuckExpression {
    if (!has_offset(bound)) {
      return nullptr;
    }
    if (window.frame.unit == FrameUnit::rows) {
      return duckdb_cast(this->expression(bound.offset, scope), duckdb::LogicalType::BIGINT);
    }
    check(window.order_by.size() == 1, "a range frame with offsets needs one sort key");
    return range_bound(bound, window.order_by[0], scope);
  };
  out->StartExprMutable() = offset(lower);
  out->EndExprMutable() = offset(upper);
  return out;
}

DuckExpression PlanLowering::duckdb_cast(DuckExpression expression, const duckdb::LogicalType& type) {
  return pyrite::cast_to(context_, std::move(expression), type);
}

Lowered PlanLowering::lower(const resolved::Window& node, const resolved::Relation& relation) {
  Lowered input = this->relation(node.input);
  const Scope scope(node.input->output, input.columns);
  const duckdb::TableIndex index = new_index();
  auto window = duckdb::make_uniq<duckdb::LogicalWindow>(index);
  for (const resolved::NamedExpression& named : node.windows) {
    const auto* call = std::get_if<resolved::WindowCall>(&named.expression->node);
    check(call, "a window operator computes something else than a window function");
    window->expressions.push_back(window_expression(*call, *named.expression, scope));
  }
  DuckExpressions outputs;
  for (size_t i = 0; i < node.input->output.size(); ++i) {
    outputs.push_back(column_ref(engine_type(node.input->output[i].type), input.columns[i]));
  }
  for (size_t i = 0; i < node.windows.size(); ++i) {
    outputs.push_back(duckdb_cast(
        column_ref(window->expressions[i]->GetReturnType(), duckdb::ColumnBinding(index, duckdb::ProjectionIndex(i))),
        engine_type(relation.output[node.input->output.size() + i].type)));
  }
  window->AddChild(std::move(input.op));
  return project(std::move(window), std::move(outputs));
}

}  // namespace pyrite
