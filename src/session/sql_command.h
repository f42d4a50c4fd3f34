// spark.sql(): commands run at once, queries go back to the client as they came.
#pragma once

#include "session/session.h"

namespace spark::connect {
class Relation;
class SqlCommand;
}  // namespace spark::connect

namespace pyrite {

/// Fills `out` with the relation that stands for the answer. Wants a Session::Work around it.
void run_sql_command(Session& session, const spark::connect::SqlCommand& command, spark::connect::Relation& out);

/// A command's answer without columns: it has no rows either.
bool is_empty_answer(const resolved::RelationPtr& plan);

/// The plan's rows kept by the engine, as a relation with its columns.
resolved::RelationPtr stored_copy(Session& session, const resolved::RelationPtr& plan);

}  // namespace pyrite
