// The generator WELL19937c as Apache Commons Math seeds it, which Spark draws Poisson numbers from.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>

namespace pyrite {

class WellRandom {
 public:
  explicit WellRandom(int64_t seed) {
    state_[0] = static_cast<uint32_t>(static_cast<uint64_t>(seed) >> 32);
    state_[1] = static_cast<uint32_t>(seed);
    for (size_t i = 2; i < size; ++i) {
      const auto before = static_cast<int64_t>(static_cast<int32_t>(state_[i - 2]));
      state_[i] = static_cast<uint32_t>(1812433253U * static_cast<uint64_t>(before ^ (before >> 30)) + i);
    }
  }

  double next_double() {
    const auto high = static_cast<uint64_t>(next_bits(26)) << 26;
    return static_cast<double>(high | next_bits(26)) * 0x1.0p-52;
  }
  double next_gaussian() {
    if (spare_) {
      const double value = *spare_;
      spare_.reset();
      return value;
    }
    const double angle = 2 * std::numbers::pi * next_double();
    const double radius = std::sqrt(-2 * std::log(next_double()));
    spare_ = radius * std::sin(angle);
    return radius * std::cos(angle);
  }

 private:
  static constexpr size_t size = 624;

  uint32_t next_bits(int bits) {
    const auto at = [&](size_t ahead) -> uint32_t& { return state_[(index_ + ahead) % size]; };
    uint32_t& before = at(size - 1);
    const uint32_t z0 = (0x80000000U & before) ^ (0x7FFFFFFFU & at(size - 2));
    const uint32_t z1 = (at(0) ^ (at(0) << 25)) ^ (at(70) ^ (at(70) >> 27));
    const uint32_t z2 = (at(179) >> 9) ^ (at(449) ^ (at(449) >> 1));
    const uint32_t z3 = z1 ^ z2;
    uint32_t z4 = z0 ^ (z1 ^ (z1 << 9)) ^ (z2 ^ (z2 << 21)) ^ (z3 ^ (z3 >> 21));
    at(0) = z3;
    before = z4;
    at(size - 2) &= 0x80000000U;
    index_ = (index_ + size - 1) % size;
    z4 ^= (z4 << 7) & 0xe46e1700U;
    z4 ^= (z4 << 15) & 0x9b868000U;
    return z4 >> (32 - bits);
  }

  std::array<uint32_t, size> state_;
  size_t index_ = 0;
  std::optional<double> spare_;
};

}  // namespace pyrite
