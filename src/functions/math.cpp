// Mathematical functions of doubles: roots, exponentials, logarithms, trigonometry, with Java's results.
#include <cmath>
#include <limits>
#include <numbers>

#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

/// A function of one double, over whole arrays.
template <auto f>
void run_unary(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& values = arguments[0];
  const auto* in = static_cast<const double*>(values.data);
  auto* result = static_cast<double*>(out.data());
  if (!values.selection && !values.validity) {
    for (size_t row = 0; row < rows; ++row) {
      result[row] = f(in[row]);
    }
    return;
  }
  for (size_t row = 0; row < rows; ++row) {
    if (values.is_null(row)) {
      out.set_null(row);
    } else {
      result[row] = f(in[values.position(row)]);
    }
  }
}
template <auto f>
inline constexpr Kernel unary{&run_unary<f>, nullptr};

double sqrt(double x) { return std::sqrt(x); }
double cbrt(double x) { return static_cast<double>(std::cbrt(static_cast<long double>(x))); }
double exp(double x) { return std::exp(x); }
double expm1(double x) { return std::expm1(x); }
double sin(double x) { return std::sin(x); }
double cos(double x) { return std::cos(x); }
double tan(double x) { return std::tan(x); }
double asin(double x) { return std::asin(x); }
double acos(double x) { return std::acos(x); }
double atan(double x) { return std::atan(x); }
double sec(double x) { return 1.0 / std::cos(x); }
double csc(double x) { return 1.0 / std::sin(x); }
double cot(double x) { return 1.0 / std::tan(x); }
// Java's StrictMath computes these by the formulas of fdlibm; other libraries round some results differently.
double natural_log(double x) {
  if (!(x > 0) || std::isinf(x)) {
    return std::log(x);
  }
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent) * 2;
  --exponent;
  const double original = mantissa;
  if (mantissa >= 0x1.6a09cp+0) {
    mantissa /= 2;
    ++exponent;
  }
  const double f = mantissa - 1;
  const double scale = exponent;
  constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  if (std::fabs(f) < 0x1p-20) {
    if (f == 0) {
      return scale * ln2_high + scale * ln2_low;
    }
    const double r = f * f * (0.5 - 0.33333333333333333 * f);
    return exponent == 0 ? f - r : scale * ln2_high - ((r - scale * ln2_low) - f);
  }
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double odd =
      z * (6.666666666666735130e-01 +
           w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  const double r = even + odd;
  if (original > 0x1.6147bp+0 && original < 0x1.6b851p+0) {
    const double half = 0.5 * f * f;
    return exponent == 0 ? f - (half - s * (half + r))
                         : scale * ln2_high - ((half - (s * (half + r) + scale * ln2_low)) - f);
  }
  return exponent == 0 ? f - s * (f - r) : scale * ln2_high - ((s * (f - r) - scale * ln2_low) - f);
}

double sinh(double x) {
  const double size = std::fabs(x);
  if (!(size < 22)) {
    return std::sinh(x);
  }
  if (size < 0x1p-28) {
    return x;
  }
  const double half = x < 0 ? -0.5 : 0.5;
  const double t = std::expm1(size);
  return size < 1 ? half * (2.0 * t - t * t / (t + 1.0)) : half * (t + t / (t + 1.0));
}

double cosh(double x) {
  const double size = std::fabs(x);
  if (!(size < 22)) {
    return std::cosh(x);
  }
  if (size < 0.5 * std::numbers::ln2) {
    const double t = std::expm1(size);
    const double w = 1.0 + t;
    return size < 0x1p-55 ? w : 1.0 + (t * t) / (w + w);
  }
  const double t = std::exp(size);
  return 0.5 * t + 0.5 / t;
}

double tanh(double x) {
  const double size = std::fabs(x);
  if (!(size < 22) || size < 0x1p-55) {
    return std::tanh(x);
  }
  double z;
  if (size >= 1) {
    z = 1.0 - 2.0 / (std::expm1(2.0 * size) + 2.0);
  } else {
    const double t = std::expm1(-2.0 * size);
    z = -t / (t + 2.0);
  }
  return x < 0 ? -z : z;
}

