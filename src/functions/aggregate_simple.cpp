// Aggregates of one machine word: count, count_if, bit_and, bit_or, bit_xor, bool_and, bool_or.
#include "functions/aggregate_rows.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

bool counts_one(const CallInfo& call) { return call.argument_types.size() == 1; }

struct Count {
  int64_t count = 0;
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    for (size_t row = 0; row < rows; ++row) {
      bool complete = true;
      for (const ColumnView& argument : arguments) {
        complete = complete && !argument.is_null(row) && !argument.type.is(TypeKind::null);
      }
      at(row).count += complete;
    }
  }
  void merge(const KernelContext&, const Count& from) { count += from.count; }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const { out.set(row, count); }
};

struct CountIf {
  int64_t count = 0;
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    each_value<bool>(arguments[0], rows, at, [](CountIf& state, bool value) { state.count += value; });
  }
  void merge(const KernelContext&, const CountIf& from) { count += from.count; }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const { out.set(row, count); }
};

enum class Fold { bit_and, bit_or, bit_xor };

template <Fold fold>
struct Bits {
  int64_t bits = fold == Fold::bit_and ? -1 : 0;
  bool seen = false;

  void add(int64_t value) {
    seen = true;
    switch (fold) {
      case Fold::bit_and:
        bits &= value;
        break;
      case Fold::bit_or:
        bits |= value;
        break;
      case Fold::bit_xor:
        bits ^= value;
        break;
    }
  }
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    each_integer(arguments[0], rows, at, [](Bits& state, auto value) { state.add(static_cast<int64_t>(value)); });
  }
  void merge(const KernelContext&, const Bits& from) {
    if (from.seen) {
      add(from.bits);
    }
  }
  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const {
    if (!seen) {
      return out.set_null(row);
    }
    switch (context.call.result_type.kind()) {
      case TypeKind::byte:
        return out.set(row, static_cast<int8_t>(bits));
      case TypeKind::short_int:
        return out.set(row, static_cast<int16_t>(bits));
      case TypeKind::integer:
        return out.set(row, static_cast<int32_t>(bits));
      default:
        return out.set(row, bits);
    }
  }
};

template <bool all>
struct Truth {
  bool value = all;
  bool seen = false;
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    each_value<bool>(arguments[0], rows, at, [](Truth& state, bool value) {
      state.value = all ? (state.value && value) : (state.value || value);
      state.seen = true;
    });
  }
  void merge(const KernelContext&, const Truth& from) {
    value = all ? (value && from.value) : (value || from.value);
    seen = seen || from.seen;
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const {
    seen ? out.set(row, value) : out.set_null(row);
  }
};

Type same_as_argument(const CallInfo& call) { return call.argument_types[0]; }

constexpr FunctionDef rows[] = {
    {.name = "count",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, any...) -> long"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{flat_aggregate<Count>, "count", counts_one},
     .doc = "How many rows of a group have no NULL among the arguments; count(*) counts every row.",
     .examples = {"count(1) = 1"}},
    {.name = "count_if",
     .kind = FunctionKind::aggregate,
     .forms = {"(boolean) -> long"},
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{flat_aggregate<CountIf>},
     .doc = "How many rows of a group make the condition true.",
     .examples = {"count_if(true) = 1"}},
    {.name = "bit_and",
     .kind = FunctionKind::aggregate,
     .forms = {"(integral) -> rule"},
     .result = same_as_argument,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<Bits<Fold::bit_and>>},
     .doc = "Bitwise AND of all values of a group.",
     .examples = {"bit_and(6) = 6"}},
    {.name = "bit_or",
     .kind = FunctionKind::aggregate,
     .forms = {"(integral) -> rule"},
     .result = same_as_argument,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<Bits<Fold::bit_or>>},
     .doc = "Bitwise OR of all values of a group.",
     .examples = {"bit_or(6) = 6"}},
    {.name = "bit_xor",
     .kind = FunctionKind::aggregate,
     .forms = {"(integral) -> rule"},
     .result = same_as_argument,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<Bits<Fold::bit_xor>>},
     .doc = "Bitwise exclusive OR of all values of a group.",
     .examples = {"bit_xor(6) = 6"}},
    {.name = "bool_and",
     .aliases = {{"every"}},
     .kind = FunctionKind::aggregate,
     .forms = {"(boolean) -> boolean"},
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<Truth<true>>},
     .doc = "True when no value of a group is false, NULL for a group without values.",
     .examples = {"bool_and(true) = true"}},
    {.name = "bool_or",
     .aliases = {{"some"}, {"any"}},
     .kind = FunctionKind::aggregate,
     .forms = {"(boolean) -> boolean"},
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<Truth<false>>},
     .doc = "True when some value of a group is true, NULL for a group without values.",
     .examples = {"bool_or(false) = false"}},
    {.name = "grouping",
     .forms = {"(any) -> byte"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::Special{SpecialForm::grouping},
     .doc = "1 where a column of GROUP BY is summed over in this row, else 0."},
    {.name = "grouping_id",
     .forms = {"(any...) -> long"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::Special{SpecialForm::grouping_id},
     .doc = "The bits of grouping() for all columns of GROUP BY, the first one highest."},
};

}  // namespace

std::span<const FunctionDef> aggregate_simple_functions() { return rows; }

}  // namespace pyrite
