// What the analyzer asks of the session: parsing, sources, small queries, catalog answers.
#include "base/error.h"
#include "session/arrow_stream.h"
#include "session/command_runner.h"
#include "session/result_rows.h"
#include "session/session.h"
#include "sources/line_reader.h"
#include "sources/resolve_source.h"

namespace pyrite {
namespace {

/// The argument for a marker of a statement; nullptr: there is none.
plan::ExpressionPtr argument_for(const plan::Parameter& parameter, const plan::SqlText& text) {
  if (!parameter.name.empty()) {
    const auto found = text.named_arguments.find(parameter.name);
    return found == text.named_arguments.end() ? nullptr : found->second;
  }
  const auto position = static_cast<size_t>(parameter.position);
  return position < text.positional_arguments.size() ? text.positional_arguments[position] : nullptr;
}

}  // namespace

plan::Command Session::parse(const plan::SqlText& text) {
  sql::ParserOptions options = parser_options();
  options.parameter = [&text](const plan::Parameter& parameter) { return argument_for(parameter, text); };
  return sql::parse_statement(text.query, options);
}

AnalyzerHost Session::analyzer_host() {
  AnalyzerHost host;
  host.facts = facts();
  host.catalog = &catalog_;
  host.case_sensitive = configuration_.flag("spark.sql.caseSensitive");
  host.parse_query = [this](const plan::SqlText& text) {
    plan::Command command = parse(text);
    if (auto* query = std::get_if<plan::Query>(&command.node)) {
      return query->relation;
    }
    return plan::make_relation(plan::CommandResult{std::make_shared<const plan::Command>(std::move(command))});
  };
  host.parse_expression = [this](const std::string& text) { return sql::parse_expression(text, parser_options()); };
  host.parse_schema = [this](const std::string& text) {
    const size_t first = text.find_first_not_of(" \t\n\r");
    if (first != std::string::npos && (text[first] == '{' || text[first] == '"')) {
      return parse_type_json(text);
    }
    return sql::parse_ddl(text, parser_options());
  };
  SourceContext sources;
  sources.session = host.facts;
  sources.parse_schema = host.parse_schema;
  sources.next_column_id = [] { return next_column_id(); };
  sources.file_schema = [this](const std::string& format, const std::string& file) {
    return engine().file_schema(format, file);
  };
  host.resolve_source = [sources](const plan::DataSource& source) { return resolve_source(source, sources); };
  host.resolve_table = [](const Table& table) -> resolved::RelationPtr {
    resolved::TableScan scan;
    scan.storage = table.storage;
    scan.name = {"spark_catalog", table.database, table.name};
    if (table.storage.empty()) {
      throw_unsupported("tables kept in files");
    }
    std::vector<resolved::Column> columns;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const StructField& field = table.columns[i];
      scan.column_indexes.push_back(static_cast<int>(i));
      columns.push_back({next_column_id(), field.name, field.type, field.nullable, field.metadata, scan.name});
    }
    return resolved::make_relation(std::move(scan), std::move(columns));
  };
  host.cached_data = [this](const std::string& hash) {
    std::shared_ptr<const std::string> found = find_artifact("cache/" + hash);
    if (!found) {
      throw SparkError("CONNECT_INVALID_PLAN.CANNOT_FIND_CACHED_LOCAL_RELATION", {{"hash", hash}});
    }
    return found;
  };
  host.arrow_schema = [](const std::string& stream) { return arrow_stream_columns(stream); };
  host.run = [this](const resolved::RelationPtr& relation) { return collect(relation); };
  host.infer_lines = [facts = host.facts](const std::string& format, const std::string& first_line,
                                          const std::vector<std::optional<std::string>>& lines,
                                          const plan::Options& options) {
    return infer_lines(format, first_line, lines, options, *facts);
  };
  host.evaluate = [this](const resolved::ExpressionPtr& expression) {
    return engine().evaluate(expression, execution_options());
  };
  host.answer_catalog = [this](const plan::CatalogQuery& query) { return CommandRunner(*this).answer(query); };
  host.run_command = [this](const plan::Command& command) { return run_command(command); };
  host.cached_relation = [this](const std::string& id) {
    resolved::RelationPtr found = find_remote_relation(id);
    if (!found) {
      throw SparkError("CONNECT_INVALID_PLAN.DATAFRAME_NOT_FOUND", {{"dfId", id}, {"sessionId", id_}});
    }
    return with_fresh_ids(found);
  };
  return host;
}

resolved::RelationPtr Session::analyze(const plan::RelationPtr& relation) {
  return pyrite::analyze(relation, analyzer_host());
}

std::vector<ValueList> Session::collect(const resolved::RelationPtr& plan) {
  if (plan->output.empty()) {
    return {};
  }
  return collect_rows(*engine().execute(plan, execution_options()));
}

}  // namespace pyrite
