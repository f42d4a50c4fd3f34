// A row as error messages show it.
#include "sources/record_text.h"

#include "functions/java_format.h"

namespace pyrite {
namespace {

std::string text_of(const Value& value, const Type& type);

template <class TypeAt>
std::string listed(const ValueList& values, TypeAt type_at) {
  std::string out = "[";
  for (size_t i = 0; i < values.size(); ++i) {
    out += (i ? "," : "") + text_of(values[i], type_at(i));
  }
  return out + "]";
}

std::string text_of(const Value& value, const Type& type) {
  if (value.is_null()) {
    return "null";
  }
  switch (type.kind()) {
    case TypeKind::boolean:
      return value.boolean() ? "true" : "false";
    case TypeKind::float32:
      return java_text(value.float32());
    case TypeKind::float64:
      return java_text(value.float64());
    case TypeKind::decimal:
      return decimal_text(value.decimal(), type.scale());
    case TypeKind::array:
      return listed(value.list(), [&](size_t) -> const Type& { return type.element(); });
    case TypeKind::structure:
      return listed(value.list(), [&](size_t i) -> const Type& { return type.fields()[i].type; });
    case TypeKind::map: {
      ValueList keys;
      ValueList values;
      for (const auto& [key, mapped] : value.pairs()) {
        keys.push_back(key);
        values.push_back(mapped);
      }
      return "keys: " + listed(keys, [&](size_t) -> const Type& { return type.key(); }) +
             ", values: " + listed(values, [&](size_t) -> const Type& { return type.value(); });
    }
    default:
      if (const auto* whole = std::get_if<int64_t>(&value.storage())) {
        return std::to_string(*whole);
      }
      const auto* text = std::get_if<std::string>(&value.storage());
      return text ? *text : simple_string(type);
  }
}

}  // namespace

std::string record_text(const std::vector<resolved::Column>& columns, const std::vector<int>& wanted,
                        const ValueList& values) {
  return listed(values, [&](size_t i) -> const Type& { return columns[static_cast<size_t>(wanted[i])].type; });
}

}  // namespace pyrite
