// Sums and averages: sum, avg, try_sum, try_avg, product.
#include <cmath>
#include <limits>

#include "functions/aggregate_rows.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using resolved::EvalMode;

bool is_try(const KernelContext& context) {
  return context.try_null() || context.call.function->name.starts_with("try_");
}

bool sums_doubles(const CallInfo& call) { return call.argument_types[0].is(TypeKind::float64); }

[[noreturn]] void throw_overflow(std::string_view message, std::string_view alternative) {
  throw SparkError("ARITHMETIC_OVERFLOW", {{"message", std::string(message)},
                                           {"alternative", " Use '" + std::string(alternative) +
                                                               "' to tolerate overflow and return NULL instead."},
                                           {"config", "\"spark.sql.ansi.enabled\""}});
}

[[noreturn]] void throw_interval_overflow() {
  throw SparkError("INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", {{"functionName", "`try_add`"}});
}

Int128 greatest_decimal(int precision) { return power_of_ten(precision) - 1; }

#pragma pack(push, 8)
/// The running total of sum and avg: an integer (unscaled for decimals) or a double, and the number of values. Small,
/// since a hash table holds one a group. Packed: the engine's hash tables align rows to 8 bytes.
struct Total {
  union {
    Int128 integer = 0;  ///< of every type but doubles
    double real;
  };
  uint64_t marked_count = 0;  ///< the greatest bit: an addition has overflowed

  static constexpr uint64_t overflow_mark = uint64_t{1} << 63;
  int64_t count() const { return static_cast<int64_t>(marked_count & ~overflow_mark); }
  bool overflow() const { return (marked_count & overflow_mark) != 0; }

  void add_wide(Int128 value) {
    if (__builtin_add_overflow(integer, value, &integer)) {
      marked_count |= overflow_mark;
    }
  }

  template <class At>
  static void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, At at) {
    const ColumnView& column = arguments[0];
    if (column.type.is_floating()) {
      return each_double(column, rows, at, [](Total& state, double value) {
        state.real += value;
        ++state.marked_count;
      });
    }
    if (column.type.is(TypeKind::decimal) && column.type.precision() > 18) {
      return each_value<Int128>(column, rows, at, [](Total& state, Int128 value) {
        state.add_wide(value);
        ++state.marked_count;
      });
    }
    if (column.type.is(TypeKind::null)) {
      return;
    }
    each_integer(column, rows, at, [](Total& state, auto value) {
      state.integer += value;
      ++state.marked_count;
    });
  }

  void merge(const KernelContext& context, const Total& from) { merge(context.call.argument_types[0], from); }

 protected:
  /// `type`: that of the argument which is added up.
  void merge(const Type& type, const Total& from) {
    if (type.is_floating()) {
      real += from.real;
    } else {
      add_wide(from.integer);
    }
    marked_count = (marked_count | (from.marked_count & overflow_mark)) + static_cast<uint64_t>(from.count());
  }
};
#pragma pack(pop)

struct Sum : Total {
  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const {
    if (count() == 0) {
      return out.set_null(row);
    }
    const Type& type = context.call.result_type;
    switch (type.kind()) {
      case TypeKind::float64:
        return out.set(row, real);
      case TypeKind::decimal: {
        const Int128 limit = greatest_decimal(type.precision());
        if (!overflow() && integer <= limit && integer >= -limit) {
          return out.set_decimal(row, integer);
        }
        if (context.ansi() && !is_try(context)) {
          throw_overflow("Overflow in sum of decimals", "try_sum");
        }
        return out.set_null(row);
      }
      case TypeKind::year_month_interval:
        if (integer == static_cast<int32_t>(integer)) {
          return out.set(row, static_cast<int32_t>(integer));
        }
        break;
      case TypeKind::day_time_interval:
        if (integer == static_cast<int64_t>(integer)) {
          return out.set(row, static_cast<int64_t>(integer));
        }
        break;
      default:
        if (integer == static_cast<int64_t>(integer) || (!context.ansi() && !is_try(context))) {
          return out.set(row, static_cast<int64_t>(integer));
        }
        if (!is_try(context)) {
          throw_overflow("overflow", "try_add");
        }
        return out.set_null(row);
    }
    if (is_try(context)) {
      return out.set_null(row);
    }
    throw_interval_overflow();
  }
};

