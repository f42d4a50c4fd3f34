// Sources of rows that are in memory: values, ranges, local data and stored tables.
#include <atomic>

#include "duckdb/function/table_function.hpp"
#include "duckdb/planner/operator/logical_column_data_get.hpp"
#include "duckdb/planner/operator/logical_expression_get.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "duckdb/planner/operator/logical_set_operation.hpp"
#include "engine/forbid_copies.h"
#include "engine/local_data.h"
#include "engine/lowering.h"

namespace pyrite {
namespace {

// ---- ranges

struct RangeData final : duckdb::TableFunctionData {
  int64_t start = 0;
  int64_t step = 1;
  uint64_t count = 0;
};

/// Rows that a thread takes at a time; a multiple of a vector.
constexpr uint64_t range_morsel = 60 * STANDARD_VECTOR_SIZE;

struct RangeGlobal final : duckdb::GlobalTableFunctionState {
  std::atomic<uint64_t> next{0};
  uint64_t count = 0;
  duckdb::idx_t MaxThreads() const override { return count / range_morsel + 1; }
};

struct RangeLocal final : duckdb::LocalTableFunctionState {
  uint64_t at = 0;
  uint64_t end = 0;
  uint64_t morsel = 0;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> range_global(duckdb::ClientContext&,
                                                                  duckdb::TableFunctionInitInput& input) {
  auto state = duckdb::make_uniq<RangeGlobal>();
  state->count = input.bind_data->Cast<RangeData>().count;
  return state;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> range_local(duckdb::ExecutionContext&,
                                                                duckdb::TableFunctionInitInput&,
                                                                duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<RangeLocal>();
}

void range_scan(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& data = input.bind_data->Cast<RangeData>();
  auto& global = input.global_state->Cast<RangeGlobal>();
  auto& local = input.local_state->Cast<RangeLocal>();
  if (local.at == local.end) {
    const uint64_t morsel = global.next.fetch_add(1);
    const uint64_t first = morsel > data.count / range_morsel ? data.count : morsel * range_morsel;
    local.morsel = morsel;
    local.at = first;
    local.end = std::min(data.count, first + range_morsel);
  }
  const uint64_t rows = std::min<uint64_t>(STANDARD_VECTOR_SIZE, local.end - local.at);
  if (rows == 0) {
    output.SetChildCardinality(0);
    return;
  }
  const auto first =
      static_cast<int64_t>(static_cast<uint64_t>(data.start) + local.at * static_cast<uint64_t>(data.step));
  output.data[0].Sequence(first, data.step, rows);
  output.SetChildCardinality(rows);
  local.at += rows;
}

duckdb::OperatorPartitionData range_partition(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<RangeLocal>().morsel);
}

duckdb::unique_ptr<duckdb::NodeStatistics> range_cardinality(duckdb::ClientContext&, const duckdb::FunctionData* data) {
  const uint64_t count = data->Cast<RangeData>().count;
  return duckdb::make_uniq<duckdb::NodeStatistics>(count, count);
}

uint64_t range_count(const resolved::RangeScan& range) {
  const auto distance =
      range.step > 0 ? static_cast<Int128>(range.end) - range.start : static_cast<Int128>(range.start) - range.end;
  if (distance <= 0 || range.step == 0) {
    return 0;
  }
  const Int128 step = range.step > 0 ? static_cast<Int128>(range.step) : -static_cast<Int128>(range.step);
  return static_cast<uint64_t>((distance + step - 1) / step);
}

duckdb::vector<duckdb::LogicalType> engine_types(const std::vector<resolved::Column>& columns) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const resolved::Column& column : columns) {
    types.push_back(engine_type(column.type));
  }
  return types;
}

std::vector<duckdb::ColumnBinding> bindings_of(duckdb::TableIndex index, size_t count) {
  std::vector<duckdb::ColumnBinding> out;
  for (size_t i = 0; i < count; ++i) {
    out.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  return out;
}

}  // namespace

Lowered PlanLowering::lower(const resolved::RangeScan& node, const resolved::Relation&) {
  duckdb::TableFunction function("range_scan", {}, range_scan, nullptr, range_global, range_local);
  function.get_partition_data = range_partition;
  function.cardinality = range_cardinality;
  auto data = duckdb::make_uniq<RangeData>();
  data->start = node.start;
  data->step = node.step;
  data->count = range_count(node);
  const duckdb::TableIndex index = new_index();
  auto get = duckdb::make_uniq<duckdb::LogicalGet>(
      index, duckdb::BoundTableFunction(forbid_copies(function)), std::move(data),
      duckdb::vector<duckdb::LogicalType>{duckdb::LogicalType::BIGINT}, duckdb::vector<duckdb::Identifier>{"id"});
  get->AddColumnId(0);
  return {std::move(get), bindings_of(index, 1)};
}

Lowered PlanLowering::lower(const resolved::InlineRows& node, const resolved::Relation& relation) {
  const Scope empty;
  duckdb::vector<duckdb::LogicalType> types = engine_types(relation.output);
  duckdb::vector<DuckExpressions> rows;
  for (const auto& row : node.rows) {
    DuckExpressions& out = rows.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) {
      out.push_back(cast_to(context_, expression(row[i], empty), types[i]));
    }
  }
  const size_t width = types.size();
  const duckdb::TableIndex index = new_index();
  auto get = duckdb::make_uniq<duckdb::LogicalExpressionGet>(index, std::move(types), std::move(rows));
  get->AddChild(dummy_scan().op);
  return {std::move(get), bindings_of(index, width)};
}

