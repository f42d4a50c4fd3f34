// The words of an as-of join: its type and direction.
#pragma once

#include "plan/relation.h"

namespace pyrite::analysis {

enum class AsOfDirection { backward, forward, nearest };

struct AsOfTerms {
  AsOfDirection direction = AsOfDirection::backward;
  bool inner = true;  ///< else left outer
};

/// Errors: UNSUPPORTED_JOIN_TYPE, AS_OF_JOIN.UNSUPPORTED_DIRECTION, and Spark's refusal of the other join types.
AsOfTerms as_of_terms(const plan::AsOfJoin& node);

}  // namespace pyrite::analysis