/// Quotient rounded half away from zero.
Int128 divide_half_up(Int128 dividend, Int128 divisor) {
  const Int128 quotient = dividend / divisor;
  const Int128 rest = dividend % divisor;
  const Int128 twice = (rest < 0 ? -rest : rest) * 2;
  return twice >= divisor ? quotient + (dividend < 0 ? -1 : 1) : quotient;
}

struct Average : Total {
  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const {
    if (count() == 0) {
      return out.set_null(row);
    }
    const Type& type = context.call.result_type;
    switch (type.kind()) {
      case TypeKind::float64:
        return out.set(row, (context.call.argument_types[0].is_floating() ? real : static_cast<double>(integer)) /
                                static_cast<double>(count()));
      case TypeKind::decimal:
        return finish_decimal(context, out, row, 0);
      case TypeKind::year_month_interval:
        if (integer != static_cast<int32_t>(integer)) {
          return overflowed(context, out, row);
        }
        return out.set(row, static_cast<int32_t>(divide_half_up(integer, count())));
      default:
        if (integer != static_cast<int64_t>(integer)) {
          return overflowed(context, out, row);
        }
        return out.set(row, static_cast<int64_t>(divide_half_up(integer, count())));
    }
  }

 protected:
  void overflowed(const KernelContext& context, ColumnWriter& out, size_t row) const {
    if (!is_try(context)) {
      throw_interval_overflow();
    }
    out.set_null(row);
  }

  void finish_decimal(const KernelContext& context, ColumnWriter& out, size_t row, size_t index) const {
    if (count() == 0) {
      return out.set_null(row);
    }
    const Type& argument = context.call.argument_types[index];
    const Type& type = context.call.result_type;
    const bool fails = context.ansi() && !is_try(context);
    const Int128 sum_limit = greatest_decimal(std::min(38, argument.precision() + 10));
    if (overflow() || integer > sum_limit || integer < -sum_limit) {
      if (fails) {
        throw_overflow("Overflow in sum of decimals", "try_avg");
      }
      return out.set_null(row);
    }
    const Int128 factor = power_of_ten(type.scale() - argument.scale());
    const Int128 whole = integer / count();
    const Int128 rest = integer % count();
    Int128 result = 0;
    const Int128 limit = greatest_decimal(type.precision());
    if (__builtin_mul_overflow(whole, factor, &result) ||
        __builtin_add_overflow(result, divide_half_up(rest * factor, count()), &result) || result > limit ||
        result < -limit) {
      if (fails) {
        throw SparkError("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
                         {{"value", decimal_text(whole, argument.scale())},
                          {"precision", std::to_string(type.precision())},
                          {"scale", std::to_string(type.scale())},
                          {"config", "\"spark.sql.ansi.enabled\""}});
      }
      return out.set_null(row);
    }
    out.set_decimal(row, result);
  }
};

/// regr_avgx and regr_avgy: the mean of one of two arguments over the rows where neither is NULL.
template <size_t index>
struct PairAverage : Average {
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    const ColumnView& column = arguments[index];
    const ColumnView& other = arguments[1 - index];
    for (size_t row = 0; row < rows; ++row) {
      if (column.is_null(row) || other.is_null(row)) {
        continue;
      }
      PairAverage& state = at(row);
      ++state.marked_count;
      if (column.type.is(TypeKind::decimal)) {
        state.add_wide(column.decimal(row));
      } else {
        state.real += column.get<double>(row);
      }
    }
  }
  void merge(const KernelContext& context, const PairAverage& from) {
    Total::merge(context.call.argument_types[index], from);
  }
  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const {
    if (context.call.argument_types[index].is(TypeKind::decimal)) {
      finish_decimal(context, out, row, index);
    } else {
      count() == 0 ? out.set_null(row) : out.set(row, real / static_cast<double>(count()));
    }
  }
};

