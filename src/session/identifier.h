// Random identifiers of sessions, operations and responses.
#pragma once

#include <string>
#include <string_view>

namespace pyrite {

/// A random UUID: "00112233-4455-4677-8899-aabbccddeeff".
std::string random_uuid();
bool is_uuid(std::string_view text);

}  // namespace pyrite
