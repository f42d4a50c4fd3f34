// Hosts our aggregates as DuckDB aggregate functions.
#include "engine/aggregate_host.h"

#include <span>

#include "duckdb/common/clustered_aggregate.hpp"
#include "engine/forbid_copies.h"
#include "engine/types.h"
#include "engine/vector_view.h"

namespace pyrite {
namespace {

struct AggregateData final : duckdb::FunctionData {
  struct Fixed {
    HostedAggregate hosted;
    QueryStatePtr query;
    std::shared_ptr<void> prepared;
  };
  std::shared_ptr<const Fixed> fixed;

  explicit AggregateData(std::shared_ptr<const Fixed> fixed_p) : fixed(std::move(fixed_p)) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<AggregateData>(fixed); }
  bool Equals(const duckdb::FunctionData& other_p) const override {
    const Fixed& other = *other_p.Cast<AggregateData>().fixed;
    const CallInfo& a = fixed->hosted.call;
    const CallInfo& b = other.hosted.call;
    return &other == fixed.get() || (a.function == b.function && a.name == b.name && a.mode == b.mode &&
                                     a.argument_types == b.argument_types && a.result_type == b.result_type);
  }
};

const AggregateData::Fixed& fixed_of(duckdb::optional_ptr<duckdb::FunctionData> data) {
  return *data->Cast<AggregateData>().fixed;
}

KernelContext context_of(const AggregateData::Fixed& fixed) { return {fixed.hosted.call, fixed.prepared.get()}; }

std::vector<ColumnView> views_of(VectorViews& views, const CallInfo& call, duckdb::Vector inputs[], size_t count,
                                 size_t rows) {
  std::vector<ColumnView> columns;
  columns.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    columns.push_back(views.view(inputs[i], call.argument_types[i], rows));
  }
  return columns;
}

/// The states that a vector of pointers names, one a row.
template <class T>
std::vector<T> states_of(duckdb::Vector& pointers, size_t rows) {
  duckdb::UnifiedVectorFormat format;
  pointers.ToUnifiedFormat(format);
  const auto* data = reinterpret_cast<duckdb::data_ptr_t const*>(format.data);
  std::vector<T> out(rows);
  for (size_t row = 0; row < rows; ++row) {
    out[row] = reinterpret_cast<T>(data[format.sel->get_index(row)]);
  }
  return out;
}

// ---- flat states

duckdb::idx_t flat_size(duckdb::AggregateStateInput& input) {
  return input.bind_data->Cast<AggregateData>().fixed->hosted.kernel.flat.size;
}

void flat_initialize(duckdb::AggregateStateInput& input, duckdb::data_ptr_t* states, duckdb::idx_t count) {
  const FlatState& flat = input.bind_data->Cast<AggregateData>().fixed->hosted.kernel.flat;
  for (size_t i = 0; i < count; ++i) {
    flat.initialize(states[i]);
  }
}

void flat_update(duckdb::Vector inputs[], duckdb::AggregateInputData& input, duckdb::idx_t input_count,
                 duckdb::Vector& pointers, duckdb::idx_t rows) {
  const AggregateData::Fixed& fixed = fixed_of(input.bind_data);
  VectorViews views;
  const std::vector<ColumnView> columns = views_of(views, fixed.hosted.call, inputs, input_count, rows);
  guarded(fixed.query->errors, [&] {
    if (pointers.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR) {
      void* state = *duckdb::ConstantVector::GetData<duckdb::data_ptr_t>(pointers);
      fixed.hosted.kernel.flat.update_all(context_of(fixed), columns, rows, state);
    } else if (pointers.GetVectorType() == duckdb::VectorType::FLAT_VECTOR) {
      auto* states = reinterpret_cast<void* const*>(duckdb::FlatVector::GetData(pointers));
      fixed.hosted.kernel.flat.update(context_of(fixed), columns, rows, states);
    } else {
      const auto states = states_of<void*>(pointers, rows);
      fixed.hosted.kernel.flat.update(context_of(fixed), columns, rows, states.data());
    }
  });
}

