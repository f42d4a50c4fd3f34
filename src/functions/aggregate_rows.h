// Loops of flat aggregate states over the non-NULL rows of a column.
#pragma once

#include "base/error.h"
#include "functions/column.h"
#include "functions/function_def.h"

namespace pyrite {

/// f(state, value) for every row whose value of C++ type T is not NULL.
template <class T, class At, class F>
void each_value(const ColumnView& column, size_t rows, At at, F f) {
  if (!column.validity && !column.selection) {
    for (size_t row = 0; row < rows; ++row) {
      f(at(row), column.load<T>(row));
    }
  } else if (!column.validity) {
    for (size_t row = 0; row < rows; ++row) {
      f(at(row), column.load<T>(column.selection[row]));
    }
  } else {
    for (size_t row = 0; row < rows; ++row) {
      if (!column.is_null(row)) {
        f(at(row), column.load<T>(column.position(row)));
      }
    }
  }
}

/// The same for any integer-like column: integers, intervals and decimals of every width; values arrive as T.
template <class At, class F>
void each_integer(const ColumnView& column, size_t rows, At at, F f) {
  switch (column.type.kind()) {
    case TypeKind::byte:
      return each_value<int8_t>(column, rows, at, f);
    case TypeKind::short_int:
      return each_value<int16_t>(column, rows, at, f);
    case TypeKind::integer:
    case TypeKind::year_month_interval:
      return each_value<int32_t>(column, rows, at, f);
    case TypeKind::long_int:
    case TypeKind::day_time_interval:
      return each_value<int64_t>(column, rows, at, f);
    case TypeKind::decimal:
      switch (decimal_width(column.type.precision())) {
        case 2:
          return each_value<int16_t>(column, rows, at, f);
        case 4:
          return each_value<int32_t>(column, rows, at, f);
        case 8:
          return each_value<int64_t>(column, rows, at, f);
        default:
          return each_value<Int128>(column, rows, at, f);
      }
    default:
      throw_internal("an integer column is expected, not " + simple_string(column.type));
  }
}

/// The same for a column of numbers that enters as double.
template <class At, class F>
void each_double(const ColumnView& column, size_t rows, At at, F f) {
  if (column.type.is(TypeKind::float64)) {
    return each_value<double>(column, rows, at, f);
  }
  if (column.type.is(TypeKind::float32)) {
    return each_value<float>(column, rows, at, [&](auto& state, float value) { f(state, static_cast<double>(value)); });
  }
  each_integer(column, rows, at, [&](auto& state, auto value) { f(state, static_cast<double>(value)); });
}

}  // namespace pyrite
