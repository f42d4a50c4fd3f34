// Types a call: picks the form, inserts implicit casts, decides result type and nullability.
#include "functions/bind_call.h"

#include <algorithm>

#include "functions/bind_rule.h"
#include "functions/call_display.h"
#include "functions/collation_coercion.h"
#include "functions/form.h"
#include "functions/registry.h"
#include "plan/error_place.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;

bool is_lambda(const ExpressionPtr& expression) { return std::holds_alternative<resolved::Lambda>(expression->node); }

/// What a lambda's body must give: the result of the pattern.
const FormType& value_pattern(const FormType& pattern) {
  return pattern.shape == FormShape::lambda ? pattern.children.back() : pattern;
}

/// A lambda may not widen what the other arguments decided.
bool unify_lambda(const FormType& pattern, const ExpressionPtr& lambda, bool ansi, FormVariables& variables) {
  const FormType& result = value_pattern(pattern);
  if (result.shape == FormShape::variable && variables[result.variable].type &&
      !variables[result.variable].type->is(TypeKind::null)) {
    return lambda->type.is(TypeKind::null) || same_type(*variables[result.variable].type, lambda->type);
  }
  return unify(result, lambda->type, lambda->nullable, ansi, variables);
}

/// The first argument that cannot be; lambdas are matched last, they may only use what the other arguments say.
std::optional<size_t> first_misfit(const Form& form, const std::vector<ExpressionPtr>& arguments, bool ansi,
                                   FormVariables& variables) {
  for (const bool lambdas : {false, true}) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      const auto& alternatives = form.at(i).alternatives;
      if (is_lambda(arguments[i]) != lambdas || alternatives.size() != 1) {
        continue;
      }
      const bool fits = lambdas ? unify_lambda(alternatives[0], arguments[i], ansi, variables)
                                : unify(alternatives[0], arguments[i]->type, arguments[i]->nullable, ansi, variables);
      if (!fits) {
        return i;
      }
    }
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const FormArgument& wanted = form.at(i);
    if (is_lambda(arguments[i])) {
      if (!target_type(value_pattern(wanted.alternatives[0]), arguments[i]->type, ansi, variables)) {
        return i;
      }
    } else if (!target_type(wanted, arguments[i]->type, ansi, variables)) {
      return i;
    }
  }
  return std::nullopt;
}

bool fits_exactly(const Form& form, const std::vector<ExpressionPtr>& arguments, const FormVariables& variables) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const auto& alternatives = form.at(i).alternatives;
    const bool fits = std::any_of(alternatives.begin(), alternatives.end(), [&](const FormType& pattern) {
      return accepts(value_pattern(pattern), arguments[i]->type, variables);
    });
    if (!fits) {
      return false;
    }
  }
  return true;
}

std::string expected_count(const FunctionDef& function) {
  size_t smallest = SIZE_MAX, largest = 0;
  bool variadic = false;
  for (const FormText& text : function.forms) {
    const Form& form = parsed_form(text);
    smallest = std::min(smallest, form.smallest());
    largest = std::max(largest, form.arguments.size());
    variadic = variadic || (!form.arguments.empty() && form.arguments.back().variadic);
  }
  if (variadic) {
    return "> " + std::to_string(smallest == 0 ? 0 : smallest - 1);
  }
  if (smallest == largest) {
    return std::to_string(smallest);
  }
  std::string text = "[" + std::to_string(smallest);
  for (size_t count = smallest + 1; count <= largest; ++count) {
    const bool taken = std::any_of(function.forms.begin(), function.forms.end(),
                                   [&](const FormText& form) { return parsed_form(form).takes(count); });
    text += taken ? ", " + std::to_string(count) : "";
  }
  return text + "]";
}

