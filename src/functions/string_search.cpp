// String functions that look for or replace pieces of a text: instr, locate, contains, replace, translate, overlay, ….
#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "functions/call_names.h"
#include "functions/collation.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

using lowering::Own;

bool takes_binary(const KernelContext& context) { return context.call.argument_types[0].is(TypeKind::binary); }

const Collation* collation_of(const KernelContext& context) { return Collation::of(context.call.argument_types[0]); }

/// Character position from 1 of `part` in `text` at or after the character `from` (from 0); 0: not there.
int32_t find_from(const Collation* collation, std::string_view text, std::string_view part, int32_t from) {
  if (part.empty()) {
    return 1;
  }
  const size_t start = utf8::advance(text, 0, static_cast<size_t>(from));
  size_t at = std::string_view::npos;
  if (!collation) {
    at = text.find(part, start);
  } else if (const auto found = collation->find(text, part, start)) {
    at = found->first;
  }
  return at == std::string_view::npos ? 0 : static_cast<int32_t>(utf8::count(text.substr(0, at)) + 1);
}

int32_t instr(const KernelContext& context, std::string_view text, std::string_view part) {
  return find_from(collation_of(context), text, part, 0);
}

/// A NULL start gives 0 before the texts are looked at.
void run_locate(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const Collation* collation = collation_of(context);
  for (size_t row = 0; row < rows; ++row) {
    if (arguments.size() > 2 && arguments[2].is_null(row)) {
      out.set<int32_t>(row, 0);
    } else if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
    } else {
      const int32_t start = arguments.size() > 2 ? arguments[2].get<int32_t>(row) : 1;
      out.set<int32_t>(row,
                       start < 1 ? 0 : find_from(collation, arguments[1].text(row), arguments[0].text(row), start - 1));
    }
  }
}

bool starts_with(const KernelContext& context, std::string_view text, std::string_view part) {
  const Collation* collation = collation_of(context);
  return collation ? collation->starts_with(text, part) : text.starts_with(part);
}
bool ends_with(const KernelContext& context, std::string_view text, std::string_view part) {
  const Collation* collation = collation_of(context);
  return collation ? collation->ends_with(text, part) : text.ends_with(part);
}
bool contains(const KernelContext& context, std::string_view text, std::string_view part) {
  const Collation* collation = collation_of(context);
  return collation ? collation->find(text, part).has_value() : text.find(part) != std::string_view::npos;
}

int32_t find_in_set(const KernelContext& context, std::string_view word, std::string_view set) {
  if (word.find(',') != std::string_view::npos) {
    return 0;
  }
  const Collation* collation = collation_of(context);
  int32_t number = 1;
  for (size_t begin = 0;; ++number) {
    const size_t comma = set.find(',', begin);
    const std::string_view member = set.substr(begin, comma - begin);
    if (collation ? collation->same(member, word) : member == word) {
      return number;
    }
    if (comma == std::string_view::npos) {
      return 0;
    }
    begin = comma + 1;
  }
}

std::string replace(const KernelContext& context, std::string_view text, std::string_view search,
                    Given<std::string_view> with) {
  if (search.empty()) {
    return std::string(text);
  }
  const Collation* collation = collation_of(context);
  std::string out;
  size_t begin = 0;
  while (true) {
    size_t at = text.find(search, begin);
    size_t end = at + search.size();
    if (collation) {
      const auto found = collation->find(text, search, begin);
      at = found && found->second > found->first ? found->first : std::string_view::npos;
      end = found ? found->second : 0;
    }
    if (at == std::string_view::npos) {
      break;
    }
    out += text.substr(begin, at - begin);
    out += with.value_or({});
    begin = end;
  }
  out += text.substr(begin);
  return out;
}

/// Which character each character becomes; an empty text removes it.
struct TranslationTable {
  explicit TranslationTable(const CallInfo& call) : collation(Collation::of(call.argument_types[0])) {}

  void prepare(std::string_view from, std::string_view to) {
    if (made && from == last_from && to == last_to) {
      return;
    }
    made = true;
    last_from = from;
    last_to = to;
    pairs.clear();
    size_t at = 0;
    for (size_t i = 0; i < from.size();) {
      const size_t length = std::min(utf8::length_of(static_cast<unsigned char>(from[i])), from.size() - i);
      std::string_view target;
      if (at < to.size()) {
        const size_t size = std::min(utf8::length_of(static_cast<unsigned char>(to[at])), to.size() - at);
        target = to.substr(at, size);
        at += size;
      }
      pairs.emplace(key_of(from.substr(i, length)), target == std::string_view("\0", 1) ? "" : std::string(target));
      i += length;
    }
  }

  std::string key_of(std::string_view character) const {
    return collation ? collation->key(character) : std::string(character);
  }

  const Collation* collation;
  bool made = false;
  std::string last_from;
  std::string last_to;
  std::unordered_map<std::string, std::string> pairs;
};

std::string translate(const KernelContext& context, std::string_view text, std::string_view from, std::string_view to) {
  auto& table = context.as<TranslationTable>();
  table.prepare(from, to);
  std::string out;
  out.reserve(text.size());
  std::string key;
  for (size_t i = 0; i < text.size();) {
    const size_t length = std::min(utf8::length_of(static_cast<unsigned char>(text[i])), text.size() - i);
    key = table.key_of(text.substr(i, length));
    const auto found = table.pairs.find(key);
    out += found == table.pairs.end() ? text.substr(i, length) : std::string_view(found->second);
    i += length;
  }
  return out;
}

