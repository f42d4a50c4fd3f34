// Random values: rand, randn, uniform, randstr, uuid. Seeded calls repeat Spark's numbers.
#include <cmath>
#include <random>

#include "base/error.h"
#include "functions/bind_rule.h"
#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/mersenne_twister.h"
#include "functions/string_limits.h"
#include "functions/xorshift_random.h"

namespace pyrite {
namespace {

using lowering::Own;

int64_t fresh_seed() {
  std::random_device device;
  return static_cast<int64_t>(uint64_t{device()} << 32 | device());
}

/// The generator of one thread; threads after the first shift the seed as Spark's partitions do.
template <class Generator, size_t seed_position>
struct Stream {
  explicit Stream(const CallInfo& call) : streams(call.streams) {
    const bool given = call.constants.size() > seed_position && call.constants[seed_position];
    const Value* value = given ? &*call.constants[seed_position] : nullptr;
    seed = !value ? fresh_seed() : value->is_null() ? 0 : value->integer();
  }
  Generator& get() {
    if (!generator) {
      generator.emplace(static_cast<int64_t>(static_cast<uint64_t>(seed) +
                                             static_cast<uint64_t>(streams ? streams->fetch_add(1) : 0)));
    }
    return *generator;
  }
  std::shared_ptr<std::atomic<int32_t>> streams;
  int64_t seed;
  std::optional<Generator> generator;
};

template <class State, auto run>
inline constexpr Kernel with_state{run, &detail::make_state<State>};

using RandStream = Stream<XorShiftRandom, 0>;
using UuidStream = Stream<MersenneTwister, 0>;
using RandstrStream = Stream<XorShiftRandom, 1>;
using UniformStream = Stream<XorShiftRandom, 2>;

void run_rand(const KernelContext& context, std::span<const ColumnView>, size_t rows, ColumnWriter& out) {
  XorShiftRandom& random = context.as<RandStream>().get();
  for (size_t row = 0; row < rows; ++row) {
    out.set(row, random.next_double());
  }
}

void run_randn(const KernelContext& context, std::span<const ColumnView>, size_t rows, ColumnWriter& out) {
  XorShiftRandom& random = context.as<RandStream>().get();
  for (size_t row = 0; row < rows; ++row) {
    out.set(row, random.next_gaussian());
  }
}

void run_uuid(const KernelContext& context, std::span<const ColumnView>, size_t rows, ColumnWriter& out) {
  MersenneTwister& random = context.as<UuidStream>().get();
  const auto next = [&] {
    const uint64_t high = random.next_bits(32);
    return high << 32 | random.next_bits(32);
  };
  for (size_t row = 0; row < rows; ++row) {
    const uint64_t high = (next() & ~uint64_t{0xF000}) | 0x4000;
    const uint64_t low = (next() & 0x3FFFFFFFFFFFFFFFULL) | 0x8000000000000000ULL;
    constexpr char digits[] = "0123456789abcdef";
    char text[36];
    size_t at = 0;
    for (int i = 0; i < 32; ++i) {
      if (i == 8 || i == 12 || i == 16 || i == 20) {
        text[at++] = '-';
      }
      text[at++] = digits[(i < 16 ? high >> (60 - 4 * i) : low >> (124 - 4 * i)) & 15];
    }
    out.set_text(row, {text, 36});
  }
}

void run_randstr(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  XorShiftRandom& random = context.as<RandstrStream>().get();
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const int32_t length = arguments[0].get<int32_t>(row);
    if (length < 0) {
      throw SparkError("INVALID_PARAMETER_VALUE.LENGTH",
                       {{"parameter", "`length`"}, {"functionName", "`randstr`"}, {"length", std::to_string(length)}});
    }
    check_text_size(static_cast<uint64_t>(length));
    std::string text(static_cast<size_t>(length), '0');
    for (char& c : text) {
      c = letters[static_cast<size_t>(std::abs(random.next_int() % 62))];
    }
    out.set_text(row, text);
  }
}

/// The bounds, as doubles; nullopt when one is NULL.
double bound_of(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::byte:
      return column.get<int8_t>(row);
    case TypeKind::short_int:
      return column.get<int16_t>(row);
    case TypeKind::integer:
      return column.get<int32_t>(row);
    case TypeKind::long_int:
      return static_cast<double>(column.get<int64_t>(row));
    case TypeKind::float32:
      return column.get<float>(row);
    case TypeKind::float64:
      return column.get<double>(row);
    default:
      return std::strtod(decimal_text(column.decimal(row), column.type.scale()).c_str(), nullptr);
  }
}