/// The rows of one group at a time, where the engine found few groups in a batch: states stay in registers.
void flat_cluster_update(duckdb::Vector inputs[], duckdb::AggregateInputData& input, duckdb::idx_t input_count,
                         const duckdb::ClusteredAggr& clusters, duckdb::idx_t rows) {
  const AggregateData::Fixed& fixed = fixed_of(input.bind_data);
  VectorViews views;
  const std::vector<ColumnView> columns = views_of(views, fixed.hosted.call, inputs, input_count, rows);
  std::vector<ColumnView> of_group = columns;
  std::vector<std::vector<uint32_t>> selections(columns.size());
  guarded(fixed.query->errors, [&] {
    for (const duckdb::ClusteredAggr::GroupRun& run : clusters.runs()) {
      for (size_t i = 0; run.sel && i < columns.size(); ++i) {
        of_group[i].size = run.count;
        of_group[i].selection = run.sel;
        if (const uint32_t* inner = columns[i].selection) {
          selections[i].resize(run.count);
          for (size_t row = 0; row < run.count; ++row) {
            selections[i][row] = inner[run.sel[row]];
          }
          of_group[i].selection = selections[i].data();
        }
      }
      fixed.hosted.kernel.flat.update_all(context_of(fixed), run.sel ? of_group : columns, run.count, run.state);
    }
  });
}

void flat_combine(duckdb::Vector& from, duckdb::Vector& into, duckdb::AggregateInputData& input, duckdb::idx_t count) {
  const AggregateData::Fixed& fixed = fixed_of(input.bind_data);
  const auto sources = states_of<const void*>(from, count);
  const auto targets = states_of<void*>(into, count);
  guarded(fixed.query->errors, [&] {
    for (size_t i = 0; i < count; ++i) {
      fixed.hosted.kernel.flat.merge(context_of(fixed), sources[i], targets[i]);
    }
  });
}

/// Writes `count` results from row `offset` on; DuckDB may ask for one constant result.
template <class F>
void finish_rows(const AggregateData::Fixed& fixed, duckdb::Vector& result, size_t count, size_t offset, F&& finish) {
  if (result.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    duckdb::FlatVector::SetSize(result, duckdb::count_t(1));
    VectorWriter out(result, fixed.hosted.call.result_type);
    guarded(fixed.query->errors, [&] { finish(out, 0, 0); });
    result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
    return;
  }
  VectorWriter out(result, fixed.hosted.call.result_type);
  guarded(fixed.query->errors, [&] {
    for (size_t i = 0; i < count; ++i) {
      finish(out, i, offset + i);
    }
  });
}

void flat_finalize(duckdb::Vector& pointers, duckdb::AggregateFinalizeInputData& input, duckdb::Vector& result,
                   duckdb::idx_t count, duckdb::idx_t offset) {
  const AggregateData::Fixed& fixed = fixed_of(input.bind_data);
  const auto states = states_of<const void*>(pointers, count);
  finish_rows(fixed, result, count, offset, [&](ColumnWriter& out, size_t i, size_t row) {
    fixed.hosted.kernel.flat.finish(context_of(fixed), states[i], out, row);
  });
}

// ---- states on the heap

using Handle = AggregateState*;

duckdb::idx_t heap_size(duckdb::AggregateStateInput&) { return sizeof(Handle); }

void heap_initialize(duckdb::AggregateStateInput&, duckdb::data_ptr_t* states, duckdb::idx_t count) {
  for (size_t i = 0; i < count; ++i) {
    *reinterpret_cast<Handle*>(states[i]) = nullptr;
  }
}

AggregateState& heap_state(const AggregateData::Fixed& fixed, Handle& handle) {
  if (!handle) {
    handle = fixed.hosted.kernel.create(fixed.hosted.call).release();
  }
  return *handle;
}

