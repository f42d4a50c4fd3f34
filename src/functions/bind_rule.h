// What the binding of calls is made of; for bind rules of operators.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "functions/bind_call.h"

namespace pyrite {

/// The call with its types decided. Nullability follows the row's rule; mode is the row's own for try_ functions.
resolved::ExpressionPtr make_call(const FunctionDef& function, std::vector<resolved::ExpressionPtr> arguments,
                                  const BindOptions& options, Type result);

/// The mode that a call of this function has: try_null for the try_ functions, else the session's.
resolved::EvalMode call_mode(const FunctionDef& function, const BindOptions& options);

/// The text of a call in messages, in double quotes.
std::string quoted_call(const FunctionDef& function, const std::vector<resolved::ExpressionPtr>& arguments,
                        const BindOptions& options);
std::string quoted_sql(const resolved::ExpressionPtr& expression);
std::string quoted_type(const Type& type);

/// DATATYPE_MISMATCH.<kind> with sqlExpr and the given parameters.
[[noreturn]] void throw_mismatch(std::string_view kind, const FunctionDef& function,
                                 const std::vector<resolved::ExpressionPtr>& arguments, const BindOptions& options,
                                 MessageParameters parameters);
/// DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE for one argument; `required` as it stands in the message.
[[noreturn]] void throw_unexpected_type(const FunctionDef& function,
                                        const std::vector<resolved::ExpressionPtr>& arguments,
                                        const BindOptions& options, size_t position, std::string required);
/// DATATYPE_MISMATCH.DATA_DIFF_TYPES over the given types, as a list in brackets or as alternatives.
[[noreturn]] void throw_different_types(const FunctionDef& function,
                                        const std::vector<resolved::ExpressionPtr>& arguments,
                                        const BindOptions& options, std::string_view function_name,
                                        const std::vector<Type>& types, bool as_alternatives);
/// An error of a row's check with what the check cannot know: the texts of the call and of the argument at fault.
[[noreturn]] void rethrow_completed(const SparkError& error, const FunctionDef& function,
                                    const std::vector<resolved::ExpressionPtr>& arguments, const BindOptions& options);
/// WRONG_NUM_ARGS.WITHOUT_SUGGESTION.
[[noreturn]] void throw_wrong_count(const FunctionDef& function, const BindOptions& options, std::string expected,
                                    size_t actual);
void require_count(const FunctionDef& function, const BindOptions& options, size_t actual, size_t expected);

/// "first", "second", … "11th".
std::string ordinal_word(size_t position);
/// ("A" or "B"); one alone stays as it is.
std::string alternatives_text(const std::vector<std::string>& names);

/// The value of an expression without columns, when it can be known without running anything impure.
std::optional<Value> constant_value(const resolved::ExpressionPtr& expression);
/// Throws the error that keeps an expression without columns from having a value.
void require_no_failure(const resolved::ExpressionPtr& expression);

/// A value of one type in another, by the cast's own kernel. Throws what the cast throws.
Value cast_value(const Value& value, const Type& from, const Type& to, resolved::EvalMode mode);

}  // namespace pyrite
