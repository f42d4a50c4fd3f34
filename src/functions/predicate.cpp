// Comparisons, logic and tests for NULL.
#include <cmath>

#include "functions/families.h"
#include "functions/form.h"
#include "functions/kernel.h"
#include "functions/operator_rules.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;
using Arguments = std::vector<ExpressionPtr>;

/// The session's legacy equality of booleans and numbers: true = 1.
std::optional<Operands> meet_boolean_and_number(const ExpressionPtr& left, const ExpressionPtr& right,
                                                const BindOptions& options) {
  if (options.mode != EvalMode::legacy || left->type.is(TypeKind::boolean) == right->type.is(TypeKind::boolean)) {
    return std::nullopt;
  }
  const Type& number = left->type.is(TypeKind::boolean) ? right->type : left->type;
  if (!number.is_numeric()) {
    return std::nullopt;
  }
  return Operands{cast_to(left, number, EvalMode::legacy), cast_to(right, number, EvalMode::legacy)};
}

Int128 floor_of(Int128 unscaled, int scale) {
  const Int128 power = power_of_ten(scale);
  return unscaled / power - (unscaled % power < 0 ? 1 : 0);
}

/// An integer against a decimal literal: the literal becomes the whole number that decides alike, or the answer is
/// known at once. nullptr: nothing to simplify.
ExpressionPtr compare_with_whole(const FunctionDef& function, const Arguments& arguments, const BindOptions& options) {
  const bool literal_left = arguments[0]->type.is(TypeKind::decimal);
  const ExpressionPtr &decimal = arguments[literal_left ? 0 : 1], &integral = arguments[literal_left ? 1 : 0];
  const resolved::Literal* literal = resolved::as_literal(decimal);
  if (!decimal->type.is(TypeKind::decimal) || !integral->type.is_integral() || !literal || literal->value.is_null()) {
    return nullptr;
  }
  // Seen from the integer: it is greater (or not smaller) than the literal, or the other way round.
  const bool greater = (function.name[0] == '>') != literal_left;
  const bool or_equal = function.name.size() == 2;
  const int scale = decimal->type.scale();
  const Int128 value = literal->value.decimal();
  const Int128 floor = floor_of(value, scale), ceiling = -floor_of(-value, scale);
  if (floor > INT64_MAX || ceiling < INT64_MIN) {
    return resolved::boolean_literal((ceiling < INT64_MIN) == greater);
  }
  const Int128 whole = greater == or_equal ? ceiling : floor;
  const ExpressionPtr bound = resolved::literal(Value(static_cast<int64_t>(whole)), Type::long_int());
  const ExpressionPtr wide = cast_to(integral, Type::long_int(), implicit_cast_mode(options));
  return make_call(function, literal_left ? Arguments{bound, wide} : Arguments{wide, bound}, options, Type::boolean());
}

ExpressionPtr bind_comparison(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  const ExpressionPtr &left = arguments[0], &right = arguments[1];
  if (function.name[0] == '<' || function.name[0] == '>') {
    if (ExpressionPtr simple = function.name == "<=>" ? nullptr : compare_with_whole(function, arguments, options)) {
      return simple;
    }
  }
  const bool equality = function.name == "=" || function.name == "<=>" || function.name == "equal_null";
  auto operands = equality ? meet_boolean_and_number(left, right, options) : std::nullopt;
  if (!operands) {
    operands = meet_for_comparison(left, right, options);
  }
  if (!operands) {
    throw_bad_operands(function, arguments, left->type, right->type, options, "\"ORDERABLE\"");
  }
  if (!is_orderable(operands->left->type) && !operands->left->type.is(TypeKind::null)) {
    const bool interval = equality && operands->left->type.is(TypeKind::calendar_interval);
    if (!interval) {
      throw_mismatch("INVALID_ORDERING_TYPE", function, arguments, options,
                     {{"functionName", "`" + std::string(function.name == "equal_null" ? "<=>" : function.name) + "`"},
                      {"dataType", quoted_type(operands->left->type)}});
    }
  }
  return make_call(function, {operands->left, operands->right}, options, Type::boolean());
}

bool is_truth(const Type& type, bool ansi) {
  return type.is(TypeKind::boolean) || type.is(TypeKind::null) || (ansi && type.is_string());
}

