// The column of corrupt records in a schema.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "types/type.h"

namespace pyrite {

/// Errors: INVALID_CORRUPT_RECORD_TYPE.
inline void check_corrupt_column(const std::vector<StructField>& fields, const std::string& name) {
  for (const StructField& field : fields) {
    if (field.name == name && !field.type.is_string()) {
      throw SparkError("INVALID_CORRUPT_RECORD_TYPE",
                       {{"columnName", "`" + name + "`"}, {"actualType", "\"" + sql_string(field.type) + "\""}});
    }
  }
}

}  // namespace pyrite
