// Nodes whose lowering is still to come; each says so.
#include "engine/lowering.h"

namespace pyrite {

Lowered PlanLowering::lower(const resolved::Tail&, const resolved::Relation&) { throw_unsupported("DataFrame.tail"); }
Lowered PlanLowering::lower(const resolved::Sample&, const resolved::Relation&) { throw_unsupported("sampling"); }
DuckExpression PlanLowering::arithmetic(SpecialForm, const resolved::Call& call, const resolved::Expression&, const Scope&) {
  throw_unsupported("operator " + call.name);
}

}  // namespace pyrite
