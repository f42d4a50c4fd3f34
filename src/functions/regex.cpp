// Functions with Java regular expressions: rlike, regexp_extract, regexp_extract_all, regexp_replace, regexp_count, …
// and split.
#include "base/error.h"
#include "functions/call_names.h"
#include "functions/collation.h"
#include "functions/families.h"
#include "functions/java_regex.h"
#include "functions/kernel.h"
#include "functions/string_limits.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

using lowering::Own;

/// The compiled pattern of a call; patterns that change by row are compiled when they change.
struct PatternState {
  explicit PatternState(const CallInfo& call) : name(call.name) {}
  RegexCache cache;
  std::string name;
};

JavaRegex& regex_for(const KernelContext& context, std::string_view pattern) {
  const Collation* collation = Collation::of(context.call.argument_types[0]);
  const bool any_case = collation && collation->ignores_case_by_code_point();
  if (JavaRegex* regex =
          context.as<PatternState>().cache.get(any_case ? "(?iu)" + std::string(pattern) : std::string(pattern))) {
    return *regex;
  }
  throw SparkError("INVALID_PARAMETER_VALUE.PATTERN",
                   {{"parameter", "`regexp`"},
                    {"functionName", "`" + std::string(context.call.function->name) + "`"},
                    {"value", "'" + std::string(pattern) + "'"}});
}

bool rlike(const KernelContext& context, std::string_view text, std::string_view pattern) {
  return regex_for(context, pattern).find(text, 0);
}

size_t checked_group(const KernelContext& context, const JavaRegex& regex, int32_t group) {
  if (group < 0 || static_cast<size_t>(group) > regex.group_count()) {
    throw SparkError("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
                     {{"parameter", "`idx`"},
                      {"functionName", "`" + std::string(context.call.function->name) + "`"},
                      {"groupCount", std::to_string(regex.group_count())},
                      {"groupIndex", std::to_string(group)}});
  }
  return static_cast<size_t>(group);
}

std::string_view regexp_extract(const KernelContext& context, std::string_view text, std::string_view pattern,
                                Given<int32_t> index) {
  JavaRegex& regex = regex_for(context, pattern);
  if (!regex.find(text, 0)) {
    return {};
  }
  return regex.group(text, checked_group(context, regex, index.value_or(1)));
}

/// Writes a list of texts as one row.
void write_texts(ColumnWriter& out, size_t row, const std::vector<std::string_view>& texts) {
  const size_t start = out.start_list(row, texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    out.child(0).set_text(start + i, texts[i]);
  }
}

bool any_null(std::span<const ColumnView> arguments, size_t row) {
  for (const ColumnView& column : arguments) {
    if (column.is_null(row)) {
      return true;
    }
  }
  return false;
}

void run_extract_all(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                     ColumnWriter& out) {
  std::vector<std::string_view> found;
  for (size_t row = 0; row < rows; ++row) {
    if (any_null(arguments, row)) {
      out.set_null(row);
      continue;
    }
    found.clear();
    const std::string_view text = arguments[0].text(row);
    JavaRegex& regex = regex_for(context, arguments[1].text(row));
    const int32_t index = arguments.size() > 2 ? arguments[2].get<int32_t>(row) : 1;
    for (bool more = regex.find(text, 0); more; more = regex.find_next(text)) {
      found.push_back(regex.group(text, checked_group(context, regex, index)));
    }
    write_texts(out, row, found);
  }
}

std::string regexp_replace(const KernelContext& context, std::string_view text, std::string_view pattern,
                           std::string_view replacement, Given<int32_t> position) {
  JavaRegex& regex = regex_for(context, pattern);
  const size_t start = utf8::advance(text, 0, static_cast<size_t>(std::max(position.value_or(1) - 1, 0)));
  std::string out(text.substr(0, start));
  if (start >= text.size() && start > 0) {
    return out;
  }
  const std::string_view rest = text.substr(start);
  size_t done = 0;
  for (bool more = regex.find(rest, 0); more; more = regex.find_next(rest)) {
    out += rest.substr(done, regex.begin() - done);
    try {
      regex.append_replacement(out, rest, replacement);
    } catch (const SparkError&) {
      throw SparkError("INVALID_REGEXP_REPLACE", {{"source", std::string(text)},
                                                  {"pattern", std::string(pattern)},
                                                  {"replacement", std::string(replacement)},
                                                  {"position", std::to_string(position.value_or(1))}});
    }
    done = regex.end();
    check_text_size(out.size());
  }
  return out.append(rest.substr(done));
}

void check_position(const CallInfo& call) {
  if (call.constants.size() < 4) {
    return;
  }
  if (!call.constants[3]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`position`"}, {"inputType", "\"INT\""}, {"inputExpr", ""}});
  }
  const Value& position = *call.constants[3];
  if (!position.is_null() && std::holds_alternative<int64_t>(position.storage()) && position.integer() <= 0) {
    throw SparkError("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"exprName", "position"},
                                                              {"valueRange", "(0, 2147483647]"},
                                                              {"currentValue", std::to_string(position.integer())}});
  }
}

int32_t regexp_count(const KernelContext& context, std::string_view text, std::string_view pattern) {
  JavaRegex& regex = regex_for(context, pattern);
  int32_t count = 0;
  for (bool more = regex.find(text, 0); more; more = regex.find_next(text)) {
    ++count;
  }
  return count;
}

std::optional<std::string_view> regexp_substr(const KernelContext& context, std::string_view text,
                                              std::string_view pattern) {
  JavaRegex& regex = regex_for(context, pattern);
  // Spark reads an empty piece as "not found".
  return regex.find(text, 0) && regex.end() > regex.begin() ? std::optional(regex.group(text)) : std::nullopt;
}

