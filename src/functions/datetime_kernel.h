// What kernels of date and time functions share: the session's zone and fast loops over one column.
#pragma once

#include <span>
#include <string>

#include "base/error.h"
#include "functions/kernel.h"
#include "types/calendar.h"
#include "types/time_zone.h"

namespace pyrite {

/// A call's zone with a cursor, for kernels over timestamps.
struct ZoneState {
  explicit ZoneState(const CallInfo& call) : zone(get_time_zone(call.time_zone)), cursor(*zone) {}
  TimeZonePtr zone;
  ZoneCursor cursor;
  int64_t local_days(int64_t utc_micros) { return floor_div(cursor.to_local(utc_micros), micros_per_day); }
};

/// result[row] = f(value) for every row that is not NULL.
template <class In, class F>
void map_column(const ColumnView& in, size_t rows, ColumnWriter& out, F f) {
  using Result = decltype(f(In{}));
  auto* result = static_cast<Result*>(out.data());
  if (!in.validity && !in.selection) {
    const auto* data = static_cast<const In*>(in.data);
    for (size_t row = 0; row < rows; ++row) {
      result[row] = f(data[row]);
    }
    return;
  }
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
    } else {
      result[row] = f(in.get<In>(row));
    }
  }
}

/// The text of a call's argument when it is one constant.
inline std::optional<std::string> constant_text(const CallInfo& call, size_t argument) {
  if (argument >= call.constants.size() || !call.constants[argument] || call.constants[argument]->is_null() ||
      !call.argument_types[argument].is_string()) {
    return std::nullopt;
  }
  return call.constants[argument]->text();
}

inline std::string ansi_config() { return "\"spark.sql.ansi.enabled\""; }

[[noreturn]] inline void throw_long_overflow() { throw SparkError::plain(ErrorKind::arithmetic, "long overflow"); }
[[noreturn]] inline void throw_integer_overflow() {
  throw SparkError::plain(ErrorKind::arithmetic, "integer overflow");
}
/// Spark's overflow of its own exact arithmetic.
[[noreturn]] inline void throw_arithmetic_overflow() {
  throw SparkError("ARITHMETIC_OVERFLOW", {{"message", "overflow"}, {"alternative", ""}, {"config", ansi_config()}});
}

inline int64_t multiply_exact(int64_t a, int64_t b) {
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) {
    throw_long_overflow();
  }
  return product;
}

}  // namespace pyrite
