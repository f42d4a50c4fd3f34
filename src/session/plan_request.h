// Plans inside requests: parsed with a deep recursion limit, decompressed, decoded for a session.
#pragma once

#include <string>

#include "connect/decode.h"
#include "session/session.h"

namespace google::protobuf {
class MessageLite;
}
namespace spark::connect {
class Plan;
}

namespace pyrite {

/// Reads a message that is not nested deeply, on any stack; false: it is deep, or not a message.
bool parse_shallow_message(const std::string& bytes, google::protobuf::MessageLite& out);
/// Reads a message, on a thread of the WorkerPool. Errors: CONNECT_INVALID_PLAN.CANNOT_PARSE.
void parse_message(const std::string& bytes, google::protobuf::MessageLite& out);

/// A decoder with the session's SQL parser behind it.
connect::Decoder decoder_for(Session& session);

/// Replaces a compressed operation by what it holds. Errors: CONNECT_INVALID_PLAN.CANNOT_PARSE.
void decompress(spark::connect::Plan& plan);

}  // namespace pyrite
