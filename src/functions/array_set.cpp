// Array functions that treat arrays as sets: distinct, union, intersection, difference, overlap.
#include <unordered_set>

#include "base/error.h"
#include "functions/array_concat.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/row_key.h"

namespace pyrite {
namespace {

using lowering::Own;
using Arguments = std::span<const ColumnView>;

/// The elements met so far in one row. Few are compared one by one, many go through a hash table.
class Seen {
 public:
  void clear() {
    elements_.clear();
    keys_.clear();
    hashed_ = false;
  }
  /// Adds an element; false when an equal one is there already. NULL equals NULL.
  bool add(const ColumnView& column, size_t position) {
    if (!hashed_ && elements_.size() < 16) {
      if (find(column, position)) {
        return false;
      }
      elements_.push_back({&column, position});
      return true;
    }
    if (!hashed_) {
      hashed_ = true;
      for (const Element& element : elements_) {
        keys_.insert(key_of(*element.column, element.position));
      }
    }
    return keys_.insert(key_of(column, position)).second;
  }
  bool contains(const ColumnView& column, size_t position) {
    return hashed_ ? keys_.contains(key_of(column, position)) : find(column, position);
  }

 private:
  struct Element {
    const ColumnView* column;
    size_t position;
  };
  bool find(const ColumnView& column, size_t position) const {
    for (const Element& element : elements_) {
      if (same_rows(*element.column, element.position, column, position)) {
        return true;
      }
    }
    return false;
  }
  const std::string& key_of(const ColumnView& column, size_t position) {
    key_.clear();
    append_row_key(key_, column, position);
    return key_;
  }
  std::vector<Element> elements_;
  std::unordered_set<std::string, KeyHash, std::equal_to<>> keys_;
  std::string key_;
  bool hashed_ = false;
};

struct Pick {
  const ColumnView* column;
  size_t position;
};

void write_picks(ColumnWriter& out, size_t row, const std::vector<Pick>& picks) {
  size_t at = out.start_list(row, picks.size());
  for (const Pick& pick : picks) {
    out.child(0).copy(at++, *pick.column, pick.position);
  }
}

bool null_row(Arguments arguments, size_t row) {
  for (const ColumnView& argument : arguments) {
    if (argument.type.is(TypeKind::null) || argument.is_null(row)) {
      return true;
    }
  }
  return false;
}

/// array_distinct and array_union: each element of all arrays once.
void run_union(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  Seen seen;
  std::vector<Pick> picks;
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    seen.clear();
    picks.clear();
    for (const ColumnView& argument : arguments) {
      const ListSlot slot = argument.list(row);
      for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
        if (seen.add(argument.children[0], i)) {
          picks.push_back({&argument.children[0], i});
        }
      }
    }
    check_array_length(static_cast<int64_t>(picks.size()), context.call.name);
    write_picks(out, row, picks);
  }
}

/// array_intersect (keep_common) and array_except: distinct elements of the first array that are in the second, or not.
template <bool keep_common>
void run_filter(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  Seen other;
  Seen seen;
  std::vector<Pick> picks;
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    other.clear();
    seen.clear();
    picks.clear();
    const ListSlot second = arguments[1].list(row);
    for (uint64_t i = second.offset; i < second.offset + second.length; ++i) {
      other.add(arguments[1].children[0], i);
    }
    const ColumnView& elements = arguments[0].children[0];
    const ListSlot first = arguments[0].list(row);
    for (uint64_t i = first.offset; i < first.offset + first.length; ++i) {
      if (other.contains(elements, i) == keep_common && seen.add(elements, i)) {
        picks.push_back({&elements, i});
      }
    }
    write_picks(out, row, picks);
  }
}

/// True for a common element; else NULL when both arrays have elements and one of them holds NULL.
void run_overlap(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  Seen seen;
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    seen.clear();
    bool saw_null = false;
    bool found = false;
    const ListSlot first = arguments[0].list(row);
    const ListSlot second = arguments[1].list(row);
    for (uint64_t i = first.offset; i < first.offset + first.length; ++i) {
      arguments[0].children[0].is_null(i) ? void(saw_null = true) : void(seen.add(arguments[0].children[0], i));
    }
    for (uint64_t i = second.offset; i < second.offset + second.length && !found; ++i) {
      const bool null = arguments[1].children[0].is_null(i);
      saw_null = saw_null || null;
      found = !null && seen.contains(arguments[1].children[0], i);
    }
    !found&& saw_null&& first.length > 0 && second.length > 0 ? out.set_null(row) : out.set(row, found);
  }
}

Type first_type(const CallInfo& call) { return call.argument_types[0]; }

Type intersection(const CallInfo& call) {
  const Type& left = call.argument_types[0];
  return Type::array(left.element(), left.contains_null() && call.argument_types[1].contains_null());
}

Type difference(const CallInfo& call) { return call.argument_types[0]; }

constexpr FunctionDef rows[] = {
    {.name = "array_distinct",
     .forms = {"(array<any>) -> rule"},
     .result = first_type,
     .lower = Own{{run_union}},
     .doc = "The elements of an array, each kept where it first stands.",
     .examples = {"array_distinct(array(1, 2, 3, null, 3)) = [1,2,3,null]"}},
    {.name = "array_union",
     .forms = {"(array<T>, array<T>) -> array<T>"},
     .lower = Own{{run_union}},
     .doc = "The elements of two arrays without repetition.",
     .examples = {"array_union(array(1, 2, 3), array(1, 3, 5)) = [1,2,3,5]"}},
    {.name = "array_intersect",
     .forms = {"(array<T>, array<T>) -> rule"},
     .result = intersection,
     .lower = Own{{run_filter<true>}},
     .doc = "The elements of one array that another one has too, without repetition.",
     .examples = {"array_intersect(array(1, 2, 3), array(1, 3, 5)) = [1,3]"}},
    {.name = "array_except",
     .forms = {"(array<T>, array<T>) -> rule"},
     .result = difference,
     .lower = Own{{run_filter<false>}},
     .doc = "The elements of one array that another one lacks, without repetition.",
     .examples = {"array_except(array(1, 2, 3), array(1, 3, 5)) = [2]"}},
    {.name = "arrays_overlap",
     .forms = {"(array<T>, array<T>) -> boolean"},
     .nullability = Nullability::always,
     .lower = Own{{run_overlap}},
     .doc = "Whether two arrays share an element that is not NULL.",
     .examples = {"arrays_overlap(array(1, 2, 3), array(3, 4, 5)) = true"}},
};

}  // namespace

std::span<const FunctionDef> array_set_functions() { return rows; }

}  // namespace pyrite
