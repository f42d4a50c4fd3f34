// Configuration keys of a session: Spark's defaults, what is static, what was set.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pyrite {

/// Thread-safe.
class Configuration {
 public:
  /// `initial` is what the process was started with: any key, static ones too, and what RESET goes back to.
  explicit Configuration(const std::vector<std::pair<std::string, std::string>>& initial = {});
  Configuration(const Configuration& other);

  /// The value set, else Spark's default; nullopt when neither exists.
  std::optional<std::string> find(const std::string& key) const;
  /// The value set, else `otherwise`, which must be one that the key may have. Errors: INVALID_CONF_VALUE.….
  std::optional<std::string> find_set(const std::string& key, const std::optional<std::string>& otherwise) const;
  /// Errors: SQL_CONF_NOT_FOUND.
  std::string get(const std::string& key) const;
  bool flag(const std::string& key) const;
  /// Errors: CANNOT_MODIFY_STATIC_CONFIG, CANNOT_MODIFY_CONFIG, INVALID_CONF_VALUE.….
  void set(const std::string& key, const std::string& value);
  void unset(const std::string& key);
  bool is_modifiable(const std::string& key) const;
  /// Everything set, by key order.
  std::vector<std::pair<std::string, std::string>> all_set() const;
  /// Every known key with its value or default and Spark's documentation line (SET -v).
  struct Row {
    std::string key, value, meaning, since;
  };
  std::vector<Row> all_known() const;
  void reset();

  void reset(const std::string& key);
  /// Counts the changes, so that what was derived from the values can be renewed.
  uint64_t version() const;

 private:
  std::optional<std::string> find_locked(const std::string& key) const;
  void check_modifiable(const std::string& key, bool unsetting) const;

  mutable std::mutex mutex_;
  uint64_t version_ = 0;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::string> initial_;
};

}  // namespace pyrite
