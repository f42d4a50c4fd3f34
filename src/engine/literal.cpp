// Values between Spark's single-value form and DuckDB's.
#include "engine/literal.h"

#include "base/error.h"
#include "duckdb/common/types/hugeint.hpp"
#include "duckdb/common/types/vector.hpp"
#include "engine/types.h"
#include "engine/vector_view.h"

namespace pyrite {
namespace {

duckdb::hugeint_t to_hugeint(Int128 value) {
  duckdb::hugeint_t out;
  out.lower = static_cast<uint64_t>(value);
  out.upper = static_cast<int64_t>(value >> 64);
  return out;
}

}  // namespace

duckdb::Value engine_value(const Value& value, const Type& type) {
  using DuckValue = duckdb::Value;
  if (value.is_null()) {
    return DuckValue(engine_type(type));
  }
  switch (type.kind()) {
    case TypeKind::null:
      return DuckValue(engine_type(type));
    case TypeKind::boolean:
      return DuckValue::BOOLEAN(value.boolean());
    case TypeKind::byte:
      return DuckValue::TINYINT(static_cast<int8_t>(value.integer()));
    case TypeKind::short_int:
      return DuckValue::SMALLINT(static_cast<int16_t>(value.integer()));
    case TypeKind::integer:
    case TypeKind::year_month_interval:
      return DuckValue::INTEGER(static_cast<int32_t>(value.integer()));
    case TypeKind::long_int:
    case TypeKind::day_time_interval:
      return DuckValue::BIGINT(value.integer());
    case TypeKind::float32:
      return DuckValue::FLOAT(value.float32());
    case TypeKind::float64:
      return DuckValue::DOUBLE(value.float64());
    case TypeKind::decimal: {
      const auto precision = static_cast<uint8_t>(type.precision());
      const auto scale = static_cast<uint8_t>(type.scale());
      switch (decimal_width(type.precision())) {
        case 2:
          return DuckValue::DECIMAL(static_cast<int16_t>(value.decimal()), precision, scale);
        case 4:
          return DuckValue::DECIMAL(static_cast<int32_t>(value.decimal()), precision, scale);
        case 8:
          return DuckValue::DECIMAL(static_cast<int64_t>(value.decimal()), precision, scale);
        default:
          return DuckValue::DECIMAL(to_hugeint(value.decimal()), precision, scale);
      }
    }
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return DuckValue(value.text());
    case TypeKind::binary:
      return DuckValue::BLOB(duckdb::const_data_ptr_cast(value.text().data()), value.text().size());
    case TypeKind::date:
      return DuckValue::DATE(duckdb::date_t(static_cast<int32_t>(value.integer())));
    case TypeKind::time:
      return DuckValue::TIME(duckdb::dtime_t(value.integer()));
    case TypeKind::timestamp:
      return DuckValue::TIMESTAMPTZ(duckdb::timestamp_tz_t(value.integer()));
    case TypeKind::timestamp_ntz:
      return DuckValue::TIMESTAMP(duckdb::timestamp_t(value.integer()));
    case TypeKind::calendar_interval:
      return DuckValue::INTERVAL(value.interval().months, value.interval().days, value.interval().microseconds);
    case TypeKind::array: {
      duckdb::vector<DuckValue> items;
      for (const Value& item : value.list()) {
        items.push_back(engine_value(item, type.element()));
      }
      return DuckValue::LIST(engine_type(type.element()), std::move(items));
    }
    case TypeKind::map: {
      duckdb::vector<DuckValue> keys;
      duckdb::vector<DuckValue> values;
      for (const auto& [key, item] : value.pairs()) {
        keys.push_back(engine_value(key, type.key()));
        values.push_back(engine_value(item, type.value()));
      }
      return DuckValue::MAP(engine_type(type.key()), engine_type(type.value()), std::move(keys), std::move(values));
    }
    case TypeKind::structure: {
      duckdb::vector<DuckValue> fields;
      for (size_t i = 0; i < type.fields().size(); ++i) {
        fields.push_back(engine_value(value.list()[i], type.fields()[i].type));
      }
      if (fields.empty()) {
        fields.push_back(DuckValue::BOOLEAN(false));
      }
      return DuckValue::STRUCT(engine_type(type), std::move(fields));
    }
    case TypeKind::variant: {
      duckdb::vector<DuckValue> parts;
      for (const Value& part : value.list()) {
        parts.push_back(engine_value(part, Type::binary()));
      }
      return DuckValue::STRUCT(engine_type(type), std::move(parts));
    }
  }
  throw_internal("a literal of a type without an engine representation");
}

Value spark_value(const duckdb::Value& value, const Type& type) {
  if (value.IsNull()) {
    return Value();
  }
  const duckdb::Vector vector(value, duckdb::count_t(1));
  VectorViews views;
  return read_value(views.view(vector, type, 1), 0);
}

}  // namespace pyrite