// The formulas of the inverse hyperbolic functions are Spark's, so that their rounding and limits agree.
double asinh(double x) {
  return x == -std::numeric_limits<double>::infinity() ? x : natural_log(x + std::sqrt(x * x + 1.0));
}
double acosh(double x) { return natural_log(x + std::sqrt(x * x - 1.0)); }
double atanh(double x) { return 0.5 * (std::log1p(x) - std::log1p(-x)); }
double degrees(double x) { return x * 57.29577951308232; }
double radians(double x) { return x * 0.017453292519943295; }
double rint(double x) { return std::nearbyint(x); }

/// Logarithms are NULL at and below the point where they have no value.
template <auto f, int asymptote>
std::optional<double> logarithm(double x) {
  return x <= asymptote ? std::nullopt : std::optional(f(x));
}
double ln(double x) { return natural_log(x); }
double log2(double x) { return natural_log(x) / natural_log(2.0); }
double log10(double x) { return std::log10(x); }
double log1p(double x) { return std::log1p(x); }

/// log(x), or log(base, x).
std::optional<double> log_of_base(double first, Given<double> second) {
  if (!second.value) {
    return logarithm<ln, 0>(first);
  }
  return first <= 0 || *second.value <= 0 ? std::nullopt
                                          : std::optional(natural_log(*second.value) / natural_log(first));
}
std::string show_log(std::string_view, const std::vector<std::string>& arguments) {
  return arguments.size() == 1 ? "LOG(E(), " + arguments[0] + ")" : call_text("LOG", arguments);
}

