// Unsigned 256-bit integers: what decimal arithmetic needs where 128 bits are too few.
#pragma once

#include <cstdint>
#include <string>

namespace pyrite {

using UInt128 = unsigned __int128;

struct UInt256 {
  UInt128 high = 0;
  UInt128 low = 0;
  bool operator==(const UInt256&) const = default;
  bool operator<(const UInt256& other) const { return high != other.high ? high < other.high : low < other.low; }
};

UInt256 wide_multiply(UInt128 left, UInt128 right);
/// left × right, where the product fits.
UInt256 wide_multiply(const UInt256& left, UInt128 right);
UInt256 wide_add(const UInt256& left, const UInt256& right);
UInt256 wide_subtract(const UInt256& left, const UInt256& right);
/// Quotient and remainder; the divisor is not 0.
UInt256 wide_divide(const UInt256& dividend, const UInt256& divisor, UInt256& remainder);
/// Rounded half up.
UInt256 wide_divide_round(const UInt256& dividend, const UInt256& divisor);
std::string wide_text(UInt256 value);

}  // namespace pyrite
