// CREATE and DROP FUNCTION; functions that the client registers.
#include <algorithm>
#include <set>

#include "base/error.h"
#include "functions/registry.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

using Columns = std::vector<plan::ColumnDefinition>;

/// Names that stand in the list before, in lower case, quoted.
std::string repeated_names(const Columns& columns) {
  std::set<std::string> seen;
  std::set<std::string> repeated;
  std::string out;
  for (const plan::ColumnDefinition& column : columns) {
    const std::string name = lower_name(column.name);
    if (!seen.insert(name).second && repeated.insert(name).second) {
      out += (out.empty() ? "" : ", ") + quoted_name({name});
    }
  }
  return out;
}

void check_not_null(const Columns& columns) {
  if (std::all_of(columns.begin(), columns.end(), [](const auto& column) { return column.nullable; })) {
    return;
  }
  std::string input;
  for (const plan::ColumnDefinition& column : columns) {
    input += (input.empty() ? "" : ", ") + column.name + " " + sql_string(column.type) +
             (column.nullable ? "" : " NOT NULL");
  }
  throw SparkError("USER_DEFINED_FUNCTIONS.NOT_NULL_ON_FUNCTION_PARAMETERS", {{"input", input}});
}

bool has_length(const Type& type) { return type.is(TypeKind::char_n) || type.is(TypeKind::varchar_n); }

/// What a definition must fulfil whatever its body says.
void check_signature(const plan::CreateFunction& command, const std::string& name) {
  check_not_null(command.parameters);
  check_not_null(command.return_columns);
  if (const std::string names = repeated_names(command.parameters); !names.empty()) {
    throw SparkError("DUPLICATE_ROUTINE_PARAMETER_NAMES", {{"routineName", name}, {"names", names}});
  }
  if (const std::string names = repeated_names(command.return_columns); !names.empty()) {
    throw SparkError("DUPLICATE_ROUTINE_RETURNS_COLUMNS", {{"routineName", name}, {"columns", names}});
  }
  for (size_t i = 0; i + 1 < command.parameters.size(); ++i) {
    if (!command.parameters[i].default_text.empty() && command.parameters[i + 1].default_text.empty()) {
      throw SparkError("USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION",
                       {{"functionName", name},
                        {"parameterName", command.parameters[i].name},
                        {"nextParameterName", command.parameters[i + 1].name}});
    }
  }
  const auto long_name = [](const auto& column) { return has_length(column.type); };
  if ((command.return_type && has_length(*command.return_type)) ||
      std::any_of(command.parameters.begin(), command.parameters.end(), long_name) ||
      std::any_of(command.return_columns.begin(), command.return_columns.end(), long_name)) {
    throw SparkError("UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING");
  }
  if (command.is_table_function && !command.body_query) {
    throw SparkError("USER_DEFINED_FUNCTIONS.SQL_TABLE_UDF_BODY_MUST_BE_A_QUERY", {{"name", name}});
  }
}

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::CreateFunction& command) {
  if (!command.class_name.empty()) {
    throw_unsupported("functions of Java classes");
  }
  check_signature(command, command.name.back());
  auto function = std::make_shared<UserFunction>();
  function->definition = command;
  function->name = command.name.back();
  if (command.temporary) {
    if (command.name.size() > 1) {
      throw SparkError(ErrorKind::parse, "INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_DATABASE",
                       {{"database", quoted_name({command.name[0]})}});
    }
    check_sql_function(*function, session_.analyzer_host());
    session_.catalog().put_temporary_function(std::move(function), command.replace);
    return no_rows();
  }
  const plan::NameParts full = session_.catalog().qualify(command.name);
  function->database = full[1];
  if (command.if_not_exists && session_.catalog().shared().find_function(full[1], full[2])) {
    return no_rows();
  }
  check_sql_function(*function, session_.analyzer_host());
  session_.catalog().shared().put_function(std::move(function), command.replace);
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::DropFunction& command) {
  if (command.temporary) {
    if (!session_.catalog().remove_temporary_function(command.name.back()) && !command.if_exists) {
      throw SparkError("ROUTINE_NOT_FOUND", {{"routineName", quoted_name(command.name)}});
    }
    return no_rows();
  }
  const plan::NameParts full = session_.catalog().qualify(command.name);
  if (command.name.size() == 1 && find_function(command.name[0]).function) {
    throw SparkError("FORBIDDEN_OPERATION",
                     {{"statement", "DROP"}, {"objectType", "FUNCTION"}, {"objectName", quoted_name(command.name)}});
  }
  if (!session_.catalog().shared().remove_function(full[1], full[2]) && !command.if_exists) {
    throw SparkError("ROUTINE_NOT_FOUND", {{"routineName", quoted_name(full)}});
  }
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::RegisterFunction& command) {
  auto function = std::make_shared<UserFunction>();
  function->python = command.function;
  function->name = std::get<plan::PythonFunction>(command.function->node).name;
  session_.catalog().put_temporary_function(std::move(function), true);
  return no_rows();
}

}  // namespace pyrite
