// The hash functions that Spark's results depend on: Murmur3 (32 bits) and xxHash64 over bytes, ints and longs.
#pragma once

#include <cstdint>
#include <string_view>

#include "types/value.h"

namespace pyrite {

struct Murmur3 {
  using Hash = int32_t;
  static int32_t of_int(int32_t value, int32_t seed);
  static int32_t of_long(int64_t value, int32_t seed);
  /// Spark's own reading of the tail: each of the last bytes counts as a whole word.
  static int32_t of_bytes(std::string_view bytes, int32_t seed);
};

struct XxHash64 {
  using Hash = int64_t;
  static int64_t of_int(int32_t value, int64_t seed);
  static int64_t of_long(int64_t value, int64_t seed);
  static int64_t of_bytes(std::string_view bytes, int64_t seed);
};

/// xxhash64 of one row of a column, as the function xxhash64 gives it; NULL gives the seed.
int64_t xxhash64_of_row(const struct ColumnView& column, size_t row, int64_t seed);

/// Murmur3's usual form, for whole words only.
int32_t murmur3_of_words(std::string_view bytes, int32_t seed);

/// Object.hashCode of the Java value that Spark holds for this one.
int32_t java_hash_code(const Type& type, const Value& value);

/// The big-endian two's complement bytes of BigInteger.toByteArray.
std::string big_integer_bytes(Int128 value);

}  // namespace pyrite
