// Subqueries inside expressions; DuckDB plans and decorrelates them.
#include "duckdb/planner/expression/bound_subquery_expression.hpp"
#include "engine/lowering.h"

namespace pyrite {
namespace {

duckdb::SubqueryType subquery_type(plan::SubqueryKind kind) {
  switch (kind) {
    case plan::SubqueryKind::scalar:
      return duckdb::SubqueryType::SCALAR;
    case plan::SubqueryKind::exists:
      return duckdb::SubqueryType::EXISTS;
    case plan::SubqueryKind::in:
      return duckdb::SubqueryType::ANY;
    case plan::SubqueryKind::table:
      break;
  }
  throw_internal("a table argument outside a table function");
}

}  // namespace

DuckExpression PlanLowering::lower(const resolved::Subquery& node, const resolved::Expression& expression,
                                   const Scope& scope) {
  const duckdb::LogicalType result = engine_type(expression.type);
  auto out = duckdb::make_uniq<duckdb::BoundSubqueryExpression>(result);
  out->SubqueryTypeMutable() = subquery_type(node.kind);
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::shared_ptr<duckdb::Binder> inner;
  Lowered body = nested(
      scope,
      [&] {
        Lowered lowered = relation(node.relation);
        DuckExpressions columns;
        for (size_t i = 0; i < node.relation->output.size(); ++i) {
          types.push_back(engine_type(node.relation->output[i].type));
          columns.push_back(column_ref(types.back(), lowered.columns[i]));
        }
        if (columns.empty()) {
          types.push_back(duckdb::LogicalType::BOOLEAN);
          columns.push_back(boolean_constant(true));
        }
        return project(std::move(lowered.op), std::move(columns));
      },
      inner);
  duckdb::BoundStatement& statement = out->SubqueryMutable();
  statement.plan = std::move(body.op);
  statement.types = types;
  for (size_t i = 0; i < types.size(); ++i) {
    statement.names.emplace_back("c" + std::to_string(i));
  }
  out->GetBinderMutable() = inner;
  if (node.kind == plan::SubqueryKind::in) {
    check(node.values.size() == types.size(), "an IN subquery whose sides differ in width");
    for (size_t i = 0; i < node.values.size(); ++i) {
      out->GetChildrenMutable().push_back(cast_to(context_, this->expression(node.values[i], scope), types[i]));
      out->ChildTypesMutable().push_back(types[i]);
      out->ChildTargetsMutable().push_back(types[i]);
    }
    out->ComparisonTypeMutable() = duckdb::ExpressionType::COMPARE_EQUAL;
  }
  return out;
}

}  // namespace pyrite
