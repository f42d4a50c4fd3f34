// Tight loops of kernels over one or two columns of plain values.
#pragma once

#include "functions/column.h"

namespace pyrite {

template <class T>
inline T load_value(const ColumnView& column, size_t row) {
  if constexpr (std::is_same_v<T, Int128>) {
    return column.decimal(row);
  } else {
    return column.get<T>(row);
  }
}

/// op(value, T& result) says whether there is a result; false writes NULL.
template <class From, class To, class Op>
void map_rows(const ColumnView& in, size_t rows, ColumnWriter& out, Op&& op) {
  To* results = static_cast<To*>(out.data());
  if (!in.validity && !in.selection) {
    const From* values = static_cast<const From*>(in.data);
    for (size_t row = 0; row < rows; ++row) {
      if (!op(values[row], results[row])) {
        out.set_null(row);
      }
    }
    return;
  }
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row) || !op(load_value<From>(in, row), results[row])) {
      out.set_null(row);
    }
  }
}

/// The same over two columns.
template <class Left, class Right, class To, class Op>
void map_pairs(const ColumnView& left, const ColumnView& right, size_t rows, ColumnWriter& out, Op&& op) {
  To* results = static_cast<To*>(out.data());
  if (!left.validity && !right.validity) {
    const Left* a = static_cast<const Left*>(left.data);
    const Right* b = static_cast<const Right*>(right.data);
    if (!left.selection && !right.selection) {
      for (size_t row = 0; row < rows; ++row) {
        if (!op(a[row], b[row], results[row])) {
          out.set_null(row);
        }
      }
      return;
    }
    if (!left.selection && right.constant) {
      const Right constant = rows ? right.get<Right>(0) : Right{};
      for (size_t row = 0; row < rows; ++row) {
        if (!op(a[row], constant, results[row])) {
          out.set_null(row);
        }
      }
      return;
    }
    if (left.constant && !right.selection) {
      const Left constant = rows ? left.get<Left>(0) : Left{};
      for (size_t row = 0; row < rows; ++row) {
        if (!op(constant, b[row], results[row])) {
          out.set_null(row);
        }
      }
      return;
    }
  }
  for (size_t row = 0; row < rows; ++row) {
    if (left.is_null(row) || right.is_null(row) || !op(left.get<Left>(row), right.get<Right>(row), results[row])) {
      out.set_null(row);
    }
  }
}

}  // namespace pyrite