ExpressionPtr bind_logic(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  const EvalMode mode = implicit_cast_mode(options);
  const bool ansi = mode == EvalMode::ansi;
  const Type left = arguments[0]->type, right = arguments[1]->type;
  // One side has to be boolean, or both be NULL, for the other to follow.
  const bool anchored = left.is(TypeKind::boolean) || right.is(TypeKind::boolean) ||
                        (left.is(TypeKind::null) && right.is(TypeKind::null));
  if (!anchored || !is_truth(left, ansi) || !is_truth(right, ansi)) {
    const auto [a, b] = refused_types(arguments[0], arguments[1], false, options);
    throw_bad_operands(function, arguments, a, b, options, "\"BOOLEAN\"");
  }
  for (ExpressionPtr& argument : arguments) {
    argument = cast_to(argument, Type::boolean(), mode);
  }
  return make_call(function, std::move(arguments), options, Type::boolean());
}

/// Equal types but for the names of fields.
bool same_but_for_names(const Type& left, const Type& right) {
  if (left.kind() != right.kind()) {
    return false;
  }
  switch (left.kind()) {
    case TypeKind::array:
      return same_but_for_names(left.element(), right.element());
    case TypeKind::map:
      return same_but_for_names(left.key(), right.key()) && same_but_for_names(left.value(), right.value());
    case TypeKind::structure:
      return std::equal(left.fields().begin(), left.fields().end(), right.fields().begin(), right.fields().end(),
                        [](const StructField& a, const StructField& b) { return same_but_for_names(a.type, b.type); });
    default:
      return same_type(left, right);
  }
}

/// What IN compares: values of one type, or structures that differ in names only.
std::optional<std::vector<ExpressionPtr>> meet_for_in(const Arguments& arguments, const BindOptions& options) {
  if (auto met = meet_in_wider_type(arguments, options)) {
    return met;
  }
  std::vector<ExpressionPtr> out = arguments;
  for (ExpressionPtr& each : out) {
    if (!same_but_for_names(arguments[0]->type, each->type)) {
      return std::nullopt;
    }
    each = cast_to(each, arguments[0]->type, implicit_cast_mode(options));
  }
  return out;
}

ExpressionPtr bind_in(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  if (arguments.size() < 2) {
    throw_wrong_count(function, options, "> 1", arguments.size());
  }
  auto met = meet_for_in(arguments, options);
  if (!met) {
    throw_different_types(function, arguments, options, "in", types_of(arguments), false);
  }
  if (!is_orderable(met->front()->type)) {
    throw_mismatch("INVALID_ORDERING_TYPE", function, arguments, options,
                   {{"functionName", "`in`"}, {"dataType", quoted_type(met->front()->type)}});
  }
  return make_call(function, std::move(*met), options, Type::boolean());
}

ExpressionPtr comparison(std::string_view name, const ExpressionPtr& left, const ExpressionPtr& right, EvalMode mode) {
  return call(name, {left, right}, mode);
}

/// Each bound is compared in a type of its own.
ExpressionPtr bind_between(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 3);
  const ExpressionPtr low = comparison(">=", arguments[0], arguments[1], options.mode);
  const ExpressionPtr high = comparison("<=", arguments[0], arguments[2], options.mode);
  const bool nullable = low->nullable || high->nullable;
  ExpressionPtr made = make_call(function, std::move(arguments), options, Type::boolean());
  if (made->nullable == nullable) {
    return made;
  }
  return resolved::make_expression(std::get<resolved::Call>(made->node), Type::boolean(), nullable, options.origin);
}

ExpressionPtr make_between(const CallInfo& info, const Arguments& arguments) {
  return call("and",
              {comparison(">=", arguments[0], arguments[1], info.mode),
               comparison("<=", arguments[0], arguments[2], info.mode)},
              info.mode);
}

std::optional<bool> is_nan(std::optional<double> value) { return value && std::isnan(*value); }

std::string show_logic(std::string_view name, const std::vector<std::string>& arguments) {
  return show_infix(name == "and" ? "AND" : name == "or" ? "OR" : name, arguments);
}
std::string show_equal(std::string_view, const std::vector<std::string>& arguments) {
  return show_infix("=", arguments);
}
std::string show_not(std::string_view, const std::vector<std::string>& arguments) {
  return "(NOT " + arguments[0] + ")";
}
std::string show_is_null(std::string_view, const std::vector<std::string>& arguments) {
  return "(" + arguments[0] + " IS NULL)";
}
std::string show_is_unknown(std::string_view, const std::vector<std::string>& arguments) {
  return "(" + arguments[0] + " IS UNKNOWN)";
}
std::string show_is_not_null(std::string_view, const std::vector<std::string>& arguments) {
  return "(" + arguments[0] + " IS NOT NULL)";
}
std::string show_in(std::string_view, const std::vector<std::string>& arguments) {
  std::string out = "(" + arguments[0] + " IN (";
  for (size_t i = 1; i < arguments.size(); ++i) {
    out += (i > 1 ? ", " : "") + arguments[i];
  }
  return out + "))";
}