Lowered PlanLowering::lower(const resolved::LocalData& node, const resolved::Relation& relation) {
  auto rows = read_local_data(context_, node, relation.output);
  auto types = rows->Types();
  const size_t width = relation.output.size();
  const duckdb::TableIndex index = new_index();
  auto get = duckdb::make_uniq<duckdb::LogicalColumnDataGet>(index, std::move(types), std::move(rows));
  return {std::move(get), bindings_of(index, width)};
}

Lowered PlanLowering::empty_rows(const std::vector<resolved::Column>& columns) {
  auto types = engine_types(columns);
  if (types.empty()) {
    types.push_back(duckdb::LogicalType::BOOLEAN);
  }
  const duckdb::TableIndex index = new_index();
  auto get = duckdb::make_uniq<duckdb::LogicalColumnDataGet>(
      index, types, duckdb::make_uniq<duckdb::ColumnDataCollection>(context_, types));
  return {std::move(get), bindings_of(index, columns.size())};
}

Lowered PlanLowering::lower(const resolved::TableScan& node, const resolved::Relation&) {
  const Storage storage = storages_.snapshot(node.storage);
  const auto types = engine_types(storage.columns);
  DuckOperator op;
  duckdb::TableIndex index;
  const auto scan = [&](duckdb::optionally_owned_ptr<duckdb::ColumnDataCollection> rows) {
    index = new_index();
    return duckdb::make_uniq<duckdb::LogicalColumnDataGet>(index, types, std::move(rows));
  };
  if (storage.runs->empty()) {
    op = scan(duckdb::make_uniq<duckdb::ColumnDataCollection>(context_, types));
  }
  for (const auto& run : *storage.runs) {
    DuckOperator next = scan(run);
    if (!op) {
      op = std::move(next);
      continue;
    }
    index = new_index();
    op = duckdb::make_uniq<duckdb::LogicalSetOperation>(index, types.size(), std::move(op), std::move(next),
                                                        duckdb::LogicalOperatorType::LOGICAL_UNION, true, false);
  }
  Lowered out{std::move(op), {}};
  for (const int position : node.column_indexes) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(static_cast<size_t>(position)));
  }
  return out;
}

}  // namespace pyrite
