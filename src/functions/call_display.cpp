// How Spark shows resolved expressions as SQL text.
#include "functions/call_display.h"

#include <algorithm>
#include <functional>
#include <variant>

#include "functions/function_def.h"
#include "functions/literal_text.h"
#include "functions/shown_value.h"
#include "plan/resolved_transform.h"

namespace pyrite {
namespace {

using namespace resolved;

thread_local const std::string* display_zone = nullptr;

template <class... F>
struct overloaded : F... {
  using F::operator()...;
};

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (size_t i = 0; i < texts.size(); ++i) {
    out += (i ? ", " : "") + texts[i];
  }
  return out;
}

class Display {
 public:
  Display(DisplayMode mode, std::string time_zone)
      : pretty_(mode == DisplayMode::pretty), time_zone_(std::move(time_zone)) {}

  std::string show(const ExpressionPtr& expression) const {
    return std::visit(overloaded{
                          [&](const Literal& node) { return literal(node, expression->type); },
                          [&](const ColumnRef& node) { return column(node); },
                          [&](const Call& node) { return call(node); },
                          [&](const Cast& node) { return cast(node, expression->type); },
                          [&](const Lambda& node) { return lambda(node); },
                          [&](const LambdaRef& node) { return pretty_ ? "namedlambdavariable()" : node.name; },
                          [&](const GetField& node) { return show(node.child) + "." + name(node.name); },
                          [&](const AggregateCall& node) { return aggregate(node); },
                          [&](const WindowCall& node) { return window(node); },
                          [&](const Subquery& node) { return subquery(node); },
                      },
                      expression->node);
  }

 private:
  std::string name(const std::string& text) const { return pretty_ ? text : quote_if_needed(text); }

  std::string literal(const Literal& node, const Type& type) const {
    if (!node.written.empty()) {
      return node.written;
    }
    return pretty_ ? literal_pretty(node.value, type, time_zone_) : literal_sql(node.value, type, time_zone_);
  }

  std::string column(const ColumnRef& node) const {
    if (pretty_ && !node.outer) {
      return node.name;
    }
    std::string out;
    for (const std::string& part : node.qualifier) {
      out += quote_if_needed(part) + ".";
    }
    out += quote_if_needed(node.name);
    return node.outer ? "outer(" + out + ")" : out;
  }

  std::vector<std::string> list(const std::vector<ExpressionPtr>& expressions) const {
    std::vector<std::string> texts;
    for (const ExpressionPtr& each : expressions) {
      texts.push_back(show(each));
    }
    return texts;
  }

  /// struct(…) holds names and values; it shows the values, with the names that differ from their own.
  std::vector<std::string> struct_arguments(const Call& node) const {
    std::vector<std::string> texts;
    for (size_t i = 0; i + 1 < node.arguments.size(); i += 2) {
      const Literal* given = as_literal(node.arguments[i]);
      const ExpressionPtr& value = node.arguments[i + 1];
      const std::string field = given && !given->value.is_null() ? given->value.text() : std::string();
      std::string own = "col" + std::to_string(i / 2 + 1);
      if (const auto* reference = std::get_if<ColumnRef>(&value->node)) {
        own = reference->name;
      } else if (const auto* part = std::get_if<GetField>(&value->node)) {
        own = part->name;
      } else if (const auto* variable = std::get_if<LambdaRef>(&value->node)) {
        own = variable->name;
      }
      texts.push_back(field == own ? show(value) : show(value) + " AS " + quote_if_needed(field));
    }
    return texts;
  }

  std::string call(const Call& node) const {
    std::vector<std::string> arguments = node.name == "struct" ? struct_arguments(node) : list(node.arguments);
    if (node.function && node.function->display) {
      return node.function->display(node.name, arguments);
    }
    return node.name + "(" + joined(arguments) + ")";
  }

  std::string cast(const Cast& node, const Type& type) const {
    if (pretty_ && !node.written) {
      return show(node.child);
    }
    if (type.is(TypeKind::array) || type.is(TypeKind::map) || type.is(TypeKind::structure)) {
      // Spark's SQL text has no casts to nested types.
      return show(node.child);
    }
    const Type shown = type.is_string() && !type.is(TypeKind::string) ? Type::string() : type;
    return (node.mode == EvalMode::try_null ? "TRY_CAST(" : "CAST(") + show(node.child) + " AS " + sql_string(shown) +
           ")";
  }

  std::string lambda(const Lambda& node) const {
    std::string out = "lambdafunction(" + show(node.body);
    for (const LambdaParameter& parameter : node.parameters) {
      out += ", " + (pretty_ ? std::string("namedlambdavariable()") : parameter.name);
    }
    return out + ")";
  }

  std::string order(const SortOrder& each) const {
    return show(each.expression) + (each.ascending ? " ASC" : " DESC") +
           (each.nulls_first ? " NULLS FIRST" : " NULLS LAST");
  }
  std::string order(const std::vector<SortOrder>& list) const {
    std::vector<std::string> texts;
    for (const SortOrder& each : list) {
      texts.push_back(order(each));
    }
    return joined(texts);
  }

