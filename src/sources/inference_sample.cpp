// The part of the input that a schema is inferred from.
#include "sources/inference_sample.h"

namespace pyrite {

std::string_view take_line(std::string_view& text, const std::optional<std::string>& separator) {
  const size_t end = separator ? text.find(*separator) : text.find_first_of("\n\r");
  if (end == std::string_view::npos) {
    const std::string_view line = text;
    text = {};
    return line;
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + (separator ? separator->size() : text.substr(end).starts_with("\r\n") ? 2 : 1));
  return line;
}

std::string InferenceSample::lines_of(std::string_view text, const std::optional<std::string>& separator) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = take_line(text, separator);
    if (takes_next()) {
      out += line;
      out += separator.value_or("\n");
    }
  }
  return out;
}

}  // namespace pyrite
