// The character sets that Spark knows by name.
#include "functions/charset.h"

#include <algorithm>

#include "functions/utf8.h"

namespace pyrite {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_surrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xE000; }

std::string decode_utf16(std::string_view bytes, bool little, bool& malformed) {
  std::string out;
  const size_t units = bytes.size() / 2;
  const auto unit = [&](size_t i) {
    const auto first = static_cast<unsigned char>(bytes[2 * i]);
    const auto second = static_cast<unsigned char>(bytes[2 * i + 1]);
    return static_cast<char32_t>(little ? second << 8 | first : first << 8 | second);
  };
  for (size_t i = 0; i < units; ++i) {
    char32_t c = unit(i);
    if (is_surrogate(c)) {
      if (c < 0xDC00 && i + 1 < units && unit(i + 1) >= 0xDC00 && unit(i + 1) < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (unit(++i) - 0xDC00);
      } else {
        malformed = true;
        c = replacement;
      }
    }
    utf8::append(out, c);
  }
  if (bytes.size() % 2) {
    malformed = true;
    utf8::append(out, replacement);
  }
  return out;
}

std::string decode_utf32(std::string_view bytes, bool little, bool& malformed) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 4) {
    char32_t c = 0;
    if (i + 4 <= bytes.size()) {
      for (size_t k = 0; k < 4; ++k) {
        c = c << 8 | static_cast<unsigned char>(bytes[little ? i + 3 - k : i + k]);
      }
    }
    if (i + 4 > bytes.size() || c > 0x10FFFF || is_surrogate(c)) {
      malformed = true;
      c = replacement;
    }
    utf8::append(out, c);
  }
  return out;
}

/// One byte a character; those from `limit` on are malformed.
std::string decode_bytes(std::string_view bytes, unsigned limit, bool& malformed) {
  std::string out;
  out.reserve(bytes.size());
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    malformed = malformed || byte >= limit;
    utf8::append(out, byte < limit ? byte : replacement);
  }
  return out;
}

}  // namespace

std::optional<Charset> find_charset(std::string_view name) {
  constexpr std::pair<std::string_view, Charset> names[] = {
      {"us-ascii", Charset::ascii}, {"iso-8859-1", Charset::latin1}, {"utf-8", Charset::utf8},
      {"utf-16", Charset::utf16},   {"utf-16be", Charset::utf16be},  {"utf-16le", Charset::utf16le},
      {"utf-32", Charset::utf32}};
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const auto& [known, charset] : names) {
    if (std::equal(known.begin(), known.end(), name.begin(), name.end(),
                   [&](char a, char b) { return a == lower(b); })) {
      return charset;
    }
  }
  return std::nullopt;
}

std::string decode_charset(Charset charset, std::string_view bytes, bool& malformed) {
  switch (charset) {
    case Charset::utf8:
      malformed = malformed || !utf8::is_valid(bytes);
      return std::string(bytes);
    case Charset::ascii:
      return decode_bytes(bytes, 0x80, malformed);
    case Charset::latin1:
      return decode_bytes(bytes, 0x100, malformed);
    case Charset::utf16:
      if (bytes.starts_with("\xFF\xFE")) {
        return decode_utf16(bytes.substr(2), true, malformed);
      }
      return decode_utf16(bytes.starts_with("\xFE\xFF") ? bytes.substr(2) : bytes, false, malformed);
    case Charset::utf16be:
      return decode_utf16(bytes, false, malformed);
    case Charset::utf16le:
      return decode_utf16(bytes, true, malformed);
    case Charset::utf32:
      if (bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4))) {
        return decode_utf32(bytes.substr(4), true, malformed);
      }
      return decode_utf32(bytes.starts_with(std::string_view("\0\0\xFE\xFF", 4)) ? bytes.substr(4) : bytes, false,
                          malformed);
    case Charset::utf32le:
      return decode_utf32(bytes, true, malformed);
  }
  return {};
}

std::string encode_charset(Charset charset, std::string_view text, bool at_start, bool& unmappable) {
  std::string out;
  const auto unit = [&](uint32_t value, bool little) {
    const char high = static_cast<char>(value >> 8);
    const char low = static_cast<char>(value);
    out += little ? low : high;
    out += little ? high : low;
  };
  switch (charset) {
    case Charset::utf8:
      return std::string(text);
    case Charset::ascii:
    case Charset::latin1:
      for (size_t i = 0; i < text.size();) {
        const char32_t c = utf8::decode(text, i);
        const bool known = c <= (charset == Charset::ascii ? 0x7FU : 0xFFU);
        unmappable = unmappable || !known;
        out += known ? static_cast<char>(c) : '?';
      }
      return out;
    case Charset::utf32:
    case Charset::utf32le:
      for (size_t i = 0; i < text.size();) {
        const char32_t c = utf8::decode(text, i);
        const bool little = charset == Charset::utf32le;
        unit(little ? c & 0xFFFF : c >> 16, little);
        unit(little ? c >> 16 : c & 0xFFFF, little);
      }
      return out;
    case Charset::utf16:
    case Charset::utf16be:
    case Charset::utf16le:
      if (charset == Charset::utf16 && at_start && !text.empty()) {
        out = "\xFE\xFF";
      }
      for (const char16_t c : utf8::to_utf16(text)) {
        unit(c, charset == Charset::utf16le);
      }
      return out;
  }
  return out;
}

}  // namespace pyrite
