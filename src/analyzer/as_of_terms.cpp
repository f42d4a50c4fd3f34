#include "analyzer/as_of_terms.h"

#include "analyzer/analysis.h"
#include "base/error.h"

namespace pyrite::analysis {
namespace {

AsOfDirection direction_of(const std::string& written) {
  const std::string text = lower_case(written);
  if (text == "backward") {
    return AsOfDirection::backward;
  }
  if (text == "forward") {
    return AsOfDirection::forward;
  }
  if (text == "nearest") {
    return AsOfDirection::nearest;
  }
  throw SparkError("AS_OF_JOIN.UNSUPPORTED_DIRECTION",
                   {{"direction", written}, {"supported", "'forward', 'backward', 'nearest'"}});
}

struct TypeName {
  std::string_view written;
  std::string_view refused;  ///< Spark's class, empty where an as-of join may have the type
};

constexpr TypeName type_names[] = {{"inner", ""},
                                   {"outer", "FullOuter"},
                                   {"full", "FullOuter"},
                                   {"fullouter", "FullOuter"},
                                   {"leftouter", ""},
                                   {"left", ""},
                                   {"rightouter", "RightOuter"},
                                   {"right", "RightOuter"},
                                   {"leftsemi", "LeftSemi"},
                                   {"semi", "LeftSemi"},
                                   {"leftanti", "LeftAnti"},
                                   {"anti", "LeftAnti"},
                                   {"cross", "Cross"}};

const TypeName& type_named(const std::string& written) {
  std::string text = lower_case(written);
  std::erase(text, '_');
  for (const TypeName& each : type_names) {
    if (each.written == text) {
      return each;
    }
  }
  throw SparkError("UNSUPPORTED_JOIN_TYPE",
                   {{"typ", written},
                    {"supported",
                     "'inner', 'outer', 'full', 'fullouter', 'full_outer', 'leftouter', 'left', 'left_outer', "
                     "'rightouter', 'right', 'right_outer', 'leftsemi', 'left_semi', 'semi', 'leftanti', 'left_anti', "
                     "'anti', 'cross'"}});
}

}  // namespace

AsOfTerms as_of_terms(const plan::AsOfJoin& node) {
  const TypeName& type = type_named(node.type);
  const AsOfDirection direction = direction_of(node.direction);
  if (!type.refused.empty()) {
    throw SparkError::plain(ErrorKind::illegal_argument,
                            "requirement failed: Unsupported as-of join type " + std::string(type.refused));
  }
  return {direction, type.written == "inner"};
}

}  // namespace pyrite::analysis
