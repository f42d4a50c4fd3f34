// Java's regular expressions on PCRE2: patterns are translated, matching follows Matcher.find.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pyrite {

/// The PCRE2 text of a Java pattern. Returns false when the pattern is one that Java refuses or we cannot express.
bool translate_java_pattern(std::string_view pattern, std::string& out);

/// A compiled pattern with its own match state: one thread at a time.
class JavaRegex {
 public:
  /// nullptr when the pattern is malformed.
  static std::unique_ptr<JavaRegex> compile(std::string_view pattern, bool literal = false);
  ~JavaRegex();
  JavaRegex(const JavaRegex&) = delete;
  JavaRegex& operator=(const JavaRegex&) = delete;

  /// Looks for a match at or after the byte `from`.
  bool find(std::string_view text, size_t from);
  /// Like Matcher.find called again: after an empty match the search goes on one character further.
  bool find_next(std::string_view text);

  size_t group_count() const { return groups_; }
  size_t begin(size_t group = 0) const;
  size_t end(size_t group = 0) const;
  bool matched(size_t group) const;
  std::string_view group(std::string_view text, size_t group = 0) const;
  /// Number of a named group; -1: none.
  int group_number(std::string_view name) const;

  /// Appends Java's replacement text with $1, ${name} and \ resolved. Errors: as Java, without a condition.
  void append_replacement(std::string& out, std::string_view text, std::string_view replacement) const;

 private:
  struct Compiled;
  explicit JavaRegex(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
  size_t groups_ = 0;
};

/// Pieces as String.split(regex, limit) gives them.
std::vector<std::string_view> split_text(JavaRegex& regex, std::string_view text, int32_t limit);

/// Holds the last pattern compiled, for patterns that come from a column.
class RegexCache {
 public:
  /// nullptr when malformed.
  JavaRegex* get(std::string_view pattern);

 private:
  bool filled_ = false;
  std::string pattern_;
  std::unique_ptr<JavaRegex> regex_;
};

}  // namespace pyrite
