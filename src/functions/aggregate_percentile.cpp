// Exact percentiles: percentile, percentile_cont, percentile_disc, median.
#include <algorithm>
#include <cmath>

#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/percentage.h"

namespace pyrite {
namespace {

bool before(double left, double right) { return std::isnan(right) ? !std::isnan(left) : left < right; }

/// Arguments: the value, the percentage, and then
///   percentile: how often the value counts; percentile_cont, percentile_disc: whether the order is descending.
struct Percentile : AggregateState {
  explicit Percentile(const CallInfo& call)
      : discrete(call.name == "percentile_disc"),
        frequencies(call.name == "percentile" && call.argument_types.size() > 2) {}
  struct Entry {
    double value;
    int64_t count;
  };
  bool discrete;
  bool frequencies;
  std::vector<Entry> entries;
  std::vector<double> percentages;
  bool descending = false;

  void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t row) override {
    if (entries.empty()) {
      percentages = arguments.size() > 1 ? read_percentages(read_value(arguments[1], row)) : std::vector<double>{0.5};
      descending = !frequencies && arguments.size() > 2 && !arguments[2].is_null(row) && arguments[2].get<bool>(row);
    }
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      return;
    }
    int64_t count = 1;
    if (frequencies) {
      if (arguments[2].is_null(row)) {
        return;
      }
      count = static_cast<int64_t>(read_double(arguments[2], row));
      if (count < 0) {
        throw SparkError("NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION",
                         {{"frequencyExpression", "\"" + std::to_string(count) + "\""},
                          {"negativeValue", std::to_string(count) + "L"}});
      }
      if (count == 0) {
        return;
      }
    }
    entries.push_back({read_double(arguments[0], row), count});
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const auto& from = static_cast<const Percentile&>(other);
    if (entries.empty()) {
      percentages = from.percentages;
      descending = from.descending;
    }
    entries.insert(entries.end(), from.entries.begin(), from.entries.end());
  }

  /// The value at a position counted from 0 in the sorted, repeated values.
  static double at(const std::vector<Entry>& sorted, const std::vector<int64_t>& ends, int64_t position) {
    const auto place = std::upper_bound(ends.begin(), ends.end(), position);
    return sorted[static_cast<size_t>(
                      std::min<ptrdiff_t>(place - ends.begin(), static_cast<ptrdiff_t>(ends.size()) - 1))]
        .value;
  }

  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const override {
    if (entries.empty() || percentages.empty()) {
      return out.set_null(row);
    }
    std::vector<Entry> sorted = entries;
    std::sort(sorted.begin(), sorted.end(), [&](const Entry& left, const Entry& right) {
      return descending ? before(right.value, left.value) : before(left.value, right.value);
    });
    std::vector<int64_t> ends;
    int64_t total = 0;
    for (const Entry& entry : sorted) {
      ends.push_back(total += entry.count);
    }
    const bool array = context.call.result_type.is(TypeKind::array);
    const Type& type = array ? context.call.result_type.element() : context.call.result_type;
    ValueList results;
    for (const double percentage : percentages) {
      results.push_back(
          value_from_double(discrete ? pick(sorted, ends, percentage) : interpolate(sorted, ends, percentage), type));
    }
    write_value(out, row, array ? Value(std::move(results)) : results[0]);
  }

 private:
  static double pick(const std::vector<Entry>& sorted, const std::vector<int64_t>& ends, double percentage) {
    const auto position = static_cast<int64_t>(std::ceil(static_cast<double>(ends.back()) * percentage));
    return at(sorted, ends, std::max<int64_t>(position - 1, 0));
  }
  static double interpolate(const std::vector<Entry>& sorted, const std::vector<int64_t>& ends, double percentage) {
    const double position = static_cast<double>(ends.back() - 1) * percentage;
    const double lower = std::floor(position);
    const double higher = std::ceil(position);
    const double low = at(sorted, ends, static_cast<int64_t>(lower));
    if (lower == higher) {
      return low;
    }
    const double high = at(sorted, ends, static_cast<int64_t>(higher));
    return low == high ? low : (higher - position) * low + (position - lower) * high;
  }
};

