// Values to Literal messages, as observed metrics carry them.
#include <spark/connect/expressions.pb.h>

#include "base/error.h"
#include "connect/encode.h"

namespace pyrite::connect {

namespace proto = spark::connect;

void encode_literal(const Value& value, const Type& type, proto::Expression_Literal& out) {
  if (value.is_null()) {
    encode_type(type, *out.mutable_null());
    return;
  }
  switch (type.kind()) {
    case TypeKind::null:
      out.mutable_null()->mutable_null();
      return;
    case TypeKind::boolean:
      out.set_boolean(value.boolean());
      return;
    case TypeKind::byte:
      out.set_byte(static_cast<int32_t>(value.integer()));
      return;
    case TypeKind::short_int:
      out.set_short_(static_cast<int32_t>(value.integer()));
      return;
    case TypeKind::integer:
      out.set_integer(static_cast<int32_t>(value.integer()));
      return;
    case TypeKind::long_int:
      out.set_long_(value.integer());
      return;
    case TypeKind::float32:
      out.set_float_(value.float32());
      return;
    case TypeKind::float64:
      out.set_double_(value.float64());
      return;
    case TypeKind::decimal:
      out.mutable_decimal()->set_value(decimal_text(value.decimal(), type.scale()));
      out.mutable_decimal()->set_precision(type.precision());
      out.mutable_decimal()->set_scale(type.scale());
      return;
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      out.set_string(value.text());
      return;
    case TypeKind::binary:
      out.set_binary(value.text());
      return;
    case TypeKind::date:
      out.set_date(static_cast<int32_t>(value.integer()));
      return;
    case TypeKind::time:
      out.mutable_time()->set_nano(value.integer() * 1000);
      out.mutable_time()->set_precision(type.precision());
      return;
    case TypeKind::timestamp:
      out.set_timestamp(value.integer());
      return;
    case TypeKind::timestamp_ntz:
      out.set_timestamp_ntz(value.integer());
      return;
    case TypeKind::year_month_interval:
      out.set_year_month_interval(static_cast<int32_t>(value.integer()));
      return;
    case TypeKind::day_time_interval:
      out.set_day_time_interval(value.integer());
      return;
    case TypeKind::calendar_interval:
      out.mutable_calendar_interval()->set_months(value.interval().months);
      out.mutable_calendar_interval()->set_days(value.interval().days);
      out.mutable_calendar_interval()->set_microseconds(value.interval().microseconds);
      return;
    case TypeKind::array:
      encode_type(type.element(), *out.mutable_array()->mutable_element_type());
      for (const Value& element : value.list()) {
        encode_literal(element, type.element(), *out.mutable_array()->add_elements());
      }
      return;
    case TypeKind::map:
      encode_type(type.key(), *out.mutable_map()->mutable_key_type());
      encode_type(type.value(), *out.mutable_map()->mutable_value_type());
      for (const auto& [key, item] : value.pairs()) {
        encode_literal(key, type.key(), *out.mutable_map()->add_keys());
        encode_literal(item, type.value(), *out.mutable_map()->add_values());
      }
      return;
    case TypeKind::structure: {
      encode_type(type, *out.mutable_struct_()->mutable_struct_type());
      const ValueList& list = value.list();
      for (size_t i = 0; i < list.size(); ++i) {
        encode_literal(list[i], type.fields()[i].type, *out.mutable_struct_()->add_elements());
      }
      return;
    }
    case TypeKind::variant:
      throw_unsupported("observed metrics of type VARIANT");
  }
  throw_internal("a value without a message");
}

}  // namespace pyrite::connect
