// The table of Spark's configuration keys.
#pragma once

#include <span>
#include <string_view>

namespace pyrite {

enum class ConfigurationKind { text, boolean, integer, long_integer, floating, bytes, duration, choice, time_zone };

struct ConfigurationRow {
  std::string_view key;
  bool has_default;
  std::string_view default_value;
  ConfigurationKind kind;
  /// Choices separated by ", "; for bytes and durations the name of their kind in error messages.
  std::string_view options;
  /// The key that gives the value where this one is not set; may be empty.
  std::string_view fallback;
  bool is_static;
  /// First version of Spark that has it; empty: an internal key that SET -v does not list.
  std::string_view since;
};

std::span<const ConfigurationRow> configuration_rows();
/// The row of a key, or nullptr.
const ConfigurationRow* find_configuration(std::string_view key);
/// Whether the key belongs to Spark's core, where a session cannot change it.
bool is_core_configuration(std::string_view key);

}  // namespace pyrite
