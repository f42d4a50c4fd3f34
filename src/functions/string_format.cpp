// format_string and printf.
#include "base/error.h"
#include "functions/families.h"
#include "functions/java_format.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

Value format_string(const KernelContext& context, std::span<const Value> arguments) {
  if (arguments[0].is_null()) {
    return Value();
  }
  const std::span<const Type> types(context.call.argument_types);
  return Value(java_format(arguments[0].text(), types.subspan(1), arguments.subspan(1)));
}

void check_pattern(const CallInfo& call) {
  if (!call.constants.empty() && call.constants[0] && !call.constants[0]->is_null() &&
      call.constants[0]->text().find("%0$") != std::string::npos) {
    throw SparkError("INVALID_PARAMETER_VALUE.ZERO_INDEX",
                     {{"parameter", "`strfmt`"}, {"functionName", "`" + std::string(call.function->name) + "`"}});
  }
}

constexpr FunctionDef rows[] = {
    {.name = "format_string",
     .aliases = {{"printf"}},
     .forms = {"(string, any...) -> string"},
     .check = check_pattern,
     .nulls = NullHandling::custom,
     .nullability = Nullability::if_first_argument,
     .failure = Failure::possible,
     .lower = Own{value_kernel<format_string>},
     .errors = {"INVALID_PARAMETER_VALUE.ZERO_INDEX"},
     .doc = "Fills a printf-style pattern with the values that follow.",
     .examples = {"format_string('Hello World %d %s', 100, 'days') = 'Hello World 100 days'"},
     .since = "1.5.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> string_format_functions() { return rows; }

}  // namespace pyrite
