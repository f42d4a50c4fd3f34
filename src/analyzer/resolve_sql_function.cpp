// SQL functions: calls become their body over the arguments; what CREATE FUNCTION checks of a definition.
#include "analyzer/analysis.h"
#include "analyzer/properties.h"
#include "base/error.h"
#include "catalog/catalog.h"
#include "functions/bind_call.h"
#include "functions/shown_value.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

constexpr int deepest_nesting = 100;
const std::vector<Column> no_columns;
const PlanColumns no_plans;
const std::vector<NamedExpression> no_parameters;

std::string full_name(const UserFunction& function) {
  return function.database.empty() ? function.name : "spark_catalog." + function.database + "." + function.name;
}

plan::NameParts name_parts(const UserFunction& function) {
  return function.database.empty() ? plan::NameParts{function.name}
                                   : plan::NameParts{"spark_catalog", function.database, function.name};
}

/// A scope of nothing but the function's parameters.
Scope body_scope(const std::string& function_name, const std::vector<NamedExpression>& parameters,
                 std::vector<Column>* outer_used) {
  Scope scope;
  scope.visible = &no_columns;
  scope.hidden = &no_columns;
  scope.plan_columns = &no_plans;
  scope.function_parameters = &parameters;
  scope.function_name = function_name;
  scope.outer_used = outer_used;
  return scope;
}

[[noreturn]] void throw_wrong_number(const UserFunction& function, size_t given, const plan::OriginPtr& origin) {
  throw_at(origin, SparkError("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                              {{"functionName", quoted({function.name})},
                               {"expectedNum", std::to_string(function.definition.parameters.size())},
                               {"actualNum", std::to_string(given)},
                               {"docroot", "https://spark.apache.org/docs/latest"}}));
}

/// Values for the parameters: given by place, by name, or the parameter's default.
std::vector<NamedExpression> bind_parameters(Analysis& analysis, const UserFunction& function,
                                             const std::vector<plan::ExpressionPtr>& arguments, const Scope& scope,
                                             const plan::OriginPtr& origin) {
  const std::vector<plan::ColumnDefinition>& parameters = function.definition.parameters;
  if (arguments.size() > parameters.size()) {
    throw_wrong_number(function, arguments.size(), origin);
  }
  std::vector<NamedExpression> out;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const plan::ColumnDefinition& parameter = parameters[i];
    ExpressionPtr value;
    for (const plan::ExpressionPtr& each : arguments) {
      const auto* named = std::get_if<plan::NamedArgument>(&each->node);
      if (named && analysis.same_name(named->key, parameter.name)) {
        value = analysis.resolve(named->value, scope);
      }
    }
    if (!value && i < arguments.size() && !std::holds_alternative<plan::NamedArgument>(arguments[i]->node)) {
      value = analysis.resolve(arguments[i], scope);
    }
    if (!value && !parameter.default_text.empty()) {
      const Scope nothing = body_scope(function.name, no_parameters, nullptr);
      value = analysis.resolve(analysis.host.parse_expression(parameter.default_text), nothing);
    }
    if (!value) {
      throw_wrong_number(function, arguments.size(), origin);
    }
    value = analysis.checked_cast(std::move(value), parameter.type, analysis.mode(), false, origin);
    out.push_back({column_for(parameter.name, value), std::move(value)});
  }
  return out;
}

void check_nesting(const Analysis& analysis, const UserFunction& function, const plan::OriginPtr& origin) {
  if (analysis.view_depth > deepest_nesting) {
    throw_at(origin, SparkError("CYCLIC_FUNCTION_REFERENCE", {{"path", full_name(function)}}));
  }
}

/// Restores what resolving a body changes, however it ends.
class BodyGuard {
 public:
  BodyGuard(Analysis& analysis, const Scope* outer_scope, std::vector<Column>* outer_used)
      : analysis_(analysis), outer_scope_(analysis.outer_scope), outer_used_(analysis.outer_used) {
    analysis_.outer_scope = outer_scope;
    analysis_.outer_used = outer_used;
    ++analysis_.view_depth;
  }
  ~BodyGuard() {
    analysis_.outer_scope = outer_scope_;
    analysis_.outer_used = outer_used_;
    --analysis_.view_depth;
  }
  BodyGuard(const BodyGuard&) = delete;
  BodyGuard& operator=(const BodyGuard&) = delete;

 private:
  Analysis& analysis_;
  const Scope* outer_scope_;
  std::vector<Column>* outer_used_;
};

ExpressionPtr scalar_body(Analysis& analysis, const UserFunction& function,
                          const std::vector<NamedExpression>& parameters, std::vector<Column>* outer_used,
                          const plan::OriginPtr& origin) {
  const plan::CreateFunction& definition = function.definition;
  const Scope scope = body_scope(function.name, parameters, outer_used);
  const BodyGuard guard(analysis, analysis.outer_scope, analysis.outer_used);
  const plan::ExpressionPtr body =
      definition.body
          ? definition.body
          : plan::make_expression(plan::Subquery{plan::SubqueryKind::scalar, definition.body_query}, origin);
  ExpressionPtr result = analysis.resolve(body, scope);
  return definition.return_type
             ? analysis.checked_cast(std::move(result), *definition.return_type, analysis.mode(), false, origin)
             : result;
}

