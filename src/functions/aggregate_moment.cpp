// Statistical moments: variance, standard deviation, skewness, kurtosis, covariance, correlation, linear regression.
#include <cmath>

#include "functions/aggregate_rows.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

/// Central moments of one column, updated row by row (Welford) and merged pairwise (Chan).
struct Moments {
  double n = 0, mean = 0, m2 = 0, m3 = 0, m4 = 0;

  void add(double value) {
    const double count = n + 1;
    const double delta = value - mean;
    const double delta_n = delta / count;
    const double delta2 = delta * delta;
    const double delta_n2 = delta_n * delta_n;
    const double new_m2 = m2 + delta * (delta - delta_n);
    const double new_m3 = m3 - 3.0 * delta_n * new_m2 + delta * (delta2 - delta_n2);
    m4 = m4 - 4.0 * delta_n * new_m3 - 6.0 * delta_n2 * new_m2 + delta * (delta * delta2 - delta_n * delta_n2);
    m3 = new_m3;
    m2 = new_m2;
    mean += delta_n;
    n = count;
  }
  void combine(const Moments& right) {
    if (right.n == 0) {
      return;
    }
    if (n == 0) {
      *this = right;
      return;
    }
    const double n1 = n, n2 = right.n;
    const double total = n1 + n2;
    const double delta = right.mean - mean;
    const double delta_n = delta / total;
    const double new_m2 = m2 + right.m2 + delta * delta_n * n1 * n2;
    const double new_m3 =
        m3 + right.m3 + delta_n * delta_n * delta * n1 * n2 * (n1 - n2) + 3.0 * delta_n * (n1 * right.m2 - n2 * m2);
    m4 = m4 + right.m4 + delta_n * delta_n * delta_n * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2) +
         6.0 * delta_n * delta_n * (n1 * n1 * right.m2 + n2 * n2 * m2) + 4.0 * delta_n * (n1 * right.m3 - n2 * m3);
    m3 = new_m3;
    m2 = new_m2;
    mean += delta_n * n2;
    n = total;
  }
};

enum class Moment { variance_population, variance_sample, deviation_population, deviation_sample, skewness, kurtosis };

template <Moment moment>
struct MomentOf : Moments {
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    each_double(arguments[0], rows, at, [](MomentOf& state, double value) { state.add(value); });
  }
  void merge(const KernelContext&, const MomentOf& from) { combine(from); }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const {
    constexpr bool sample = moment == Moment::variance_sample || moment == Moment::deviation_sample;
    constexpr bool shape = moment == Moment::skewness || moment == Moment::kurtosis;
    if (n == 0 || (sample && n == 1) || (shape && m2 == 0)) {
      return out.set_null(row);
    }
    switch (moment) {
      case Moment::variance_population:
        return out.set(row, m2 / n);
      case Moment::variance_sample:
        return out.set(row, m2 / (n - 1));
      case Moment::deviation_population:
        return out.set(row, std::sqrt(m2 / n));
      case Moment::deviation_sample:
        return out.set(row, std::sqrt(m2 / (n - 1)));
      case Moment::skewness:
        return out.set(row, std::sqrt(n) * m3 / std::sqrt(m2 * m2 * m2));
      case Moment::kurtosis:
        return out.set(row, n * m4 / (m2 * m2) - 3.0);
    }
  }
};

/// f(state, x, y) for the rows where neither of two double columns is NULL.
template <class At, class F>
void each_pair(std::span<const ColumnView> arguments, size_t rows, At at, F f) {
  for (size_t row = 0; row < rows; ++row) {
    if (!arguments[0].is_null(row) && !arguments[1].is_null(row)) {
      f(at(row), arguments[0].get<double>(row), arguments[1].get<double>(row));
    }
  }
}

/// Joint moments of two columns.
struct Joint {
  double n = 0, x_mean = 0, y_mean = 0, xy = 0, x2 = 0, y2 = 0;

  void add(double x, double y) {
    const double count = n + 1;
    const double dx = x - x_mean;
    const double dy = y - y_mean;
    x_mean += dx / count;
    y_mean += dy / count;
    xy += dx * (y - y_mean);
    x2 += dx * (x - x_mean);
    y2 += dy * (y - y_mean);
    n = count;
  }
  void combine(const Joint& right) {
    if (right.n == 0) {
      return;
    }
    if (n == 0) {
      *this = right;
      return;
    }
    const double total = n + right.n;
    const double dx = right.x_mean - x_mean;
    const double dy = right.y_mean - y_mean;
    const double dx_n = dx / total;
    const double dy_n = dy / total;
    xy = xy + right.xy + dx * dy_n * n * right.n;
    x2 = x2 + right.x2 + dx * dx_n * n * right.n;
    y2 = y2 + right.y2 + dy * dy_n * n * right.n;
    x_mean += dx_n * right.n;
    y_mean += dy_n * right.n;
    n = total;
  }
};

enum class Pair { covariance_population, covariance_sample, correlation, regression_r2, regression_sxy };

