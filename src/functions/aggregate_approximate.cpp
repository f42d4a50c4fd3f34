// Approximate aggregates: approx_count_distinct, approx_percentile, histogram_numeric.
#include <algorithm>
#include <bit>
#include <cmath>

#include "functions/families.h"
#include "functions/hash_algorithms.h"
#include "functions/java_random.h"
#include "functions/kernel.h"
#include "functions/percentage.h"
#include "functions/quantile_summary.h"

namespace pyrite {
namespace {

/// HyperLogLog++ with 2^precision registers; its linear counting is exact for small groups.
struct DistinctCount : AggregateState {
  explicit DistinctCount(const CallInfo& call) {
    double deviation = 0.05;
    if (call.constants.size() > 1 && call.constants[1] && !call.constants[1]->is_null()) {
      deviation = call.constants[1]->float64();
    }
    precision = static_cast<int>(std::ceil(2.0 * std::log(1.106 / deviation) / std::log(2.0)));
    if (precision < 4 || precision > 24) {
      throw SparkError("FAILED_FUNCTION_CALL", {{"funcName", "`approx_count_distinct`"}});
    }
    registers.resize(size_t{1} << precision);
  }
  int precision = 9;
  std::vector<uint8_t> registers;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      return;
    }
    const auto hash = static_cast<uint64_t>(xxhash64_of_row(arguments[0], row, 42));
    const uint64_t rest = (hash << precision) | (uint64_t{1} << (precision - 1));
    uint8_t& place = registers[hash >> (64 - precision)];
    place = std::max(place, static_cast<uint8_t>(std::countl_zero(rest) + 1));
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const auto& from = static_cast<const DistinctCount&>(other);
    for (size_t i = 0; i < registers.size(); ++i) {
      registers[i] = std::max(registers[i], from.registers[i]);
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    const auto size = static_cast<double>(registers.size());
    double inverse_sum = 0;
    double empty = 0;
    for (const uint8_t value : registers) {
      inverse_sum += std::ldexp(1.0, -value);
      empty += value == 0;
    }
    constexpr double thresholds[] = {10,   20,   40,    80,    220,   400,    900,   1800,
                                     3100, 6500, 11500, 20000, 50000, 120000, 350000};
    const double alpha = precision == 4   ? 0.673
                         : precision == 5 ? 0.697
                         : precision == 6 ? 0.709
                                          : 0.7213 / (1.0 + 1.079 / size);
    const double raw = alpha * size * size / inverse_sum;
    const double linear = empty > 0 ? size * std::log(size / empty) : 0;
    const bool small = precision < 19 ? linear <= thresholds[precision - 4] : raw <= 2.5 * size;
    out.set(row, static_cast<int64_t>(std::llround(empty > 0 && small ? linear : raw)));
  }
};

void check_deviation(const CallInfo& call) {
  if (call.argument_types.size() < 2) {
    return;
  }
  if (!call.constants[1] || call.constants[1]->is_null()) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`relativeSD`"}, {"inputType", "\"" + sql_string(call.argument_types[1]) + "\""}});
  }
  if (std::ceil(2.0 * std::log(1.106 / call.constants[1]->float64()) / std::log(2.0)) < 4) {
    throw SparkError("FAILED_FUNCTION_CALL", {{"funcName", "`approx_count_distinct`"}});
  }
}

std::string show_first(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ")";
}

constexpr int64_t default_accuracy = 10000;

int64_t accuracy_of(const CallInfo& call) {
  if (call.constants.size() > 2 && call.constants[2] && !call.constants[2]->is_null()) {
    return call.constants[2]->integer();
  }
  return default_accuracy;
}

struct ApproximatePercentile : AggregateState {
  explicit ApproximatePercentile(const CallInfo& call) : summary(1.0 / static_cast<double>(accuracy_of(call))) {}
  QuantileSummary summary;
  std::vector<double> percentages;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      return;
    }
    if (summary.count() == 0) {
      percentages = read_percentages(read_value(arguments[1], row));
    }
    summary.insert(read_double(arguments[0], row));
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const auto& from = static_cast<const ApproximatePercentile&>(other);
    if (summary.count() == 0) {
      percentages = from.percentages;
    }
    summary.merge(from.summary);
  }
  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const override {
    if (summary.count() == 0 || percentages.empty()) {
      return out.set_null(row);
    }
    const bool array = context.call.result_type.is(TypeKind::array);
    const Type& type = array ? context.call.result_type.element() : context.call.result_type;
    ValueList results;
    for (const double result : summary.query(percentages)) {
      results.push_back(value_from_double(result, type));
    }
    write_value(out, row, array ? Value(std::move(results)) : results[0]);
  }
};

