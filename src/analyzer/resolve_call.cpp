// Function calls: lookup, stars and named arguments, lambdas, aggregates, generators, SQL functions.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/file_metadata.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "catalog/name.h"
#include "functions/bind_call.h"
#include "functions/registry.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

std::string routine_name(const plan::NameParts& name) { return quoted(name); }

/// builtin.f, system.builtin.f and plain f name the same function.
std::optional<std::string> builtin_name(const plan::NameParts& name) {
  if (name.size() == 1) {
    return name[0];
  }
  const std::string before = lower_case(name[name.size() - 2]);
  if ((before == "builtin" || before == "session") && (name.size() == 2 || lower_case(name[0]) == "system")) {
    return name.back();
  }
  return std::nullopt;
}

/// Puts named arguments in their places. Errors: DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.…, UNRECOGNIZED_PARAMETER_NAME.
std::vector<plan::ExpressionPtr> place_arguments(const FunctionDef& function, const plan::Call& call) {
  const auto named = [](const plan::ExpressionPtr& each) { return std::get_if<plan::NamedArgument>(&each->node); };
  if (std::none_of(call.arguments.begin(), call.arguments.end(), named)) {
    return call.arguments;
  }
  const std::string routine = quoted({lower_case(call.name.back())});
  if (function.parameters.size() == 0) {
    throw SparkError("NAMED_PARAMETERS_NOT_SUPPORTED", {{"functionName", routine}});
  }
  std::vector<plan::ExpressionPtr> placed(function.parameters.size());
  size_t position = 0;
  bool seen_named = false;
  for (const plan::ExpressionPtr& each : call.arguments) {
    const plan::NamedArgument* argument = named(each);
    if (!argument) {
      if (seen_named) {
        throw SparkError(
            "UNEXPECTED_POSITIONAL_ARGUMENT",
            {{"routineName", routine},
             {"parameterName",
              quoted({std::string(function.parameters.items[std::min(position, function.parameters.size() - 1)])})}});
      }
      if (position >= placed.size()) {
        throw SparkError("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", routine},
                                                               {"expectedNum", std::to_string(placed.size())},
                                                               {"actualNum", std::to_string(call.arguments.size())},
                                                               {"docroot", "https://spark.apache.org/docs/latest"}});
      }
      placed[position++] = each;
      continue;
    }
    seen_named = true;
    const auto* at = std::find_if(function.parameters.begin(), function.parameters.end(),
                                  [&](std::string_view name) { return lower_case(name) == lower_case(argument->key); });
    if (at == function.parameters.end()) {
      std::string proposal;
      for (const std::string_view name : function.parameters) {
        proposal += (proposal.empty() ? "" : " ") + quoted({std::string(name)});
      }
      throw SparkError("UNRECOGNIZED_PARAMETER_NAME",
                       {{"routineName", routine}, {"argumentName", quoted({argument->key})}, {"proposal", proposal}});
    }
    plan::ExpressionPtr& slot = placed[static_cast<size_t>(at - function.parameters.begin())];
    if (slot) {
      const bool by_position = static_cast<size_t>(at - function.parameters.begin()) < position;
      throw SparkError(by_position ? "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED"
                                   : "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE",
                       {{"routineName", routine}, {"parameterName", quoted({std::string(*at)})}});
    }
    slot = argument->value;
  }
  while (!placed.empty() && !placed.back()) {
    placed.pop_back();
  }
  for (size_t i = 0; i < placed.size(); ++i) {
    if (!placed[i]) {
      // A gap: the defaults of the function's optional parameters are NULL literals to the form.
      placed[i] = plan::make_expression(plan::Literal{Value(), Type::null(), {}});
    }
  }
  return placed;
}

Scope aggregate_scope(const Scope& scope) {
  Scope out = scope.inside_aggregate ? *scope.inside_aggregate : scope;
  out.lambda_parameters = scope.lambda_parameters;
  out.generators_allowed = false;
  out.is_window_function = false;
  return out;
}

bool is_count(const FunctionDef& function) { return function.name == "count"; }

/// expr("*") as an argument stands for what its text says.
plan::ExpressionPtr parsed_text(const Analysis& analysis, plan::ExpressionPtr expression) {
  while (const auto* text = std::get_if<plan::ExpressionText>(&expression->node)) {
    expression = analysis.host.parse_expression(text->text);
  }
  return expression;
}

