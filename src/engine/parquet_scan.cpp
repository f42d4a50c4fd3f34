// Parquet files by DuckDB's reader.
#include "engine/parquet_scan.h"

#include "base/error.h"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/parser/expression/function_expression.hpp"
#include "duckdb/parser/tableref/table_function_ref.hpp"
#include "engine/types.h"

namespace pyrite {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

duckdb::Value schema_value(const std::vector<std::pair<std::string, LogicalType>>& schema) {
  duckdb::vector<duckdb::Value> keys;
  duckdb::vector<duckdb::Value> definitions;
  duckdb::child_list_t<LogicalType> fields;
  fields.emplace_back(duckdb::Identifier("name"), LogicalType::VARCHAR);
  fields.emplace_back(duckdb::Identifier("type"), LogicalType::VARCHAR);
  fields.emplace_back(duckdb::Identifier("default_value"), LogicalType::VARCHAR);
  const LogicalType definition = LogicalType::STRUCT(fields);
  for (const auto& [name, type] : schema) {
    keys.emplace_back(name);
    definitions.push_back(duckdb::Value::STRUCT(
        definition, {duckdb::Value(name), duckdb::Value(type.ToString()), duckdb::Value(LogicalType::VARCHAR)}));
  }
  return duckdb::Value::MAP(LogicalType::VARCHAR, definition, std::move(keys), std::move(definitions));
}

[[noreturn]] void throw_unreadable(const std::vector<std::string>& files, const std::string& why) {
  const std::string path = files.empty() ? "" : "file:" + files[0];
  if (why.find("No files found") != std::string::npos || why.find("No such file") != std::string::npos) {
    throw SparkError("FAILED_READ_FILE.FILE_NOT_EXIST", {{"path", path}});
  }
  if (why.find("magic bytes") != std::string::npos || why.find("too small to be a Parquet") != std::string::npos ||
      why.find("footer") != std::string::npos) {
    throw SparkError("FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER", {{"path", path}});
  }
  throw SparkError("FAILED_READ_FILE.NO_HINT", {{"path", path}}).with_place("\nCaused by: " + why);
}

}  // namespace

ParquetGet bind_parquet(duckdb::Binder& binder, const std::vector<std::string>& files,
                        const std::vector<std::pair<std::string, LogicalType>>& schema, std::optional<uint64_t> rows) {
  duckdb::vector<duckdb::FunctionArgument> arguments;
  const auto add = [&](const char* name, duckdb::Value value) {
    auto expression = duckdb::ConstantExpression::FromValue(std::move(value));
    if (*name) {
      expression->SetAlias(duckdb::Identifier(name));  // the binder of table functions goes by aliases
    }
    arguments.emplace_back(std::move(expression));
  };
  duckdb::vector<duckdb::Value> paths;
  for (const std::string& file : files) {
    paths.emplace_back(file);
  }
  add("", duckdb::Value::LIST(LogicalType::VARCHAR, std::move(paths)));
  add("hive_partitioning", duckdb::Value::BOOLEAN(false));
  add("utf8_validation", duckdb::Value("ignore"));
  if (!schema.empty()) {
    add("schema", schema_value(schema));
  }
  if (rows) {
    add("explicit_cardinality", duckdb::Value::UBIGINT(*rows));
  }
  duckdb::TableFunctionRef ref;
  ref.function =
      duckdb::make_uniq<duckdb::FunctionExpression>(duckdb::Identifier("parquet_scan"), std::move(arguments));
  ref.alias = duckdb::Identifier("files");
  const auto inner = duckdb::Binder::CreateBinder(binder.context, &binder);
  ParquetGet out;
  try {
    duckdb::BoundStatement bound = inner->Bind(static_cast<duckdb::TableRef&>(ref));
    check(bound.plan->type == duckdb::LogicalOperatorType::LOGICAL_GET, "a Parquet scan is not a scan");
    out.get = duckdb::unique_ptr_cast<duckdb::LogicalOperator, duckdb::LogicalGet>(std::move(bound.plan));
    out.types = out.get->returned_types;
    for (const duckdb::Identifier& name : out.get->names) {
      out.names.push_back(name.GetIdentifierName());
    }
    out.get->ClearColumnIds();
  } catch (const SparkError&) {
    throw;
  } catch (const std::exception& error) {
    throw_unreadable(files, duckdb::ErrorData(error).RawMessage());
  }
  return out;
}

