// Which casts Spark allows, which can fail, which can make NULL of a value.
#include <algorithm>

#include "base/error.h"
#include "functions/bind_call.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;

bool is_timestamp(const Type& type) { return type.is(TypeKind::timestamp) || type.is(TypeKind::timestamp_ntz); }

/// Whether every value of a numeric type fits a decimal type.
bool fits_decimal(const Type& from, const Type& to) {
  if (from.is(TypeKind::boolean)) {
    return to.precision() - to.scale() >= 1;
  }
  if (from.is_integral() || from.is(TypeKind::decimal)) {
    const Type decimal = decimal_for(from);
    const int whole = from.is(TypeKind::long_int) ? 19 : decimal.precision() - decimal.scale();
    return to.scale() >= decimal.scale() && to.precision() - to.scale() >= whole;
  }
  return false;
}

bool can_cast_flat(const Type& from, const Type& to, bool ansi) {
  if (to.is_string()) {
    return true;
  }
  if (from.is(TypeKind::variant)) {
    return to.kind() != TypeKind::calendar_interval && !to.is_ansi_interval() && !to.is(TypeKind::time);
  }
  if (to.is(TypeKind::variant)) {
    return !from.is(TypeKind::calendar_interval) && !from.is_ansi_interval() && !from.is(TypeKind::time);
  }
  switch (to.kind()) {
    case TypeKind::binary:
      return from.is_string() || (!ansi && from.is_integral());
    case TypeKind::boolean:
      return from.is_string() || from.is_numeric() ||
             (!ansi && (from.is(TypeKind::date) || is_timestamp(from)) && !from.is(TypeKind::timestamp_ntz));
    case TypeKind::date:
      return from.is_string() || is_timestamp(from);
    case TypeKind::timestamp:
      return from.is_string() || from.is(TypeKind::date) || from.is(TypeKind::timestamp_ntz) || from.is_numeric() ||
             (!ansi && from.is(TypeKind::boolean));
    case TypeKind::timestamp_ntz:
      return from.is_string() || from.is(TypeKind::date) || from.is(TypeKind::timestamp);
    case TypeKind::time:
      return from.is_string() || from.is(TypeKind::time);
    case TypeKind::calendar_interval:
      return from.is_string();
    case TypeKind::year_month_interval:
    case TypeKind::day_time_interval:
      return from.is_string() || from.kind() == to.kind() || from.is_integral() || from.is(TypeKind::decimal);
    default:
      break;
  }
  if (!to.is_numeric()) {
    return false;
  }
  if (from.is_string() || from.is_numeric() || from.is(TypeKind::boolean) || from.is(TypeKind::timestamp)) {
    return true;
  }
  if (from.is(TypeKind::date)) {
    return !ansi;
  }
  if (from.is_ansi_interval()) {
    return to.is_integral() || to.is(TypeKind::decimal);
  }
  return from.is(TypeKind::time) && (to.is_integral() || to.is(TypeKind::decimal));
}

bool loses(const Type& from, const Type& to) {
  if (from.is(TypeKind::null) || same_type(from, to)) {
    return false;
  }
  if (from.is(TypeKind::variant)) {
    return true;
  }
  if (from.is_string()) {
    return !to.is_string() && !to.is(TypeKind::binary);
  }
  if (to.is_string()) {
    return false;
  }
  if (from.is_floating() && to.is(TypeKind::timestamp)) {
    return true;
  }
  if (to.is(TypeKind::date)) {
    return !from.is(TypeKind::timestamp);
  }
  if (from.is(TypeKind::date)) {
    return !to.is(TypeKind::timestamp);
  }
  if ((from.is(TypeKind::timestamp) || from.is(TypeKind::time)) &&
      (to.is(TypeKind::byte) || to.is(TypeKind::short_int))) {
    return true;
  }
  if (from.is(TypeKind::timestamp) && to.is(TypeKind::integer)) {
    return true;
  }
  if (from.is(TypeKind::decimal) && to.is(TypeKind::timestamp)) {
    return true;
  }
  if (from.is(TypeKind::decimal) && to.is_ansi_interval()) {
    return true;
  }
  if (from.is_ansi_interval() && to.is(TypeKind::decimal)) {
    return true;
  }
  if (to.is(TypeKind::calendar_interval)) {
    return true;
  }
  if (to.is(TypeKind::decimal)) {
    return !fits_decimal(from, to);
  }
  return from.is_fractional() && to.is_integral();
}

}  // namespace