void heap_update(duckdb::Vector inputs[], duckdb::AggregateInputData& input, duckdb::idx_t input_count,
                 duckdb::Vector& pointers, duckdb::idx_t rows) {
  const AggregateData::Fixed& fixed = fixed_of(input.bind_data);
  VectorViews views;
  const std::vector<ColumnView> columns = views_of(views, fixed.hosted.call, inputs, input_count, rows);
  const auto states = states_of<Handle*>(pointers, rows);
  const KernelContext context = context_of(fixed);
  guarded(fixed.query->errors, [&] {
    for (size_t row = 0; row < rows; ++row) {
      heap_state(fixed, *states[row]).update(context, columns, row);
    }
  });
}

void heap_combine(duckdb::Vector& from, duckdb::Vector& into, duckdb::AggregateInputData& input, duckdb::idx_t count) {
  const AggregateData::Fixed& fixed = fixed_of(input.bind_data);
  const auto sources = states_of<Handle*>(from, count);
  const auto targets = states_of<Handle*>(into, count);
  guarded(fixed.query->errors, [&] {
    for (size_t i = 0; i < count; ++i) {
      if (!*sources[i]) {
        continue;
      }
      if (!*targets[i] && input.combine_type == duckdb::AggregateCombineType::ALLOW_DESTRUCTIVE) {
        std::swap(*targets[i], *sources[i]);
      } else {
        heap_state(fixed, *targets[i]).merge(context_of(fixed), **sources[i]);
      }
    }
  });
}

void heap_finalize(duckdb::Vector& pointers, duckdb::AggregateFinalizeInputData& input, duckdb::Vector& result,
                   duckdb::idx_t count, duckdb::idx_t offset) {
  const AggregateData::Fixed& fixed = fixed_of(input.bind_data);
  const auto states = states_of<Handle*>(pointers, count);
  finish_rows(fixed, result, count, offset, [&](ColumnWriter& out, size_t i, size_t row) {
    heap_state(fixed, *states[i]).finish(context_of(fixed), out, row);
  });
}

void heap_destroy(duckdb::Vector& pointers, duckdb::AggregateInputData&, duckdb::idx_t count) {
  for (Handle* handle : states_of<Handle*>(pointers, count)) {
    delete *handle;
    *handle = nullptr;
  }
}

}  // namespace

std::pair<duckdb::AggregateFunction, duckdb::unique_ptr<duckdb::FunctionData>> host_aggregate(
    HostedAggregate hosted, const QueryStatePtr& query) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const Type& type : hosted.call.argument_types) {
    types.push_back(engine_type(type));
  }
  const duckdb::LogicalType result = engine_type(hosted.call.result_type);
  // The optimizer knows its own aggregates by name and rewrites them: ours must not be taken for them.
  const duckdb::Identifier name("spark_" + hosted.call.name);
  const bool flat = hosted.kernel.flat.size > 0;
  auto fixed = std::make_shared<AggregateData::Fixed>(AggregateData::Fixed{std::move(hosted), query, nullptr});
  if (fixed->hosted.kernel.prepare) {
    fixed->prepared = fixed->hosted.kernel.prepare(fixed->hosted.call);
  }
  const auto nulls = duckdb::FunctionNullHandling::SPECIAL_HANDLING;
  duckdb::AggregateFunction function =
      flat ? duckdb::AggregateFunction(name, types, result, flat_size, flat_initialize, flat_update, flat_combine,
                                       flat_finalize, nulls, flat_cluster_update)
           : duckdb::AggregateFunction(name, types, result, heap_size, heap_initialize, heap_update, heap_combine,
                                       heap_finalize, nulls, nullptr, nullptr, heap_destroy);
  forbid_copies(function);
  return {std::move(function), duckdb::make_uniq<AggregateData>(std::move(fixed))};
}

}  // namespace pyrite