template <Pair pair>
struct PairOf : Joint {
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    each_pair(arguments, rows, at, [](PairOf& state, double x, double y) { state.add(x, y); });
  }
  void merge(const KernelContext&, const PairOf& from) { combine(from); }
  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const {
    constexpr bool needs_two = pair == Pair::covariance_sample || pair == Pair::correlation;
    if (n == 0 || (needs_two && n == 1)) {
      return out.set_null(row);
    }
    switch (pair) {
      case Pair::covariance_population:
        return out.set(row, xy / n);
      case Pair::covariance_sample:
        return out.set(row, xy / (n - 1));
      case Pair::regression_sxy:
        return out.set(row, xy);
      case Pair::correlation:
        return finish_correlation(context, out, row);
      case Pair::regression_r2: {
        if (y2 == 0) {
          return out.set_null(row);
        }
        const double correlation = xy / std::sqrt(x2 * y2);
        return out.set(row, x2 == 0 ? 1.0 : correlation * correlation);
      }
    }
  }

 private:
  void finish_correlation(const KernelContext& context, ColumnWriter& out, size_t row) const {
    const double divisor = std::sqrt(x2 * y2);
    if (divisor != 0) {
      return out.set(row, xy / divisor);
    }
    if (context.ansi()) {
      throw SparkError("DIVIDE_BY_ZERO", {{"config", "\"spark.sql.ansi.enabled\""}});
    }
    out.set_null(row);
  }
};

enum class Regression { slope, intercept, sxx, syy };

/// Arguments: the dependent y, then x.
template <Regression regression>
struct RegressionOf {
  Joint joint;
  Moments moments;

  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    each_pair(arguments, rows, at, [](RegressionOf& state, double y, double x) {
      state.joint.add(x, y);
      state.moments.add(regression == Regression::syy ? y : x);
    });
  }
  void merge(const KernelContext&, const RegressionOf& from) {
    joint.combine(from.joint);
    moments.combine(from.moments);
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const {
    if (moments.n == 0) {
      return out.set_null(row);
    }
    if (regression == Regression::sxx || regression == Regression::syy) {
      return out.set(row, moments.m2);
    }
    if (moments.m2 == 0) {
      return out.set_null(row);
    }
    const double slope = joint.xy / moments.m2;
    if (regression == Regression::slope) {
      return out.set(row, slope);
    }
    // Spark's final step merges into an empty state, which rounds the means once more.
    const double x_mean = joint.x_mean / joint.n * joint.n;
    const double y_mean = joint.y_mean / joint.n * joint.n;
    out.set(row, y_mean - slope * x_mean);
  }
};

struct PairCount {
  int64_t count = 0;
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    each_pair(arguments, rows, at, [](PairCount& state, double, double) { ++state.count; });
  }
  void merge(const KernelContext&, const PairCount& from) { count += from.count; }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const { out.set(row, count); }
};

template <class State>
consteval FunctionDef one_column(std::string_view name, FixedList<FunctionAlias, 6> aliases, std::string_view doc) {
  return {.name = name,
          .aliases = aliases,
          .kind = FunctionKind::aggregate,
          .forms = {"(double) -> double"},
          .nullability = Nullability::always,
          .lower = lowering::OwnAggregate{flat_aggregate<State>},
          .doc = doc};
}

template <class State>
consteval FunctionDef two_columns(std::string_view name, std::string_view doc, Failure failure = Failure::never) {
  return {.name = name,
          .kind = FunctionKind::aggregate,
          .forms = {"(double, double) -> double"},
          .nulls = NullHandling::custom,
          .nullability = Nullability::always,
          .failure = failure,
          .lower = lowering::OwnAggregate{flat_aggregate<State>},
          .doc = doc};
}

constexpr FunctionDef rows[] = {
    one_column<MomentOf<Moment::variance_population>>("var_pop", {}, "The variance of a whole population."),
    one_column<MomentOf<Moment::variance_sample>>("var_samp", {{"variance"}}, "The unbiased variance of a sample."),
    one_column<MomentOf<Moment::deviation_population>>("stddev_pop", {},
                                                       "The standard deviation of a whole population."),
    one_column<MomentOf<Moment::deviation_sample>>("stddev_samp", {{"stddev"}, {"std"}},
                                                   "The standard deviation of a sample, from its unbiased variance."),
    one_column<MomentOf<Moment::skewness>>("skewness", {},
                                           "How asymmetric the values of a group lie about their mean."),
    one_column<MomentOf<Moment::kurtosis>>("kurtosis", {},
                                           "The excess kurtosis: how heavy the tails are, 0 for a normal law."),
    two_columns<PairOf<Pair::covariance_population>>("covar_pop", "The covariance of a whole population of pairs."),
    two_columns<PairOf<Pair::covariance_sample>>("covar_samp", "The unbiased covariance of a sample of pairs."),
    two_columns<PairOf<Pair::correlation>>("corr", "Pearson's correlation coefficient of two columns.",
                                           Failure::possible),
    two_columns<PairOf<Pair::regression_r2>>("regr_r2",
                                             "The share of y's variance that a straight line over x explains."),
    two_columns<PairOf<Pair::regression_sxy>>("regr_sxy", "The sum of products of the deviations of y and x."),
    two_columns<RegressionOf<Regression::slope>>("regr_slope", "The slope of the least-squares line of y over x."),
    two_columns<RegressionOf<Regression::intercept>>("regr_intercept",
                                                     "Where the least-squares line of y over x meets x = 0."),
    two_columns<RegressionOf<Regression::sxx>>("regr_sxx", "The sum of squared deviations of x over complete pairs."),
    two_columns<RegressionOf<Regression::syy>>("regr_syy", "The sum of squared deviations of y over complete pairs."),
    {.name = "regr_count",
     .kind = FunctionKind::aggregate,
     .forms = {"(double, double) -> long"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{flat_aggregate<PairCount>},
     .doc = "How many pairs of a group have neither part NULL."},
};

}  // namespace

std::span<const FunctionDef> aggregate_moment_functions() { return rows; }

}  // namespace pyrite
