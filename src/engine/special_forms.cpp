// Special forms: what must be lazy, and what DuckDB computes with Spark's meaning.
#include <algorithm>

#include "duckdb/common/vector/list_vector.hpp"
#include "duckdb/common/vector/struct_vector.hpp"
#include "duckdb/planner/expression/bound_case_expression.hpp"
#include "duckdb/planner/expression/bound_conjunction_expression.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "engine/forbid_copies.h"
#include "engine/lowering.h"
#include "functions/bind_call.h"
#include "plan/resolved_transform.h"

namespace pyrite {
namespace {

using duckdb::ExpressionType;

ExpressionType comparison_of(SpecialForm form) {
  switch (form) {
    case SpecialForm::equal:
      return ExpressionType::COMPARE_EQUAL;
    case SpecialForm::null_safe_equal:
      return ExpressionType::COMPARE_NOT_DISTINCT_FROM;
    case SpecialForm::less:
      return ExpressionType::COMPARE_LESSTHAN;
    case SpecialForm::less_equal:
      return ExpressionType::COMPARE_LESSTHANOREQUALTO;
    case SpecialForm::greater:
      return ExpressionType::COMPARE_GREATERTHAN;
    default:
      return ExpressionType::COMPARE_GREATERTHANOREQUALTO;
  }
}

bool pads_texts(SpecialForm form) {
  switch (form) {
    case SpecialForm::equal:
    case SpecialForm::null_safe_equal:
    case SpecialForm::less:
    case SpecialForm::less_equal:
    case SpecialForm::greater:
    case SpecialForm::greater_equal:
    case SpecialForm::in:
      return true;
    default:
      return false;
  }
}

/// n of a value of CHAR(n), also where it is taken for a string; 0: another value.
int char_length(const resolved::ExpressionPtr& value) {
  const auto* cast = std::get_if<resolved::Cast>(&value->node);
  const Type& type = cast && value->type.is_string() ? cast->child->type : value->type;
  return type.is(TypeKind::char_n) ? type.length() : 0;
}

bool is_constant(const resolved::ExpressionPtr& value) {
  return !resolved::any_node(value, [](const resolved::ExpressionPtr& node) {
    const auto* call = std::get_if<resolved::Call>(&node->node);
    return std::holds_alternative<resolved::ColumnRef>(node->node) ||
           std::holds_alternative<resolved::Subquery>(node->node) ||
           (call && call->function->purity == Purity::per_row);
  });
}

/// The number of characters of a text that is the same in every row, or of each value of a CHAR(n).
std::optional<int64_t> known_length(const resolved::ExpressionPtr& value) {
  if (const int length = char_length(value); length > 0) {
    return length;
  }
  const resolved::Literal* literal = resolved::as_literal(value);
  if (!literal) {
    return std::nullopt;
  }
  if (literal->value.is_null()) {
    return 0;
  }
  const std::string& text = literal->value.text();
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

/// Values of CHAR(n) are compared with each other and with constants as if blanks filled the shorter ones up; nullopt:
/// the call compares others.
std::optional<resolved::Call> with_padding(const resolved::Call& call) {
  if (std::none_of(call.arguments.begin(), call.arguments.end(), char_length)) {
    return std::nullopt;
  }
  const auto is_text = [](const resolved::ExpressionPtr& value) {
    return value->type.is_string() || value->type.is(TypeKind::char_n);
  };
  int64_t longest = 0;
  std::vector<resolved::ExpressionPtr> unknown;
  for (const resolved::ExpressionPtr& argument : call.arguments) {
    if (!is_text(argument)) {
      continue;
    }
    if (const std::optional<int64_t> length = known_length(argument)) {
      longest = std::max(longest, *length);
    } else if (is_constant(argument)) {
      unknown.push_back(pyrite::call("length", {argument}));
    } else {
      return std::nullopt;
    }
  }
  resolved::ExpressionPtr length = resolved::literal(Value(longest), Type::integer());
  if (!unknown.empty()) {
    unknown.push_back(length);
    length = pyrite::call("greatest", unknown);
  }
  resolved::Call out = call;
  for (resolved::ExpressionPtr& argument : out.arguments) {
    if (is_text(argument) && (!unknown.empty() || known_length(argument) < longest)) {
      argument = pyrite::call("rpad", {cast_to(argument, Type::string()), length, resolved::string_literal(" ")});
    }
  }
  return out;
}

template <SpecialForm form>
void compare_nested(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  auto* results = static_cast<bool*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if constexpr (form == SpecialForm::null_safe_equal) {
      results[row] = same_rows(arguments[0], row, arguments[1], row);
      continue;
    }
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const int order = compare_rows(arguments[0], row, arguments[1], row);
    results[row] = form == SpecialForm::equal        ? order == 0
                   : form == SpecialForm::less       ? order < 0
                   : form == SpecialForm::less_equal ? order <= 0
                   : form == SpecialForm::greater    ? order > 0
                                                     : order >= 0;
  }
}

Kernel nested_comparison(SpecialForm form) {
  switch (form) {
    case SpecialForm::equal:
      return {&compare_nested<SpecialForm::equal>};
    case SpecialForm::null_safe_equal:
      return {&compare_nested<SpecialForm::null_safe_equal>};
    case SpecialForm::less:
      return {&compare_nested<SpecialForm::less>};
    case SpecialForm::less_equal:
      return {&compare_nested<SpecialForm::less_equal>};
    case SpecialForm::greater:
      return {&compare_nested<SpecialForm::greater>};
    default:
      return {&compare_nested<SpecialForm::greater_equal>};
  }
}

void pack_array(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    const size_t start = out.start_list(row, arguments.size());
    ColumnWriter& elements = out.child(0);
    for (size_t i = 0; i < arguments.size(); ++i) {
      elements.copy(start + i, arguments[i], row);
    }
  }
}

void pack_struct(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  auto& entries = duckdb::StructVector::GetEntries(result);
  bool all_constant = true;
  for (size_t i = 0; i < arguments.ColumnCount(); ++i) {
    all_constant = all_constant && arguments.data[i].GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
    entries[i].Reference(arguments.data[i]);
  }
  if (all_constant && arguments.ColumnCount() > 0) {
    for (auto& entry : entries) {
      entry.Flatten();
    }
  }
}

/// A Spark truth table needs no evaluation of what follows a decisive part; parts that cannot fail may run anyway.
bool can_fail_after_first(const DuckExpressions& parts) {
  for (size_t i = 1; i < parts.size(); ++i) {
    if (parts[i]->CanThrow()) {
      return true;
    }
  }
  return false;
}

void flatten(SpecialForm form, const resolved::Call& call, std::vector<resolved::ExpressionPtr>& out) {
  for (const resolved::ExpressionPtr& argument : call.arguments) {
    const auto* inner = std::get_if<resolved::Call>(&argument->node);
    const auto* special = inner ? std::get_if<lowering::Special>(&inner->function->lower) : nullptr;
    if (special && special->form == form) {
      flatten(form, *inner, out);
    } else {
      out.push_back(argument);
    }
  }
}

}  // namespace

