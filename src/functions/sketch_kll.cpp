// KLL sketches of Apache DataSketches: quantiles and ranks of numbers.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <kll_sketch.hpp>

#include "functions/families.h"
#include "functions/java_format.h"
#include "functions/kernel.h"
#include "functions/sketch_arguments.h"

namespace pyrite {
namespace {

using datasketches::kll_sketch;

constexpr int64_t default_size = 200;
constexpr int64_t smallest_size = 8;
constexpr int64_t largest_size = 65535;

/// What the bytes of a sketch say about themselves before the items.
struct Preamble {
  enum Flag : uint8_t { empty = 1, level_zero_sorted = 2, single_item = 4 };
  uint8_t flags = 0;
  uint16_t k = 0;
  uint8_t m = 0;
  uint64_t n = 0;
  uint16_t min_k = 0;
  uint32_t levels = 1;
  uint32_t capacity = 0;
  uint32_t retained = 0;
  size_t bytes = 8;  ///< of the whole sketch, in its compact form

  bool has(Flag flag) const { return flags & flag; }
};

template <class T>
T take(std::string_view bytes, size_t at) {
  T value;
  if (at + sizeof(T) > bytes.size()) {
    throw std::out_of_range("the bytes end within the preamble");
  }
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

/// Throws some std::exception when the bytes are no sketch of items of this size.
Preamble read_preamble(std::string_view bytes, size_t item_size) {
  constexpr uint8_t family = 15;
  constexpr uint32_t most_levels = 61;
  Preamble preamble;
  preamble.flags = take<uint8_t>(bytes, 3);
  preamble.k = take<uint16_t>(bytes, 4);
  preamble.m = take<uint8_t>(bytes, 6);
  preamble.min_k = preamble.k;
  take<uint8_t>(bytes, 7);
  if (take<uint8_t>(bytes, 2) != family || preamble.k < smallest_size || preamble.m < 2 || preamble.m > 8) {
    throw std::invalid_argument("no KLL sketch");
  }
  if (!preamble.has(Preamble::empty) && !preamble.has(Preamble::single_item)) {
    preamble.n = take<uint64_t>(bytes, 8);
    preamble.min_k = take<uint16_t>(bytes, 16);
    preamble.levels = take<uint8_t>(bytes, 18);
  }
  if (preamble.levels == 0 || preamble.levels > most_levels) {
    throw std::invalid_argument("too many levels");
  }
  preamble.capacity =
      datasketches::kll_helper::compute_total_capacity(preamble.k, preamble.m, static_cast<uint8_t>(preamble.levels));
  if (preamble.has(Preamble::empty)) {
    return preamble;
  }
  if (preamble.has(Preamble::single_item)) {
    preamble.n = 1;
    preamble.retained = 1;
    preamble.bytes = 8 + item_size;
  } else {
    uint32_t start = 0;
    for (uint32_t level = 0; level < preamble.levels; ++level) {
      const auto next = take<uint32_t>(bytes, 20 + 4 * level);
      if (next < start || next > preamble.capacity) {
        throw std::invalid_argument("levels out of order");
      }
      preamble.retained = level == 0 ? preamble.capacity - next : preamble.retained;
      start = next;
    }
    preamble.bytes = 20 + 4 * preamble.levels + item_size * (preamble.retained + 2);
  }
  if (preamble.bytes > bytes.size()) {
    throw std::out_of_range("the bytes end within the items");
  }
  return preamble;
}

[[noreturn]] void throw_invalid(const CallInfo& call) {
  throw SparkError("KLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", quoted_function(call)}});
}

template <class T>
kll_sketch<T> read_sketch(const CallInfo& call, std::string_view bytes) {
  try {
    return kll_sketch<T>::deserialize(bytes.data(), read_preamble(bytes, sizeof(T)).bytes);
  } catch (const std::exception&) {
    throw_invalid(call);
  }
}

template <class T>
std::string write_sketch(const kll_sketch<T>& sketch) {
  const auto bytes = sketch.serialize();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void check_size(const CallInfo& call) {
  require_argument(call, 1, {Type::integer()});
  if (call.constants.size() < 2) {
    return;
  }
  const int64_t size = constant_argument(call, 1, "k").integer();
  if (size < smallest_size || size > largest_size) {
    throw_type_check(SparkError("KLL_SKETCH_K_OUT_OF_RANGE", {{"functionName", quoted_function(call)},
                                                              {"minKValue", std::to_string(smallest_size)},
                                                              {"maxKValue", std::to_string(largest_size)},
                                                              {"kValue", std::to_string(size)}}));
  }
}

template <class T>
void check_aggregate(const CallInfo& call) {
  if constexpr (std::is_same_v<T, int64_t>) {
    require_argument(call, 0, {Type::byte(), Type::integer(), Type::long_int(), Type::short_int()});
  } else if constexpr (std::is_same_v<T, float>) {
    require_argument(call, 0, {Type::float32()});
  } else {
    require_argument(call, 0, {Type::float32(), Type::float64()});
  }
  check_size(call);
}

template <class T>
T read_number(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::byte:
      return static_cast<T>(column.get<int8_t>(row));
    case TypeKind::short_int:
      return static_cast<T>(column.get<int16_t>(row));
    case TypeKind::integer:
      return static_cast<T>(column.get<int32_t>(row));
    case TypeKind::long_int:
      return static_cast<T>(column.get<int64_t>(row));
    case TypeKind::float32:
      return static_cast<T>(column.get<float>(row));
    case TypeKind::float64:
      return static_cast<T>(column.get<double>(row));
    default:
      throw_internal("no KLL sketch of " + simple_string(column.type));
  }
}

template <class T>
struct KllSketch : AggregateState {
  explicit KllSketch(const CallInfo& call) : sketch(static_cast<uint16_t>(integer_argument(call, 1, default_size))) {}
  kll_sketch<T> sketch;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].type.is(TypeKind::null) && !arguments[0].is_null(row)) {
      sketch.update(read_number<T>(arguments[0], row));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    sketch.merge(static_cast<const KllSketch&>(other).sketch);
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    out.set_text(row, write_sketch(sketch));
  }
};