  std::string aggregate(const AggregateCall& node) const {
    std::vector<std::string> arguments = list(node.arguments);
    if (node.distinct && !arguments.empty()) {
      arguments[0] = "DISTINCT " + arguments[0];
    }
    std::string out = node.function && node.function->display ? node.function->display(node.name, arguments)
                                                              : node.name + "(" + joined(arguments) + ")";
    if (!node.order_by.empty()) {
      // Aggregates over one ordered value show no more than the direction they do not have by default.
      const bool percentile = node.name.starts_with("percentile_");
      const SortOrder& first = node.order_by[0];
      out += " WITHIN GROUP (ORDER BY " +
             (percentile ? show(first.expression) + (first.ascending ? "" : " DESC") : order(node.order_by)) + ")";
    }
    if (node.filter) {
      out += " FILTER (WHERE " + show(node.filter) + ")";
    }
    return out;
  }

  std::string bound(const FrameBound& each) const {
    switch (each.kind) {
      case plan::BoundKind::unbounded_preceding:
        return "UNBOUNDED PRECEDING";
      case plan::BoundKind::preceding:
        return show(each.offset) + " PRECEDING";
      case plan::BoundKind::current_row:
        return "CURRENT ROW";
      case plan::BoundKind::following:
        return show(each.offset) + " FOLLOWING";
      case plan::BoundKind::unbounded_following:
        return "UNBOUNDED FOLLOWING";
    }
    return {};
  }

  std::string frame(const WindowCall& node) const {
    if (const auto* function = std::get_if<Call>(&node.function->node);
        function && (function->name == "lag" || function->name == "lead")) {
      std::string distance = function->arguments.size() > 1 ? show(function->arguments[1]) : "1";
      if (function->name == "lag") {
        distance = distance.starts_with("-") ? distance.substr(1) : "-" + distance;
      }
      return "ROWS BETWEEN " + distance + " FOLLOWING AND " + distance + " FOLLOWING";
    }
    return std::string(node.frame.unit == FrameUnit::rows ? "ROWS" : "RANGE") + " BETWEEN " + bound(node.frame.lower) +
           " AND " + bound(node.frame.upper);
  }

  std::string window(const WindowCall& node) const {
    std::string out;
    if (!node.partition_by.empty()) {
      out += "PARTITION BY " + joined(list(node.partition_by)) + " ";
    }
    if (!node.order_by.empty()) {
      out += "ORDER BY " + order(node.order_by) + " ";
    }
    return show(node.function) + " OVER (" + out + frame(node) + ")";
  }

  /// The columns of the query around, once for each place of the subquery's plan that names one, from the top down.
  void add_outer_names(const RelationPtr& relation, const Subquery& node, std::vector<std::string>& out) const {
    const auto is_outer = [&](ColumnId id) {
      return std::any_of(node.outer_columns.begin(), node.outer_columns.end(),
                         [&](const Column& each) { return each.id == id; });
    };
    const std::function<void(const ExpressionPtr&)> add = [&](const ExpressionPtr& part) {
      if (const auto* reference = std::get_if<ColumnRef>(&part->node); reference && is_outer(reference->id)) {
        out.push_back(name(reference->name));
      } else if (const auto* inner = std::get_if<Subquery>(&part->node)) {
        for (const Column& each : inner->outer_columns) {
          if (is_outer(each.id)) {
            out.push_back(name(each.name));
          }
        }
      }
      std::vector<ExpressionPtr> parts = children(part);
      if (const auto* call = std::get_if<Call>(&part->node); call && call->function == &shown_value) {
        parts.pop_back();  // the value, which stands beside what is shown
      }
      for (const ExpressionPtr& each : parts) {
        add(each);
      }
    };
    std::vector<RelationPtr> below;
    rebuild(
        relation,
        [&](const RelationPtr& input) {
          below.push_back(input);
          return input;
        },
        [&](const ExpressionPtr& expression) {
          add(expression);
          return expression;
        },
        [](const Column& column) { return column; });
    for (const RelationPtr& each : below) {
      add_outer_names(each, node, out);
    }
  }

  std::string subquery(const Subquery& node) const {
    std::vector<std::string> outer;
    add_outer_names(node.relation, node, outer);
    if (outer.empty()) {  // used where the plan does not show it, as in a common table that nothing reads
      for (const Column& each : node.outer_columns) {
        outer.push_back(name(each.name));
      }
    }
    switch (node.kind) {
      case SubqueryKind::scalar:
        return "scalarsubquery(" + joined(outer) + ")";
      case SubqueryKind::exists:
        return "exists(" + joined(outer) + ")";
      case SubqueryKind::table:
        return "table(" + joined(outer) + ")";
      case SubqueryKind::in: {
        std::vector<std::string> values = list(node.values);
        if (values.size() > 1) {
          std::string structure = "named_struct(";
          for (size_t i = 0; i < values.size(); ++i) {
            const auto* reference = std::get_if<ColumnRef>(&node.values[i]->node);
            structure +=
                (i ? ", " : "") + (reference ? reference->name : "col" + std::to_string(i + 1)) + ", " + values[i];
          }
          values = {structure + ")"};
        }
        return "(" + values[0] + " IN (listquery(" + joined(outer) + ")))";
      }
    }
    return {};
  }

  bool pretty_;
  std::string time_zone_;
};

}  // namespace

std::string display_sql(const ExpressionPtr& expression, DisplayMode mode) {
  return Display(mode, display_zone ? *display_zone : "UTC").show(expression);
}

DisplayTimeZone::DisplayTimeZone(const std::string& zone) : before_(display_zone) { display_zone = &zone; }

DisplayTimeZone::~DisplayTimeZone() { display_zone = before_; }

}  // namespace pyrite
