#include "session/command_text.h"

#include "base/error.h"
#include "plan/quoted_name.h"

namespace pyrite {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string with_flag(const plan::NameParts& name, bool flag) {
  return quoted_name(name) + ", " + (flag ? "true" : "false");
}

std::string option(const std::optional<std::string>& value) { return value ? "Some(" + *value + ")" : "None"; }

std::string mode_name(plan::SaveMode mode) {
  switch (mode) {
    case plan::SaveMode::append:
      return "Append";
    case plan::SaveMode::overwrite:
      return "Overwrite";
    case plan::SaveMode::error_if_exists:
      return "ErrorIfExists";
    case plan::SaveMode::ignore:
      return "Ignore";
  }
  return {};
}

CommandText table_text(const plan::CreateTable& command) {
  if (!command.like.empty()) {
    return {"CreateTableLikeCommand", quoted_name(command.name) + ", " + quoted_name(command.like), nullptr};
  }
  if (!command.query) {
    return {"CreateDataSourceTableCommand", with_flag(command.name, command.if_not_exists), nullptr};
  }
  return {"CreateDataSourceTableAsSelectCommand",
          quoted_name(command.name) + ", " +
              mode_name(command.if_not_exists                                   ? plan::SaveMode::ignore
                        : command.create_or_replace || command.replace_existing ? plan::SaveMode::overwrite
                                                                                : plan::SaveMode::error_if_exists),
          command.query};
}

std::string camel_case(std::string_view words) {
  std::string out;
  bool start = true;
  for (const char c : words) {
    if (c == ' ' || c == '_') {
      start = true;
      continue;
    }
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = c >= 'a' && c <= 'z';
    out += start && lower ? static_cast<char>(c - 'a' + 'A') : !start && upper ? static_cast<char>(c - 'A' + 'a') : c;
    start = false;
  }
  return out;
}

}  // namespace

