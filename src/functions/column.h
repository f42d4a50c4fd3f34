// Column views and writers: how kernels see batches of values, without any engine type.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "types/type.h"
#include "types/value.h"

namespace pyrite {

/// A string or binary value in a column: 12 bytes inline or a pointer (the engine's own layout).
union StringSlot {
  struct {
    uint32_t length;
    char prefix[4];
    const char* bytes;
  } pointer;
  struct {
    uint32_t length;
    char bytes[12];
  } inlined;
  std::string_view view() const { return {pointer.length <= 12 ? inlined.bytes : pointer.bytes, pointer.length}; }
};
static_assert(sizeof(StringSlot) == 16);

struct ListSlot {
  uint64_t offset;
  uint64_t length;
};

/// Bytes of a decimal in a column: 2, 4, 8 or 16, by precision.
inline int decimal_width(int precision) { return precision <= 4 ? 2 : precision <= 9 ? 4 : precision <= 18 ? 8 : 16; }

/// Read access to a batch of one type. In memory: boolean as one byte; byte to long as int8 to int64; date int32
/// (days); timestamps, time and day-time intervals int64 (µs); year-month intervals int32 (months); decimals as
/// integers of decimal_width bytes; calendar intervals as CalendarInterval; string and binary as StringSlot; array and
/// map as ListSlot; structure and variant only children.
struct ColumnView {
  Type type;
  const void* data = nullptr;
  const uint32_t* selection = nullptr;  ///< row → position; nullptr: the row itself
  const uint64_t* validity = nullptr;   ///< bit by position; nullptr: no NULL
  size_t size = 0;                      ///< rows
  bool constant = false;                ///< every row is the same
  /// array: {elements}; map: {keys, values}; structure: fields; indexed by position (not through `selection`).
  std::vector<ColumnView> children;

  size_t position(size_t row) const { return selection ? selection[row] : row; }
  bool is_null(size_t row) const {
    if (!validity) {
      return false;
    }
    const size_t at = position(row);
    return !((validity[at >> 6] >> (at & 63)) & 1);
  }
  /// The value at a position. Vectors of the engine align 16-byte integers to 8 bytes only: no plain access.
  template <class T>
  T load(size_t position) const {
    T value;
    std::memcpy(&value, static_cast<const char*>(data) + position * sizeof(T), sizeof(T));
    return value;
  }
  template <class T>
  T get(size_t row) const {
    return load<T>(position(row));
  }
  std::string_view text(size_t row) const { return static_cast<const StringSlot*>(data)[position(row)].view(); }
  ListSlot list(size_t row) const { return static_cast<const ListSlot*>(data)[position(row)]; }
  /// Unscaled decimal of any width.
  Int128 decimal(size_t row) const;
};

/// Write access to a result batch. Rows are 0 … size-1; every row must be written or set NULL.
class ColumnWriter {
 public:
  virtual ~ColumnWriter() = default;

  virtual const Type& type() const = 0;
  /// Fixed-width values, writable; nullptr for strings and nested types. May move after start_list on a child.
  virtual void* data() = 0;
  virtual void set_null(size_t row) = 0;
  /// string and binary: copies the bytes.
  virtual void set_text(size_t row, std::string_view bytes) = 0;
  /// array and map: makes the row a list of `length` and returns the row in child() where its values start.
  virtual size_t start_list(size_t row, size_t length) = 0;
  /// array: 0 elements; map: 0 keys, 1 values; structure: fields.
  virtual ColumnWriter& child(size_t index) = 0;
  /// Copies a row of a column of the same physical type, NULL and children included.
  virtual void copy(size_t row, const ColumnView& source, size_t source_row) = 0;

  template <class T>
  void set(size_t row, T value) {
    static_cast<T*>(data())[row] = value;
  }
  /// Unscaled decimal into the width of type().
  void set_decimal(size_t row, Int128 unscaled);
};

/// One row as a Value, and back. Slow but general.
Value read_value(const ColumnView& column, size_t row);
void write_value(ColumnWriter& out, size_t row, const Value& value);

/// Spark's order of two non-NULL rows: NaN greatest, -0.0 = 0.0, nested values element by element with NULL first.
int compare_rows(const ColumnView& left, size_t left_row, const ColumnView& right, size_t right_row);
/// Equality in which NULL equals NULL.
bool same_rows(const ColumnView& left, size_t left_row, const ColumnView& right, size_t right_row);
/// A hash that agrees with same_rows.
uint64_t hash_row(const ColumnView& column, size_t row);
/// Spark's order of two non-NULL values of a type.
int compare_values(const Value& left, const Value& right, const Type& type);

}  // namespace pyrite
