// collate and collation.
#include "functions/bind_rule.h"
#include "functions/collation.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

std::string_view unchanged(const KernelContext&, std::string_view text, std::string_view) { return text; }

resolved::ExpressionPtr bind_collate(const FunctionDef& function, std::vector<resolved::ExpressionPtr> arguments,
                                     const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  if (!arguments[0]->type.is_string() && !arguments[0]->type.is(TypeKind::null)) {
    throw_unexpected_type(function, arguments, options, 0, "\"STRING\"");
  }
  const auto name = constant_value(arguments[1]);
  if (!name) {
    throw SparkError("NON_FOLDABLE_ARGUMENT",
                     {{"funcName", "`collate`"}, {"paramName", "`collationName`"}, {"paramType", "\"STRING\""}});
  }
  if (!std::holds_alternative<std::string>(name->storage())) {
    throw_unexpected_type(function, arguments, options, 1, "\"STRING\"");
  }
  const Type type = Type::string(Collation::named(name->text()).name());
  arguments[0] = cast_to(arguments[0], Type::string(), options.mode);
  return make_call(function, std::move(arguments), options, type);
}

std::string collation_name(const KernelContext& context, std::optional<std::string_view>) {
  const Collation* collation = Collation::of(context.call.argument_types[0]);
  return "SYSTEM.BUILTIN." + (collation ? collation->name() : "UTF8_BINARY");
}

constexpr FunctionDef rows[] = {
    {.name = "collate",
     .forms = {"(string, string) -> string"},
     .bind = bind_collate,
     .lower = Own{kernel<unchanged>},
     .errors = {"COLLATION_INVALID_NAME"},
     .doc = "The same text, compared by another collation from here on.",
     .examples = {"collation(collate('Spark SQL', 'UTF8_LCASE')) = 'SYSTEM.BUILTIN.UTF8_LCASE'"},
     .since = "4.0.0",
     .group = "string_funcs"},
    {.name = "collation",
     .forms = {"(string) -> string"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = Own{kernel<collation_name>},
     .doc = "The full name of the collation of a text.",
     .examples = {"collation('Spark SQL') = 'SYSTEM.BUILTIN.UTF8_BINARY'"},
     .since = "4.0.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> collation_functions() { return rows; }

}  // namespace pyrite
