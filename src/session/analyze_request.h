// The AnalyzePlan request: questions about plans that run nothing.
#pragma once

#include "session/session.h"

namespace spark::connect {
class AnalyzePlanRequest;
class AnalyzePlanResponse;
}  // namespace spark::connect

namespace pyrite {

/// Wants a Session::Work around it.
void answer_analyze(Session& session, const spark::connect::AnalyzePlanRequest& request,
                    spark::connect::AnalyzePlanResponse& out);

}  // namespace pyrite
