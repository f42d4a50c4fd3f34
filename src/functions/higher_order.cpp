// Functions that take lambdas. The engine evaluates the bodies; here stand their names and types.
#include "functions/array_order.h"
#include "functions/bind_call.h"
#include "functions/families.h"

namespace pyrite {
namespace {

using lowering::Special;

/// Without a last lambda Spark shows the identity.
std::string show_fold(std::string_view name, const std::vector<std::string>& arguments) {
  std::string text = std::string(name) + "(";
  for (size_t i = 0; i < arguments.size(); ++i) {
    text += (i ? ", " : "") + arguments[i];
  }
  return text + (arguments.size() < 4 ? ", lambdafunction(namedlambdavariable(), namedlambdavariable()))" : ")");
}

Type first_type(const CallInfo& call) { return call.argument_types[0]; }

/// Without a comparison of its own, Spark shows the one it puts in.
std::string show_sort(std::string_view name, const std::vector<std::string>& arguments) {
  if (arguments.size() > 1) {
    return std::string(name) + "(" + arguments[0] + ", " + arguments[1] + ")";
  }
  const std::string v = "namedlambdavariable()";
  return std::string(name) + "(" + arguments[0] + ", lambdafunction((IF(((" + v + " IS NULL) AND (" + v +
         " IS NULL)), 0, (IF((" + v + " IS NULL), 1, (IF((" + v + " IS NULL), -1, (IF((" + v + " < " + v +
         "), -1, (IF((" + v + " > " + v + "), 1, 0)))))))))), " + v + ", " + v + "))";
}

/// array_sort without a comparison: Spark's order with NULL last.
constexpr FunctionDef plain_sort = {.name = "array_sort",
                                    .forms = {"(array<any>) -> rule"},
                                    .result = first_type,
                                    .check = check_sortable,
                                    .display = show_sort,
                                    .lower = lowering::Own{{sort_arrays}}};
constexpr FunctionDef compared_sort = {.name = "array_sort",
                                       .forms = {"(array<T>, lambda(T, T) int) -> array<T>"},
                                       .failure = Failure::possible,
                                       .display = show_sort,
                                       .lower = Special{SpecialForm::array_sort}};

resolved::ExpressionPtr bind_sort(const FunctionDef&, std::vector<resolved::ExpressionPtr> arguments,
                                  const BindOptions& options) {
  const FunctionDef& chosen = arguments.size() == 1 ? plain_sort : compared_sort;
  return bind_call(chosen, std::move(arguments), options);
}

constexpr FunctionDef rows[] = {
    {.name = "array_sort",
     .forms = {"(array<any>) -> rule", "(array<T>, lambda(T, T) int) -> array<T>"},
     .result = first_type,
     .bind = bind_sort,
     .failure = Failure::possible,
     .lower = Special{SpecialForm::array_sort},
     .errors = {"COMPARATOR_RETURNS_NULL"},
     .doc = "The array in ascending order with NULL last, or in the order of a comparison that gives a sign.",
     .examples = {"array_sort(array(5, 6, 1)) = [1,5,6]"}},
    {.name = "transform",
     .forms = {"(array<T>, lambda(T) R) -> array<R>", "(array<T>, lambda(T, int) R) -> array<R>"},
     .lower = Special{SpecialForm::transform},
     .doc = "The array of what a function gives for each element, and for its position from 0 if it asks for that too.",
     .examples = {"transform(array(1, 2, 3), x -> x + 1) = [2,3,4]"}},
    {.name = "filter",
     .forms = {"(array<T>, lambda(T) boolean) -> array<T>", "(array<T>, lambda(T, int) boolean) -> array<T>"},
     .lower = Special{SpecialForm::filter},
     .doc = "The elements for which a condition is true.",
     .examples = {"filter(array(1, 2, 3), x -> x % 2 == 1) = [1,3]"}},
    {.name = "exists",
     .forms = {"(array<T>, lambda(T) boolean) -> boolean"},
     .nullability = Nullability::always,
     .lower = Special{SpecialForm::exists},
     .doc = "Whether a condition is true for some element; NULL when it is unknown for one and true for none.",
     .examples = {"exists(array(1, 2, 3), x -> x % 2 == 0) = true"}},
    {.name = "forall",
     .forms = {"(array<T>, lambda(T) boolean) -> boolean"},
     .nullability = Nullability::always,
     .lower = Special{SpecialForm::forall},
     .doc = "Whether a condition is true for every element; NULL when it is unknown for one and false for none.",
     .examples = {"forall(array(1, 2, 3), x -> x % 2 == 0) = false"}},
    {.name = "aggregate",
     .aliases = {{"reduce"}},
     .forms = {"(array<T>, A, lambda(A, T) A) -> A", "(array<T>, A, lambda(A, T) A, lambda(A) R) -> R"},
     .nullability = Nullability::always,
     .display = show_fold,
     .lower = Special{SpecialForm::aggregate},
     .doc = "Folds the elements into a state from a start value, and the last state into the result.",
     .examples = {"aggregate(array(1, 2, 3), 0, (acc, x) -> acc + x) = 6"}},
    {.name = "zip_with",
     .forms = {"(array<T>, array<U>, lambda(T, U) R) -> array<R>"},
     .lower = Special{SpecialForm::zip_with},
     .doc = "The array of what a function gives for the pairs of two arrays, NULL filling up the shorter one.",
     .examples = {"zip_with(array(1, 2), array(3, 4), (x, y) -> x + y) = [4,6]"}},
    {.name = "transform_keys",
     .forms = {"(map<K, V>, lambda(K, V) R) -> map<R, V>"},
     .failure = Failure::possible,
     .lower = Special{SpecialForm::transform_keys},
     .errors = {"NULL_MAP_KEY", "DUPLICATED_MAP_KEY"},
     .doc = "The map with each key replaced by what a function gives for key and value.",
     .examples = {"transform_keys(map(1, 2), (k, v) -> k + 1) = {2:2}"}},
    {.name = "transform_values",
     .forms = {"(map<K, V>, lambda(K, V) R) -> map<K, R>"},
     .lower = Special{SpecialForm::transform_values},
     .doc = "The map with each value replaced by what a function gives for key and value.",
     .examples = {"transform_values(map(1, 2), (k, v) -> v + 1) = {1:3}"}},
    {.name = "map_filter",
     .forms = {"(map<K, V>, lambda(K, V) boolean) -> map<K, V>"},
     .lower = Special{SpecialForm::map_filter},
     .doc = "The entries of a map for which a condition is true.",
     .examples = {"map_filter(map(1, 0, 2, 2), (k, v) -> k > v) = {1:0}"}},
    {.name = "map_zip_with",
     .forms = {"(map<K, V>, map<K, W>, lambda(K, V, W) R) -> map<K, R>"},
     .lower = Special{SpecialForm::map_zip_with},
     .doc = "A map with the keys of two maps and what a function gives for the key and both values.",
     .examples = {"map_zip_with(map(1, 'a'), map(1, 'x'), (k, v1, v2) -> concat(v1, v2)) = {1:\"ax\"}"}},
};

}  // namespace

std::span<const FunctionDef> higher_order_functions() { return rows; }

}  // namespace pyrite
