// EXPLAIN: Spark's sections over our plans.
#include <algorithm>

#include "base/error.h"
#include "session/command_runner.h"
#include "session/command_text.h"
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

/// Every line of a tree behind a branch.
std::string branch(const std::string& tree, size_t indent) {
  std::string out;
  size_t at = 0;
  while (at < tree.size()) {
    const size_t end = std::min(tree.find('\n', at), tree.size());
    out += std::string(indent, ' ') + (out.empty() ? "+- " : "   ") + tree.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

/// A command's sections: its query is analyzed, and nothing is run.
std::string explain_command(Session& session, const plan::Command& command, const std::string& mode) {
  const CommandText text = command_text(command);
  const std::string line = text.name + (text.arguments.empty() ? "" : " " + text.arguments);
  const std::string tree = text.query ? tree_text(session.analyze(text.query)) : "";
  const std::string logical = line + "\n" + branch(tree, 0);
  const std::string physical = "== Physical Plan ==\nExecute " + text.name + "\n" + branch(logical, 3);
  if (mode == "simple" || mode == "codegen" || mode == "formatted") {
    return physical + "\n";
  }
  const std::string optimized = "== Optimized Logical Plan ==\n" + logical;
  if (mode == "cost") {
    return optimized + "\n" + physical + "\n";
  }
  const std::string parsed = line + "\n" + (text.query ? branch(tree_text(text.query), 0) : "");
  return "== Parsed Logical Plan ==\n" + parsed + "\n== Analyzed Logical Plan ==\n" + logical + "\n" + optimized +
         "\n" + physical;
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
  const std::string mode = command.mode.empty() ? "simple" : command.mode;
  const auto* query = command.command ? std::get_if<plan::Query>(&command.command->node) : nullptr;
  std::string text = command.relation ? session_.explain(command.relation, mode)
                     : query          ? session_.explain(query->relation, mode)
                                      : explain_command(session_, *command.command, mode);
  return rows_relation({text_column("plan", true)}, {{Value(std::move(text))}});
}

}  // namespace pyrite
