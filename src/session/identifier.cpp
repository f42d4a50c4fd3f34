// UUIDs of version 4.
#include "session/identifier.h"

#include <cctype>
#include <random>

namespace pyrite {

std::string random_uuid() {
  thread_local std::mt19937_64 generator = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "00000000-0000-4000-8000-000000000000";
  uint64_t bits = 0;
  int left = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '-' || i == 14) {
      continue;
    }
    if (left == 0) {
      bits = generator();
      left = 16;
    }
    const auto digit = static_cast<unsigned>(bits & 15);
    bits >>= 4;
    --left;
    out[i] = hex[i == 19 ? 8 + (digit & 3) : digit];
  }
  return out;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !std::isxdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  return true;
}

}  // namespace pyrite
