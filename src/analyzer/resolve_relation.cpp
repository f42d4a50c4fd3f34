// Relations: dispatch over the unresolved nodes and the nodes of a few lines.
#include <atomic>
#include <functional>

#include "analyzer/analysis.h"
#include "analyzer/file_metadata.h"
#include "analyzer/generator_columns.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/java_format.h"
#include "plan/resolved_transform.h"

namespace pyrite {

resolved::RelationPtr with_fresh_ids(const resolved::RelationPtr& relation) {
  std::unordered_map<resolved::ColumnId, resolved::ColumnId> ids;
  const std::function<resolved::Column(const resolved::Column&)> column = [&](const resolved::Column& given) {
    resolved::Column out = given;
    auto [at, fresh] = ids.try_emplace(given.id, 0);
    if (fresh) {
      at->second = next_column_id();
    }
    out.id = at->second;
    return out;
  };
  std::function<resolved::RelationPtr(const resolved::RelationPtr&)> refresh;
  std::function<resolved::ExpressionPtr(const resolved::ExpressionPtr&)> expression =
      [&](const resolved::ExpressionPtr& given) {
        return resolved::transform(given, [&](const resolved::ExpressionPtr& node) -> resolved::ExpressionPtr {
          if (const auto* reference = std::get_if<resolved::ColumnRef>(&node->node)) {
            const auto at = ids.find(reference->id);
            if (at == ids.end()) {
              return node;
            }
            resolved::ColumnRef moved = *reference;
            moved.id = at->second;
            return resolved::make_expression(std::move(moved), node->type, node->nullable, node->origin);
          }
          if (const auto* subquery = std::get_if<resolved::Subquery>(&node->node)) {
            resolved::Subquery copy = *subquery;
            for (auto& value : copy.values) {
              value = expression(value);
            }
            for (resolved::Column& each : copy.outer_columns) {
              const auto at = ids.find(each.id);
              each.id = at == ids.end() ? each.id : at->second;
            }
            copy.relation = refresh(copy.relation);
            return resolved::make_expression(std::move(copy), node->type, node->nullable, node->origin);
          }
          return nullptr;
        });
      };
  refresh = [&](const resolved::RelationPtr& input) { return resolved::rebuild(input, refresh, expression, column); };
  return refresh(relation);
}

namespace analysis {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

int64_t limit_value(Analysis& analysis, const plan::ExpressionPtr& count, const Scope& scope, const std::string& name) {
  const resolved::ExpressionPtr expression = analysis.resolve(count, scope);
  const plan::OriginPtr& origin = count->origin;
  if (!is_foldable(expression)) {
    throw_at(origin, SparkError("INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE",
                                {{"name", name}, {"expr", "\"" + expression_sql(expression) + "\""}}));
  }
  if (!expression->type.is_integral() && !expression->type.is(TypeKind::null)) {
    throw_at(origin, SparkError("INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE",
                                {{"name", name},
                                 {"expr", "\"" + expression_sql(expression) + "\""},
                                 {"dataType", "\"" + sql_string(expression->type) + "\""}}));
  }
  const Value value = analysis.constant_value(expression);
  if (value.is_null()) {
    throw_at(origin, SparkError("INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL",
                                {{"name", name}, {"expr", "\"" + expression_sql(expression) + "\""}}));
  }
  if (value.integer() < 0) {
    throw_at(origin, SparkError("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
                                {{"name", name},
                                 {"expr", "\"" + expression_sql(expression) + "\""},
                                 {"v", std::to_string(value.integer())}}));
  }
  return value.integer();
}

/// A metric as an error shows it.
std::string metric_sql(const NamedExpression& metric) {
  const std::string sql = expression_sql(metric.expression);
  return "\"" +
         (std::holds_alternative<resolved::ColumnRef>(metric.expression->node)
              ? sql
              : sql + " AS " + quote_if_needed(metric.column.name)) +
         "\"";
}

/// A metric computes with aggregates: columns stand only inside them.
void check_metric(const NamedExpression& metric, const resolved::ExpressionPtr& part, bool in_aggregate) {
  const auto refuse = [&](const std::string& why) {
    throw SparkError("INVALID_OBSERVED_METRICS." + why, {{"expr", metric_sql(metric)}});
  };
  if (const auto* call = std::get_if<resolved::AggregateCall>(&part->node)) {
    if (in_aggregate) {
      refuse("NESTED_AGGREGATES_UNSUPPORTED");
    }
    if (call->distinct) {
      refuse("AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED");
    }
    if (call->filter) {
      refuse("AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED");
    }
    in_aggregate = true;
  } else if (std::holds_alternative<resolved::WindowCall>(part->node)) {
    refuse("WINDOW_EXPRESSIONS_UNSUPPORTED");
  } else if (!in_aggregate && std::holds_alternative<resolved::ColumnRef>(part->node)) {
    refuse("NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE");
  } else if (!in_aggregate && resolved::children(part).empty() && !is_deterministic(part)) {
    refuse("NON_AGGREGATE_FUNC_ARG_IS_NON_DETERMINISTIC");
  }
  for (const resolved::ExpressionPtr& child : resolved::children(part)) {
    check_metric(metric, child, in_aggregate);
  }
}

}  // namespace

resolved::RelationPtr Analysis::resolve_to_plan(const plan::RelationPtr& relation) {
  return trimmed(resolve(relation));
}

Resolved Analysis::resolve(const plan::RelationPtr& relation) {
  DepthGuard guard(depth);
  Resolved out = std::visit(
      Overloaded{
          [&](const plan::NamedTable& node) { return resolve_node(node, *relation); },
          [&](const plan::InlineTable& node) { return resolve_node(node, *relation); },
          [&](const plan::TableFunction& node) { return resolve_node(node, *relation); },
          [&](const plan::OneRow&) { return plain(resolved::make_relation(resolved::OneRow{}, {})); },
          [&](const plan::SqlText& node) { return resolve(host.parse_query(node)); },
          [&](const plan::CachedRemoteRelation& node) { return plain(with_fresh_ids(host.cached_relation(node.id))); },
          [&](const plan::Tail& node) {
            if (node.count < 0) {
              throw SparkError("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
                               {{"name", "tail"},
                                {"expr", "\"" + std::to_string(node.count) + "\""},
                                {"v", std::to_string(node.count)}});
            }
            Resolved input = resolve(node.input);
            const std::vector<Column> output = input.plan->output;
            input.plan = resolved::make_relation(resolved::Tail{input.plan, node.count}, output);
            input.select = nullptr;
            return input;
          },
          // One engine, one partition: where rows lie does not show.
          [&](const plan::Repartition& node) {
            Resolved input = resolve(node.input);
            if (calls_time_window(*this, node.expressions)) {
              const WindowedInput windowed(*this, input, node.expressions);
              return windowed.result(windowed.plan(), {});
            }
            const Scope scope = scope_of(*this, input);
            for (const plan::ExpressionPtr& each : node.expressions) {
              resolve(each, scope);
            }
            input.select = nullptr;
            return input;
          },
          // Hints change how Spark runs a query, never its answer.
          [&](const plan::Hint& node) { return resolve(node.input); },
          [&](const plan::Distinct& node) {
            return resolve_node(plan::Deduplicate{node.input, {}, true, false});
          },
          [&](const plan::CatalogQuery& node) { return plain(host.answer_catalog(node)); },
          [&](const plan::CommandResult& node) { return plain(host.run_command(*node.command)); },
          [&](const plan::Unsupported& node) -> Resolved { throw_unsupported(node.feature); },
          [&](const auto& node) { return resolve_node(node); },
      },
      relation->node);
  if (relation->plan_id) {
    std::vector<Column>& columns = out.plan_columns[*relation->plan_id].emplace_back(out.visible);
    std::copy_if(out.hidden.begin(), out.hidden.end(), std::back_inserter(columns), is_file_metadata);
  }
  return out;
}

Resolved Analysis::resolve_node(const plan::Limit& node) {
  Resolved input = resolve(node.input);
  const int64_t count = limit_value(*this, node.count, scope_of(*this, input), "limit");
  const std::vector<Column> output = input.plan->output;
  input.plan = resolved::make_relation(resolved::Limit{input.plan, count, 0}, output);
  input.select = nullptr;
  return input;
}

Resolved Analysis::resolve_node(const plan::Offset& node) {
  Resolved input = resolve(node.input);
  const int64_t count = limit_value(*this, node.count, scope_of(*this, input), "offset");
  const std::vector<Column> output = input.plan->output;
  input.plan = resolved::make_relation(resolved::Limit{input.plan, std::nullopt, count}, output);
  input.select = nullptr;
  return input;
}

namespace {

void check_fraction(const plan::Sample& node) {
  constexpr double rounding = 1e-6;
  const double fraction = node.upper_bound - node.lower_bound;
  const bool fits = fraction >= -rounding && (node.with_replacement || fraction <= 1 + rounding);
  if (!fits) {
    throw SparkError::plain(
        ErrorKind::illegal_argument,
        "requirement failed: Sampling fraction (" + java_text(fraction) + ") must be " +
            (node.with_replacement ? "nonnegative with replacement" : "on interval [0, 1] without replacement"));
  }
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Sample& node) {
  Resolved input = resolve(node.input);
  const std::vector<Column> output = input.plan->output;
  input.select = nullptr;
  if (node.row_count) {
    input.plan = resolved::make_relation(resolved::Limit{input.plan, *node.row_count, 0}, output);
    return input;
  }
  check_fraction(node);
  static std::atomic<int64_t> next_seed{42};
  resolved::Sample sample{input.plan, node.lower_bound, node.upper_bound, node.with_replacement,
                          node.seed.value_or(next_seed++)};
  input.plan = resolved::make_relation(std::move(sample), output);
  return input;
}

Resolved Analysis::resolve_node(const plan::SubqueryAlias& node) {
  Resolved input = resolve(node.input);
  if (!node.column_names.empty()) {
    if (node.column_names.size() != input.visible.size()) {
      throw SparkError("ASSIGNMENT_ARITY_MISMATCH", {{"numExpr", std::to_string(input.visible.size())},
                                                     {"numTarget", std::to_string(node.column_names.size())}});
    }
    std::vector<NamedExpression> list;
    for (size_t i = 0; i < input.visible.size(); ++i) {
      Column column = input.visible[i];
      column.id = next_column_id();
      column.name = node.column_names[i];
      list.push_back({column, resolved::reference(input.visible[i])});
    }
    input = plain(project(input.plan, std::move(list)), std::move(input.plan_columns));
  }
  plan::NameParts qualifier = node.qualifier;
  qualifier.push_back(node.alias);
  std::erase_if(input.hidden, [](const Column& column) { return !is_file_metadata(column); });
  for (std::vector<Column>* columns : {&input.visible, &input.hidden}) {
    for (Column& column : *columns) {
      column.qualifier = qualifier;
    }
  }
  input.select = nullptr;
  return input;
}

Resolved Analysis::resolve_node(const plan::LateralView& node) {
  Resolved input = resolve(node.input);
  add_time_windows(*this, input, {node.generator});
  Scope scope = scope_of(*this, input);
  scope.generators_allowed = true;
  const resolved::ExpressionPtr generator = resolve(node.generator, scope);
  if (!is_generator(generator)) {
    throw_at(node.generator->origin,
             SparkError("UNSUPPORTED_GENERATOR.NOT_GENERATOR",
                        {{"functionName", quoted({expression_sql(generator)})}, {"classCanonicalName", ""}}));
  }
  const bool outer = node.outer || generator_is_outer(generator);
  std::vector<Column> generated = generator_columns(*this, generator, outer);
  if (!node.column_aliases.empty()) {
    if (node.column_aliases.size() != generated.size()) {
      std::string names;
      for (const std::string& name : node.column_aliases) {
        names += (names.empty() ? "" : ",") + name;
      }
      throw_at(node.generator->origin,
               SparkError("UDTF_ALIAS_NUMBER_MISMATCH",
                          {{"aliasesSize", std::to_string(generated.size())}, {"aliasesNames", names}}));
    }
    for (size_t i = 0; i < generated.size(); ++i) {
      generated[i].name = node.column_aliases[i];
    }
  }
  for (Column& column : generated) {
    column.qualifier = node.table_alias.empty() ? plan::NameParts{} : plan::NameParts{node.table_alias};
  }
  std::vector<Column> output = input.plan->output;
  output.insert(output.end(), generated.begin(), generated.end());
  input.visible.insert(input.visible.end(), generated.begin(), generated.end());
  input.plan = resolved::make_relation(resolved::Generate{input.plan, generator, outer, generated}, output);
  input.select = nullptr;
  if (input.time_windows) {
    for (const Column& column : input.time_windows->columns) {
      input.visible.insert(input.visible.begin(), column);
    }
    input.time_windows = nullptr;
  }
  return input;
}

Resolved Analysis::resolve_node(const plan::WithRelations& node) {
  for (const plan::RelationPtr& reference : node.references) {
    if (reference->plan_id) {
      references[*reference->plan_id] = reference;
    }
    // A named reference (a DataFrame in a SQL text) is a view of this query only.
    if (const auto* alias = std::get_if<plan::SubqueryAlias>(&reference->node)) {
      auto entry = std::make_shared<CommonTableEntry>();
      entry->name = alias->alias;
      entry->plan = resolve_to_plan(alias->input);
      entry->inlined = true;
      common_tables.push_back(std::move(entry));
    }
  }
  return resolve(node.root);
}

Resolved Analysis::resolve_node(const plan::CollectMetrics& node) {
  Resolved input = resolve(node.input);
  if (calls_time_window(*this, node.metrics)) {
    const WindowedInput windowed(*this, input, node.metrics);
    input = windowed.result(windowed.plan(), {});
    input.time_windows = windowed.windows();
  } else {
    input.plan = trimmed(input);
  }
  input.hidden.clear();
  input.select = nullptr;
  if (node.name.empty()) {
    throw SparkError::plain(ErrorKind::illegal_argument, "observed metrics need a name");
  }
  std::vector<NamedExpression> metrics = resolve_list(node.metrics, scope_of(*this, input));
  for (const NamedExpression& metric : metrics) {
    check_metric(metric, metric.expression, false);
  }
  const std::vector<Column> output = input.plan->output;
  input.plan = resolved::make_relation(resolved::Observe{input.plan, node.name, std::move(metrics)}, output);
  input.time_windows = nullptr;
  return input;
}

}  // namespace analysis
}  // namespace pyrite
