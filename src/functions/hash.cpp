// Hash functions: md5, sha1, sha2, crc32, hash (Murmur3) and xxhash64 over values of any type.
#include <openssl/evp.h>

#include <array>
#include <bit>
#include <cmath>

#include "base/error.h"
#include "functions/families.h"
#include "functions/hash_algorithms.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

std::string hex_of(const unsigned char* bytes, size_t size) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out(size * 2, '0');
  for (size_t i = 0; i < size; ++i) {
    out[2 * i] = digits[bytes[i] >> 4];
    out[2 * i + 1] = digits[bytes[i] & 15];
  }
  return out;
}

std::string digest(std::string_view bytes, const EVP_MD* algorithm) {
  unsigned char result[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  check(EVP_Digest(bytes.data(), bytes.size(), result, &size, algorithm, nullptr) == 1, "digest failed");
  return hex_of(result, size);
}

std::string md5(std::string_view bytes) { return digest(bytes, EVP_md5()); }
std::string sha1(std::string_view bytes) { return digest(bytes, EVP_sha1()); }
std::optional<std::string> sha2(std::string_view bytes, int32_t bits) {
  switch (bits) {
    case 224:
      return digest(bytes, EVP_sha224());
    case 0:
    case 256:
      return digest(bytes, EVP_sha256());
    case 384:
      return digest(bytes, EVP_sha384());
    case 512:
      return digest(bytes, EVP_sha512());
    default:
      return std::nullopt;
  }
}

constexpr std::array<uint32_t, 256> crc_table = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = value & 1 ? 0xEDB88320U ^ value >> 1 : value >> 1;
    }
    table[i] = value;
  }
  return table;
}();

int64_t crc32(std::string_view bytes) {
  uint32_t value = 0xFFFFFFFFU;
  for (const char c : bytes) {
    value = crc_table[(value ^ static_cast<unsigned char>(c)) & 0xFF] ^ value >> 8;
  }
  return value ^ 0xFFFFFFFFU;
}

/// Folds one value of any type into a hash; NULL leaves it as it is.
template <class H>
typename H::Hash hash_value(const ColumnView& column, size_t row, typename H::Hash seed) {
  if (column.is_null(row)) {
    return seed;
  }
  switch (column.type.kind()) {
    case TypeKind::boolean:
      return H::of_int(column.get<bool>(row) ? 1 : 0, seed);
    case TypeKind::byte:
      return H::of_int(column.get<int8_t>(row), seed);
    case TypeKind::short_int:
      return H::of_int(column.get<int16_t>(row), seed);
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return H::of_int(column.get<int32_t>(row), seed);
    case TypeKind::long_int:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::time:
    case TypeKind::day_time_interval:
      return H::of_long(column.get<int64_t>(row), seed);
    case TypeKind::float32: {
      const float value = column.get<float>(row);
      return H::of_int(std::isnan(value) ? 0x7FC00000 : std::bit_cast<int32_t>(value == 0 ? 0.0f : value), seed);
    }
    case TypeKind::float64: {
      const double value = column.get<double>(row);
      return H::of_long(std::isnan(value) ? 0x7FF8000000000000LL : std::bit_cast<int64_t>(value == 0 ? 0.0 : value),
                        seed);
    }
    case TypeKind::decimal:
      return column.type.precision() <= 18 ? H::of_long(static_cast<int64_t>(column.decimal(row)), seed)
                                           : H::of_bytes(big_integer_bytes(column.decimal(row)), seed);
    case TypeKind::calendar_interval: {
      const auto value = column.get<CalendarInterval>(row);
      return H::of_int(value.months, H::of_int(value.days, H::of_long(value.microseconds, seed)));
    }
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return H::of_bytes(column.text(row), seed);
    case TypeKind::array:
    case TypeKind::map: {
      const ListSlot slot = column.list(row);
      for (size_t i = 0; i < slot.length; ++i) {
        for (const ColumnView& child : column.children) {
          seed = hash_value<H>(child, slot.offset + i, seed);
        }
      }
      return seed;
    }
    case TypeKind::structure: {
      for (const ColumnView& child : column.children) {
        seed = hash_value<H>(child, column.position(row), seed);
      }
      return seed;
    }
    case TypeKind::null:
      return seed;
    case TypeKind::variant:
      throw_unsupported("hash of variant");
  }
  return seed;
}

