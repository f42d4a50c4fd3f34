// Kernels of + - * / % div and the signs over numbers of one type, checked as the mode says.
#pragma once

#include "functions/function_def.h"

namespace pyrite {

enum class ArithmeticOperator : uint8_t {
  add,
  subtract,
  multiply,
  divide,
  remainder,
  positive_remainder,
  whole_divide
};

/// Both arguments have one type, or are decimals.
template <ArithmeticOperator op>
void run_arithmetic(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                    ColumnWriter& out);

void run_negative(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out);
void run_absolute(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out);

}  // namespace pyrite
