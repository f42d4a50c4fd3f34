// Nodes whose lowering is still to come; each says so.
#include "engine/lowering.h"
#include "engine/row_scan.h"
#include "sources/row_reader.h"

namespace pyrite {

Lowered PlanLowering::lower(const resolved::FileScan& node, const resolved::Relation& relation) {
  if (has_row_reader(node.format)) {
    const duckdb::TableIndex index = new_index();
    Lowered out{row_scan(node, index, query_), {}};
    for (size_t i = 0; i < relation.output.size(); ++i) {
      out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
    }
    return out;
  }
  throw_unsupported("reading " + node.format);
}
Lowered PlanLowering::lower(const resolved::Window&, const resolved::Relation&) { throw_unsupported("window functions"); }
Lowered PlanLowering::lower(const resolved::Tail&, const resolved::Relation&) { throw_unsupported("DataFrame.tail"); }
Lowered PlanLowering::lower(const resolved::Generate&, const resolved::Relation&) { throw_unsupported("generators"); }
Lowered PlanLowering::lower(const resolved::Sample&, const resolved::Relation&) { throw_unsupported("sampling"); }
DuckExpression PlanLowering::higher_order(SpecialForm, const resolved::Call& call, const resolved::Expression&, const Scope&) {
  throw_unsupported("function " + call.name);
}
DuckExpression PlanLowering::arithmetic(SpecialForm, const resolved::Call& call, const resolved::Expression&, const Scope&) {
  throw_unsupported("operator " + call.name);
}

}  // namespace pyrite