void check_merge_aggregate(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  check_size(call);
}

/// Without a size of its own it takes the first sketch's.
template <class T>
struct KllMerge : AggregateState {
  explicit KllMerge(const CallInfo& call) : size(integer_argument(call, 1, 0)) {}
  int64_t size;
  std::optional<kll_sketch<T>> sketch;

  void add(const kll_sketch<T>& other) {
    if (!sketch) {
      sketch.emplace(static_cast<uint16_t>(size > 0 ? size : other.get_k()));
    }
    sketch->merge(other);
  }
  void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].type.is(TypeKind::null) && !arguments[0].is_null(row)) {
      add(read_sketch<T>(context.call, arguments[0].text(row)));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    if (const auto& from = static_cast<const KllMerge&>(other); from.sketch) {
      add(*from.sketch);
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    out.set_text(row,
                 write_sketch(sketch ? *sketch : kll_sketch<T>(static_cast<uint16_t>(size > 0 ? size : default_size))));
  }
};

void check_sketches(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  require_argument(call, 1, {Type::binary()});
}

template <class T>
int64_t count_of(const KernelContext& context, std::string_view bytes) {
  return static_cast<int64_t>(read_sketch<T>(context.call, bytes).get_n());
}

template <class T>
std::string merge_two(const KernelContext& context, std::string_view left, std::string_view right) {
  kll_sketch<T> both = read_sketch<T>(context.call, left);
  both.merge(read_sketch<T>(context.call, right));
  return write_sketch(both);
}

/// Refuses a second argument that only the running query knows.
void check_known(const CallInfo& call, std::string_view name) {
  if (!call.constants[1]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`" + std::string(name) + "`"},
                      {"inputType", "\"" + sql_string(call.argument_types[1]) + "\""}});
  }
}

void check_quantile(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  check_known(call, "rank");
}

void check_rank(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  check_known(call, "quantile");
}

/// The second argument is one value or an array of them; f(sketch, value) answers each. T: of the sketch's items, A: of
/// the values asked about, R: of the answers.
template <class T, class A, class R, class F>
void answer_each(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out,
                 F f) {
  const bool many = arguments[1].type.is(TypeKind::array);
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const kll_sketch<T> sketch = read_sketch<T>(context.call, arguments[0].text(row));
    const auto answer = [&](A asked) -> R {
      try {
        return f(sketch, asked);
      } catch (const SparkError&) {
        throw;
      } catch (const std::exception&) {
        throw_invalid(context.call);
      }
    };
    if (!many) {
      out.set(row, answer(arguments[1].get<A>(row)));
      continue;
    }
    const ListSlot list = arguments[1].list(row);
    const ColumnView& asked = arguments[1].children[0];
    const size_t start = out.start_list(row, list.length);
    for (size_t i = 0; i < list.length; ++i) {
      const size_t at = list.offset + i;
      out.child(0).set(start + i, answer(asked.is_null(at) ? A{} : asked.get<A>(at)));
    }
  }
}