template <class H>
void run_hash(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    typename H::Hash seed = 42;
    for (const ColumnView& column : arguments) {
      seed = hash_value<H>(column, row, seed);
    }
    out.set(row, seed);
  }
}

bool holds_map(const Type& type) {
  switch (type.kind()) {
    case TypeKind::map:
      return true;
    case TypeKind::array:
      return holds_map(type.element());
    case TypeKind::structure:
      for (const StructField& field : type.fields()) {
        if (holds_map(field.type)) {
          return true;
        }
      }
      return false;
    default:
      return false;
  }
}

void refuse_maps(const CallInfo& call) {
  if (call.argument_types.empty()) {
    throw SparkError("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                     {{"functionName", "`" + std::string(call.function->name) + "`"},
                      {"expectedNum", "> 0"},
                      {"actualNum", "0"},
                      {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  const bool allowed = call.session && call.session->conf("spark.sql.legacy.allowHashOnMapType", "false") == "true";
  for (const Type& type : call.argument_types) {
    if (!allowed && holds_map(type)) {
      throw SparkError("DATATYPE_MISMATCH.HASH_MAP_TYPE",
                       {{"functionName", "`" + std::string(call.function->name) + "`"}});
    }
  }
}

constexpr FunctionDef rows[] = {
    {.name = "md5",
     .forms = {"(binary) -> string"},
     .lower = Own{kernel<md5>},
     .doc = "The MD5 digest as 32 hexadecimal digits.",
     .examples = {"md5('Spark') = '8cde774d6f7333752ed72cacddb05126'"},
     .since = "1.5.0",
     .group = "hash_funcs"},
    {.name = "sha1",
     .aliases = {{"sha"}},
     .forms = {"(binary) -> string"},
     .lower = Own{kernel<sha1>},
     .doc = "The SHA-1 digest in hexadecimal.",
     .examples = {"sha1('Spark') = '85f5955f4b27a9a4c2aab6ffe5d7189fc298b92c'"},
     .since = "1.5.0",
     .group = "hash_funcs"},
    {.name = "sha2",
     .forms = {"(binary, int) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel<sha2>},
     .doc = "A SHA-2 digest of 224, 256 (or 0), 384 or 512 bits in hexadecimal; NULL for other lengths.",
     .examples = {"sha2('Spark', 256) = '529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b'"},
     .since = "1.5.0",
     .group = "hash_funcs"},
    {.name = "crc32",
     .forms = {"(binary) -> long"},
     .lower = Own{kernel<crc32>},
     .doc = "The CRC-32 check value.",
     .examples = {"crc32('Spark') = 1557323817"},
     .since = "1.5.0",
     .group = "hash_funcs"},
    {.name = "hash",
     .forms = {"(any...) -> int"},
     .check = refuse_maps,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = Own{{&run_hash<Murmur3>, nullptr}},
     .errors = {"DATATYPE_MISMATCH.HASH_MAP_TYPE"},
     .doc = "A 32-bit Murmur3 hash of all values, with seed 42.",
     .examples = {"hash('Spark', array(123), 2) = -1321691492"},
     .since = "2.0.0",
     .group = "hash_funcs"},
    {.name = "xxhash64",
     .forms = {"(any...) -> long"},
     .check = refuse_maps,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = Own{{&run_hash<XxHash64>, nullptr}},
     .errors = {"DATATYPE_MISMATCH.HASH_MAP_TYPE"},
     .doc = "A 64-bit xxHash of all values, with seed 42.",
     .examples = {"xxhash64('Spark', array(123), 2) = 5602566077635097486"},
     .since = "3.0.0",
     .group = "hash_funcs"},
};

}  // namespace

std::span<const FunctionDef> hash_functions() { return rows; }

int64_t xxhash64_of_row(const ColumnView& column, size_t row, int64_t seed) {
  return hash_value<XxHash64>(column, row, seed);
}

}  // namespace pyrite
