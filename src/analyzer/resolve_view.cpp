// Views: their query under the configuration, names and types that they were made with.
#include <algorithm>
#include <map>
#include <unordered_set>

#include "analyzer/analysis.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "types/up_cast.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

constexpr int view_depth_limit = 100;

plan::NameParts full_name(const View& view) {
  return view.temporary() ? plan::NameParts{view.name} : plan::NameParts{"spark_catalog", view.database, view.name};
}

/// How the columns follow a changed query; a view that kept nothing is bound to its types.
std::string mode_of(const View& view, const Analysis& analysis) {
  const bool enabled = analysis.host.facts->conf("spark.sql.legacy.viewSchemaBindingMode", "true") == "true";
  return enabled && !view.schema_mode.empty() ? view.schema_mode : "BINDING";
}

/// The facts of the session with the configuration of the view's creation.
std::shared_ptr<const SessionFacts> facts_of(const View& view, const SessionFacts& session) {
  auto facts = std::make_shared<SessionFacts>(session);
  std::erase_if(facts->configuration, [](const auto& pair) { return view_keeps(pair.first); });
  facts->configuration.insert(facts->configuration.end(), view.configuration.begin(), view.configuration.end());
  facts->ansi = facts->conf("spark.sql.ansi.enabled", "true") == "true";
  facts->time_zone = facts->conf("spark.sql.session.timeZone", session.time_zone);
  return facts;
}

/// The view's query. It sees neither the common tables nor the columns around its use.
resolved::RelationPtr query_of(const View& view, const Analysis& outer) {
  AnalyzerHost host = outer.host;
  host.facts = facts_of(view, *outer.host.facts);
  host.case_sensitive = host.facts->conf("spark.sql.caseSensitive", "false") == "true";
  host.view = &view;
  host.temporary_uses = nullptr;
  Analysis inner(host);
  inner.view_depth = outer.view_depth;
  inner.depth = outer.depth;
  return inner.resolve_to_plan(view.relation);
}

[[noreturn]] void throw_changed(const View& view, const std::string& name, size_t expected,
                                const std::vector<const Column*>& found) {
  std::string actual;
  for (const Column* column : found) {
    actual += (actual.empty() ? "" : ",") + column->name;
  }
  std::string suggestion = "CREATE OR REPLACE TEMPORARY VIEW";
  if (!view.temporary()) {
    std::string names;
    bool own_names = false;
    for (size_t i = 0; i < view.schema.size(); ++i) {
      names += (i ? ", " : "") + view.schema[i].name;
      own_names = own_names || view.schema[i].name != view.query_columns[i];
    }
    suggestion = "CREATE OR REPLACE VIEW spark_catalog." + view.database + "." + view.name +
                 (own_names ? " (" + names + ")" : "") + " AS " + view.query_text;
  }
  throw SparkError("INCOMPATIBLE_VIEW_SCHEMA_CHANGE", {{"viewName", quoted(full_name(view))},
                                                       {"colName", name},
                                                       {"expectedNum", std::to_string(expected)},
                                                       {"actualCols", "[" + actual + "]"},
                                                       {"suggestion", suggestion}});
}

/// A column of the query as the type that the view shows.
ExpressionPtr shown_as(const Column& column, const Type& type, const std::string& mode, const plan::OriginPtr& origin) {
  const ExpressionPtr value = resolved::reference(column);
  if (mode.ends_with("EVOLUTION") || same_type(column.type, type)) {
    return value;
  }
  if (mode == "BINDING" && !can_up_cast(column.type, type)) {
    std::string shown;
    for (const std::string& part : column.qualifier) {
      shown += part + ".";
    }
    throw SparkError("CANNOT_UP_CAST_DATATYPE", {{"expression", shown + column.name},
                                                 {"sourceType", "\"" + sql_string(column.type) + "\""},
                                                 {"targetType", "\"" + sql_string(type) + "\""},
                                                 {"details", "the view was made with this type and is bound to it"}});
  }
  if (!can_cast(column.type, type, resolved::EvalMode::ansi)) {
    throw_at(origin, SparkError("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
                                {{"sqlExpr", "\"" + column.name + "\""},
                                 {"srcType", "\"" + sql_string(column.type) + "\""},
                                 {"targetType", "\"" + sql_string(type) + "\""}}));
  }
  const bool nullable = column.nullable || cast_can_make_null(column.type, type, resolved::EvalMode::ansi);
  return resolved::make_expression(resolved::Cast{value, resolved::EvalMode::ansi, false}, type, nullable, origin);
}

/// Keeps what an evolving view shows now, for those who ask the catalog.
void keep_schema(const View& view, std::vector<StructField> schema, std::vector<std::string> query_columns,
                 SessionCatalog& catalog) {
  if (schema == view.schema && query_columns == view.query_columns) {
    return;
  }
  auto changed = std::make_shared<View>(view);
  changed->schema = std::move(schema);
  changed->query_columns = std::move(query_columns);
  catalog.shared().put_view(std::move(changed), true);
}

/// Every column of the query as it is now.
Resolved evolved(const View& view, const resolved::RelationPtr& plan, Analysis& analysis) {
  std::vector<StructField> schema;
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  for (const Column& column : plan->output) {
    const std::string key = analysis.host.case_sensitive ? column.name : lower_case(column.name);
    if (!seen.insert(key).second) {
      throw SparkError("COLUMN_ALREADY_EXISTS", {{"columnName", quoted({key})}});
    }
    schema.push_back({column.name, column.type, column.nullable, column.metadata});
    names.push_back(column.name);
  }
  keep_schema(view, std::move(schema), std::move(names), *analysis.host.catalog);
  return plain(plan);
}

}  // namespace

Resolved Analysis::expand_view(const View& view, const plan::OriginPtr& origin) {
  if (view_depth >= view_depth_limit) {
    throw SparkError("VIEW_EXCEED_MAX_NESTED_DEPTH",
                     {{"viewName", quoted(full_name(view))}, {"maxNestedDepth", std::to_string(view_depth_limit)}});
  }
  if (view.analyzed) {
    return plain(with_fresh_ids(view.analyzed));
  }
  ++view_depth;
  const resolved::RelationPtr plan = query_of(view, *this);
  --view_depth;
  const std::string mode = mode_of(view, *this);
  if (mode == "EVOLUTION" && !view.names_columns()) {
    return evolved(view, plan, *this);
  }
  std::map<std::string, size_t> used;
  std::vector<NamedExpression> list;
  std::vector<StructField> schema = view.schema;
  for (size_t i = 0; i < schema.size(); ++i) {
    const std::string& name = view.query_columns[i];
    const auto expected = std::count_if(view.query_columns.begin(), view.query_columns.end(),
                                        [&](const std::string& each) { return same_name(each, name); });
    std::vector<const Column*> found;
    for (const Column& column : plan->output) {
      if (same_name(column.name, name)) {
        found.push_back(&column);
      }
    }
    if (found.size() != static_cast<size_t>(expected)) {
      throw_changed(view, name, expected, found);
    }
    const std::string key = host.case_sensitive ? name : lower_case(name);
    ExpressionPtr value = shown_as(*found[used[key]++], schema[i].type, mode, origin);
    Column column = new_column(schema[i].name, value->type, value->nullable, schema[i].metadata);
    schema[i].type = value->type;
    schema[i].nullable = value->nullable;
    list.push_back({std::move(column), std::move(value)});
  }
  if (mode.ends_with("EVOLUTION")) {
    keep_schema(view, std::move(schema), view.query_columns, *host.catalog);
  }
  return plain(project(plan, std::move(list)));
}

}  // namespace pyrite::analysis
