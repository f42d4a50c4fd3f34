// Casts from and to variant.
#pragma once

#include "functions/function_def.h"
#include "types/time_zone.h"

namespace pyrite {

class VariantView;

/// An empty kernel when neither type is variant.
Kernel variant_cast_kernel(const Type& from, const Type& to, resolved::EvalMode mode);

/// The value of a variant in a type; nullopt: it cannot be cast.
std::optional<Value> variant_value(const VariantView& variant, const Type& type, const TimeZone& zone, int depth = 0);
[[noreturn]] void throw_variant_cast(const VariantView& variant, const Type& type, const TimeZone& zone);
/// Any value as a variant.
void run_to_variant(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                    ColumnWriter& out);

}  // namespace pyrite
