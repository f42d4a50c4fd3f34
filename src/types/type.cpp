// Spark's data types: construction, access, equality.
#include "types/type.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace pyrite {

struct Type::Nested {
  std::vector<Type> children;  // array: element; map: key, value
  std::vector<StructField> fields;
  std::string collation;
  bool contains_null = true;
};

Type Type::decimal(int precision, int scale) {
  Type type(TypeKind::decimal);
  type.first_ = precision;
  type.second_ = scale;
  return type;
}

Type Type::string(std::string collation) {
  Type type(TypeKind::string);
  if (!collation.empty()) {
    type.nested_ = std::make_shared<const Nested>(Nested{{}, {}, std::move(collation), true});
  }
  return type;
}

Type Type::char_n(int length) {
  Type type(TypeKind::char_n);
  type.first_ = length;
  return type;
}

Type Type::varchar_n(int length) {
  Type type(TypeKind::varchar_n);
  type.first_ = length;
  return type;
}

Type Type::time(int precision) {
  Type type(TypeKind::time);
  type.first_ = precision;
  return type;
}

Type Type::year_month_interval(int start, int end) {
  Type type(TypeKind::year_month_interval);
  type.first_ = start;
  type.second_ = end;
  return type;
}

Type Type::day_time_interval(int start, int end) {
  Type type(TypeKind::day_time_interval);
  type.first_ = start;
  type.second_ = end;
  return type;
}

Type Type::array(Type element, bool contains_null) {
  Type type(TypeKind::array);
  type.nested_ = std::make_shared<const Nested>(Nested{{std::move(element)}, {}, {}, contains_null});
  return type;
}

Type Type::map(Type key, Type value, bool value_contains_null) {
  Type type(TypeKind::map);
  type.nested_ =
      std::make_shared<const Nested>(Nested{{std::move(key), std::move(value)}, {}, {}, value_contains_null});
  return type;
}

Type Type::structure(std::vector<StructField> fields) {
  Type type(TypeKind::structure);
  type.nested_ = std::make_shared<const Nested>(Nested{{}, std::move(fields), {}, true});
  return type;
}

const std::string& Type::collation() const {
  static const std::string none;
  return kind_ == TypeKind::string && nested_ ? nested_->collation : none;
}

const Type& Type::element() const {
  check(kind_ == TypeKind::array, "element of a type that is no array");
  return nested_->children[0];
}

bool Type::contains_null() const {
  check(kind_ == TypeKind::array || kind_ == TypeKind::map, "contains_null of a type that is no array or map");
  return nested_->contains_null;
}

const Type& Type::key() const {
  check(kind_ == TypeKind::map, "key of a type that is no map");
  return nested_->children[0];
}

const Type& Type::value() const {
  check(kind_ == TypeKind::map, "value of a type that is no map");
  return nested_->children[1];
}

const std::vector<StructField>& Type::fields() const {
  check(kind_ == TypeKind::structure, "fields of a type that is no struct");
  return nested_->fields;
}

bool Type::operator==(const Type& other) const {
  if (kind_ != other.kind_ || first_ != other.first_ || second_ != other.second_) {
    return false;
  }
  if (nested_ == other.nested_) {
    return true;
  }
  if (kind_ == TypeKind::string) {
    return collation() == other.collation();
  }
  return nested_->contains_null == other.nested_->contains_null && nested_->children == other.nested_->children &&
         nested_->fields == other.nested_->fields;
}

bool same_type(const Type& left, const Type& right) {
  if (left.kind() != right.kind()) {
    return false;
  }
  switch (left.kind()) {
    case TypeKind::array:
      return same_type(left.element(), right.element());
    case TypeKind::map:
      return same_type(left.key(), right.key()) && same_type(left.value(), right.value());
    case TypeKind::structure:
      return std::equal(
          left.fields().begin(), left.fields().end(), right.fields().begin(), right.fields().end(),
          [](const StructField& a, const StructField& b) { return a.name == b.name && same_type(a.type, b.type); });
    default:
      return left == right;
  }
}

Type as_nullable(const Type& type) {
  switch (type.kind()) {
    case TypeKind::array:
      return Type::array(as_nullable(type.element()), true);
    case TypeKind::map:
      return Type::map(as_nullable(type.key()), as_nullable(type.value()), true);
    case TypeKind::structure: {
      std::vector<StructField> fields = type.fields();
      for (StructField& field : fields) {
        field.type = as_nullable(field.type);
        field.nullable = true;
      }
      return Type::structure(std::move(fields));
    }
    default:
      return type;
  }
}

int64_t default_size(const Type& type) {
  switch (type.kind()) {
    case TypeKind::null:
    case TypeKind::boolean:
    case TypeKind::byte:
      return 1;
    case TypeKind::short_int:
      return 2;
    case TypeKind::integer:
    case TypeKind::float32:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return 4;
    case TypeKind::long_int:
    case TypeKind::float64:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return 8;
    case TypeKind::decimal:
      return type.precision() <= 18 ? 8 : 16;
    case TypeKind::calendar_interval:
      return 16;
    case TypeKind::string:
      return 20;
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return type.length();
    case TypeKind::binary:
      return 100;
    case TypeKind::variant:
      return 2048;
    case TypeKind::array:
      return default_size(type.element());
    case TypeKind::map:
      return default_size(type.key()) + default_size(type.value());
    case TypeKind::structure: {
      int64_t size = 0;
      for (const StructField& field : type.fields()) {
        size += default_size(field.type);
      }
      return size;
    }
  }
  return 0;
}

}  // namespace pyrite
