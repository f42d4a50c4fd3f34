// Theta sketches of Apache DataSketches: distinct values with union, intersection and difference.
#include <theta_a_not_b.hpp>
#include <theta_intersection.hpp>
#include <theta_sketch.hpp>
#include <theta_union.hpp>

#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/sketch_arguments.h"
#include "functions/sketch_entries.h"

namespace pyrite {
namespace {

using datasketches::compact_theta_sketch;
using datasketches::theta_intersection;
using datasketches::theta_union;
using datasketches::update_theta_sketch;

compact_theta_sketch read_sketch(const CallInfo& call, std::string_view bytes) {
  return read_theta_sketch(call, bytes);
}

std::string write_sketch(const compact_theta_sketch& sketch) {
  auto bytes = sketch.serialize_compressed();
  // As in Java, an empty sketch names no hash seed and a single item is marked.
  constexpr uint8_t single_item = 0x20;
  if (sketch.is_empty()) {
    bytes[6] = bytes[7] = 0;
  } else if (constexpr uint8_t plain = 3; bytes[0] == 1 && bytes[1] == plain) {
    bytes[5] |= single_item;
  }
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

uint8_t entries_of(const CallInfo& call, size_t index) {
  int64_t entries = default_entries;
  if (index < call.constants.size()) {
    entries = integer_argument(call, index, 0);
  }
  check_entries(call, entries);
  return static_cast<uint8_t>(entries);
}

void check_constant_entries(const CallInfo& call, size_t index) {
  require_argument(call, index, {Type::integer()});
  if (index < call.constants.size() && !call.constants[index]) {
    throw SparkError("THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT", {{"function", quoted_function(call)}});
  }
}

void check_sketch(const CallInfo& call) {
  require_argument(call, 0,
                   {Type::array(Type::integer()), Type::array(Type::long_int()), Type::binary(), Type::float64(),
                    Type::float32(), Type::integer(), Type::long_int(), Type::string()});
  check_constant_entries(call, 1);
}

struct ThetaSketch : AggregateState {
  explicit ThetaSketch(const CallInfo& call)
      : entries(entries_of(call, 1)), sketch(AnySize<update_theta_sketch::builder>().size(entries).build()) {}
  uint8_t entries;
  update_theta_sketch sketch;
  /// What other threads have seen.
  std::optional<compact_theta_sketch> others;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      return;
    }
    with_hashed_value(arguments[0], row, [this](const auto& value) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>) {
        sketch.update(value.data(), value.size());
      } else {
        sketch.update(value);
      }
    });
  }
  compact_theta_sketch whole() const {
    if (!others) {
      update_theta_sketch copy = sketch;
      copy.trim();
      return copy.compact();
    }
    auto both = AnySize<theta_union::builder>().size(entries).build();
    both.update(sketch);
    both.update(*others);
    return both.get_result();
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const compact_theta_sketch from = static_cast<const ThetaSketch&>(other).whole();
    if (!others) {
      others = from;
      return;
    }
    auto both = AnySize<theta_union::builder>().size(entries).build();
    both.update(*others);
    both.update(from);
    others = both.get_result();
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    out.set_text(row, write_sketch(whole()));
  }
};

void check_union_aggregate(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  check_constant_entries(call, 1);
}

struct ThetaUnion : AggregateState {
  explicit ThetaUnion(const CallInfo& call) : both(AnySize<theta_union::builder>().size(entries_of(call, 1)).build()) {}
  theta_union both;

  void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].type.is(TypeKind::null) && !arguments[0].is_null(row)) {
      both.update(read_sketch(context.call, arguments[0].text(row)));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    both.update(static_cast<const ThetaUnion&>(other).both.get_result());
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    out.set_text(row, write_sketch(both.get_result()));
  }
};

void check_sketches(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  require_argument(call, 1, {Type::binary()});
  require_argument(call, 2, {Type::integer()});
}

struct ThetaIntersection : AggregateState {
  explicit ThetaIntersection(const CallInfo&) {}
  theta_intersection common;

  void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].type.is(TypeKind::null) && !arguments[0].is_null(row)) {
      common.update(read_sketch(context.call, arguments[0].text(row)));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    if (const auto& from = static_cast<const ThetaIntersection&>(other); from.common.has_result()) {
      common.update(from.common.get_result());
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    if (!common.has_result()) {
      throw SparkError::plain(ErrorKind::spark, "the intersection of no sketches at all has no finite result");
    }
    out.set_text(row, write_sketch(common.get_result()));
  }
};

int64_t estimate(const KernelContext& context, std::string_view bytes) {
  return static_cast<int64_t>(std::floor(read_sketch(context.call, bytes).get_estimate() + 0.5));
}

std::string union_of_two(const KernelContext& context, std::string_view left, std::string_view right,
                         Given<int32_t> entries) {
  check_entries(context.call, entries.value_or(default_entries));
  auto both = AnySize<theta_union::builder>().size(static_cast<uint8_t>(entries.value_or(default_entries))).build();
  both.update(read_sketch(context.call, left));
  both.update(read_sketch(context.call, right));
  return write_sketch(both.get_result());
}

std::string intersection_of_two(const KernelContext& context, std::string_view left, std::string_view right) {
  theta_intersection common;
  common.update(read_sketch(context.call, left));
  common.update(read_sketch(context.call, right));
  return write_sketch(common.get_result());
}

std::string difference_of_two(const KernelContext& context, std::string_view left, std::string_view right) {
  const compact_theta_sketch first = read_sketch(context.call, left);
  return write_sketch(datasketches::theta_a_not_b().compute(first, read_sketch(context.call, right)));
}

constexpr FunctionDef rows[] = {
    {.name = "theta_sketch_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_sketch,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_defaults<2, "12">,
     .lower = lowering::OwnAggregate{aggregate_kernel<ThetaSketch>},
     .errors = {"SKETCH_INVALID_LG_NOM_ENTRIES", "THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT"},
     .doc = "A theta sketch of the values of a group."},
    {.name = "theta_union_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_union_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_defaults<2, "12">,
     .lower = lowering::OwnAggregate{aggregate_kernel<ThetaUnion>},
     .errors = {"THETA_INVALID_INPUT_SKETCH_BUFFER", "SKETCH_INVALID_LG_NOM_ENTRIES"},
     .doc = "The union of many theta sketches."},
    {.name = "theta_intersection_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> binary"},
     .check = check_sketches,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<ThetaIntersection>},
     .errors = {"THETA_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What many theta sketches have in common."},
    {.name = "theta_union",
     .forms = {"(any, any, [any]) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .display = show_defaults<3, "12">,
     .lower = lowering::Own{kernel<union_of_two>},
     .errors = {"THETA_INVALID_INPUT_SKETCH_BUFFER", "SKETCH_INVALID_LG_NOM_ENTRIES"},
     .doc = "The union of two theta sketches."},
    {.name = "theta_intersection",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<intersection_of_two>},
     .errors = {"THETA_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What two theta sketches have in common."},
    {.name = "theta_difference",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<difference_of_two>},
     .errors = {"THETA_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What one theta sketch has beyond another."},
    {.name = "theta_sketch_estimate",
     .forms = {"(any) -> long"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<estimate>},
     .errors = {"THETA_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "How many distinct values a theta sketch has nearly seen."},
};

}  // namespace

std::span<const FunctionDef> sketch_theta_functions() { return rows; }

}  // namespace pyrite
