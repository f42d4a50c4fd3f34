// Functions that only the client of pandas-on-Spark names, in terms of those of SQL.
#include "connect/internal_function.h"

namespace pyrite::connect {
namespace {

using Arguments = std::vector<plan::ExpressionPtr>;

plan::ExpressionPtr call(const char* name, Arguments arguments) {
  plan::Call out;
  out.name = {name};
  out.arguments = std::move(arguments);
  return plan::make_expression(std::move(out));
}

plan::ExpressionPtr number(double value) {
  return plan::make_expression(plan::Literal{Value(value), Type::float64(), {}});
}

plan::ExpressionPtr nothing() { return plan::make_expression(plan::Literal{Value(), Type::null(), {}}); }

const plan::Literal* literal_at(const plan::Call& given, size_t index) {
  return index < given.arguments.size() ? std::get_if<plan::Literal>(&given.arguments[index]->node) : nullptr;
}

/// var(x, ddof) and its like: SQL has them for 0 and 1 degrees of freedom.
plan::ExpressionPtr with_degrees(const plan::Call& given, const char* population, const char* sample) {
  const plan::Literal* degrees = literal_at(given, given.arguments.size() - 1);
  if (!degrees || !degrees->type.is(TypeKind::integer) || degrees->value.is_null()) {
    throw_invalid_plan("degrees of freedom that are not an integer");
  }
  const int64_t ddof = degrees->value.integer();
  if (ddof != 0 && ddof != 1) {
    throw_unsupported(std::to_string(ddof) + " degrees of freedom");
  }
  return call(ddof == 0 ? population : sample, {given.arguments.begin(), given.arguments.end() - 1});
}

/// The sum of the squares of the distances from the mean, where pandas takes anything smaller for 0.
constexpr double least_square_sum = 1e-14;

plan::ExpressionPtr is_constant(const plan::ExpressionPtr& column, const plan::ExpressionPtr& count) {
  return call("<", {call("*", {call("var_pop", {column}), count}), number(least_square_sum)});
}

/// Skewness and kurtosis without bias, from the ones of the population.
plan::ExpressionPtr skewness(const plan::ExpressionPtr& column) {
  const plan::ExpressionPtr count = call("count", {column});
  const plan::ExpressionPtr factor =
      call("/", {call("sqrt", {call("*", {count, call("-", {count, number(1)})})}), call("-", {count, number(2)})});
  return call("when", {call("<", {count, number(3)}), nothing(), is_constant(column, count), number(0),
                       call("*", {factor, call("skewness", {column})})});
}

plan::ExpressionPtr kurtosis(const plan::ExpressionPtr& column) {
  const plan::ExpressionPtr count = call("count", {column});
  const plan::ExpressionPtr before = call("-", {count, number(1)});
  const plan::ExpressionPtr below = call("*", {call("-", {count, number(2)}), call("-", {count, number(3)})});
  // ((n + 1) g + 6) (n - 1) / ((n - 2) (n - 3))
  const plan::ExpressionPtr inner =
      call("+", {call("*", {call("+", {count, number(1)}), call("kurtosis", {column})}), number(6)});
  return call("when", {call("<", {count, number(4)}), nothing(), is_constant(column, count), number(0),
                       call("/", {call("*", {before, inner}), below})});
}

/// product(x, dropna): without it one NULL makes the product NULL.
plan::ExpressionPtr product(const plan::Call& given) {
  const plan::ExpressionPtr& column = given.arguments[0];
  const plan::Literal* skip = literal_at(given, 1);
  const plan::ExpressionPtr value = call("coalesce", {call("product", {column}), number(1)});
  if (skip && !skip->value.is_null() && skip->value.boolean()) {
    return value;
  }
  const plan::ExpressionPtr all = call("count", {call("isnull", {column})});
  return call("when", {call("<", {call("count", {column}), all}), nothing(), value});
}

}  // namespace

plan::ExpressionPtr internal_function(const plan::Call& given) {
  const std::string& name = given.name.back();
  const size_t count = given.arguments.size();
  if (name == "pandas_stddev" && count == 2) {
    return with_degrees(given, "stddev_pop", "stddev_samp");
  }
  if (name == "pandas_var" && count == 2) {
    return with_degrees(given, "var_pop", "var_samp");
  }
  if (name == "pandas_covar" && count == 3) {
    return with_degrees(given, "covar_pop", "covar_samp");
  }
  if (name == "pandas_skew" && count == 1) {
    return skewness(given.arguments[0]);
  }
  if (name == "pandas_kurt" && count == 1) {
    return kurtosis(given.arguments[0]);
  }
  if (name == "pandas_product" && count == 2) {
    return product(given);
  }
  if (name == "distributed_id" && count == 0) {
    return call("monotonically_increasing_id", {});
  }
  return nullptr;
}

}  // namespace pyrite::connect