/// struct(a AS x, b): the fields take the aliases' or the columns' names.
std::vector<ExpressionPtr> struct_parts(Analysis& analysis, const std::vector<plan::ExpressionPtr>& arguments,
                                        const Scope& scope) {
  std::vector<ExpressionPtr> parts;
  int position = 0;
  for (const plan::ExpressionPtr& given : arguments) {
    const plan::ExpressionPtr each = parsed_text(analysis, given);
    if (const auto* star = std::get_if<plan::Star>(&each->node)) {
      for (const Column& column : analysis.expand_star(*star, scope, *each)) {
        parts.push_back(resolved::string_literal(column.name));
        parts.push_back(resolved::reference(column));
        ++position;
      }
      continue;
    }
    ++position;
    ExpressionPtr value = analysis.resolve(each, scope);
    std::string name = "col" + std::to_string(position);
    if (const auto* alias = std::get_if<plan::Alias>(&each->node); alias && alias->names.size() == 1) {
      name = alias->names[0];
    } else if (const auto* attribute = std::get_if<plan::Attribute>(&each->node)) {
      name = attribute->name_parts.back();
    } else if (const auto* field = std::get_if<resolved::GetField>(&value->node)) {
      name = field->name;
    } else if (const auto* reference = std::get_if<resolved::ColumnRef>(&value->node)) {
      name = reference->name;
    } else if (const auto* variable = std::get_if<resolved::LambdaRef>(&value->node)) {
      name = variable->name;
    }
    parts.push_back(resolved::string_literal(std::move(name)));
    parts.push_back(std::move(value));
  }
  return parts;
}

std::vector<ExpressionPtr> resolve_arguments(Analysis& analysis, const FunctionDef& function,
                                             const std::vector<plan::ExpressionPtr>& arguments, const Scope& scope) {
  std::vector<ExpressionPtr> out;
  std::vector<size_t> lambda_arity;
  bool has_lambda = false;
  for (const plan::ExpressionPtr& given : arguments) {
    const plan::ExpressionPtr each = parsed_text(analysis, given);
    const auto* star = std::get_if<plan::Star>(&each->node);
    const auto* lambda = std::get_if<plan::Lambda>(&each->node);
    if (star && is_count(function) && arguments.size() == 1 && star->target.empty() && star->except.empty()) {
      out.push_back(resolved::int_literal(1));
    } else if (star) {
      for (const Column& column : analysis.expand_star(*star, scope, *each)) {
        out.push_back(resolved::reference(column));
      }
    } else if (lambda) {
      out.push_back(nullptr);
      has_lambda = true;
    } else {
      out.push_back(analysis.resolve(each, scope));
    }
    lambda_arity.resize(out.size(), 0);
    lambda_arity.back() = lambda ? lambda->parameters.size() : 0;
  }
  if (!has_lambda) {
    return out;
  }
  std::vector<Type> types;
  for (const ExpressionPtr& each : out) {
    types.push_back(each ? each->type : Type::null());
  }
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i]) {
      continue;
    }
    // Asked again for each lambda: reduce's finish sees what its merge gave.
    const std::vector<std::vector<Type>> parameters = lambda_parameter_types(function, types, lambda_arity);
    const auto& lambda = std::get<plan::Lambda>(arguments[i]->node);
    if (parameters.size() <= i || parameters[i].size() != lambda.parameters.size()) {
      throw_at(arguments[i]->origin,
               SparkError("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                          {{"expectedNumArgs", std::to_string(lambda.parameters.size())},
                           {"actualNumArgs", std::to_string(parameters.size() <= i ? 0 : parameters[i].size())}}));
    }
    Scope inner = scope;
    inner.generators_allowed = false;
    std::vector<resolved::LambdaParameter> own;
    for (size_t p = 0; p < lambda.parameters.size(); ++p) {
      for (size_t q = 0; q < p; ++q) {
        if (analysis.same_name(lambda.parameters[p], lambda.parameters[q])) {
          throw_at(arguments[i]->origin,
                   SparkError("INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES",
                              {{"args", "`" + lambda.parameters[q] + "`, `" + lambda.parameters[p] + "`"},
                               {"caseSensitiveConfig", "\"spark.sql.caseSensitive\""}}));
        }
      }
      own.push_back({next_column_id(), lambda.parameters[p], parameters[i][p], true});
    }
    inner.lambda_parameters.insert(inner.lambda_parameters.end(), own.begin(), own.end());
    ExpressionPtr body = analysis.resolve(lambda.body, inner);
    const Type type = body->type;
    const bool nullable = body->nullable;
    out[i] = resolved::make_expression(resolved::Lambda{std::move(own), std::move(body)}, type, nullable,
                                       arguments[i]->origin);
    types[i] = type;
  }
  return out;
}

