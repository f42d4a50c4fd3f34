// Casts: DuckDB's own where they mean the same for every value, our kernels otherwise.
#include "engine/lowering.h"
#include "functions/bind_call.h"

namespace pyrite {
namespace {

int integral_digits(const Type& type) {
  switch (type.kind()) {
    case TypeKind::byte:
      return 3;
    case TypeKind::short_int:
      return 5;
    case TypeKind::integer:
      return 10;
    default:
      return 19;
  }
}

/// No value can fail or come out differently.
bool casts_natively(const Type& from, const Type& to) {
  if (from.is_integral()) {
    if (to.is_integral()) {
      return from.kind() <= to.kind();
    }
    if (to.is_floating()) {
      return true;
    }
    return to.is(TypeKind::decimal) && to.precision() - to.scale() >= integral_digits(from);
  }
  if (from.is(TypeKind::float32)) {
    return to.is(TypeKind::float64);
  }
  if (from.is(TypeKind::decimal)) {
    if (to.is(TypeKind::decimal)) {
      return to.scale() >= from.scale() && to.precision() - to.scale() >= from.precision() - from.scale();
    }
    // One correctly rounded division of two exact doubles.
    return to.is(TypeKind::float64) && from.precision() <= 15 && from.scale() <= 22;
  }
  return false;
}

}  // namespace

DuckExpression PlanLowering::lower(const resolved::Cast& node, const resolved::Expression& expression,
                                   const Scope& scope) {
  const Type& from = node.child->type;
  const Type& to = expression.type;
  if (from.is(TypeKind::null)) {
    return null_constant(engine_type(to));
  }
  if (from.is_string() && to.is(TypeKind::string)) {
    return this->expression(node.child, scope);
  }
  if (same_type(from, to)) {
    return this->expression(node.child, scope);
  }
  DuckExpression child = this->expression(node.child, scope);
  if (casts_natively(from, to)) {
    return folded(cast_to(context_, std::move(child), engine_type(to)));
  }
  HostedKernel hosted{.kernel = cast_kernel(from, to, node.mode)};
  hosted.call.name = "cast";
  hosted.call.argument_types = {from};
  hosted.call.argument_nullable = {node.child->nullable};
  hosted.call.constants.resize(1);
  hosted.call.result_type = to;
  hosted.call.mode = node.mode;
  hosted.call.origin = expression.origin;
  hosted.call.session = query_->session;
  hosted.call.time_zone = query_->session->time_zone;
  hosted.nulls = NullHandling::propagate;
  hosted.failure = cast_can_fail(from, to, node.mode) ? Failure::possible : Failure::never;
  return folded(host_kernel(std::move(hosted), expressions_of(std::move(child)), query_));
}

}  // namespace pyrite
