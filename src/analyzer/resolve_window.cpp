// Window calls: the function, its partitions, order and frame.
#include "analyzer/analysis.h"
#include "analyzer/properties.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/registry.h"
#include "plan/resolved_transform.h"
#include "types/value_sign.h"

namespace pyrite::analysis {
namespace {

using plan::BoundKind;
using plan::FrameUnit;
using resolved::ExpressionPtr;

/// Functions whose frame is fixed: from the partition's start to the current row.
bool is_rank_like(std::string_view name) {
  return name == "row_number" || name == "rank" || name == "dense_rank" || name == "percent_rank" ||
         name == "cume_dist" || name == "ntile";
}
bool is_offset_like(std::string_view name) { return name == "lag" || name == "lead"; }

const FunctionDef* function_of(const ExpressionPtr& expression) {
  if (const auto* call = std::get_if<resolved::Call>(&expression->node)) {
    return call->function;
  }
  if (const auto* aggregate = std::get_if<resolved::AggregateCall>(&expression->node)) {
    return aggregate->function;
  }
  return nullptr;
}

ExpressionPtr resolve_function(Analysis& analysis, const plan::ExpressionPtr& expression, const Scope& scope,
                               bool& ignore_nulls) {
  const auto* call = std::get_if<plan::Call>(&expression->node);
  if (!call) {
    return analysis.resolve(expression, scope);
  }
  const FoundFunction found = find_function(call->name.back());
  const bool is_window = found.function && found.function->kind == FunctionKind::window && call->name.size() == 1;
  ignore_nulls = call->ignore_nulls.value_or(false);
  if (!is_window) {
    Scope function_scope = scope;
    function_scope.is_window_function = true;
    return analysis.resolve(expression, function_scope);
  }
  if (call->distinct) {
    throw_at(expression->origin,
             SparkError("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                        {{"prettyName", quoted({std::string(found.shown_name)})}, {"syntax", "DISTINCT"}}));
  }
  std::vector<ExpressionPtr> arguments;
  for (const plan::ExpressionPtr& each : call->arguments) {
    arguments.push_back(analysis.resolve(each, scope));
  }
  if (found.function->name == "nth_value" && arguments.size() == 3 && is_foldable(arguments[2])) {
    const Value flag = analysis.constant_value(arguments[2]);
    ignore_nulls = !flag.is_null() && flag.boolean();
    arguments.pop_back();
  }
  if (is_offset_like(found.function->name) && arguments.size() == 4 && is_foldable(arguments[3])) {
    const Value flag = analysis.constant_value(arguments[3]);
    ignore_nulls = !flag.is_null() && flag.boolean();
    arguments.pop_back();
  }
  BindOptions options{analysis.mode(), std::string(found.shown_name), expression->origin};
  return bind_call(*found.function, std::move(arguments), options);
}

bool is_zero(const Value& value) { return std::holds_alternative<int64_t>(value.storage()) && value.integer() == 0; }

/// Rows frames count rows; range frames measure in the order column's type.
void check_offset(const ExpressionPtr& offset, const resolved::WindowCall& call, bool upper) {
  const std::string location = upper ? "upper" : "lower";
  if (!is_foldable(offset)) {
    throw SparkError("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE",
                     {{"sqlExpr", "\"" + expression_sql(offset) + "\""},
                      {"location", location},
                      {"expression", "\"" + expression_sql(offset) + "\""}});
  }
  if (call.frame.unit == FrameUnit::rows && !offset->type.is_integral()) {
    throw SparkError("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
                     {{"sqlExpr", "\"" + expression_sql(offset) + "\""},
                      {"location", location},
                      {"exprType", "\"" + sql_string(offset->type) + "\""},
                      {"expectedType", "\"INT\""}});
  }
}

std::string bound_text(const resolved::FrameBound& bound) {
  switch (bound.kind) {
    case BoundKind::unbounded_preceding:
      return "UNBOUNDED PRECEDING";
    case BoundKind::unbounded_following:
      return "UNBOUNDED FOLLOWING";
    case BoundKind::current_row:
      return "CURRENT ROW";
    case BoundKind::preceding:
      return expression_sql(bound.offset) + " PRECEDING";
    case BoundKind::following:
      return expression_sql(bound.offset) + " FOLLOWING";
  }
  return {};
}

/// The lower bound may not lie behind the upper one.
void check_frame_order(const resolved::WindowFrame& frame) {
  const resolved::FrameBound lower = resolved::with_distance(frame.lower);
  const resolved::FrameBound upper = resolved::with_distance(frame.upper);
  const std::string text = std::string(frame.unit == FrameUnit::rows ? "\"ROWS" : "\"RANGE") + " BETWEEN " +
                           bound_text(frame.lower) + " AND " + bound_text(frame.upper) + "\"";
  if (lower.kind == BoundKind::unbounded_following || upper.kind == BoundKind::unbounded_preceding) {
    const auto value = [](const resolved::FrameBound& bound) {
      const std::string shown = bound.offset ? expression_sql(bound.offset) : bound_text(bound);
      return "\"" + std::string(bound.kind == BoundKind::preceding ? "-" : "") + shown + "\"";
    };
    throw SparkError("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND",
                     {{"sqlExpr", text}, {"upper", value(upper)}, {"lower", value(lower)}});
  }
  const auto side = [](const resolved::FrameBound& bound) {
    return bound.kind == BoundKind::preceding || bound.kind == BoundKind::unbounded_preceding   ? -1
           : bound.kind == BoundKind::following || bound.kind == BoundKind::unbounded_following ? 1
                                                                                                : 0;
  };
  bool wrong = side(lower) > side(upper);
  if (side(lower) == side(upper) && lower.offset && upper.offset && same_type(lower.offset->type, upper.offset->type)) {
    const auto* low = resolved::as_literal(lower.offset);
    const auto* high = resolved::as_literal(upper.offset);
    wrong = low && high && compare_values(low->value, high->value, lower.offset->type) * side(lower) > 0;
  }
  if (wrong) {
    throw SparkError("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
                     {{"sqlExpr", text}, {"comparison", "less than or equal"}});
  }
}

resolved::FrameBound resolve_bound(Analysis& analysis, const plan::FrameBound& bound, const Scope& scope,
                                   const resolved::WindowCall& call, bool upper) {
  resolved::FrameBound out{bound.kind, nullptr};
  if (!bound.offset) {
    return out;
  }
  ExpressionPtr offset = analysis.resolve(bound.offset, scope);
  check_offset(offset, call, upper);
  Type type = offset->type;
  if (call.frame.unit == FrameUnit::range && call.order_by.size() == 1) {
    const Type& key = call.order_by[0].expression->type;
    if (key.is_numeric() && type.is_numeric() && !same_type(key, type)) {
      type = key;
      offset = cast_to(offset, key, analysis.mode());
    }
  }
  Value value = analysis.constant_value(offset);
  if (value.is_null()) {
    throw SparkError("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE",
                     {{"sqlExpr", "\"" + expression_sql(offset) + "\""},
                      {"location", upper ? "upper" : "lower"},
                      {"expression", "\"" + expression_sql(offset) + "\""}});
  }
  if (is_zero(value)) {
    return {BoundKind::current_row, nullptr};
  }
  if (is_negative(value) && bound.kind == BoundKind::preceding) {
    value = negated(value);
    out.kind = BoundKind::following;
  }
  out.offset = resolved::literal(std::move(value), type);
  return out;
}

void check_range_frame(const resolved::WindowCall& call) {
  const bool offsets = call.frame.lower.offset || call.frame.upper.offset;
  if (call.frame.unit != FrameUnit::range || !call.frame_written) {
    return;
  }
  const auto is_edge = [](const resolved::FrameBound& bound) {
    return bound.kind == BoundKind::unbounded_preceding || bound.kind == BoundKind::unbounded_following;
  };
  if (call.order_by.empty() && !(is_edge(call.frame.lower) && is_edge(call.frame.upper))) {
    throw SparkError("DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER", {{"sqlExpr", "\"\""}});
  }
  if (offsets && call.order_by.size() > 1) {
    std::string order;
    for (const resolved::SortOrder& each : call.order_by) {
      order += (order.empty() ? "" : ", ") + expression_sql(each.expression);
    }
    throw SparkError("DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER", {{"sqlExpr", "\"\""}, {"orderSpec", order}});
  }
  if (offsets) {
    const Type& key = call.order_by[0].expression->type;
    for (const resolved::FrameBound* bound : {&call.frame.lower, &call.frame.upper}) {
      if (!bound->offset) {
        continue;
      }
      const Type& type = bound->offset->type;
      const bool fits = (key.is_numeric() && type.is_numeric()) ||
                        (key.is_datetime() && (type.is_ansi_interval() || type.is(TypeKind::calendar_interval))) ||
                        (key.is(TypeKind::date) && type.is(TypeKind::integer)) ||
                        (key.is_ansi_interval() && key.kind() == type.kind());
      if (!fits) {
        throw SparkError("DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
                         {{"sqlExpr", "\"\""},
                          {"orderSpecType", "\"" + sql_string(key) + "\""},
                          {"valueBoundaryType", "\"" + sql_string(type) + "\""}});
      }
    }
  }
}

/// lag(x, n) and lead(x, n) may be given their own frame, the one row that they read. Its bounds are compared as they
/// were written: SQL's `1 PRECEDING` is another expression than an offset of -1, and Spark refuses it.
bool is_own_frame(Analysis& analysis, const plan::WindowFrame& frame, const ExpressionPtr& function,
                  std::string_view name, const Scope& scope) {
  const auto& arguments = std::get<resolved::Call>(function->node).arguments;
  const Value offset = arguments.size() > 1 ? analysis.constant_value(arguments[1]) : Value(int64_t{1});
  if (frame.unit != FrameUnit::rows || !std::holds_alternative<int64_t>(offset.storage())) {
    return false;
  }
  const auto is_offset = [&](const plan::FrameBound& bound) {
    if (bound.kind != BoundKind::following) {
      return false;
    }
    const Value value = analysis.constant_value(analysis.resolve(bound.offset, scope));
    return std::holds_alternative<int64_t>(value.storage()) &&
           value.integer() == (name == "lag" ? -offset.integer() : offset.integer());
  };
  return is_offset(frame.lower) && is_offset(frame.upper);
}

}  // namespace

ExpressionPtr Analysis::resolve_window(const plan::Window& window, const Scope& outer_scope,
                                       const plan::OriginPtr& origin) {
  Scope scope = outer_scope;
  scope.generators_allowed = false;
  resolved::WindowCall call;
  call.function = resolve_function(*this, window.function, scope, call.ignore_nulls);
  const FunctionDef* function = function_of(call.function);
  if (!function || (function->kind != FunctionKind::window && function->kind != FunctionKind::aggregate)) {
    throw_at(origin,
             SparkError("UNSUPPORTED_EXPR_FOR_WINDOW", {{"sqlExpr", "\"" + expression_sql(call.function) + "\""}}));
  }
  if (contains_window(call.function)) {
    throw_at(origin,
             SparkError("UNSUPPORTED_EXPR_FOR_WINDOW", {{"sqlExpr", "\"" + expression_sql(call.function) + "\""}}));
  }
  const auto* aggregate = std::get_if<resolved::AggregateCall>(&call.function->node);
  if (aggregate && aggregate->distinct) {
    throw_at(origin, SparkError("DISTINCT_WINDOW_FUNCTION_UNSUPPORTED",
                                {{"windowExpr", "\"" + expression_sql(call.function) + "\""}}));
  }
  if (aggregate) {
    call.ignore_nulls = aggregate->ignore_nulls;
  }
  for (const plan::ExpressionPtr& each : window.partition_by) {
    call.partition_by.push_back(resolve(each, scope));
  }
  call.order_by = resolve_order(window.order_by, scope);
  call.frame_written = window.frame.has_value();
  try {
    if (window.frame) {
      call.frame.unit = window.frame->unit;
      call.frame.lower = resolve_bound(*this, window.frame->lower, scope, call, false);
      call.frame.upper = resolve_bound(*this, window.frame->upper, scope, call, true);
      check_range_frame(call);
      check_frame_order(call.frame);
    }
  } catch (SparkError& error) {
    throw_at(origin, error);
  }
  const bool fixed = is_rank_like(function->name) || is_offset_like(function->name);
  if (fixed && call.order_by.empty()) {
    throw_at(origin, SparkError("WINDOW_FUNCTION_FRAME_NOT_ORDERED", {{"wf_name", std::string(function->name)},
                                                                      {"wf_expr", expression_sql(call.function)}}));
  }
  const FrameUnit own_unit = function->name == "cume_dist" ? FrameUnit::range : FrameUnit::rows;
  if (fixed && call.frame_written) {
    const bool expected = is_offset_like(function->name)
                              ? is_own_frame(*this, *window.frame, call.function, function->name, scope)
                              : call.frame.unit == own_unit &&
                                    call.frame.lower.kind == BoundKind::unbounded_preceding &&
                                    call.frame.upper.kind == BoundKind::current_row;
    if (!expected) {
      throw_at(origin, SparkError("WINDOW_FUNCTION_AND_FRAME_MISMATCH",
                                  {{"funcName", "\"" + expression_sql(call.function) + "\""}, {"windowExpr", ""}}));
    }
  }
  if (is_rank_like(function->name)) {
    call.frame = {own_unit, {BoundKind::unbounded_preceding, nullptr}, {BoundKind::current_row, nullptr}};
    call.frame_written = true;
  } else if (is_offset_like(function->name)) {
    call.frame = {
        FrameUnit::rows, {BoundKind::unbounded_preceding, nullptr}, {BoundKind::unbounded_following, nullptr}};
  } else if (!window.frame) {
    const bool ordered = !call.order_by.empty();
    call.frame = {ordered ? FrameUnit::range : FrameUnit::rows,
                  {BoundKind::unbounded_preceding, nullptr},
                  {ordered ? BoundKind::current_row : BoundKind::unbounded_following, nullptr}};
    call.frame_written = true;
  }
  const std::string_view name = function->name;
  const bool whole_frame = call.frame.lower.kind == BoundKind::unbounded_preceding &&
                           call.frame.upper.kind == BoundKind::unbounded_following;
  // These sort their group themselves.
  const auto* own = std::get_if<resolved::AggregateCall>(&call.function->node);
  if ((name == "median" || name == "percentile_cont" || name == "percentile_disc" || (own && !own->order_by.empty())) &&
      (!call.order_by.empty() || !whole_frame)) {
    throw_at(origin, SparkError("INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC",
                                {{"aggFunc", "\"" + expression_sql(call.function) + "\""}}));
  }
  const Type type = call.function->type;
  const bool nullable = call.function->nullable;
  return resolved::make_expression(std::move(call), type, nullable, origin);
}

}  // namespace pyrite::analysis
