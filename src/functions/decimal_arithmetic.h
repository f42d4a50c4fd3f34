// Arithmetic of decimals: Spark's result types and the kernels.
#pragma once

#include "functions/function_def.h"

namespace pyrite {

enum class DecimalOperator : uint8_t { add, subtract, multiply, divide, remainder, positive_remainder, whole_divide };

/// The type of left op right; whole_divide gives the decimal type before it becomes long.
Type decimal_result(DecimalOperator op, const Type& left, const Type& right, bool allow_precision_loss);

/// Computes two decimal columns into a decimal one (whole_divide: long). Overflow and division by zero raise, or give
/// NULL, as the mode says.
void run_decimal(DecimalOperator op, const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                 ColumnWriter& out);

}  // namespace pyrite
