// String functions about single characters and letter case: upper, lower, initcap, ascii, chr, the lengths.
#include "functions/string_case.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/uchar.h>

#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

using lowering::Own;

template <char first, char last>
std::string shift_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= first && c <= last ? static_cast<char>(c ^ 0x20) : c;
  }
  return out;
}

enum class LetterCase { upper, lower };

std::string map_case(std::string_view text, LetterCase to) {
  std::string valid = utf8::make_valid(text);
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<int32_t>(valid.size()));
  UErrorCode status = U_ZERO_ERROR;
  const icu::StringPiece piece(valid.data(), static_cast<int32_t>(valid.size()));
  if (to == LetterCase::upper) {
    icu::CaseMap::utf8ToUpper("", 0, piece, sink, nullptr, status);
  } else {
    icu::CaseMap::utf8ToLower("", 0, piece, sink, nullptr, status);
  }
  return out;
}

std::string upper(std::string_view text) { return upper_text(text); }

std::string lower(std::string_view text) { return lower_text(text); }
/// Words are split at spaces only; the rest of a word goes to lower case as one text, so that a final sigma is seen.
std::string initcap(std::string_view text) {
  if (utf8::is_ascii(text)) {
    std::string out = shift_ascii<'A', 'Z'>(text);
    for (size_t i = 0; i < out.size(); ++i) {
      if ((i == 0 || out[i - 1] == ' ') && out[i] >= 'a' && out[i] <= 'z') {
        out[i] = static_cast<char>(out[i] - 32);
      }
    }
    return out;
  }
  const std::string valid = utf8::make_valid(text);
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<int32_t>(valid.size()));
  for (size_t begin = 0; begin <= valid.size();) {
    const size_t end = std::min(valid.find(' ', begin), valid.size());
    UErrorCode status = U_ZERO_ERROR;
    const icu::StringPiece word(valid.data() + begin, static_cast<int32_t>(end - begin));
    icu::CaseMap::utf8ToTitle("", U_TITLECASE_WHOLE_STRING | U_TITLECASE_NO_BREAK_ADJUSTMENT, nullptr, word, sink,
                              nullptr, status);
    if (end < valid.size()) {
      sink.Append(" ", 1);
    }
    begin = end + 1;
  }
  return out;
}

int32_t ascii(std::string_view text) {
  size_t position = 0;
  return text.empty() ? 0 : static_cast<int32_t>(utf8::decode(text, position));
}

std::string chr(int64_t code) {
  if (code < 0) {
    return {};
  }
  std::string out;
  utf8::append(out, static_cast<char32_t>(code & 0xFF));
  return out;
}

bool takes_binary(const KernelContext& context) { return context.call.argument_types[0].is(TypeKind::binary); }

int32_t length(const KernelContext& context, std::string_view text) {
  return static_cast<int32_t>(takes_binary(context) ? text.size() : utf8::count(text));
}
int32_t octet_length(std::string_view text) { return static_cast<int32_t>(text.size()); }
int32_t bit_length(std::string_view text) { return static_cast<int32_t>(text.size() * 8); }

constexpr FunctionDef rows[] = {
    {.name = "upper",
     .aliases = {{"ucase"}},
     .forms = {"(string) -> string"},
     .lower = Own{kernel<upper>},
     .doc = "Turns every letter into its capital form.",
     .examples = {"upper('SparkSql') = 'SPARKSQL'"},
     .since = "1.0.1",
     .group = "string_funcs"},
    {.name = "lower",
     .aliases = {{"lcase"}},
     .forms = {"(string) -> string"},
     .lower = Own{kernel<lower>},
     .doc = "Turns every letter into its small form.",
     .examples = {"lower('SparkSql') = 'sparksql'"},
     .since = "1.0.1",
     .group = "string_funcs"},
    {.name = "initcap",
     .forms = {"(string) -> string"},
     .lower = Own{kernel<initcap>},
     .doc = "Starts each word with a capital and writes the rest small; spaces separate words.",
     .examples = {"initcap('sPark sql') = 'Spark Sql'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "ascii",
     .forms = {"(string) -> int"},
     .lower = Own{kernel<ascii>},
     .doc = "The code point of the first character; 0 for an empty text.",
     .examples = {"ascii('222') = 50"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "chr",
     .aliases = {{"char"}},
     .forms = {"(long) -> string"},
     .lower = Own{kernel<chr>},
     .doc = "The character with this code, taken modulo 256; an empty text for negative codes.",
     .examples = {"chr(65) = 'A'"},
     .since = "2.3.0",
     .group = "string_funcs"},
    {.name = "length",
     .aliases = {{"char_length"}, {"character_length"}, {"len"}},
     .forms = {"(string) -> int", "(binary) -> int"},
     .lower = Own{kernel<length>},
     .doc = "Characters of a text, or bytes of a binary value.",
     .examples = {"length('Spark SQL ') = 10"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "octet_length",
     .forms = {"(string) -> int", "(binary) -> int"},
     .lower = Own{kernel<octet_length>},
     .doc = "Bytes of the value.",
     .examples = {"octet_length('Spark SQL') = 9"},
     .since = "2.3.0",
     .group = "string_funcs"},
    {.name = "bit_length",
     .forms = {"(string) -> int", "(binary) -> int"},
     .lower = Own{kernel<bit_length>},
     .doc = "Bits of the value.",
     .examples = {"bit_length('Spark SQL') = 72"},
     .since = "2.3.0",
     .group = "string_funcs"},
};

}  // namespace

std::string upper_text(std::string_view text) {
  return utf8::is_ascii(text) ? shift_ascii<'a', 'z'>(text) : map_case(text, LetterCase::upper);
}

std::string lower_text(std::string_view text) {
  return utf8::is_ascii(text) ? shift_ascii<'A', 'Z'>(text) : map_case(text, LetterCase::lower);
}

std::span<const FunctionDef> string_case_functions() { return rows; }

}  // namespace pyrite
