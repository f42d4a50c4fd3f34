// Renders SparkError's text from the table of conditions.
#include "base/error.h"

#include "base/conditions.h"

namespace pyrite {
namespace {

std::string fill(std::string_view pattern, const MessageParameters& parameters) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const size_t close = pattern[i] == '<' ? pattern.find('>', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += pattern[i];
      continue;
    }
    const std::string_view name = pattern.substr(i + 1, close - i - 1);
    for (const auto& [key, value] : parameters) {
      if (key == name) {
        out += value;
      }
    }
    i = close;
  }
  return out;
}

/// For conditions without wording: "unresolved column, objectName: `a`".
/// An empty condition stands for a plain failure that has only a message.
std::string describe(std::string_view condition, const MessageParameters& parameters) {
  if (condition.empty() && parameters.size() == 1) {
    return parameters[0].second;
  }
  std::string out;
  for (const char c : condition) {
    out += c == '_' ? ' ' : c == '.' ? ':' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  for (const auto& [key, value] : parameters) {
    out += ", " + key + ": " + value;
  }
  return out + ".";
}

}  // namespace

SparkError::SparkError(std::string_view condition, MessageParameters parameters)
    : SparkError(ErrorKind::analysis, condition, std::move(parameters)) {
  if (const ConditionRow* row = find_condition(condition_)) {
    kind_ = row->kind;
  }
}

SparkError::SparkError(ErrorKind kind, std::string_view condition, MessageParameters parameters)
    : kind_(kind), condition_(condition), parameters_(std::move(parameters)) {
  const ConditionRow* row = find_condition(condition_);
  if (row) {
    sqlstate_ = row->sqlstate;
  }
  message_ = row && !row->message.empty() ? fill(row->message, parameters_) : describe(condition_, parameters_);
  render();
}

SparkError SparkError::plain(ErrorKind kind, std::string message) {
  SparkError error(kind, "");
  error.message_ = std::move(message);
  error.render();
  return error;
}

SparkError& SparkError::with_context(QueryContext context) {
  contexts_.push_back(std::move(context));
  render();
  return *this;
}

SparkError& SparkError::with_place(std::string place) {
  place_ = std::move(place);
  render();
  return *this;
}

void SparkError::render() {
  text_ = condition_.empty() ? message_ : "[" + condition_ + "] " + message_;
  if (!sqlstate_.empty()) {
    text_ += " SQLSTATE: " + sqlstate_;
  }
  if (!place_.empty()) {
    text_ += place_;
    return;
  }
  for (const QueryContext& context : contexts_) {
    if (context.from_sql) {
      text_ += "\n== SQL ==\n" + context.fragment;
    } else {
      text_ += "\n== DataFrame ==\n\"" + context.fragment + "\" was called from\n" + context.call_site;
    }
  }
}

void throw_unsupported(std::string_view feature) {
  throw SparkError(ErrorKind::unsupported_operation, "NOT_IMPLEMENTED", {{"feature", std::string(feature)}});
}

void throw_internal(std::string_view message) {
  throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", std::string(message)}});
}

}  // namespace pyrite
