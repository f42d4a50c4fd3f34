// Where rows come from: tables, views, common tables, inline rows, local data, table functions.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/file_metadata.h"
#include "analyzer/generator_columns.h"
#include "analyzer/properties.h"
#include "base/error.h"
#include "catalog/name.h"
#include "functions/bind_call.h"
#include "functions/registry.h"
#include "types/coercion.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

void qualify(Resolved& input, const plan::NameParts& qualifier) {
  for (std::vector<Column>* columns : {&input.visible, &input.hidden}) {
    for (Column& column : *columns) {
      column.qualifier = qualifier;
    }
  }
}

Resolved use_common_table(CommonTableEntry& entry) {
  ++entry.uses;
  if (entry.inlined) {
    return plain(with_fresh_ids(entry.plan));
  }
  std::vector<Column> output;
  for (const Column& column : entry.plan->output) {
    Column copy = column;
    copy.id = next_column_id();
    output.push_back(std::move(copy));
  }
  return plain(resolved::make_relation(resolved::CteRef{entry.cte_id, entry.name}, std::move(output)));
}

std::vector<Column> columns_of(const Type& structure) {
  std::vector<Column> out;
  for (const StructField& field : structure.fields()) {
    out.push_back(new_column(field.name, field.type, field.nullable, field.metadata));
  }
  return out;
}

Resolved range_function(Analysis& analysis, const std::vector<ExpressionPtr>& arguments,
                        const plan::OriginPtr& origin) {
  if (arguments.empty() || arguments.size() > 4) {
    throw_at(origin,
             SparkError("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`range`"},
                                                              {"expectedNum", "[1, 2, 3, 4]"},
                                                              {"actualNum", std::to_string(arguments.size())},
                                                              {"docroot", "https://spark.apache.org/docs/latest"}}));
  }
  std::vector<int64_t> values;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!can_implicitly_cast(arguments[i]->type, Type::long_int(), analysis.ansi())) {
      static const char* const ordinals[] = {"first", "second", "third", "fourth"};
      throw_at(origin,
               SparkError("UNEXPECTED_INPUT_TYPE", {{"paramIndex", ordinals[i]},
                                                    {"functionName", "`range`"},
                                                    {"requiredType", i == 3 ? "\"INT\"" : "\"BIGINT\""},
                                                    {"inputSql", "\"" + expression_sql(arguments[i]) + "\""},
                                                    {"inputType", "\"" + sql_string(arguments[i]->type) + "\""}}));
    }
    const Value value = analysis.constant_value(cast_to(arguments[i], Type::long_int(), analysis.mode()));
    if (value.is_null()) {
      throw_at(origin, SparkError("FAILED_FUNCTION_CALL", {{"funcName", "`range`"}}));
    }
    values.push_back(value.integer());
  }
  resolved::RangeScan scan;
  if (values.size() == 1) {
    scan.end = values[0];
  } else {
    scan.start = values[0];
    scan.end = values[1];
    scan.step = values.size() > 2 ? values[2] : 1;
  }
  if (scan.step == 0) {
    throw_at(origin, SparkError(ErrorKind::illegal_argument, "FAILED_FUNCTION_CALL", {{"funcName", "`range`"}}));
  }
  return plain(resolved::make_relation(scan, {new_column("id", Type::long_int(), false)}));
}

}  // namespace