double pow(double base, double exponent) {
  if (std::isnan(exponent) || (std::isinf(exponent) && std::fabs(base) == 1)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::pow(base, exponent);
}
double hypot(double x, double y) { return std::hypot(x, y); }
double atan2(double y, double x) { return std::atan2(y + 0.0, x + 0.0); }
double pi() { return std::numbers::pi; }
double e() { return std::numbers::e; }

double sign_of(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }
void run_signum(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& values = arguments[0];
  for (size_t row = 0; row < rows; ++row) {
    if (values.is_null(row)) {
      out.set_null(row);
    } else if (values.type.is(TypeKind::year_month_interval)) {
      out.set(row, sign_of(values.get<int32_t>(row)));
    } else if (values.type.is(TypeKind::day_time_interval)) {
      out.set(row, sign_of(static_cast<double>(values.get<int64_t>(row))));
    } else {
      out.set(row, sign_of(values.get<double>(row)));
    }
  }
}

constexpr FunctionDef unary_row(std::string_view name, Kernel kernel, std::string_view doc, const char* since) {
  return {.name = name,
          .forms = {"(double) -> double"},
          .nullability = Nullability::always,
          .display = show_capitals,
          .lower = Own{kernel},
          .doc = doc,
          .since = since,
          .group = "math_funcs"};
}

constexpr FunctionDef rows[] = {
    unary_row("sqrt", unary<sqrt>, "The square root; NaN for negative numbers.", "1.1.1"),
    unary_row("cbrt", unary<cbrt>, "The cube root.", "1.4.0"),
    unary_row("exp", unary<exp>, "e to the power of the number.", "1.4.0"),
    unary_row("expm1", unary<expm1>, "exp(x) - 1, exact for small x.", "1.4.0"),
    unary_row("sin", unary<sin>, "The sine of an angle in radians.", "1.4.0"),
    unary_row("cos", unary<cos>, "The cosine of an angle in radians.", "1.4.0"),
    unary_row("tan", unary<tan>, "The tangent of an angle in radians.", "1.4.0"),
    unary_row("cot", unary<cot>, "The cotangent of an angle in radians.", "2.3.0"),
    unary_row("sec", unary<sec>, "The secant of an angle in radians.", "3.3.0"),
    unary_row("csc", unary<csc>, "The cosecant of an angle in radians.", "3.3.0"),
    unary_row("asin", unary<asin>, "The angle whose sine is given.", "1.4.0"),
    unary_row("acos", unary<acos>, "The angle whose cosine is given.", "1.4.0"),
    unary_row("atan", unary<atan>, "The angle whose tangent is given.", "1.4.0"),
    unary_row("sinh", unary<sinh>, "The hyperbolic sine.", "1.4.0"),
    unary_row("cosh", unary<cosh>, "The hyperbolic cosine.", "1.4.0"),
    unary_row("tanh", unary<tanh>, "The hyperbolic tangent.", "1.4.0"),
    unary_row("asinh", unary<asinh>, "The inverse hyperbolic sine.", "3.0.0"),
    unary_row("acosh", unary<acosh>, "The inverse hyperbolic cosine.", "3.0.0"),
    unary_row("atanh", unary<atanh>, "The inverse hyperbolic tangent.", "3.0.0"),
    unary_row("degrees", unary<degrees>, "Radians as degrees.", "1.4.0"),
    unary_row("radians", unary<radians>, "Degrees as radians.", "1.4.0"),
    unary_row("log10", kernel<logarithm<log10, 0>>, "The logarithm to base 10; NULL for numbers that have none.",
              "1.4.0"),
    unary_row("log2", kernel<logarithm<log2, 0>>, "The logarithm to base 2; NULL for numbers that have none.", "1.4.0"),
    unary_row("log1p", kernel<logarithm<log1p, -1>>, "ln(1 + x), exact for small x; NULL where it has no value.",
              "1.4.0"),
    {.name = "ln",
     .forms = {"(double) -> double"},
     .nullability = Nullability::always,
     .lower = Own{kernel<logarithm<ln, 0>>},
     .doc = "The natural logarithm; NULL for numbers that have none.",
     .examples = {"ln(1) = 0.0"},
     .since = "1.4.0",
     .group = "math_funcs"},
    {.name = "log",
     .forms = {"(double, [double]) -> double"},
     .nullability = Nullability::always,
     .display = show_log,
     .lower = Own{kernel<log_of_base>},
     .doc = "The logarithm to a base, or the natural one; NULL for numbers that have none.",
     .examples = {"log(10, 100) = 2.0"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "rint",
     .forms = {"(double) -> double"},
     .nullability = Nullability::always,
     .lower = Own{unary<rint>},
     .doc = "The nearest whole number; the even one of two equally near.",
     .examples = {"rint(12.3456) = 12.0"},
     .since = "1.4.0",
     .group = "math_funcs"},
    {.name = "sign",
     .aliases = {{"signum", "SIGNUM"}},
     .forms = {"(double) -> double", "(ym_interval) -> double", "(dt_interval) -> double"},
     .nullability = Nullability::always,
     .lower = Own{{&run_signum, nullptr}},
     .doc = "-1, 0 or 1 by the sign of the number or interval.",
     .examples = {"sign(40) = 1.0"},
     .since = "1.4.0",
     .group = "math_funcs"},
    {.name = "pow",
     .aliases = {{"power", "POWER"}},
     .forms = {"(double, double) -> double"},
     .lower = Own{kernel<pow>},
     .doc = "The first number raised to the second.",
     .examples = {"pow(2, 3) = 8.0"},
     .since = "1.4.0",
     .group = "math_funcs"},
    {.name = "hypot",
     .forms = {"(double, double) -> double"},
     .display = show_capitals,
     .lower = Own{kernel<hypot>},
     .doc = "The hypotenuse over two legs, without overflow on the way.",
     .examples = {"hypot(3, 4) = 5.0"},
     .since = "1.4.0",
     .group = "math_funcs"},
    {.name = "atan2",
     .forms = {"(double, double) -> double"},
     .display = show_capitals,
     .lower = Own{kernel<atan2>},
     .doc = "The angle of the point whose y and x are given.",
     .examples = {"atan2(0, 0) = 0.0"},
     .since = "1.4.0",
     .group = "math_funcs"},
    {.name = "pi",
     .forms = {"() -> double"},
     .nullability = Nullability::never,
     .display = show_capitals,
     .lower = Own{kernel<pi>},
     .doc = "The ratio of a circle's circumference to its diameter.",
     .examples = {"pi() = 3.141592653589793"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "e",
     .forms = {"() -> double"},
     .nullability = Nullability::never,
     .display = show_capitals,
     .lower = Own{kernel<e>},
     .doc = "The base of natural logarithms.",
     .examples = {"e() = 2.718281828459045"},
     .since = "1.5.0",
     .group = "math_funcs"},
};

}  // namespace

std::span<const FunctionDef> math_functions() { return rows; }

}  // namespace pyrite
