// Clauses above a select list that may look below it: HAVING, QUALIFY, ORDER BY.
#include <algorithm>
#include <functional>

#include "analyzer/analysis.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/function_def.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

bool has_id(const std::vector<Column>& columns, ColumnId id) {
  return std::any_of(columns.begin(), columns.end(), [&](const Column& column) { return column.id == id; });
}

bool any_reference(const ExpressionPtr& expression, const std::function<bool(const resolved::ColumnRef&)>& test) {
  return resolved::any_node(expression, [&](const ExpressionPtr& node) {
    const auto* reference = std::get_if<resolved::ColumnRef>(&node->node);
    return reference && !reference->outer && test(*reference);
  });
}

/// A condition or order over a select block, as an expression below its projection.
ExpressionPtr below_projection(const Select& select, const ExpressionPtr& expression) {
  resolved::Substitution by_id;
  for (const NamedExpression& each : select.projection) {
    const auto* reference = std::get_if<resolved::ColumnRef>(&each.expression->node);
    if (!reference || reference->id != each.column.id) {
      by_id[each.column.id] = each.expression;
    }
  }
  return by_id.empty() ? expression : resolved::substitute(expression, by_id);
}

/// The columns of an expression that stand below the groups: neither grouped by nor inside an aggregate.
std::vector<ColumnId> ungrouped_columns(Analysis& analysis, const Select& select, const ExpressionPtr& expression) {
  std::vector<ColumnId> found;
  Select copy = select;
  copy.ungrouped = &found;
  analysis.lift_aggregates(copy, below_projection(select, expression));
  return found;
}

/// Adds what is not there yet; was there any?
bool add_new(std::vector<ColumnId>& ids, const std::vector<ColumnId>& found) {
  const size_t before = ids.size();
  for (const ColumnId id : found) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
      ids.push_back(id);
    }
  }
  return ids.size() > before;
}

/// What a clause above a select block can name: the columns of the list and those below it.
class Reach {
 public:
  enum class First { list, below };

  Reach(Analysis& analysis, const Resolved& input, First first)
      : analysis_(analysis), select_(*input.select), list_(scope_of(analysis, input)), first_(first) {
    below_ = scope_of(analysis, select_.base);
    list_.lenient = first == First::list;
    below_.lenient = true;
    if (groups_only()) {
      visible_ = group_columns();
      hidden_.clear();
      below_.visible = &visible_;
      below_.hidden = &hidden_;
    }
  }
  Reach(const Reach&) = delete;
  Reach& operator=(const Reach&) = delete;

  /// Above HAVING's own columns or windows, ORDER BY sees no more than the groups.
  bool groups_only() const {
    return first_ == First::list && (select_.closed || (select_.aggregated && !select_.windows.empty()));
  }

  template <typename Resolve>
  ExpressionPtr resolve(Resolve resolve) {
    ExpressionPtr expression = resolve(scope());
    if (select_.aggregated && !groups_only()) {
      std::vector<ColumnId> out_of_reach;
      while (add_new(out_of_reach, ungrouped_columns(analysis_, select_, expression))) {
        expression = resolve_without(out_of_reach, resolve);
      }
    }
    check_aggregate_arguments(expression);
    return expression;
  }

  Scope scope() {
    Scope& top = first_ == First::list ? list_ : below_;
    top.below = first_ == First::list ? &below_ : &list_;
    Scope out = top;
    out.suggested = list_.visible;
    return out;
  }

  /// Only what is below the list.
  Scope below() const {
    Scope out = below_;
    out.suggested = list_.visible;
    return out;
  }

 private:
  /// Names of columns that are in no group mean a column of the list, or nothing. Inside aggregates they stay.
  template <typename Resolve>
  ExpressionPtr resolve_without(const std::vector<ColumnId>& ungrouped, Resolve resolve) {
    const Scope everything = scope();
    const auto is_ungrouped = [&](const Column& column) {
      return std::find(ungrouped.begin(), ungrouped.end(), column.id) != ungrouped.end();
    };
    visible_ = *below_.visible;
    hidden_ = *below_.hidden;
    std::erase_if(visible_, is_ungrouped);
    std::erase_if(hidden_, is_ungrouped);
    Scope grouped = below_;
    grouped.below = nullptr;
    grouped.visible = &visible_;
    grouped.hidden = &hidden_;
    Scope list = list_;
    list.below = nullptr;
    Scope& top = first_ == First::list ? list : grouped;
    top.below = first_ == First::list ? &grouped : &list;
    top.suggested = list_.visible;
    top.inside_aggregate = &everything;
    return resolve(top);
  }

