// String functions that lengthen, shorten or join texts: padding, trimming, repeat, reverse, concat, concat_ws, elt.
#include <algorithm>

#include "functions/array_concat.h"
#include "functions/call_names.h"
#include "functions/collation.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/string_limits.h"
#include "functions/utf8.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using lowering::Own;

bool makes_binary(const KernelContext& context) { return context.call.result_type.is(TypeKind::binary); }

enum class Side { left, right };

template <Side side>
std::string pad(const KernelContext& context, std::string_view text, int32_t length, Given<std::string_view> filler) {
  const bool binary = makes_binary(context);
  if (length < 0 && binary) {
    throw_illegal_argument(std::to_string(length));
  }
  const std::string_view fill = filler.value_or(binary ? std::string_view("\0", 1) : std::string_view(" "));
  const int64_t own = static_cast<int64_t>(binary ? text.size() : utf8::count(text));
  const int64_t missing = length - own;
  if (missing <= 0 || fill.empty()) {
    return std::string(binary ? text.substr(0, static_cast<size_t>(length)) : utf8::slice(text, 0, length));
  }
  const int64_t unit = static_cast<int64_t>(binary ? fill.size() : utf8::count(fill));
  const std::string_view rest =
      binary ? fill.substr(0, static_cast<size_t>(missing % unit)) : utf8::slice(fill, 0, missing % unit);
  check_text_size(static_cast<uint64_t>(missing / unit) * fill.size() + rest.size() + text.size());
  std::string padding;
  padding.reserve(static_cast<size_t>(missing / unit) * fill.size() + rest.size());
  for (int64_t i = 0; i < missing / unit; ++i) {
    padding += fill;
  }
  padding += rest;
  return side == Side::left ? padding + std::string(text) : std::string(text) + padding;
}

std::string show_pad(std::string_view name, const std::vector<std::string>& arguments) {
  std::vector<std::string> shown = arguments;
  if (shown.size() == 2) {
    shown.emplace_back(shown[0].starts_with("X'") ? "X'00'" : " ");
  }
  return call_text(name, shown);
}

/// Characters to trim: a set of whole characters, or bytes when all are ASCII.
bool in_set(const Collation* collation, std::string_view character, std::string_view set) {
  for (size_t i = 0; i < set.size();) {
    const size_t length = std::min(utf8::length_of(static_cast<unsigned char>(set[i])), set.size() - i);
    if (collation ? collation->same(set.substr(i, length), character) : set.substr(i, length) == character) {
      return true;
    }
    i += length;
  }
  return false;
}

std::string_view trim_left(const Collation* collation, std::string_view text, std::string_view set) {
  size_t i = 0;
  while (i < text.size()) {
    const size_t length = std::min(utf8::length_of(static_cast<unsigned char>(text[i])), text.size() - i);
    if (!in_set(collation, text.substr(i, length), set)) {
      break;
    }
    i += length;
  }
  return text.substr(i);
}

std::string_view trim_right(const Collation* collation, std::string_view text, std::string_view set) {
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) {
      --start;
    }
    if (utf8::length_of(static_cast<unsigned char>(text[start])) != text.size() - start) {
      start = text.size() - 1;
    }
    if (!in_set(collation, text.substr(start), set)) {
      break;
    }
    text = text.substr(0, start);
  }
  return text;
}

enum class Trim { both, leading, trailing };

template <Trim ends>
std::string_view trim_set(const KernelContext& context, std::string_view text, std::string_view set) {
  const Collation* collation = Collation::of(context.call.argument_types[0]);
  if (ends != Trim::trailing) {
    text = trim_left(collation, text, set);
  }
  return ends == Trim::leading ? text : trim_right(collation, text, set);
}
/// trim(characters, text), or trim(text) for spaces.
template <Trim ends>
std::string_view trim(const KernelContext& context, std::string_view first, Given<std::string_view> second) {
  return second.value ? trim_set<ends>(context, *second.value, first) : trim_set<ends>(context, first, " ");
}
std::string_view btrim(const KernelContext& context, std::string_view text, Given<std::string_view> set) {
  return trim_set<Trim::both>(context, text, set.value_or(" "));
}
template <FixedText ends>
std::string show_trim(std::string_view name, const std::vector<std::string>& arguments) {
  if (arguments.size() != 2) {
    return call_text(name, arguments);
  }
  return "TRIM(" + std::string(ends.view()) + " " + arguments[0] + " FROM " + arguments[1] + ")";
}

