// Select blocks: how a select list stands over aggregate, windows and generators, and the plan it makes.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/file_metadata.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/function_def.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

bool is_form(const ExpressionPtr& expression, SpecialForm form) {
  const auto* call = std::get_if<resolved::Call>(&expression->node);
  const auto* special = call ? std::get_if<lowering::Special>(&call->function->lower) : nullptr;
  return special && special->form == form;
}

/// The position of a grouping expression, or of the column that it has above the groups; else -1.
int grouping_position(const Select& select, const ExpressionPtr& expression) {
  const auto* reference = std::get_if<resolved::ColumnRef>(&expression->node);
  for (size_t i = 0; i < select.grouping.size(); ++i) {
    const NamedExpression& each = select.grouping[i];
    if ((reference && reference->id == each.column.id) || same_expression(each.expression, expression)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

std::string grouping_list(const Select& select) {
  std::string out;
  for (const NamedExpression& each : select.grouping) {
    out += (out.empty() ? "" : ", ") + expression_sql(each.expression);
  }
  return out;
}

void need_grouping_id(Select& select) {
  if (select.sets.empty()) {
    throw SparkError("UNSUPPORTED_GROUPING_EXPRESSION");
  }
  if (!select.grouping_id) {
    select.grouping_id = new_column("spark_grouping_id", Type::long_int(), false);
  }
}

/// grouping(a): one bit of the grouping id.
ExpressionPtr grouping_bit(Analysis& analysis, Select& select, const ExpressionPtr& expression) {
  need_grouping_id(select);
  const auto& call = std::get<resolved::Call>(expression->node);
  const int position = call.arguments.empty() ? -1 : grouping_position(select, call.arguments[0]);
  if (position < 0) {
    throw_at(expression->origin,
             SparkError("GROUPING_COLUMN_MISMATCH",
                        {{"grouping", call.arguments.empty() ? "" : expression_sql(call.arguments[0])},
                         {"groupingColumns", grouping_list(select)}}));
  }
  const int shift = static_cast<int>(select.grouping.size()) - 1 - position;
  ExpressionPtr shifted =
      analysis.bind("shiftright", {resolved::reference(*select.grouping_id), resolved::int_literal(shift)});
  ExpressionPtr bit = analysis.bind("&", {shifted, resolved::literal(Value(int64_t{1}), Type::long_int())});
  return cast_to(bit, Type::byte(), analysis.mode());
}

ExpressionPtr whole_grouping_id(Select& select, const ExpressionPtr& expression) {
  need_grouping_id(select);
  const auto& call = std::get<resolved::Call>(expression->node);
  bool matches = call.arguments.empty() || call.arguments.size() == select.grouping.size();
  for (size_t i = 0; matches && i < call.arguments.size(); ++i) {
    matches = grouping_position(select, call.arguments[i]) == static_cast<int>(i);
  }
  if (!matches) {
    std::string given;
    for (const ExpressionPtr& each : call.arguments) {
      given += (given.empty() ? "" : ",") + expression_sql(each);
    }
    throw_at(expression->origin, SparkError("GROUPING_ID_COLUMN_MISMATCH",
                                            {{"groupingIdColumn", given}, {"groupByColumns", grouping_list(select)}}));
  }
  return resolved::reference(*select.grouping_id);
}

ExpressionPtr add_aggregate(Select& select, const ExpressionPtr& expression) {
  for (const NamedExpression& each : select.aggregates) {
    if (same_expression(each.expression, expression)) {
      return resolved::reference(each.column);
    }
  }
  select.aggregates.push_back({column_for(output_name(expression), expression), expression});
  return resolved::reference(select.aggregates.back().column);
}

/// A subquery's own references to columns around it must be grouping columns too.
ExpressionPtr lift_subquery(Analysis& analysis, Select& select, const ExpressionPtr& expression) {
  const auto& node = std::get<resolved::Subquery>(expression->node);
  resolved::Subquery copy = node;
  for (ExpressionPtr& value : copy.values) {
    value = analysis.lift_aggregates(select, value);
  }
  resolved::Substitution by_id;
  for (const Column& column : node.outer_columns) {
    const int position = grouping_position(select, resolved::reference(column));
    if (position >= 0) {
      by_id[column.id] = resolved::reference(select.grouping[static_cast<size_t>(position)].column);
      continue;
    }
    const bool from_base = std::any_of(select.base.plan->output.begin(), select.base.plan->output.end(),
                                       [&](const Column& each) { return each.id == column.id; });
    if (from_base) {
      // The engine needs a value a group: any of the group's, as Spark's own rewrite takes the first.
      throw_at(expression->origin, SparkError("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE",
                                              {{"sqlExprs", "\"" + column.name + "\""}}));
    }
  }
  ExpressionPtr made =
      resolved::make_expression(std::move(copy), expression->type, expression->nullable, expression->origin);
  return by_id.empty() ? made : resolved::substitute(made, by_id);
}

}  // namespace

ExpressionPtr Analysis::lift_aggregates(Select& select, const ExpressionPtr& expression) {
  return resolved::transform(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
    if (resolved::as_literal(node)) {
      return node;
    }
    const int position = grouping_position(select, node);
    if (position >= 0) {
      return resolved::reference(select.grouping[static_cast<size_t>(position)].column);
    }
    if (std::holds_alternative<resolved::AggregateCall>(node->node)) {
      return add_aggregate(select, node);
    }
    if (is_form(node, SpecialForm::grouping)) {
      return grouping_bit(*this, select, node);
    }
    if (is_form(node, SpecialForm::grouping_id)) {
      return whole_grouping_id(select, node);
    }
    if (std::holds_alternative<resolved::Subquery>(node->node)) {
      return lift_subquery(*this, select, node);
    }
    if (const auto* window = std::get_if<resolved::WindowCall>(&node->node)) {
      // The window's own function stays; what it is computed from is lifted.
      std::vector<ExpressionPtr> parts = resolved::children(node);
      for (size_t i = 0; i < parts.size(); ++i) {
        if (parts[i] != window->function) {
          parts[i] = lift_aggregates(select, parts[i]);
          continue;
        }
        std::vector<ExpressionPtr> inner = resolved::children(parts[i]);
        for (ExpressionPtr& each : inner) {
          each = lift_aggregates(select, each);
        }
        parts[i] = resolved::with_children(parts[i], std::move(inner));
      }
      return resolved::with_children(node, std::move(parts));
    }
    if (const auto* reference = std::get_if<resolved::ColumnRef>(&node->node)) {
      if (reference->outer) {
        return node;
      }
      const auto is_known = [&](const Column& column) { return column.id == reference->id; };
      const bool lifted = std::any_of(select.grouping.begin(), select.grouping.end(),
                                      [&](const NamedExpression& each) { return is_known(each.column); }) ||
                          std::any_of(select.aggregates.begin(), select.aggregates.end(),
                                      [&](const NamedExpression& each) { return is_known(each.column); });
      if (lifted) {
        return node;
      }
      if (select.ungrouped) {
        select.ungrouped->push_back(reference->id);
        return node;
      }
      if (select.grouping.empty() && select.sets.empty()) {
        throw_at(node->origin, SparkError("MISSING_GROUP_BY"));
      }
      const std::string sql = "\"" + expression_sql(node) + "\"";
      throw_at(node->origin, SparkError("MISSING_AGGREGATION",
                                        {{"expression", sql},
                                         {"expressionAnyValue", "\"any_value(" + expression_sql(node) + ")\""}}));
    }
    return nullptr;
  });
}

ExpressionPtr Analysis::lift_windows(Select& select, const ExpressionPtr& expression) {
  return resolved::transform(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
    if (!std::holds_alternative<resolved::WindowCall>(node->node)) {
      return nullptr;
    }
    for (const NamedExpression& each : select.windows) {
      if (same_expression(each.expression, node)) {
        return resolved::reference(each.column);
      }
    }
    select.windows.push_back({column_for(output_name(node), node), node});
    return resolved::reference(select.windows.back().column);
  });
}

