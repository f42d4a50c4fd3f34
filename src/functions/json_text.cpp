// Writes JSON text.
#include "functions/json_text.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "functions/java_format.h"

namespace pyrite {

void append_json_string(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  out += '"';
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') {
      continue;
    }
    out.append(text.substr(plain, i - plain));
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out += digits[c >> 4];
        out += digits[c & 15];
    }
  }
  out.append(text.substr(plain));
  out += '"';
}

double json_double(std::string_view text) {
  if (text == "NaN") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const bool negative = text.starts_with('-');
  const std::string_view rest = text.substr(negative || text.starts_with('+'));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (rest.starts_with('I')) {
    return negative ? -infinity : infinity;
  }
  double value = 0;
  const auto result = std::from_chars(text.data() + text.starts_with('+'), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) {
    // Too large or too small to be held: the exponent's sign tells which.
    const size_t exponent = text.find_first_of("eE");
    const bool tiny = exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
    return tiny ? (negative ? -0.0 : 0.0) : (negative ? -infinity : infinity);
  }
  return value;
}

void append_json(std::string& out, const JsonDocument& document, const JsonNode& node) {
  switch (node.kind) {
    case JsonKind::null:
    case JsonKind::boolean:
    case JsonKind::integer:
      out += node.text;
      return;
    case JsonKind::real: {
      const double value = json_double(node.text);
      if (std::isfinite(value)) {
        out += java_text(value);
      } else {
        out += '"';
        out += java_text(value);
        out += '"';
      }
      return;
    }
    case JsonKind::string:
      return append_json_string(out, node.text);
    case JsonKind::array:
    case JsonKind::object: {
      const bool object = node.kind == JsonKind::object;
      out += object ? '{' : '[';
      bool first = true;
      document.each(node, [&](const JsonNode& child) {
        if (!first) {
          out += ',';
        }
        first = false;
        if (object) {
          append_json_string(out, child.key);
          out += ':';
        }
        append_json(out, document, child);
      });
      out += object ? '}' : ']';
      return;
    }
  }
}

}  // namespace pyrite