bool can_cast(const Type& from, const Type& to, EvalMode mode) {
  if (same_type(from, to) || from.is(TypeKind::null)) {
    return true;
  }
  if (from.is_nested() && to.is_string()) {
    return true;
  }
  if (from.kind() == to.kind() && from.is_nested()) {
    if (from.is(TypeKind::array)) {
      return can_cast(from.element(), to.element(), mode) &&
             (to.contains_null() || !(from.contains_null() || cast_can_make_null(from.element(), to.element(), mode)));
    }
    if (from.is(TypeKind::map)) {
      return can_cast(from.key(), to.key(), mode) && !cast_can_make_null(from.key(), to.key(), mode) &&
             can_cast(from.value(), to.value(), mode) &&
             (to.contains_null() || !(from.contains_null() || cast_can_make_null(from.value(), to.value(), mode)));
    }
    return from.fields().size() == to.fields().size() &&
           std::equal(from.fields().begin(), from.fields().end(), to.fields().begin(),
                      [mode](const StructField& a, const StructField& b) {
                        return can_cast(a.type, b.type, mode) &&
                               (b.nullable || !(a.nullable || cast_can_make_null(a.type, b.type, mode)));
                      });
  }
  if (from.is_nested() || to.is_nested()) {
    return from.is(TypeKind::variant) || to.is(TypeKind::variant);
  }
  return can_cast_flat(from, to, mode != EvalMode::legacy);
}

bool cast_can_make_null(const Type& from, const Type& to, EvalMode mode) {
  if (from.is_nested() && from.kind() == to.kind()) {
    return false;
  }
  if (mode == EvalMode::try_null) {
    return !same_type(from, to);
  }
  return loses(from, to);
}

bool cast_can_fail(const Type& from, const Type& to, EvalMode mode) {
  if (mode == EvalMode::try_null || from.is(TypeKind::null) || same_type(from, to)) {
    return false;
  }
  if (from.is_nested() && from.kind() == to.kind()) {
    if (from.is(TypeKind::array)) {
      return cast_can_fail(from.element(), to.element(), mode);
    }
    if (from.is(TypeKind::map)) {
      return true;
    }
    for (size_t i = 0; i < from.fields().size(); ++i) {
      if (cast_can_fail(from.fields()[i].type, to.fields()[i].type, mode)) {
        return true;
      }
    }
    return false;
  }
  if (to.is(TypeKind::char_n) || to.is(TypeKind::varchar_n)) {
    return true;
  }
  if (to.is_string() || (from.is_string() && to.is(TypeKind::binary))) {
    return false;
  }
  if (from.is_numeric() && to.is_numeric()) {
    if (mode == EvalMode::legacy || to.is_floating()) {
      return false;
    }
    return to.is(TypeKind::decimal) ? !fits_decimal(from, to) : !(from.is_integral() && to.kind() >= from.kind());
  }
  if (from.is(TypeKind::boolean) || to.is(TypeKind::boolean)) {
    return from.is_string() && mode != EvalMode::legacy;
  }
  // Dates, times and intervals have ranges of their own, whatever the mode.
  return mode != EvalMode::legacy || !from.is_string();
}

ExpressionPtr cast_to(ExpressionPtr expression, const Type& type, EvalMode mode, bool written) {
  if (!written) {
    if (same_type(expression->type, type)) {
      return expression;
    }
    if (const auto* literal = resolved::as_literal(expression); literal && literal->value.is_null()) {
      return resolved::make_expression(resolved::Literal{Value(), literal->written}, type, true, expression->origin);
    }
  }
  const bool nullable = expression->nullable || cast_can_make_null(expression->type, type, mode);
  const resolved::OriginPtr origin = expression->origin;
  return resolved::make_expression(resolved::Cast{std::move(expression), mode, written}, type, nullable, origin);
}

}  // namespace pyrite