std::string repeat(std::string_view text, int32_t times) {
  if (times <= 0) {
    return {};
  }
  check_text_size(static_cast<uint64_t>(times) * text.size());
  std::string out;
  out.reserve(text.size() * static_cast<size_t>(times));
  for (int32_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

std::string space(int32_t length) { return repeat(" ", length); }

void run_reverse(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& values = arguments[0];
  const bool list = values.type.is(TypeKind::array);
  const bool binary = values.type.is(TypeKind::binary);
  std::string turned;
  for (size_t row = 0; row < rows; ++row) {
    if (values.is_null(row)) {
      out.set_null(row);
      continue;
    }
    if (list) {
      const ListSlot slot = values.list(row);
      const size_t start = out.start_list(row, slot.length);
      for (size_t i = 0; i < slot.length; ++i) {
        out.child(0).copy(start + i, values.children[0], slot.offset + slot.length - 1 - i);
      }
      continue;
    }
    const std::string_view text = values.text(row);
    turned.assign(text.rbegin(), text.rend());
    if (!binary && !utf8::is_ascii(text)) {
      size_t end = turned.size();
      for (size_t i = 0; i < text.size();) {
        const size_t length = std::min(utf8::length_of(static_cast<unsigned char>(text[i])), text.size() - i);
        end -= length;
        text.copy(turned.data() + end, length, i);
        i += length;
      }
    }
    out.set_text(row, turned);
  }
}

void run_concat(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  if (context.call.result_type.is(TypeKind::array)) {
    return concat_arrays(context, arguments, rows, out);
  }
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    if (std::any_of(arguments.begin(), arguments.end(),
                    [&](const ColumnView& column) { return column.is_null(row); })) {
      out.set_null(row);
      continue;
    }
    text.clear();
    for (const ColumnView& column : arguments) {
      text += column.text(row);
    }
    check_text_size(text.size());
    out.set_text(row, text);
  }
}

/// NULL parts are left out; arrays give their elements.
void run_concat_ws(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                   ColumnWriter& out) {
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const std::string_view separator = arguments[0].text(row);
    text.clear();
    bool first = true;
    const auto add = [&](std::string_view part) {
      text += first ? std::string_view{} : separator;
      text += part;
      first = false;
    };
    for (const ColumnView& column : arguments.subspan(1)) {
      if (column.is_null(row)) {
        continue;
      }
      if (!column.type.is(TypeKind::array)) {
        add(column.text(row));
        continue;
      }
      const ListSlot slot = column.list(row);
      for (size_t i = 0; i < slot.length; ++i) {
        if (!column.children[0].is_null(slot.offset + i)) {
          add(column.children[0].text(slot.offset + i));
        }
      }
    }
    out.set_text(row, text);
  }
}

void run_elt(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const auto count = static_cast<int32_t>(arguments.size() - 1);
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const int32_t index = arguments[0].get<int32_t>(row);
    if (index >= 1 && index <= count) {
      out.copy(row, arguments[static_cast<size_t>(index)], row);
    } else if (context.ansi()) {
      throw SparkError("INVALID_ARRAY_INDEX",
                       {{"indexValue", std::to_string(index)}, {"arraySize", std::to_string(count)}});
    } else {
      out.set_null(row);
    }
  }
}

