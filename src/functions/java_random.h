// The linear congruential generator of java.util.Random.
#pragma once

#include <cstdint>

namespace pyrite {

class JavaRandom {
 public:
  explicit JavaRandom(int64_t seed) : seed_((static_cast<uint64_t>(seed) ^ multiplier) & mask) {}

  int32_t next_bits(int bits) {
    seed_ = (seed_ * multiplier + 0xB) & mask;
    return static_cast<int32_t>(static_cast<uint32_t>(seed_ >> (48 - bits)));
  }
  int64_t next_long() {
    const auto high = static_cast<uint64_t>(static_cast<int64_t>(next_bits(32)));
    return static_cast<int64_t>((high << 32) + static_cast<uint64_t>(static_cast<int64_t>(next_bits(32))));
  }
  double next_double() {
    const int64_t high = next_bits(26);
    const int64_t low = next_bits(27);
    return static_cast<double>((high << 27) + low) * 0x1.0p-53;
  }

 private:
  static constexpr uint64_t multiplier = 0x5DEECE66D;
  static constexpr uint64_t mask = (uint64_t{1} << 48) - 1;
  uint64_t seed_;
};

}  // namespace pyrite
