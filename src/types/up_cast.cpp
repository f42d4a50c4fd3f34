// Casts that lose nothing: what a column may become where a type is fixed.
#include "types/up_cast.h"

#include <algorithm>

#include "types/coercion.h"

namespace pyrite {
namespace {

bool numbers_fit(const Type& from, const Type& to) {
  if (to.is(TypeKind::decimal)) {
    if (from.is_floating()) {
      return false;
    }
    const Type exact = decimal_for(from);
    return to.scale() >= exact.scale() && to.precision() - to.scale() >= exact.precision() - exact.scale();
  }
  if (from.is(TypeKind::decimal)) {
    if (!to.is_integral()) {
      return false;
    }
    const Type room = decimal_for(to);
    return from.scale() == 0 && from.precision() < room.precision();
  }
  if (to.is_floating()) {
    return from.is_integral() || from.kind() <= to.kind();
  }
  return from.is_integral() && from.kind() <= to.kind();
}

}  // namespace

bool can_up_cast(const Type& from, const Type& to) {
  if (same_type(from, to) || from.is(TypeKind::null)) {
    return true;
  }
  if (from.is(TypeKind::array) && to.is(TypeKind::array)) {
    return can_up_cast(from.element(), to.element());
  }
  if (from.is(TypeKind::map) && to.is(TypeKind::map)) {
    return can_up_cast(from.key(), to.key()) && can_up_cast(from.value(), to.value());
  }
  if (from.is(TypeKind::structure) && to.is(TypeKind::structure)) {
    return std::equal(from.fields().begin(), from.fields().end(), to.fields().begin(), to.fields().end(),
                      [](const StructField& a, const StructField& b) { return can_up_cast(a.type, b.type); });
  }
  if (from.is_nested() || to.is_nested()) {
    return false;
  }
  if (to.is_string()) {
    return true;
  }
  if (from.is_numeric() && to.is_numeric()) {
    return numbers_fit(from, to);
  }
  const bool from_timestamp = from.is(TypeKind::timestamp) || from.is(TypeKind::timestamp_ntz);
  const bool to_timestamp = to.is(TypeKind::timestamp) || to.is(TypeKind::timestamp_ntz);
  if (to_timestamp && (from_timestamp || from.is(TypeKind::date))) {
    return true;
  }
  if ((from.is(TypeKind::timestamp) && to.is(TypeKind::long_int)) ||
      (from.is(TypeKind::long_int) && to.is(TypeKind::timestamp))) {
    return true;
  }
  return from.is_ansi_interval() && from.kind() == to.kind();
}

}  // namespace pyrite