template <class T>
void run_quantile(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  answer_each<T, double, T>(context, arguments, rows, out, [&](const kll_sketch<T>& sketch, double rank) {
    if (!(rank >= 0 && rank <= 1)) {
      throw SparkError("KLL_SKETCH_INVALID_QUANTILE_RANGE", {{"functionName", quoted_function(context.call)}});
    }
    return sketch.get_quantile(rank);
  });
}

template <class T>
void run_rank(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  answer_each<T, T, double>(context, arguments, rows, out, [](const kll_sketch<T>& sketch, T quantile) {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(quantile)) {
        throw std::invalid_argument("NaN has no rank");
      }
    }
    return sketch.get_rank(quantile);
  });
}

template <class T>
Type many_or_one(const CallInfo& call, const Type& answer) {
  return call.argument_types[1].is(TypeKind::array) ? Type::array(answer, false) : answer;
}
Type rank_type(const CallInfo& call) { return many_or_one<double>(call, Type::float64()); }
template <class T>
Type quantile_type(const CallInfo& call) {
  return many_or_one<T>(call, std::is_same_v<T, int64_t> ? Type::long_int()
                              : std::is_same_v<T, float> ? Type::float32()
                                                         : Type::float64());
}

template <class T>
std::string item_text(T value) {
  if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else {
    return java_text(value);
  }
}

/// The summary that DataSketches for Java prints.
template <class T>
std::string describe(const KernelContext& context, std::string_view bytes) {
  const kll_sketch<T> sketch = read_sketch<T>(context.call, bytes);
  const Preamble preamble = read_preamble(bytes, sizeof(T));
  const auto percent = [&](bool mass) {
    char text[32];
    const double error = kll_sketch<T>::get_normalized_rank_error(preamble.min_k, mass);
    std::snprintf(text, sizeof(text), "%.3f%%", error * 100);
    return std::string(text);
  };
  const auto truth = [](bool value) { return std::string(value ? "true" : "false"); };
  constexpr std::string_view kind = std::is_same_v<T, int64_t> ? "Longs"
                                    : std::is_same_v<T, float> ? "Floats"
                                                               : "Doubles";
  std::string text = "\n### KllKll" + std::string(kind) + "Sketch Summary:\n";
  const auto line = [&](std::string_view name, const std::string& value) {
    text += "   " + std::string(name) + std::string(23 - name.size(), ' ') + ": " + value + "\n";
  };
  line("K", std::to_string(preamble.k));
  line("Dynamic min K", std::to_string(preamble.min_k));
  line("M", std::to_string(preamble.m));
  line("N", std::to_string(preamble.n));
  line("Epsilon", percent(false));
  line("Epsilon PMF", percent(true));
  line("Empty", truth(sketch.is_empty()));
  line("Estimation Mode", truth(sketch.is_estimation_mode()));
  line("Levels", std::to_string(preamble.levels));
  line("Level 0 Sorted", truth(preamble.has(Preamble::level_zero_sorted)));
  line("Capacity Items", std::to_string(preamble.capacity));
  line("Retained Items", std::to_string(preamble.retained));
  line("Free Space", std::to_string(preamble.capacity - preamble.retained));
  line("ReadOnly", "false");
  line("Updatable Storage Bytes", std::to_string(20 + 4 * (preamble.levels + 1) + sizeof(T) * (preamble.capacity + 2)));
  line("Compact Storage Bytes", std::to_string(preamble.bytes));
  line("Min Item", sketch.is_empty() ? "NaN" : item_text(sketch.get_min_item()));
  line("Max Item", sketch.is_empty() ? "NaN" : item_text(sketch.get_max_item()));
  return text + "### End sketch summary\n";
}

