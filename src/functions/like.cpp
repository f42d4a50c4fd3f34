// SQL's LIKE and ILIKE, alone and against lists of patterns.
#include "base/error.h"
#include "functions/collation.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/string_case.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

using lowering::Own;

/// A pattern cut at its percent signs; each piece is matched from left to right, `_` standing for any character.
class LikePattern {
 public:
  LikePattern(std::string_view pattern, char32_t escape) {
    pieces_.emplace_back();
    for (size_t i = 0; i < pattern.size();) {
      const char32_t c = utf8::decode(pattern, i);
      if (c == escape) {
        if (i >= pattern.size()) {
          throw SparkError("INVALID_FORMAT.ESC_AT_THE_END", {{"format", shown(pattern)}});
        }
        const char32_t next = utf8::decode(pattern, i);
        if (next != '_' && next != '%' && next != escape) {
          std::string text;
          utf8::append(text, next);
          throw SparkError("INVALID_FORMAT.ESC_IN_THE_MIDDLE", {{"format", shown(pattern)}, {"char", shown(text)}});
        }
        add(next);
      } else if (c == '%') {
        pieces_.emplace_back();
      } else if (c == '_') {
        pieces_.back().wild = true;
        pieces_.back().text += any;
      } else {
        add(c);
      }
    }
  }

  bool matches(std::string_view text) const {
    if (pieces_.size() == 1) {
      return match_at(pieces_[0], text, 0) == static_cast<int64_t>(text.size());
    }
    const int64_t head = match_at(pieces_.front(), text, 0);
    if (head < 0) {
      return false;
    }
    size_t at = static_cast<size_t>(head);
    for (size_t i = 1; i + 1 < pieces_.size(); ++i) {
      const int64_t end = search(pieces_[i], text, at);
      if (end < 0) {
        return false;
      }
      at = static_cast<size_t>(end);
    }
    return ends_with(pieces_.back(), text, at);
  }

 private:
  /// Marks `_`; no UTF-8 text holds this byte.
  static constexpr char any = '\xFF';
  struct Piece {
    std::string text;
    bool wild = false;
  };

  static std::string shown(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
      out += c == '\\' ? "\\\\" : std::string(1, c);
    }
    return out + "'";
  }

  void add(char32_t c) { utf8::append(pieces_.back().text, c); }

  /// Byte after the piece when it stands at `at`, or -1.
  static int64_t match_at(const Piece& piece, std::string_view text, size_t at) {
    if (!piece.wild) {
      return text.substr(at).starts_with(piece.text) ? static_cast<int64_t>(at + piece.text.size()) : -1;
    }
    for (const char c : piece.text) {
      if (at >= text.size()) {
        return -1;
      }
      if (c == any) {
        at = utf8::advance(text, at, 1);
      } else if (text[at++] != c) {
        return -1;
      }
    }
    return static_cast<int64_t>(at);
  }

  static int64_t search(const Piece& piece, std::string_view text, size_t at) {
    if (!piece.wild) {
      const size_t found = text.find(piece.text, at);
      return found == std::string_view::npos ? -1 : static_cast<int64_t>(found + piece.text.size());
    }
    for (; at <= text.size(); at = at < text.size() ? utf8::advance(text, at, 1) : at + 1) {
      if (const int64_t end = match_at(piece, text, at); end >= 0) {
        return end;
      }
    }
    return -1;
  }

  static bool ends_with(const Piece& piece, std::string_view text, size_t from) {
    if (!piece.wild) {
      return text.size() - from >= piece.text.size() && text.ends_with(piece.text);
    }
    const size_t characters = utf8::count(piece_characters(piece));
    size_t at = text.size();
    for (size_t i = 0; i < characters; ++i) {
      if (at <= from) {
        return false;
      }
      --at;
      while (at > from && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) {
        --at;
      }
    }
    return match_at(piece, text, at) == static_cast<int64_t>(text.size());
  }
  static std::string piece_characters(const Piece& piece) {
    std::string out = piece.text;
    for (char& c : out) {
      c = c == any ? '_' : c;
    }
    return out;
  }

  std::vector<Piece> pieces_;
};

/// The pattern seen last, compiled.
struct LikeState {
  explicit LikeState(const CallInfo&) {}
  const LikePattern& get(std::string_view pattern, char32_t escape) {
    if (!compiled || pattern != last || escape != last_escape) {
      compiled.emplace(pattern, escape);
      last = pattern;
      last_escape = escape;
    }
    return *compiled;
  }
  std::optional<LikePattern> compiled;
  std::string last;
  char32_t last_escape = 0;
};

char32_t escape_of(const Given<std::string_view>& escape) {
  size_t at = 0;
  return escape.value && !escape.value->empty() ? utf8::decode(*escape.value, at) : U'\\';
}

bool like(const KernelContext& context, std::string_view text, std::string_view pattern,
          Given<std::string_view> escape) {
  if (const Collation* collation = Collation::of(context.call.argument_types[0]);
      collation && collation->ignores_case_by_code_point()) {
    return context.as<LikeState>().get(collation->key(pattern), escape_of(escape)).matches(collation->key(text));
  }
  return context.as<LikeState>().get(pattern, escape_of(escape)).matches(text);
}

