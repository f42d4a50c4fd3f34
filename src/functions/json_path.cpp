// Parses and evaluates JSON paths.
#include "functions/json_path.h"

#include <charconv>

#include "functions/json_text.h"

namespace pyrite {

std::optional<JsonPath> JsonPath::parse(std::string_view text) {
  if (!text.starts_with('$')) {
    return std::nullopt;
  }
  JsonPath path;
  for (size_t i = 1; i < text.size();) {
    if (text[i] == '.') {
      const size_t end = std::min(text.find_first_of(".[", i + 1), text.size());
      const std::string_view name = text.substr(i + 1, end - i - 1);
      if (name.empty() || name == "*") {
        return std::nullopt;
      }
      path.steps_.push_back({Kind::member, std::string(name)});
      i = end;
    } else if (text.substr(i).starts_with("['")) {
      const size_t end = text.find_first_of("'?", i + 2);
      if (end == std::string_view::npos || end == i + 2 || !text.substr(end).starts_with("']")) {
        return std::nullopt;
      }
      path.steps_.push_back({Kind::member, std::string(text.substr(i + 2, end - i - 2))});
      i = end + 2;
    } else if (text.substr(i).starts_with("[*]")) {
      path.steps_.push_back({Kind::every, {}});
      i += 3;
    } else if (text[i] == '[') {
      int64_t index = 0;
      const auto result = std::from_chars(text.data() + i + 1, text.data() + text.size(), index);
      if (result.ec != std::errc() || index < 0 || result.ptr == text.data() + text.size() || *result.ptr != ']') {
        return std::nullopt;
      }
      path.steps_.push_back({Kind::index, {}, index});
      i = static_cast<size_t>(result.ptr - text.data()) + 1;
    } else {
      return std::nullopt;
    }
  }
  return path;
}

/// Puts commas between the values of a list.
class JsonPath::Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void open() {
    separate();
    out_ += '[';
    fresh_ = true;
    ++depth_;
  }
  void close() {
    out_ += ']';
    fresh_ = false;
    --depth_;
  }
  std::string& begin() {
    separate();
    return out_;
  }

 private:
  void separate() {
    if (!fresh_ && depth_ > 0) {
      out_ += ',';
    }
    fresh_ = false;
  }
  std::string& out_;
  bool fresh_ = true;
  int depth_ = 0;
};

bool JsonPath::evaluate(const JsonDocument& document, std::string& out) const {
  Writer writer(out);
  return walk(document, document.root(), 0, Style::raw, writer);
}

bool JsonPath::walk(const JsonDocument& document, const JsonNode& node, size_t step, Style style, Writer& out) const {
  const bool array = node.kind == JsonKind::array;
  if (step == steps_.size()) {
    if (node.kind == JsonKind::string && style == Style::raw) {
      out.begin() += node.text;
      return true;
    }
    if (array && style == Style::flatten) {
      bool found = false;
      document.each(node, [&](const JsonNode& child) { found = walk(document, child, step, style, out) || found; });
      return found;
    }
    append_json(out.begin(), document, node);
    return true;
  }
  const Step& current = steps_[step];
  switch (current.kind) {
    case Kind::member: {
      bool found = false;
      if (node.kind == JsonKind::object) {
        document.each(node, [&](const JsonNode& child) {
          if (!found && child.key == current.name && child.kind != JsonKind::null) {
            found = walk(document, child, step + 1, style, out);
          }
        });
      }
      return found;
    }
    case Kind::index: {
      if (!array || current.index >= node.count) {
        return false;
      }
      const bool list_follows = step + 1 < steps_.size() && steps_[step + 1].kind == Kind::every;
      bool found = false;
      int64_t position = 0;
      document.each(node, [&](const JsonNode& child) {
        if (position++ == current.index) {
          found = walk(document, child, step + 1, list_follows ? Style::quoted : style, out);
        }
      });
      return found;
    }
    case Kind::every: {
      if (!array) {
        return false;
      }
      bool found = false;
      if (step + 1 < steps_.size() && steps_[step + 1].kind == Kind::every) {
        out.open();
        document.each(node, [&](const JsonNode& child) {
          found = walk(document, child, step + 2, Style::flatten, out) || found;
        });
        out.close();
        return found;
      }
      if (style == Style::quoted) {
        out.open();
        document.each(
            node, [&](const JsonNode& child) { found = walk(document, child, step + 1, Style::quoted, out) || found; });
        out.close();
        return found;
      }
      // A single match comes without the list around it.
      std::string buffer;
      Writer inner(buffer);
      size_t matches = 0;
      inner.open();
      document.each(node, [&](const JsonNode& child) {
        matches += walk(document, child, step + 1, style == Style::raw ? Style::quoted : style, inner);
      });
      inner.close();
      if (matches > 0) {
        out.begin() += matches > 1 ? std::string_view(buffer) : std::string_view(buffer).substr(1, buffer.size() - 2);
      }
      return matches > 0;
    }
  }
  return false;
}

}  // namespace pyrite
