// Limits that keep a hostile call from filling the memory.
#pragma once

#include <cstdint>

#include "base/error.h"

namespace pyrite {

/// Refuses a result that Java could not hold either (more than 2 GiB in one value).
inline void check_text_size(uint64_t bytes) {
  if (bytes > uint64_t{0x7FFFFFFF} - 15) {
    throw SparkError(ErrorKind::runtime, "_LEGACY_ERROR_TEMP_2176", {{"size", std::to_string(bytes)}});
  }
}

/// A failure that Spark raises as a plain Java IllegalArgumentException, without a condition.
[[noreturn]] inline void throw_illegal_argument(const std::string& message) {
  throw SparkError(ErrorKind::illegal_argument, "", {{"message", message}});
}

}  // namespace pyrite
