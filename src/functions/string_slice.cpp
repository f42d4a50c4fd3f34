// String functions that cut pieces out of a text: substring, left, right, substring_index, split_part.
#include <cstdlib>
#include <limits>

#include "base/error.h"
#include "functions/call_names.h"
#include "functions/collation.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

using lowering::Own;

constexpr int32_t whole = std::numeric_limits<int32_t>::max();

bool takes_binary(const KernelContext& context) { return context.call.argument_types[0].is(TypeKind::binary); }

std::string_view substring(const KernelContext& context, std::string_view text, int32_t position,
                           Given<int32_t> length) {
  return takes_binary(context) ? utf8::byte_substring(text, position, length.value_or(whole))
                               : utf8::substring(text, position, length.value_or(whole));
}

std::string_view left(const KernelContext& context, std::string_view text, int32_t length) {
  return takes_binary(context) ? utf8::byte_substring(text, 1, length) : utf8::substring(text, 1, length);
}

std::string_view right(std::string_view text, int32_t length) {
  return length <= 0 ? std::string_view{} : utf8::substring(text, -length, length);
}

/// Where the delimiter stands; overlapping places count for substring_index only.
std::vector<std::pair<size_t, size_t>> matches_of(const Collation& collation, std::string_view text,
                                                  std::string_view delimiter, bool overlapping) {
  std::vector<std::pair<size_t, size_t>> matches;
  for (auto found = collation.find(text, delimiter); found && found->second > found->first;
       found = collation.find(text, delimiter, overlapping ? utf8::advance(text, found->first, 1) : found->second)) {
    matches.push_back(*found);
  }
  return matches;
}

/// Everything before the count-th delimiter, or after it counted from the end; delimiters may overlap.
std::string_view substring_index(const KernelContext& context, std::string_view text, std::string_view delimiter,
                                 int32_t count) {
  if (count == 0 || delimiter.empty()) {
    return {};
  }
  if (const Collation* collation = Collation::of(context.call.argument_types[0])) {
    const auto matches = matches_of(*collation, text, delimiter, true);
    const auto total = static_cast<int64_t>(matches.size());
    if (total < std::abs(int64_t{count})) {
      return text;
    }
    return count > 0 ? text.substr(0, matches[static_cast<size_t>(count - 1)].first)
                     : text.substr(matches[static_cast<size_t>(total + count)].second);
  }
  if (count > 0) {
    size_t at = std::string_view::npos;
    for (; count > 0; --count) {
      at = text.find(delimiter, at + 1);
      if (at == std::string_view::npos) {
        return text;
      }
    }
    return text.substr(0, at);
  }
  if (delimiter.size() > text.size()) {
    return text;
  }
  size_t at = text.size() - delimiter.size() + 1;
  for (int64_t left = -int64_t{count}; left > 0; --left) {
    if (at == 0 || (at = text.rfind(delimiter, at - 1)) == std::string_view::npos) {
      return text;
    }
  }
  return text.substr(at + delimiter.size());
}

std::string_view split_part(const KernelContext& context, std::string_view text, std::string_view delimiter,
                            int32_t part) {
  if (part == 0) {
    throw SparkError("INVALID_INDEX_OF_ZERO");
  }
  if (delimiter.empty()) {
    return part == 1 || part == -1 ? text : std::string_view{};
  }
  if (const Collation* collation = Collation::of(context.call.argument_types[0])) {
    const auto matches = matches_of(*collation, text, delimiter, false);
    const auto total = static_cast<int64_t>(matches.size()) + 1;
    const int64_t index = part > 0 ? part - 1 : total + part;
    if (index < 0 || index >= total) {
      return {};
    }
    const size_t begin = index == 0 ? 0 : matches[static_cast<size_t>(index - 1)].second;
    const size_t end = index == total - 1 ? text.size() : matches[static_cast<size_t>(index)].first;
    return text.substr(begin, end - begin);
  }
  if (part > 0) {
    size_t begin = 0;
    for (; part > 1; --part) {
      const size_t at = text.find(delimiter, begin);
      if (at == std::string_view::npos) {
        return {};
      }
      begin = at + delimiter.size();
    }
    return text.substr(begin, text.find(delimiter, begin) - begin);
  }
  std::vector<std::pair<size_t, size_t>> parts;
  for (size_t begin = 0;;) {
    const size_t at = text.find(delimiter, begin);
    parts.emplace_back(begin, std::min(at, text.size()) - begin);
    if (at == std::string_view::npos) {
      break;
    }
    begin = at + delimiter.size();
  }
  const int64_t index = static_cast<int64_t>(parts.size()) + part;
  return index < 0 ? std::string_view{}
                   : text.substr(parts[static_cast<size_t>(index)].first, parts[static_cast<size_t>(index)].second);
}

constexpr FunctionDef rows[] = {
    {.name = "substring",
     .aliases = {{"substr"}},
     .forms = {"(string, int, [int]) -> string", "(binary, int, [int]) -> binary"},
     .display = show_defaults<3, "2147483647">,
     .lower = Own{kernel<substring>},
     .doc = "A piece of the text from a position (counted from 1, negative from the end) of a given length.",
     .examples = {"substring('Spark SQL', 5) = 'k SQL'", "substring('Spark SQL', -3) = 'SQL'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "left",
     .forms = {"(string, int) -> string", "(binary, int) -> binary"},
     .lower = Own{kernel<left>},
     .doc = "The first characters of the text.",
     .examples = {"left('Spark SQL', 3) = 'Spa'"},
     .since = "2.3.0",
     .group = "string_funcs"},
    {.name = "right",
     .forms = {"(string, int) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel<right>},
     .doc = "The last characters of the text.",
     .examples = {"right('Spark SQL', 3) = 'SQL'"},
     .since = "2.3.0",
     .group = "string_funcs"},
    {.name = "substring_index",
     .forms = {"(string, string, int) -> string"},
     .lower = Own{kernel<substring_index>},
     .doc = "What stands before the count-th delimiter, or after it when the count is negative.",
     .examples = {"substring_index('www.apache.org', '.', 2) = 'www.apache'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "split_part",
     .forms = {"(string, string, int) -> string"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{kernel<split_part>},
     .errors = {"INVALID_INDEX_OF_ZERO"},
     .doc = "One part of the text split at a delimiter, counted from 1 or, negative, from the end.",
     .examples = {"split_part('11.12.13', '.', 3) = '13'"},
     .since = "3.3.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> string_slice_functions() { return rows; }

}  // namespace pyrite
