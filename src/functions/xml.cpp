// XML functions: XPath by pugixml; reading and writing XML values is still to come.
#include <cmath>
#include <pugixml.hpp>

#include "base/error.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

/// The last document and path, kept for texts and paths that repeat.
struct XpathState {
  explicit XpathState(const CallInfo&) {}
  std::string path;
  std::unique_ptr<pugi::xpath_query> query;
  pugi::xml_document document;

  /// False for an empty text or path, which have no answer.
  bool load(std::string_view xml, std::string_view wanted) {
    if (xml.empty() || wanted.empty()) {
      return false;
    }
    if (!query || path != wanted) {
      path = wanted;
      try {
        query = std::make_unique<pugi::xpath_query>(path.c_str());
      } catch (const pugi::xpath_exception& error) {
        throw SparkError(ErrorKind::runtime, "FAILED_FUNCTION_CALL",
                         {{"funcName", "`xpath`"}, {"reason", "invalid path " + path + ": " + error.what()}});
      }
    }
    const pugi::xml_parse_result result =
        document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
    if (!result) {
      throw SparkError(ErrorKind::runtime, "FAILED_FUNCTION_CALL",
                       {{"funcName", "`xpath`"}, {"reason", std::string("invalid XML: ") + result.description()}});
    }
    return true;
  }
};

void run_xpath(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  auto& state = context.as<XpathState>();
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || arguments[1].is_null(row) ||
        !state.load(arguments[0].text(row), arguments[1].text(row))) {
      out.set_null(row);
      continue;
    }
    if (state.query->return_type() != pugi::xpath_type_node_set) {
      throw SparkError(ErrorKind::runtime, "FAILED_FUNCTION_CALL",
                       {{"funcName", "`xpath`"}, {"reason", "the path does not lead to nodes: " + state.path}});
    }
    const pugi::xpath_node_set nodes = state.query->evaluate_node_set(state.document);
    size_t at = out.start_list(row, nodes.size());
    for (const pugi::xpath_node& node : nodes) {
      // Elements have no value of their own, only their texts and attributes have.
      if (node.attribute()) {
        out.child(0).set_text(at++, node.attribute().value());
      } else if (node.node().type() == pugi::node_element) {
        out.child(0).set_null(at++);
      } else {
        out.child(0).set_text(at++, node.node().value());
      }
    }
  }
}

std::optional<std::string> xpath_string(const KernelContext& context, std::string_view xml, std::string_view path) {
  auto& state = context.as<XpathState>();
  return state.load(xml, path) ? std::optional(state.query->evaluate_string(state.document)) : std::nullopt;
}

std::optional<bool> xpath_boolean(const KernelContext& context, std::string_view xml, std::string_view path) {
  auto& state = context.as<XpathState>();
  return state.load(xml, path) ? std::optional(state.query->evaluate_boolean(state.document)) : std::nullopt;
}

std::optional<double> xpath_double(const KernelContext& context, std::string_view xml, std::string_view path) {
  auto& state = context.as<XpathState>();
  return state.load(xml, path) ? std::optional(state.query->evaluate_number(state.document)) : std::nullopt;
}

std::optional<float> xpath_float(const KernelContext& context, std::string_view xml, std::string_view path) {
  const auto value = xpath_double(context, xml, path);
  return value ? std::optional(static_cast<float>(*value)) : std::nullopt;
}

/// Java's conversion from double: NaN is 0, what lies outside is cut to the limits of `Wide`, then wraps to T.
template <class T, class Wide>
std::optional<T> xpath_whole(const KernelContext& context, std::string_view xml, std::string_view path) {
  const auto value = xpath_double(context, xml, path);
  if (!value) {
    return std::nullopt;
  }
  if (std::isnan(*value)) {
    return T{0};
  }
  constexpr auto low = static_cast<double>(std::numeric_limits<Wide>::min());
  const Wide wide = *value <= low    ? std::numeric_limits<Wide>::min()
                    : *value >= -low ? std::numeric_limits<Wide>::max()
                                     : static_cast<Wide>(*value);
  return static_cast<T>(wide);
}

constexpr Failure fails = Failure::possible;

constexpr FunctionDef rows[] = {
    {.name = "xpath",
     .forms = {"(string, string) -> array<string>"},
     .nullability = Nullability::always,
     .failure = fails,
     .lower = Own{{run_xpath, detail::make_state<XpathState>}},
     .doc = "The values of the nodes that a path finds in an XML text."},
    {.name = "xpath_string",
     .forms = {"(string, string) -> string"},
     .nullability = Nullability::always,
     .failure = fails,
     .lower = Own{kernel_with<xpath_string, XpathState>},
     .doc = "The text that a path finds first in an XML text."},
    {.name = "xpath_boolean",
     .forms = {"(string, string) -> boolean"},
     .nullability = Nullability::always,
     .failure = fails,
     .lower = Own{kernel_with<xpath_boolean, XpathState>},
     .doc = "Whether a path finds something in an XML text, or is true."},
    {.name = "xpath_double",
     .aliases = {{"xpath_number"}},
     .forms = {"(string, string) -> double"},
     .nullability = Nullability::always,
     .failure = fails,
     .lower = Own{kernel_with<xpath_double, XpathState>},
     .doc = "The number that a path finds in an XML text, NaN where it is none."},
    {.name = "xpath_float",
     .forms = {"(string, string) -> float"},
     .nullability = Nullability::always,
     .failure = fails,
     .lower = Own{kernel_with<xpath_float, XpathState>},
     .doc = "The number that a path finds in an XML text, as float."},
    {.name = "xpath_int",
     .forms = {"(string, string) -> int"},
     .nullability = Nullability::always,
     .failure = fails,
     .lower = Own{kernel_with<xpath_whole<int32_t, int32_t>, XpathState>},
     .doc = "The number that a path finds in an XML text, cut to an int; 0 where it is none."},
    {.name = "xpath_long",
     .forms = {"(string, string) -> long"},
     .nullability = Nullability::always,
     .failure = fails,
     .lower = Own{kernel_with<xpath_whole<int64_t, int64_t>, XpathState>},
     .doc = "The number that a path finds in an XML text, cut to a long; 0 where it is none."},
    {.name = "xpath_short",
     .forms = {"(string, string) -> short"},
     .nullability = Nullability::always,
     .failure = fails,
     .lower = Own{kernel_with<xpath_whole<int16_t, int32_t>, XpathState>},
     .doc = "The number that a path finds in an XML text, cut to a short; 0 where it is none."},
    {.name = "from_xml", .doc = "An XML text as a value of the given schema."},
    {.name = "to_xml", .doc = "A structure as XML text."},
    {.name = "schema_of_xml", .doc = "The schema of an XML text as DDL."},
};

}  // namespace

std::span<const FunctionDef> xml_functions() { return rows; }

}  // namespace pyrite
