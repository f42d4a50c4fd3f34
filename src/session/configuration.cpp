// A session's configuration over Spark's table of keys.
#include "session/configuration.h"

#include "base/error.h"
#include "session/configuration_table.h"
#include "session/configuration_value.h"

namespace pyrite {
namespace {

constexpr std::string_view documentation_root = "https://spark.apache.org/docs/latest";

std::string quoted(const std::string& key) { return "\"" + key + "\""; }

}  // namespace

Configuration::Configuration(const std::vector<std::pair<std::string, std::string>>& initial) {
  for (const auto& [key, value] : initial) {
    if (const ConfigurationRow* row = find_configuration(key)) {
      check_configuration_value(*row, value);
    }
    initial_[key] = value;
  }
  values_ = initial_;
}

Configuration::Configuration(const Configuration& other) {
  const std::lock_guard lock(other.mutex_);
  values_ = other.values_;
  initial_ = other.initial_;
}

std::optional<std::string> Configuration::find_locked(const std::string& key) const {
  if (const auto found = values_.find(key); found != values_.end()) {
    return found->second;
  }
  const ConfigurationRow* row = find_configuration(key);
  if (!row) {
    return std::nullopt;
  }
  if (!row->fallback.empty()) {
    return find_locked(std::string(row->fallback));
  }
  if (row->kind == ConfigurationKind::time_zone) {
    return system_time_zone();
  }
  return row->has_default ? std::optional<std::string>(row->default_value) : std::nullopt;
}

std::optional<std::string> Configuration::find(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return find_locked(key);
}

std::optional<std::string> Configuration::find_set(const std::string& key,
                                                   const std::optional<std::string>& otherwise) const {
  const std::lock_guard lock(mutex_);
  const ConfigurationRow* row = find_configuration(key);
  if (const auto found = values_.find(key); found != values_.end()) {
    return found->second;
  }
  if (row && !row->fallback.empty()) {
    if (const auto found = values_.find(std::string(row->fallback)); found != values_.end()) {
      return found->second;
    }
  }
  if (row && otherwise) {
    check_configuration_value(*row, *otherwise);
  }
  return otherwise;
}

std::string Configuration::get(const std::string& key) const {
  std::optional<std::string> value = find(key);
  if (!value && find_configuration(key)) {
    return "<undefined>";
  }
  if (!value) {
    throw SparkError(ErrorKind::no_such_element, "SQL_CONF_NOT_FOUND", {{"sqlConf", quoted(key)}});
  }
  return *value;
}

bool Configuration::flag(const std::string& key) const { return configuration_flag(find(key).value_or("false")); }

bool Configuration::is_modifiable(const std::string& key) const {
  const ConfigurationRow* row = find_configuration(key);
  return row && !row->is_static;
}

void Configuration::check_modifiable(const std::string& key, bool unsetting) const {
  const ConfigurationRow* row = find_configuration(key);
  if (row && row->is_static) {
    throw SparkError(ErrorKind::analysis, "CANNOT_MODIFY_STATIC_CONFIG", {{"key", quoted(key)}});
  }
  if (!row && !unsetting && is_core_configuration(key)) {
    throw SparkError(ErrorKind::analysis, "CANNOT_MODIFY_CONFIG",
                     {{"key", quoted(key)}, {"docroot", std::string(documentation_root)}});
  }
}

void Configuration::set(const std::string& key, const std::string& value) {
  check_modifiable(key, false);
  if (const ConfigurationRow* row = find_configuration(key)) {
    check_configuration_value(*row, value);
  }
  const std::lock_guard lock(mutex_);
  values_[key] = value;
  ++version_;
}

void Configuration::unset(const std::string& key) {
  check_modifiable(key, true);
  const std::lock_guard lock(mutex_);
  values_.erase(key);
  ++version_;
}

void Configuration::reset(const std::string& key) {
  check_modifiable(key, true);
  const std::lock_guard lock(mutex_);
  const auto found = initial_.find(key);
  if (found == initial_.end()) {
    values_.erase(key);
  } else {
    values_[key] = found->second;
  }
  ++version_;
}

void Configuration::reset() {
  const std::lock_guard lock(mutex_);
  values_ = initial_;
  ++version_;
}

uint64_t Configuration::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

std::vector<std::pair<std::string, std::string>> Configuration::all_set() const {
  const std::lock_guard lock(mutex_);
  return {values_.begin(), values_.end()};
}

std::vector<Configuration::Row> Configuration::all_known() const {
  const std::lock_guard lock(mutex_);
  std::vector<Row> out;
  for (const ConfigurationRow& row : configuration_rows()) {
    if (!row.since.empty()) {
      std::string key(row.key);
      std::string value = find_locked(key).value_or("<undefined>");
      out.push_back({std::move(key), std::move(value), "", std::string(row.since)});
    }
  }
  return out;
}

}  // namespace pyrite
