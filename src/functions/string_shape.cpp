// String functions about the shape of a text: soundex, luhn_check, mask, quote, sentences, the UTF-8 checks.
#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>

#include "base/error.h"
#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

using lowering::Own;

std::string soundex(std::string_view text) {
  // One code a letter; 7 stands for H and W, which do not part equal codes.
  static constexpr std::string_view codes = "01230127022455012623017202";
  const auto letter = [](char c) -> size_t {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return upper >= 'A' && upper <= 'Z' ? static_cast<size_t>(upper - 'A') : codes.size();
  };
  if (text.empty() || letter(text[0]) >= codes.size()) {
    return std::string(text);
  }
  std::string out(1, static_cast<char>('A' + static_cast<int>(letter(text[0]))));
  char last = codes[letter(text[0])];
  for (const char c : text.substr(1)) {
    if (letter(c) >= codes.size()) {
      last = '0';
      continue;
    }
    const char code = codes[letter(c)];
    if (code == '7') {
      continue;
    }
    if (code != '0' && code != last) {
      out += code;
      if (out.size() == 4) {
        break;
      }
    }
    last = code;
  }
  out.resize(4, '0');
  return out;
}

bool luhn_check(std::string_view text) {
  int sum = 0;
  bool twice = false;
  for (size_t i = text.size(); i-- > 0; twice = !twice) {
    if (text[i] < '0' || text[i] > '9') {
      return false;
    }
    const int digit = (text[i] - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return !text.empty() && sum % 10 == 0;
}

/// Characters beyond U+FFFF count as two others, since Java sees them as two.
void run_mask(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  constexpr std::string_view defaults[] = {"X", "x", "n"};
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    std::optional<std::string_view> marks[4];
    for (size_t i = 0; i < 4; ++i) {
      if (i + 1 >= arguments.size()) {
        marks[i] = i < 3 ? std::optional(defaults[i]) : std::nullopt;
      } else if (!arguments[i + 1].is_null(row)) {
        const std::string_view mark = arguments[i + 1].text(row);
        marks[i] = mark.substr(0, utf8::advance(mark, 0, 1));
      }
    }
    std::string masked;
    const std::string_view text = arguments[0].text(row);
    for (size_t i = 0; i < text.size();) {
      const size_t start = i;
      const auto c = static_cast<UChar32>(utf8::decode(text, i));
      const bool wide = c > 0xFFFF;
      const auto& mark = wide           ? marks[3]
                         : u_isupper(c) ? marks[0]
                         : u_islower(c) ? marks[1]
                         : u_isdigit(c) ? marks[2]
                                        : marks[3];
      masked += mark ? *mark : text.substr(start, i - start);
      if (wide && mark) {
        masked += *mark;
      }
    }
    out.set_text(row, masked);
  }
}

void check_mask(const CallInfo& call) {
  constexpr std::string_view names[] = {"", "upperChar", "lowerChar", "digitChar", "otherChar"};
  for (size_t i = 1; i < call.constants.size() && i < 5; ++i) {
    const auto& mark = call.constants[i];
    if (mark && !mark->is_null() && utf8::count(mark->text()) != 1) {
      throw SparkError("DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE", {{"exprName", std::string(names[i])}});
    }
  }
}

std::string quote(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += '\\';
    }
    out += c;
  }
  return out + "'";
}

bool is_valid_utf8(std::string_view text) { return utf8::is_valid(text); }
std::string make_valid_utf8(std::string_view text) { return utf8::make_valid(text); }
std::optional<std::string_view> try_validate_utf8(std::string_view text) {
  return utf8::is_valid(text) ? std::optional(text) : std::nullopt;
}
std::string_view validate_utf8(std::string_view text) {
  if (utf8::is_valid(text)) {
    return text;
  }
  constexpr char digits[] = "0123456789ABCDEF";
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    shown += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
  }
  throw SparkError("INVALID_UTF8_STRING", {{"str", shown}});
}

