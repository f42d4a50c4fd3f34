// Which types a function's parameter accepts by implicit cast.
#include "types/coercion.h"

namespace pyrite {
namespace {

bool is_primitive(const Type& type) {
  return !type.is_nested() && !type.is(TypeKind::null) && !type.is(TypeKind::calendar_interval) &&
         !type.is(TypeKind::variant);
}

bool nested_casts(const Type& from, const Type& to, bool ansi) {
  if (from.kind() != to.kind()) {
    return false;
  }
  if (from.is(TypeKind::array)) {
    return can_implicitly_cast(from.element(), to.element(), ansi);
  }
  if (from.is(TypeKind::map)) {
    return can_implicitly_cast(from.key(), to.key(), ansi) && can_implicitly_cast(from.value(), to.value(), ansi);
  }
  if (from.fields().size() != to.fields().size()) {
    return false;
  }
  for (size_t i = 0; i < from.fields().size(); ++i) {
    if (!can_implicitly_cast(from.fields()[i].type, to.fields()[i].type, ansi)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool can_implicitly_cast(const Type& from, const Type& to, bool ansi) {
  if (from.is(TypeKind::null) || same_type(from, to)) {
    return true;
  }
  if (from.is_nested() || to.is_nested()) {
    return nested_casts(from, to, ansi);
  }
  if (to.is_string()) {
    return is_primitive(from) || (ansi && from.is(TypeKind::calendar_interval));
  }
  if (from.is_string()) {
    return is_primitive(to) && (ansi || (!to.is(TypeKind::boolean) && !to.is_ansi_interval()));
  }
  if (from.is_numeric() && to.is_numeric()) {
    return true;
  }
  if (from.is_datetime() && to.is_datetime()) {
    return true;
  }
  return from.kind() == to.kind();
}

}  // namespace pyrite