/// The group number is only looked at for NULL.
int32_t regexp_instr(const KernelContext& context, std::string_view text, std::string_view pattern, Given<int32_t>) {
  JavaRegex& regex = regex_for(context, pattern);
  return regex.find(text, 0) ? static_cast<int32_t>(utf8::count(text.substr(0, regex.begin())) + 1) : 0;
}

void run_split(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  std::vector<std::string_view> parts;
  for (size_t row = 0; row < rows; ++row) {
    if (any_null(arguments, row)) {
      out.set_null(row);
      continue;
    }
    const std::string_view text = arguments[0].text(row);
    const std::string_view pattern = arguments[1].text(row);
    const int32_t limit = arguments.size() > 2 ? arguments[2].get<int32_t>(row) : -1;
    parts.clear();
    if (pattern.empty() && !text.empty()) {
      // An empty pattern gives the characters; a limit keeps the rest as the last piece.
      for (size_t i = 0; i < text.size();) {
        const bool last = limit > 0 && static_cast<int64_t>(parts.size()) == limit - 1;
        const size_t end = last ? text.size() : utf8::advance(text, i, 1);
        parts.push_back(text.substr(i, end - i));
        i = end;
      }
    } else {
      JavaRegex* regex = context.as<PatternState>().cache.get(pattern);
      if (!regex) {
        throw_illegal_argument("malformed regular expression: " + std::string(pattern));
      }
      parts = split_text(*regex, text, limit);
    }
    write_texts(out, row, parts);
  }
}

template <auto run>
inline constexpr Kernel with_pattern{run, &detail::make_state<PatternState>};

constexpr FunctionDef rows[] = {
    {.name = "rlike",
     .aliases = {{"regexp"}, {"regexp_like"}},
     .forms = {"(string, string) -> boolean"},
     .failure = Failure::possible,
     .display = show_capitals,
     .lower = Own{kernel_with<rlike, PatternState>},
     .errors = {"INVALID_PARAMETER_VALUE.PATTERN"},
     .doc = "Whether a Java regular expression matches somewhere in the text.",
     .examples = {"rlike('Spark SQL', 'S.*k') = true"},
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "regexp_extract",
     .forms = {"(string, string, [int]) -> string"},
     .failure = Failure::possible,
     .display = show_defaults<3, "1">,
     .lower = Own{kernel_with<regexp_extract, PatternState>},
     .errors = {"INVALID_PARAMETER_VALUE.PATTERN", "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX"},
     .doc = "A group of the first match of a regular expression; an empty text when there is none.",
     .examples = {"regexp_extract('100-200', '([0-9]+)-([0-9]+)', 1) = '100'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "regexp_extract_all",
     .forms = {"(string, string, [int]) -> array<string>"},
     .failure = Failure::possible,
     .display = show_defaults<3, "1">,
     .lower = Own{with_pattern<&run_extract_all>},
     .errors = {"INVALID_PARAMETER_VALUE.PATTERN", "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX"},
     .doc = "A group of every match of a regular expression.",
     .examples = {"regexp_extract_all('100-200, 300-400', '([0-9]+)-([0-9]+)', 1) = [\"100\",\"300\"]"},
     .since = "3.1.0",
     .group = "string_funcs"},
    {.name = "regexp_replace",
     .forms = {"(string, string, string, [int]) -> string"},
     .check = check_position,
     .failure = Failure::possible,
     .display = show_defaults<4, "1">,
     .lower = Own{kernel_with<regexp_replace, PatternState>},
     .errors = {"INVALID_PARAMETER_VALUE.PATTERN", "INVALID_REGEXP_REPLACE"},
     .doc = "Replaces every match of a regular expression from a position on; $1 stands for a group.",
     .examples = {"regexp_replace('100-200', '([0-9]+)', 'num') = 'num-num'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "regexp_count",
     .forms = {"(string, string) -> int"},
     .failure = Failure::possible,
     .lower = Own{kernel_with<regexp_count, PatternState>},
     .errors = {"INVALID_PARAMETER_VALUE.PATTERN"},
     .doc = "How often a regular expression matches in the text.",
     .examples = {"regexp_count('abcabc', 'b') = 2"},
     .since = "3.4.0",
     .group = "string_funcs"},
    {.name = "regexp_substr",
     .forms = {"(string, string) -> string"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{kernel_with<regexp_substr, PatternState>},
     .errors = {"INVALID_PARAMETER_VALUE.PATTERN"},
     .doc = "The first match of a regular expression, or NULL.",
     .examples = {"regexp_substr('abc', 'b.') = 'bc'"},
     .since = "3.4.0",
     .group = "string_funcs"},
    {.name = "regexp_instr",
     .forms = {"(string, string, [int]) -> int"},
     .failure = Failure::possible,
     .display = show_defaults<3, "0">,
     .lower = Own{kernel_with<regexp_instr, PatternState>},
     .errors = {"INVALID_PARAMETER_VALUE.PATTERN"},
     .doc = "Position, from 1, of the first match of a regular expression; 0 when there is none.",
     .examples = {"regexp_instr('abc', 'b') = 2"},
     .since = "3.4.0",
     .group = "string_funcs"},
    {.name = "split",
     .forms = {"(string, string, [int]) -> array<string>"},
     .failure = Failure::possible,
     .display = show_defaults<3, "-1">,
     .lower = Own{with_pattern<&run_split>},
     .doc = "The pieces of a text between the matches of a regular expression, at most as many as the limit says.",
     .examples = {"split('oneAtwoBthreeC', '[ABC]') = [\"one\",\"two\",\"three\",\"\"]"},
     .since = "1.5.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> regex_functions() { return rows; }

}  // namespace pyrite
