// Base 64 (RFC 4648).
#pragma once

#include <string>
#include <string_view>

namespace pyrite {

/// With padding; with `lines`, broken after 76 characters by CR LF, as MIME does.
std::string encode_base64(std::string_view bytes, bool lines);

}  // namespace pyrite
