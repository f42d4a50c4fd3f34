// Compiles and runs Java regular expressions with PCRE2's just-in-time compiler.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "functions/java_regex.h"

#include <pcre2.h>

#include "base/error.h"
#include "functions/string_limits.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatch {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeStack {
  void operator()(pcre2_jit_stack* stack) const { pcre2_jit_stack_free(stack); }
};

}  // namespace

struct JavaRegex::Compiled {
  std::unique_ptr<pcre2_code, FreeCode> code;
  std::unique_ptr<pcre2_match_data, FreeMatch> match;
  std::unique_ptr<pcre2_jit_stack, FreeStack> stack;
  std::unique_ptr<pcre2_match_context, FreeContext> context;
  const size_t* places = nullptr;
};

JavaRegex::JavaRegex(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {
  uint32_t count = 0;
  pcre2_pattern_info(compiled_->code.get(), PCRE2_INFO_CAPTURECOUNT, &count);
  groups_ = count;
}
JavaRegex::~JavaRegex() = default;

std::unique_ptr<JavaRegex> JavaRegex::compile(std::string_view pattern, bool literal) {
  std::string translated;
  if (literal) {
    translated = pattern;
  } else if (!translate_java_pattern(pattern, translated)) {
    return nullptr;
  }
  int error = 0;
  size_t place = 0;
  const std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(
      pcre2_compile_context_create(nullptr), &pcre2_compile_context_free);
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANYCRLF);
  pcre2_set_parens_nest_limit(context.get(), 250);
  const uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | (literal ? PCRE2_LITERAL : PCRE2_NEVER_BACKSLASH_C);
  auto compiled = std::make_unique<Compiled>();
  compiled->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(), options,
                                     &error, &place, context.get()));
  if (!compiled->code) {
    return nullptr;
  }
  compiled->match.reset(pcre2_match_data_create_from_pattern(compiled->code.get(), nullptr));
  compiled->context.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(compiled->context.get(), 50'000'000);
  if (pcre2_jit_compile(compiled->code.get(), PCRE2_JIT_COMPLETE) == 0) {
    compiled->stack.reset(pcre2_jit_stack_create(32 * 1024, 16 * 1024 * 1024, nullptr));
    pcre2_jit_stack_assign(compiled->context.get(), nullptr, compiled->stack.get());
  }
  compiled->places = pcre2_get_ovector_pointer(compiled->match.get());
  return std::unique_ptr<JavaRegex>(new JavaRegex(std::move(compiled)));
}

bool JavaRegex::find(std::string_view text, size_t from) {
  if (from > text.size()) {
    return false;
  }
  const int result = pcre2_match(compiled_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.data() ? text.data() : ""),
                                 text.size(), from, 0, compiled_->match.get(), compiled_->context.get());
  if (result >= 0) {
    return true;
  }
  if (result != PCRE2_ERROR_NOMATCH && result != PCRE2_ERROR_PARTIAL) {
    throw SparkError(ErrorKind::runtime, "", {{"message", "the regular expression needs too much work on this text"}});
  }
  return false;
}

bool JavaRegex::find_next(std::string_view text) {
  size_t from = end();
  if (from == begin()) {
    from = from < text.size() ? utf8::advance(text, from, 1) : from + 1;
  }
  return find(text, from);
}

size_t JavaRegex::begin(size_t group) const { return compiled_->places[2 * group]; }
size_t JavaRegex::end(size_t group) const { return compiled_->places[2 * group + 1]; }
bool JavaRegex::matched(size_t group) const { return begin(group) != PCRE2_UNSET; }

std::string_view JavaRegex::group(std::string_view text, size_t group) const {
  return matched(group) ? text.substr(begin(group), end(group) - begin(group)) : std::string_view{};
}

int JavaRegex::group_number(std::string_view name) const {
  const int number =
      pcre2_substring_number_from_name(compiled_->code.get(), reinterpret_cast<PCRE2_SPTR>(std::string(name).c_str()));
  return number < 0 ? -1 : number;
}

void JavaRegex::append_replacement(std::string& out, std::string_view text, std::string_view replacement) const {
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c == '\\') {
      if (++i == replacement.size()) {
        throw_illegal_argument("character to be escaped is missing");
      }
      out += replacement[i];
      continue;
    }
    if (c != '$') {
      out += c;
      continue;
    }
    if (++i == replacement.size()) {
      throw_illegal_argument("Illegal group reference: group index is missing");
    }
    if (replacement[i] == '{') {
      const size_t close = replacement.find('}', i);
      if (close == std::string_view::npos) {
        throw_illegal_argument("named capturing group is missing trailing '}'");
      }
      const std::string_view name = replacement.substr(i + 1, close - i - 1);
      const int number = name.empty() ? -1 : group_number(name);
      if (number < 0) {
        throw_illegal_argument("No group with name {" + std::string(name) + "}");
      }
      out += group(text, static_cast<size_t>(number));
      i = close;
      continue;
    }
    if (replacement[i] < '0' || replacement[i] > '9') {
      throw_illegal_argument("Illegal group reference");
    }
    size_t number = static_cast<size_t>(replacement[i] - '0');
    if (number > groups_) {
      throw SparkError(ErrorKind::array_index_out_of_bounds, "", {{"message", "No group " + std::to_string(number)}});
    }
    while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
      const size_t longer = number * 10 + static_cast<size_t>(replacement[i + 1] - '0');
      if (longer > groups_) {
        break;
      }
      number = longer;
      ++i;
    }
    out += group(text, number);
  }
}

std::vector<std::string_view> split_text(JavaRegex& regex, std::string_view text, int32_t limit) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  for (bool found = regex.find(text, 0); found; found = regex.find_next(text)) {
    if (limit > 0 && static_cast<int64_t>(parts.size()) >= limit - 1) {
      break;
    }
    if (regex.end() == 0) {
      continue;  // an empty match at the start makes no empty first part
    }
    parts.push_back(text.substr(begin, regex.begin() - begin));
    begin = regex.end();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

JavaRegex* RegexCache::get(std::string_view pattern) {
  if (!filled_ || pattern != pattern_) {
    filled_ = true;
    pattern_ = pattern;
    regex_ = JavaRegex::compile(pattern);
  }
  return regex_.get();
}

}  // namespace pyrite
