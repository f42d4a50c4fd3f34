// Builds maps with Spark's rules for NULL and repeated keys.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "functions/column.h"
#include "functions/function_def.h"

namespace pyrite {

/// Collects the entries of one row's map as positions in columns, then writes them.
class MapBuilder {
 public:
  explicit MapBuilder(const KernelContext& context);
  void clear();
  /// Errors: NULL_MAP_KEY; DUPLICATED_MAP_KEY unless spark.sql.mapKeyDedupPolicy is LAST_WIN.
  void add(const ColumnView& keys, size_t key, const ColumnView& values, size_t value);
  void write(ColumnWriter& out, size_t row) const;

 private:
  struct Entry {
    const ColumnView* keys;
    size_t key;
    const ColumnView* values;
    size_t value;
  };
  bool last_wins_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t> places_;
  std::string key_;
};

/// A map key as messages show it.
std::string key_text(const ColumnView& keys, size_t row);

[[noreturn]] void throw_duplicate_key(std::string key);

/// Whether a repeated key replaces the value of the earlier one (spark.sql.mapKeyDedupPolicy=LAST_WIN).
bool last_key_wins(const KernelContext& context);

}  // namespace pyrite