constexpr FunctionDef rows[] = {
    {.name = "kll_sketch_agg_bigint",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_aggregate<int64_t>,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<KllSketch<int64_t>>},
     .errors = {"KLL_SKETCH_K_OUT_OF_RANGE"},
     .doc = "A KLL quantile sketch of bigint values."},
    {.name = "kll_merge_agg_bigint",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_merge_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<KllMerge<int64_t>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER", "KLL_SKETCH_K_OUT_OF_RANGE"},
     .doc = "One KLL sketch of bigint values out of many."},
    {.name = "kll_sketch_get_n_bigint",
     .forms = {"(any) -> long"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<count_of<int64_t>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "How many bigint values a KLL sketch has seen."},
    {.name = "kll_sketch_get_quantile_bigint",
     .forms = {"(any, double|array<double>) -> rule"},
     .result = quantile_type<int64_t>,
     .check = check_quantile,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_quantile<int64_t>, nullptr}},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER", "KLL_SKETCH_INVALID_QUANTILE_RANGE"},
     .doc = "The bigint value at a rank of a KLL sketch."},
    {.name = "kll_sketch_get_rank_bigint",
     .forms = {"(any, long|array<long>) -> rule"},
     .result = rank_type,
     .check = check_rank,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_rank<int64_t>, nullptr}},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The rank of a bigint value in a KLL sketch."},
    {.name = "kll_sketch_merge_bigint",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<merge_two<int64_t>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "Two KLL sketches of bigint values in one."},
    {.name = "kll_sketch_to_string_bigint",
     .forms = {"(any) -> string"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<describe<int64_t>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "A KLL sketch of bigint values described as text."},
    {.name = "kll_sketch_agg_double",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_aggregate<double>,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<KllSketch<double>>},
     .errors = {"KLL_SKETCH_K_OUT_OF_RANGE"},
     .doc = "A KLL quantile sketch of double values."},
    {.name = "kll_merge_agg_double",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_merge_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<KllMerge<double>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER", "KLL_SKETCH_K_OUT_OF_RANGE"},
     .doc = "One KLL sketch of double values out of many."},
    {.name = "kll_sketch_get_n_double",
     .forms = {"(any) -> long"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<count_of<double>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "How many double values a KLL sketch has seen."},
    {.name = "kll_sketch_get_quantile_double",
     .forms = {"(any, double|array<double>) -> rule"},
     .result = quantile_type<double>,
     .check = check_quantile,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_quantile<double>, nullptr}},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER", "KLL_SKETCH_INVALID_QUANTILE_RANGE"},
     .doc = "The double value at a rank of a KLL sketch."},
    {.name = "kll_sketch_get_rank_double",
     .forms = {"(any, double|array<double>) -> rule"},
     .result = rank_type,
     .check = check_rank,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_rank<double>, nullptr}},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The rank of a double value in a KLL sketch."},
    {.name = "kll_sketch_merge_double",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<merge_two<double>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "Two KLL sketches of double values in one."},
    {.name = "kll_sketch_to_string_double",
     .forms = {"(any) -> string"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<describe<double>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "A KLL sketch of double values described as text."},
    {.name = "kll_sketch_agg_float",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_aggregate<float>,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<KllSketch<float>>},
     .errors = {"KLL_SKETCH_K_OUT_OF_RANGE"},
     .doc = "A KLL quantile sketch of float values."},
    {.name = "kll_merge_agg_float",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [any]) -> binary"},
     .check = check_merge_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<KllMerge<float>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER", "KLL_SKETCH_K_OUT_OF_RANGE"},
     .doc = "One KLL sketch of float values out of many."},
    {.name = "kll_sketch_get_n_float",
     .forms = {"(any) -> long"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<count_of<float>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "How many float values a KLL sketch has seen."},
    {.name = "kll_sketch_get_quantile_float",
     .forms = {"(any, double|array<double>) -> rule"},
     .result = quantile_type<float>,
     .check = check_quantile,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_quantile<float>, nullptr}},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER", "KLL_SKETCH_INVALID_QUANTILE_RANGE"},
     .doc = "The float value at a rank of a KLL sketch."},
    {.name = "kll_sketch_get_rank_float",
     .forms = {"(any, float|array<float>) -> rule"},
     .result = rank_type,
     .check = check_rank,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_rank<float>, nullptr}},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The rank of a float value in a KLL sketch."},
    {.name = "kll_sketch_merge_float",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<merge_two<float>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "Two KLL sketches of float values in one."},
    {.name = "kll_sketch_to_string_float",
     .forms = {"(any) -> string"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<describe<float>>},
     .errors = {"KLL_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "A KLL sketch of float values described as text."},
};

}  // namespace

std::span<const FunctionDef> sketch_kll_functions() { return rows; }

}  // namespace pyrite
