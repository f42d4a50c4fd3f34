// Infers the schema of JSON values.
#include <algorithm>
#include <charconv>

#include "functions/json_format.h"
#include "functions/json_text.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

/// A decimal that holds a number token exactly; the null type when it has more than 38 digits.
Type decimal_of(std::string_view text) {
  int digits = 0;
  int scale = 0;
  bool fraction = false;
  int exponent = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      digits += digits > 0 || c != '0';
      scale += fraction;
    } else if (c == '.') {
      fraction = true;
    } else if (c == 'e' || c == 'E') {
      const char* start = text.data() + i + 1 + (text[i + 1] == '+');
      std::from_chars(start, text.data() + text.size(), exponent);
      break;
    }
  }
  scale -= exponent;
  if (scale < 0) {
    digits += -scale;
    scale = 0;
  }
  const int precision = std::max({digits, scale, 1});
  return precision > 38 ? Type::null() : Type::decimal(precision, scale);
}

}  // namespace

Type JsonInference::infer(const JsonDocument& document, const JsonNode& node) const {
  switch (node.kind) {
    case JsonKind::null:
      return Type::null();
    case JsonKind::string:
      // An empty text says nothing about its field.
      if (node.text.empty()) {
        return Type::null();
      }
      if (format_.prefers_decimal) {
        const bool numeric = node.text.find_first_not_of("0123456789.+-eE") == std::string_view::npos &&
                             node.text.find_first_of("0123456789") != std::string_view::npos;
        if (numeric) {
          if (const Type type = decimal_of(node.text); !type.is(TypeKind::null)) {
            return type;
          }
        }
      }
      if (format_.infer_timestamp) {
        const Type timestamp = timestamp_.type_of(node.text);
        return timestamp.is(TypeKind::null) ? Type::string() : timestamp;
      }
      return Type::string();
    case JsonKind::boolean:
      return format_.primitives_as_string ? Type::string() : Type::boolean();
    case JsonKind::integer: {
      if (format_.primitives_as_string) {
        return Type::string();
      }
      int64_t value = 0;
      if (std::from_chars(node.text.data(), node.text.data() + node.text.size(), value).ec == std::errc()) {
        return Type::long_int();
      }
      const Type type = decimal_of(node.text);
      return type.is(TypeKind::null) ? Type::float64() : type;
    }
    case JsonKind::real: {
      if (format_.primitives_as_string) {
        return Type::string();
      }
      const Type type = format_.prefers_decimal && node.text.find_first_of("0123456789") != std::string_view::npos
                            ? decimal_of(node.text)
                            : Type::null();
      return type.is(TypeKind::null) ? Type::float64() : type;
    }
    case JsonKind::array: {
      Type element;
      document.each(node, [&](const JsonNode& child) { element = widen(element, infer(document, child)); });
      return Type::array(std::move(element));
    }
    case JsonKind::object: {
      std::vector<StructField> fields;
      document.each(node, [&](const JsonNode& child) {
        fields.push_back({std::string(child.key), infer(document, child), true, {}});
      });
      std::stable_sort(fields.begin(), fields.end(),
                       [](const StructField& a, const StructField& b) { return a.name < b.name; });
      return Type::structure(std::move(fields));
    }
  }
  return Type::null();
}

Type JsonInference::widen(const Type& left, const Type& right) const {
  if (left.is(TypeKind::null)) {
    return right;
  }
  if (right.is(TypeKind::null) || same_type(left, right)) {
    return left;
  }
  if (left.is(TypeKind::structure) && right.is(TypeKind::structure)) {
    std::vector<StructField> fields;
    auto a = left.fields().begin();
    auto b = right.fields().begin();
    while (a != left.fields().end() || b != right.fields().end()) {
      if (b == right.fields().end() || (a != left.fields().end() && a->name < b->name)) {
        fields.push_back(*a++);
      } else if (a == left.fields().end() || b->name < a->name) {
        fields.push_back(*b++);
      } else {
        fields.push_back({a->name, widen(a->type, b->type), true, {}});
        ++a;
        ++b;
      }
    }
    return Type::structure(std::move(fields));
  }
  if (left.is(TypeKind::array) && right.is(TypeKind::array)) {
    return Type::array(widen(left.element(), right.element()));
  }
  if (left.is_numeric() && right.is_numeric()) {
    if (left.is_floating() || right.is_floating()) {
      return Type::float64();
    }
    const Type a = left.is(TypeKind::decimal) ? left : Type::decimal(20, 0);
    const Type b = right.is(TypeKind::decimal) ? right : Type::decimal(20, 0);
    const int scale = std::max(a.scale(), b.scale());
    const int whole = std::max(a.precision() - a.scale(), b.precision() - b.scale());
    return whole + scale > 38 ? Type::float64() : Type::decimal(whole + scale, scale);
  }
  const auto is_timestamp = [](const Type& type) {
    return type.is(TypeKind::timestamp) || type.is(TypeKind::timestamp_ntz);
  };
  return is_timestamp(left) && is_timestamp(right) ? Type::timestamp() : Type::string();
}

Type JsonInference::finish(const Type& type, bool top) const {
  switch (type.kind()) {
    case TypeKind::null:
      return Type::string();
    case TypeKind::array:
      return Type::array(finish(type.element(), false));
    case TypeKind::structure: {
      std::vector<StructField> fields;
      for (const StructField& field : type.fields()) {
        if (format_.drop_field_if_all_null && field.type.is(TypeKind::null)) {
          continue;
        }
        const Type finished = finish(field.type, false);
        const bool empty = finished.is(TypeKind::structure) && finished.fields().empty();
        if (!empty && !field.name.empty()) {
          fields.push_back({field.name, finished, true, {}});
        }
      }
      return Type::structure(std::move(fields));
    }
    default:
      return type;
  }
}

}  // namespace pyrite
