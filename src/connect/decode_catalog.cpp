// Catalog messages to one node: the operation's name and its arguments by field name.
#include <google/protobuf/descriptor.h>
#include <spark/connect/catalog.pb.h>

#include "connect/decode.h"

namespace pyrite::connect {

namespace proto = spark::connect;
namespace protobuf = google::protobuf;

namespace {

std::optional<std::string> scalar_text(const protobuf::Message& message, const protobuf::FieldDescriptor& field) {
  const protobuf::Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case protobuf::FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, &field);
    case protobuf::FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "true" : "false";
    default:
      return std::nullopt;
  }
}

void read_storage_level(const proto::StorageLevel& level, std::map<std::string, std::string>& arguments) {
  arguments["use_disk"] = level.use_disk() ? "true" : "false";
  arguments["use_memory"] = level.use_memory() ? "true" : "false";
  arguments["use_off_heap"] = level.use_off_heap() ? "true" : "false";
  arguments["deserialized"] = level.deserialized() ? "true" : "false";
  arguments["replication"] = std::to_string(level.replication());
}

/// The columns of a table to create.
Type table_schema(Type schema) {
  if (!schema.is(TypeKind::structure)) {
    throw_invalid_plan("a table's schema that is not a struct");
  }
  return schema;
}

}  // namespace

plan::Relation::Node Decoder::catalog_node(const proto::Catalog& message) {
  plan::CatalogQuery out;
  const protobuf::OneofDescriptor* kinds = proto::Catalog::descriptor()->FindOneofByName("cat_type");
  const protobuf::FieldDescriptor* kind = message.GetReflection()->GetOneofFieldDescriptor(message, kinds);
  if (!kind) {
    throw SparkError("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                     {{"fullName", "spark.connect.Catalog"}, {"name", "cat_type"}});
  }
  out.operation = std::string(kind->name());
  const protobuf::Message& operation = message.GetReflection()->GetMessage(message, kind);
  const protobuf::Descriptor& descriptor = *operation.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const protobuf::FieldDescriptor& field = *descriptor.field(i);
    if (field.is_repeated() || (field.has_presence() && !operation.GetReflection()->HasField(operation, &field))) {
      continue;
    }
    if (std::optional<std::string> text = scalar_text(operation, field)) {
      out.arguments[std::string(field.name())] = std::move(*text);
    }
  }
  if (message.has_create_table()) {
    out.options = sorted_options(message.create_table().options());
    if (message.create_table().has_schema()) {
      out.schema = table_schema(type(message.create_table().schema()));
    }
  } else if (message.has_create_external_table()) {
    out.options = sorted_options(message.create_external_table().options());
    if (message.create_external_table().has_schema()) {
      out.schema = table_schema(type(message.create_external_table().schema()));
    }
  } else if (message.has_create_database()) {
    out.options = sorted_options(message.create_database().properties());
  } else if (message.has_cache_table() && message.cache_table().has_storage_level()) {
    read_storage_level(message.cache_table().storage_level(), out.arguments);
  }
  return out;
}

}  // namespace pyrite::connect