constexpr Lowering special(SpecialForm form) { return lowering::Special{form}; }

const FunctionDef rows[] = {
    {.name = "=",
     .aliases = {{"==", "="}},
     .bind = bind_comparison,
     .display = show_equal,
     .lower = special(SpecialForm::equal),
     .doc = "Whether two values are equal; NULL when one is NULL.",
     .examples = {"1 = 1 = true"},
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "<=>",
     .bind = bind_comparison,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_infix,
     .lower = special(SpecialForm::null_safe_equal),
     .doc = "Whether two values are equal, where NULL equals NULL.",
     .since = "1.1.0",
     .group = "predicate_funcs"},
    {.name = "equal_null",
     .bind = bind_comparison,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = special(SpecialForm::null_safe_equal),
     .doc = "Whether two values are equal, where NULL equals NULL.",
     .examples = {"equal_null(NULL, NULL) = true"},
     .since = "3.4.0",
     .group = "predicate_funcs"},
    {.name = "<",
     .bind = bind_comparison,
     .display = show_infix,
     .lower = special(SpecialForm::less),
     .doc = "Whether the first value is smaller.",
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "<=",
     .bind = bind_comparison,
     .display = show_infix,
     .lower = special(SpecialForm::less_equal),
     .doc = "Whether the first value is not greater.",
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = ">",
     .bind = bind_comparison,
     .display = show_infix,
     .lower = special(SpecialForm::greater),
     .doc = "Whether the first value is greater.",
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = ">=",
     .bind = bind_comparison,
     .display = show_infix,
     .lower = special(SpecialForm::greater_equal),
     .doc = "Whether the first value is not smaller.",
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "and",
     .bind = bind_logic,
     .nulls = NullHandling::custom,
     .display = show_logic,
     .lower = special(SpecialForm::and_),
     .doc = "Whether both conditions hold.",
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "or",
     .bind = bind_logic,
     .nulls = NullHandling::custom,
     .display = show_logic,
     .lower = special(SpecialForm::or_),
     .doc = "Whether one of two conditions holds.",
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "not",
     .aliases = {{"!", "not"}},
     .forms = {"(boolean) -> boolean"},
     .display = show_not,
     .lower = special(SpecialForm::not_),
     .doc = "The opposite of a condition.",
     .examples = {"not true = false"},
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "in",
     .bind = bind_in,
     .nulls = NullHandling::custom,
     .display = show_in,
     .lower = special(SpecialForm::in),
     .doc = "Whether a value is one of a list.",
     .examples = {"1 in (1, 2, 3) = true"},
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "between",
     .bind = bind_between,
     .lower = lowering::Compose{make_between},
     .doc = "Whether a value lies between two bounds, both included.",
     .examples = {"between(2, 1, 3) = true"},
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "isnull",
     .forms = {"(any) -> boolean"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_is_null,
     .lower = special(SpecialForm::is_null),
     .doc = "Whether a value is NULL.",
     .examples = {"isnull(1) = false"},
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "isunknown",
     .forms = {"(boolean) -> boolean"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_is_unknown,
     .lower = special(SpecialForm::is_null),
     .doc = "Whether a truth value is NULL; SQL writes it IS UNKNOWN.",
     .examples = {"isunknown(true) = false"},
     .since = "3.0.0",
     .group = "predicate_funcs"},
    {.name = "isnotnull",
     .forms = {"(any) -> boolean"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_is_not_null,
     .lower = special(SpecialForm::is_not_null),
     .doc = "Whether a value is not NULL.",
     .examples = {"isnotnull(1) = true"},
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "isnan",
     .forms = {"(double) -> boolean"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::Own{kernel<is_nan>},
     .doc = "Whether a number is NaN; false for NULL.",
     .examples = {"isnan(cast('NaN' as double)) = true"},
     .since = "1.5.0",
     .group = "predicate_funcs"},
};

}  // namespace

std::span<const FunctionDef> predicate_functions() { return rows; }

}  // namespace pyrite
