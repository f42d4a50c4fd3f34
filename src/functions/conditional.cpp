// Choices: if, CASE, coalesce and their kin, greatest and least, errors on purpose.
#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/form.h"
#include "functions/kernel.h"
#include "functions/operator_rules.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;
using Arguments = std::vector<ExpressionPtr>;
using Columns = std::span<const ColumnView>;

/// A condition as it is: strings are no conditions here, in either mode.
ExpressionPtr as_condition(const FunctionDef& function, const Arguments& arguments, size_t position,
                           const BindOptions& options) {
  const Type& type = arguments[position]->type;
  if (!type.is(TypeKind::boolean) && !type.is(TypeKind::null)) {
    throw_unexpected_type(function, arguments, options, position, "\"BOOLEAN\"");
  }
  return cast_to(arguments[position], Type::boolean(), implicit_cast_mode(options));
}

ExpressionPtr with_nullable(const ExpressionPtr& made, bool nullable) {
  if (made->nullable == nullable) {
    return made;
  }
  return resolved::make_expression(std::get<resolved::Call>(made->node), made->type, nullable, made->origin);
}

ExpressionPtr bind_if(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 3);
  const ExpressionPtr condition = as_condition(function, arguments, 0, options);
  auto branches = meet_in_wider_type({arguments[1], arguments[2]}, options);
  if (!branches) {
    throw_different_types(function, arguments, options, "if", {arguments[1]->type, arguments[2]->type}, false);
  }
  const Type type = branches->front()->type;
  const bool nullable = (*branches)[0]->nullable || (*branches)[1]->nullable;
  return with_nullable(make_call(function, {condition, (*branches)[0], (*branches)[1]}, options, type), nullable);
}

ExpressionPtr bind_case(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  if (arguments.size() < 2) {
    throw_wrong_count(function, options, "> 1", arguments.size());
  }
  const bool has_else = arguments.size() % 2 == 1;
  Arguments values;
  for (size_t i = 1; i < arguments.size(); i += 2) {
    values.push_back(arguments[i]);
  }
  if (has_else) {
    values.push_back(arguments.back());
  }
  auto met = meet_in_wider_type(values, options);
  if (!met) {
    throw_different_types(function, arguments, options, "casewhen", types_of(values), false);
  }
  Arguments cast;
  bool nullable = !has_else;
  size_t value = 0;
  for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
    if (!arguments[i]->type.is(TypeKind::boolean)) {
      throw_mismatch("UNEXPECTED_INPUT_TYPE", function, arguments, options,
                     {{"paramIndex", ordinal_word(i / 2)},
                      {"requiredType", "\"BOOLEAN\""},
                      {"inputSql", quoted_sql(arguments[i])},
                      {"inputType", quoted_type(arguments[i]->type)}});
    }
    cast.push_back(cast_to(arguments[i], Type::boolean(), implicit_cast_mode(options)));
    nullable = nullable || (*met)[value]->nullable;
    cast.push_back((*met)[value++]);
  }
  if (has_else) {
    nullable = nullable || met->back()->nullable;
    cast.push_back(met->back());
  }
  const Type type = met->front()->type;
  return with_nullable(make_call(function, std::move(cast), options, type), nullable);
}

ExpressionPtr bind_coalesce(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  if (arguments.empty()) {
    throw_wrong_count(function, options, "> 0", 0);
  }
  auto met = meet_in_wider_type(arguments, options);
  if (!met) {
    throw_different_types(function, arguments, options, "coalesce", types_of(arguments), true);
  }
  const Type type = met->front()->type;
  return make_call(function, std::move(*met), options, type);
}

/// nvl, ifnull: coalesce under another name; messages speak of coalesce.
ExpressionPtr bind_nvl(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  auto met = meet_in_wider_type(arguments, options);
  if (!met) {
    call("coalesce", arguments, options.mode);
  }
  const Type type = met->front()->type;
  return make_call(function, std::move(*met), options, type);
}

