// UTF-8 walking, slicing, checking and conversion.
#include "functions/utf8.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace pyrite::utf8 {

bool is_ascii(std::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if (word & 0x8080808080808080ULL) {
      return false;
    }
  }
  for (; i < text.size(); ++i) {
    if (text[i] & 0x80) {
      return false;
    }
  }
  return true;
}

size_t count(std::string_view text) {
  if (is_ascii(text)) {
    return text.size();
  }
  size_t characters = 0;
  for (size_t i = 0; i < text.size(); i += length_of(static_cast<unsigned char>(text[i]))) {
    ++characters;
  }
  return characters;
}

size_t advance(std::string_view text, size_t from, size_t characters) {
  size_t i = from;
  while (i < text.size() && characters > 0) {
    i += length_of(static_cast<unsigned char>(text[i]));
    --characters;
  }
  return std::min(i, text.size());
}

std::string_view slice(std::string_view text, int64_t begin, int64_t end) {
  if (end <= begin || begin >= static_cast<int64_t>(text.size())) {
    return {};
  }
  const size_t from = begin > 0 ? advance(text, 0, static_cast<size_t>(begin)) : 0;
  const int64_t left = end - std::max<int64_t>(begin, 0);
  if (left <= 0) {
    return {};
  }
  return text.substr(from, advance(text, from, static_cast<size_t>(left)) - from);
}

std::string_view substring(std::string_view text, int32_t position, int32_t length) {
  const int64_t start = position > 0   ? int64_t{position} - 1
                        : position < 0 ? static_cast<int64_t>(count(text)) + position
                                       : 0;
  const int64_t end =
      std::clamp<int64_t>(start + length, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
  return slice(text, start, end);
}

std::string_view byte_substring(std::string_view bytes, int32_t position, int32_t length) {
  const int64_t size = static_cast<int64_t>(bytes.size());
  if (position > size) {
    return {};
  }
  const int64_t start = position > 0 ? int64_t{position} - 1 : position < 0 ? size + position : 0;
  const int64_t end = size - start < length ? size : start + length;
  const int64_t from = std::max<int64_t>(start, 0);
  return from < end ? bytes.substr(static_cast<size_t>(from), static_cast<size_t>(end - from)) : std::string_view{};
}

namespace {

bool continues(std::string_view text, size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

/// Whether the second byte may follow the first: no overlong form, surrogate or value beyond U+10FFFF.
bool second_fits(unsigned char first, unsigned char second) {
  if ((second & 0xC0) != 0x80) {
    return false;
  }
  switch (first) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second <= 0x9F;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second <= 0x8F;
    default:
      return true;
  }
}

}  // namespace

char32_t decode(std::string_view text, size_t& position) {
  const auto first = static_cast<unsigned char>(text[position]);
  if (first < 0x80) {
    ++position;
    return first;
  }
  const size_t need = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (need == 0 || position + 1 >= text.size() || !second_fits(first, static_cast<unsigned char>(text[position + 1]))) {
    ++position;
    return 0xFFFD;
  }
  char32_t value = need == 2 ? first & 0x1F : need == 3 ? first & 0x0F : first & 0x07;
  for (size_t i = 1; i < need; ++i) {
    if (!continues(text, position + i)) {
      position += i;
      return 0xFFFD;
    }
    value = value << 6 | (static_cast<unsigned char>(text[position + i]) & 0x3F);
  }
  position += need;
  return value;
}

void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

bool is_valid(std::string_view text) {
  if (is_ascii(text)) {
    return true;
  }
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    if (decode(text, i) == 0xFFFD && text.substr(start, i - start) != "\xEF\xBF\xBD") {
      return false;
    }
  }
  return true;
}

std::string make_valid(std::string_view text) {
  if (is_ascii(text)) {
    return std::string(text);
  }
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    append(out, decode(text, i));
  }
  return out;
}

std::u32string to_utf32(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    out += decode(text, i);
  }
  return out;
}

std::u16string to_utf16(std::string_view text) {
  std::u16string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const char32_t c = decode(text, i);
    if (c < 0x10000) {
      out += static_cast<char16_t>(c);
    } else {
      out += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return out;
}

std::string from_utf16(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00);
    } else if (c >= 0xD800 && c < 0xE000) {
      c = '?';
    }
    append(out, c);
  }
  return out;
}

}  // namespace pyrite::utf8
