// Tuple sketches of Apache DataSketches: distinct keys, each with a number that sums up what came with it.
#include <algorithm>
#include <tuple_a_not_b.hpp>
#include <tuple_intersection.hpp>
#include <tuple_sketch.hpp>
#include <tuple_union.hpp>

#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/sketch_arguments.h"
#include "functions/sketch_entries.h"

namespace pyrite {
namespace {

using datasketches::compact_tuple_sketch;

/// How two numbers of one key become one; the values are those of the binary form.
enum class Mode : uint8_t { sum, min, max, always_one };
constexpr std::string_view mode_names[] = {"sum", "min", "max", "alwaysone"};

/// The number of a key, and the mode that it was made with.
template <class V>
struct Summary {
  V value;
  Mode mode;
};

template <class V>
V initial_value(Mode mode) {
  using Limits = std::numeric_limits<V>;
  switch (mode) {
    case Mode::sum:
      return 0;
    case Mode::min:
      return Limits::has_infinity ? Limits::infinity() : Limits::max();
    case Mode::max:
      return Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
    case Mode::always_one:
      return 1;
  }
  return 0;
}

template <class V>
V wrapping_sum(V left, V right) {
  if constexpr (std::is_integral_v<V>) {
    using Unsigned = std::make_unsigned_t<V>;
    return static_cast<V>(static_cast<Unsigned>(left) + static_cast<Unsigned>(right));
  } else {
    return left + right;
  }
}

template <class V>
V combine(Mode mode, V left, V right) {
  switch (mode) {
    case Mode::sum:
      return wrapping_sum(left, right);
    case Mode::min:
      return right < left ? right : left;
    case Mode::max:
      return right > left ? right : left;
    case Mode::always_one:
      return 1;
  }
  return left;
}

/// Adds values to summaries, and joins the summaries of set operations.
template <class V>
struct Policy {
  Mode mode = Mode::sum;
  Summary<V> create() const { return {initial_value<V>(mode), mode}; }
  void update(Summary<V>& summary, V value) const { summary.value = combine(mode, summary.value, value); }
  void operator()(Summary<V>& summary, const Summary<V>& other) const {
    summary = {combine(mode, summary.value, other.value), mode};
  }
};

/// A summary as bytes: the number, then the mode.
template <class V>
struct SummaryBytes {
  static constexpr size_t size = sizeof(V) + 1;
  size_t size_of_item(const Summary<V>&) const { return size; }
  size_t serialize(void* to, size_t capacity, const Summary<V>* items, unsigned count) const {
    check(capacity >= count * size, "no room for the summaries");
    char* at = static_cast<char*>(to);
    for (unsigned i = 0; i < count; ++i, at += size) {
      std::memcpy(at, &items[i].value, sizeof(V));
      at[sizeof(V)] = static_cast<char>(items[i].mode);
    }
    return count * size;
  }
  size_t deserialize(const void* from, size_t capacity, Summary<V>* items, unsigned count) const {
    const char* at = static_cast<const char*>(from);
    if (capacity < count * size) {
      throw std::out_of_range("the bytes end within a summary");
    }
    for (unsigned i = 0; i < count; ++i, at += size) {
      V value;
      std::memcpy(&value, at, sizeof(V));
      if (const uint8_t mode = static_cast<uint8_t>(at[sizeof(V)]); mode <= static_cast<uint8_t>(Mode::always_one)) {
        new (items + i) Summary<V>{value, static_cast<Mode>(mode)};
      } else {
        throw std::invalid_argument("unknown mode");
      }
    }
    return count * size;
  }
};

template <class V>
using Sketch = compact_tuple_sketch<Summary<V>>;

template <class V>
Sketch<V> read_sketch(const CallInfo& call, std::string_view bytes) {
  check_family(call, bytes, SketchFamily::tuple, "TUPLE_INVALID_INPUT_SKETCH_BUFFER_FAMILY");
  try {
    return Sketch<V>::deserialize(bytes.data(), bytes.size(), datasketches::DEFAULT_SEED, SummaryBytes<V>());
  } catch (const std::exception&) {
    throw SparkError("TUPLE_INVALID_INPUT_SKETCH_BUFFER", {{"function", quoted_function(call)}});
  }
}

/// A theta sketch with the summary of a key that nothing has been added to.
template <class V>
Sketch<V> read_theta(const CallInfo& call, std::string_view bytes, Mode mode) {
  return Sketch<V>(read_theta_sketch(call, bytes), Summary<V>{initial_value<V>(mode), mode}, false);
}

template <class V>
std::string write_sketch(const Sketch<V>& sketch) {
  auto bytes = sketch.serialize(0, SummaryBytes<V>());
  // Java marks no order in tuple sketches.
  constexpr uint8_t ordered = 0x10;
  bytes[5] &= static_cast<uint8_t>(~ordered);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<Mode> mode_named(std::string_view text) {
  std::string name(text);
  for (char& letter : name) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  }
  const auto* found = std::find(std::begin(mode_names), std::end(mode_names), name);
  return found == std::end(mode_names) ? std::nullopt
                                       : std::optional(static_cast<Mode>(found - std::begin(mode_names)));
}

bool has_argument(const CallInfo& call, size_t index) {
  return index < call.argument_types.size() && !call.argument_types[index].is(TypeKind::null);
}

Mode mode_of(const CallInfo& call, size_t index) {
  if (!has_argument(call, index) || !call.constants[index] || call.constants[index]->is_null()) {
    return Mode::sum;
  }
  return mode_named(call.constants[index]->text()).value_or(Mode::sum);
}

uint8_t entries_of(const CallInfo& call, size_t index) {
  return static_cast<uint8_t>(integer_argument(call, index, default_entries));
}

void check_constant_entries(const CallInfo& call, size_t index) {
  if (!has_argument(call, index)) {
    return;
  }
  const int64_t entries = constant_argument(call, index, "lgNomEntries").integer();
  try {
    check_entries(call, entries);
  } catch (const SparkError& error) {
    throw_type_check(error);
  }
}

void check_mode(const CallInfo& call, size_t index) {
  if (!has_argument(call, index)) {
    return;
  }
  const std::string& text = constant_argument(call, index, "mode").text();
  if (!mode_named(text)) {
    throw_type_check(
        SparkError("TUPLE_INVALID_SKETCH_MODE",
                   {{"function", quoted_function(call)}, {"mode", text}, {"validModes", "sum, min, max, alwaysone"}}));
  }
}

void check_aggregate(const CallInfo& call) {
  check_constant_entries(call, 2);
  check_mode(call, 3);
}

template <class V>
using TupleUnion = datasketches::tuple_union<Summary<V>, Policy<V>>;

template <class V>
TupleUnion<V> make_union(uint8_t entries, Mode mode) {
  return AnySize<typename TupleUnion<V>::builder>(Policy<V>{mode}).size(entries).build();
}

template <class V>
struct TupleSketch : AggregateState {
  using Growing = datasketches::update_tuple_sketch<Summary<V>, V, Policy<V>>;
  explicit TupleSketch(const CallInfo& call)
      : entries(entries_of(call, 2)),
        mode(mode_of(call, 3)),
        sketch(AnySize<typename Growing::builder>(Policy<V>{mode}).size(entries).build()) {}
  uint8_t entries;
  Mode mode;
  Growing sketch;
  /// What other threads have seen.
  std::optional<Sketch<V>> others;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      return;
    }
    const V value = arguments[1].get<V>(row);
    with_hashed_value(arguments[0], row, [&](const auto& key) {
      if constexpr (std::is_same_v<std::decay_t<decltype(key)>, std::string_view>) {
        sketch.update(key.data(), key.size(), value);
      } else {
        sketch.update(key, value);
      }
    });
  }
  Sketch<V> whole() const {
    if (!others) {
      Growing copy = sketch;
      copy.trim();
      return copy.compact(false);
    }
    TupleUnion<V> both = make_union<V>(entries, mode);
    both.update(sketch);
    both.update(*others);
    return both.get_result(false);
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const Sketch<V> from = static_cast<const TupleSketch&>(other).whole();
    if (!others) {
      others = from;
      return;
    }
    TupleUnion<V> both = make_union<V>(entries, mode);
    both.update(*others);
    both.update(from);
    others = both.get_result(false);
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    out.set_text(row, write_sketch<V>(whole()));
  }
};

