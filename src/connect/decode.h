// Reads the Spark Connect protocol: messages to unresolved plan nodes.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "plan/command.h"

namespace spark::connect {
class Catalog;
class Command;
class CommonInlineUserDefinedFunction;
class DataType;
class Expression;
class Expression_Literal;
class Expression_SortOrder;
class Expression_Window;
class Origin;
class Relation;
class SQL;
class SqlCommand;
}  // namespace spark::connect

namespace pyrite::connect {

/// What decoding needs from the SQL layer, which stands beside this one.
struct DecodeHost {
  /// SQL type text: "decimal(10,2)".
  std::function<Type(const std::string&)> parse_type;
  /// a.b.`c d` of a table or function name.
  std::function<plan::NameParts(const std::string&)> parse_identifier;
};

/// Decodes one request. Messages that are not known become plan::Unsupported, which analysis refuses by name.
class Decoder {
 public:
  explicit Decoder(DecodeHost host) : host_(std::move(host)) {}

  plan::RelationPtr relation(const spark::connect::Relation& message);
  plan::ExpressionPtr expression(const spark::connect::Expression& message);
  plan::Literal literal(const spark::connect::Expression_Literal& message);
  Type type(const spark::connect::DataType& message);
  plan::Command command(const spark::connect::Command& message);
  /// The text and parameters of spark.sql().
  plan::SqlText sql_text(const spark::connect::SQL& message);
  plan::SqlText sql_text(const spark::connect::SqlCommand& message);

 private:
  class Depth;

  plan::Relation::Node relation_node(const spark::connect::Relation& message);
  plan::Relation::Node read_node(const spark::connect::Relation& message);
  plan::Relation::Node statistics_node(const spark::connect::Relation& message);
  plan::Relation::Node catalog_node(const spark::connect::Catalog& message);
  plan::Aggregate aggregate(const spark::connect::Relation& message);
  plan::RelationPtr input(const spark::connect::Relation& message);

  plan::Expression::Node expression_node(const spark::connect::Expression& message);
  plan::Window window(const spark::connect::Expression_Window& message);
  plan::Subquery subquery(const spark::connect::Expression& message);
  plan::SortOrder sort_order(const spark::connect::Expression_SortOrder& message);
  plan::PythonFunction python_function(const spark::connect::CommonInlineUserDefinedFunction& message);
  plan::ExpressionPtr literal_expression(const spark::connect::Expression_Literal& message);
  template <class Messages>
  std::vector<plan::ExpressionPtr> expressions(const Messages& messages);
  template <class Messages>
  std::vector<plan::SortOrder> sort_orders(const Messages& messages);

  Value literal_value(const spark::connect::Expression_Literal& message, const Type& type);
  Type literal_type(const spark::connect::Expression_Literal& message);

  DecodeHost host_;
  int depth_ = 0;
};

/// Counts nesting; a plan deeper than the limit is refused before the stack ends.
class Decoder::Depth {
 public:
  explicit Depth(Decoder& decoder);
  ~Depth() { --decoder_.depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  Decoder& decoder_;
};

template <class Messages>
std::vector<plan::ExpressionPtr> Decoder::expressions(const Messages& messages) {
  std::vector<plan::ExpressionPtr> out;
  out.reserve(messages.size());
  for (const auto& message : messages) {
    out.push_back(expression(message));
  }
  return out;
}

template <class Messages>
std::vector<plan::SortOrder> Decoder::sort_orders(const Messages& messages) {
  std::vector<plan::SortOrder> out;
  out.reserve(messages.size());
  for (const auto& message : messages) {
    out.push_back(sort_order(message));
  }
  return out;
}

/// Parts of a column name as DataFrame programs write it: dots separate, backquotes protect.
/// Errors: INVALID_ATTRIBUTE_NAME_SYNTAX.
plan::NameParts split_attribute_name(const std::string& name);

/// Options of a message in key order.
template <class Map>
plan::Options sorted_options(const Map& map) {
  std::map<std::string, std::string> ordered(map.begin(), map.end());
  return {ordered.begin(), ordered.end()};
}

/// A message that breaks the protocol's rules. Raises CONNECT_INVALID_PLAN's kin.
[[noreturn]] void throw_invalid_plan(const std::string& what);

}  // namespace pyrite::connect
