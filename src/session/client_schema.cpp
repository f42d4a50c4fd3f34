#include "session/client_schema.h"

#include "functions/function_def.h"
#include "functions/json_text.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

std::string with_declared_type(const std::string& metadata, const Type& type) {
  std::string entry = "\"__CHAR_VARCHAR_TYPE_STRING\":";
  append_json_string(entry, simple_string(type));
  if (metadata.empty() || metadata == "{}") {
    return "{" + entry + "}";
  }
  return metadata.find(entry) != std::string::npos ? metadata : "{" + entry + "," + metadata.substr(1);
}

}  // namespace

Type client_schema(const resolved::RelationPtr& plan, const SessionFacts& session) {
  const bool keeps = session.conf("spark.sql.preserveCharVarcharTypeInfo", "false") == "true";
  std::vector<StructField> fields;
  for (const resolved::Column& column : plan->output) {
    StructField field{column.name, column.type, column.nullable, column.metadata};
    const Type shown = keeps ? column.type : without_lengths(column.type);
    if (!same_type(shown, column.type)) {
      field.type = shown;
      field.metadata = with_declared_type(field.metadata, column.type);
    }
    fields.push_back(std::move(field));
  }
  return Type::structure(std::move(fields));
}

}  // namespace pyrite