DuckExpression PlanLowering::conjunction(bool is_and, const resolved::Call& call, const resolved::Expression&,
                                         const Scope& scope) {
  std::vector<resolved::ExpressionPtr> parts;
  flatten(is_and ? SpecialForm::and_ : SpecialForm::or_, call, parts);
  DuckExpressions lowered;
  for (const resolved::ExpressionPtr& part : parts) {
    lowered.push_back(expression(part, scope));
  }
  const auto type = is_and ? ExpressionType::CONJUNCTION_AND : ExpressionType::CONJUNCTION_OR;
  if (!can_fail_after_first(lowered)) {
    return duckdb::BoundConjunctionExpression::Create(type, std::move(lowered));
  }
  // CASE WHEN part decides THEN its value … ELSE all together END: a later part only runs where the earlier are open.
  auto out = duckdb::make_uniq<duckdb::BoundCaseExpression>(duckdb::LogicalType::BOOLEAN);
  bool nullable_before = false;
  for (size_t i = 0; i + 1 < lowered.size(); ++i) {
    duckdb::BoundCaseCheck check;
    check.when_expr = is_and ? negated(lowered[i]->Copy()) : lowered[i]->Copy();
    check.then_expr = boolean_constant(!is_and);
    out->CaseChecksMutable().push_back(std::move(check));
    nullable_before = nullable_before || parts[i]->nullable;
  }
  out->ElseMutable() = nullable_before ? duckdb::BoundConjunctionExpression::Create(type, std::move(lowered))
                                       : std::move(lowered.back());
  return out;
}

DuckExpression structure_of(DuckExpressions values, const duckdb::LogicalType& type) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const DuckExpression& value : values) {
    types.push_back(value->GetReturnType());
  }
  duckdb::ScalarFunction function("pack", std::move(types), type, pack_struct, nullptr, nullptr, nullptr,
                                  duckdb::LogicalType(duckdb::LogicalTypeId::INVALID),
                                  duckdb::FunctionStability::CONSISTENT,
                                  duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(duckdb::BoundScalarFunction(forbid_copies(function)),
                                                            std::move(values), nullptr);
}

