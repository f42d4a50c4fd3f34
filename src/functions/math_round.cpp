// Rounding: ceil, floor, round and bround, over whole numbers, decimals and doubles.
#include <cmath>
#include <cstdlib>

#include "base/error.h"
#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/java_format.h"
#include "functions/kernel.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using lowering::Own;

enum class Rounding { up, down, half_up, half_even };

/// Divides by a power of ten and rounds.
Int128 divide_rounded(Int128 value, int digits, Rounding mode) {
  if (digits <= 0) {
    return value;
  }
  if (digits > 38) {
    return mode == Rounding::up && value > 0 ? 1 : mode == Rounding::down && value < 0 ? -1 : 0;
  }
  const Int128 unit = power_of_ten(digits);
  Int128 whole = value / unit;
  const Int128 rest = value % unit;
  const Int128 size = rest < 0 ? -rest : rest;
  const bool negative = value < 0;
  bool away = false;
  switch (mode) {
    case Rounding::up:
      away = rest != 0 && !negative;
      break;
    case Rounding::down:
      away = rest != 0 && negative;
      break;
    case Rounding::half_up:
      away = size >= unit - size;
      break;
    case Rounding::half_even:
      away = size > unit - size || (size == unit - size && (whole & 1));
      break;
  }
  return whole + (away ? (negative ? -1 : 1) : 0);
}

/// Rounds to `scale` digits after the point; the result keeps that scale, or 0 for negative ones.
Int128 round_decimal(Int128 value, int from_scale, int scale, Rounding mode) {
  if (scale >= from_scale) {
    return value;
  }
  const Int128 rounded = divide_rounded(value, from_scale - scale, mode);
  return scale >= 0 ? rounded : scale < -38 ? 0 : rounded * power_of_ten(-scale);
}

[[noreturn]] void overflow() {
  throw SparkError("ARITHMETIC_OVERFLOW",
                   {{"message", "Overflow"}, {"alternative", ""}, {"config", "\"spark.sql.ansi.enabled\""}});
}

Int128 read_integral(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::byte:
      return column.get<int8_t>(row);
    case TypeKind::short_int:
      return column.get<int16_t>(row);
    case TypeKind::integer:
      return column.get<int32_t>(row);
    default:
      return column.get<int64_t>(row);
  }
}

template <class T>
void write_narrow(const KernelContext& context, ColumnWriter& out, size_t row, Int128 value) {
  if (context.ansi() && static_cast<Int128>(static_cast<T>(value)) != value) {
    overflow();
  }
  out.set<T>(row, static_cast<T>(value));
}

void write_integral(const KernelContext& context, ColumnWriter& out, size_t row, Int128 value) {
  switch (context.call.result_type.kind()) {
    case TypeKind::byte:
      return write_narrow<int8_t>(context, out, row, value);
    case TypeKind::short_int:
      return write_narrow<int16_t>(context, out, row, value);
    case TypeKind::integer:
      return write_narrow<int32_t>(context, out, row, value);
    default:
      return write_narrow<int64_t>(context, out, row, value);
  }
}

void write_decimal(const KernelContext& context, ColumnWriter& out, size_t row, Int128 value) {
  const Type& type = context.call.result_type;
  const Int128 limit = power_of_ten(type.precision());
  if (type.precision() >= 38 && (value >= limit || value <= -limit)) {
    if (context.ansi()) {
      throw SparkError("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", {{"value", decimal_text(value, type.scale())},
                                                                      {"precision", std::to_string(type.precision())},
                                                                      {"scale", std::to_string(type.scale())},
                                                                      {"config", "\"spark.sql.ansi.enabled\""}});
    }
    return out.set_null(row);
  }
  out.set_decimal(row, value);
}

/// Rounds the shortest decimal text of the number, as Java's BigDecimal made from that text does.
double round_double(double value, int scale, Rounding mode) {
  if (!std::isfinite(value) || value == 0) {
    return value;
  }
  DecimalDigits number = shortest_digits(std::fabs(value));
  const int64_t keep = int64_t{number.exponent} + scale;
  if (keep >= static_cast<int64_t>(number.digits.size())) {
    return value;
  }
  if (keep < 0) {
    return 0.0;
  }
  const auto at = static_cast<size_t>(keep);
  const bool tie = number.digits[at] == '5' && number.digits.find_first_not_of('0', at + 1) == std::string::npos;
  const bool even = keep == 0 || (number.digits[at - 1] - '0') % 2 == 0;
  if (mode == Rounding::half_even && tie && even) {
    number.digits.resize(at);
  } else {
    number.round_to(static_cast<int>(keep));
  }
  if (number.digits.empty()) {
    return 0.0;
  }
  const std::string text = "0." + number.digits + "e" + std::to_string(number.exponent);
  return std::copysign(std::strtod(text.c_str(), nullptr), value);
}

/// The scale argument, a constant of the call; nullopt when NULL.
struct ScaleState {
  explicit ScaleState(const CallInfo& call) {
    if (call.constants.size() > 1 && call.constants[1]) {
      null = call.constants[1]->is_null();
      scale = null ? 0 : static_cast<int>(call.constants[1]->integer());
    }
  }
  int scale = 0;
  bool null = false;
};

template <Rounding mode>
void run_round(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& values = arguments[0];
  const auto& state = context.as<ScaleState>();
  const TypeKind kind = values.type.kind();
  for (size_t row = 0; row < rows; ++row) {
    if (values.is_null(row) || state.null) {
      out.set_null(row);
    } else if (kind == TypeKind::decimal) {
      write_decimal(context, out, row, round_decimal(values.decimal(row), values.type.scale(), state.scale, mode));
    } else if (kind == TypeKind::float64) {
      out.set(row, round_double(values.get<double>(row), state.scale, mode));
    } else if (kind == TypeKind::float32) {
      out.set(row, static_cast<float>(round_double(values.get<float>(row), state.scale, mode)));
    } else {
      write_integral(context, out, row, round_decimal(read_integral(values, row), 0, std::min(state.scale, 0), mode));
    }
  }
}

