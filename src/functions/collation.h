// String collations: names, keys that order and compare texts, and search within texts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "types/type.h"

namespace pyrite {

/// One collation; shared by threads, all members are const.
class Collation {
 public:
  /// By name, in any case; cached. Errors: COLLATION_INVALID_NAME.
  static const Collation& named(std::string_view name);
  /// The collation of a string type; nullptr for UTF8_BINARY, whose texts compare byte by byte.
  static const Collation* of(const Type& type);
  ~Collation();

  const std::string& name() const { return name_; }
  /// Bytes that compare as the texts do in this collation.
  std::string key(std::string_view text) const;
  bool same(std::string_view left, std::string_view right) const;
  /// Bytes [begin, end) of the first match of `part` at or after the byte `from`.
  std::optional<std::pair<size_t, size_t>> find(std::string_view text, std::string_view part, size_t from = 0) const;
  std::optional<std::pair<size_t, size_t>> find_last(std::string_view text, std::string_view part, size_t before) const;
  bool starts_with(std::string_view text, std::string_view part) const;
  bool ends_with(std::string_view text, std::string_view part) const;
  bool ignores_case_by_code_point() const { return kind_ == Kind::lower_case; }

 private:
  enum class Kind { binary, lower_case, locale };
  struct Rules;
  Collation();

  std::string name_;
  Kind kind_ = Kind::binary;
  bool trims_right_ = false;
  std::unique_ptr<Rules> rules_;
};

/// Code points in the lower case that UTF8_LCASE compares: one by one, the final sigma as any other.
std::u32string collated_lower(std::string_view text);

}  // namespace pyrite
