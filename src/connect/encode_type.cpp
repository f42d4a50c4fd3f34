// Types to DataType messages.
#include <spark/connect/types.pb.h>

#include "base/error.h"
#include "connect/encode.h"

namespace pyrite::connect {

namespace proto = spark::connect;

void encode_type(const Type& type, proto::DataType& out) {
  switch (type.kind()) {
    case TypeKind::null:
      out.mutable_null();
      return;
    case TypeKind::boolean:
      out.mutable_boolean();
      return;
    case TypeKind::byte:
      out.mutable_byte();
      return;
    case TypeKind::short_int:
      out.mutable_short_();
      return;
    case TypeKind::integer:
      out.mutable_integer();
      return;
    case TypeKind::long_int:
      out.mutable_long_();
      return;
    case TypeKind::float32:
      out.mutable_float_();
      return;
    case TypeKind::float64:
      out.mutable_double_();
      return;
    case TypeKind::decimal:
      out.mutable_decimal()->set_precision(type.precision());
      out.mutable_decimal()->set_scale(type.scale());
      return;
    case TypeKind::string:
      // A collation that nobody declared stays unsaid: clients tell the two apart.
      out.mutable_string()->set_collation(type.collation());
      return;
    case TypeKind::char_n:
      out.mutable_char_()->set_length(type.length());
      return;
    case TypeKind::varchar_n:
      out.mutable_var_char()->set_length(type.length());
      return;
    case TypeKind::binary:
      out.mutable_binary();
      return;
    case TypeKind::date:
      out.mutable_date();
      return;
    case TypeKind::time:
      out.mutable_time()->set_precision(type.precision());
      return;
    case TypeKind::timestamp:
      out.mutable_timestamp();
      return;
    case TypeKind::timestamp_ntz:
      out.mutable_timestamp_ntz();
      return;
    case TypeKind::year_month_interval:
      out.mutable_year_month_interval()->set_start_field(type.start_field());
      out.mutable_year_month_interval()->set_end_field(type.end_field());
      return;
    case TypeKind::day_time_interval:
      out.mutable_day_time_interval()->set_start_field(type.start_field());
      out.mutable_day_time_interval()->set_end_field(type.end_field());
      return;
    case TypeKind::calendar_interval:
      out.mutable_calendar_interval();
      return;
    case TypeKind::array:
      encode_type(type.element(), *out.mutable_array()->mutable_element_type());
      out.mutable_array()->set_contains_null(type.contains_null());
      return;
    case TypeKind::map:
      encode_type(type.key(), *out.mutable_map()->mutable_key_type());
      encode_type(type.value(), *out.mutable_map()->mutable_value_type());
      out.mutable_map()->set_value_contains_null(type.contains_null());
      return;
    case TypeKind::structure:
      out.mutable_struct_();
      for (const StructField& field : type.fields()) {
        proto::DataType::StructField* child = out.mutable_struct_()->add_fields();
        child->set_name(field.name);
        encode_type(field.type, *child->mutable_data_type());
        child->set_nullable(field.nullable);
        if (!field.metadata.empty() && field.metadata != "{}") {
          child->set_metadata(field.metadata);
        }
      }
      return;
    case TypeKind::variant:
      out.mutable_variant();
      return;
  }
  throw_internal("a type without a message");
}

}  // namespace pyrite::connect
