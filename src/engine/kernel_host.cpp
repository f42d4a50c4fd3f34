// Hosts our scalar kernels as DuckDB scalar functions.
#include "engine/kernel_host.h"

#include <span>

#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "engine/forbid_copies.h"
#include "engine/types.h"
#include "engine/vector_view.h"
#include "plan/error_place.h"

namespace pyrite {
namespace {

/// What a call knows besides its arguments; shared by the copies that DuckDB's optimizer makes.
struct KernelData final : duckdb::FunctionData {
  struct Fixed {
    HostedKernel hosted;
    QueryStatePtr query;
  };
  std::shared_ptr<const Fixed> fixed;

  explicit KernelData(std::shared_ptr<const Fixed> fixed_p) : fixed(std::move(fixed_p)) {}

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<KernelData>(fixed); }

  bool Equals(const duckdb::FunctionData& other_p) const override {
    const Fixed& other = *other_p.Cast<KernelData>().fixed;
    const HostedKernel& a = fixed->hosted;
    const HostedKernel& b = other.hosted;
    return &other == fixed.get() ||
           (a.kernel.run == b.kernel.run && a.kernel.prepare == b.kernel.prepare &&
            a.call.function == b.call.function && a.call.name == b.call.name && a.call.mode == b.call.mode &&
            a.call.argument_types == b.call.argument_types && a.call.result_type == b.call.result_type);
  }
};

struct KernelState final : duckdb::FunctionLocalState {
  std::shared_ptr<void> prepared;
};

duckdb::unique_ptr<duckdb::FunctionLocalState> prepare_state(duckdb::ExpressionState&,
                                                             const duckdb::BoundFunctionExpression&,
                                                             duckdb::FunctionData* bind_data) {
  const KernelData::Fixed& fixed = *bind_data->Cast<KernelData>().fixed;
  auto state = duckdb::make_uniq<KernelState>();
  if (fixed.hosted.kernel.prepare) {
    guarded(fixed.query->errors, [&] { state->prepared = fixed.hosted.kernel.prepare(fixed.hosted.call); });
  }
  return state;
}

/// Spark names the place of what ANSI mode refuses.
void place_error(SparkError& error, const CallInfo& call) {
  using enum ErrorKind;
  if (error.kind() == arithmetic || error.kind() == number_format || error.kind() == date_time ||
      error.kind() == array_index_out_of_bounds) {
    plan::add_place(error, call.origin);
  }
}

void run_kernel(duckdb::DataChunk& arguments, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const auto& expression = state.expr.Cast<duckdb::BoundFunctionExpression>();
  const KernelData::Fixed& fixed = *expression.BindInfo()->Cast<KernelData>().fixed;
  const CallInfo& call = fixed.hosted.call;
  const size_t rows = arguments.size();

  VectorViews views;
  std::vector<ColumnView> columns;
  columns.reserve(arguments.ColumnCount());
  for (size_t i = 0; i < arguments.ColumnCount(); ++i) {
    columns.push_back(views.view(arguments.data[i], call.argument_types[i], rows));
  }
  auto local = duckdb::ExecuteFunctionState::GetFunctionState(state);
  const KernelContext context{call, local ? local->Cast<KernelState>().prepared.get() : nullptr};
  VectorWriter out(result, call.result_type);
  guarded(fixed.query->errors, [&] {
    if (fixed.query->cancellation && fixed.query->cancellation->cancelled()) {
      throw SparkError("OPERATION_CANCELED");
    }
    try {
      fixed.hosted.kernel.run(context, std::span<const ColumnView>(columns), rows, out);
    } catch (SparkError& error) {
      place_error(error, call);
      throw;
    }
  });
}

}  // namespace

DuckExpression host_kernel(HostedKernel hosted, DuckExpressions arguments, const QueryStatePtr& query) {
  check(hosted.kernel.run, "a call without a kernel: " + hosted.call.name);
  duckdb::vector<duckdb::LogicalType> argument_types;
  for (const DuckExpression& argument : arguments) {
    argument_types.push_back(argument->GetReturnType());
  }
  const auto stability = hosted.purity == Purity::per_row     ? duckdb::FunctionStability::VOLATILE
                         : hosted.purity == Purity::per_query ? duckdb::FunctionStability::CONSISTENT_WITHIN_QUERY
                                                              : duckdb::FunctionStability::CONSISTENT;
  const auto nulls = hosted.nulls == NullHandling::propagate ? duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING
                                                             : duckdb::FunctionNullHandling::SPECIAL_HANDLING;
  // DuckDB's optimizer knows its own functions by name; ours must not be taken for them.
  duckdb::ScalarFunction function(duckdb::Identifier("spark_" + hosted.call.name), std::move(argument_types),
                                  engine_type(hosted.call.result_type), run_kernel, nullptr, nullptr, prepare_state,
                                  duckdb::LogicalType(duckdb::LogicalTypeId::INVALID), stability, nulls);
  if (hosted.failure == Failure::possible) {
    function.SetFallible();
  }
  if (hosted.purity == Purity::per_row && hosted.kernel.prepare) {
    // One stream of values over all rows, whatever the number of threads.
    function.SetRequiresOrderedExecution(true);
  }
  auto data = duckdb::make_uniq<KernelData>(
      std::make_shared<const KernelData::Fixed>(KernelData::Fixed{std::move(hosted), query}));
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(duckdb::BoundScalarFunction(forbid_copies(function)),
                                                            std::move(arguments), std::move(data));
}

}  // namespace pyrite