Resolved Analysis::resolve_node(const plan::NamedTable& node, const plan::Relation& relation) {
  plan::NameParts name = node.name;
  if (node.identifier_clause) {
    const std::vector<Column> none;
    const PlanColumns no_plans;
    Scope scope;
    scope.visible = &none;
    scope.hidden = &none;
    scope.plan_columns = &no_plans;
    const ExpressionPtr text = resolve(node.identifier_clause, scope);
    const Value value = constant_value(text);
    if (value.is_null()) {
      throw_at(relation.origin,
               SparkError("NOT_A_CONSTANT_STRING.NULL", {{"name", "IDENTIFIER"}, {"expr", expression_sql(text)}}));
    }
    const plan::ExpressionPtr parsed = host.parse_expression(value.text());
    name = std::get<plan::Attribute>(parsed->node).name_parts;
  }
  if (node.is_streaming) {
    throw_unsupported("streaming tables (Structured Streaming)");
  }
  if (node.as_of_version || node.as_of_timestamp) {
    throw_at(relation.origin, SparkError("UNSUPPORTED_FEATURE.TIME_TRAVEL", {{"relationId", quoted(name)}}));
  }
  if (name.size() == 1) {
    for (auto it = common_tables.rbegin(); it != common_tables.rend(); ++it) {
      if (same_name((*it)->name, name[0])) {
        Resolved out = use_common_table(**it);
        qualify(out, {(*it)->name});
        return out;
      }
    }
  }
  const SessionCatalog::Found found = host.view ? host.catalog->find_in(*host.view, name) : host.catalog->find(name);
  if (found.view) {
    if (found.view->temporary() && host.temporary_uses) {
      host.temporary_uses->views.push_back(name);
    }
    Resolved out = expand_view(*found.view, relation.origin);
    plan::NameParts qualifier = {found.view->name};
    if (!found.view->database.empty()) {
      qualifier = found.view->database == "global_temp"
                      ? plan::NameParts{"global_temp", found.view->name}
                      : plan::NameParts{"spark_catalog", found.view->database, found.view->name};
    }
    qualify(out, qualifier);
    return out;
  }
  if (found.table) {
    Resolved out = plain(host.resolve_table(*found.table));
    out = file_metadata ? with_file_metadata(std::move(out)) : std::move(out);
    qualify(out, {"spark_catalog", found.table->database, found.table->name});
    return out;
  }
  // parquet.`/folder`: a file format and a path.
  static const char* const formats[] = {"parquet", "csv", "json", "orc", "text", "avro", "xml", "binaryfile"};
  if (name.size() == 2) {
    const std::string format = lower_case(name[0]);
    if (std::find(std::begin(formats), std::end(formats), format) != std::end(formats)) {
      plan::DataSource source;
      source.format = format;
      source.paths = {name[1]};
      source.options = node.options;
      return resolve_node(source);
    }
  }
  throw_at(relation.origin,
           SparkError("TABLE_OR_VIEW_NOT_FOUND",
                      {{"relationName", quoted(name)}, {"searchPath", search_path(host.catalog->current_database())}}));
}

Resolved Analysis::resolve_node(const plan::DataSource& node) {
  if (node.is_streaming) {
    throw_unsupported("readStream (Structured Streaming)");
  }
  Resolved out = plain(host.resolve_source(node));
  return file_metadata ? with_file_metadata(std::move(out)) : out;
}

Resolved Analysis::resolve_node(const plan::LocalRelation& node) {
  std::vector<Column> columns;
  const bool has_data = node.arrow_stream && !node.arrow_stream->empty();
  if (has_data) {
    for (const StructField& field : host.arrow_schema(*node.arrow_stream)) {
      columns.push_back(new_column(field.name, field.type, field.nullable, field.metadata));
    }
  }
  if (!node.schema || node.schema->empty()) {
    if (!has_data) {
      throw SparkError("CONNECT_INVALID_PLAN.SCHEMA_REQUIRED_FOR_LOCAL_RELATION");
    }
    return plain(resolved::make_relation(resolved::LocalData{{node.arrow_stream}}, columns));
  }
  Type schema = host.parse_schema(*node.schema);
  if (!schema.is(TypeKind::structure)) {
    schema = Type::structure({{"value", schema, true, {}}});
  }
  const std::vector<StructField>& fields = schema.fields();
  if (!has_data) {
    return plain(resolved::make_relation(resolved::InlineRows{}, columns_of(schema)));
  }
  if (fields.size() != columns.size()) {
    throw SparkError("NUM_COLUMNS_MISMATCH", {{"operator", "LocalRelation"},
                                              {"firstNumColumns", std::to_string(fields.size())},
                                              {"invalidOrdinalNum", "first"},
                                              {"invalidNumColumns", std::to_string(columns.size())}});
  }
  const resolved::RelationPtr data = resolved::make_relation(resolved::LocalData{{node.arrow_stream}}, columns);
  std::vector<NamedExpression> list;
  bool changed = false;
  for (size_t i = 0; i < fields.size(); ++i) {
    ExpressionPtr value = cast_to(resolved::reference(columns[i]), fields[i].type, mode());
    const bool same = value->type == fields[i].type && std::holds_alternative<resolved::ColumnRef>(value->node);
    Column column = new_column(fields[i].name, fields[i].type, fields[i].nullable, fields[i].metadata);
    if (same && column.name == columns[i].name && column.nullable == columns[i].nullable &&
        column.metadata == columns[i].metadata) {
      column.id = columns[i].id;
    } else {
      changed = true;
    }
    list.push_back({std::move(column), std::move(value)});
  }
  return plain(changed ? project(data, std::move(list)) : data);
}

Resolved Analysis::resolve_node(const plan::CachedLocalRelation& node) {
  std::vector<std::shared_ptr<const std::string>> streams;
  for (const std::string& hash : node.data_hashes) {
    streams.push_back(host.cached_data(hash));
  }
  std::optional<std::string> schema;
  if (node.schema_hash) {
    schema = *host.cached_data(*node.schema_hash);
  }
  if (streams.empty()) {
    return resolve_node(plan::LocalRelation{nullptr, schema});
  }
  Resolved first = resolve_node(plan::LocalRelation{streams[0], schema});
  if (streams.size() == 1) {
    return first;
  }
  // The chunks are one relation: put them all where the first stands.
  const auto with_all = [&](const resolved::Relation& relation) {
    return resolved::make_relation(resolved::LocalData{streams}, relation.output);
  };
  if (const auto* top = std::get_if<resolved::Project>(&first.plan->node)) {
    first.plan = project(with_all(*top->input), top->expressions);
  } else {
    first.plan = with_all(*first.plan);
  }
  return first;
}

