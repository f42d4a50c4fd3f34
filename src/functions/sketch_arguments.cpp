// Argument checks that functions without implicit casts share, and what sketches hash.
#include "functions/sketch_arguments.h"

#include <algorithm>
#include <vector>

#include "functions/bind_rule.h"
#include "functions/collation.h"

namespace pyrite {
namespace {

bool fits(const Type& wanted, const Type& actual) {
  if (wanted.is(TypeKind::string)) {
    return actual.is(TypeKind::string);
  }
  if (wanted.is(TypeKind::array)) {
    return actual.is(TypeKind::array) && same_type(wanted.element(), actual.element());
  }
  return same_type(wanted, actual);
}

}  // namespace

void require_argument(const CallInfo& call, size_t index, std::initializer_list<Type> types, NullLiteral null) {
  if (index >= call.argument_types.size()) {
    return;
  }
  if (null == NullLiteral::accepted && call.argument_types[index].is(TypeKind::null)) {
    return;
  }
  const Type& actual = call.argument_types[index];
  std::vector<std::string> names;
  for (const Type& type : types) {
    if (fits(type, actual)) {
      return;
    }
    names.push_back(quoted_type(type));
  }
  throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"paramIndex", ordinal_word(index)},
                                                               {"requiredType", alternatives_text(names)},
                                                               {"inputType", quoted_type(actual)}});
}

const Value& constant_argument(const CallInfo& call, size_t index, std::string_view name) {
  if (!call.constants[index]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", std::string(name)}, {"inputType", simple_string(call.argument_types[index])}});
  }
  if (call.constants[index]->is_null()) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_NULL", {{"exprName", std::string(name)}});
  }
  return *call.constants[index];
}

int64_t integer_argument(const CallInfo& call, size_t index, int64_t otherwise) {
  if (index >= call.constants.size() || !call.constants[index] || call.constants[index]->is_null()) {
    return otherwise;
  }
  return call.constants[index]->integer();
}

void throw_type_check(const SparkError& error) {
  throw SparkError("DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT", {{"msg", error.what()}, {"hint", ""}});
}

std::string quoted_function(const CallInfo& call) { return "`" + call.name + "`"; }

std::string_view collated_bytes(const Type& type, std::string_view text, std::string& storage) {
  const Collation* collation = type.is(TypeKind::string) ? Collation::of(type) : nullptr;
  if (!collation) {
    return text;
  }
  storage = collation->key(text);
  // Even nothing at all has a key with bytes in some collations.
  return storage == collation->key({}) ? std::string_view() : std::string_view(storage);
}

}  // namespace pyrite