int64_t saturate(double value) {
  if (std::isnan(value)) {
    return 0;
  }
  return value >= 9223372036854775808.0    ? std::numeric_limits<int64_t>::max()
         : value <= -9223372036854775808.0 ? std::numeric_limits<int64_t>::min()
                                           : static_cast<int64_t>(value);
}

template <Rounding mode>
void run_whole(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& values = arguments[0];
  const auto& state = context.as<ScaleState>();
  for (size_t row = 0; row < rows; ++row) {
    if (values.is_null(row)) {
      out.set_null(row);
    } else if (values.type.is(TypeKind::decimal)) {
      write_decimal(context, out, row, round_decimal(values.decimal(row), values.type.scale(), state.scale, mode));
    } else if (values.type.is(TypeKind::float64)) {
      const double value = values.get<double>(row);
      out.set(row, saturate(mode == Rounding::up ? std::ceil(value) : std::floor(value)));
    } else {
      out.set(row, static_cast<int64_t>(read_integral(values, row)));
    }
  }
}

/// A rounded decimal may need one more digit before the point.
Type rounded_decimal(const Type& type, int scale) {
  const int whole = type.precision() - type.scale() + 1;
  if (scale < 0) {
    return Type::decimal(std::min(std::max(whole, -scale + 1), 38), 0);
  }
  const int kept = std::min(type.scale(), scale);
  return Type::decimal(std::min(whole + kept, 38), kept);
}

Type round_type(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  return type.is(TypeKind::decimal) ? rounded_decimal(type, std::clamp(ScaleState(call).scale, -38, 38)) : type;
}
Type whole_type(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  if (!type.is(TypeKind::decimal)) {
    return Type::long_int();
  }
  return call.argument_types.size() > 1 ? round_type(call)
                                        : Type::decimal(std::min(type.precision() - type.scale() + 1, 38), 0);
}

std::string quoted(const CallInfo& call) { return "`" + std::string(call.function->name) + "`"; }

void check_scale(const CallInfo& call) {
  if (call.constants.size() > 1 && !call.constants[1]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`scale`"}, {"inputType", "\"INT\""}, {"inputExpr", ""}});
  }
}
void check_whole_scale(const CallInfo& call) {
  if (call.constants.size() > 1 && (!call.constants[1] || call.constants[1]->is_null())) {
    throw SparkError("NON_FOLDABLE_ARGUMENT",
                     {{"funcName", quoted(call)}, {"paramName", "`scale`"}, {"paramType", "\"INT\""}});
  }
}

std::string show_ceil(std::string_view name, const std::vector<std::string>& arguments) {
  return call_text(arguments.size() == 1 && name == "ceil" ? "CEIL" : name, arguments);
}
std::string show_floor(std::string_view name, const std::vector<std::string>& arguments) {
  return call_text(arguments.size() == 1 ? "FLOOR" : name, arguments);
}

template <auto run>
inline constexpr Kernel with_scale{run, &detail::make_state<ScaleState>};

constexpr FunctionDef rows[] = {
    {.name = "ceil",
     .aliases = {{"ceiling"}},
     .forms = {"(double) -> rule", "(decimal) -> rule", "(integral) -> rule", "(decimal, int) -> rule"},
     .result = whole_type,
     .check = check_whole_scale,
     .nullability = Nullability::always,
     .display = show_ceil,
     .lower = Own{with_scale<&run_whole<Rounding::up>>},
     .errors = {"NON_FOLDABLE_ARGUMENT"},
     .doc = "The least whole number, or number of some digits, that is not below the value.",
     .examples = {"ceil(-0.1) = 0", "ceil(3.1411, 3) = 3.142"},
     .since = "1.4.0",
     .group = "math_funcs"},
    {.name = "floor",
     .forms = {"(double) -> rule", "(decimal) -> rule", "(integral) -> rule", "(decimal, int) -> rule"},
     .result = whole_type,
     .check = check_whole_scale,
     .nullability = Nullability::always,
     .display = show_floor,
     .lower = Own{with_scale<&run_whole<Rounding::down>>},
     .errors = {"NON_FOLDABLE_ARGUMENT"},
     .doc = "The greatest whole number, or number of some digits, that is not above the value.",
     .examples = {"floor(-0.1) = -1", "floor(3.1411, 3) = 3.141"},
     .since = "1.4.0",
     .group = "math_funcs"},
    {.name = "round",
     .forms = {"(numeric, [int]) -> rule"},
     .result = round_type,
     .check = check_scale,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_defaults<2, "0">,
     .lower = Own{with_scale<&run_round<Rounding::half_up>>},
     .errors = {"ARITHMETIC_OVERFLOW"},
     .doc = "Rounds to some digits after the point, halves away from zero.",
     .examples = {"round(2.5, 0) = 3"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "bround",
     .forms = {"(numeric, [int]) -> rule"},
     .result = round_type,
     .check = check_scale,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_defaults<2, "0">,
     .lower = Own{with_scale<&run_round<Rounding::half_even>>},
     .errors = {"ARITHMETIC_OVERFLOW"},
     .doc = "Rounds to some digits after the point, halves to the even neighbour.",
     .examples = {"bround(2.5, 0) = 2"},
     .since = "2.0.0",
     .group = "math_funcs"},
};

}  // namespace

std::span<const FunctionDef> math_round_functions() { return rows; }

}  // namespace pyrite
