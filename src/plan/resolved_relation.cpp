#include "plan/resolved_relation.h"

namespace pyrite::resolved {

Type file_metadata_type(const std::string& format) {
  std::vector<StructField> fields = {
      {"file_path", Type::string(), false, {}},           {"file_name", Type::string(), false, {}},
      {"file_size", Type::long_int(), false, {}},         {"file_block_start", Type::long_int(), false, {}},
      {"file_block_length", Type::long_int(), false, {}}, {"file_modification_time", Type::timestamp(), false, {}},
  };
  if (format == "parquet") {
    fields.push_back({"row_index", Type::long_int(), false, {}});
  }
  return Type::structure(std::move(fields));
}

}  // namespace pyrite::resolved
