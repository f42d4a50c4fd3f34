// Bitmaps of 32,768 positions: counting distinct integers exactly, bucket by bucket.
#include <bit>

#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/sketch_arguments.h"

namespace pyrite {
namespace {

constexpr int64_t bitmap_bytes = 4096;
constexpr int64_t bitmap_bits = bitmap_bytes * 8;

int64_t bit_position(int64_t value) {
  return value > 0 ? (value - 1) % bitmap_bits : static_cast<int64_t>((0 - static_cast<uint64_t>(value)) % bitmap_bits);
}

int64_t bucket_number(int64_t value) { return value > 0 ? 1 + (value - 1) / bitmap_bits : value / bitmap_bits; }

int64_t count_bits(std::string_view bitmap) {
  int64_t count = 0;
  for (const char byte : bitmap) {
    count += std::popcount(static_cast<uint8_t>(byte));
  }
  return count;
}

struct Bitmap : AggregateState {
  explicit Bitmap(const CallInfo&) {}
  std::string bits = std::string(bitmap_bytes, '\0');

  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override { out.set_text(row, bits); }
};

struct BitmapOr : Bitmap {
  using Bitmap::Bitmap;
  void add(std::string_view other) {
    for (size_t i = 0; i < std::min(bits.size(), other.size()); ++i) {
      bits[i] = static_cast<char>(bits[i] | other[i]);
    }
  }
  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].is_null(row)) {
      add(arguments[0].text(row));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    add(static_cast<const BitmapOr&>(other).bits);
  }
};

struct BitmapConstruct : BitmapOr {
  using BitmapOr::BitmapOr;
  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (arguments[0].is_null(row)) {
      return;
    }
    const int64_t position = arguments[0].get<int64_t>(row);
    if (position < 0 || position >= bitmap_bits) {
      throw SparkError("INVALID_BITMAP_POSITION", {{"bitPosition", std::to_string(position)},
                                                   {"bitmapNumBytes", std::to_string(bitmap_bytes)},
                                                   {"bitmapNumBits", std::to_string(bitmap_bits)}});
    }
    char& byte = bits[static_cast<size_t>(position / 8)];
    byte = static_cast<char>(byte | (1 << (position % 8)));
  }
};

/// A shorter bitmap has no bits beyond its end.
struct BitmapAnd : Bitmap {
  explicit BitmapAnd(const CallInfo& call) : Bitmap(call) { bits.assign(bitmap_bytes, '\xFF'); }
  void add(std::string_view other) {
    for (size_t i = 0; i < bits.size(); ++i) {
      bits[i] = static_cast<char>(bits[i] & (i < other.size() ? other[i] : 0));
    }
  }
  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].is_null(row)) {
      add(arguments[0].text(row));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    add(static_cast<const BitmapAnd&>(other).bits);
  }
};

void check_bitmap(const CallInfo& call) { require_argument(call, 0, {Type::binary()}, NullLiteral::refused); }

constexpr FunctionDef rows[] = {
    {.name = "bitmap_bit_position",
     .forms = {"(long) -> long"},
     .lower = lowering::Own{kernel<bit_position>},
     .doc = "The position of a value within its bitmap.",
     .examples = {"bitmap_bit_position(1) = 0"}},
    {.name = "bitmap_bucket_number",
     .forms = {"(long) -> long"},
     .lower = lowering::Own{kernel<bucket_number>},
     .doc = "The number of the bitmap that a value belongs to.",
     .examples = {"bitmap_bucket_number(123) = 1"}},
    {.name = "bitmap_count",
     .forms = {"(any) -> long"},
     .check = check_bitmap,
     .lower = lowering::Own{kernel<count_bits>},
     .doc = "How many bits of a bitmap are set.",
     .examples = {"bitmap_count(X'1010') = 2"}},
    {.name = "bitmap_construct_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(long) -> binary"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<BitmapConstruct>},
     .errors = {"INVALID_BITMAP_POSITION"},
     .doc = "A bitmap of the positions of a group."},
    {.name = "bitmap_or_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> binary"},
     .check = check_bitmap,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<BitmapOr>},
     .doc = "The union of the bitmaps of a group."},
    {.name = "bitmap_and_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> binary"},
     .check = check_bitmap,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<BitmapAnd>},
     .doc = "What the bitmaps of a group have in common."},
};

}  // namespace

std::span<const FunctionDef> bitmap_functions() { return rows; }

}  // namespace pyrite
