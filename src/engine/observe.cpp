// DataFrame.observe: metrics over the rows of a relation.
#include "engine/observe.h"

#include "plan/resolved_transform.h"

namespace pyrite {

resolved::RelationPtr metrics_plan(const resolved::Observe& node) {
  resolved::Aggregate aggregate{.input = node.input};
  std::vector<resolved::Column> aggregated;
  resolved::Project project;
  std::vector<resolved::Column> output;
  // Ids below those that the analyzer gives.
  resolved::ColumnId next = -1000;
  for (const resolved::NamedExpression& metric : node.metrics) {
    const auto over_aggregates = resolved::transform(metric.expression, [&](const resolved::ExpressionPtr& part) {
      if (!std::holds_alternative<resolved::AggregateCall>(part->node)) {
        return resolved::ExpressionPtr();
      }
      resolved::Column column{.id = next--, .name = "metric", .type = part->type, .nullable = part->nullable};
      aggregate.aggregates.push_back({column, part});
      aggregated.push_back(column);
      return resolved::reference(column);
    });
    project.expressions.push_back({metric.column, over_aggregates});
    output.push_back(metric.column);
  }
  project.input = resolved::make_relation(std::move(aggregate), std::move(aggregated));
  return resolved::make_relation(std::move(project), std::move(output));
}

}  // namespace pyrite
