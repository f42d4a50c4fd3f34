// The character sets that Spark knows by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pyrite {

/// utf32le has no name of its own: it is only found by looking at the bytes.
enum class Charset { ascii, latin1, utf8, utf16, utf16be, utf16le, utf32, utf32le };

/// The names as error messages list them.
inline constexpr std::string_view charset_names = "iso-8859-1, us-ascii, utf-16, utf-16be, utf-16le, utf-32, utf-8";

/// By name without case; nullopt: unknown.
std::optional<Charset> find_charset(std::string_view name);

/// Bytes as UTF-8. Malformed sequences become U+FFFD and set `malformed`.
std::string decode_charset(Charset charset, std::string_view bytes, bool& malformed);
/// UTF-8 as bytes of the charset. UTF-16 at the start of a text begins with a byte order mark. Characters that the
/// charset lacks become '?' and set `unmappable`.
std::string encode_charset(Charset charset, std::string_view text, bool at_start, bool& unmappable);

}  // namespace pyrite
