// The random numbers of Spark's rand family: a seeded xor-shift generator with java.util.Random's derived values.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "functions/hash_algorithms.h"

namespace pyrite {

class XorShiftRandom {
 public:
  explicit XorShiftRandom(int64_t seed) {
    char bytes[8];
    for (int i = 0; i < 8; ++i) {
      bytes[i] = static_cast<char>(static_cast<uint64_t>(seed) >> (56 - 8 * i));
    }
    const std::string_view text(bytes, 8);
    const int32_t low = murmur3_of_words(text, 0x3C074A61);
    const int32_t high = murmur3_of_words(text, low);
    state_ = static_cast<uint64_t>(static_cast<uint32_t>(high)) << 32 | static_cast<uint32_t>(low);
  }

  uint32_t next(int bits) {
    state_ ^= state_ << 21;
    state_ ^= state_ >> 35;
    state_ ^= state_ << 4;
    return static_cast<uint32_t>(state_ & ((uint64_t{1} << bits) - 1));
  }
  int32_t next_int() { return static_cast<int32_t>(next(32)); }
  double next_double() {
    const uint64_t high = next(26);
    return static_cast<double>((high << 27) + next(27)) * 0x1.0p-53;
  }
  double next_gaussian() {
    if (spare_) {
      const double value = *spare_;
      spare_.reset();
      return value;
    }
    double x, y, square;
    do {
      x = 2 * next_double() - 1;
      y = 2 * next_double() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * std::log(square) / square);
    spare_ = y * factor;
    return x * factor;
  }

 private:
  uint64_t state_;
  std::optional<double> spare_;
};

}  // namespace pyrite
