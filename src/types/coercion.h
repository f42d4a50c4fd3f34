// Spark's coercion lattice: which type two expressions meet in, which implicit casts are allowed.
#pragma once

#include <optional>
#include <vector>

#include "types/type.h"

namespace pyrite {

/// The tightest common type of two operands of one operation (no loss of precision); nullopt: there is none.
std::optional<Type> tightest_common_type(const Type& left, const Type& right, bool ansi);

/// The wider type used by set operations, CASE, coalesce, array(…), IN: decimals widen, strings promote as the mode
/// says.
std::optional<Type> wider_type(const Type& left, const Type& right, bool ansi);
std::optional<Type> wider_type(const std::vector<Type>& types, bool ansi);
/// As wider_type, but texts have none with other types.
std::optional<Type> wider_type_without_texts(const std::vector<Type>& types, bool ansi);

/// The type a comparison of two types is made in.
std::optional<Type> comparison_type(const Type& left, const Type& right, bool ansi);

/// Whether a value may be passed where `to` is expected (implicit cast), as ImplicitCastInputTypes allows.
bool can_implicitly_cast(const Type& from, const Type& to, bool ansi);

/// The decimal that holds every value of an integral type; decimals stay themselves.
Type decimal_for(const Type& numeric);
/// A decimal bounded to precision 38 as Spark bounds results (digits before the point kept where possible).
Type bounded_decimal(int precision, int scale, bool allow_precision_loss = true);

/// The type with strings in place of texts of a limited length, inside others too.
Type without_lengths(const Type& type);

}  // namespace pyrite
