// Options of sources and sinks.
#include "sources/source_options.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "functions/format_options.h"

namespace pyrite {
namespace {

bool same_letters(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [&](char a, char b) { return lower(a) == lower(b); });
}

[[noreturn]] void refuse(std::string_view name, const std::string& value, std::string_view expected) {
  throw SparkError(
      ErrorKind::illegal_argument, "INTERNAL_ERROR",
      {{"message", "The option " + std::string(name) + " is '" + value + "'; it must be " + std::string(expected)}});
}

}  // namespace

std::optional<std::string> SourceOptions::find(std::string_view name) const {
  for (auto it = options_.rbegin(); it != options_.rend(); ++it) {
    if (same_letters(it->first, name)) {
      return it->second;
    }
  }
  return std::nullopt;
}

std::string SourceOptions::text(std::string_view name, std::string_view otherwise) const {
  return find(name).value_or(std::string(otherwise));
}

bool SourceOptions::flag(std::string_view name, bool otherwise) const {
  return flag_option([&](std::string_view each) { return find(each); }, name, otherwise);
}

Codec SourceOptions::codec() const { return find_codec(text("compression", text("codec", "none"))); }

int64_t SourceOptions::number(std::string_view name, int64_t otherwise) const {
  const std::optional<std::string> value = find(name);
  if (!value) {
    return otherwise;
  }
  int64_t out = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), out);
  if (error != std::errc() || end != value->data() + value->size()) {
    refuse(name, *value, "a whole number");
  }
  return out;
}

}  // namespace pyrite