  /// Grouping columns that are plain columns, and what HAVING added to the groups.
  std::vector<Column> group_columns() const {
    std::vector<Column> out;
    for (const NamedExpression& each : select_.grouping) {
      const auto* reference = std::get_if<resolved::ColumnRef>(&each.expression->node);
      if (reference && !reference->outer) {
        Column column = each.column;
        column.qualifier = reference->qualifier;
        out.push_back(std::move(column));
      }
    }
    for (const NamedExpression& each : select_.aggregates) {
      out.push_back(each.column);
    }
    return out;
  }

  /// An aggregate above the list is computed below it, where the list's own values are not.
  void check_aggregate_arguments(const ExpressionPtr& expression) const {
    const std::vector<Column>& base = select_.base.plan->output;
    const auto is_computed = [&](const resolved::ColumnRef& reference) {
      return has_id(*list_.visible, reference.id) && !has_id(base, reference.id) &&
             std::none_of(select_.grouping.begin(), select_.grouping.end(),
                          [&](const NamedExpression& each) { return each.column.id == reference.id; });
    };
    resolved::any_node(expression, [&](const ExpressionPtr& node) {
      if (!std::holds_alternative<resolved::AggregateCall>(node->node)) {
        return false;
      }
      for (const ExpressionPtr& argument : resolved::children(node)) {
        if (any_reference(argument, [&](const auto& reference) {
              if (is_computed(reference)) {
                throw_missing(reference, node->origin);
              }
              return false;
            })) {
          return true;
        }
      }
      return false;
    });
  }

  [[noreturn]] void throw_missing(const resolved::ColumnRef& reference, const plan::OriginPtr& origin) const {
    std::string input;
    bool appears = false;
    for (const Column& column : select_.base.plan->output) {
      input += (input.empty() ? "\"" : ", \"") + column.name + "\"";
      appears = appears || analysis_.same_name(column.name, reference.name);
    }
    const std::string name = "\"" + reference.name + "\"";
    MessageParameters parameters = {{"missingAttributes", name}, {"input", input}, {"operator", "Aggregate"}};
    if (appears) {
      parameters.emplace_back("operation", name);
    }
    throw_at(origin, SparkError(appears ? "MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_APPEAR_IN_OPERATION"
                                        : "MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT",
                                std::move(parameters)));
  }

  Analysis& analysis_;
  const Select& select_;
  Scope list_;
  Scope below_;
  First first_;
  std::vector<Column> visible_;
  std::vector<Column> hidden_;
};

/// Does a lifted condition use a column of the groups that no item of the select list has computed?
bool adds_to_groups(const Select& select, const ExpressionPtr& lifted) {
  for (const NamedExpression& item : select.projection) {
    if (same_expression(item.expression, lifted)) {
      return false;
    }
  }
  if (const auto* reference = std::get_if<resolved::ColumnRef>(&lifted->node)) {
    return !reference->outer;
  }
  const std::vector<ExpressionPtr> parts = resolved::children(lifted);
  return std::any_of(parts.begin(), parts.end(),
                     [&](const ExpressionPtr& part) { return adds_to_groups(select, part); });
}

bool is_extraction_error(const SparkError& error) {
  return error.condition() == "INVALID_EXTRACT_BASE_FIELD_TYPE" || error.condition() == "FIELD_NOT_FOUND" ||
         error.condition() == "INVALID_EXTRACT_FIELD_TYPE";
}

/// An order that does not fit the list's columns (x[0] of a number, …) may fit those below it.
ExpressionPtr resolve_order_item(Analysis& analysis, const plan::ExpressionPtr& item, const Resolved& input) {
  if (!input.select) {
    return analysis.resolve(item, scope_of(analysis, input));
  }
  Reach reach(analysis, input, Reach::First::list);
  return reach.resolve([&](const Scope& scope) {
    try {
      return analysis.resolve(item, scope);
    } catch (const SparkError& error) {
      if (!is_extraction_error(error)) {
        throw;
      }
    }
    return analysis.resolve(item, reach.below());
  });
}