struct Product {
  double value = 1;
  bool seen = false;
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    each_double(arguments[0], rows, at, [](Product& state, double value) {
      state.value *= value;
      state.seen = true;
    });
  }
  void merge(const KernelContext&, const Product& from) {
    value *= from.value;
    seen = seen || from.seen;
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const {
    seen ? out.set(row, value) : out.set_null(row);
  }
};

/// Wide decimals keep their scale: unlike in arithmetic, only what exceeds 38 digits is cut off the type.
Type sum_type(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  switch (type.kind()) {
    case TypeKind::decimal:
      return bounded_decimal(type.precision() + 10, type.scale(), false);
    case TypeKind::year_month_interval:
    case TypeKind::day_time_interval:
      return type;
    default:
      return type.is_integral() ? Type::long_int() : Type::float64();
  }
}

template <size_t index>
Type average_type(const CallInfo& call) {
  const Type& type = call.argument_types[index];
  switch (type.kind()) {
    case TypeKind::decimal:
      return bounded_decimal(type.precision() + 4, type.scale() + 4, false);
    case TypeKind::year_month_interval:
      return Type::year_month_interval();
    case TypeKind::day_time_interval:
      return Type::day_time_interval();
    default:
      return Type::float64();
  }
}

// Doubles come first: they are what untyped NULL and strings become.
constexpr FixedList<FormText, 12> sum_forms = {"(double|float) -> double", "(integral) -> long", "(decimal) -> rule",
                                               "(ym_interval|dt_interval) -> rule"};
constexpr FixedList<FormText, 12> average_forms = {"(double|float|integral) -> double", "(decimal) -> rule",
                                                   "(ym_interval|dt_interval) -> rule"};

constexpr FunctionDef rows[] = {
    {.name = "sum",
     .kind = FunctionKind::aggregate,
     .forms = sum_forms,
     .result = sum_type,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = lowering::OwnAggregate{flat_aggregate<Sum>, "sum", sums_doubles},
     .errors = {"ARITHMETIC_OVERFLOW", "INTERVAL_ARITHMETIC_OVERFLOW"},
     .doc = "Adds up the values of a group; integers become long and decimals gain ten digits.",
     .examples = {"sum(5) = 5"}},
    {.name = "try_sum",
     .kind = FunctionKind::aggregate,
     .forms = sum_forms,
     .result = sum_type,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<Sum>, "sum", sums_doubles},
     .doc = "Adds up the values of a group and gives NULL where the total does not fit its type.",
     .examples = {"try_sum(5) = 5"}},
    {.name = "avg",
     .aliases = {{"mean"}},
     .kind = FunctionKind::aggregate,
     .forms = average_forms,
     .result = average_type<0>,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = lowering::OwnAggregate{flat_aggregate<Average>, "avg", sums_doubles},
     .errors = {"ARITHMETIC_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE", "INTERVAL_ARITHMETIC_OVERFLOW"},
     .doc = "The arithmetic mean of the values of a group.",
     .examples = {"avg(4) = 4.0"}},
    {.name = "try_avg",
     .kind = FunctionKind::aggregate,
     .forms = average_forms,
     .result = average_type<0>,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<Average>, "avg", sums_doubles},
     .doc = "The arithmetic mean of the values of a group, NULL where it overflows.",
     .examples = {"try_avg(4) = 4.0"}},
    {.name = "regr_avgy",
     .kind = FunctionKind::aggregate,
     .forms = {"(double, any) -> double", "(decimal, any) -> rule"},
     .result = average_type<0>,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<PairAverage<0>>},
     .doc = "The mean of the dependent values (the first argument) over the complete pairs of a group."},
    {.name = "regr_avgx",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, double) -> double", "(any, decimal) -> rule"},
     .result = average_type<1>,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<PairAverage<1>>},
     .doc = "The mean of the independent values (the second argument) over the complete pairs of a group."},
    {.name = "product",
     .kind = FunctionKind::aggregate,
     .forms = {"(double) -> double"},
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{flat_aggregate<Product>},
     .doc = "Multiplies the values of a group as doubles (DataFrame API only)."},
};

}  // namespace

std::span<const FunctionDef> aggregate_sum_functions() { return rows; }

}  // namespace pyrite