Type percentile_type(const CallInfo& call) {
  Type type = call.argument_types[0].is(TypeKind::year_month_interval) ? Type::year_month_interval()
              : call.argument_types[0].is(TypeKind::day_time_interval) ? Type::day_time_interval()
                                                                       : Type::float64();
  return call.argument_types.size() > 1 && call.argument_types[1].is(TypeKind::array)
             ? Type::array(std::move(type), false)
             : type;
}

void check_percentile(const CallInfo& call) { check_percentage(call, 1); }

std::string show_percentile(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ", " + arguments[1] + ", " +
         (arguments.size() > 2 ? arguments[2] : "1") + ")";
}

std::string show_within_group(std::string_view name, const std::vector<std::string>& arguments) {
  const bool descending = arguments.size() > 2 && arguments[2] == "true";
  return std::string(name) + "(" + arguments[1] + ") WITHIN GROUP (ORDER BY " + arguments[0] +
         (descending ? " DESC)" : ")");
}

constexpr FixedList<FormText, 12> within_group_forms = {"(double, double|null) -> rule",
                                                        "(double, array<double>) -> rule",
                                                        "(ym_interval|dt_interval, double|null) -> rule",
                                                        "(ym_interval|dt_interval, array<double>) -> rule",
                                                        "(double, double|null, boolean) -> rule",
                                                        "(double, array<double>, boolean) -> rule",
                                                        "(ym_interval|dt_interval, double|null, boolean) -> rule",
                                                        "(ym_interval|dt_interval, array<double>, boolean) -> rule"};

constexpr FunctionDef rows[] = {
    {.name = "percentile",
     .kind = FunctionKind::aggregate,
     .forms = {"(double, double|null) -> rule", "(double, array<double>) -> rule",
               "(ym_interval|dt_interval, double|null) -> rule", "(ym_interval|dt_interval, array<double>) -> rule",
               "(double, double|null, integral) -> rule", "(double, array<double>, integral) -> rule",
               "(ym_interval|dt_interval, double|null, integral) -> rule",
               "(ym_interval|dt_interval, array<double>, integral) -> rule"},
     .result = percentile_type,
     .check = check_percentile,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_percentile,
     .lower = lowering::OwnAggregate{aggregate_kernel<Percentile>},
     .errors = {"NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION"},
     .doc = "The exact percentile of a group, interpolated between neighbours; an array asks for several at once.",
     .examples = {"percentile(1, 0.5) = 1.0"}},
    {.name = "percentile_cont",
     .kind = FunctionKind::aggregate,
     .forms = within_group_forms,
     .result = percentile_type,
     .check = check_percentile,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_within_group,
     .lower = lowering::OwnAggregate{aggregate_kernel<Percentile>},
     .doc = "The percentile of the values given WITHIN GROUP (ORDER BY …), interpolated between neighbours."},
    {.name = "percentile_disc",
     .kind = FunctionKind::aggregate,
     .forms = within_group_forms,
     .result = percentile_type,
     .check = check_percentile,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_within_group,
     .lower = lowering::OwnAggregate{aggregate_kernel<Percentile>},
     .doc = "The first of the values given WITHIN GROUP (ORDER BY …) that covers the percentage."},
    {.name = "median",
     .kind = FunctionKind::aggregate,
     .forms = {"(double) -> rule", "(ym_interval|dt_interval) -> rule"},
     .result = percentile_type,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{aggregate_kernel<Percentile>},
     .doc = "The middle value of a group, interpolated between the two middle ones.",
     .examples = {"median(1) = 1.0"}},
};

}  // namespace

std::span<const FunctionDef> aggregate_percentile_functions() { return rows; }

}  // namespace pyrite