ExpressionPtr make_nvl2(const CallInfo& info, const Arguments& arguments) {
  return call("if", {call("isnotnull", {arguments[0]}, info.mode), arguments[1], arguments[2]}, info.mode);
}
ExpressionPtr bind_nvl2(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 3);
  const ExpressionPtr meaning =
      call("if", {call("isnotnull", {arguments[0]}, options.mode), arguments[1], arguments[2]}, options.mode);
  return with_nullable(make_call(function, std::move(arguments), options, meaning->type), meaning->nullable);
}

ExpressionPtr nullif_of(const Arguments& arguments, EvalMode mode) {
  return call("if",
              {call("=", {arguments[0], arguments[1]}, mode), resolved::null_literal(arguments[0]->type), arguments[0]},
              mode);
}
ExpressionPtr make_nullif(const CallInfo& info, const Arguments& arguments) { return nullif_of(arguments, info.mode); }
ExpressionPtr bind_nullif(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  const ExpressionPtr meaning = nullif_of(arguments, options.mode);
  return with_nullable(make_call(function, std::move(arguments), options, meaning->type), true);
}

ExpressionPtr make_nullifzero(const CallInfo& info, const Arguments& arguments) {
  return nullif_of({arguments[0], resolved::int_literal(0)}, info.mode);
}
ExpressionPtr bind_nullifzero(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  const ExpressionPtr meaning = nullif_of({arguments[0], resolved::int_literal(0)}, options.mode);
  return with_nullable(make_call(function, std::move(arguments), options, meaning->type), true);
}

ExpressionPtr make_zeroifnull(const CallInfo& info, const Arguments& arguments) {
  return call("coalesce", {arguments[0], resolved::int_literal(0)}, info.mode);
}
ExpressionPtr bind_zeroifnull(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  const ExpressionPtr meaning = call("coalesce", {arguments[0], resolved::int_literal(0)}, options.mode);
  return with_nullable(make_call(function, std::move(arguments), options, meaning->type), false);
}

/// The second number is not looked at unless it is needed.
ExpressionPtr make_nanvl(const CallInfo& info, const Arguments& arguments) {
  return call("if", {call("isnan", {arguments[0]}, info.mode), arguments[1], arguments[0]}, info.mode);
}

/// Types meet without turning numbers into text or text into numbers.
ExpressionPtr bind_extreme(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  if (arguments.size() < 2) {
    throw_wrong_count(function, options, "> 1", arguments.size());
  }
  bool text = false, other = false;
  for (const ExpressionPtr& argument : arguments) {
    text = text || argument->type.is_string();
    other = other || (!argument->type.is_string() && !argument->type.is(TypeKind::null));
  }
  auto met = text && other ? std::nullopt : meet_in_wider_type(arguments, options);
  if (!met) {
    throw_different_types(function, arguments, options, function.name, types_of(arguments), false);
  }
  const Type type = met->front()->type;
  if (!is_orderable(type)) {
    throw_mismatch("INVALID_ORDERING_TYPE", function, arguments, options,
                   {{"functionName", "`" + std::string(function.name) + "`"}, {"dataType", quoted_type(type)}});
  }
  return make_call(function, std::move(*met), options, type);
}

template <bool greatest>
void run_extreme(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    const ColumnView* best = nullptr;
    for (const ColumnView& column : arguments) {
      if (column.is_null(row)) {
        continue;
      }
      const int order = best ? compare_rows(column, row, *best, row) : 0;
      if (!best || (greatest ? order > 0 : order < 0)) {
        best = &column;
      }
    }
    if (best) {
      out.copy(row, *best, row);
    } else {
      out.set_null(row);
    }
  }
}

[[noreturn]] void raise(std::string_view condition, const ColumnView* parameters, size_t row) {
  MessageParameters list;
  if (parameters && !parameters->is_null(row)) {
    const Value given = read_value(*parameters, row);
    for (const auto& [key, value] : given.pairs()) {
      list.emplace_back(key.text(), value.is_null() ? "null" : value.text());
    }
  }
  throw SparkError(ErrorKind::runtime, condition, std::move(list));
}

