// Plans as Spark's trees of text, for explain.
#include "analyzer/analyzer.h"
#include "analyzer/properties.h"
#include "functions/function_def.h"
#include "plan/resolved_transform.h"

namespace pyrite {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string id_text(const resolved::Column& column) { return column.name + "#" + std::to_string(column.id); }

template <class T, class F>
std::string listed(const std::vector<T>& items, F&& text) {
  std::string out = "[";
  for (const T& item : items) {
    out += (out.size() > 1 ? ", " : "") + text(item);
  }
  return out + "]";
}

/// An expression with column ids, as Spark's toString.
std::string text_of(const resolved::ExpressionPtr& expression) {
  using namespace resolved;
  if (const auto* reference = std::get_if<ColumnRef>(&expression->node)) {
    const std::string text = reference->name + "#" + std::to_string(reference->id);
    return reference->outer ? "outer(" + text + ")" : text;
  }
  if (const auto* cast = std::get_if<resolved::Cast>(&expression->node)) {
    const char* name = cast->mode == EvalMode::try_null ? "try_cast(" : "cast(";
    return name + text_of(cast->child) + " as " + simple_string(expression->type) + ")";
  }
  if (const auto* field = std::get_if<GetField>(&expression->node)) {
    return text_of(field->child) + "." + field->name;
  }
  const std::vector<ExpressionPtr> parts = children(expression);
  const auto call_text = [&](const std::string& name) {
    std::string out = name + "(";
    for (size_t i = 0; i < parts.size(); ++i) {
      out += (i ? ", " : "") + text_of(parts[i]);
    }
    return out + ")";
  };
  if (const auto* call = std::get_if<resolved::Call>(&expression->node)) {
    const bool is_operator = !call->name.empty() && !std::isalpha(static_cast<unsigned char>(call->name[0]));
    if ((is_operator || call->name == "and" || call->name == "or") && parts.size() == 2) {
      std::string name = call->name;
      if (name == "and" || name == "or") {
        name = name == "and" ? "AND" : "OR";
      }
      return "(" + text_of(parts[0]) + " " + name + " " + text_of(parts[1]) + ")";
    }
    return call_text(call->name);
  }
  if (const auto* aggregate = std::get_if<AggregateCall>(&expression->node)) {
    return call_text(aggregate->name);
  }
  if (const auto* window = std::get_if<WindowCall>(&expression->node)) {
    return text_of(window->function) + " windowspecdefinition(" +
           listed(window->partition_by, [](const ExpressionPtr& each) { return text_of(each); }) + ")";
  }
  if (const auto* subquery = std::get_if<resolved::Subquery>(&expression->node)) {
    return subquery->kind == SubqueryKind::exists ? "exists#"
           : subquery->kind == SubqueryKind::in   ? "in-subquery#"
                                                  : "scalar-subquery#";
  }
  return expression_sql(expression);
}

std::string order_text(const resolved::SortOrder& order) {
  return text_of(order.expression) + (order.ascending ? " ASC" : " DESC") +
         (order.nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

std::string named_text(const resolved::NamedExpression& item) {
  const auto* reference = std::get_if<resolved::ColumnRef>(&item.expression->node);
  if (reference && reference->id == item.column.id) {
    return id_text(item.column);
  }
  return text_of(item.expression) + " AS " + id_text(item.column);
}

const char* join_name(plan::JoinType type) {
  switch (type) {
    case plan::JoinType::inner:
      return "Inner";
    case plan::JoinType::cross:
      return "Cross";
    case plan::JoinType::left_outer:
      return "LeftOuter";
    case plan::JoinType::right_outer:
      return "RightOuter";
    case plan::JoinType::full_outer:
      return "FullOuter";
    case plan::JoinType::left_semi:
      return "LeftSemi";
    case plan::JoinType::left_anti:
      return "LeftAnti";
  }
  return "";
}

std::string node_text(const resolved::Relation& relation) {
  using namespace resolved;
  const auto output = [&] { return listed(relation.output, id_text); };
  return std::visit(
      Overloaded{
          [&](const LocalData&) { return "LocalRelation " + output(); },
          [&](const InlineRows&) { return "LocalRelation " + output(); },
          [&](const resolved::OneRow&) { return std::string("OneRowRelation"); },
          [&](const TableScan& node) {
            std::string name;
            for (const std::string& part : node.name) {
              name += (name.empty() ? "" : ".") + part;
            }
            return "Relation " + name + output();
          },
          [&](const FileScan& node) { return "Relation " + output() + " " + node.format; },
          [&](const RangeScan& node) {
            return "Range (" + std::to_string(node.start) + ", " + std::to_string(node.end) +
                   ", step=" + std::to_string(node.step) + ")";
          },
          [&](const resolved::Project& node) { return "Project " + listed(node.expressions, named_text); },
          [&](const resolved::Filter& node) { return "Filter " + text_of(node.condition); },
          [&](const resolved::Aggregate& node) {
            return "Aggregate " + listed(node.grouping, named_text) + ", " + listed(node.aggregates, named_text);
          },
          [&](const resolved::Window& node) { return "Window " + listed(node.windows, named_text); },
          [&](const resolved::Join& node) {
            return std::string(node.as_of ? "AsOfJoin " : "Join ") + join_name(node.type) +
                   (node.condition ? ", " + text_of(node.condition) : "");
          },
          [&](const resolved::SetOperation& node) {
            const char* name = node.op == plan::SetOperator::union_      ? "Union "
                               : node.op == plan::SetOperator::intersect ? "Intersect "
                                                                         : "Except ";
            return name + std::string(node.all ? "All " : "") + "false, false";
          },
          [&](const resolved::Sort& node) { return "Sort " + listed(node.order, order_text) + ", true"; },
          [&](const resolved::Limit& node) {
            return (node.count ? "GlobalLimit " + std::to_string(*node.count) : std::string()) +
                   (node.offset ? "Offset " + std::to_string(node.offset) : std::string());
          },
          [&](const resolved::Tail& node) { return "Tail " + std::to_string(node.count); },
          [&](const resolved::Distinct&) { return std::string("Distinct"); },
          [&](const DistinctOn& node) {
            return "Deduplicate " + listed(node.keys, [](const ExpressionPtr& each) { return text_of(each); });
          },
          [&](const Generate& node) {
            return "Generate " + text_of(node.generator) + ", " + (node.outer ? "true" : "false") + ", " +
                   listed(node.generated, id_text);
          },
          [&](const resolved::Sample& node) {
            return "Sample " + std::to_string(node.lower) + ", " + std::to_string(node.upper) + ", " +
                   (node.with_replacement ? "true" : "false") + ", " + std::to_string(node.seed);
          },
          [&](const WithCte& node) { return "WithCTE " + node.name; },
          [&](const CteRef& node) { return "CTERelationRef " + node.name + ", true, " + output(); },
          [&](const RecursiveCte& node) { return "UnionLoop " + node.name; },
          [&](const ParseLines&) { return std::string("LogicalRDD ") + output() + ", false"; },
          [&](const Observe& node) { return "CollectMetrics " + node.name + ", " + listed(node.metrics, named_text); },
      },
      relation.node);
}

void append_tree(const resolved::RelationPtr& relation, const std::string& indent, bool root, bool last,
                 std::string& out) {
  out += root ? "" : indent + (last ? "+- " : ":- ");
  out += node_text(*relation) + "\n";
  const std::vector<resolved::RelationPtr> inputs = resolved::inputs(relation);
  for (size_t i = 0; i < inputs.size(); ++i) {
    append_tree(inputs[i], root ? "" : indent + (last ? "   " : ":  "), false, i + 1 == inputs.size(), out);
  }
}

std::string parsed_name(const plan::Relation& relation) {
  return std::visit(
      Overloaded{
          [](const plan::NamedTable& node) {
            std::string name;
            for (const std::string& part : node.name) {
              name += (name.empty() ? "" : ", ") + part;
            }
            return "'UnresolvedRelation [" + name + "], [], false";
          },
          [](const plan::Project& node) {
            return "'Project " +
                   listed(node.expressions, [](const plan::ExpressionPtr& each) { return expression_sql(each); });
          },
          [](const plan::Filter& node) { return "'Filter " + expression_sql(node.condition); },
          [](const plan::Aggregate& node) {
            const auto text = [](const plan::ExpressionPtr& each) { return expression_sql(each); };
            return "'Aggregate " + listed(node.grouping, text) + ", " + listed(node.aggregates, text);
          },
          [](const plan::Join& node) {
            return std::string("'Join ") + join_name(node.type) +
                   (node.condition ? ", " + expression_sql(node.condition) : "");
          },
          [](const plan::Sort& node) {
            return "'Sort " + listed(node.order, [](const plan::SortOrder& each) {
                     return (each.child ? expression_sql(each.child) : "all") + (each.ascending ? " ASC" : " DESC");
                   });
          },
          [](const plan::Range& node) {
            return "Range (" + std::to_string(node.start) + ", " + std::to_string(node.end) +
                   ", step=" + std::to_string(node.step) + ")";
          },
          [](const plan::SubqueryAlias& node) { return "'SubqueryAlias " + node.alias; },
          [](const plan::OneRow&) { return std::string("OneRowRelation"); },
          [](const plan::LocalRelation&) { return std::string("LocalRelation"); },
          [](const plan::InlineTable&) { return std::string("'UnresolvedInlineTable"); },
          [](const plan::TableFunction& node) { return "'UnresolvedTableValuedFunction [" + node.name.back() + "]"; },
          [](const plan::SqlText& node) { return "'UnresolvedSqlText " + node.query; },
          [](const plan::Limit& node) { return "'GlobalLimit " + expression_sql(node.count); },
          [](const plan::SetOperation& node) {
            return std::string(node.op == plan::SetOperator::union_      ? "'Union"
                               : node.op == plan::SetOperator::intersect ? "'Intersect"
                                                                         : "'Except");
          },
          [](const plan::With&) { return std::string("'UnresolvedWith"); },
          [](const auto&) { return std::string("'UnresolvedPlan"); },
      },
      relation.node);
}

void append_parsed(const plan::RelationPtr& relation, const std::string& indent, bool root, bool last,
                   std::string& out) {
  out += (root ? "" : indent + (last ? "+- " : ":- ")) + parsed_name(*relation) + "\n";
  std::vector<plan::RelationPtr> inputs;
  std::visit(
      [&](const auto& node) {
        if constexpr (requires { node.input; }) {
          inputs = {node.input};
        } else if constexpr (requires {
                               node.left;
                               node.right;
                             }) {
          inputs = {node.left, node.right};
        }
      },
      relation->node);
  for (size_t i = 0; i < inputs.size(); ++i) {
    append_parsed(inputs[i], root ? "" : indent + (last ? "   " : ":  "), false, i + 1 == inputs.size(), out);
  }
}

}  // namespace

std::string tree_text(const resolved::RelationPtr& relation) {
  std::string out;
  append_tree(relation, "", true, true, out);
  return out;
}

std::string tree_text(const plan::RelationPtr& relation) {
  std::string out;
  append_parsed(relation, "", true, true, out);
  return out;
}

std::string expression_sql(const plan::ExpressionPtr& expression) {
  const auto join = [](const std::vector<plan::ExpressionPtr>& list) {
    std::string out;
    for (const plan::ExpressionPtr& each : list) {
      out += (out.empty() ? "" : ", ") + expression_sql(each);
    }
    return out;
  };
  return std::visit(
      Overloaded{
          [](const plan::Literal& node) {
            return node.written.empty() ? expression_sql(resolved::literal(node.value, node.type)) : node.written;
          },
          [](const plan::Attribute& node) {
            std::string name;
            for (const std::string& part : node.name_parts) {
              name += (name.empty() ? "'" : ".") + part;
            }
            return name;
          },
          [](const plan::Star&) { return std::string("*"); },
          [&](const plan::Call& node) { return "'" + node.name.back() + "(" + join(node.arguments) + ")"; },
          [](const plan::Cast& node) {
            return "cast(" + expression_sql(node.child) + " as " + simple_string(node.type) + ")";
          },
          [](const plan::Alias& node) { return expression_sql(node.child) + " AS " + node.names[0]; },
          [](const plan::ExpressionText& node) { return node.text; },
          [](const plan::ExtractValue& node) {
            return expression_sql(node.child) + "[" + expression_sql(node.extraction) + "]";
          },
          [](const auto&) { return std::string("'unresolved"); },
      },
      expression->node);
}

}  // namespace pyrite