resolved::RelationPtr table_body(Analysis& analysis, const UserFunction& function,
                                 const std::vector<NamedExpression>& parameters, std::vector<Column>* outer_used,
                                 const plan::OriginPtr& origin) {
  const plan::CreateFunction& definition = function.definition;
  const Scope scope = body_scope(function.name, parameters, outer_used);
  resolved::RelationPtr body;
  {
    const BodyGuard guard(analysis, &scope, outer_used);
    body = analysis.resolve_to_plan(definition.body_query);
  }
  if (definition.return_columns.empty()) {
    return body;
  }
  if (definition.return_columns.size() != body->output.size()) {
    throw SparkError("USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH",
                     {{"name", full_name(function)},
                      {"outputSize", std::to_string(body->output.size())},
                      {"returnParamSize", std::to_string(definition.return_columns.size())}});
  }
  std::vector<NamedExpression> columns;
  for (size_t i = 0; i < body->output.size(); ++i) {
    const plan::ColumnDefinition& column = definition.return_columns[i];
    ExpressionPtr value =
        analysis.checked_cast(resolved::reference(body->output[i]), column.type, analysis.mode(), false, origin);
    columns.push_back({column_for(column.name, value), std::move(value)});
  }
  return project(std::move(body), std::move(columns));
}

}  // namespace

ExpressionPtr Analysis::resolve_sql_function(const UserFunction& function, const plan::Call& call, const Scope& scope,
                                             const plan::OriginPtr& origin) {
  if (function.python) {
    throw_unsupported("Python user-defined functions (" + function.name + ")");
  }
  const plan::CreateFunction& definition = function.definition;
  if (definition.is_table_function) {
    throw_at(origin, SparkError("NOT_A_SCALAR_FUNCTION", {{"functionName", quoted(name_parts(function))}}));
  }
  if (call.distinct || call.filter || !call.within_group.empty()) {
    throw_at(origin, SparkError("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                                {{"prettyName", quoted({full_name(function)})},
                                 {"syntax", call.distinct ? "DISTINCT"
                                            : call.filter ? "FILTER CLAUSE"
                                                          : "WITHIN GROUP (ORDER BY ...)"}}));
  }
  check_nesting(*this, function, origin);
  const std::vector<NamedExpression> parameters = bind_parameters(*this, function, call.arguments, scope, origin);
  std::vector<ExpressionPtr> shown;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    shown.push_back(parameters[i].expression);
  }
  return shown_as(full_name(function), std::move(shown),
                  scalar_body(*this, function, parameters, scope.outer_used, origin), origin);
}

Resolved Analysis::resolve_sql_table_function(const UserFunction& function, const plan::TableFunction& node,
                                              const Scope& scope, const plan::OriginPtr& origin) {
  check_nesting(*this, function, origin);
  const std::vector<NamedExpression> parameters = bind_parameters(*this, function, node.arguments, scope, origin);
  Resolved out = plain(table_body(*this, function, parameters, scope.outer_used, origin));
  for (Column& column : out.visible) {
    column.qualifier = name_parts(function);
  }
  return out;
}

}  // namespace pyrite::analysis

namespace pyrite {

void check_sql_function(const UserFunction& function, const AnalyzerHost& host) {
  using analysis::full_name;
  analysis::Analysis analysis(host);
  const plan::CreateFunction& definition = function.definition;
  std::vector<analysis::NamedExpression> parameters;
  for (const plan::ColumnDefinition& parameter : definition.parameters) {
    if (!parameter.default_text.empty()) {
      const plan::ExpressionPtr written = host.parse_expression(parameter.default_text);
      resolved::ExpressionPtr value =
          analysis.resolve(written, analysis::body_scope(function.name, analysis::no_parameters, nullptr));
      if (contains_subquery(value)) {
        throw SparkError("USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_EXPRESSION",
                         {{"functionName", function.name}, {"parameterName", parameter.name}});
      }
      analysis.checked_cast(std::move(value), parameter.type, analysis.mode(), false, nullptr);
    }
    const resolved::Column column = analysis::new_column(parameter.name, parameter.type, true);
    parameters.push_back({column, resolved::reference(column)});
  }
  std::vector<resolved::Column> used;
  if (definition.is_table_function) {
    analysis::table_body(analysis, function, parameters, &used, nullptr);
    return;
  }
  const resolved::ExpressionPtr value = analysis::scalar_body(analysis, function, parameters, &used, nullptr);
  if (contains_aggregate(value) || contains_window(value) || contains_generator(value)) {
    throw SparkError("USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS", {{"queryText", definition.body_text}});
  }
}

}  // namespace pyrite