/// ORDER BY 2.
ExpressionPtr column_at(const Resolved& input, int64_t position, const plan::OriginPtr& origin) {
  if (position < 1 || position > static_cast<int64_t>(input.visible.size())) {
    throw_at(origin, SparkError("ORDER_BY_POS_OUT_OF_RANGE",
                                {{"index", std::to_string(position)}, {"size", std::to_string(input.visible.size())}}));
  }
  return resolved::reference(input.visible[static_cast<size_t>(position - 1)]);
}

/// ORDER BY computes nothing over many rows itself.
void check_order(const Select* select, const ExpressionPtr& expression, const plan::OriginPtr& origin) {
  const bool lifts_aggregates =
      select && select->aggregated && !select->closed && select->windows.empty() && !contains_window(expression);
  std::string refused;
  resolved::any_node(expression, [&](const ExpressionPtr& node) {
    const bool aggregate = std::holds_alternative<resolved::AggregateCall>(node->node);
    if (std::holds_alternative<resolved::WindowCall>(node->node) || (aggregate && !lifts_aggregates)) {
      refused += (refused.empty() ? "\"" : ", \"") + expression_sql(node) + "\"";
    }
    return false;
  });
  if (!refused.empty()) {
    throw_at(origin, SparkError("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", refused}}));
  }
}

/// Can the sort compute this from the columns that its input shows?
bool is_over(const std::vector<Column>& output, const ExpressionPtr& expression) {
  return !contains_aggregate(expression) && !contains_subquery(expression) &&
         !any_reference(expression, [&](const auto& reference) { return !has_id(output, reference.id); }) &&
         !resolved::any_node(expression, [](const ExpressionPtr& part) {
           const auto* call = std::get_if<resolved::Call>(&part->node);
           const auto* special = call ? std::get_if<lowering::Special>(&call->function->lower) : nullptr;
           return special && (special->form == SpecialForm::grouping || special->form == SpecialForm::grouping_id);
         });
}

/// The select block whose list a sort key can join: the input's own, or one that passes every column.
std::shared_ptr<Select> select_over(const Resolved& input) {
  if (input.select) {
    return std::make_shared<Select>(*input.select);
  }
  auto select = std::make_shared<Select>();
  select->base = input;
  for (const Column& column : input.plan->output) {
    select->projection.push_back(pass(column));
  }
  return select;
}

/// A sort key computed below the projection: the column of the list that holds it, added where there is none.
ExpressionPtr add_sort_key(Analysis& analysis, Select& select, const ExpressionPtr& expression) {
  const ExpressionPtr lifted = analysis.lift(select, below_projection(select, expression));
  for (const NamedExpression& item : select.projection) {
    if (same_expression(item.expression, lifted)) {
      return resolved::reference(item.column);
    }
  }
  Column column = column_for("sort_key", lifted);
  if (const auto* reference = std::get_if<resolved::ColumnRef>(&lifted->node)) {
    column.id = reference->id;
    column.name = reference->name;
  }
  select.projection.push_back({column, lifted});
  return resolved::reference(column);
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Having& node) {
  Resolved input = resolve(node.input);
  check(input.select != nullptr, "HAVING stands on a select block");
  if (calls_time_window(*this, {node.condition})) {
    const WindowedInput windowed(*this, input, {node.condition});
    const ExpressionPtr condition = resolve_condition(node.condition, windowed.scope(), "HAVING");
    const std::vector<Column> columns = windowed.plan()->output;
    return windowed.result(resolved::make_relation(resolved::Filter{windowed.plan(), condition}, columns), {condition});
  }
  auto select = std::make_shared<Select>(*input.select);
  const auto resolve_over = [&](const Scope& scope) { return resolve_condition(node.condition, scope, "HAVING"); };
  if (!select->aggregated) {
    // HAVING without GROUP BY: one group of all rows.
    select->aggregated = true;
    for (NamedExpression& each : select->projection) {
      each.expression = lift_aggregates(*select, each.expression);
    }
  }
  input.select = select;
  const ExpressionPtr condition = Reach(*this, input, Reach::First::below).resolve(resolve_over);
  if (contains_window(condition)) {
    throw_at(node.condition->origin, SparkError("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", {{"clauseName", "HAVING"}}));
  }
  ExpressionPtr lifted = lift_aggregates(*select, below_projection(*select, condition));
  select->closed = adds_to_groups(*select, lifted);
  select->having.push_back(std::move(lifted));
  return build(select);
}