[[noreturn]] void throw_misfit(const FunctionDef& function, const std::vector<ExpressionPtr>& arguments,
                               const BindOptions& options, const std::vector<const Form*>& candidates, bool ansi) {
  // The position that no form takes; failing that, where the first form gives up.
  size_t position = arguments.size();
  std::vector<std::string> names;
  for (size_t i = 0; i < arguments.size() && position == arguments.size(); ++i) {
    names.clear();
    bool fits = false;
    for (const Form* form : candidates) {
      FormVariables variables;
      const auto misfit = first_misfit(*form, arguments, ansi, variables);
      fits = fits || !misfit || *misfit > i;
      FormArgument shown = form->at(i);
      for (FormType& pattern : shown.alternatives) {
        pattern = FormType(value_pattern(pattern));
      }
      for (std::string& name : required_type_names(shown, variables)) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
          names.push_back(std::move(name));
        }
      }
    }
    if (!fits) {
      position = i;
    }
  }
  throw_unexpected_type(function, arguments, options, std::min(position, arguments.size() - 1),
                        alternatives_text(names));
}

struct BoundCall {
  std::vector<ExpressionPtr> arguments;
  Type result;
};

ExpressionPtr cast_lambda(const ExpressionPtr& lambda, const Type& type, EvalMode mode) {
  if (same_type(lambda->type, type)) {
    return lambda;
  }
  resolved::Lambda copy = std::get<resolved::Lambda>(lambda->node);
  copy.body = cast_to(copy.body, type, mode);
  const bool nullable = copy.body->nullable;
  return resolved::make_expression(std::move(copy), type, nullable, lambda->origin);
}

/// The session's mode decides implicit casts even in try_ functions.
EvalMode cast_mode(const BindOptions& options) {
  return options.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi;
}

/// A plain expression where a form takes a lambda stands for a lambda that ignores its parameters.
void wrap_lambdas(const FunctionDef& function, std::vector<ExpressionPtr>& arguments) {
  const Form* chosen = nullptr;
  for (const FormText& text : function.forms) {
    const Form& form = parsed_form(text);
    chosen = !chosen && form.takes(arguments.size()) ? &form : chosen;
  }
  std::vector<size_t> arity(arguments.size(), 0);
  std::vector<Type> types;
  bool wraps = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    types.push_back(arguments[i]->type);
    if (!chosen) {
      return;
    }
    const FormType& pattern = chosen->at(i).alternatives[0];
    if (pattern.shape == FormShape::lambda) {
      arity[i] = pattern.children.size() - 1;
      wraps = wraps || !is_lambda(arguments[i]);
    }
  }
  if (!wraps) {
    return;
  }
  const std::vector<std::vector<Type>> parameters = lambda_parameter_types(function, types, arity);
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arity[i] == 0 || is_lambda(arguments[i])) {
      continue;
    }
    resolved::Lambda lambda;
    for (size_t p = 0; p < parameters[i].size(); ++p) {
      lambda.parameters.push_back(
          {-1 - static_cast<resolved::ColumnId>(p), "col" + std::to_string(p), parameters[i][p], true});
    }
    lambda.body = arguments[i];
    arguments[i] = resolved::make_expression(std::move(lambda), types[i], arguments[i]->nullable, arguments[i]->origin);
  }
}