std::string overlay(const KernelContext& context, std::string_view text, std::string_view with, int32_t position,
                    Given<int32_t> length) {
  const bool binary = takes_binary(context);
  const int32_t own = static_cast<int32_t>(binary ? with.size() : utf8::count(with));
  const int32_t removed = length.value_or(-1) >= 0 ? length.value_or(-1) : own;
  const auto wrap = [](int64_t value) { return static_cast<int32_t>(static_cast<uint32_t>(value)); };
  const int32_t before = wrap(int64_t{position} - 1);
  const int32_t after = wrap(int64_t{position} + removed);
  constexpr int32_t whole = std::numeric_limits<int32_t>::max();
  std::string out(binary ? utf8::byte_substring(text, 1, before) : utf8::substring(text, 1, before));
  out += with;
  out += binary ? utf8::byte_substring(text, after, whole) : utf8::substring(text, after, whole);
  return out;
}

int32_t levenshtein(std::string_view left, std::string_view right, Given<int32_t> threshold) {
  const std::u32string a = utf8::to_utf32(left);
  const std::u32string b = utf8::to_utf32(right);
  std::vector<int32_t> distance(b.size() + 1);
  std::iota(distance.begin(), distance.end(), 0);
  for (size_t i = 0; i < a.size(); ++i) {
    int32_t diagonal = distance[0];
    distance[0] = static_cast<int32_t>(i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const int32_t above = distance[j + 1];
      distance[j + 1] = std::min({above + 1, distance[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return threshold.value && distance.back() > *threshold.value ? -1 : distance.back();
}

constexpr FunctionDef rows[] = {
    {.name = "instr",
     .forms = {"(string, string) -> int"},
     .lower = Own{kernel<instr>},
     .doc = "Position, from 1, of the first place where the second text stands in the first; 0 when nowhere.",
     .examples = {"instr('SparkSQL', 'SQL') = 6"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "locate",
     .aliases = {{"position"}},
     .forms = {"(string, string, [int]) -> int"},
     .nulls = NullHandling::custom,
     .display = show_defaults<3, "1">,
     .lower = Own{{&run_locate, nullptr}},
     .doc = "Position, from 1, of the first text in the second, looked for from a start position.",
     .examples = {"locate('bar', 'foobarbar') = 4", "locate('bar', 'foobarbar', 5) = 7"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "startswith",
     .forms = {"(string, string) -> boolean", "(binary, binary) -> boolean"},
     .lower = Own{kernel<starts_with>},
     .doc = "Whether the first value begins with the second.",
     .examples = {"startswith('Spark SQL', 'Spark') = true"},
     .since = "3.3.0",
     .group = "string_funcs"},
    {.name = "endswith",
     .forms = {"(string, string) -> boolean", "(binary, binary) -> boolean"},
     .lower = Own{kernel<ends_with>},
     .doc = "Whether the first value ends with the second.",
     .examples = {"endswith('Spark SQL', 'SQL') = true"},
     .since = "3.3.0",
     .group = "string_funcs"},
    {.name = "contains",
     .forms = {"(string, string) -> boolean", "(binary, binary) -> boolean"},
     .lower = Own{kernel<contains>},
     .doc = "Whether the second value stands anywhere in the first.",
     .examples = {"contains('Spark SQL', 'Spark') = true"},
     .since = "3.3.0",
     .group = "string_funcs"},
    {.name = "find_in_set",
     .forms = {"(string, string) -> int"},
     .lower = Own{kernel<find_in_set>},
     .doc = "Place, from 1, of a word in a comma-separated list; 0 when it is missing or holds a comma.",
     .examples = {"find_in_set('ab', 'abc,b,ab,c,def') = 3"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "replace",
     .forms = {"(string, string, [string]) -> string"},
     .display = show_defaults<3, "">,
     .lower = Own{kernel<replace>},
     .doc = "The text with every occurrence of a piece replaced, or removed when no replacement is given.",
     .examples = {"replace('ABCabc', 'abc', 'DEF') = 'ABCDEF'"},
     .since = "2.3.0",
     .group = "string_funcs"},
    {.name = "translate",
     .forms = {"(string, string, string) -> string"},
     .lower = Own{kernel_with<translate, TranslationTable>},
     .doc = "Replaces each character of the second text by its partner in the third; those without one vanish.",
     .examples = {"translate('AaBbCc', 'abc', '123') = 'A1B2C3'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "overlay",
     .forms = {"(string, string, int, [int]) -> string", "(binary, binary, int, [int]) -> binary"},
     .parameters = {"input", "replace", "pos", "len"},
     .display = show_defaults<4, "-1">,
     .lower = Own{kernel<overlay>},
     .doc = "Puts a replacement over the value from a position on, over its own length or a given one.",
     .examples = {"overlay('Spark SQL', '_', 6) = 'Spark_SQL'"},
     .since = "3.0.0",
     .group = "string_funcs"},
    {.name = "levenshtein",
     .forms = {"(string, string, [int]) -> int"},
     .lower = Own{kernel<levenshtein>},
     .doc = "Edits that turn one text into the other; -1 when there are more than the threshold.",
     .examples = {"levenshtein('kitten', 'sitting') = 3", "levenshtein('kitten', 'sitting', 2) = -1"},
     .since = "1.5.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> string_search_functions() { return rows; }

}  // namespace pyrite
