// DataType messages to types.
#include <spark/connect/types.pb.h>

#include "connect/decode.h"

namespace pyrite::connect {
namespace {

namespace proto = spark::connect;

Type year_month(const proto::DataType::YearMonthInterval& message) {
  const int start = message.has_start_field() ? message.start_field() : interval_field::year;
  const int end = message.has_end_field()     ? message.end_field()
                  : message.has_start_field() ? start
                                              : interval_field::month;
  if (start < interval_field::year || end > interval_field::month || start > end) {
    throw_invalid_plan("the fields of a year-month interval");
  }
  return Type::year_month_interval(start, end);
}

Type day_time(const proto::DataType::DayTimeInterval& message) {
  const int start = message.has_start_field() ? message.start_field() : interval_field::day;
  const int end = message.has_end_field()     ? message.end_field()
                  : message.has_start_field() ? start
                                              : interval_field::second;
  if (start < interval_field::day || end > interval_field::second || start > end) {
    throw_invalid_plan("the fields of a day-time interval");
  }
  return Type::day_time_interval(start, end);
}

Type decimal(const proto::DataType::Decimal& message) {
  const int precision = message.has_precision() ? message.precision() : 10;
  const int scale = message.has_scale() ? message.scale() : 0;
  if (precision > 38) {
    throw SparkError("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                     {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}});
  }
  if (scale > precision || precision < 0 || scale < 0) {
    throw_invalid_plan("a decimal's precision and scale");
  }
  return Type::decimal(precision, scale);
}

Type time(const proto::DataType::Time& message) {
  const int precision = message.has_precision() ? message.precision() : 6;
  if (precision < 0 || precision > 6) {
    throw SparkError("UNSUPPORTED_TIME_PRECISION", {{"precision", std::to_string(precision)}});
  }
  return Type::time(precision);
}

}  // namespace

Type Decoder::type(const proto::DataType& message) {
  const Depth depth(*this);
  switch (message.kind_case()) {
    case proto::DataType::kNull:
      return Type::null();
    case proto::DataType::kBinary:
      return Type::binary();
    case proto::DataType::kBoolean:
      return Type::boolean();
    case proto::DataType::kByte:
      return Type::byte();
    case proto::DataType::kShort:
      return Type::short_int();
    case proto::DataType::kInteger:
      return Type::integer();
    case proto::DataType::kLong:
      return Type::long_int();
    case proto::DataType::kFloat:
      return Type::float32();
    case proto::DataType::kDouble:
      return Type::float64();
    case proto::DataType::kDecimal:
      return decimal(message.decimal());
    case proto::DataType::kString: {
      const std::string& collation = message.string().collation();
      return collation.empty() || collation == "UTF8_BINARY" ? Type::string() : Type::string(collation);
    }
    case proto::DataType::kChar:
      return Type::char_n(message.char_().length());
    case proto::DataType::kVarChar:
      return Type::varchar_n(message.var_char().length());
    case proto::DataType::kDate:
      return Type::date();
    case proto::DataType::kTimestamp:
      return Type::timestamp();
    case proto::DataType::kTimestampNtz:
      return Type::timestamp_ntz();
    case proto::DataType::kTime:
      return time(message.time());
    case proto::DataType::kCalendarInterval:
      return Type::calendar_interval();
    case proto::DataType::kYearMonthInterval:
      return year_month(message.year_month_interval());
    case proto::DataType::kDayTimeInterval:
      return day_time(message.day_time_interval());
    case proto::DataType::kArray:
      return Type::array(type(message.array().element_type()), message.array().contains_null());
    case proto::DataType::kMap:
      return Type::map(type(message.map().key_type()), type(message.map().value_type()),
                       message.map().value_contains_null());
    case proto::DataType::kStruct: {
      std::vector<StructField> fields;
      for (const auto& field : message.struct_().fields()) {
        fields.push_back({field.name(), type(field.data_type()), field.nullable(),
                          field.metadata() == "{}" ? std::string() : field.metadata()});
      }
      return Type::structure(std::move(fields));
    }
    case proto::DataType::kVariant:
      return Type::variant();
    case proto::DataType::kUdt:
      if (!message.udt().has_sql_type()) {
        throw_unsupported("user-defined types without an SQL type");
      }
      return type(message.udt().sql_type());
    case proto::DataType::kUnparsed:
      return host_.parse_type(message.unparsed().data_type_string());
    case proto::DataType::kGeometry:
      throw_unsupported("type GEOMETRY");
    case proto::DataType::kGeography:
      throw_unsupported("type GEOGRAPHY");
    case proto::DataType::KIND_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.DATA_TYPE_UNSUPPORTED_PROTO_TO_CATALYST", {{"kindCase", "KIND_NOT_SET"}});
}

}  // namespace pyrite::connect
