#include "functions/shown_value.h"

#include "functions/call_names.h"

namespace pyrite {
namespace {

std::string show_call(std::string_view name, const std::vector<std::string>& arguments) {
  return call_text(name, {arguments.begin(), arguments.end() - 1});
}

}  // namespace

const FunctionDef shown_value = {
    .name = "shown_value",
    .display = show_call,
    .lower = lowering::Compose{[](const CallInfo&, const std::vector<resolved::ExpressionPtr>& arguments) {
      return arguments.back();
    }},
};

resolved::ExpressionPtr shown_as(std::string name, std::vector<resolved::ExpressionPtr> shown,
                                 resolved::ExpressionPtr value, const resolved::OriginPtr& origin) {
  const Type type = value->type;
  const bool nullable = value->nullable;
  resolved::Call call;
  call.function = &shown_value;
  call.name = std::move(name);
  call.arguments = std::move(shown);
  call.arguments.push_back(std::move(value));
  return resolved::make_expression(std::move(call), type, nullable, origin);
}

}  // namespace pyrite