void check_union_aggregate(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  check_constant_entries(call, 1);
  check_mode(call, 2);
}

template <class V>
struct UnionOfGroup : AggregateState {
  explicit UnionOfGroup(const CallInfo& call) : both(make_union<V>(entries_of(call, 1), mode_of(call, 2))) {}
  TupleUnion<V> both;

  void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].type.is(TypeKind::null) && !arguments[0].is_null(row)) {
      both.update(read_sketch<V>(context.call, arguments[0].text(row)));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    both.update(static_cast<const UnionOfGroup&>(other).both.get_result(false));
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    out.set_text(row, write_sketch<V>(both.get_result(false)));
  }
};

void check_intersection_aggregate(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  check_mode(call, 1);
}

template <class V>
using TupleIntersection = datasketches::tuple_intersection<Summary<V>, Policy<V>>;

template <class V>
struct IntersectionOfGroup : AggregateState {
  explicit IntersectionOfGroup(const CallInfo& call)
      : common(datasketches::DEFAULT_SEED, Policy<V>{mode_of(call, 1)}) {}
  TupleIntersection<V> common;

  void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t row) override {
    if (!arguments[0].type.is(TypeKind::null) && !arguments[0].is_null(row)) {
      common.update(read_sketch<V>(context.call, arguments[0].text(row)));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    if (const auto& from = static_cast<const IntersectionOfGroup&>(other); from.common.has_result()) {
      common.update(from.common.get_result(false));
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    if (!common.has_result()) {
      throw SparkError::plain(ErrorKind::spark, "the intersection of no sketches at all has no finite result");
    }
    out.set_text(row, write_sketch<V>(common.get_result(false)));
  }
};

void check_union(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  require_argument(call, 1, {Type::binary()});
  if (has_argument(call, 2)) {
    require_argument(call, 2, {Type::integer()});
  }
  if (has_argument(call, 3)) {
    require_argument(call, 3, {Type::string()});
  }
  check_constant_entries(call, 2);
  check_mode(call, 3);
}

void check_intersection(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  require_argument(call, 1, {Type::binary()});
  if (has_argument(call, 2)) {
    require_argument(call, 2, {Type::string()});
  }
  check_mode(call, 2);
}

void check_sketches(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  require_argument(call, 1, {Type::binary()});
}

void check_summary(const CallInfo& call) {
  require_argument(call, 0, {Type::binary()});
  if (has_argument(call, 1)) {
    require_argument(call, 1, {Type::string()});
  }
  check_mode(call, 1);
}

/// The kernels skip rows with NULL by their own hand: an argument left out stands as NULL.
bool any_null(std::span<const ColumnView> arguments, size_t row) {
  return std::any_of(arguments.begin(), arguments.end(), [row](const ColumnView& argument) {
    return !argument.type.is(TypeKind::null) && argument.is_null(row);
  });
}

template <class V, bool theta>
void run_union(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const Mode mode = mode_of(context.call, 3);
  for (size_t row = 0; row < rows; ++row) {
    if (any_null(arguments, row)) {
      out.set_null(row);
      continue;
    }
    TupleUnion<V> both = make_union<V>(entries_of(context.call, 2), mode);
    both.update(read_sketch<V>(context.call, arguments[0].text(row)));
    both.update(theta ? read_theta<V>(context.call, arguments[1].text(row), mode)
                      : read_sketch<V>(context.call, arguments[1].text(row)));
    out.set_text(row, write_sketch<V>(both.get_result(false)));
  }
}

template <class V, bool theta>
void run_intersection(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                      ColumnWriter& out) {
  const Mode mode = mode_of(context.call, 2);
  for (size_t row = 0; row < rows; ++row) {
    if (any_null(arguments, row)) {
      out.set_null(row);
      continue;
    }
    TupleIntersection<V> common(datasketches::DEFAULT_SEED, Policy<V>{mode});
    common.update(read_sketch<V>(context.call, arguments[0].text(row)));
    common.update(theta ? read_theta<V>(context.call, arguments[1].text(row), mode)
                        : read_sketch<V>(context.call, arguments[1].text(row)));
    out.set_text(row, write_sketch<V>(common.get_result(false)));
  }
}

template <class V, bool theta>
std::string difference(const KernelContext& context, std::string_view left, std::string_view right) {
  const Sketch<V> first = read_sketch<V>(context.call, left);
  const Sketch<V> second = theta ? read_theta<V>(context.call, right, Mode::sum) : read_sketch<V>(context.call, right);
  return write_sketch<V>(datasketches::tuple_a_not_b<Summary<V>>().compute(first, second, false));
}

template <class V>
double estimate(const KernelContext& context, std::string_view bytes) {
  return read_sketch<V>(context.call, bytes).get_estimate();
}

template <class V>
double theta_of(const KernelContext& context, std::string_view bytes) {
  return read_sketch<V>(context.call, bytes).get_theta();
}

/// V: the summaries' type; R: the result's.
template <class V, class R>
void run_summary(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const Mode mode = mode_of(context.call, 1);
  for (size_t row = 0; row < rows; ++row) {
    if (any_null(arguments, row)) {
      out.set_null(row);
      continue;
    }
    const Sketch<V> sketch = read_sketch<V>(context.call, arguments[0].text(row));
    const bool counts = mode == Mode::always_one || sketch.get_num_retained() == 0;
    R result = counts ? 0 : initial_value<R>(mode);
    for (const auto& entry : sketch) {
      result = mode == Mode::always_one ? result + 1 : combine<R>(mode, result, static_cast<R>(entry.second.value));
    }
    out.set(row, result);
  }
}

std::string show_defaults(std::string_view name, const std::vector<std::string>& arguments,
                          std::initializer_list<std::string_view> defaults, size_t first) {
  std::string text = std::string(name) + "(";
  for (size_t i = 0; i < first + defaults.size(); ++i) {
    const bool given = i < arguments.size() && (i < first || arguments[i] != "NULL");
    text += (i == 0 ? "" : ", ") + (given ? arguments[i] : std::string(defaults.begin()[i - first]));
  }
  return text + ")";
}
std::string show_two_and_defaults(std::string_view name, const std::vector<std::string>& arguments) {
  return show_defaults(name, arguments, {"12", "sum"}, 2);
}
std::string show_one_and_defaults(std::string_view name, const std::vector<std::string>& arguments) {
  return show_defaults(name, arguments, {"12", "sum"}, 1);
}
std::string show_two_and_mode(std::string_view name, const std::vector<std::string>& arguments) {
  return show_defaults(name, arguments, {"sum"}, 2);
}
std::string show_one_and_mode(std::string_view name, const std::vector<std::string>& arguments) {
  return show_defaults(name, arguments, {"sum"}, 1);
}

#define PYRITE_KEY "array<int>|array<long>|binary|double|float|int|long|string"

constexpr FunctionDef rows[] = {
    {.name = "tuple_sketch_agg_double",
     .kind = FunctionKind::aggregate,
     .forms = {"(" PYRITE_KEY ", double, [int|null], [string|null]) -> binary"},
     .parameters = {"key", "summary", "lgNomEntries", "mode"},
     .check = check_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_two_and_defaults,
     .lower = lowering::OwnAggregate{aggregate_kernel<TupleSketch<double>>},
     .errors = {"TUPLE_INVALID_SKETCH_MODE", "SKETCH_INVALID_LG_NOM_ENTRIES"},
     .doc = "A tuple sketch of keys with double summaries."},
    {.name = "tuple_union_agg_double",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [int|null], [string|null]) -> binary"},
     .parameters = {"child", "lgNomEntries", "mode"},
     .check = check_union_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_one_and_defaults,
     .lower = lowering::OwnAggregate{aggregate_kernel<UnionOfGroup<double>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The union of many tuple sketches with double summaries."},
    {.name = "tuple_intersection_agg_double",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [string|null]) -> binary"},
     .parameters = {"child", "mode"},
     .check = check_intersection_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_one_and_mode,
     .lower = lowering::OwnAggregate{aggregate_kernel<IntersectionOfGroup<double>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What many tuple sketches with double summaries have in common."},
    {.name = "tuple_union_double",
     .forms = {"(any, any, [any], [any]) -> binary"},
     .parameters = {"first", "second", "lgNomEntries", "mode"},
     .check = check_union,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_two_and_defaults,
     .lower = lowering::Own{{&run_union<double, false>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The union of two tuple sketches, double summaries."},
    {.name = "tuple_intersection_double",
     .forms = {"(any, any, [any]) -> binary"},
     .parameters = {"first", "second", "mode"},
     .check = check_intersection,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_two_and_mode,
     .lower = lowering::Own{{&run_intersection<double, false>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What two tuple sketches have in common, double summaries."},
    {.name = "tuple_difference_double",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<difference<double, false>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What one tuple sketch has beyond another, double summaries."},
    {.name = "tuple_union_theta_double",
     .forms = {"(any, any, [any], [any]) -> binary"},
     .parameters = {"first", "second", "lgNomEntries", "mode"},
     .check = check_union,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_two_and_defaults,
     .lower = lowering::Own{{&run_union<double, true>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The union of two tuple sketches, the second being a theta sketch, double summaries."},
    {.name = "tuple_intersection_theta_double",
     .forms = {"(any, any, [any]) -> binary"},
     .parameters = {"first", "second", "mode"},
     .check = check_intersection,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_two_and_mode,
     .lower = lowering::Own{{&run_intersection<double, true>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What two tuple sketches have in common, the second being a theta sketch, double summaries."},
    {.name = "tuple_difference_theta_double",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<difference<double, true>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What one tuple sketch has beyond another, the second being a theta sketch, double summaries."},
    {.name = "tuple_sketch_estimate_double",
     .forms = {"(any) -> double"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<estimate<double>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "How many distinct keys a tuple sketch with double summaries has nearly seen."},
    {.name = "tuple_sketch_summary_double",
     .forms = {"(any, [any]) -> double"},
     .parameters = {"child", "mode"},
     .check = check_summary,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_one_and_mode,
     .lower = lowering::Own{{&run_summary<double, double>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The summaries of a tuple sketch taken together as double."},
    {.name = "tuple_sketch_theta_double",
     .forms = {"(any) -> double"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<theta_of<double>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The share of keys that a tuple sketch with double summaries keeps."},
    {.name = "tuple_sketch_agg_integer",
     .kind = FunctionKind::aggregate,
     .forms = {"(" PYRITE_KEY ", int, [int|null], [string|null]) -> binary"},
     .parameters = {"key", "summary", "lgNomEntries", "mode"},
     .check = check_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_two_and_defaults,
     .lower = lowering::OwnAggregate{aggregate_kernel<TupleSketch<int32_t>>},
     .errors = {"TUPLE_INVALID_SKETCH_MODE", "SKETCH_INVALID_LG_NOM_ENTRIES"},
     .doc = "A tuple sketch of keys with integer summaries."},
    {.name = "tuple_union_agg_integer",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [int|null], [string|null]) -> binary"},
     .parameters = {"child", "lgNomEntries", "mode"},
     .check = check_union_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_one_and_defaults,
     .lower = lowering::OwnAggregate{aggregate_kernel<UnionOfGroup<int32_t>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The union of many tuple sketches with integer summaries."},
    {.name = "tuple_intersection_agg_integer",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, [string|null]) -> binary"},
     .parameters = {"child", "mode"},
     .check = check_intersection_aggregate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_one_and_mode,
     .lower = lowering::OwnAggregate{aggregate_kernel<IntersectionOfGroup<int32_t>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What many tuple sketches with integer summaries have in common."},
    {.name = "tuple_union_integer",
     .forms = {"(any, any, [any], [any]) -> binary"},
     .parameters = {"first", "second", "lgNomEntries", "mode"},
     .check = check_union,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_two_and_defaults,
     .lower = lowering::Own{{&run_union<int32_t, false>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The union of two tuple sketches, integer summaries."},
    {.name = "tuple_intersection_integer",
     .forms = {"(any, any, [any]) -> binary"},
     .parameters = {"first", "second", "mode"},
     .check = check_intersection,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_two_and_mode,
     .lower = lowering::Own{{&run_intersection<int32_t, false>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What two tuple sketches have in common, integer summaries."},
    {.name = "tuple_difference_integer",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<difference<int32_t, false>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What one tuple sketch has beyond another, integer summaries."},
    {.name = "tuple_union_theta_integer",
     .forms = {"(any, any, [any], [any]) -> binary"},
     .parameters = {"first", "second", "lgNomEntries", "mode"},
     .check = check_union,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_two_and_defaults,
     .lower = lowering::Own{{&run_union<int32_t, true>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The union of two tuple sketches, the second being a theta sketch, integer summaries."},
    {.name = "tuple_intersection_theta_integer",
     .forms = {"(any, any, [any]) -> binary"},
     .parameters = {"first", "second", "mode"},
     .check = check_intersection,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_two_and_mode,
     .lower = lowering::Own{{&run_intersection<int32_t, true>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What two tuple sketches have in common, the second being a theta sketch, integer summaries."},
    {.name = "tuple_difference_theta_integer",
     .forms = {"(any, any) -> binary"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<difference<int32_t, true>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "What one tuple sketch has beyond another, the second being a theta sketch, integer summaries."},
    {.name = "tuple_sketch_estimate_integer",
     .forms = {"(any) -> double"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<estimate<int32_t>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "How many distinct keys a tuple sketch with integer summaries has nearly seen."},
    {.name = "tuple_sketch_summary_integer",
     .forms = {"(any, [any]) -> long"},
     .parameters = {"child", "mode"},
     .check = check_summary,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_one_and_mode,
     .lower = lowering::Own{{&run_summary<int32_t, int64_t>, nullptr}},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The summaries of a tuple sketch taken together as integer."},
    {.name = "tuple_sketch_theta_integer",
     .forms = {"(any) -> double"},
     .check = check_sketches,
     .failure = Failure::possible,
     .lower = lowering::Own{kernel<theta_of<int32_t>>},
     .errors = {"TUPLE_INVALID_INPUT_SKETCH_BUFFER"},
     .doc = "The share of keys that a tuple sketch with integer summaries keeps."},
};

}  // namespace

std::span<const FunctionDef> sketch_tuple_functions() { return rows; }

}  // namespace pyrite