BoundCall bind_arguments(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                         const BindOptions& options) {
  wrap_lambdas(function, arguments);
  const bool ansi = options.mode != EvalMode::legacy;
  std::vector<const Form*> candidates;
  for (const FormText& text : function.forms) {
    if (const Form& form = parsed_form(text); form.takes(arguments.size())) {
      candidates.push_back(&form);
    }
  }
  if (function.forms.size() > 0 && candidates.empty()) {
    throw_wrong_count(function, options, expected_count(function), arguments.size());
  }
  const Form* chosen = nullptr;
  FormVariables variables;
  for (const bool exactly : {true, false}) {
    for (const Form* form : candidates) {
      FormVariables tried;
      if (!chosen && !first_misfit(*form, arguments, ansi, tried) &&
          (!exactly || fits_exactly(*form, arguments, tried))) {
        chosen = form;
        variables = std::move(tried);
      }
    }
  }
  BoundCall bound;
  if (!chosen) {
    if (!candidates.empty()) {
      throw_misfit(function, arguments, options, candidates, ansi);
    }
    bound.arguments = std::move(arguments);
    return bound;
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const FormArgument& wanted = chosen->at(i);
    if (is_lambda(arguments[i])) {
      const auto type = target_type(value_pattern(wanted.alternatives[0]), arguments[i]->type, ansi, variables);
      bound.arguments.push_back(cast_lambda(arguments[i], *type, cast_mode(options)));
    } else {
      const auto type = target_type(wanted, arguments[i]->type, ansi, variables);
      bound.arguments.push_back(cast_to(arguments[i], *type, cast_mode(options)));
    }
  }
  bound.result = result_type(chosen->result, variables);
  if (bound.result.is(TypeKind::string)) {
    const auto collated =
        std::find_if(bound.arguments.begin(), bound.arguments.end(), [](const ExpressionPtr& argument) {
          return argument->type.is(TypeKind::string) && !argument->type.collation().empty();
        });
    if (collated != bound.arguments.end()) {
      bound.result = (*collated)->type;
    }
  }
  return bound;
}

Type final_type(const FunctionDef& function, const BoundCall& bound, const BindOptions& options) {
  CallInfo info = call_info(function, bound.arguments, bound.result, call_mode(function, options));
  info.name = options.shown_name.empty() ? std::string(function.name) : options.shown_name;
  info.origin = options.origin;
  if (function.check) {
    try {
      function.check(info);
    } catch (const SparkError& error) {
      rethrow_completed(error, function, bound.arguments, options);
    }
  }
  return function.result ? function.result(info) : bound.result;
}

bool is_nullable(const FunctionDef& function, const std::vector<ExpressionPtr>& arguments, EvalMode mode) {
  if (mode == EvalMode::try_null) {
    return true;
  }
  const auto nullable = [](const ExpressionPtr& argument) { return !is_lambda(argument) && argument->nullable; };
  switch (function.nullability) {
    case Nullability::never:
      return false;
    case Nullability::always:
      return true;
    case Nullability::if_any_argument:
      return std::any_of(arguments.begin(), arguments.end(), nullable);
    case Nullability::if_first_argument:
      return !arguments.empty() && nullable(arguments[0]);
    case Nullability::if_all_arguments:
      return std::all_of(arguments.begin(), arguments.end(), nullable);
  }
  return true;
}

}  // namespace

EvalMode call_mode(const FunctionDef& function, const BindOptions& options) {
  return function.name.starts_with("try_") ? EvalMode::try_null : options.mode;
}

ExpressionPtr make_call(const FunctionDef& function, std::vector<ExpressionPtr> arguments, const BindOptions& options,
                        Type result) {
  resolved::Call call;
  call.function = &function;
  call.name = options.shown_name.empty() ? std::string(function.name) : options.shown_name;
  call.mode = call_mode(function, options);
  const bool nullable = is_nullable(function, arguments, call.mode);
  call.arguments = std::move(arguments);
  return resolved::make_expression(std::move(call), std::move(result), nullable, options.origin);
}

ExpressionPtr bind_call(const FunctionDef& function, std::vector<ExpressionPtr> arguments, const BindOptions& options) {
  if (is_todo(function)) {
    throw_unsupported("function " + (options.shown_name.empty() ? std::string(function.name) : options.shown_name));
  }
  if (function.name != "collate" && function.name != "collation") {
    arguments = with_common_collation(std::move(arguments));
  }
  try {
    if (function.bind) {
      return function.bind(function, std::move(arguments), options);
    }
    BoundCall bound = bind_arguments(function, std::move(arguments), options);
    Type result = final_type(function, bound, options);
    return make_call(function, std::move(bound.arguments), options, std::move(result));
  } catch (SparkError& error) {
    plan::add_place(error, options.origin);
    throw;
  }
}

