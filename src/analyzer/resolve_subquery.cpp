// Subqueries in expressions: scalar, EXISTS, IN; correlated or not.
#include "analyzer/analysis.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "types/coercion.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

std::string type_list(const std::vector<Type>& types) {
  std::string out;
  for (const Type& type : types) {
    out += (out.empty() ? "\"" : ", \"") + sql_string(type) + "\"";
  }
  return out;
}

/// Brings both sides of IN to common types; the subquery's columns are cast in a projection of its own.
void align_in(const Analysis& analysis, resolved::Subquery& node, const plan::OriginPtr& origin) {
  const std::vector<Column>& columns = node.relation->output;
  std::vector<Type> left_types;
  std::vector<Type> right_types;
  for (const ExpressionPtr& value : node.values) {
    left_types.push_back(value->type);
  }
  for (const Column& column : columns) {
    right_types.push_back(column.type);
  }
  if (node.values.size() != columns.size()) {
    throw_at(origin, SparkError("DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
                                {{"sqlExpr", "\"\""},
                                 {"leftLength", std::to_string(node.values.size())},
                                 {"rightLength", std::to_string(columns.size())},
                                 {"leftColumns", type_list(left_types)},
                                 {"rightColumns", type_list(right_types)}}));
  }
  std::vector<NamedExpression> casts;
  bool changed = false;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::optional<Type> common = comparison_type(left_types[i], right_types[i], analysis.ansi());
    if (!common) {
      throw_at(origin,
               SparkError("DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH", {{"sqlExpr", "\"\""},
                                                                               {"mismatchedColumns", ""},
                                                                               {"leftType", type_list(left_types)},
                                                                               {"rightType", type_list(right_types)}}));
    }
    node.values[i] = cast_to(node.values[i], *common, analysis.mode());
    ExpressionPtr right = cast_to(resolved::reference(columns[i]), *common, analysis.mode());
    changed = changed || !same_type(columns[i].type, *common);
    casts.push_back(same_type(columns[i].type, *common) ? pass(columns[i])
                                                        : NamedExpression{column_for(columns[i].name, right), right});
  }
  if (changed) {
    node.relation = project(node.relation, std::move(casts));
  }
}

}  // namespace

ExpressionPtr Analysis::resolve_subquery(const plan::Subquery& subquery, const Scope& scope,
                                         const plan::OriginPtr& origin) {
  plan::RelationPtr relation = subquery.relation;
  if (!relation) {
    const auto found = subquery.plan_id ? references.find(*subquery.plan_id) : references.end();
    if (found == references.end()) {
      throw SparkError("CONNECT_INVALID_PLAN.ASSERTION_FAILURE",
                       {{"message", "a subquery refers to a plan that is not in the message"}});
    }
    relation = found->second;
  }
  if (subquery.kind == plan::SubqueryKind::table) {
    throw_at(origin,
             SparkError("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_TABLE_ARGUMENT", {{"treeNode", ""}}));
  }
  resolved::Subquery node;
  node.kind = subquery.kind;
  for (const plan::ExpressionPtr& value : subquery.values) {
    node.values.push_back(resolve(value, scope));
  }
  std::vector<Column> used;
  const Scope* const saved_scope = outer_scope;
  std::vector<Column>* const saved_used = outer_used;
  outer_scope = &scope;
  outer_used = &used;
  try {
    node.relation = resolve_to_plan(relation);
  } catch (...) {
    outer_scope = saved_scope;
    outer_used = saved_used;
    throw;
  }
  outer_scope = saved_scope;
  outer_used = saved_used;
  node.outer_columns = std::move(used);

  Type type = Type::boolean();
  bool nullable = false;
  if (node.kind == plan::SubqueryKind::scalar) {
    if (node.relation->output.size() != 1) {
      throw_at(origin, SparkError("INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
                                  {{"number", std::to_string(node.relation->output.size())}}));
    }
    type = node.relation->output[0].type;
    nullable = true;
  } else if (node.kind == plan::SubqueryKind::in) {
    if (node.values.size() == 1 && node.values[0]->type.is(TypeKind::structure) && node.relation->output.size() > 1 &&
        node.values[0]->type.fields().size() == node.relation->output.size()) {
      // (a, b) IN (SELECT x, y …) written as one structure.
      const ExpressionPtr structure = node.values[0];
      node.values.clear();
      const std::vector<StructField>& fields = structure->type.fields();
      for (size_t i = 0; i < fields.size(); ++i) {
        node.values.push_back(resolved::make_expression(
            resolved::GetField{structure, static_cast<int>(i), fields[i].name}, fields[i].type, true, origin));
      }
    }
    align_in(*this, node, origin);
    for (size_t i = 0; i < node.values.size(); ++i) {
      nullable = nullable || node.values[i]->nullable || node.relation->output[i].nullable;
    }
  }
  return resolved::make_expression(std::move(node), std::move(type), nullable, origin);
}

}  // namespace pyrite::analysis