void run_raise_error(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments.size() == 2) {
      raise(arguments[0].is_null(row) ? "null" : arguments[0].text(row), &arguments[1], row);
    }
    throw SparkError(ErrorKind::runtime, "USER_RAISED_EXCEPTION",
                     {{"errorMessage", arguments[0].is_null(row) ? "null" : std::string(arguments[0].text(row))}});
  }
  (void)out;
}

void run_assert_true(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || !arguments[0].get<uint8_t>(row)) {
      throw SparkError(ErrorKind::runtime, "USER_RAISED_EXCEPTION",
                       {{"errorMessage", arguments[1].is_null(row) ? "null" : std::string(arguments[1].text(row))}});
    }
    out.set_null(row);
  }
}

ExpressionPtr bind_assert_true(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  if (arguments.empty() || arguments.size() > 2) {
    throw_wrong_count(function, options, "[1, 2]", arguments.size());
  }
  const EvalMode mode = implicit_cast_mode(options);
  if (arguments.size() == 1) {
    const std::string shown = quoted_sql(arguments[0]);
    arguments.push_back(resolved::string_literal("'" + shown.substr(1, shown.size() - 2) + "' is not true!"));
  }
  arguments[0] = as_condition(function, arguments, 0, options);
  arguments[1] = cast_to(arguments[1], Type::string(), mode);
  return make_call(function, std::move(arguments), options, Type::null());
}

std::string show_raise_error(std::string_view name, const std::vector<std::string>& arguments) {
  return arguments.size() == 1 ? std::string(name) + "(USER_RAISED_EXCEPTION, map(errorMessage, " + arguments[0] + "))"
                               : call_text(name, arguments);
}

Value type_of(const KernelContext& context, std::span<const Value>) {
  return Value(simple_string(without_lengths(context.call.argument_types[0])));
}

std::string show_if(std::string_view, const std::vector<std::string>& arguments) {
  return "(" + call_text("IF", arguments) + ")";
}

std::string show_case(std::string_view, const std::vector<std::string>& arguments) {
  std::string out = "CASE";
  size_t i = 0;
  for (; i + 1 < arguments.size(); i += 2) {
    out += " WHEN " + arguments[i] + " THEN " + arguments[i + 1];
  }
  if (i < arguments.size()) {
    out += " ELSE " + arguments[i];
  }
  return out + " END";
}

