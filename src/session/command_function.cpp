// CREATE and DROP FUNCTION; functions that the client registers.
#include "base/error.h"
#include "functions/registry.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {

resolved::RelationPtr CommandRunner::operator()(const plan::CreateFunction& command) {
  if (!command.class_name.empty()) {
    throw_unsupported("functions of Java classes");
  }
  auto function = std::make_shared<UserFunction>();
  function->definition = command;
  function->name = command.name.back();
  if (command.temporary) {
    if (command.name.size() > 1) {
      throw SparkError(ErrorKind::parse, "INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_DATABASE",
                       {{"database", quoted_name({command.name[0]})}});
    }
    session_.catalog().put_temporary_function(std::move(function), command.replace);
    return no_rows();
  }
  const plan::NameParts full = session_.catalog().qualify(command.name);
  function->database = full[1];
  if (command.if_not_exists && session_.catalog().shared().find_function(full[1], full[2])) {
    return no_rows();
  }
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
