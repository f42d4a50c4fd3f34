// Spark's coercion lattice, in ANSI mode and without it.
#include "types/coercion.h"

#include <algorithm>
#include <functional>

namespace pyrite {
namespace {

using Meet = std::function<std::optional<Type>(const Type&, const Type&)>;

/// char(n) and varchar(n) behave as string in every expression.
Type plain(const Type& type) {
  return type.is(TypeKind::char_n) || type.is(TypeKind::varchar_n) ? Type::string() : type;
}

bool is_atomic(const Type& type) {
  return !type.is_nested() && !type.is(TypeKind::null) && !type.is(TypeKind::calendar_interval) &&
         !type.is(TypeKind::variant);
}

bool same_collation(const Type& left, const Type& right) {
  const auto name = [](const Type& type) { return type.collation().empty() ? "UTF8_BINARY" : type.collation(); };
  return name(left) == name(right);
}

/// Whether every value of `to` decimals covers `from`.
bool decimal_covers(const Type& to, const Type& from) {
  const Type other = decimal_for(from);
  return to.precision() - to.scale() >= other.precision() - other.scale() && to.scale() >= other.scale();
}

/// Whether a cast between the types can make NULL of a value; then the nested nullability must say so.
bool may_lose(const Type& from, const Type& to) {
  if (from.is(TypeKind::null) || from == to) {
    return false;
  }
  if (from.is_string()) {
    return !to.is_string() && !to.is(TypeKind::binary);
  }
  if (to.is_string()) {
    return false;
  }
  if (to.is(TypeKind::date)) {
    return !from.is(TypeKind::timestamp) && !from.is(TypeKind::timestamp_ntz);
  }
  if (from.is(TypeKind::date)) {
    return !to.is(TypeKind::timestamp) && !to.is(TypeKind::timestamp_ntz);
  }
  if (to.is(TypeKind::decimal)) {
    return !from.is_numeric() || from.is_floating() || !decimal_covers(to, from);
  }
  return from.is_fractional() && to.is_integral();
}

bool same_name(const std::string& left, const std::string& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  });
}

std::optional<Type> meet_nested(const Type& left, const Type& right, const Meet& meet) {
  if (left.kind() != right.kind()) {
    return std::nullopt;
  }
  if (left.is(TypeKind::array)) {
    const auto element = meet(left.element(), right.element());
    if (!element) {
      return std::nullopt;
    }
    return Type::array(*element, left.contains_null() || right.contains_null() || may_lose(left.element(), *element) ||
                                     may_lose(right.element(), *element));
  }
  if (left.is(TypeKind::map)) {
    const auto key = meet(left.key(), right.key());
    const auto value = key ? meet(left.value(), right.value()) : std::nullopt;
    if (!value || may_lose(left.key(), *key) || may_lose(right.key(), *key)) {
      return std::nullopt;
    }
    return Type::map(*key, *value,
                     left.contains_null() || right.contains_null() || may_lose(left.value(), *value) ||
                         may_lose(right.value(), *value));
  }
  if (!left.is(TypeKind::structure) || left.fields().size() != right.fields().size()) {
    return std::nullopt;
  }
  std::vector<StructField> fields;
  for (size_t i = 0; i < left.fields().size(); ++i) {
    const StructField &a = left.fields()[i], &b = right.fields()[i];
    const auto type = same_name(a.name, b.name) ? meet(a.type, b.type) : std::nullopt;
    if (!type) {
      return std::nullopt;
    }
    fields.push_back(
        {a.name, *type, a.nullable || b.nullable || may_lose(a.type, *type) || may_lose(b.type, *type), {}});
  }
  return Type::structure(std::move(fields));
}

std::optional<Type> meet_datetime(const Type& left, const Type& right) {
  const auto either = [&](TypeKind kind) { return left.is(kind) || right.is(kind); };
  if (either(TypeKind::timestamp)) {
    return Type::timestamp();
  }
  return either(TypeKind::timestamp_ntz) ? Type::timestamp_ntz() : Type::date();
}

