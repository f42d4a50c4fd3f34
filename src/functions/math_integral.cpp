// Mathematical functions that give whole numbers: factorial, width_bucket, bit_count, bit_get.
#include <bit>
#include <cmath>

#include "base/error.h"
#include "functions/bind_rule.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

std::optional<int64_t> factorial(int32_t number) {
  if (number < 0 || number > 20) {
    return std::nullopt;
  }
  int64_t product = 1;
  for (int64_t i = 2; i <= number; ++i) {
    product *= i;
  }
  return product;
}

std::optional<int64_t> bucket_of(double value, double low, double high, int64_t buckets) {
  if (buckets <= 0 || buckets == std::numeric_limits<int64_t>::max() || std::isnan(value) || low == high ||
      !std::isfinite(low) || !std::isfinite(high)) {
    return std::nullopt;
  }
  const double from = low < high ? value - low : low - value;
  const double range = low < high ? high - low : low - high;
  if (from < 0) {
    return 0;
  }
  if (from >= range) {
    return buckets + 1;
  }
  return static_cast<int64_t>(static_cast<double>(buckets) * from / range) + 1;
}

double as_double(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::year_month_interval:
      return column.get<int32_t>(row);
    case TypeKind::day_time_interval:
      return static_cast<double>(column.get<int64_t>(row));
    default:
      return column.get<double>(row);
  }
}

void run_width_bucket(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                      ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    bool null = false;
    for (const ColumnView& column : arguments) {
      null = null || column.is_null(row);
    }
    const auto bucket = null ? std::nullopt
                             : bucket_of(as_double(arguments[0], row), as_double(arguments[1], row),
                                         as_double(arguments[2], row), arguments[3].get<int64_t>(row));
    if (bucket) {
      out.set(row, *bucket);
    } else {
      out.set_null(row);
    }
  }
}

/// Integers widened with their sign; booleans as 0 or 1.
int64_t widened(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::boolean:
      return column.get<bool>(row) ? 1 : 0;
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

void run_bit_count(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                   ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set<int32_t>(row, std::popcount(static_cast<uint64_t>(widened(arguments[0], row))));
    }
  }
}

void run_bit_get(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const TypeKind kind = arguments[0].type.kind();
  const int bits = kind == TypeKind::byte ? 8 : kind == TypeKind::short_int ? 16 : kind == TypeKind::integer ? 32 : 64;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const int32_t position = arguments[1].get<int32_t>(row);
    if (position < 0 || position >= bits) {
      throw SparkError("INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE", {{"parameter", "`pos`"},
                                                                      {"functionName", "`bit_get`"},
                                                                      {"upper", std::to_string(bits)},
                                                                      {"invalidValue", std::to_string(position)}});
    }
    out.set<int8_t>(row, static_cast<int8_t>(widened(arguments[0], row) >> position & 1));
  }
}

constexpr FunctionDef count_bits{
    .name = "bit_count", .forms = {"(integral | boolean) -> int"}, .lower = Own{{&run_bit_count, nullptr}}};

/// Texts are no numbers here, not even by an implicit cast.
resolved::ExpressionPtr bind_bit_count(const FunctionDef& function, std::vector<resolved::ExpressionPtr> arguments,
                                       const BindOptions& options) {
  if (arguments.size() == 1 && arguments[0]->type.is_string()) {
    throw_unexpected_type(function, arguments, options, 0, "(\"INTEGRAL\" or \"BOOLEAN\")");
  }
  return bind_call(count_bits, std::move(arguments), options);
}

constexpr FunctionDef rows[] = {
    {.name = "factorial",
     .forms = {"(int) -> long"},
     .nullability = Nullability::always,
     .lower = Own{kernel<factorial>},
     .doc = "The factorial of a number from 0 to 20; NULL otherwise.",
     .examples = {"factorial(5) = 120"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "width_bucket",
     .forms = {"(double, double, double, long) -> long", "(ym_interval, ym_interval, ym_interval, long) -> long",
               "(dt_interval, dt_interval, dt_interval, long) -> long"},
     .nullability = Nullability::always,
     .lower = Own{{&run_width_bucket, nullptr}},
     .doc = "Which of so many equally wide buckets of a range a value falls into; 0 and n+1 outside.",
     .examples = {"width_bucket(5.3, 0.2, 10.6, 5) = 3"},
     .since = "3.1.0",
     .group = "math_funcs"},
    {.name = "bit_count",
     .forms = {"(integral | boolean) -> int"},
     .bind = bind_bit_count,
     .lower = Own{{&run_bit_count, nullptr}},
     .doc = "How many bits are set; negative numbers count as 64 bits wide.",
     .examples = {"bit_count(0) = 0"},
     .since = "3.0.0",
     .group = "bitwise_funcs"},
    {.name = "bit_get",
     .aliases = {{"getbit"}},
     .forms = {"(integral, int) -> byte"},
     .failure = Failure::possible,
     .lower = Own{{&run_bit_get, nullptr}},
     .errors = {"INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE"},
     .doc = "The bit at a position, counted from the lowest, which is 0.",
     .examples = {"bit_get(11, 0) = 1"},
     .since = "3.2.0",
     .group = "bitwise_funcs"},
};

}  // namespace

std::span<const FunctionDef> math_integral_functions() { return rows; }

}  // namespace pyrite
