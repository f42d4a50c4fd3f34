// EXECUTE IMMEDIATE: a statement's text made by an expression, with arguments for its markers.
#include <algorithm>

#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

void refuse_subquery(const plan::ExpressionPtr& expression) {
  if (std::holds_alternative<plan::Subquery>(expression->node)) {
    throw SparkError("UNSUPPORTED_EXPR_FOR_PARAMETER", {{"invalidExprSql", "\"scalarsubquery()\""}});
  }
}

struct Argument {
  std::string name;  ///< empty: none given
  plan::ExpressionPtr value;
  std::string shown;
};

std::string unnamed_list(const std::vector<Argument>& arguments) {
  std::string out;
  for (const Argument& argument : arguments) {
    if (argument.name.empty()) {
      out += (out.empty() ? "\"" : ", \"") + argument.shown + "\"";
    }
  }
  return out;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::ExecuteImmediate& command) {
  const AnalyzerHost host = session_.analyzer_host();
  const auto value_of = [&](const resolved::ExpressionPtr& expression) {
    return session_.engine().evaluate(expression, session_.execution_options());
  };
  refuse_subquery(command.query);
  const resolved::ExpressionPtr query = analyze_constant(command.query, host);
  if (!query->type.is_string()) {
    throw SparkError("INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE",
                     {{"exprType", "\"" + sql_string(query->type) + "\""}});
  }
  const Value text = value_of(query);
  if (text.is_null()) {
    throw SparkError("NULL_QUERY_STRING_EXECUTE_IMMEDIATE", {{"varName", "`" + expression_sql(command.query) + "`"}});
  }
  std::vector<Argument> arguments;
  for (const plan::ExpressionPtr& each : command.arguments) {
    const auto* alias = std::get_if<plan::Alias>(&each->node);
    const plan::ExpressionPtr& given = alias ? alias->child : each;
    refuse_subquery(given);
    const resolved::ExpressionPtr analyzed = analyze_constant(given, host);
    plan::Literal literal{value_of(analyzed), analyzed->type, ""};
    arguments.push_back(
        {alias ? alias->names.at(0) : "", plan::make_expression(std::move(literal)), expression_sql(given)});
  }
  bool named = false;
  sql::ParserOptions options = session_.parser_options();
  options.parameter = [&](const plan::Parameter& marker) -> plan::ExpressionPtr {
    if (marker.name.empty()) {
      const auto position = static_cast<size_t>(marker.position);
      return position < arguments.size() ? arguments[position].value : nullptr;
    }
    named = true;
    const auto found =
        std::find_if(arguments.begin(), arguments.end(), [&](const Argument& one) { return one.name == marker.name; });
    if (found != arguments.end()) {
      return found->value;
    }
    if (const std::string unnamed = unnamed_list(arguments); !unnamed.empty()) {
      throw SparkError("ALL_PARAMETERS_MUST_BE_NAMED", {{"exprs", unnamed}});
    }
    return nullptr;
  };
  const plan::Command inner = sql::parse_statement(text.text(), options);
  if (const std::string unnamed = unnamed_list(arguments); named && !unnamed.empty()) {
    throw SparkError("ALL_PARAMETERS_MUST_BE_NAMED", {{"exprs", unnamed}});
  }
  if (command.into.empty()) {
    return run(inner);
  }
  const auto* rows = std::get_if<plan::Query>(&inner.node);
  if (!rows) {
    throw SparkError("INVALID_STATEMENT_FOR_EXECUTE_INTO", {{"sqlString", upper(text.text())}});
  }
  plan::SetVariable assignment;
  assignment.names = command.into;
  assignment.query = rows->relation;
  return (*this)(assignment);
}

}  // namespace pyrite