/// Types that meet without any loss and without looking into nested ones.
std::optional<Type> tightest_flat(const Type& left, const Type& right, bool ansi) {
  if (left == right) {
    return left;
  }
  if (left.is(TypeKind::null)) {
    return right;
  }
  if (right.is(TypeKind::null)) {
    return left;
  }
  if (left.is(TypeKind::string) && right.is(TypeKind::string)) {
    // An undeclared collation yields to a declared one.
    if (left.collation().empty() || same_collation(left, right)) {
      return right;
    }
    return right.collation().empty() ? std::optional<Type>(left) : std::nullopt;
  }
  if (left.is_numeric() && right.is_numeric()) {
    const bool a = left.is(TypeKind::decimal), b = right.is(TypeKind::decimal);
    if (a && b) {
      return std::nullopt;
    }
    if (a || b) {
      const Type &decimal = a ? left : right, &other = a ? right : left;
      return other.is_integral() && decimal_covers(decimal, other) ? std::optional<Type>(decimal) : std::nullopt;
    }
    const Type wider = std::max(left.kind(), right.kind()) == left.kind() ? left : right;
    // A float does not hold every integer.
    return ansi && wider.is(TypeKind::float32) ? Type::float64() : wider;
  }
  if (left.is_datetime() && right.is_datetime()) {
    return meet_datetime(left, right);
  }
  if (left.is(TypeKind::time) && right.is(TypeKind::time)) {
    return Type::time(std::max(left.precision(), right.precision()));
  }
  if (left.is_ansi_interval() && left.kind() == right.kind()) {
    const int start = std::min(left.start_field(), right.start_field());
    const int end = std::max(left.end_field(), right.end_field());
    return left.is(TypeKind::year_month_interval) ? Type::year_month_interval(start, end)
                                                  : Type::day_time_interval(start, end);
  }
  return std::nullopt;
}

/// The decimal that holds both; a floating operand makes it double.
std::optional<Type> wider_decimal(const Type& left, const Type& right) {
  if (!left.is_numeric() || !right.is_numeric() || (!left.is(TypeKind::decimal) && !right.is(TypeKind::decimal))) {
    return std::nullopt;
  }
  if (left.is_floating() || right.is_floating()) {
    return Type::float64();
  }
  const Type a = decimal_for(left), b = decimal_for(right);
  const int scale = std::max(a.scale(), b.scale());
  const int whole = std::max(a.precision() - a.scale(), b.precision() - b.scale());
  // Digits before the point are kept at the cost of those behind it.
  const int excess = std::max(whole + scale - 38, 0);
  return Type::decimal(std::min(whole + scale, 38), std::max(scale - excess, 0));
}

/// What a string becomes beside another type in ANSI mode.
std::optional<Type> ansi_string_promotion(const Type& left, const Type& right) {
  if (left.is(TypeKind::string) == right.is(TypeKind::string)) {
    return std::nullopt;
  }
  const Type& other = left.is(TypeKind::string) ? right : left;
  if (other.is_integral()) {
    return Type::long_int();
  }
  if (other.is_fractional()) {
    return Type::float64();
  }
  return is_atomic(other) && !other.is_ansi_interval() ? std::optional<Type>(other) : std::nullopt;
}

/// Without ANSI mode strings win over every atomic type but boolean and binary.
std::optional<Type> legacy_string_promotion(const Type& left, const Type& right) {
  if (left.is(TypeKind::string) == right.is(TypeKind::string)) {
    return std::nullopt;
  }
  const Type &text = left.is(TypeKind::string) ? left : right, &other = left.is(TypeKind::string) ? right : left;
  return is_atomic(other) && !other.is(TypeKind::boolean) && !other.is(TypeKind::binary) ? std::optional<Type>(text)
                                                                                         : std::nullopt;
}

bool has_string(const Type& type) {
  return type.is_string() || (type.is(TypeKind::array) && has_string(type.element()));
}

}  // namespace

