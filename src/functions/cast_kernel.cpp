// Which kernel casts one type to another.
#include "functions/bind_call.h"
#include "functions/cast_nested.h"
#include "functions/cast_number.h"
#include "functions/cast_text.h"
#include "functions/datetime_cast.h"
#include "functions/variant_cast.h"

namespace pyrite {
namespace {

void write_nulls(const KernelContext&, std::span<const ColumnView>, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    out.set_null(row);
  }
}

}  // namespace

Kernel cast_kernel(const Type& from, const Type& to, resolved::EvalMode mode) {
  if (from.is(TypeKind::null)) {
    return {&write_nulls, nullptr};
  }
  if (const Kernel kernel = variant_cast_kernel(from, to, mode); kernel.run) {
    return kernel;
  }
  if (const Kernel kernel = datetime_cast_kernel(from, to, mode); kernel.run) {
    return kernel;
  }
  if (to.is_string()) {
    return to_text_kernel();
  }
  if (const Kernel kernel = text_cast_kernel(from, to); kernel.run) {
    return kernel;
  }
  if (to.is(TypeKind::binary)) {
    return binary_cast_kernel(from);
  }
  if (const Kernel kernel = number_cast_kernel(from, to); kernel.run) {
    return kernel;
  }
  return nested_cast_kernel(from, to);
}

}  // namespace pyrite
