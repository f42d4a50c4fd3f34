// Order and number of rows.
#include <atomic>

#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "duckdb/planner/operator/logical_limit.hpp"
#include "duckdb/planner/operator/logical_order.hpp"
#include "duckdb/planner/operator/logical_sample.hpp"
#include "engine/forbid_copies.h"
#include "engine/lowering.h"

namespace pyrite {
namespace {

/// Numbers rows as they come: equal sort keys keep their order as far as one thread sees them.
struct ArrivalData final : duckdb::FunctionData {
  std::shared_ptr<std::atomic<int64_t>> next = std::make_shared<std::atomic<int64_t>>(0);

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    auto copy = duckdb::make_uniq<ArrivalData>();
    copy->next = next;
    return copy;
  }
  bool Equals(const duckdb::FunctionData& other) const override { return other.Cast<ArrivalData>().next == next; }
};

void run_arrival(duckdb::DataChunk& arguments, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const auto& data = state.expr.Cast<duckdb::BoundFunctionExpression>().BindInfo()->Cast<ArrivalData>();
  const auto rows = static_cast<int64_t>(arguments.size());
  const int64_t first = data.next->fetch_add(rows);
  auto* out = duckdb::FlatVector::GetDataMutable<int64_t>(result);
  for (int64_t i = 0; i < rows; ++i) {
    out[i] = first + i;
  }
}

DuckExpression arrival_number() {
  duckdb::ScalarFunction function("arrival", {}, duckdb::LogicalType::BIGINT, run_arrival);
  function.SetVolatile();
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(duckdb::BoundScalarFunction(forbid_copies(function)),
                                                            DuckExpressions(), duckdb::make_uniq<ArrivalData>());
}

}  // namespace

duckdb::vector<duckdb::BoundOrderByNode> PlanLowering::orders(const std::vector<resolved::SortOrder>& order,
                                                              const Scope& scope) {
  duckdb::vector<duckdb::BoundOrderByNode> out;
  for (const resolved::SortOrder& key : order) {
    out.emplace_back(key.ascending ? duckdb::OrderType::ASCENDING : duckdb::OrderType::DESCENDING,
                     key.nulls_first ? duckdb::OrderByNullType::NULLS_FIRST : duckdb::OrderByNullType::NULLS_LAST,
                     comparable(expression(key.expression, scope), key.expression->type));
  }
  return out;
}

Lowered PlanLowering::lower(const resolved::Sort& node, const resolved::Relation&) {
  Lowered input = relation(node.input);
  const Scope input_scope(node.input->output, input.columns);
  DuckExpressions outputs;
  for (size_t i = 0; i < node.input->output.size(); ++i) {
    outputs.push_back(column_ref(engine_type(node.input->output[i].type), input.columns[i]));
  }
  const size_t width = outputs.size();
  auto keys = orders(node.order, input_scope);
  for (const duckdb::BoundOrderByNode& key : keys) {
    outputs.push_back(key.expression->Copy());
  }
  outputs.push_back(arrival_number());
  Lowered out = project(std::move(input.op), std::move(outputs));
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i].expression = column_ref(keys[i].expression->GetReturnType(), out.columns[width + i]);
  }
  keys.emplace_back(duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_FIRST,
                    column_ref(duckdb::LogicalType::BIGINT, out.columns.back()));
  auto sort = duckdb::make_uniq<duckdb::LogicalOrder>(std::move(keys));
  sort->AddChild(std::move(out.op));
  out.op = std::move(sort);
  out.columns.resize(width);
  return out;
}

Lowered PlanLowering::lower(const resolved::Limit& node, const resolved::Relation&) {
  Lowered input = relation(node.input);
  auto count = node.count ? duckdb::BoundLimitNode::ConstantValue(*node.count) : duckdb::BoundLimitNode();
  auto offset = node.offset > 0 ? duckdb::BoundLimitNode::ConstantValue(node.offset) : duckdb::BoundLimitNode();
  auto limit = duckdb::make_uniq<duckdb::LogicalLimit>(std::move(count), std::move(offset));
  limit->AddChild(std::move(input.op));
  return {std::move(limit), std::move(input.columns)};
}

}  // namespace pyrite
