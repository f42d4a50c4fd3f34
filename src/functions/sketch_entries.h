// What theta and tuple sketches share: their size and reading a theta sketch.
#pragma once

#include <string_view>
#include <theta_sketch.hpp>

#include "functions/sketch_arguments.h"

namespace pyrite {

/// The binary logarithm of the entries that a sketch keeps.
inline constexpr int64_t default_entries = 12;
inline constexpr int64_t smallest_entries = 4;
inline constexpr int64_t largest_entries = 26;

/// Errors: SKETCH_INVALID_LG_NOM_ENTRIES.
inline void check_entries(const CallInfo& call, int64_t entries) {
  if (entries < smallest_entries || entries > largest_entries) {
    throw SparkError("SKETCH_INVALID_LG_NOM_ENTRIES", {{"function", quoted_function(call)},
                                                       {"min", std::to_string(smallest_entries)},
                                                       {"max", std::to_string(largest_entries)},
                                                       {"value", std::to_string(entries)}});
  }
}

/// A builder of a sketch or union that also makes the smallest size, which DataSketches has in Java but not in C++.
template <class Builder>
struct AnySize : Builder {
  using Builder::Builder;
  AnySize& size(uint8_t entries) {
    this->lg_k_ = entries;
    return *this;
  }
};

/// The kind of sketch that serialized bytes name in their third byte.
enum class SketchFamily : uint8_t { compact_theta = 3, tuple = 9 };

/// Refuses a sketch of another family. Bytes of no known family are left to whoever reads them.
inline void check_family(const CallInfo& call, std::string_view bytes, SketchFamily expected,
                         std::string_view condition) {
  constexpr std::string_view names[] = {
      "",      "ALPHA",     "QUICKSELECT", "COMPACT",         "UNION",  "INTERSECTION", "A_NOT_B", "HLL", "QUANTILES",
      "TUPLE", "FREQUENCY", "RESERVOIR",   "RESERVOIR_UNION", "VAROPT", "VAROPT_UNION", "KLL",     "CPC", "REQ"};
  if (bytes.size() < 8) {
    return;
  }
  const auto family = static_cast<uint8_t>(bytes[2]);
  const auto wanted = static_cast<uint8_t>(expected);
  if (family != wanted && family > 0 && family < std::size(names)) {
    throw SparkError(condition, {{"function", quoted_function(call)},
                                 {"expectedFamily", std::string(names[wanted])},
                                 {"actualFamily", std::string(names[family])}});
  }
}

/// Errors: THETA_INVALID_INPUT_SKETCH_BUFFER, THETA_INVALID_INPUT_SKETCH_BUFFER_FAMILY.
inline datasketches::compact_theta_sketch read_theta_sketch(const CallInfo& call, std::string_view bytes) {
  check_family(call, bytes, SketchFamily::compact_theta, "THETA_INVALID_INPUT_SKETCH_BUFFER_FAMILY");
  try {
    return datasketches::compact_theta_sketch::deserialize(bytes.data(), bytes.size());
  } catch (const std::exception&) {
    throw SparkError("THETA_INVALID_INPUT_SKETCH_BUFFER", {{"function", quoted_function(call)}});
  }
}

}  // namespace pyrite