/// The schema argument of a function like from_json: read as DDL or JSON here, handed on as JSON.
void read_schema_argument(Analysis& analysis, const FunctionDef& function, std::vector<ExpressionPtr>& arguments) {
  const auto place = static_cast<size_t>(function.schema_argument);
  if (function.schema_argument < 0 || place >= arguments.size() || !arguments[place]) {
    return;
  }
  const ExpressionPtr& given = arguments[place];
  if (!given->type.is_string() || !is_foldable(given)) {
    throw_at(given->origin,
             SparkError("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", "\"" + expression_sql(given) + "\""}}));
  }
  const Value text = analysis.constant_value(given);
  if (text.is_null()) {
    throw_at(given->origin, SparkError("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", "\"NULL\""}}));
  }
  arguments[place] = resolved::string_literal(type_json(analysis.host.parse_schema(text.text())));
}

/// Options are written as map(…); a value that happens to be a map will not do.
void check_options_argument(const FunctionDef& function, const std::vector<ExpressionPtr>& arguments) {
  const auto place = static_cast<size_t>(function.options_argument);
  if (function.options_argument < 0 || place >= arguments.size() || !arguments[place]) {
    return;
  }
  const ExpressionPtr& given = arguments[place];
  const auto* call = std::get_if<resolved::Call>(&given->node);
  if (!call || call->function->name != "map") {
    throw_at(given->origin, SparkError("INVALID_OPTIONS.NON_MAP_FUNCTION"));
  }
  if (!given->type.key().is_string() || !given->type.value().is_string()) {
    throw_at(given->origin,
             SparkError("INVALID_OPTIONS.NON_STRING_TYPE", {{"mapType", "\"" + sql_string(given->type) + "\""}}));
  }
}

/// percentile_cont, percentile_disc and mode take the column of WITHIN GROUP as their first argument, and its direction
/// as the last.
void take_within_group(const FoundFunction& found, resolved::AggregateCall& call, const plan::OriginPtr& origin) {
  const std::string_view name = found.function->name;
  const bool percentile = name == "percentile_cont" || name == "percentile_disc";
  const std::string function = "`" + std::string(found.shown_name) + "`";
  if (!percentile && (name != "mode" || call.order_by.empty())) {
    if (!call.order_by.empty() && name != "listagg") {
      throw_at(origin, SparkError("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                                  {{"prettyName", function}, {"syntax", "WITHIN GROUP (ORDER BY ...)"}}));
    }
    return;
  }
  if (call.distinct) {
    throw_at(origin, SparkError("INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED", {{"funcName", function}}));
  }
  if (call.order_by.empty()) {
    throw_at(origin, SparkError("INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", {{"funcName", function}}));
  }
  if (call.order_by.size() != 1) {
    throw_at(origin,
             SparkError(
                 "INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS",
                 {{"funcName", function}, {"expectedNum", "1"}, {"actualNum", std::to_string(call.order_by.size())}}));
  }
  const size_t expected = percentile ? 1 : 0;
  if (call.arguments.size() != expected) {
    throw_at(origin,
             SparkError("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", function},
                                                              {"expectedNum", std::to_string(expected)},
                                                              {"actualNum", std::to_string(call.arguments.size())},
                                                              {"docroot", "https://spark.apache.org/docs/latest"}}));
  }
  const resolved::SortOrder order = call.order_by[0];
  call.order_by.clear();
  call.arguments.insert(call.arguments.begin(), order.expression);
  call.arguments.push_back(percentile ? resolved::boolean_literal(!order.ascending)
                                      : resolved::string_literal(order.ascending ? "min" : "max"));
}

