// INSERT: the query's columns in the table's order and types, by Spark's ANSI store assignment.
#include <algorithm>

#include "analyzer/analysis.h"
#include "base/error.h"
#include "functions/bind_call.h"

namespace pyrite {
namespace {

using namespace analysis;
using resolved::ExpressionPtr;

/// The ANSI rule: casts that are reasonable between families; never string to number, number to date, and so on.
bool can_store(const Type& from, const Type& to) {
  if (same_type(from, to) || from.is(TypeKind::null)) {
    return true;
  }
  if (from.is(TypeKind::array) && to.is(TypeKind::array)) {
    return can_store(from.element(), to.element());
  }
  if (from.is(TypeKind::map) && to.is(TypeKind::map)) {
    return can_store(from.key(), to.key()) && can_store(from.value(), to.value());
  }
  if (from.is(TypeKind::structure) && to.is(TypeKind::structure)) {
    const auto& a = from.fields();
    const auto& b = to.fields();
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const auto& left, const auto& right) {
             return can_store(left.type, right.type);
           });
  }
  if (from.is_nested() || to.is_nested()) {
    return false;
  }
  if (to.is_string()) {
    return true;
  }
  if (from.is_numeric() && to.is_numeric()) {
    return true;
  }
  if (from.is_datetime() && to.is_datetime()) {
    return true;
  }
  return from.kind() == to.kind() && !from.is(TypeKind::boolean);
}

}  // namespace

resolved::RelationPtr align_for_insert(const resolved::RelationPtr& input, const std::vector<StructField>& columns,
                                       bool by_name, const std::string& table_name, const AnalyzerHost& host) {
  Analysis analysis(host);
  const std::vector<Column>& given = input->output;
  const auto names_of = [](const auto& list) {
    std::string out;
    for (const auto& each : list) {
      out += (out.empty() ? "" : ", ") + quoted({each.name});
    }
    return out;
  };
  if (!by_name && given.size() != columns.size()) {
    throw SparkError(
        given.size() > columns.size() ? "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS"
                                      : "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS",
        {{"tableName", table_name}, {"tableColumns", names_of(columns)}, {"dataColumns", names_of(given)}});
  }
  if (by_name) {
    for (const Column& column : given) {
      const bool known = std::any_of(columns.begin(), columns.end(), [&](const StructField& field) {
        return analysis.same_name(field.name, column.name);
      });
      if (!known) {
        throw SparkError("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS",
                         {{"tableName", table_name}, {"extraColumns", quoted({column.name})}});
      }
    }
  }
  std::vector<NamedExpression> list;
  for (size_t i = 0; i < columns.size(); ++i) {
    const StructField& field = columns[i];
    const Column* source = by_name ? nullptr : &given[i];
    for (const Column& column : given) {
      if (by_name && analysis.same_name(column.name, field.name)) {
        source = &column;
      }
    }
    if (!source) {
      throw SparkError("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA",
                       {{"tableName", table_name}, {"colName", quoted({field.name})}});
    }
    const bool ansi_store = host.facts->conf("spark.sql.storeAssignmentPolicy", "ANSI") != "LEGACY";
    if (ansi_store && !can_store(source->type, field.type)) {
      throw SparkError("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
                       {{"tableName", table_name},
                        {"colName", quoted({field.name})},
                        {"srcType", "\"" + sql_string(source->type) + "\""},
                        {"targetType", "\"" + sql_string(field.type) + "\""}});
    }
    ExpressionPtr value = cast_to(resolved::reference(*source), field.type,
                                  ansi_store ? resolved::EvalMode::ansi : resolved::EvalMode::legacy);
    Column column = new_column(field.name, field.type, field.nullable, field.metadata);
    list.push_back({std::move(column), std::move(value)});
  }
  return project(input, std::move(list));
}

}  // namespace pyrite
