// Unsigned 256-bit integers.
#include "functions/wide_integer.h"

#include <algorithm>

namespace pyrite {
namespace {

UInt256 shift_left_one(const UInt256& value) { return {(value.high << 1) | (value.low >> 127), value.low << 1}; }

}  // namespace

UInt256 wide_multiply(UInt128 left, UInt128 right) {
  constexpr UInt128 mask = ~uint64_t{0};
  const UInt128 a = left >> 64, b = left & mask, c = right >> 64, d = right & mask;
  const UInt128 low = b * d, middle_left = a * d, middle_right = b * c;
  const UInt128 carry = (low >> 64) + (middle_left & mask) + (middle_right & mask);
  return {a * c + (middle_left >> 64) + (middle_right >> 64) + (carry >> 64), (carry << 64) | (low & mask)};
}

UInt256 wide_multiply(const UInt256& left, UInt128 right) {
  UInt256 product = wide_multiply(left.low, right);
  product.high += left.high * right;
  return product;
}

UInt256 wide_add(const UInt256& left, const UInt256& right) {
  const UInt128 low = left.low + right.low;
  return {left.high + right.high + (low < left.low ? 1 : 0), low};
}

UInt256 wide_subtract(const UInt256& left, const UInt256& right) {
  return {left.high - right.high - (left.low < right.low ? 1 : 0), left.low - right.low};
}

UInt256 wide_divide(const UInt256& dividend, const UInt256& divisor, UInt256& remainder) {
  if (dividend.high == 0 && divisor.high == 0) {
    remainder = {0, dividend.low % divisor.low};
    return {0, dividend.low / divisor.low};
  }
  UInt256 quotient;
  remainder = {};
  for (int bit = 255; bit >= 0; --bit) {
    const UInt128 next = bit >= 128 ? (dividend.high >> (bit - 128)) & 1 : (dividend.low >> bit) & 1;
    const bool carried = (remainder.high >> 127) != 0;
    remainder = shift_left_one(remainder);
    remainder.low |= next;
    if (carried || !(remainder < divisor)) {
      remainder = wide_subtract(remainder, divisor);
      (bit >= 128 ? quotient.high : quotient.low) |= UInt128{1} << (bit % 128);
    }
  }
  return quotient;
}

UInt256 wide_divide_round(const UInt256& dividend, const UInt256& divisor) {
  UInt256 remainder;
  const UInt256 quotient = wide_divide(dividend, divisor, remainder);
  const bool up = !(remainder < wide_subtract(divisor, remainder));
  return up ? wide_add(quotient, {0, 1}) : quotient;
}

std::string wide_text(UInt256 value) {
  std::string digits;
  do {
    UInt256 remainder;
    value = wide_divide(value, {0, 10}, remainder);
    digits += static_cast<char>('0' + static_cast<int>(remainder.low));
  } while (!(value == UInt256{}));
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace pyrite