Resolved Analysis::resolve_node(const plan::Qualify& node) {
  Resolved input = resolve(node.input);
  check(input.select != nullptr, "QUALIFY stands on a select block");
  auto select = std::make_shared<Select>(*input.select);
  add_time_windows(*this, select->base, {node.condition});
  if (select->base.time_windows && !select->aggregated) {
    for (const Column& column : select->base.time_windows->columns) {
      select->projection.insert(select->projection.begin(), pass(column));
    }
  }
  Scope scope = scope_of(*this, select->base);
  const Scope outputs = scope_of(*this, input);
  scope.below = &outputs;
  ExpressionPtr condition = resolve_condition(node.condition, scope, "QUALIFY");
  if (!contains_window(condition) && select->windows.empty()) {
    throw_at(node.condition->origin, SparkError("QUALIFY_REQUIRES_WINDOW_FUNCTION"));
  }
  select->qualify.push_back(lift(*select, below_projection(*select, condition)));
  return build(select);
}

namespace {

/// ORDER BY over windows of time.
Resolved sort_by_windows(Analysis& analysis, const plan::Sort& node, const Resolved& input,
                         const std::vector<plan::ExpressionPtr>& keys) {
  const WindowedInput windowed(analysis, input, keys);
  const Scope scope = windowed.scope();
  std::vector<resolved::SortOrder> order;
  std::vector<ExpressionPtr> used;
  for (const plan::SortOrder& each : node.order) {
    const auto* literal = std::get_if<plan::Literal>(&each.child->node);
    const bool position = literal && literal->type.is(TypeKind::integer) && !literal->value.is_null();
    used.push_back(position ? column_at(input, literal->value.integer(), each.child->origin)
                            : analysis.resolve(each.child, scope));
    check_order(nullptr, used.back(), each.child->origin);
    order.push_back(analysis.sort_order(each, used.back()));
  }
  const std::vector<Column> columns = windowed.plan()->output;
  return windowed.result(resolved::make_relation(resolved::Sort{windowed.plan(), std::move(order)}, columns), used);
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Sort& node) {
  Resolved input = resolve(node.input);
  std::vector<plan::ExpressionPtr> keys;
  for (const plan::SortOrder& each : node.order) {
    keys.push_back(each.child);
  }
  if (!node.order_by_all && calls_time_window(*this, keys)) {
    return sort_by_windows(*this, node, input, keys);
  }
  std::vector<resolved::SortOrder> order;
  if (node.order_by_all) {
    for (const Column& column : input.visible) {
      order.push_back(sort_order(node.order.empty() ? plan::SortOrder{} : node.order[0], resolved::reference(column)));
    }
  }
  for (const plan::SortOrder& each : node.order) {
    if (node.order_by_all) {
      break;
    }
    const auto* literal = std::get_if<plan::Literal>(&each.child->node);
    if (literal && literal->type.is(TypeKind::integer) && !literal->value.is_null()) {
      order.push_back(sort_order(each, column_at(input, literal->value.integer(), each.child->origin)));
      continue;
    }
    ExpressionPtr expression = resolve_order_item(*this, each.child, input);
    check_order(input.select.get(), expression, each.child->origin);
    order.push_back(sort_order(each, std::move(expression)));
  }
  // What the output does not have is computed below and dropped again after sorting.
  std::shared_ptr<Select> select;
  for (resolved::SortOrder& each : order) {
    if (!is_over(input.plan->output, each.expression)) {
      select = select ? select : select_over(input);
      each.expression = add_sort_key(*this, *select, each.expression);
    }
  }
  Resolved out = input;
  if (select) {
    out.plan = build(select).plan;
  }
  const std::vector<Column> output = out.plan->output;
  out.plan = resolved::make_relation(resolved::Sort{out.plan, std::move(order)}, output);
  if (select) {
    out.plan = trimmed(out);
  }
  out.select = nullptr;
  return out;
}

}  // namespace pyrite::analysis