CommandText command_text(const plan::Command& command) {
  using plan::SaveMode;
  return std::visit(
      Overloaded{
          [](const plan::CreateView& node) -> CommandText {
            const char* scope = node.scope == plan::ViewScope::session  ? "LocalTempView"
                                : node.scope == plan::ViewScope::global ? "GlobalTempView"
                                                                        : "PersistedView";
            return {"CreateViewCommand",
                    quoted_name(node.name) + ", " + node.query_text + ", " + (node.if_not_exists ? "true" : "false") +
                        ", " + (node.replace ? "true" : "false") + ", " + scope,
                    node.query};
          },
          [](const plan::CreateTable& node) { return table_text(node); },
          [](const plan::DropTable& node) -> CommandText {
            return {node.is_view ? "DropViewCommand" : "DropTable", with_flag(node.name, node.if_exists), nullptr};
          },
          [](const plan::CreateNamespace& node) -> CommandText {
            return {"CreateNamespace", with_flag(node.name, node.if_not_exists), nullptr};
          },
          [](const plan::DropNamespace& node) -> CommandText {
            return {"DropNamespace", with_flag(node.name, node.if_exists), nullptr};
          },
          [](const plan::AlterNamespace& node) -> CommandText {
            return {"AlterNamespace", quoted_name(node.name), nullptr};
          },
          [](const plan::Insert& node) -> CommandText {
            return {"InsertIntoTable",
                    quoted_name(node.table) + ", " + mode_name(node.overwrite ? SaveMode::overwrite : SaveMode::append),
                    node.query};
          },
          [](const plan::TruncateTable& node) -> CommandText {
            return {"TruncateTableCommand", quoted_name(node.table), nullptr};
          },
          [](const plan::AlterTable& node) -> CommandText {
            return {std::string(node.is_view ? "AlterView" : "AlterTable") + camel_case(node.action) + "Command",
                    quoted_name(node.table), node.query};
          },
          [](const plan::SetConfiguration& node) -> CommandText {
            return {"SetCommand", node.key ? "(" + *node.key + "," + option(node.value) + ")" : "", nullptr};
          },
          [](const plan::ResetConfiguration& node) -> CommandText {
            return {"ResetCommand", option(node.key), nullptr};
          },
          [](const plan::SetTimeZone&) -> CommandText {
            return {"SetCommand", "spark.sql.session.timeZone", nullptr};
          },
          [](const plan::UseNamespace& node) -> CommandText {
            return {"SetCatalogAndNamespace", quoted_name(node.name), nullptr};
          },
          [](const plan::SetCatalog& node) -> CommandText {
            return {"SetCatalogCommand", node.name, nullptr};
          },
          [](const plan::DeclareVariable& node) -> CommandText {
            return {"CreateVariable", quoted_name(node.name) + ", " + node.default_text, nullptr};
          },
          [](const plan::DropVariable& node) -> CommandText {
            return {"DropVariable", with_flag(node.name, node.if_exists), nullptr};
          },
          [](const plan::SetVariable& node) -> CommandText {
            std::string names;
            for (const plan::NameParts& name : node.names) {
              names += (names.empty() ? "" : ", ") + quoted_name(name);
            }
            return {"SetVariable", "[" + names + "]", node.query};
          },
          [](const plan::ExecuteImmediate&) -> CommandText {
            return {"ExecuteImmediate", "", nullptr};
          },
          [](const plan::Show& node) -> CommandText {
            std::string arguments = node.name.empty() ? "" : quoted_name(node.name);
            if (node.pattern) {
              arguments += (arguments.empty() ? "" : ", ") + *node.pattern;
            }
            return {"Show" + camel_case(node.what), std::move(arguments), nullptr};
          },
          [](const plan::DescribeTable& node) -> CommandText {
            return {node.column.empty() ? "DescribeTableCommand" : "DescribeColumnCommand",
                    with_flag(node.name, node.extended), nullptr};
          },
          [](const plan::DescribeQuery& node) -> CommandText {
            return {"DescribeQueryCommand", "", node.query};
          },
          [](const plan::DescribeFunction& node) -> CommandText {
            return {"DescribeFunctionCommand", with_flag(node.name, node.extended), nullptr};
          },
          [](const plan::DescribeNamespace& node) -> CommandText {
            return {"DescribeNamespace", with_flag(node.name, node.extended), nullptr};
          },
          [](const plan::Explain& node) -> CommandText {
            return {"ExplainCommand", node.mode.empty() ? "simple" : node.mode, node.relation};
          },
          [](const plan::CacheTable& node) -> CommandText {
            return {node.query ? "CacheTableAsSelect" : "CacheTable", with_flag(node.name, node.lazy), node.query};
          },
          [](const plan::UncacheTable& node) -> CommandText {
            return {"UncacheTable", with_flag(node.name, node.if_exists), nullptr};
          },
          [](const plan::ClearCache&) -> CommandText {
            return {"ClearCacheCommand", "", nullptr};
          },
          [](const plan::Refresh& node) -> CommandText {
            return {node.table.empty() ? "RefreshResource" : "RefreshTableCommand",
                    node.table.empty() ? node.path : quoted_name(node.table), nullptr};
          },
          [](const plan::DropFunction& node) -> CommandText {
            return {"DropFunctionCommand", with_flag(node.name, node.if_exists), nullptr};
          },
          [](const plan::CreateFunction& node) -> CommandText {
            return {node.class_name.empty() ? "CreateSQLFunctionCommand" : "CreateFunctionCommand",
                    quoted_name(node.name), nullptr};
          },
          [](const plan::WriteFrame& node) -> CommandText {
            return {"SaveIntoDataSourceCommand",
                    (node.table.empty() ? node.path : quoted_name(node.table)) + ", " + mode_name(node.mode),
                    node.input};
          },
          [](const plan::WriteTable& node) -> CommandText {
            return {"WriteTo" + camel_case(node.mode), quoted_name(node.table), node.input};
          },
          [](const plan::RegisterFunction&) -> CommandText {
            return {"RegisterFunction", "", nullptr};
          },
          [](const plan::Query& node) -> CommandText {
            return {"Query", "", node.relation};
          },
          [](const plan::UnsupportedCommand& node) -> CommandText { throw_unsupported(node.feature); },
      },
      command.node);
}

}  // namespace pyrite
