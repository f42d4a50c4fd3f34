// How operands of operators meet: Spark's coercion of arithmetic, comparisons and logic.
#pragma once

#include "functions/bind_rule.h"

namespace pyrite {

/// Both sides, cast so that the operator can work on them.
struct Operands {
  resolved::ExpressionPtr left, right;
};

enum class ArithmeticKind : uint8_t { plain, division, whole_division };

/// Operands of + - * / % div and their like: equal types, or two decimals. nullopt: they have no common number type.
std::optional<Operands> meet_as_numbers(ArithmeticKind kind, const resolved::ExpressionPtr& left,
                                        const resolved::ExpressionPtr& right, const BindOptions& options);
/// Operands of a comparison in their common type.
std::optional<Operands> meet_for_comparison(const resolved::ExpressionPtr& left, const resolved::ExpressionPtr& right,
                                            const BindOptions& options);
/// Every expression in the type that they all meet in (CASE, coalesce, IN, array); nullopt: there is none.
std::optional<std::vector<resolved::ExpressionPtr>> meet_in_wider_type(std::vector<resolved::ExpressionPtr> expressions,
                                                                       const BindOptions& options);
std::vector<Type> types_of(const std::vector<resolved::ExpressionPtr>& expressions);

/// The operands' types as far as string promotion brings them before an operator refuses them; for messages.
std::pair<Type, Type> refused_types(const resolved::ExpressionPtr& left, const resolved::ExpressionPtr& right,
                                    bool arithmetic, const BindOptions& options);
/// DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES, or BINARY_OP_WRONG_TYPE where both have one type.
[[noreturn]] void throw_bad_operands(const FunctionDef& function, const std::vector<resolved::ExpressionPtr>& shown,
                                     const Type& left, const Type& right, const BindOptions& options,
                                     std::string required);

/// The casts that coercion adds follow the session's mode, also inside try_ functions.
resolved::EvalMode implicit_cast_mode(const BindOptions& options);

/// (left op right)
std::string show_infix(std::string_view name, const std::vector<std::string>& arguments);

}  // namespace pyrite
