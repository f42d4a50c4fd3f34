// The Config request: reads and changes of the session's configuration.
#pragma once

#include "session/session.h"

namespace spark::connect {
class ConfigRequest;
class ConfigResponse;
}  // namespace spark::connect

namespace pyrite {

void answer_config(Session& session, const spark::connect::ConfigRequest& request, spark::connect::ConfigResponse& out);

}  // namespace pyrite