ExpressionPtr aggregate(Analysis& analysis, const FoundFunction& found, const plan::Call& call,
                        const std::vector<plan::ExpressionPtr>& arguments, const Scope& scope,
                        const plan::OriginPtr& origin) {
  const Scope inner = aggregate_scope(scope);
  resolved::AggregateCall out;
  out.function = found.function;
  out.name = found.shown_name;
  out.arguments = resolve_arguments(analysis, *found.function, arguments, inner);
  out.distinct = call.distinct;
  out.ignore_nulls = call.ignore_nulls.value_or(false);
  out.mode = analysis.mode();
  if (call.filter) {
    out.filter = analysis.resolve_condition(call.filter, inner, "FILTER");
    if (contains_aggregate(out.filter)) {
      throw_at(origin, SparkError("INVALID_AGGREGATE_FILTER.CONTAINS_AGGREGATE",
                                  {{"filterExpr", "\"" + expression_sql(out.filter) + "\""}}));
    }
    if (contains_window(out.filter)) {
      throw_at(origin, SparkError("INVALID_AGGREGATE_FILTER.CONTAINS_WINDOW_FUNCTION",
                                  {{"filterExpr", "\"" + expression_sql(out.filter) + "\""}}));
    }
    if (!is_deterministic(out.filter)) {
      throw_at(origin, SparkError("INVALID_AGGREGATE_FILTER.NON_DETERMINISTIC",
                                  {{"filterExpr", "\"" + expression_sql(out.filter) + "\""}}));
    }
  }
  out.order_by = analysis.resolve_order(call.within_group, inner);
  for (const ExpressionPtr& argument : out.arguments) {
    if (!scope.is_window_function && contains_aggregate(argument)) {
      throw_at(origin, SparkError("NESTED_AGGREGATE_FUNCTION"));
    }
  }
  take_within_group(found, out, origin);
  // first(x, true): the second argument is the modifier.
  static const std::vector<std::string_view> with_flag = {"first", "last", "first_value", "last_value", "any_value"};
  if (out.arguments.size() == 2 &&
      std::find(with_flag.begin(), with_flag.end(), found.function->name) != with_flag.end()) {
    if (!is_foldable(out.arguments[1]) || !out.arguments[1]->type.is(TypeKind::boolean)) {
      throw_at(origin, SparkError("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                                  {{"sqlExpr", "\"" + std::string(found.shown_name) + "(" +
                                                   expression_sql(out.arguments[0]) + ")\""},
                                   {"paramIndex", "second"},
                                   {"requiredType", "\"BOOLEAN\""},
                                   {"inputSql", "\"" + expression_sql(out.arguments[1]) + "\""},
                                   {"inputType", "\"" + sql_string(out.arguments[1]->type) + "\""}}));
    }
    const Value flag = analysis.constant_value(out.arguments[1]);
    out.ignore_nulls = !flag.is_null() && flag.boolean();
    out.arguments.pop_back();
  }
  const FunctionDef& function = *found.function;
  return bind_aggregate(function, std::move(out), BindOptions{analysis.mode(), std::string(found.shown_name), origin});
}

/// The numbers of the rows from 0, in the order of the input.
ExpressionPtr row_index() {
  const FunctionDef* function = find_function("row_number").function;
  resolved::WindowCall window;
  window.function = bind_call(*function, {}, BindOptions{resolved::EvalMode::ansi, "row_number", nullptr});
  window.frame = {
      plan::FrameUnit::rows, {plan::BoundKind::unbounded_preceding, nullptr}, {plan::BoundKind::current_row, nullptr}};
  window.frame_written = true;
  const Type type = window.function->type;
  const ExpressionPtr number = resolved::make_expression(std::move(window), type, false);
  const ExpressionPtr wide = cast_to(number, Type::long_int(), resolved::EvalMode::ansi);
  return bind_call(*find_function("-").function, {wide, resolved::literal(Value(int64_t{1}), Type::long_int())},
                   BindOptions{resolved::EvalMode::ansi, "-", nullptr});
}

}  // namespace

