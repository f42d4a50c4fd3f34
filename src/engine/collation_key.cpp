// Collated texts are compared, sorted and grouped by their collation's keys.
#include "engine/lowering.h"
#include "functions/collation.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

void run_key(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const Collation& collation = *Collation::of(context.call.argument_types[0]);
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set_text(row, collation.key(arguments[0].text(row)));
    }
  }
}

}  // namespace

bool compares_by_key(const Type& type) { return Collation::of(type) != nullptr; }

DuckExpression PlanLowering::comparable(DuckExpression value, const Type& type) {
  if (!compares_by_key(type)) {
    return value;
  }
  CallInfo info;
  info.name = "collation_key";
  info.argument_types = {type};
  info.argument_nullable = {true};
  info.constants = {std::nullopt};
  info.result_type = Type::binary();
  info.session = query_->session;
  DuckExpressions arguments;
  arguments.push_back(std::move(value));
  return host_kernel(
      HostedKernel{Kernel{&run_key}, std::move(info), NullHandling::custom, Purity::pure, Failure::never},
      std::move(arguments), query_);
}

}  // namespace pyrite
