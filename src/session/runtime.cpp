// The process's runtime: engine options from Spark's configuration keys.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "session/session.h"

namespace pyrite {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string value_of(const Pairs& pairs, const std::string& key, std::string otherwise) {
  for (const auto& [name, value] : pairs) {
    if (name == key) {
      return value;
    }
  }
  return otherwise;
}

/// local: 1, local[4]: 4, local[4,2]: 4, local[*] and anything else: 0 (every core).
int threads_of(const std::string& master) {
  if (master == "local") {
    return 1;
  }
  if (master.starts_with("local[") && master.size() > 6) {
    return std::max(0, std::atoi(master.c_str() + 6));
  }
  return 0;
}

/// Spark's sizes are binary: 4g is 4 GiB, 512 alone is MiB for spark.driver.memory.
std::string memory_of(const std::string& text) {
  size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    ++digits;
  }
  if (digits == 0 || digits > 12) {
    return {};
  }
  const std::string number = text.substr(0, digits);
  const char unit = digits < text.size() ? static_cast<char>(text[digits] | 0x20) : 'm';
  switch (unit) {
    case 'b':
      return number + "B";
    case 'k':
      return number + "KiB";
    case 'm':
      return number + "MiB";
    case 'g':
      return number + "GiB";
    case 't':
      return number + "TiB";
    default:
      return {};
  }
}

void set_default(Pairs& pairs, const std::string& key, std::string value) {
  if (value_of(pairs, key, "").empty()) {
    pairs.emplace_back(key, std::move(value));
  }
}

}  // namespace

std::shared_ptr<Runtime> create_runtime(const Pairs& configuration, std::shared_ptr<ColumnarProvider> columnar) {
  EngineOptions options;
  options.threads = threads_of(value_of(configuration, "spark.master", "local[*]"));
  options.memory_limit = memory_of(value_of(configuration, "spark.driver.memory", ""));
  options.columnar = std::move(columnar);
  options.temporary_directory = value_of(configuration, "spark.local.dir", "");

  auto runtime = std::make_shared<Runtime>();
  Pairs& keys = runtime->static_configuration;
  keys = configuration;
  const int64_t now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  set_default(keys, "spark.master", "local[*]");
  set_default(keys, "spark.app.name", "pyrite");
  set_default(keys, "spark.app.id", "local-" + std::to_string(now));
  set_default(keys, "spark.app.startTime", std::to_string(now));
  set_default(keys, "spark.executor.id", "driver");
  set_default(keys, "spark.driver.host", "localhost");
  set_default(keys, "spark.sql.warehouse.dir",
              "file:" + (std::filesystem::current_path() / "spark-warehouse").string());
  std::string warehouse = value_of(keys, "spark.sql.warehouse.dir", "");
  if (warehouse.starts_with("file:")) {
    warehouse.erase(0, warehouse.starts_with("file://") ? 7 : 5);
  } else {
    warehouse = std::filesystem::absolute(warehouse).string();
    for (auto& [key, value] : keys) {
      if (key == "spark.sql.warehouse.dir") {
        value = "file:" + warehouse;
      }
    }
  }
  runtime->warehouse = warehouse;
  const Configuration checked(keys);  // refuses invalid values before the engine starts
  runtime->engine = Engine::create(options);
  runtime->catalog = std::make_shared<SharedCatalog>();
  return runtime;
}

}  // namespace pyrite
