// Expressions that are leaves or one operation: literals, references, fields.
#include "duckdb/common/vector/constant_vector.hpp"
#include "duckdb/common/vector/struct_vector.hpp"
#include "duckdb/planner/expression/bound_columnref_expression.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "duckdb/planner/expression/bound_reference_expression.hpp"
#include "engine/literal.h"
#include "engine/lowering.h"

namespace pyrite {
namespace {

/// DuckDB's constants refuse text that is not UTF-8.
bool fits_a_constant(const Value& value, const Type& type) {
  if (value.is_null()) {
    return true;
  }
  switch (type.kind()) {
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return duckdb::Value::StringIsValid(value.text().data(), value.text().size());
    case TypeKind::array:
      for (const Value& item : value.list()) {
        if (!fits_a_constant(item, type.element())) {
          return false;
        }
      }
      return true;
    case TypeKind::map:
      for (const auto& [key, item] : value.pairs()) {
        if (!fits_a_constant(key, type.key()) || !fits_a_constant(item, type.value())) {
          return false;
        }
      }
      return true;
    case TypeKind::structure:
      for (size_t i = 0; i < type.fields().size(); ++i) {
        if (!fits_a_constant(value.list()[i], type.fields()[i].type)) {
          return false;
        }
      }
      return true;
    default:
      return true;
  }
}

void write_constant(const KernelContext& context, std::span<const ColumnView>, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    write_value(out, row, *context.call.constants[0]);
  }
}

}  // namespace

DuckExpression PlanLowering::lower(const resolved::Literal& node, const resolved::Expression& expression,
                                   const Scope&) {
  if (fits_a_constant(node.value, expression.type)) {
    return constant(engine_value(node.value, expression.type));
  }
  HostedKernel hosted{.kernel = Kernel{&write_constant}};
  hosted.call.name = "literal";
  hosted.call.result_type = expression.type;
  hosted.call.constants.emplace_back(node.value);
  hosted.failure = Failure::never;
  // Volatile: DuckDB would fold it into a constant after all.
  hosted.purity = Purity::per_row;
  return host_kernel(std::move(hosted), {}, query_);
}

DuckExpression PlanLowering::lower(const resolved::ColumnRef& node, const resolved::Expression&, const Scope& scope) {
  if (const Scope::Entry* entry = scope.find(node.id); entry && (entry->positional || !node.outer)) {
    if (entry->positional) {
      return duckdb::make_uniq<duckdb::BoundReferenceExpression>(entry->type, entry->position);
    }
    return column_ref(entry->type, entry->binding);
  }
  size_t depth = 1;
  for (Level* level = level_->parent; level; level = level->parent, ++depth) {
    const Scope::Entry* entry = level->scope ? level->scope->find(node.id) : nullptr;
    if (entry && !entry->positional) {
      level_->binder->AddCorrelatedColumn(
          duckdb::CorrelatedColumnInfo(entry->binding, entry->type, duckdb::Identifier(node.name), depth));
      return column_ref(entry->type, entry->binding, depth);
    }
  }
  if (const Scope::Entry* entry = scope.find(node.id); entry && !entry->positional) {
    return column_ref(entry->type, entry->binding);
  }
  throw_internal("column " + node.name + " #" + std::to_string(node.id) + " is not in the input of its operator");
}

DuckExpression PlanLowering::lower(const resolved::LambdaRef& node, const resolved::Expression&, const Scope& scope) {
  const Scope::Entry* entry = scope.find(node.id);
  check(entry && entry->positional, "a lambda variable outside its lambda");
  return duckdb::make_uniq<duckdb::BoundReferenceExpression>(entry->type, entry->position);
}

DuckExpression PlanLowering::lower(const resolved::GetField& node, const resolved::Expression& expression,
                                   const Scope& scope) {
  DuckExpression child = this->expression(node.child, scope);
  // DuckDB knows struct_extract_at by name and prunes the other fields where it can.
  return engine_call(context_, "struct_extract_at",
                     expressions_of(std::move(child), constant(duckdb::Value::BIGINT(node.ordinal + 1))));
}

DuckExpression PlanLowering::lower(const resolved::Lambda&, const resolved::Expression&, const Scope&) {
  throw_internal("a lambda outside a function that takes one");
}

DuckExpression PlanLowering::lower(const resolved::AggregateCall& node, const resolved::Expression&, const Scope&) {
  throw_internal("aggregate " + node.name + " outside an aggregate operator");
}

DuckExpression PlanLowering::lower(const resolved::WindowCall&, const resolved::Expression&, const Scope&) {
  throw_internal("a window function outside a window operator");
}

}  // namespace pyrite
