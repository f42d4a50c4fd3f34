// Collation precedence: explicit before implicit before default.
#include "functions/collation_coercion.h"

#include <algorithm>

#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/bind_rule.h"

namespace pyrite {
namespace {

using resolved::ExpressionPtr;

enum class Strength { by_default, implicit, explicit_ };

Strength strength_of(const ExpressionPtr& expression, int depth = 0) {
  if (depth > 200) {
    return Strength::implicit;
  }
  if (std::holds_alternative<resolved::Literal>(expression->node)) {
    return Strength::by_default;
  }
  if (const auto* cast = std::get_if<resolved::Cast>(&expression->node)) {
    if (cast->written && !expression->type.collation().empty()) {
      return Strength::implicit;
    }
    return cast->child->type.is_string() ? strength_of(cast->child, depth + 1) : Strength::by_default;
  }
  const auto* call = std::get_if<resolved::Call>(&expression->node);
  if (!call) {
    return Strength::implicit;
  }
  if (call->function && call->function->name == "collate") {
    return Strength::explicit_;
  }
  Strength strongest = Strength::by_default;
  for (const ExpressionPtr& argument : call->arguments) {
    if (argument->type.is_string()) {
      strongest = std::max(strongest, strength_of(argument, depth + 1));
    }
  }
  return strongest;
}

std::string name_of(const Type& type) { return type.collation().empty() ? "UTF8_BINARY" : type.collation(); }

const char* strength_name(Strength strength) { return strength == Strength::explicit_ ? "explicit" : "implicit"; }

}  // namespace

std::vector<ExpressionPtr> with_common_collation(std::vector<ExpressionPtr> arguments) {
  const bool any = std::any_of(arguments.begin(), arguments.end(), [](const ExpressionPtr& argument) {
    return argument->type.is_string() && !argument->type.collation().empty();
  });
  if (!any) {
    // Every text is in UTF8_BINARY, whose strengths cannot disagree.
    return arguments;
  }
  Strength strongest = Strength::by_default;
  std::vector<Type> types;
  for (const ExpressionPtr& argument : arguments) {
    if (!argument->type.is_string()) {
      continue;
    }
    const Strength strength = strength_of(argument);
    if (strength > strongest) {
      strongest = strength;
      types.clear();
    }
    // What declares no collation is in UTF8_BINARY; a literal without one yields to what has one.
    const Type type = Type::string(argument->type.collation());
    const bool silent = type.collation().empty();
    if (strength != strongest || (silent && strength == Strength::by_default)) {
      continue;
    }
    const auto same =
        std::find_if(types.begin(), types.end(), [&](const Type& other) { return name_of(other) == name_of(type); });
    if (same == types.end()) {
      types.push_back(type);
    } else if (!silent) {
      *same = type;
    }
  }
  if (types.size() > 1) {
    std::string names;
    for (const Type& type : types) {
      names += names.empty() ? "" : ", ";
      names += type.collation().empty() ? "\"STRING\"" : "\"STRING COLLATE " + type.collation() + "\"";
    }
    throw SparkError(strongest == Strength::explicit_ ? "COLLATION_MISMATCH.EXPLICIT" : "COLLATION_MISMATCH.IMPLICIT",
                     {{std::string(strength_name(strongest)) + "Types", names}});
  }
  for (ExpressionPtr& argument : arguments) {
    if (argument->type.is_string() && name_of(argument->type) != name_of(types[0])) {
      argument = cast_to(argument, types[0]);
    }
  }
  return arguments;
}

}  // namespace pyrite
