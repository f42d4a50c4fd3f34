// UTF-8 as Spark walks it: characters by their first byte, malformed bytes one by one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pyrite::utf8 {

/// Bytes of the character that starts with this byte.
inline size_t length_of(unsigned char first) {
  return first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
}

bool is_ascii(std::string_view text);

/// Characters in the text.
size_t count(std::string_view text);

/// Byte position of the character that stands `characters` after byte `from`; the text's end when there are fewer.
size_t advance(std::string_view text, size_t from, size_t characters);

/// The characters [begin, end) by index; negative begin counts as 0.
std::string_view slice(std::string_view text, int64_t begin, int64_t end);

/// SQL's substring: position from 1, negative from the end, 0 as 1.
std::string_view substring(std::string_view text, int32_t position, int32_t length);
/// The same over bytes.
std::string_view byte_substring(std::string_view bytes, int32_t position, int32_t length);

/// Decodes one character at `position` and moves past it; malformed input gives U+FFFD and moves as Java's decoder
/// does.
char32_t decode(std::string_view text, size_t& position);
void append(std::string& out, char32_t character);

bool is_valid(std::string_view text);
/// Malformed sequences replaced by U+FFFD.
std::string make_valid(std::string_view text);

std::u32string to_utf32(std::string_view text);
std::u16string to_utf16(std::string_view text);
std::string from_utf16(std::u16string_view text);

}  // namespace pyrite::utf8
