// How often a row is drawn by sampling with replacement: Poisson numbers, the very ones of Apache Commons Math.
#include <cmath>
#include <numbers>
#include <optional>

#include "functions/families.h"
#include "functions/java_random.h"
#include "functions/kernel.h"
#include "functions/well_random.h"

namespace pyrite {
namespace {

double log_factorial(int64_t n) {
  double sum = 0;
  for (int64_t i = 2; i <= n; ++i) {
    sum += std::log(static_cast<double>(i));
  }
  return sum;
}

/// Ahrens and Dieter's algorithm SA, of mean 1.
double exponential(WellRandom& random) {
  constexpr double ln2 = std::numbers::ln2;
  double a = 0;
  double u = random.next_double();
  while (u < 0.5) {
    a += ln2;
    u *= 2;
  }
  u += u - 1;
  if (u <= ln2) {
    return a + u;
  }
  double least = random.next_double();
  // Sums of ln(2)^i / i!, from i = 2 on.
  double term = ln2;
  double sum = ln2;
  int i = 1;
  do {
    ++i;
    term *= ln2 / i;
    sum += term;
    least = std::min(least, random.next_double());
  } while (u > sum);
  return a + least * ln2;
}

/// Many uniform numbers multiplied: for small means.
int64_t small_poisson(WellRandom& random, double mean) {
  const double least = std::exp(-mean);
  int64_t n = 0;
  double product = 1;
  while (static_cast<double>(n) < 1000 * mean) {
    product *= random.next_double();
    if (product < least) {
      return n;
    }
    ++n;
  }
  return n;
}

/// Devroye's rejection method.
int64_t large_poisson(WellRandom& random, double mean) {
  const double lambda = std::floor(mean);
  const double log_lambda = std::log(lambda);
  const double log_lambda_factorial = log_factorial(static_cast<int64_t>(lambda));
  const int64_t fraction = mean - lambda > 0 ? small_poisson(random, mean - lambda) : 0;
  const double delta = std::sqrt(lambda * std::log(32 * lambda / std::numbers::pi + 1));
  const double wide = 2 * lambda + delta;
  const double normal_area = std::sqrt(std::numbers::pi * wide) * std::exp(1 / (8 * lambda));
  const double tail_area = (wide / delta) * std::exp(-delta * (1 + delta) / wide);
  const double area = normal_area + tail_area + 1;
  while (true) {
    double x, y, v;
    const double u = random.next_double();
    if (u <= normal_area / area) {
      const double n = random.next_gaussian();
      x = n * std::sqrt(lambda + delta / 2) - 0.5;
      if (x > delta || x < -lambda) {
        continue;
      }
      y = x < 0 ? std::floor(x) : std::ceil(x);
      v = -exponential(random) - n * n / 2 + 1 / (8 * lambda);
    } else if (u > normal_area / area + tail_area / area) {
      return fraction + static_cast<int64_t>(lambda);
    } else {
      x = delta + (wide / delta) * exponential(random);
      y = std::ceil(x);
      v = -exponential(random) - delta * (x + 1) / wide;
    }
    const double below = x < 0 ? 1 : 0;
    const double t = y * (y + 1) / (2 * lambda);
    const double upper = t * ((2 * y + 1) / (6 * lambda) - 1);
    const double lower = upper - (t * t) / (3 * (lambda + below * (y + 1)));
    const auto accepted = [&] {
      if ((v < -t && below == 0) || v < lower) {
        return true;
      }
      return v <= upper && v < y * log_lambda - log_factorial(static_cast<int64_t>(y + lambda)) + log_lambda_factorial;
    };
    if (accepted()) {
      return fraction + static_cast<int64_t>(lambda + y);
    }
  }
}

/// The draws of one thread, which stands for a partition of Spark: each takes the next seed of a sequence.
struct Draws {
  explicit Draws(const CallInfo& call)
      : mean(call.constants[0]->float64()), seed(call.constants[1]->integer()), streams(call.streams) {}
  double mean;
  int64_t seed;
  std::shared_ptr<std::atomic<int32_t>> streams;
  std::optional<WellRandom> random;

  int64_t next() {
    if (!random) {
      JavaRandom seeds(seed);
      int64_t own = seeds.next_long();
      for (int32_t i = streams ? streams->fetch_add(1) : 0; i > 0; --i) {
        own = seeds.next_long();
      }
      random.emplace(own);
    }
    constexpr double pivot = 40;
    return mean <= 0 ? 0 : mean < pivot ? small_poisson(*random, mean) : large_poisson(*random, mean);
  }
};

void run_draws(const KernelContext& context, std::span<const ColumnView>, size_t rows, ColumnWriter& out) {
  auto& draws = context.as<Draws>();
  for (size_t row = 0; row < rows; ++row) {
    const auto count = static_cast<size_t>(draws.next());
    const size_t start = out.start_list(row, count);
    for (size_t i = 0; i < count; ++i) {
      out.child(0).set(start + i, true);
    }
  }
}

Type draws_type(const CallInfo&) { return Type::array(Type::boolean(), false); }

constexpr FunctionDef rows[] = {
    {.name = "poisson_draws",
     .forms = {"(double, long) -> rule"},
     .result = draws_type,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .lower = lowering::Own{Kernel{&run_draws, &detail::make_state<Draws>}},
     .doc = "An element for each time that a row is drawn, of a mean number and a seed; internal."},
};

}  // namespace

std::span<const FunctionDef> random_poisson_functions() { return rows; }

}  // namespace pyrite
