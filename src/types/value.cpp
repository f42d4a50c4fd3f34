// Equality of values, decimal texts and powers of ten.
#include "types/value.h"

#include <algorithm>
#include <array>

#include "base/error.h"

namespace pyrite {
namespace {

template <class T>
bool same_number(T left, T right) {
  return left == right || (left != left && right != right);
}

constexpr std::array<Int128, 39> make_powers() {
  std::array<Int128, 39> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) {
    powers[i] = powers[i - 1] * 10;
  }
  return powers;
}

constexpr std::array<Int128, 39> powers = make_powers();

}  // namespace

bool Value::operator==(const Value& other) const {
  if (storage_.index() != other.storage_.index()) {
    return false;
  }
  if (std::holds_alternative<float>(storage_)) {
    return same_number(float32(), other.float32());
  }
  if (std::holds_alternative<double>(storage_)) {
    return same_number(float64(), other.float64());
  }
  if (std::holds_alternative<std::shared_ptr<const ValueList>>(storage_)) {
    return list() == other.list();
  }
  if (std::holds_alternative<std::shared_ptr<const ValuePairs>>(storage_)) {
    return pairs() == other.pairs();
  }
  return storage_ == other.storage_;
}

Int128 power_of_ten(int exponent) {
  check(exponent >= 0 && exponent <= 38, "power of ten out of range");
  return powers[static_cast<size_t>(exponent)];
}

std::string decimal_text(Int128 unscaled, int scale) {
  const bool negative = unscaled < 0;
  unsigned __int128 magnitude =
      negative ? -static_cast<unsigned __int128>(unscaled) : static_cast<unsigned __int128>(unscaled);
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  } while (magnitude != 0);
  while (static_cast<int>(digits.size()) <= scale) {
    digits += '0';
  }
  std::reverse(digits.begin(), digits.end());
  if (scale > 0) {
    digits.insert(digits.size() - static_cast<size_t>(scale), 1, '.');
  } else if (unscaled != 0) {
    digits.append(static_cast<size_t>(-scale), '0');
  }
  return negative ? "-" + digits : digits;
}

}  // namespace pyrite
