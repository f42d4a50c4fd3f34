// Frequent items of a column in one pass: the aggregate behind df.stat.freqItems.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/row_key.h"

namespace pyrite {
namespace {

/// Karp, Shenker and Papadimitriou's counters, evicted as Spark does; NULL is an item like any other.
struct FrequentItems : AggregateState {
  explicit FrequentItems(const CallInfo& call) : limit(static_cast<size_t>(call.constants[1]->integer())) {}
  struct Item {
    Value value;
    int64_t count = 0;
  };
  using Items = std::unordered_map<std::string, Item, KeyHash, std::equal_to<>>;
  size_t limit;
  Items items;
  uint64_t unequal = 0;
  std::string key;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    const ColumnView& column = arguments[0];
    const bool null = column.type.is(TypeKind::null) || column.is_null(row);
    const auto read = [&] { return null ? Value() : read_value(column, row); };
    if (!null && equals_nothing(column, row)) {
      return add(fresh_key(), read, 1);
    }
    key.clear();
    append_row_key(key, column, row);
    add(key, read, 1);
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    for (const auto& [other_key, item] : static_cast<const FrequentItems&>(other).items) {
      add(
          other_key.empty() || other_key[0] != fresh_mark ? other_key : fresh_key(), [&] { return item.value; },
          item.count);
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    size_t at = out.start_list(row, items.size());
    for (const auto& [item_key, item] : items) {
      write_value(out.child(0), at++, item.value);
    }
  }

 private:
  static constexpr char fresh_mark = '\2';  ///< never the first byte of a row's key

  /// NaN, binaries and maps are never found again, since Spark compares them by reference.
  static bool equals_nothing(const ColumnView& column, size_t row) {
    switch (column.type.kind()) {
      case TypeKind::binary:
      case TypeKind::map:
        return true;
      case TypeKind::float32:
        return std::isnan(column.get<float>(row));
      case TypeKind::float64:
        return std::isnan(column.get<double>(row));
      default:
        return false;
    }
  }
  std::string fresh_key() { return fresh_mark + std::to_string(unequal++); }

  template <class Read>
  void add(const std::string& item_key, Read read, int64_t count) {
    if (const auto found = items.find(item_key); found != items.end()) {
      found->second.count += count;
      return;
    }
    if (items.size() < limit) {
      items.emplace(item_key, Item{read(), count});
      return;
    }
    int64_t least = items.begin()->second.count;
    for (const auto& [each, item] : items) {
      least = std::min(least, item.count);
    }
    const int64_t taken = std::min(least, count);
    if (count >= least) {
      items.emplace(item_key, Item{read(), count});
      std::erase_if(items, [&](const auto& entry) { return entry.second.count <= least; });
    }
    for (auto& [each, item] : items) {
      item.count -= taken;
    }
  }
};

Type items_type(const CallInfo& call) { return Type::array(call.argument_types[0], call.argument_nullable[0]); }

constexpr FunctionDef rows[] = {
    {.name = "collect_frequent_items",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, int) -> rule"},
     .result = items_type,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<FrequentItems>},
     .doc = "Every value that may make up more than one part in n of a group; internal."},
};

}  // namespace

std::span<const FunctionDef> aggregate_frequent_functions() { return rows; }

}  // namespace pyrite
