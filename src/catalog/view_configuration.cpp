// Which configuration keys a view keeps from its creation.
#include <string_view>

#include "catalog/catalog.h"

namespace pyrite {

bool view_keeps(std::string_view key) {
  // What only steers execution follows the session that reads the view.
  for (const std::string_view prefix : {"spark.sql.optimizer.", "spark.sql.codegen.", "spark.sql.execution.",
                                        "spark.sql.shuffle.", "spark.sql.adaptive.", "spark.sql.legacy.viewSchema"}) {
    if (key.starts_with(prefix)) {
      return false;
    }
  }
  return key.starts_with("spark.sql.") && key != "spark.sql.view.maxNestedViewDepth";
}

}  // namespace pyrite
