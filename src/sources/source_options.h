// Options of sources and sinks: looked up without case, read as Spark reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plan/relation.h"
#include "sources/compression.h"

namespace pyrite {

class SourceOptions {
 public:
  explicit SourceOptions(const plan::Options& options) : options_(options) {}

  /// The last value given under any of the names.
  std::optional<std::string> find(std::string_view name) const;
  std::string text(std::string_view name, std::string_view otherwise) const;
  /// true or false; anything else is an error that names the option.
  bool flag(std::string_view name, bool otherwise) const;
  /// The option `compression` (or `codec`). Errors: CODEC_NOT_AVAILABLE.….
  Codec codec() const;
  int64_t number(std::string_view name, int64_t otherwise) const;

 private:
  plan::Options options_;
};

}  // namespace pyrite