constexpr FunctionDef rows[] = {
    {.name = "lpad",
     .forms = {"(string, int, [string]) -> string", "(binary, int, [binary]) -> binary"},
     .parameters = {"str", "len", "pad"},
     .failure = Failure::possible,
     .display = show_pad,
     .lower = Own{kernel<pad<Side::left>>},
     .doc = "Fills the value on its left up to a length, or cuts it to that length.",
     .examples = {"lpad('hi', 5, '*') = '***hi'", "lpad('hi', 1, '*') = 'h'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "rpad",
     .forms = {"(string, int, [string]) -> string", "(binary, int, [binary]) -> binary"},
     .parameters = {"str", "len", "pad"},
     .failure = Failure::possible,
     .display = show_pad,
     .lower = Own{kernel<pad<Side::right>>},
     .doc = "Fills the value on its right up to a length, or cuts it to that length.",
     .examples = {"rpad('hi', 5, '*') = 'hi***'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "trim",
     .forms = {"(string, [string]) -> string"},
     .display = show_trim<"BOTH">,
     .lower = Own{kernel<trim<Trim::both>>},
     .doc = "Removes spaces, or the characters of a first text, from both ends.",
     .examples = {"trim('    SparkSQL   ') = 'SparkSQL'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "ltrim",
     .forms = {"(string, [string]) -> string"},
     .display = show_trim<"LEADING">,
     .lower = Own{kernel<trim<Trim::leading>>},
     .doc = "Removes spaces, or the characters of a first text, from the start.",
     .examples = {"ltrim('    SparkSQL   ') = 'SparkSQL   '"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "rtrim",
     .forms = {"(string, [string]) -> string"},
     .display = show_trim<"TRAILING">,
     .lower = Own{kernel<trim<Trim::trailing>>},
     .doc = "Removes spaces, or the characters of a first text, from the end.",
     .examples = {"rtrim('    SparkSQL   ') = '    SparkSQL'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "btrim",
     .forms = {"(string, [string]) -> string"},
     .lower = Own{kernel<btrim>},
     .doc = "Removes spaces, or the characters of a second text, from both ends.",
     .examples = {"btrim('SSparkSQLS', 'SL') = 'parkSQ'"},
     .since = "3.2.0",
     .group = "string_funcs"},
    {.name = "repeat",
     .forms = {"(string, int) -> string"},
     .lower = Own{kernel<repeat>},
     .doc = "The text written several times.",
     .examples = {"repeat('123', 2) = '123123'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "space",
     .forms = {"(int) -> string"},
     .lower = Own{kernel<space>},
     .doc = "A text of so many spaces.",
     .examples = {"space(2) = '  '"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "reverse",
     .forms = {"(string) -> string", "(binary) -> binary", "(array<T>) -> array<T>"},
     .lower = Own{{&run_reverse, nullptr}},
     .doc = "The characters, bytes or elements in opposite order.",
     .examples = {"reverse('Spark SQL') = 'LQS krapS'", "reverse(array(2, 1, 4, 3)) = [3, 4, 1, 2]"},
     .since = "1.5.0",
     .group = "collection_funcs"},
    {.name = "concat",
     .forms = {"(string...) -> string", "(binary...) -> binary", "(array<T>...) -> array<T>"},
     .lower = Own{{&run_concat, nullptr}},
     .doc = "Joins texts, binary values or arrays.",
     .examples = {"concat('Spark', 'SQL') = 'SparkSQL'",
                  "concat(array(1, 2, 3), array(4, 5), array(6)) = [1, 2, 3, 4, 5, 6]"},
     .since = "1.5.0",
     .group = "collection_funcs"},
    {.name = "concat_ws",
     .forms = {"(string, string | array<string>...) -> string"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::if_first_argument,
     .lower = Own{{&run_concat_ws, nullptr}},
     .doc = "Joins texts and the elements of arrays with a separator, leaving NULL out.",
     .examples = {"concat_ws(' ', 'Spark', 'SQL') = 'Spark SQL'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "elt",
     .forms = {"(int, string, string...) -> string", "(int, binary, binary...) -> binary"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{{&run_elt, nullptr}},
     .errors = {"INVALID_ARRAY_INDEX"},
     .doc = "The n-th of the values that follow, counted from 1.",
     .examples = {"elt(1, 'scala', 'java') = 'scala'"},
     .since = "2.0.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> string_pad_functions() { return rows; }

}  // namespace pyrite