ExpressionPtr bind_aggregate(const FunctionDef& function, resolved::AggregateCall call, const BindOptions& options) {
  if (is_todo(function)) {
    throw_unsupported("function " + (options.shown_name.empty() ? std::string(function.name) : options.shown_name));
  }
  BoundCall bound = bind_arguments(function, std::move(call.arguments), options);
  Type result = final_type(function, bound, options);
  call.function = &function;
  if (call.name.empty()) {
    call.name = options.shown_name.empty() ? std::string(function.name) : options.shown_name;
  }
  call.mode = call_mode(function, options);
  // A group may hold nothing but NULL.
  const bool nullable = function.nullability != Nullability::never;
  call.arguments = std::move(bound.arguments);
  return resolved::make_expression(std::move(call), std::move(result), nullable, options.origin);
}

ExpressionPtr call(std::string_view name, std::vector<ExpressionPtr> arguments, EvalMode mode) {
  const FoundFunction found = find_function(name);
  check(found.function != nullptr, "no function " + std::string(name));
  return bind_call(*found.function, std::move(arguments), BindOptions{mode, std::string(found.shown_name), nullptr});
}

std::vector<std::vector<Type>> lambda_parameter_types(const FunctionDef& function,
                                                      const std::vector<Type>& argument_types,
                                                      const std::vector<size_t>& lambda_arity) {
  const auto fits = [&](const Form& form) {
    if (!form.takes(argument_types.size())) {
      return false;
    }
    for (size_t i = 0; i < argument_types.size(); ++i) {
      const FormType& pattern = form.at(i).alternatives[0];
      const bool lambda = pattern.shape == FormShape::lambda;
      if (lambda != (lambda_arity[i] > 0) || (lambda && pattern.children.size() != lambda_arity[i] + 1)) {
        return false;
      }
    }
    return true;
  };
  std::vector<std::vector<Type>> parameters(argument_types.size());
  const Form* chosen = nullptr;
  for (const FormText& text : function.forms) {
    if (const Form& form = parsed_form(text); fits(form)) {
      chosen = &form;
      break;
    }
  }
  if (!chosen) {
    // The form that comes nearest tells how many parameters were expected.
    for (const FormText& text : function.forms) {
      if (const Form& form = parsed_form(text); form.takes(argument_types.size())) {
        chosen = &form;
      }
    }
  }
  if (!chosen) {
    return parameters;
  }
  FormVariables variables;
  for (const bool lambdas : {false, true}) {
    for (size_t i = 0; i < argument_types.size(); ++i) {
      const FormType& pattern = chosen->at(i).alternatives[0];
      // A body not yet resolved stands as null type and says nothing.
      if ((pattern.shape == FormShape::lambda) == lambdas && !(lambdas && argument_types[i].is(TypeKind::null))) {
        unify(pattern, argument_types[i], true, true, variables);
      }
    }
  }
  for (size_t i = 0; i < argument_types.size(); ++i) {
    const FormType& pattern = chosen->at(i).alternatives[0];
    if (pattern.shape != FormShape::lambda) {
      continue;
    }
    for (size_t p = 0; p + 1 < pattern.children.size(); ++p) {
      parameters[i].push_back(result_type(pattern.children[p], variables));
    }
  }
  return parameters;
}

CallInfo call_info(const FunctionDef& function, const std::vector<ExpressionPtr>& arguments, const Type& result,
                   EvalMode mode) {
  CallInfo info;
  info.function = &function;
  info.name = function.name;
  for (const ExpressionPtr& argument : arguments) {
    info.argument_types.push_back(argument->type);
    info.argument_nullable.push_back(argument->nullable);
    info.constants.push_back(constant_value(argument));
  }
  info.result_type = result;
  info.mode = mode;
  return info;
}

}  // namespace pyrite
