// Types a call: picks the form, inserts implicit casts, decides result type and nullability.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "functions/function_def.h"
#include "plan/resolved_expression.h"

namespace pyrite {

struct BindOptions {
  resolved::EvalMode mode = resolved::EvalMode::ansi;  ///< ansi or legacy, as the session says
  std::string shown_name;                              ///< empty: the row's name
  resolved::OriginPtr origin;
  bool decimal_precision_loss = true;  ///< spark.sql.decimalOperations.allowPrecisionLoss
  bool timestamp_is_ntz = false;       ///< spark.sql.timestampType
};

/// A scalar or generator call. Errors: DATATYPE_MISMATCH.*, WRONG_NUM_ARGS.*; NOT_IMPLEMENTED for Todo rows.
resolved::ExpressionPtr bind_call(const FunctionDef& function, std::vector<resolved::ExpressionPtr> arguments,
                                  const BindOptions& options);
/// An aggregate call: as bind_call, with the aggregate's modifiers filled in by the caller.
resolved::ExpressionPtr bind_aggregate(const FunctionDef& function, resolved::AggregateCall call,
                                       const BindOptions& options);

/// By name, for Compose rows and tests; mode ansi unless said otherwise.
resolved::ExpressionPtr call(std::string_view name, std::vector<resolved::ExpressionPtr> arguments,
                             resolved::EvalMode mode = resolved::EvalMode::ansi);

/// The parameter types that lambdas of a call see, given the types of its other arguments; one list a lambda
/// argument position, empty for the others. Used by the analyzer before it resolves the bodies.
std::vector<std::vector<Type>> lambda_parameter_types(const FunctionDef& function,
                                                      const std::vector<Type>& argument_types,
                                                      const std::vector<size_t>& lambda_arity);

/// A cast, or the expression itself when the type is the same already (ignoring nullability).
resolved::ExpressionPtr cast_to(resolved::ExpressionPtr expression, const Type& type,
                                resolved::EvalMode mode = resolved::EvalMode::ansi, bool written = false);
/// Whether the cast itself can turn a non-NULL value into NULL, or raise.
bool cast_can_make_null(const Type& from, const Type& to, resolved::EvalMode mode);
bool cast_can_fail(const Type& from, const Type& to, resolved::EvalMode mode);
/// Whether Spark allows the cast at all in this mode.
bool can_cast(const Type& from, const Type& to, resolved::EvalMode mode);

/// The kernel of a cast between two types that the engine does not do itself.
Kernel cast_kernel(const Type& from, const Type& to, resolved::EvalMode mode);

/// A description of the call for kernels and rules.
CallInfo call_info(const FunctionDef& function, const std::vector<resolved::ExpressionPtr>& arguments,
                   const Type& result, resolved::EvalMode mode);

}  // namespace pyrite