/// A histogram of at most `limit` bins: each value is a bin of its own until the closest two are merged.
struct Histogram : AggregateState {
  struct Bin {
    double x;
    double y;
  };
  explicit Histogram(const CallInfo& call)
      : limit(call.constants[1] && !call.constants[1]->is_null() ? static_cast<size_t>(call.constants[1]->integer())
                                                                 : 2) {}
  size_t limit;
  std::vector<Bin> bins;
  JavaRandom ties{31183};  ///< breaks ties between bins

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      return;
    }
    const double value = read_double(arguments[0], row);
    const auto place =
        std::lower_bound(bins.begin(), bins.end(), value, [](const Bin& bin, double x) { return bin.x < x; });
    if (place != bins.end() && place->x == value) {
      ++place->y;
    } else {
      bins.insert(place, {value, 1});
      trim();
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const auto& from = static_cast<const Histogram&>(other);
    bins.insert(bins.end(), from.bins.begin(), from.bins.end());
    std::stable_sort(bins.begin(), bins.end(), [](const Bin& left, const Bin& right) { return left.x < right.x; });
    trim();
  }
  void trim() {
    while (bins.size() > limit && bins.size() > 1) {
      size_t closest = 0;
      double least = bins[1].x - bins[0].x;
      int equal = 1;
      for (size_t i = 1; i + 1 < bins.size(); ++i) {
        const double difference = bins[i + 1].x - bins[i].x;
        if (difference < least) {
          least = difference;
          closest = i;
          equal = 1;
        } else if (difference == least && ties.next_double() <= 1.0 / ++equal) {
          closest = i;
        }
      }
      Bin& left = bins[closest];
      const Bin right = bins[closest + 1];
      const double total = left.y + right.y;
      left.x = left.x * (left.y / total) + right.x / total * right.y;
      left.y = total;
      bins.erase(bins.begin() + static_cast<std::ptrdiff_t>(closest) + 1);
    }
  }
  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const override {
    if (bins.empty()) {
      return out.set_null(row);
    }
    const Type& type = context.call.result_type.element().fields()[0].type;
    ValueList results;
    for (const Bin& bin : bins) {
      results.emplace_back(ValueList{value_from_double(bin.x, type), Value(bin.y)});
    }
    write_value(out, row, Value(std::move(results)));
  }
};

Type approximate_type(const CallInfo& call) {
  return call.argument_types[1].is(TypeKind::array) ? Type::array(call.argument_types[0], false)
                                                    : call.argument_types[0];
}

void check_approximate(const CallInfo& call) {
  check_percentage(call, 1);
  if (call.argument_types.size() < 3) {
    return;
  }
  if (!call.constants[2]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`accuracy`"}, {"inputType", "\"" + sql_string(call.argument_types[2]) + "\""}});
  }
  if (call.constants[2]->is_null()) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_NULL", {{"exprName", "accuracy"}});
  }
  const int64_t accuracy = call.constants[2]->integer();
  if (accuracy <= 0 || accuracy > INT32_MAX) {
    throw SparkError("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"exprName", "accuracy"},
                                                              {"valueRange", "(0, 2147483647]"},
                                                              {"currentValue", std::to_string(accuracy) + "L"}});
  }
}

Type histogram_type(const CallInfo& call) {
  return Type::array(Type::structure({{"x", call.argument_types[0], true, {}}, {"y", Type::float64(), true, {}}}),
                     true);
}

void check_histogram(const CallInfo& call) {
  if (!call.constants[1]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", {{"inputName", "`nb`"}, {"inputType", "\"INT\""}});
  }
  if (call.constants[1]->is_null()) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_NULL", {{"exprName", "nb"}});
  }
  if (call.constants[1]->integer() < 2) {
    throw SparkError("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                     {{"exprName", "nb"},
                      {"valueRange", "[2, 2147483647]"},
                      {"currentValue", std::to_string(call.constants[1]->integer())}});
  }
}

std::string show_accuracy(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ", " + arguments[1] + ", " +
         (arguments.size() > 2 ? arguments[2] : "10000") + ")";
}

#define PYRITE_MEASURABLE \
  "double|float|byte|short|int|long|decimal|date|timestamp|timestamp_ntz|ym_interval|dt_interval"

constexpr FunctionDef rows[] = {
    {.name = "approx_count_distinct",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> long", "(any, double) -> long"},
     .check = check_deviation,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_first,
     .lower = lowering::OwnAggregate{aggregate_kernel<DistinctCount>},
     .errors = {"FAILED_FUNCTION_CALL"},
     .doc = "Nearly how many distinct values a group has, in little memory.",
     .examples = {"approx_count_distinct(1) = 1"}},
    {.name = "approx_percentile",
     .aliases = {{"percentile_approx"}},
     .kind = FunctionKind::aggregate,
     .forms = {"(" PYRITE_MEASURABLE ", double|null) -> rule", "(" PYRITE_MEASURABLE ", array<double>) -> rule",
               "(" PYRITE_MEASURABLE ", double|null, integral|null) -> rule",
               "(" PYRITE_MEASURABLE ", array<double>, integral|null) -> rule"},
     .result = approximate_type,
     .check = check_approximate,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_accuracy,
     .lower = lowering::OwnAggregate{aggregate_kernel<ApproximatePercentile>},
     .doc = "A value of the group whose rank is near the percentage; a greater accuracy costs more memory.",
     .examples = {"approx_percentile(1, 0.5) = 1"}},
    {.name = "histogram_numeric",
     .kind = FunctionKind::aggregate,
     .forms = {"(" PYRITE_MEASURABLE ", int|null) -> rule"},
     .result = histogram_type,
     .check = check_histogram,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{aggregate_kernel<Histogram>},
     .doc = "A histogram of the group with bins of unequal width: centres and how many values fell to each.",
     .examples = {"histogram_numeric(1, 2) = [{\"x\":1,\"y\":1.0}]"}},
};

#undef PYRITE_MEASURABLE

}  // namespace

std::span<const FunctionDef> aggregate_approximate_functions() { return rows; }

}  // namespace pyrite