DuckExpression PlanLowering::special_form(SpecialForm form, const resolved::Call& written,
                                          const resolved::Expression& expression, const Scope& scope) {
  const std::optional<resolved::Call> padded = pads_texts(form) ? with_padding(written) : std::nullopt;
  const resolved::Call& call = padded ? *padded : written;
  const duckdb::LogicalType result = engine_type(expression.type);
  switch (form) {
    case SpecialForm::and_:
    case SpecialForm::or_:
      return conjunction(form == SpecialForm::and_, call, expression, scope);
    case SpecialForm::not_:
      return negated(this->expression(call.arguments[0], scope));
    case SpecialForm::equal:
    case SpecialForm::null_safe_equal:
    case SpecialForm::less:
    case SpecialForm::less_equal:
    case SpecialForm::greater:
    case SpecialForm::greater_equal: {
      DuckExpressions sides = arguments(call, scope);
      if (compares_by_key(call.arguments[0]->type)) {
        return compare(comparison_of(form), comparable(std::move(sides[0]), call.arguments[0]->type),
                       comparable(std::move(sides[1]), call.arguments[1]->type));
      }
      if (compares_natively(call.arguments[0]->type)) {
        sides[1] = cast_to(context_, std::move(sides[1]), sides[0]->GetReturnType());
        return compare(comparison_of(form), std::move(sides[0]), std::move(sides[1]));
      }
      HostedKernel hosted{nested_comparison(form), call_info_of(call, expression), NullHandling::custom, Purity::pure,
                          Failure::never};
      return host_kernel(std::move(hosted), std::move(sides), query_);
    }
    case SpecialForm::is_null:
      return is_null(this->expression(call.arguments[0], scope));
    case SpecialForm::is_not_null:
      return is_not_null(this->expression(call.arguments[0], scope));
    case SpecialForm::in: {
      DuckExpressions values = arguments(call, scope);
      for (size_t i = 1; i < values.size(); ++i) {
        values[i] = cast_to(context_, std::move(values[i]), values[0]->GetReturnType());
      }
      if (compares_by_key(call.arguments[0]->type)) {
        for (DuckExpression& value : values) {
          value = comparable(std::move(value), call.arguments[0]->type);
        }
      }
      return operation(ExpressionType::COMPARE_IN, duckdb::LogicalType::BOOLEAN, std::move(values));
    }
    case SpecialForm::when: {
      auto out = duckdb::make_uniq<duckdb::BoundCaseExpression>(result);
      size_t i = 0;
      for (; i + 1 < call.arguments.size(); i += 2) {
        duckdb::BoundCaseCheck check;
        check.when_expr = this->expression(call.arguments[i], scope);
        check.then_expr = cast_to(context_, this->expression(call.arguments[i + 1], scope), result);
        out->CaseChecksMutable().push_back(std::move(check));
      }
      out->ElseMutable() = i < call.arguments.size()
                               ? cast_to(context_, this->expression(call.arguments[i], scope), result)
                               : null_constant(result);
      return out;
    }
    case SpecialForm::if_: {
      DuckExpressions parts = arguments(call, scope);
      return if_then_else(std::move(parts[0]), cast_to(context_, std::move(parts[1]), result),
                          cast_to(context_, std::move(parts[2]), result));
    }
    case SpecialForm::coalesce: {
      DuckExpressions parts = arguments(call, scope);
      for (DuckExpression& part : parts) {
        part = cast_to(context_, std::move(part), result);
      }
      return operation(ExpressionType::OPERATOR_COALESCE, result, std::move(parts));
    }
    case SpecialForm::add:
    case SpecialForm::subtract:
    case SpecialForm::multiply:
    case SpecialForm::divide:
    case SpecialForm::remainder:
      return arithmetic(form, call, expression, scope);
    case SpecialForm::make_array: {
      DuckExpressions items = arguments(call, scope);
      const auto element = engine_type(expression.type.element());
      for (DuckExpression& item : items) {
        item = cast_to(context_, std::move(item), element);
      }
      HostedKernel hosted{Kernel{&pack_array}, call_info_of(call, expression), NullHandling::custom, Purity::pure,
                          Failure::never};
      return host_kernel(std::move(hosted), std::move(items), query_);
    }
    case SpecialForm::make_struct: {
      DuckExpressions values;
      for (size_t i = 1; i < call.arguments.size(); i += 2) {
        values.push_back(this->expression(call.arguments[i], scope));
      }
      if (values.empty()) {
        return constant(duckdb::Value::STRUCT(result, {duckdb::Value::BOOLEAN(false)}));
      }
      return structure_of(std::move(values), result);
    }
    case SpecialForm::cast_alias: {
      resolved::Cast cast{call.arguments[0], call.mode, true};
      return lower(cast, expression, scope);
    }
    case SpecialForm::make_map:
    case SpecialForm::get_item:
    case SpecialForm::raise_error:
      throw_unsupported("function " + call.name);
    case SpecialForm::grouping:
    case SpecialForm::grouping_id:
      throw_internal("function " + call.name + " was left outside its aggregate");
    case SpecialForm::time_window:
      throw_internal("function " + call.name + " was left in an expression");
    case SpecialForm::transform:
    case SpecialForm::transform_keys:
    case SpecialForm::transform_values:
    case SpecialForm::filter:
    case SpecialForm::map_filter:
    case SpecialForm::exists:
    case SpecialForm::forall:
    case SpecialForm::aggregate:
    case SpecialForm::zip_with:
    case SpecialForm::map_zip_with:
    case SpecialForm::array_sort:
      return higher_order(form, call, expression, scope);
  }
  throw_internal("an unknown special form");
}

}  // namespace pyrite
