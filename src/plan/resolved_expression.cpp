// Makers of the smallest resolved expressions.
#include "plan/resolved_expression.h"

namespace pyrite::resolved {

ExpressionPtr reference(const Column& column) {
  return make_expression(ColumnRef{column.id, column.name, column.qualifier, false}, column.type, column.nullable);
}

ExpressionPtr literal(Value value, Type type) {
  const bool nullable = value.is_null();
  return make_expression(Literal{std::move(value), {}}, std::move(type), nullable);
}

ExpressionPtr null_literal(Type type) { return literal(Value(), std::move(type)); }

ExpressionPtr string_literal(std::string text) { return literal(Value(std::move(text)), Type::string()); }

ExpressionPtr int_literal(int32_t value) { return literal(Value(value), Type::integer()); }

ExpressionPtr boolean_literal(bool value) { return literal(Value(value), Type::boolean()); }

}  // namespace pyrite::resolved