Resolved Analysis::resolve_node(const plan::Range& node) {
  if (node.step == 0) {
    throw SparkError::plain(ErrorKind::illegal_argument, "the step of a range cannot be 0");
  }
  return plain(resolved::make_relation(resolved::RangeScan{node.start, node.end, node.step},
                                       {new_column("id", Type::long_int(), false)}));
}

Resolved Analysis::resolve_node(const plan::InlineTable& node, const plan::Relation& relation) {
  const std::vector<Column> none;
  const PlanColumns no_plans;
  Scope scope;
  scope.visible = &none;
  scope.hidden = &none;
  scope.plan_columns = &no_plans;
  scope.outer = outer_scope;
  scope.outer_used = outer_used;
  resolved::InlineRows rows;
  const size_t width = node.rows.empty() ? 0 : node.rows[0].size();
  for (size_t r = 0; r < node.rows.size(); ++r) {
    if (node.rows[r].size() != width) {
      throw_at(relation.origin, SparkError("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                                           {{"expectedNumCols", std::to_string(width)},
                                            {"actualNumCols", std::to_string(node.rows[r].size())},
                                            {"rowIndex", std::to_string(r)}}));
    }
    std::vector<ExpressionPtr> row;
    for (const plan::ExpressionPtr& each : node.rows[r]) {
      ExpressionPtr value = resolve(each, scope);
      if (contains_aggregate(value) || contains_window(value) || contains_generator(value)) {
        throw_at(each->origin, SparkError("INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE",
                                          {{"expr", "\"" + expression_sql(value) + "\""}}));
      }
      row.push_back(std::move(value));
    }
    rows.rows.push_back(std::move(row));
  }
  std::vector<Column> output;
  for (size_t c = 0; c < width; ++c) {
    std::vector<Type> types;
    bool nullable = false;
    for (const auto& row : rows.rows) {
      types.push_back(row[c]->type);
      nullable = nullable || row[c]->nullable;
    }
    const std::optional<Type> type = wider_type(types, ansi());
    const std::string name = "col" + std::to_string(c + 1);
    if (!type) {
      throw_at(relation.origin,
               SparkError("INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE", {{"colName", quoted({name})}}));
    }
    for (auto& row : rows.rows) {
      row[c] = cast_to(row[c], *type, mode());
    }
    output.push_back(new_column(name, *type, nullable));
  }
  return plain(resolved::make_relation(std::move(rows), std::move(output)));
}

Resolved Analysis::resolve_node(const plan::TableFunction& node, const plan::Relation& relation) {
  Resolved base = plain(resolved::make_relation(resolved::OneRow{}, {}));
  Scope scope = scope_of(*this, base);
  const std::string name = lower_case(node.name.back());
  if (name == "range") {
    std::vector<ExpressionPtr> arguments;
    for (const plan::ExpressionPtr& each : node.arguments) {
      arguments.push_back(resolve(each, scope));
    }
    return range_function(*this, arguments, relation.origin);
  }
  if (host.catalog) {
    if (const auto user = host.catalog->find_function(node.name)) {
      if (!user->definition.is_table_function) {
        throw_at(relation.origin,
                 SparkError("NOT_A_TABLE_FUNCTION", {{"functionName", quoted(host.catalog->qualify(node.name))}}));
      }
      return resolve_sql_table_function(*user, node, scope, relation.origin);
    }
  }
  const FoundFunction found = find_function(name);
  if (!found.function || found.function->kind != FunctionKind::generator) {
    throw_at(relation.origin, SparkError(found.function ? "NOT_A_TABLE_FUNCTION" : "UNRESOLVABLE_TABLE_VALUED_FUNCTION",
                                         found.function ? MessageParameters{{"functionName", quoted(node.name)}}
                                                        : MessageParameters{{"name", quoted(node.name)}}));
  }
  scope.generators_allowed = true;
  const ExpressionPtr generator =
      resolve(plan::make_expression(plan::Call{node.name, node.arguments}, relation.origin), scope);
  const bool outer = generator_is_outer(generator);
  const std::vector<Column> columns = generator_columns(*this, generator, outer);
  return plain(resolved::make_relation(resolved::Generate{base.plan, generator, outer, columns}, columns));
}

}  // namespace pyrite::analysis
