// Scans of files: Parquet by DuckDB's reader, text formats by ours, ORC by the host program's.
#include <map>

#include "duckdb/common/multi_file/multi_file_reader.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "duckdb/planner/operator/logical_set_operation.hpp"
#include "duckdb/storage/statistics/node_statistics.hpp"
#include "engine/columnar_scan.h"
#include "engine/literal.h"
#include "engine/lowering.h"
#include "engine/parquet_scan.h"
#include "engine/row_scan.h"
#include "functions/bind_call.h"
#include "sources/file_metadata.h"
#include "sources/row_reader.h"

namespace pyrite {
namespace {

using PartitionValues = std::vector<std::optional<std::string>>;

/// Files that share their partition values, in the order of their first file.
struct FileGroup {
  std::vector<std::string> files;
  PartitionValues values;
};

/// With `alone` each file is a group of its own.
std::vector<FileGroup> group_files(const resolved::FileScan& scan, bool alone) {
  std::vector<FileGroup> groups;
  std::map<PartitionValues, size_t> known;
  for (size_t i = 0; i < scan.files.size(); ++i) {
    PartitionValues values = i < scan.partition_values.size() ? scan.partition_values[i] : PartitionValues();
    const auto [at, is_new] = known.try_emplace(values, groups.size());
    if (is_new || alone) {
      at->second = groups.size();
      groups.push_back({{}, std::move(values)});
    }
    groups[at->second].files.push_back(scan.files[i]);
  }
  return groups;
}

bool equal_without_case(const std::string& left, const std::string& right) {
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
         });
}

std::optional<size_t> find_name(const std::vector<std::string>& names, const std::string& name) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) {
      return i;
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (equal_without_case(names[i], name)) {
      return i;
    }
  }
  return std::nullopt;
}

DuckExpression read_column(duckdb::ClientContext& context, DuckExpression column, const resolved::Column& wanted,
                           const std::string& file) {
  const duckdb::LogicalType from = column->GetReturnType();
  const duckdb::LogicalType to = engine_type(wanted.type);
  if (from == to) {
    return column;
  }
  if (!reads_as(from, wanted.type)) {
    throw SparkError("FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH",
                     {{"path", "file:" + file},
                      {"column", "[" + wanted.name + "]"},
                      {"expectedType", simple_string(wanted.type)},
                      {"actualType", from.ToString()}});
  }
  const bool text = from.id() == duckdb::LogicalTypeId::VARCHAR || from.id() == duckdb::LogicalTypeId::BLOB;
  if (text && from.InternalType() == to.InternalType()) {
    return reinterpret(std::move(column), to);
  }
  if (from.id() == duckdb::LogicalTypeId::TIMESTAMP && to.id() == duckdb::LogicalTypeId::TIMESTAMP_TZ) {
    return reinterpret(std::move(column), to);
  }
  if (from.id() == duckdb::LogicalTypeId::TIMESTAMP_TZ && to.id() == duckdb::LogicalTypeId::TIMESTAMP) {
    return reinterpret(std::move(column), to);
  }
  if (wanted.type.is(TypeKind::date) && from.InternalType() == duckdb::PhysicalType::INT32) {
    return reinterpret(std::move(column), to);
  }
  return reinterpret(cast_to(context, std::move(column), named_engine_type(wanted.type)), to);
}

}  // namespace

Lowered PlanLowering::scan_parquet(const resolved::FileScan& node, const std::vector<std::string>& files,
                                   bool by_schema) {
  std::vector<std::pair<std::string, duckdb::LogicalType>> schema;
  std::optional<uint64_t> rows;
  if (by_schema) {
    for (const resolved::Column& column : node.file_columns) {
      schema.emplace_back(column.name, named_engine_type(column.type));
    }
    // Binding by a schema opens no file: the first file's rows stand for all.
    ParquetGet first = bind_parquet(binder(), {node.files[0]}, {}, std::nullopt);
    if (const auto estimate = first.get->function.cardinality
                                  ? first.get->function.cardinality(context_, first.get->bind_data.get())
                                  : nullptr;
        estimate && estimate->has_estimated_cardinality) {
      rows = estimate->estimated_cardinality * files.size();
    }
    if (schema.empty()) {
      schema.emplace_back(first.names[0], first.types[0]);
    }
  }
  ParquetGet scan = bind_parquet(binder(), files, schema, rows);
  const duckdb::TableIndex index = scan.get->table_index;
  DuckExpressions outputs;
  for (const resolved::Column& column : node.file_columns) {
    const std::optional<size_t> at = find_name(scan.names, column.name);
    if (!at) {
      outputs.push_back(null_constant(engine_type(column.type)));
      continue;
    }
    const duckdb::ProjectionIndex position = scan.get->AddColumnId(*at);
    outputs.push_back(
        read_column(context_, column_ref(scan.types[*at], duckdb::ColumnBinding(index, position)), column, files[0]));
  }
  if (node.metadata_column) {
    const duckdb::ProjectionIndex position =
        scan.get->AddColumnId(duckdb::MultiFileReader::COLUMN_IDENTIFIER_FILE_ROW_NUMBER);
    outputs.push_back(column_ref(duckdb::LogicalType::BIGINT, duckdb::ColumnBinding(index, position)));
  }
  if (scan.get->GetColumnIds().empty()) {
    scan.get->AddColumnId(scan.get->GetAnyColumn());
  }
  if (outputs.empty()) {
    outputs.push_back(boolean_constant(true));
  }
  Lowered out = project(std::move(scan.get), std::move(outputs));
  out.columns.resize(node.file_columns.size() + (node.metadata_column ? 1 : 0));
  return out;
}

