// Murmur3, xxHash64 and Java's hashCode.
#include "functions/hash_algorithms.h"

#include <bit>
#include <cstring>

namespace pyrite {
namespace {

uint32_t mix_word(uint32_t word) { return std::rotl(word * 0xCC9E2D51U, 15) * 0x1B873593U; }
uint32_t mix_hash(uint32_t hash, uint32_t word) { return std::rotl(hash ^ mix_word(word), 13) * 5 + 0xE6546B64U; }
int32_t finish(uint32_t hash, uint32_t length) {
  hash ^= length;
  hash = (hash ^ hash >> 16) * 0x85EBCA6BU;
  hash = (hash ^ hash >> 13) * 0xC2B2AE35U;
  return static_cast<int32_t>(hash ^ hash >> 16);
}

template <class T>
T load(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

uint32_t mix_words(std::string_view bytes, uint32_t hash) {
  for (size_t i = 0; i + 4 <= bytes.size(); i += 4) {
    hash = mix_hash(hash, load<uint32_t>(bytes.data() + i));
  }
  return hash;
}

constexpr uint64_t prime1 = 0x9E3779B185EBCA87ULL, prime2 = 0xC2B2AE3D27D4EB4FULL, prime3 = 0x165667B19E3779F9ULL,
                   prime4 = 0x85EBCA77C2B2AE63ULL, prime5 = 0x27D4EB2F165667C5ULL;

int64_t avalanche(uint64_t hash) {
  hash = (hash ^ hash >> 33) * prime2;
  hash = (hash ^ hash >> 29) * prime3;
  return static_cast<int64_t>(hash ^ hash >> 32);
}
uint64_t round64(uint64_t lane, uint64_t word) { return std::rotl(lane + word * prime2, 31) * prime1; }

}  // namespace

int32_t Murmur3::of_int(int32_t value, int32_t seed) {
  return finish(mix_hash(static_cast<uint32_t>(seed), static_cast<uint32_t>(value)), 4);
}
int32_t Murmur3::of_long(int64_t value, int32_t seed) {
  const uint32_t low = mix_hash(static_cast<uint32_t>(seed), static_cast<uint32_t>(value));
  return finish(mix_hash(low, static_cast<uint32_t>(static_cast<uint64_t>(value) >> 32)), 8);
}
int32_t Murmur3::of_bytes(std::string_view bytes, int32_t seed) {
  uint32_t hash = mix_words(bytes, static_cast<uint32_t>(seed));
  for (size_t i = bytes.size() & ~size_t{3}; i < bytes.size(); ++i) {
    hash = mix_hash(hash, static_cast<uint32_t>(static_cast<int32_t>(static_cast<signed char>(bytes[i]))));
  }
  return finish(hash, static_cast<uint32_t>(bytes.size()));
}

int32_t murmur3_of_words(std::string_view bytes, int32_t seed) {
  return finish(mix_words(bytes, static_cast<uint32_t>(seed)), static_cast<uint32_t>(bytes.size()));
}

int64_t XxHash64::of_int(int32_t value, int64_t seed) {
  uint64_t hash = static_cast<uint64_t>(seed) + prime5 + 4;
  hash ^= uint64_t{static_cast<uint32_t>(value)} * prime1;
  return avalanche(std::rotl(hash, 23) * prime2 + prime3);
}
int64_t XxHash64::of_long(int64_t value, int64_t seed) {
  uint64_t hash = static_cast<uint64_t>(seed) + prime5 + 8;
  hash ^= round64(0, static_cast<uint64_t>(value));
  return avalanche(std::rotl(hash, 27) * prime1 + prime4);
}
int64_t XxHash64::of_bytes(std::string_view bytes, int64_t signed_seed) {
  const uint64_t seed = static_cast<uint64_t>(signed_seed);
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  uint64_t hash;
  if (bytes.size() >= 32) {
    uint64_t lanes[4] = {seed + prime1 + prime2, seed + prime2, seed, seed - prime1};
    for (; end - at >= 32; at += 32) {
      for (int i = 0; i < 4; ++i) {
        lanes[i] = round64(lanes[i], load<uint64_t>(at + 8 * i));
      }
    }
    hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
    for (const uint64_t lane : lanes) {
      hash = (hash ^ round64(0, lane)) * prime1 + prime4;
    }
  } else {
    hash = seed + prime5;
  }
  hash += bytes.size();
  for (; end - at >= 8; at += 8) {
    hash = std::rotl(hash ^ round64(0, load<uint64_t>(at)), 27) * prime1 + prime4;
  }
  if (end - at >= 4) {
    hash = std::rotl(hash ^ uint64_t{load<uint32_t>(at)} * prime1, 23) * prime2 + prime3;
    at += 4;
  }
  for (; at < end; ++at) {
    hash = std::rotl(hash ^ static_cast<unsigned char>(*at) * prime5, 11) * prime1;
  }
  return avalanche(hash);
}

std::string big_integer_bytes(Int128 value) {
  std::string out;
  for (int shift = 120; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift);
  }
  size_t skip = 0;
  while (skip < 15 &&
         ((out[skip] == 0 && !(out[skip + 1] & 0x80)) || (out[skip] == '\xFF' && (out[skip + 1] & 0x80)))) {
    ++skip;
  }
  return out.substr(skip);
}

int32_t java_hash_code(const Type& type, const Value& value) {
  const auto fold = [](uint64_t bits) { return static_cast<int32_t>(static_cast<uint32_t>(bits ^ bits >> 32)); };
  if (const auto* flag = std::get_if<bool>(&value.storage())) {
    return *flag ? 1231 : 1237;
  }
  if (const auto* number = std::get_if<int64_t>(&value.storage())) {
    return type.is(TypeKind::long_int) || type.is(TypeKind::timestamp) || type.is(TypeKind::timestamp_ntz) ||
                   type.is(TypeKind::day_time_interval) || type.is(TypeKind::time)
               ? fold(static_cast<uint64_t>(*number))
               : static_cast<int32_t>(*number);
  }
  if (const auto* number = std::get_if<float>(&value.storage())) {
    return std::bit_cast<int32_t>(*number);
  }
  if (const auto* number = std::get_if<double>(&value.storage())) {
    return fold(std::bit_cast<uint64_t>(*number));
  }
  if (const auto* text = std::get_if<std::string>(&value.storage())) {
    return Murmur3::of_bytes(*text, 42);
  }
  return 0;
}

}  // namespace pyrite