ExpressionPtr Analysis::resolve_call(const plan::Call& call, const Scope& scope, const plan::OriginPtr& origin) {
  if (call.is_internal && call.name.back() == "distributed_sequence_id") {
    return row_index();
  }
  if (call.is_internal && call.name.back() == "input_column") {
    const Value place = constant_value(resolve(call.arguments[0], scope));
    const auto columns = static_cast<int64_t>(scope.visible->size());
    if (place.integer() < 1 || place.integer() > columns) {
      throw_at(origin, SparkError("GROUP_BY_POS_OUT_OF_RANGE",
                                  {{"index", std::to_string(place.integer())}, {"size", std::to_string(columns)}}));
    }
    return resolved::reference((*scope.visible)[static_cast<size_t>(place.integer() - 1)]);
  }
  if (call.is_internal && call.name.back() == "semi_structured_extract") {
    ExpressionPtr base = resolve(call.arguments[0], scope);
    if (!base->type.is(TypeKind::variant) && !base->type.is(TypeKind::null)) {
      // What Spark says: its message for this has no text.
      throw_at(origin, SparkError("INTERNAL_ERROR",
                                  {{"message", "Cannot find main error class 'COLUMN_IS_NOT_VARIANT_TYPE'"}}));
    }
    return bind("variant_get", {std::move(base), resolve(call.arguments[1], scope)}, origin);
  }
  if (host.catalog) {
    if (const auto user = host.catalog->find_function(call.name)) {
      if (user->database.empty() && host.temporary_uses) {
        host.temporary_uses->functions.push_back(call.name);
      }
      return resolve_sql_function(*user, call, scope, origin);
    }
  }
  const std::optional<std::string> name = builtin_name(call.name);
  const FoundFunction found = name ? find_function(*name) : FoundFunction{};
  if (!found.function) {
    const std::string path = search_path(host.catalog ? host.catalog->current_database() : "default");
    throw_at(origin,
             SparkError("UNRESOLVED_ROUTINE", {{"routineName", routine_name(call.name)}, {"searchPath", path}}));
  }
  const FunctionDef& function = *found.function;
  if (function.name == "struct") {
    ExpressionPtr made = bind("named_struct", struct_parts(*this, call.arguments, scope), origin,
                              call.is_internal ? "named_struct" : "struct");  // (a, b) in SQL shows as the former
    return made;
  }
  std::vector<plan::ExpressionPtr> arguments;
  try {
    arguments = place_arguments(function, call);
  } catch (SparkError& error) {
    throw_at(origin, error);
  }
  if (function.kind == FunctionKind::aggregate) {
    return aggregate(*this, found, call, arguments, scope, origin);
  }
  if (call.distinct || call.filter || !call.within_group.empty()) {
    throw_at(origin, SparkError("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                                {{"prettyName", quoted({std::string(found.shown_name)})},
                                 {"syntax", call.distinct ? "DISTINCT"
                                            : call.filter ? "FILTER CLAUSE"
                                                          : "WITHIN GROUP (ORDER BY ...)"}}));
  }
  if (arguments.empty() && is_input_file_function(function)) {
    return input_file_call(*this, function, scope, origin);
  }
  if (function.kind == FunctionKind::generator && !scope.generators_allowed && !scope.generators_checked) {
    throw_at(origin, SparkError("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
                                {{"expression", "\"" + std::string(found.shown_name) + "()\""}}));
  }
  if (function.kind == FunctionKind::window) {
    throw_at(origin, SparkError("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
                                {{"funcName", "\"" + std::string(found.shown_name) + "()\""}}));
  }
  Scope inner = scope;
  inner.generators_allowed = false;
  const BindOptions options = bind_options(found.shown_name, origin);
  std::vector<ExpressionPtr> resolved_arguments = resolve_arguments(*this, function, arguments, inner);
  read_schema_argument(*this, function, resolved_arguments);
  check_options_argument(function, resolved_arguments);
  ExpressionPtr bound;
  try {
    bound = bind_call(function, std::move(resolved_arguments), options);
  } catch (SparkError& error) {
    throw_at(origin, error);
  }
  if (function.kind == FunctionKind::generator && !scope.generators_allowed && bound->type.is(TypeKind::structure) &&
      bound->type.fields().size() == 1) {
    // Refused further up; until then it passes for the value of its column.
    resolved::Expression value = *bound;
    value.type = value.type.fields()[0].type;
    return std::make_shared<const resolved::Expression>(std::move(value));
  }
  const auto* special = std::get_if<lowering::Special>(&function.lower);
  return special && special->form == SpecialForm::time_window ? time_window_column(*this, bound, scope) : bound;
}

}  // namespace pyrite::analysis