Lowered PlanLowering::scan_alone(const resolved::FileScan& node, const std::vector<std::string>& files) {
  resolved::FileScan part = node;
  part.files = files;
  part.partition_columns.clear();
  part.partition_values.clear();
  part.metadata_column = false;
  if (is_provided(part.format)) {
    const std::vector<resolved::Column> columns = part.file_columns;
    const resolved::RelationPtr relation = resolved::make_relation(part, columns);
    return scan_provided(part, *relation);
  }
  const duckdb::TableIndex index = new_index();
  Lowered out{row_scan(part, index, query_), {}};
  for (size_t i = 0; i < part.file_columns.size(); ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  return out;
}

Lowered PlanLowering::scan_provided(const resolved::FileScan& node, const resolved::Relation& relation) {
  const std::vector<Type> types = scanned_types(node, query_);
  resolved::FileScan scanned = node;
  resolved::Project casts;
  std::vector<resolved::Column> scanned_output = relation.output;
  bool any_cast = false;
  for (size_t i = 0; i < relation.output.size(); ++i) {
    const resolved::Column& column = relation.output[i];
    resolved::ExpressionPtr value = resolved::reference(column);
    if (i < types.size() && !same_type(types[i], column.type)) {
      any_cast = true;
      scanned.file_columns[i].type = scanned_output[i].type = types[i];
      value = resolved::make_expression(
          resolved::Cast{resolved::reference(scanned_output[i]), resolved::EvalMode::try_null}, column.type, true);
      if (column.type.is(TypeKind::timestamp) && (types[i].is_numeric() || types[i].is(TypeKind::boolean))) {
        // ORC takes numbers for seconds on the local clock.
        value = call("to_utc_timestamp",
                     {std::move(value), resolved::literal(Value(query_->session->time_zone), Type::string())});
      }
    }
    casts.expressions.push_back({column, std::move(value)});
  }
  if (any_cast) {
    casts.input = resolved::make_relation(std::move(scanned), std::move(scanned_output));
    return this->relation(resolved::make_relation(std::move(casts), relation.output));
  }
  const duckdb::TableIndex scan_index = new_index();
  Lowered out{columnar_scan(node, scan_index, query_), {}};
  for (size_t i = 0; i < relation.output.size(); ++i) {
    out.columns.emplace_back(scan_index, duckdb::ProjectionIndex(i));
  }
  return out;
}

Lowered PlanLowering::lower(const resolved::FileScan& node, const resolved::Relation& relation) {
  const bool by_rows = has_row_reader(node.format);
  if (by_rows && !node.metadata_column) {
    const duckdb::TableIndex scan_index = new_index();
    Lowered out{row_scan(node, scan_index, query_), {}};
    for (size_t i = 0; i < relation.output.size(); ++i) {
      out.columns.emplace_back(scan_index, duckdb::ProjectionIndex(i));
    }
    return out;
  }
  const bool provided = is_provided(node.format);
  if (provided && !node.metadata_column) {
    return scan_provided(node, relation);
  }
  if (!by_rows && !provided && node.format != "parquet") {
    throw_unsupported("reading " + node.format);
  }
  const std::vector<FileGroup> groups = group_files(node, node.metadata_column);
  DuckOperator all;
  duckdb::TableIndex index;
  const size_t width = std::max<size_t>(1, relation.output.size());
  const Scope none;
  for (const FileGroup& group : groups) {
    Lowered scan =
        by_rows || provided ? scan_alone(node, group.files) : scan_parquet(node, group.files, node.files.size() > 1);
    DuckExpressions outputs;
    for (size_t i = 0; i < node.file_columns.size(); ++i) {
      outputs.push_back(column_ref(engine_type(node.file_columns[i].type), scan.columns[i]));
    }
    for (size_t i = 0; i < node.partition_columns.size(); ++i) {
      const Type& type = node.partition_columns[i].type;
      const std::optional<std::string>& value = group.values[i];
      const resolved::ExpressionPtr written =
          value ? resolved::string_literal(*value) : resolved::null_literal(Type::string());
      outputs.push_back(
          expression(resolved::make_expression(resolved::Cast{written, resolved::EvalMode::legacy}, type, true), none));
    }
    if (node.metadata_column) {
      const std::vector<StructField>& fields = relation.output.back().type.fields();
      const ValueList known = file_metadata(group.files[0]);
      DuckExpressions values;
      for (size_t i = 0; i < known.size(); ++i) {
        values.push_back(constant(engine_value(known[i], fields[i].type)));
      }
      if (fields.size() > known.size()) {
        values.push_back(column_ref(duckdb::LogicalType::BIGINT, scan.columns[node.file_columns.size()]));
      }
      outputs.push_back(structure_of(std::move(values), engine_type(relation.output.back().type)));
    }
    if (outputs.empty()) {
      outputs.push_back(boolean_constant(true));
    }
    Lowered part = project(std::move(scan.op), std::move(outputs));
    index = part.columns[0].table_index;
    if (!all) {
      all = std::move(part.op);
      continue;
    }
    index = new_index();
    all = duckdb::make_uniq<duckdb::LogicalSetOperation>(index, width, std::move(all), std::move(part.op),
                                                         duckdb::LogicalOperatorType::LOGICAL_UNION, true, false);
  }
  if (!all) {
    return empty_rows(relation.output);
  }
  Lowered out{std::move(all), {}};
  for (size_t i = 0; i < relation.output.size(); ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  return out;
}

}  // namespace pyrite