bool ilike(const KernelContext& context, std::string_view text, std::string_view pattern,
           Given<std::string_view> escape) {
  return context.as<LikeState>().get(lower_text(pattern), escape_of(escape)).matches(lower_text(text));
}

/// The escape must be one character, known before the query runs.
void check_escape(const CallInfo& call) {
  if (call.constants.size() < 3) {
    return;
  }
  const auto& escape = call.constants[2];
  if (!escape || escape->is_null() || utf8::count(escape->text()) != 1) {
    throw SparkError("INVALID_ESCAPE_CHAR",
                     {{"sqlExpr", escape && !escape->is_null() ? "\"" + escape->text() + "\"" : ""}});
  }
}

std::string show_like(std::string_view, const std::vector<std::string>& arguments) {
  std::string out = arguments[0] + " LIKE " + arguments[1];
  if (arguments.size() > 2 && arguments[2] != "\\") {
    out += " ESCAPE '" + arguments[2] + "'";
  }
  return out;
}

std::string show_ilike(std::string_view, const std::vector<std::string>& arguments) {
  return "ilike(" + arguments[0] + ", " + arguments[1] + ")";
}

/// One text against many patterns. A NULL pattern leaves the answer open unless another decides it.
struct LikeListState {
  explicit LikeListState(const CallInfo& call) : patterns(call.argument_types.size(), LikeState(call)) {}
  std::vector<LikeState> patterns;
};

template <bool all, bool negated>
void run_like_list(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                   ColumnWriter& out) {
  auto& states = context.as<LikeListState>().patterns;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const std::string_view text = arguments[0].text(row);
    bool decided = false;
    bool unknown = false;
    for (size_t i = 1; i < arguments.size() && !decided; ++i) {
      if (arguments[i].is_null(row)) {
        unknown = true;
        continue;
      }
      const bool matched = states[i].get(arguments[i].text(row), U'\\').matches(text);
      decided = all ? matched == negated : matched != negated;
    }
    if (!decided && unknown) {
      out.set_null(row);
    } else {
      out.set<bool>(row, decided != all);
    }
  }
}

template <bool all, bool negated>
inline constexpr Kernel like_list{&run_like_list<all, negated>, &detail::make_state<LikeListState>};

std::string show_like_list(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ")";
}

template <bool all, bool negated>
constexpr FunctionDef like_list_row(std::string_view name, std::string_view doc) {
  return {.name = name,
          .forms = {"(string, string...) -> boolean"},
          .nulls = NullHandling::custom,
          .nullability = Nullability::always,
          .failure = Failure::possible,
          .display = show_like_list,
          .lower = Own{like_list<all, negated>},
          .doc = doc,
          .group = "predicate_funcs"};
}

/// A constant pattern of nothing but text and % means the same to the engine, which makes prefixes and searches of it.
bool has_plain_pattern(const CallInfo& call) {
  return call.argument_types.size() == 2 && !Collation::of(call.argument_types[0]) && call.constants[1] &&
         !call.constants[1]->is_null() && call.constants[1]->text().find_first_of("\\_") == std::string::npos;
}

constexpr FunctionDef rows[] = {
    {.name = "like",
     .forms = {"(string, string, [string]) -> boolean"},
     .parameters = {"str", "pattern", "escape"},
     .check = check_escape,
     .failure = Failure::possible,
     .display = show_like,
     .lower = Own{kernel_with<like, LikeState>, "~~", has_plain_pattern},
     .errors = {"INVALID_FORMAT.ESC_IN_THE_MIDDLE", "INVALID_FORMAT.ESC_AT_THE_END", "INVALID_ESCAPE_CHAR"},
     .doc = "Whether the whole text fits a pattern where _ is any character and % any text.",
     .examples = {"like('Spark', '_park') = true"},
     .since = "1.0.0",
     .group = "predicate_funcs"},
    {.name = "ilike",
     .forms = {"(string, string, [string]) -> boolean"},
     .parameters = {"str", "pattern", "escape"},
     .check = check_escape,
     .failure = Failure::possible,
     .display = show_ilike,
     .lower = Own{kernel_with<ilike, LikeState>},
     .errors = {"INVALID_FORMAT.ESC_IN_THE_MIDDLE", "INVALID_FORMAT.ESC_AT_THE_END", "INVALID_ESCAPE_CHAR"},
     .doc = "As like, without regard to letter case.",
     .examples = {"ilike('Spark', '_Park') = true"},
     .since = "3.3.0",
     .group = "predicate_funcs"},
    // The parser's names for LIKE ALL and LIKE ANY over constant patterns; ILIKE comes with both sides in lower case.
    like_list_row<true, false>("likeall", "Whether the text fits all patterns."),
    like_list_row<false, false>("likeany", "Whether the text fits one of the patterns."),
    like_list_row<true, true>("notlikeall", "Whether the text fits none of the patterns."),
    like_list_row<false, true>("notlikeany", "Whether the text misses one of the patterns."),
};

}  // namespace

std::span<const FunctionDef> like_functions() { return rows; }

}  // namespace pyrite