namespace {

bool makes_null_of(const ExpressionPtr& node, const std::vector<ExpressionPtr>& parts) {
  const auto nullable = [](const ExpressionPtr& part) { return part->nullable; };
  const auto* call = std::get_if<resolved::Call>(&node->node);
  if (!call) {
    const bool passes_on =
        std::holds_alternative<resolved::Cast>(node->node) || std::holds_alternative<resolved::GetField>(node->node);
    return passes_on && std::any_of(parts.begin(), parts.end(), nullable);
  }
  switch (call->function->nullability) {
    case Nullability::never:
      return false;
    case Nullability::always:
      return true;
    case Nullability::if_any_argument:
      return std::any_of(parts.begin(), parts.end(), nullable);
    case Nullability::if_all_arguments:
      return !parts.empty() && std::all_of(parts.begin(), parts.end(), nullable);
    case Nullability::if_first_argument:
      return !parts.empty() && parts[0]->nullable;
  }
  return false;
}

/// Grouping sets made columns nullable, and with them what is computed of these.
ExpressionPtr with_new_nullability(const ExpressionPtr& expression) {
  std::vector<ExpressionPtr> parts = resolved::children(expression);
  if (parts.empty()) {
    return expression;
  }
  for (ExpressionPtr& part : parts) {
    part = with_new_nullability(part);
  }
  resolved::Expression out = *resolved::with_children(expression, parts);
  out.nullable = out.nullable || makes_null_of(expression, parts);
  return std::make_shared<const resolved::Expression>(std::move(out));
}

}  // namespace

