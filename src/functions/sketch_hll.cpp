// HyperLogLog sketches of Apache DataSketches: how many distinct values there nearly are.
#include <algorithm>
#include <cmath>
#include <hll.hpp>

#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/sketch_arguments.h"

namespace pyrite {
namespace {

using datasketches::hll_sketch;
using datasketches::hll_union;

constexpr int64_t default_precision = 12;
constexpr int64_t smallest_precision = 4;
constexpr int64_t largest_precision = 21;

hll_sketch read_sketch(const CallInfo& call, std::string_view bytes) {
  try {
    return hll_sketch::deserialize(bytes.data(), bytes.size());
  } catch (const std::exception&) {
    throw SparkError("HLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", quoted_function(call)}});
  }
}

std::string write_sketch(const hll_sketch& sketch) {
  const auto bytes = sketch.serialize_updatable();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void require_same_precision(const CallInfo& call, const hll_sketch& left, const hll_sketch& right) {
  if (left.get_lg_config_k() != right.get_lg_config_k()) {
    throw SparkError("HLL_UNION_DIFFERENT_LG_K", {{"left", std::to_string(left.get_lg_config_k())},
                                                  {"right", std::to_string(right.get_lg_config_k())},
                                                  {"function", quoted_function(call)}});
  }
}

uint8_t precision_of(const CallInfo& call) {
  int64_t precision = default_precision;
  if (call.constants.size() > 1) {
    precision = integer_argument(call, 1, 0);
  }
  if (precision < smallest_precision || precision > largest_precision) {
    throw SparkError("HLL_INVALID_LG_K", {{"function", quoted_function(call)},
                                          {"min", std::to_string(smallest_precision)},
                                          {"max", std::to_string(largest_precision)},
                                          {"value", std::to_string(precision)}});
  }
  return static_cast<uint8_t>(precision);
}

void check_sketch(const CallInfo& call) {
  require_argument(call, 0, {Type::integer(), Type::long_int(), Type::string(), Type::binary()});
  require_argument(call, 1, {Type::integer()});
  if (call.constants.size() > 1 && !call.constants[1]) {
    throw SparkError("HLL_K_MUST_BE_CONSTANT", {{"function", quoted_function(call)}});
  }
}

struct HllSketch : AggregateState {
  explicit HllSketch(const CallInfo& call) : sketch(precision_of(call), datasketches::HLL_4) {}
  hll_sketch sketch;

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
  void merge(const KernelContext&, const AggregateState& other) override {
    const auto& from = static_cast<const HllSketch&>(other);
    if (from.sketch.is_empty()) {
      return;
    }
    if (sketch.is_empty()) {
      sketch = from.sketch;
      return;
    }
    hll_union both(sketch.get_lg_config_k());
    both.update(sketch);
    both.update(from.sketch);
    sketch = both.get_result(datasketches::HLL_8);
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    // Spark joins the partitions' sketches, which leaves one of the widest kind.
    hll_union whole(sketch.get_lg_config_k());
    whole.update(sketch);
    out.set_text(row, write_sketch(whole.get_result(datasketches::HLL_8)));
  }
};

bool allows_different(const CallInfo& call, size_t index) {
  return index < call.constants.size() && call.constants[index] && !call.constants[index]->is_null() &&
         call.constants[index]->boolean();
}

void check_union_aggregate(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  require_argument(call, 1, {Type::boolean()});
}

struct HllUnion : AggregateState {
  explicit HllUnion(const CallInfo& call) : different(allows_different(call, 1)) {}
  bool different;
  std::optional<hll_sketch> sketch;

  void add(const CallInfo& call, const hll_sketch& other) {
    if (sketch && !different) {
      require_same_precision(call, *sketch, other);
    }
    hll_union both(std::min(other.get_lg_config_k(), sketch ? sketch->get_lg_config_k() : other.get_lg_config_k()));
    if (sketch) {
      both.update(*sketch);
    }
    both.update(other);
    sketch = both.get_result(datasketches::HLL_8);
  }
  void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].type.is(TypeKind::null) && !arguments[0].is_null(row)) {
      add(context.call, read_sketch(context.call, arguments[0].text(row)));
    }
  }
  void merge(const KernelContext& context, const AggregateState& other) override {
    if (const auto& from = static_cast<const HllUnion&>(other); from.sketch) {
      add(context.call, *from.sketch);
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    out.set_text(row, write_sketch(sketch ? *sketch : hll_union(default_precision).get_result(datasketches::HLL_8)));
  }
};

int64_t estimate(const KernelContext& context, std::string_view bytes) {
  return static_cast<int64_t>(std::floor(read_sketch(context.call, bytes).get_estimate() + 0.5));
}

std::string union_of_two(const KernelContext& context, std::string_view left, std::string_view right,
                         Given<bool> different) {
  const hll_sketch first = read_sketch(context.call, left);
  const hll_sketch second = read_sketch(context.call, right);
  if (!different.value_or(false)) {
    require_same_precision(context.call, first, second);
  }
  hll_union both(std::min(first.get_lg_config_k(), second.get_lg_config_k()));
  both.update(first);
  both.update(second);
  return write_sketch(both.get_result(datasketches::HLL_8));
}

void check_estimate(const CallInfo& call) { require_argument(call, 0, {Type::binary()}); }
void check_union(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  require_argument(call, 1, {Type::binary()});
  require_argument(call, 2, {Type::boolean()});
}

constexpr FunctionDef rows[] = {
    {.name = "hll_sketch_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_sketch,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_defaults<2, "12">,
     .lower = lowering::OwnAggregate{aggregate_kernel<HllSketch>},
     .errors = {"HLL_INVALID_LG_K", "HLL_K_MUST_BE_CONSTANT"},
     .doc = "A HyperLogLog sketch of the values of a group."},
    {.name = "hll_union_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_union_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_defaults<2, "false">,
     .lower = lowering::OwnAggregate{aggregate_kernel<HllUnion>},
     .errors = {"HLL_INVALID_INPUT_SKETCH_BUFFER", "HLL_UNION_DIFFERENT_LG_K"},
     .doc = "One HyperLogLog sketch out of many."},
    {.name = "hll_sketch_estimate",
     .forms = {"(any) -> long"},
     .check = check_estimate,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<estimate>},
     .errors = {"HLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "How many distinct values a HyperLogLog sketch has nearly seen."},
    {.name = "hll_union",
     .forms = {"(any, any, [any]) -> binary"},
     .check = check_union,
     .failure = Failure::possible,
     .display = show_defaults<3, "false">,
     .lower = lowering::Own{kernel<union_of_two>},
     .errors = {"HLL_INVALID_INPUT_SKETCH_BUFFER", "HLL_UNION_DIFFERENT_LG_K"},
     .doc = "Two HyperLogLog sketches in one."},
};

}  // namespace

std::span<const FunctionDef> sketch_hll_functions() { return rows; }

}  // namespace pyrite
