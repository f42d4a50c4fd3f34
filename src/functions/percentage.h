// The percentage argument of percentile functions: one number or an array of them.
#pragma once

#include <charconv>
#include <string>
#include <vector>

#include "base/error.h"
#include "functions/function_def.h"

namespace pyrite {

/// A number as Spark shows a double literal in messages: 1.5D.
inline std::string double_literal_text(double value) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  std::string text(buffer, end);
  if (text.find_first_of(".en") == std::string::npos) {
    text += ".0";
  }
  return text + "D";
}

inline std::vector<double> read_percentages(const Value& value) {
  std::vector<double> out;
  if (std::holds_alternative<double>(value.storage())) {
    out.push_back(value.float64());
  } else if (!value.is_null()) {
    for (const Value& element : value.list()) {
      out.push_back(element.is_null() ? 0 : element.float64());
    }
  }
  return out;
}

/// Refuses a percentage that is not constant, NULL or outside 0 … 1.
inline void check_percentage(const CallInfo& call, size_t index) {
  if (!call.constants[index]) {
    throw SparkError(
        "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
        {{"inputName", "`percentage`"}, {"inputType", "\"" + sql_string(call.argument_types[index]) + "\""}});
  }
  if (call.constants[index]->is_null()) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_NULL", {{"exprName", "percentage"}});
  }
  const Type& type = call.argument_types[index];
  if (!type.is(TypeKind::float64) && !(type.is(TypeKind::array) && type.element().is(TypeKind::float64))) {
    return;
  }
  for (const double percentage : read_percentages(*call.constants[index])) {
    if (!(percentage >= 0 && percentage <= 1)) {
      throw SparkError("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"exprName", "percentage"},
                                                                {"valueRange", "[0.0, 1.0]"},
                                                                {"currentValue", double_literal_text(percentage)}});
    }
  }
}

/// A number, date, time or interval as double, and back into the type of a result.
inline double read_double(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::byte:
      return column.get<int8_t>(row);
    case TypeKind::short_int:
      return column.get<int16_t>(row);
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return column.get<int32_t>(row);
    case TypeKind::float32:
      return column.get<float>(row);
    case TypeKind::float64:
      return column.get<double>(row);
    case TypeKind::decimal: {
      const std::string text = decimal_text(column.decimal(row), column.type.scale());
      double value = 0;
      std::from_chars(text.data(), text.data() + text.size(), value);
      return value;
    }
    default:
      return static_cast<double>(column.get<int64_t>(row));
  }
}

inline Value value_from_double(double value, const Type& type) {
  switch (type.kind()) {
    case TypeKind::float32:
      return Value(static_cast<float>(value));
    case TypeKind::float64:
      return Value(value);
    case TypeKind::decimal: {
      const double scaled = value * static_cast<double>(power_of_ten(type.scale()));
      return Value(static_cast<Int128>(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
    }
    default:
      return Value(static_cast<int64_t>(value));
  }
}

}  // namespace pyrite
