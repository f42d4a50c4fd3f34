// DECLARE, SET and DROP of session variables.
#include <algorithm>

#include "base/error.h"
#include "functions/bind_call.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

resolved::EvalMode mode_of(Session& session) {
  return session.configuration().flag("spark.sql.ansi.enabled") ? resolved::EvalMode::ansi : resolved::EvalMode::legacy;
}

/// Variables live in system.session; the qualification may be left out.
std::string variable_name(const plan::NameParts& name) {
  const auto is = [&](size_t i, std::string_view text) {
    return name[i].size() == text.size() && std::equal(text.begin(), text.end(), name[i].begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
           });
  };
  if (name.size() == 1 || (name.size() == 2 && is(0, "session")) ||
      (name.size() == 3 && is(0, "system") && is(1, "session"))) {
    return name.back();
  }
  throw SparkError("UNRESOLVED_VARIABLE", {{"variableName", quoted_name(name)}, {"searchPath", "`system`.`session`"}});
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::DeclareVariable& command) {
  const AnalyzerHost host = session_.analyzer_host();
  resolved::ExpressionPtr value = command.default_value ? analyze_constant(command.default_value, host)
                                                        : resolved::null_literal(command.type.value_or(Type::null()));
  const Type type = command.type.value_or(value->type);
  value = cast_to(value, type, mode_of(session_));
  Variable variable;
  variable.name = variable_name(command.name);
  variable.type = type;
  variable.value = session_.engine().evaluate(value, session_.execution_options());
  variable.default_text = command.default_text.empty() ? "null" : command.default_text;
  session_.catalog().put_variable(std::move(variable), command.replace);
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::DropVariable& command) {
  if (!session_.catalog().remove_variable(variable_name(command.name)) && !command.if_exists) {
    throw SparkError("VARIABLE_NOT_FOUND",
                     {{"variableName", "`system`.`session`." + quoted_name({command.name.back()})}});
  }
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::SetVariable& command) {
  std::vector<Variable> variables;
  for (const plan::NameParts& name : command.names) {
    const Variable* found = session_.catalog().find_variable({variable_name(name)});
    if (!found) {
      throw SparkError("UNRESOLVED_VARIABLE",
                       {{"variableName", quoted_name(name)}, {"searchPath", "`system`.`session`"}});
    }
    for (const Variable& before : variables) {
      if (before.name == found->name) {
        throw SparkError("DUPLICATE_ASSIGNMENTS", {{"nameList", quoted_name({found->name})}});
      }
    }
    variables.push_back(*found);
  }
  const resolved::EvalMode mode = mode_of(session_);
  if (command.query) {
    const resolved::RelationPtr analyzed = session_.analyze(command.query);
    if (analyzed->output.size() != variables.size()) {
      throw SparkError("ASSIGNMENT_ARITY_MISMATCH", {{"numTarget", std::to_string(variables.size())},
                                                     {"numExpr", std::to_string(analyzed->output.size())}});
    }
    resolved::Project project{analyzed, {}};
    std::vector<resolved::Column> output;
    for (size_t i = 0; i < variables.size(); ++i) {
      const resolved::Column column{next_column_id(), variables[i].name, variables[i].type, true, {}, {}};
      project.expressions.push_back(
          {column, cast_to(resolved::reference(analyzed->output[i]), variables[i].type, mode)});
      output.push_back(column);
    }
    const std::vector<ValueList> rows =
        session_.collect(resolved::make_relation(std::move(project), std::move(output)));
    if (rows.size() > 1) {
      throw SparkError("ROW_SUBQUERY_TOO_MANY_ROWS");
    }
    for (size_t i = 0; i < variables.size(); ++i) {
      variables[i].value = rows.empty() ? Value() : rows[0][i];
    }
  } else {
    const AnalyzerHost host = session_.analyzer_host();
    for (size_t i = 0; i < variables.size(); ++i) {
      const auto* attribute = std::get_if<plan::Attribute>(&command.values[i]->node);
      plan::ExpressionPtr value = command.values[i];
      if (attribute && attribute->name_parts.size() == 1 &&
          (attribute->name_parts[0] == "DEFAULT" || attribute->name_parts[0] == "default")) {
        value = sql::parse_expression(variables[i].default_text, session_.parser_options());
      }
      const resolved::ExpressionPtr cast = cast_to(analyze_constant(value, host), variables[i].type, mode);
      variables[i].value = session_.engine().evaluate(cast, session_.execution_options());
    }
  }
  for (Variable& variable : variables) {
    session_.catalog().put_variable(std::move(variable), true);
  }
  return no_rows();
}

}  // namespace pyrite
