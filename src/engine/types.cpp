// Spark types as DuckDB types.
#include "engine/types.h"

#include "base/error.h"

namespace pyrite {
namespace {

using duckdb::LogicalType;

LogicalType convert(const Type& type, bool named) {
  switch (type.kind()) {
    case TypeKind::null:
      return LogicalType::INTEGER;
    case TypeKind::boolean:
      return LogicalType::BOOLEAN;
    case TypeKind::byte:
      return LogicalType::TINYINT;
    case TypeKind::short_int:
      return LogicalType::SMALLINT;
    case TypeKind::integer:
    case TypeKind::year_month_interval:
      return LogicalType::INTEGER;
    case TypeKind::long_int:
    case TypeKind::day_time_interval:
      return LogicalType::BIGINT;
    case TypeKind::float32:
      return LogicalType::FLOAT;
    case TypeKind::float64:
      return LogicalType::DOUBLE;
    case TypeKind::decimal:
      return LogicalType::DECIMAL(static_cast<uint8_t>(type.precision()), static_cast<uint8_t>(type.scale()));
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return LogicalType::VARCHAR;
    case TypeKind::binary:
      return LogicalType::BLOB;
    case TypeKind::date:
      return LogicalType::DATE;
    case TypeKind::time:
      return LogicalType::TIME;
    case TypeKind::timestamp:
      return LogicalType::TIMESTAMP_TZ;
    case TypeKind::timestamp_ntz:
      return LogicalType::TIMESTAMP;
    case TypeKind::calendar_interval:
      return LogicalType::INTERVAL;
    case TypeKind::array:
      return LogicalType::LIST(convert(type.element(), named));
    case TypeKind::map:
      return LogicalType::MAP(convert(type.key(), named), convert(type.value(), named));
    case TypeKind::structure: {
      duckdb::child_list_t<LogicalType> fields;
      for (const StructField& field : type.fields()) {
        const std::string name = named ? field.name : "f" + std::to_string(fields.size());
        fields.emplace_back(duckdb::Identifier(name), convert(field.type, named));
      }
      if (fields.empty()) {
        // DuckDB has no structure without fields.
        fields.emplace_back(duckdb::Identifier("f"), LogicalType::BOOLEAN);
      }
      return LogicalType::STRUCT(std::move(fields));
    }
    case TypeKind::variant: {
      duckdb::child_list_t<LogicalType> fields;
      fields.emplace_back(duckdb::Identifier("value"), LogicalType::BLOB);
      fields.emplace_back(duckdb::Identifier("metadata"), LogicalType::BLOB);
      return LogicalType::STRUCT(std::move(fields));
    }
  }
  throw_internal("a type without an engine representation");
}

}  // namespace

LogicalType engine_type(const Type& type) { return convert(type, false); }

LogicalType named_engine_type(const Type& type) { return convert(type, true); }

bool compares_natively(const Type& type) { return !type.is_nested() && !type.is(TypeKind::variant); }

}  // namespace pyrite
