// Casts under the names of types: int(x), date(x), string(x).
#include "functions/families.h"
#include "functions/operator_rules.h"

namespace pyrite {
namespace {

using resolved::ExpressionPtr;

Type named_type(std::string_view name) {
  static const std::pair<std::string_view, Type> types[] = {
      {"boolean", Type::boolean()},     {"tinyint", Type::byte()},         {"smallint", Type::short_int()},
      {"int", Type::integer()},         {"bigint", Type::long_int()},      {"float", Type::float32()},
      {"double", Type::float64()},      {"decimal", Type::decimal(10, 0)}, {"date", Type::date()},
      {"timestamp", Type::timestamp()}, {"binary", Type::binary()},        {"string", Type::string()},
      {"time", Type::time()},
  };
  for (const auto& [known, type] : types) {
    if (known == name) {
      return type;
    }
  }
  throw_internal("no cast function " + std::string(name));
}

/// The cast itself; it does not show in names, as Spark's does not.
ExpressionPtr bind_cast(const FunctionDef& function, std::vector<ExpressionPtr> arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 1);
  const Type to = named_type(function.name);
  const resolved::EvalMode mode = options.mode;
  if (!can_cast(arguments[0]->type, to, mode)) {
    throw SparkError("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", {{"sqlExpr", quoted_sql(arguments[0])},
                                                                   {"srcType", quoted_type(arguments[0]->type)},
                                                                   {"targetType", quoted_type(to)}});
  }
  const bool nullable = arguments[0]->nullable || cast_can_make_null(arguments[0]->type, to, mode);
  return resolved::make_expression(resolved::Cast{arguments[0], mode, false}, to, nullable, options.origin);
}

constexpr FunctionDef cast_row(std::string_view name, std::string_view since) {
  return {.name = name,
          .bind = bind_cast,
          .failure = Failure::possible,
          .lower = lowering::Special{SpecialForm::cast_alias},
          .errors = {"CAST_INVALID_INPUT", "CAST_OVERFLOW"},
          .doc = "The value cast to the type of this name.",
          .since = since,
          .group = "conversion_funcs"};
}

const FunctionDef rows[] = {
    cast_row("boolean", "2.0.1"),   cast_row("tinyint", "2.0.1"), cast_row("smallint", "2.0.1"),
    cast_row("int", "2.0.1"),       cast_row("bigint", "2.0.1"),  cast_row("float", "2.0.1"),
    cast_row("double", "2.0.1"),    cast_row("decimal", "2.0.1"), cast_row("date", "2.0.1"),
    cast_row("timestamp", "2.0.1"), cast_row("binary", "2.0.1"),  cast_row("string", "2.0.1"),
    cast_row("time", "4.2.0"),
};

}  // namespace

std::span<const FunctionDef> cast_functions() { return rows; }

}  // namespace pyrite