Type decimal_for(const Type& numeric) {
  switch (numeric.kind()) {
    case TypeKind::decimal:
      return numeric;
    case TypeKind::byte:
      return Type::decimal(3, 0);
    case TypeKind::short_int:
      return Type::decimal(5, 0);
    case TypeKind::integer:
      return Type::decimal(10, 0);
    case TypeKind::long_int:
      return Type::decimal(20, 0);
    case TypeKind::float32:
      return Type::decimal(14, 7);
    case TypeKind::float64:
      return Type::decimal(30, 15);
    default:
      return Type::decimal(38, 18);
  }
}

Type bounded_decimal(int precision, int scale, bool allow_precision_loss) {
  if (precision <= 38) {
    return Type::decimal(precision, scale);
  }
  if (!allow_precision_loss) {
    return Type::decimal(38, std::min(scale, 38));
  }
  if (scale < 0) {
    return Type::decimal(38, scale);
  }
  const int whole = precision - scale;
  return Type::decimal(38, std::max(38 - whole, std::min(scale, 6)));
}

std::optional<Type> tightest_common_type(const Type& left_type, const Type& right_type, bool ansi) {
  const Type left = plain(left_type), right = plain(right_type);
  if (auto type = tightest_flat(left, right, ansi)) {
    return type;
  }
  return meet_nested(left, right, [ansi](const Type& a, const Type& b) { return tightest_common_type(a, b, ansi); });
}

std::optional<Type> wider_type(const Type& left_type, const Type& right_type, bool ansi) {
  const Type left = plain(left_type), right = plain(right_type);
  if (auto type = tightest_common_type(left, right, ansi)) {
    return type;
  }
  if (auto type = wider_decimal(left, right)) {
    return type;
  }
  if (auto type = ansi ? ansi_string_promotion(left, right) : legacy_string_promotion(left, right)) {
    return type;
  }
  return meet_nested(left, right, [ansi](const Type& a, const Type& b) { return wider_type(a, b, ansi); });
}

std::optional<Type> wider_type(const std::vector<Type>& types, bool ansi) {
  std::vector<Type> ordered = types;
  if (!ansi) {
    // Strings first, so that the answer does not depend on the order of the arguments.
    std::stable_partition(ordered.begin(), ordered.end(), has_string);
  }
  std::optional<Type> common = Type::null();
  for (const Type& type : ordered) {
    common = wider_type(*common, type, ansi);
    if (!common) {
      return std::nullopt;
    }
  }
  return common;
}

std::optional<Type> comparison_type(const Type& left_type, const Type& right_type, bool ansi) {
  const Type left = plain(left_type), right = plain(right_type);
  if (ansi) {
    if (auto type = ansi_string_promotion(left, right)) {
      return type;
    }
  } else if (left.is(TypeKind::string) != right.is(TypeKind::string)) {
    const Type& other = left.is(TypeKind::string) ? right : left;
    if (other.is(TypeKind::null)) {
      return Type::string();
    }
    if (other.is(TypeKind::decimal)) {
      return Type::float64();
    }
    return is_atomic(other) && !other.is_ansi_interval() ? std::optional<Type>(other) : std::nullopt;
  }
  if (auto type = tightest_common_type(left, right, ansi)) {
    return type;
  }
  return wider_decimal(left, right);
}

std::optional<Type> wider_type_without_texts(const std::vector<Type>& types, bool ansi) {
  bool texts = false, others = false;
  for (const Type& type : types) {
    texts = texts || type.is_string();
    others = others || (!type.is_string() && !type.is(TypeKind::null));
  }
  return texts && others ? std::nullopt : wider_type(types, ansi);
}

Type without_lengths(const Type& type) {
  switch (type.kind()) {
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return Type::string();
    case TypeKind::array:
      return Type::array(without_lengths(type.element()), type.contains_null());
    case TypeKind::map:
      return Type::map(without_lengths(type.key()), without_lengths(type.value()), type.contains_null());
    case TypeKind::structure: {
      std::vector<StructField> fields = type.fields();
      for (StructField& field : fields) {
        field.type = without_lengths(field.type);
      }
      return Type::structure(std::move(fields));
    }
    default:
      return type;
  }
}

}  // namespace pyrite