/// Sentences of a text, each the list of its words, by the rules of a locale.
Value sentences(const KernelContext& context, std::span<const Value> arguments) {
  if (arguments[0].is_null()) {
    return Value();
  }
  const auto part = [&](size_t i) {
    return i < arguments.size() && !arguments[i].is_null() ? arguments[i].text() : std::string();
  };
  icu::Locale locale(part(1).c_str(), part(2).c_str());
  if (part(1).empty()) {
    locale = icu::Locale::getUS();
  }
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> outer(icu::BreakIterator::createSentenceInstance(locale, status));
  const std::unique_ptr<icu::BreakIterator> inner(icu::BreakIterator::createWordInstance(locale, status));
  check(U_SUCCESS(status), "no break iterator");
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(arguments[0].text());
  outer->setText(text);
  ValueList out;
  for (int32_t begin = 0, end = outer->next(); end != icu::BreakIterator::DONE; begin = end, end = outer->next()) {
    const icu::UnicodeString sentence = text.tempSubStringBetween(begin, end);
    inner->setText(sentence);
    ValueList words;
    for (int32_t from = 0, to = inner->next(); to != icu::BreakIterator::DONE; from = to, to = inner->next()) {
      if (u_isalnum(sentence.char32At(from))) {
        std::string word;
        sentence.tempSubStringBetween(from, to).toUTF8String(word);
        words.emplace_back(std::move(word));
      }
    }
    out.emplace_back(std::move(words));
  }
  return Value(std::move(out));
}

constexpr FunctionDef rows[] = {
    {.name = "soundex",
     .forms = {"(string) -> string"},
     .lower = Own{kernel<soundex>},
     .doc = "The Soundex code of a text: words that sound alike in English share it.",
     .examples = {"soundex('Miller') = 'M460'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "luhn_check",
     .forms = {"(string) -> boolean"},
     .nullability = Nullability::always,
     .lower = Own{kernel<luhn_check>},
     .doc = "Whether the digits end in the right check digit of Luhn's formula.",
     .examples = {"luhn_check('8112189876') = true"},
     .since = "3.5.0",
     .group = "string_funcs"},
    {.name = "mask",
     .forms = {"(string, [string], [string], [string], [string]) -> string"},
     .parameters = {"str", "upperChar", "lowerChar", "digitChar", "otherChar"},
     .check = check_mask,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_defaults<5, "X", "x", "n", "NULL">,
     .lower = Own{{&run_mask, nullptr}},
     .errors = {"DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE"},
     .doc =
         "Hides a text: capitals, small letters, digits and others become one given character each; NULL keeps them.",
     .examples = {"mask('AbCD123-@$#') = 'XxXXnnn-@$#'"},
     .since = "3.4.0",
     .group = "string_funcs"},
    {.name = "quote",
     .forms = {"(string) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel<quote>},
     .doc = "The text in single quotes, with a backslash before each quote inside.",
     .examples = {"quote('ab') = '\\'ab\\''"},
     .since = "4.1.0",
     .group = "string_funcs"},
    {.name = "is_valid_utf8",
     .forms = {"(string) -> boolean"},
     .nullability = Nullability::always,
     .lower = Own{kernel<is_valid_utf8>},
     .doc = "Whether the bytes of the text are well-formed UTF-8.",
     .examples = {"is_valid_utf8('Spark') = true"},
     .since = "4.0.0",
     .group = "string_funcs"},
    {.name = "make_valid_utf8",
     .forms = {"(string) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel<make_valid_utf8>},
     .doc = "The text with malformed UTF-8 replaced by U+FFFD.",
     .examples = {"make_valid_utf8('Spark') = 'Spark'"},
     .since = "4.0.0",
     .group = "string_funcs"},
    {.name = "validate_utf8",
     .forms = {"(string) -> string"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{kernel<validate_utf8>},
     .errors = {"INVALID_UTF8_STRING"},
     .doc = "The text itself, or an error when it is not well-formed UTF-8.",
     .examples = {"validate_utf8('Spark') = 'Spark'"},
     .since = "4.0.0",
     .group = "string_funcs"},
    {.name = "try_validate_utf8",
     .forms = {"(string) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel<try_validate_utf8>},
     .doc = "The text itself, or NULL when it is not well-formed UTF-8.",
     .examples = {"try_validate_utf8('Spark') = 'Spark'"},
     .since = "4.0.0",
     .group = "string_funcs"},
    {.name = "sentences",
     .forms = {"(string, [string], [string]) -> array<array<string>>"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_defaults<3, "", "">,
     .lower = Own{value_kernel<sentences>},
     .doc = "The sentences of a text, each as the list of its words, by language and country.",
     .examples = {"sentences('Hi there! Good morning.') = [[\"Hi\",\"there\"],[\"Good\",\"morning\"]]"},
     .since = "2.0.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> string_shape_functions() { return rows; }

}  // namespace pyrite
