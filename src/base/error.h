// Errors as Spark reports them: condition, SQLSTATE, message parameters, query context.
#pragma once

#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pyrite {

/// Which exception a client raises; the names follow Spark's exception classes.
enum class ErrorKind {
  analysis,
  parse,
  arithmetic,
  array_index_out_of_bounds,
  number_format,
  date_time,
  illegal_argument,
  unsupported_operation,
  no_such_element,
  runtime,
  query_execution,
  upgrade,
  spark,
  python,
};

/// The piece of SQL text or of a DataFrame program that an error points at.
struct QueryContext {
  std::string object_type;
  std::string object_name;
  /// Character positions in the SQL text, both inclusive; -1 when unknown.
  int start = -1;
  int stop = -1;
  std::string fragment;
  std::string call_site;
  bool from_sql = true;
};

using MessageParameters = std::vector<std::pair<std::string, std::string>>;

/// A user-visible failure. `condition` is Spark's name, with its subclass after a dot.
class SparkError : public std::exception {
 public:
  SparkError(std::string_view condition, MessageParameters parameters = {});
  SparkError(ErrorKind kind, std::string_view condition, MessageParameters parameters = {});
  /// An error that Spark itself leaves without a condition: a message only.
  static SparkError plain(ErrorKind kind, std::string message);

  /// Full text: "[CONDITION] message SQLSTATE: 12345", followed by the query contexts.
  const char* what() const noexcept override { return text_.c_str(); }

  const std::string& condition() const { return condition_; }
  const std::string& sqlstate() const { return sqlstate_; }
  const std::string& message() const { return message_; }
  const MessageParameters& parameters() const { return parameters_; }
  const std::vector<QueryContext>& contexts() const { return contexts_; }
  ErrorKind kind() const { return kind_; }

  SparkError& with_context(QueryContext context);
  /// Text that shows where in a statement parsing failed; it stands in for the contexts' own text.
  SparkError& with_place(std::string place);

 private:
  void render();

  ErrorKind kind_;
  std::string condition_;
  std::string sqlstate_;
  std::string message_;
  MessageParameters parameters_;
  std::vector<QueryContext> contexts_;
  std::string place_;
  std::string text_;
};

/// A feature of Spark that Pyrite does not have yet; `feature` names it for the user.
[[noreturn]] void throw_unsupported(std::string_view feature);

/// A broken invariant of ours: INTERNAL_ERROR with the place.
[[noreturn]] void throw_internal(std::string_view message);

inline void check(bool holds, std::string_view message) {
  if (!holds) {
    throw_internal(message);
  }
}

}  // namespace pyrite
