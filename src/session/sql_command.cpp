// Runs SQL commands and turns their rows into a local relation for the client.
#include "session/sql_command.h"

#include <spark/connect/commands.pb.h>
#include <spark/connect/relations.pb.h>

#include "base/error.h"
#include "nanoarrow/nanoarrow.hpp"
#include "session/arrow_stream.h"
#include "session/plan_request.h"

namespace pyrite {
namespace {

namespace proto = spark::connect;

/// The relation of the message's SQL text, also when an older client put it into the deprecated fields.
proto::Relation input_of(const proto::SqlCommand& command) {
  if (command.has_input()) {
    return command.input();
  }
  proto::Relation input;
  proto::SQL& sql = *input.mutable_sql();
  sql.set_query(command.sql());
  *sql.mutable_args() = command.args();
  *sql.mutable_pos_args() = command.pos_args();
  *sql.mutable_named_arguments() = command.named_arguments();
  *sql.mutable_pos_arguments() = command.pos_arguments();
  return input;
}

const proto::SQL& text_of(const proto::Relation& input) {
  if (input.has_sql()) {
    return input.sql();
  }
  if (input.has_with_relations() && input.with_relations().root().has_sql()) {
    return input.with_relations().root().sql();
  }
  throw SparkError("CONNECT_INVALID_PLAN.SQL_COMMAND_EXPECTS_SQL_OR_WITH_RELATIONS",
                   {{"other", std::to_string(input.rel_type_case())}});
}

void put_rows(Session& session, const resolved::RelationPtr& rows, proto::LocalRelation& out) {
  nanoarrow::UniqueSchema schema;
  if (is_empty_answer(rows)) {
    ArrowSchemaInit(schema.get());
    check(ArrowSchemaSetTypeStruct(schema.get(), 0) == NANOARROW_OK, "out of memory");
    out.set_data(arrow_stream(*schema.get()));
    return;
  }
  const std::unique_ptr<ResultStream> stream = session.engine().execute(rows, session.execution_options());
  stream->schema(schema.get());
  ArrowStreamWriter writer(*schema.get());
  for (;;) {
    nanoarrow::UniqueArray batch;
    if (!stream->next(batch.get())) {
      break;
    }
    writer.add(*batch.get());
  }
  out.set_data(writer.finish());
  std::vector<StructField> fields;
  for (const resolved::Column& column : rows->output) {
    fields.push_back({column.name, column.type, column.nullable, column.metadata});
  }
  out.set_schema(type_json(Type::structure(std::move(fields))));
}

}  // namespace

bool is_empty_answer(const resolved::RelationPtr& plan) {
  return plan->output.empty() && (std::holds_alternative<resolved::InlineRows>(plan->node) ||
                                  std::holds_alternative<resolved::LocalData>(plan->node));
}

void run_sql_command(Session& session, const proto::SqlCommand& message, proto::Relation& out) {
  proto::Relation input = input_of(message);
  connect::Decoder decoder = decoder_for(session);
  const plan::Command command = session.parse(decoder.sql_text(text_of(input)));
  if (const auto* query = std::get_if<plan::Query>(&command.node)) {
    // Analyzed now, so that errors come from sql() itself, as in Spark.
    session.analyze(input.has_with_relations() ? decoder.relation(input) : query->relation);
    out = std::move(input);
    return;
  }
  if (input.has_with_relations() && input.with_relations().references_size() > 0) {
    throw SparkError("CONNECT_INVALID_PLAN.INVALID_SQL_WITH_REFERENCES", {{"query", text_of(input).query()}});
  }
  put_rows(session, session.run_command(command), *out.mutable_local_relation());
}

resolved::RelationPtr stored_copy(Session& session, const resolved::RelationPtr& plan) {
  resolved::TableScan scan;
  scan.storage = session.engine().create_storage(plan->output);
  try {
    session.engine().insert(scan.storage, plan, false, session.execution_options());
  } catch (...) {
    session.engine().drop_storage(scan.storage);
    throw;
  }
  for (size_t i = 0; i < plan->output.size(); ++i) {
    scan.column_indexes.push_back(static_cast<int>(i));
  }
  return resolved::make_relation(std::move(scan), plan->output);
}

}  // namespace pyrite
