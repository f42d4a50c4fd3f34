// EXPLAIN: Spark's sections over our plans.
#include "base/error.h"
#include "session/command_runner.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

std::string column_line(const resolved::RelationPtr& plan) {
  std::string line;
  for (const resolved::Column& column : plan->output) {
    line += (line.empty() ? "" : ", ") + column.name + ": " + simple_string(column.type);
  }
  return line;
}

std::string ended(std::string text) {
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text + "\n";
}

}  // namespace

std::string Session::explain(const plan::RelationPtr& relation, const std::string& mode) {
  const resolved::RelationPtr analyzed = analyze(relation);
  const std::string physical =
      "== Physical Plan ==\n" +
      (analyzed->output.empty() ? tree_text(analyzed) : ended(engine().explain(analyzed, execution_options())));
  if (mode == "simple" || mode == "codegen" || mode == "formatted") {
    return physical + "\n";
  }
  const std::string optimized = "== Optimized Logical Plan ==\n" + ended(tree_text(analyzed));
  if (mode == "cost") {
    return optimized + "\n" + physical + "\n";
  }
  if (mode != "extended") {
    throw SparkError(ErrorKind::illegal_argument, "_LEGACY_ERROR_TEMP_3170", {{"name", mode}});
  }
  return "== Parsed Logical Plan ==\n" + ended(tree_text(relation)) + "\n== Analyzed Logical Plan ==\n" +
         column_line(analyzed) + "\n" + ended(tree_text(analyzed)) + "\n" + optimized + "\n" + physical;
}

resolved::RelationPtr CommandRunner::operator()(const plan::Explain& command) {
  std::string text;
  if (command.relation) {
    text = session_.explain(command.relation, command.mode.empty() ? "simple" : command.mode);
  } else if (const auto* query = std::get_if<plan::Query>(&command.command->node)) {
    text = session_.explain(query->relation, command.mode.empty() ? "simple" : command.mode);
  } else {
    throw_unsupported("EXPLAIN of a command");
  }
  return rows_relation({text_column("plan", true)}, {{Value(std::move(text))}});
}

}  // namespace pyrite
