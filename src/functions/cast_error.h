// The errors of casts, with Spark's parameters.
#pragma once

#include <string_view>

#include "types/type.h"
#include "types/value.h"

namespace pyrite {

/// CAST_INVALID_INPUT for a text that does not read as the type.
[[noreturn]] void throw_cast_invalid(std::string_view text, const Type& from, const Type& to);
/// CAST_OVERFLOW for a value beyond the range of the type.
[[noreturn]] void throw_cast_overflow(const Value& value, const Type& from, const Type& to);
/// NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION for a number that a decimal type cannot hold.
[[noreturn]] void throw_decimal_overflow(std::string value, const Type& decimal);

}  // namespace pyrite
