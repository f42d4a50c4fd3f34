// What the parts of one running query share: errors, session facts, cancellation.
#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/error_slot.h"
#include "sources/columnar_provider.h"

namespace pyrite {

struct QueryState {
  ErrorSlot errors;
  std::shared_ptr<const SessionFacts> session;
  std::shared_ptr<Cancellation> cancellation;
  std::shared_ptr<ColumnarProvider> columnar;
  std::vector<resolved::Observe> observed;  ///< met while lowering
};
using QueryStatePtr = std::shared_ptr<QueryState>;

}  // namespace pyrite
