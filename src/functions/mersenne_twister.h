// The Mersenne Twister as Spark's shuffle and uuid seed it: by the two halves of a 64-bit seed.
#pragma once

#include <array>
#include <cstdint>

namespace pyrite {

class MersenneTwister {
 public:
  explicit MersenneTwister(int64_t seed) {
    const uint32_t key[2] = {static_cast<uint32_t>(static_cast<uint64_t>(seed) >> 32), static_cast<uint32_t>(seed)};
    fill(19650218U);
    size_t i = 1;
    size_t j = 0;
    for (size_t k = size; k > 0; --k) {
      state_[i] =
          (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1664525U)) + key[j] + static_cast<uint32_t>(j);
      j = (j + 1) % 2;
      advance(i);
    }
    for (size_t k = size - 1; k > 0; --k) {
      state_[i] = (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1566083941U)) - static_cast<uint32_t>(i);
      advance(i);
    }
    state_[0] = 0x80000000U;
  }

  uint32_t next_bits(int bits) { return next() >> (32 - bits); }

  /// Evenly spread over 0 … bound-1.
  int32_t next_int(int32_t bound) {
    if ((bound & -bound) == bound) {
      return static_cast<int32_t>((static_cast<int64_t>(bound) * static_cast<int64_t>(next_bits(31))) >> 31);
    }
    while (true) {
      const auto bits = static_cast<int64_t>(next_bits(31));
      const int64_t value = bits % bound;
      if (bits - value + (bound - 1) <= INT32_MAX) {
        return static_cast<int32_t>(value);
      }
    }
  }

 private:
  static constexpr size_t size = 624;
  static constexpr size_t middle = 397;

  void fill(uint32_t seed) {
    state_[0] = seed;
    for (size_t i = 1; i < size; ++i) {
      state_[i] = 1812433253U * (state_[i - 1] ^ (state_[i - 1] >> 30)) + static_cast<uint32_t>(i);
    }
  }
  void advance(size_t& i) {
    if (++i >= size) {
      state_[0] = state_[size - 1];
      i = 1;
    }
  }
  uint32_t next() {
    if (place_ >= size) {
      for (size_t i = 0; i < size; ++i) {
        const uint32_t mixed = (state_[i] & 0x80000000U) | (state_[(i + 1) % size] & 0x7FFFFFFFU);
        state_[i] = state_[(i + middle) % size] ^ (mixed >> 1) ^ (mixed & 1 ? 0x9908B0DFU : 0);
      }
      place_ = 0;
    }
    uint32_t value = state_[place_++];
    value ^= value >> 11;
    value ^= (value << 7) & 0x9D2C5680U;
    value ^= (value << 15) & 0xEFC60000U;
    return value ^ (value >> 18);
  }

  std::array<uint32_t, size> state_{};
  size_t place_ = size;
};

}  // namespace pyrite