Type parquet_type(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      return Type::boolean();
    case LogicalTypeId::TINYINT:
      return Type::byte();
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::UTINYINT:
      return Type::short_int();
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::USMALLINT:
      return Type::integer();
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::UINTEGER:
      return Type::long_int();
    case LogicalTypeId::UBIGINT:
      return Type::decimal(20, 0);
    case LogicalTypeId::HUGEINT:
      return Type::decimal(38, 0);
    case LogicalTypeId::FLOAT:
      return Type::float32();
    case LogicalTypeId::DOUBLE:
      return Type::float64();
    case LogicalTypeId::DECIMAL:
      return Type::decimal(duckdb::DecimalType::GetWidth(type), duckdb::DecimalType::GetScale(type));
    case LogicalTypeId::BLOB:
      return Type::binary();
    case LogicalTypeId::DATE:
      return Type::date();
    case LogicalTypeId::TIME:
    case LogicalTypeId::TIME_NS:
      return Type::time();
    case LogicalTypeId::TIMESTAMP_TZ:
      return Type::timestamp();
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIMESTAMP_SEC:
      return Type::timestamp_ntz();
    case LogicalTypeId::LIST:
      return Type::array(parquet_type(duckdb::ListType::GetChildType(type)));
    case LogicalTypeId::MAP:
      return Type::map(parquet_type(duckdb::MapType::KeyType(type)), parquet_type(duckdb::MapType::ValueType(type)));
    case LogicalTypeId::STRUCT: {
      std::vector<StructField> fields;
      for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) {
        fields.push_back({name.GetIdentifierName(), parquet_type(child)});
      }
      return Type::structure(std::move(fields));
    }
    default:
      return Type::string();
  }
}

bool reads_as(const LogicalType& file, const Type& wanted) {
  const Type from = parquet_type(file);
  if (same_type(from, wanted) || wanted.is(TypeKind::null)) {
    return true;
  }
  if (from.is_nested() || wanted.is_nested() || wanted.is(TypeKind::variant)) {
    return engine_type(from) == engine_type(wanted) || (from.kind() == wanted.kind()) || wanted.is(TypeKind::variant);
  }
  if (from.is_string() || from.is(TypeKind::binary)) {
    return wanted.is_string() || wanted.is(TypeKind::binary);
  }
  if (from.is_integral()) {
    const bool wide = from.is(TypeKind::long_int);
    switch (wanted.kind()) {
      case TypeKind::byte:
      case TypeKind::short_int:
        return !wide;
      case TypeKind::integer:
      case TypeKind::date:
      case TypeKind::year_month_interval:
      case TypeKind::float64:
        return !wide;
      case TypeKind::long_int:
      case TypeKind::day_time_interval:
        return true;
      case TypeKind::decimal:
        return wanted.precision() - wanted.scale() >= (wide ? 20 : 10);
      default:
        return false;
    }
  }
  if (from.is(TypeKind::float32)) {
    return wanted.is(TypeKind::float64);
  }
  if (from.is(TypeKind::decimal) && wanted.is(TypeKind::decimal)) {
    return wanted.scale() >= from.scale() && wanted.precision() - wanted.scale() >= from.precision() - from.scale();
  }
  if (from.is(TypeKind::date)) {
    return wanted.is(TypeKind::timestamp_ntz);
  }
  return (from.is(TypeKind::timestamp) && wanted.is(TypeKind::timestamp_ntz)) ||
         (from.is(TypeKind::timestamp_ntz) && wanted.is(TypeKind::timestamp));
}

}  // namespace pyrite