void run_uniform(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  XorShiftRandom& random = context.as<UniformStream>().get();
  const Type& type = context.call.result_type;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const double low = bound_of(arguments[0], row);
    const double value = low + (bound_of(arguments[1], row) - low) * random.next_double();
    switch (type.kind()) {
      case TypeKind::byte:
        out.set(row, static_cast<int8_t>(value));
        break;
      case TypeKind::short_int:
        out.set(row, static_cast<int16_t>(value));
        break;
      case TypeKind::integer:
        out.set(row, static_cast<int32_t>(value));
        break;
      case TypeKind::long_int:
        out.set(row, static_cast<int64_t>(value));
        break;
      case TypeKind::float32:
        out.set(row, static_cast<float>(value));
        break;
      case TypeKind::float64:
        out.set(row, value);
        break;
      default:
        out.set_decimal(row, static_cast<Int128>(std::llround(value * std::pow(10.0, type.scale()))));
    }
  }
}

Type uniform_type(const CallInfo& call) {
  const Type& low = call.argument_types[0];
  const Type& high = call.argument_types[1];
  if (low.is(TypeKind::null) || high.is(TypeKind::null)) {
    return low.is(TypeKind::null) ? high : low;
  }
  const auto rank = [](const Type& type) { return type.is(TypeKind::decimal) ? 10 : static_cast<int>(type.kind()); };
  if (low.is_integral() && high.is_integral()) {
    return rank(low) >= rank(high) ? low : high;
  }
  if (low.is(TypeKind::float64) || high.is(TypeKind::float64)) {
    return Type::float64();
  }
  if (low.is(TypeKind::float32) || high.is(TypeKind::float32)) {
    return Type::float32();
  }
  const Type& left = low.is(TypeKind::decimal) ? low : high;
  const Type& right = high.is(TypeKind::decimal) ? high : low;
  return left.precision() >= right.precision() ? left : right;
}

void check_seed(const CallInfo& call) {
  if (!call.constants.empty() && !call.constants[0]) {
    throw SparkError("SEED_EXPRESSION_IS_UNFOLDABLE", {{"seedExpr", ""}, {"exprWithSeed", ""}});
  }
}

void check_foldable(const CallInfo& call, std::initializer_list<std::pair<size_t, const char*>> names,
                    const char* type) {
  for (const auto& [position, name] : names) {
    if (position < call.constants.size() && !call.constants[position]) {
      throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                       {{"inputName", "`" + std::string(name) + "`"}, {"inputType", type}, {"inputExpr", ""}});
    }
  }
}
void check_randstr(const CallInfo& call) { check_foldable(call, {{0, "length"}, {1, "seed"}}, "integer"); }
void check_uniform(const CallInfo& call) {
  check_foldable(call, {{0, "min"}, {1, "max"}, {2, "seed"}}, "integer or floating-point");
}

std::string show_uuid(std::string_view name, const std::vector<std::string>&) { return std::string(name) + "()"; }

constexpr FunctionDef rows[] = {
    {.name = "rand",
     .aliases = {{"random", "rand"}},
     .forms = {"() -> double", "(int | long) -> double"},
     .check = check_seed,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .lower = Own{with_state<RandStream, &run_rand>},
     .errors = {"SEED_EXPRESSION_IS_UNFOLDABLE"},
     .doc = "A random number from 0 up to, but without, 1, evenly spread.",
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "randn",
     .forms = {"() -> double", "(int | long) -> double"},
     .check = check_seed,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .lower = Own{with_state<RandStream, &run_randn>},
     .errors = {"SEED_EXPRESSION_IS_UNFOLDABLE"},
     .doc = "A random number of the standard normal distribution.",
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "uuid",
     .forms = {"() -> string", "(int | long) -> string"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .display = show_uuid,
     .lower = Own{with_state<UuidStream, &run_uuid>},
     .doc = "A random UUID of version 4.",
     .since = "2.3.0",
     .group = "misc_funcs"},
    {.name = "randstr",
     .forms = {"(int, [int | long]) -> string"},
     .check = check_randstr,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .failure = Failure::possible,
     .lower = Own{with_state<RandstrStream, &run_randstr>},
     .errors = {"INVALID_PARAMETER_VALUE.LENGTH"},
     .doc = "A random text of letters and digits.",
     .since = "4.0.0",
     .group = "string_funcs"},
    {.name = "uniform",
     .forms = {"(numeric, numeric, [int | long]) -> rule"},
     .result = uniform_type,
     .check = check_uniform,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .lower = Own{with_state<UniformStream, &run_uniform>},
     .doc = "A random number between two bounds, in their wider type.",
     .since = "4.0.0",
     .group = "math_funcs"},
};

}  // namespace

std::span<const FunctionDef> random_functions() { return rows; }

}  // namespace pyrite