const FunctionDef rows[] = {
    {.name = "if",
     .bind = bind_if,
     .nulls = NullHandling::custom,
     .display = show_if,
     .lower = lowering::Special{SpecialForm::if_},
     .doc = "The second value where the condition holds, else the third.",
     .examples = {"if(1 < 2, 'a', 'b') = a"},
     .since = "1.0.0",
     .group = "conditional_funcs"},
    {.name = "when",
     .aliases = {{"case"}},
     .bind = bind_case,
     .nulls = NullHandling::custom,
     .display = show_case,
     .lower = lowering::Special{SpecialForm::when},
     .doc = "The value of the first condition that holds.",
     .since = "1.0.1",
     .group = "conditional_funcs"},
    {.name = "coalesce",
     .bind = bind_coalesce,
     .nulls = NullHandling::custom,
     .nullability = Nullability::if_all_arguments,
     .lower = lowering::Special{SpecialForm::coalesce},
     .doc = "The first value that is not NULL.",
     .examples = {"coalesce(NULL, 1, NULL) = 1"},
     .since = "1.0.0",
     .group = "conditional_funcs"},
    {.name = "nvl",
     .aliases = {{"ifnull"}},
     .bind = bind_nvl,
     .nulls = NullHandling::custom,
     .nullability = Nullability::if_all_arguments,
     .lower = lowering::Special{SpecialForm::coalesce},
     .doc = "The first value, or the second where the first is NULL.",
     .examples = {"nvl(NULL, 2) = 2"},
     .since = "2.0.0",
     .group = "conditional_funcs"},
    {.name = "nvl2",
     .bind = bind_nvl2,
     .nulls = NullHandling::custom,
     .lower = lowering::Compose{make_nvl2},
     .doc = "The second value where the first is not NULL, else the third.",
     .examples = {"nvl2(NULL, 2, 1) = 1"},
     .since = "2.0.0",
     .group = "conditional_funcs"},
    {.name = "nullif",
     .bind = bind_nullif,
     .nulls = NullHandling::custom,
     .lower = lowering::Compose{make_nullif},
     .doc = "NULL where the values are equal, else the first.",
     .examples = {"nullif(2, 2) = NULL"},
     .since = "2.0.0",
     .group = "conditional_funcs"},
    {.name = "nullifzero",
     .bind = bind_nullifzero,
     .nulls = NullHandling::custom,
     .lower = lowering::Compose{make_nullifzero},
     .doc = "NULL in place of zero.",
     .examples = {"nullifzero(0) = NULL"},
     .since = "4.0.0",
     .group = "conditional_funcs"},
    {.name = "zeroifnull",
     .bind = bind_zeroifnull,
     .nulls = NullHandling::custom,
     .lower = lowering::Compose{make_zeroifnull},
     .doc = "Zero in place of NULL.",
     .examples = {"zeroifnull(NULL) = 0"},
     .since = "4.0.0",
     .group = "conditional_funcs"},
    {.name = "nanvl",
     .forms = {"(double, double) -> double"},
     .nulls = NullHandling::custom,
     .lower = lowering::Compose{make_nanvl},
     .doc = "The first number, or the second where the first is NaN.",
     .examples = {"nanvl(cast('NaN' as double), 123) = 123.0"},
     .since = "1.5.0",
     .group = "conditional_funcs"},
    {.name = "greatest",
     .bind = bind_extreme,
     .nulls = NullHandling::custom,
     .nullability = Nullability::if_all_arguments,
     .lower = lowering::Own{Kernel{&run_extreme<true>, nullptr}},
     .doc = "The greatest value, without regard to NULL.",
     .examples = {"greatest(10, 9, 2, 4, 3) = 10"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "least",
     .bind = bind_extreme,
     .nulls = NullHandling::custom,
     .nullability = Nullability::if_all_arguments,
     .lower = lowering::Own{Kernel{&run_extreme<false>, nullptr}},
     .doc = "The least value, without regard to NULL.",
     .examples = {"least(10, 9, 2, 4, 3) = 2"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "raise_error",
     .forms = {"(string) -> null", "(string, map<string, string>) -> null"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .purity = Purity::per_row,
     .failure = Failure::possible,
     .display = show_raise_error,
     .lower = lowering::Own{Kernel{&run_raise_error, nullptr}},
     .errors = {"USER_RAISED_EXCEPTION"},
     .doc = "Fails with the given message.",
     .since = "3.1.0",
     .group = "misc_funcs"},
    {.name = "assert_true",
     .bind = bind_assert_true,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .purity = Purity::per_row,
     .failure = Failure::possible,
     .lower = lowering::Own{Kernel{&run_assert_true, nullptr}},
     .errors = {"USER_RAISED_EXCEPTION"},
     .doc = "Fails where the condition does not hold.",
     .examples = {"assert_true(0 < 1) = NULL"},
     .since = "2.0.0",
     .group = "misc_funcs"},
    {.name = "typeof",
     .forms = {"(any) -> string"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::Own{value_kernel<type_of>},
     .doc = "The type of the value as DDL text.",
     .examples = {"typeof(1) = int", "typeof(array(1)) = array<int>"},
     .since = "3.0.0",
     .group = "misc_funcs"},
};

}  // namespace

std::span<const FunctionDef> conditional_functions() { return rows; }

}  // namespace pyrite
