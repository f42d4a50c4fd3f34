// Depth guard, column name text and the errors that all decoders share.
#include "connect/decode.h"

namespace pyrite::connect {
namespace {

/// Above what any program builds by hand; service threads have stacks that hold it.
constexpr int max_depth = 20000;

}  // namespace

Decoder::Depth::Depth(Decoder& decoder) : decoder_(decoder) {
  if (decoder_.depth_ >= max_depth) {
    throw SparkError("CONNECT_INVALID_PLAN.CANNOT_PARSE",
                     {{"errorMsg", "the plan is nested deeper than " + std::to_string(max_depth) + " levels"}});
  }
  ++decoder_.depth_;
}

void throw_invalid_plan(const std::string& what) {
  throw SparkError("CONNECT_INVALID_PLAN.ASSERTION_FAILURE", {{"message", "Not valid in a plan: " + what}});
}

plan::NameParts split_attribute_name(const std::string& name) {
  const auto failure = [&] { return SparkError("INVALID_ATTRIBUTE_NAME_SYNTAX", {{"name", name}}); };
  plan::NameParts parts;
  std::string part;
  bool quoted = false;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (quoted) {
      if (c != '`') {
        part += c;
      } else if (i + 1 < name.size() && name[i + 1] == '`') {
        part += c;
        ++i;
      } else {
        quoted = false;
        if (i + 1 < name.size() && name[i + 1] != '.') {
          throw failure();
        }
      }
    } else if (c == '`') {
      if (!part.empty()) {
        throw failure();
      }
      quoted = true;
    } else if (c == '.') {
      if (i == 0 || name[i - 1] == '.' || i + 1 == name.size()) {
        throw failure();
      }
      parts.push_back(std::move(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (quoted) {
    throw failure();
  }
  parts.push_back(std::move(part));
  return parts;
}

}  // namespace pyrite::connect