ExpressionPtr Analysis::lift(Select& select, const ExpressionPtr& expression) {
  ExpressionPtr lifted = select.aggregated ? lift_aggregates(select, expression) : expression;
  lifted = lift_windows(select, lifted);
  return select.sets.empty() ? lifted : with_new_nullability(lifted);
}

Resolved Analysis::build(const std::shared_ptr<Select>& select) {
  resolved::RelationPtr plan = select->base.plan;
  if (select->aggregated) {
    std::vector<Column> output;
    for (const NamedExpression& each : select->grouping) {
      output.push_back(each.column);
    }
    for (const NamedExpression& each : select->aggregates) {
      output.push_back(each.column);
    }
    if (select->grouping_id) {
      output.push_back(*select->grouping_id);
    }
    plan = aggregate_rows(
        *this, resolved::Aggregate{plan, select->grouping, select->sets, select->aggregates, select->grouping_id},
        output);
  }
  for (const ExpressionPtr& condition : select->having) {
    const std::vector<Column> output = plan->output;
    plan = resolved::make_relation(resolved::Filter{plan, condition}, output);
  }
  // Windows see the rows that generators made, but not those of groups; a generator over a window is above it.
  const auto generate = [&](bool over_windows) {
    for (const Select::Generated& each : select->generators) {
      const bool uses_window = resolved::any_node(each.generator, [&](const ExpressionPtr& node) {
        const auto* reference = std::get_if<resolved::ColumnRef>(&node->node);
        return reference && std::any_of(select->windows.begin(), select->windows.end(),
                                        [&](const auto& window) { return window.column.id == reference->id; });
      });
      if ((uses_window || select->aggregated) == over_windows) {
        std::vector<Column> output = plan->output;
        output.insert(output.end(), each.columns.begin(), each.columns.end());
        plan = resolved::make_relation(resolved::Generate{plan, each.generator, each.outer, each.columns}, output);
      }
    }
  };
  generate(false);
  if (!select->windows.empty()) {
    std::vector<Column> output = plan->output;
    for (const NamedExpression& each : select->windows) {
      output.push_back(each.column);
    }
    plan = resolved::make_relation(resolved::Window{plan, select->windows}, output);
  }
  for (const ExpressionPtr& condition : select->qualify) {
    const std::vector<Column> output = plan->output;
    plan = resolved::make_relation(resolved::Filter{plan, condition}, output);
  }
  generate(true);
  std::vector<NamedExpression> projection = select->projection;
  const size_t width = projection.size();
  std::vector<Column> passed;
  for (const Column& column : select->aggregated ? std::vector<Column>() : select->base.hidden) {
    const bool shown = std::any_of(projection.begin(), projection.end(),
                                   [&](const NamedExpression& each) { return each.column.id == column.id; });
    if (is_file_metadata(column) && !shown) {
      passed.push_back(column);
      projection.push_back(pass(column));
    }
  }
  Resolved out = plain(project(plan, std::move(projection)), select->base.plan_columns);
  out.visible.resize(width);
  out.hidden = std::move(passed);
  out.select = select;
  return out;
}

}  // namespace pyrite::analysis
