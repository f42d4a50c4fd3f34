// GROUP BY in all its forms.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/pivot.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;
using IndexSet = std::vector<int>;

constexpr size_t grouping_set_limit = 4096;

/// Collects grouping expressions, each once, and the sets over them.
class Grouping {
 public:
  Grouping(Analysis& analysis, Select& select, const std::vector<NamedExpression>& items, const Scope& scope)
      : analysis_(analysis), select_(select), items_(items), scope_(scope) {}

  int position_of(const plan::ExpressionPtr& source) {
    ExpressionPtr expression = resolve(source);
    if (contains_aggregate(expression)) {
      throw_at(source->origin, SparkError("GROUP_BY_AGGREGATE", {{"sqlExpr", expression_sql(expression)}}));
    }
    if (contains_window(expression)) {
      throw_at(source->origin, SparkError("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", {{"clauseName", "GROUP BY"}}));
    }
    check_groupable(expression, source->origin);
    for (size_t i = 0; i < select_.grouping.size(); ++i) {
      if (same_expression(select_.grouping[i].expression, expression)) {
        return static_cast<int>(i);
      }
    }
    return add(source, expression);
  }

  int add(const plan::ExpressionPtr& source, const ExpressionPtr& expression) {
    const auto* reference = std::get_if<resolved::ColumnRef>(&expression->node);
    Column column = column_for(output_name(expression), expression);
    const auto* alias = source ? std::get_if<plan::Alias>(&source->node) : nullptr;
    const Column* same = reference && !reference->outer ? column_below(reference->id) : nullptr;
    if (alias) {
      column.name = alias->names[0];
      column.metadata = !alias->metadata.empty() ? alias->metadata : same ? same->metadata : std::string();
    } else if (same) {
      column = *same;
    } else if (source) {
      if (const auto* attribute = std::get_if<plan::Attribute>(&source->node)) {
        column.name = attribute->name_parts.back();
      }
    }
    select_.grouping.push_back({std::move(column), expression});
    return static_cast<int>(select_.grouping.size()) - 1;
  }

 private:
  const Column* column_below(ColumnId id) const {
    const std::vector<Column>& columns = select_.base.plan->output;
    const auto at = std::find_if(columns.begin(), columns.end(), [&](const Column& each) { return each.id == id; });
    return at == columns.end() ? nullptr : &*at;
  }

  ExpressionPtr resolve(const plan::ExpressionPtr& source) {
    const auto* literal = std::get_if<plan::Literal>(&source->node);
    if (literal && literal->type.is(TypeKind::integer) && !literal->value.is_null() && !items_.empty()) {
      return by_position(literal->value.integer(), source->origin);
    }
    const auto* attribute = std::get_if<plan::Attribute>(&source->node);
    if (attribute) {
      if (ExpressionPtr found = analysis_.find_attribute(*attribute, scope_, source->origin)) {
        return found;
      }
      for (const NamedExpression& item : items_) {
        if (attribute->name_parts.size() == 1 && analysis_.same_name(item.column.name, attribute->name_parts[0])) {
          return item.expression;
        }
      }
    }
    return analysis_.resolve(source, scope_);
  }

  ExpressionPtr by_position(int64_t position, const plan::OriginPtr& origin) {
    if (position < 1 || position > static_cast<int64_t>(items_.size())) {
      throw_at(origin, SparkError("GROUP_BY_POS_OUT_OF_RANGE",
                                  {{"index", std::to_string(position)}, {"size", std::to_string(items_.size())}}));
    }
    const ExpressionPtr& expression = items_[static_cast<size_t>(position - 1)].expression;
    if (contains_aggregate(expression)) {
      throw_at(origin, SparkError("GROUP_BY_POS_AGGREGATE",
                                  {{"index", std::to_string(position)}, {"aggExpr", expression_sql(expression)}}));
    }
    return expression;
  }

  static void check_groupable(const ExpressionPtr& expression, const plan::OriginPtr& origin) {
    const auto groupable = [](const auto& self, const Type& type) -> bool {
      switch (type.kind()) {
        case TypeKind::variant:
          return false;
        case TypeKind::array:
          return self(self, type.element());
        case TypeKind::structure:
          return std::all_of(type.fields().begin(), type.fields().end(),
                             [&](const StructField& field) { return self(self, field.type); });
        default:
          return true;
      }
    };
    if (!groupable(groupable, expression->type)) {
      throw_at(origin, SparkError("GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
                                  {{"sqlExpr", "\"" + expression_sql(expression) + "\""},
                                   {"dataType", "\"" + sql_string(expression->type) + "\""}}));
    }
  }

  Analysis& analysis_;
  Select& select_;
  const std::vector<NamedExpression>& items_;
  const Scope& scope_;
};

std::vector<IndexSet> rollup_sets(const std::vector<IndexSet>& parts) {
  std::vector<IndexSet> out;
  for (size_t length = parts.size() + 1; length-- > 0;) {
    IndexSet set;
    for (size_t i = 0; i < length; ++i) {
      set.insert(set.end(), parts[i].begin(), parts[i].end());
    }
    out.push_back(std::move(set));
  }
  return out;
}

std::vector<IndexSet> cube_sets(const std::vector<IndexSet>& parts) {
  if (parts.size() > 12) {
    throw SparkError("GROUPING_SIZE_LIMIT_EXCEEDED", {{"maxSize", "12"}});
  }
  // Spark's order: sets with the first expression before those without.
  std::vector<IndexSet> out = {{}};
  for (size_t i = parts.size(); i-- > 0;) {
    std::vector<IndexSet> with;
    for (const IndexSet& rest : out) {
      IndexSet set = parts[i];
      set.insert(set.end(), rest.begin(), rest.end());
      with.push_back(std::move(set));
    }
    with.insert(with.end(), out.begin(), out.end());
    out = std::move(with);
  }
  return out;
}

std::vector<IndexSet> element_sets(Grouping& grouping, plan::GroupKind kind,
                                   const std::vector<std::vector<plan::ExpressionPtr>>& sets) {
  std::vector<IndexSet> parts;
  for (const auto& set : sets) {
    IndexSet indexes;
    for (const plan::ExpressionPtr& each : set) {
      indexes.push_back(grouping.position_of(each));
    }
    parts.push_back(std::move(indexes));
  }
  switch (kind) {
    case plan::GroupKind::rollup:
      return rollup_sets(parts);
    case plan::GroupKind::cube:
      return cube_sets(parts);
    case plan::GroupKind::grouping_sets:
      return parts;
    case plan::GroupKind::group_by:
    case plan::GroupKind::pivot:
      break;
  }
  IndexSet all;
  for (const IndexSet& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return {all};
}

/// GROUP BY a, ROLLUP(b, c): every combination of one set of each element.
std::vector<IndexSet> combine(const std::vector<IndexSet>& left, const std::vector<IndexSet>& right) {
  std::vector<IndexSet> out;
  if (left.size() * right.size() > grouping_set_limit) {
    throw SparkError("GROUPING_SIZE_LIMIT_EXCEEDED", {{"maxSize", std::to_string(grouping_set_limit)}});
  }
  for (const IndexSet& a : left) {
    for (const IndexSet& b : right) {
      IndexSet set = a;
      set.insert(set.end(), b.begin(), b.end());
      out.push_back(std::move(set));
    }
  }
  return out;
}

std::vector<std::vector<plan::ExpressionPtr>> singletons(const std::vector<plan::ExpressionPtr>& list) {
  std::vector<std::vector<plan::ExpressionPtr>> out;
  for (const plan::ExpressionPtr& each : list) {
    out.push_back({each});
  }
  return out;
}

/// Grouping columns of grouping sets are new columns: a set without them gives NULL.
void renew_columns(Select& select) {
  std::vector<int> uses(select.grouping.size(), 0);
  for (IndexSet& set : select.sets) {
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    for (const int index : set) {
      ++uses[static_cast<size_t>(index)];
    }
  }
  for (size_t i = 0; i < select.grouping.size(); ++i) {
    Column& column = select.grouping[i].column;
    column.id = next_column_id();
    column.nullable = column.nullable || static_cast<size_t>(uses[i]) < select.sets.size();
  }
}

void group_by_all(Select& select, const std::vector<NamedExpression>& items, Grouping& grouping) {
  // Items without aggregates; of the others, the columns outside their aggregates must be among these.
  for (const NamedExpression& item : items) {
    if (!contains_aggregate(item.expression) && !is_foldable(item.expression)) {
      const bool known = std::any_of(select.grouping.begin(), select.grouping.end(), [&](const NamedExpression& each) {
        return same_expression(each.expression, item.expression);
      });
      if (!known) {
        grouping.add(nullptr, item.expression);
      }
    }
  }
}

std::vector<plan::ExpressionPtr> expressions_of(const plan::Aggregate& node) {
  std::vector<plan::ExpressionPtr> out = node.grouping;
  const auto add = [&](const std::vector<plan::ExpressionPtr>& more) {
    out.insert(out.end(), more.begin(), more.end());
  };
  for (const plan::Aggregate::Element& element : node.elements) {
    std::for_each(element.sets.begin(), element.sets.end(), add);
  }
  std::for_each(node.grouping_sets.begin(), node.grouping_sets.end(), add);
  add(node.aggregates);
  return out;
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Aggregate& node) {
  if (node.kind == plan::GroupKind::pivot || node.pivot) {
    return resolve_pivot(*this, node);
  }
  auto select = std::make_shared<Select>();
  select->base = resolve(node.input);
  select->aggregated = true;
  add_time_windows(*this, select->base, expressions_of(node));
  const Scope scope = scope_of(*this, select->base);
  std::vector<NamedExpression> items = resolve_list(node.aggregates, scope, select.get());
  // In DataFrame programs a number or a name means itself, never an item of the select list.
  const std::vector<NamedExpression> no_items;
  Grouping chosen(*this, *select, node.output_has_grouping ? no_items : items, scope);
  if (node.group_by_all) {
    group_by_all(*select, items, chosen);
  } else if (!node.elements.empty()) {
    std::vector<IndexSet> sets = {{}};
    bool analytics = false;
    for (const plan::Aggregate::Element& element : node.elements) {
      analytics = analytics || element.kind != plan::GroupKind::group_by;
      sets = combine(sets, element_sets(chosen, element.kind, element.sets));
    }
    if (analytics) {
      select->sets = std::move(sets);
    }
  } else if (node.kind == plan::GroupKind::grouping_sets) {
    for (const plan::ExpressionPtr& each : node.grouping) {
      chosen.position_of(each);
    }
    select->sets = element_sets(chosen, node.kind, node.grouping_sets);
  } else {
    std::vector<IndexSet> sets = element_sets(chosen, node.kind, singletons(node.grouping));
    if (node.kind != plan::GroupKind::group_by) {
      select->sets = std::move(sets);
    }
  }
  if (!select->sets.empty()) {
    renew_columns(*select);
  }
  if (node.output_has_grouping) {
    for (const NamedExpression& each : select->grouping) {
      select->projection.push_back(pass(each.column));
    }
  }
  check_generators_of_groups(*this, *select, items, scope_of(*this, select->base));
  std::vector<ColumnId> generated;
  for (const Select::Generated& each : select->generators) {
    for (const Column& column : each.columns) {
      generated.push_back(column.id);
    }
  }
  for (NamedExpression& item : items) {
    if (std::find(generated.begin(), generated.end(), item.column.id) == generated.end()) {
      const bool same_column = std::holds_alternative<resolved::ColumnRef>(item.expression->node);
      item.expression = lift(*select, item.expression);
      item.column.nullable = item.expression->nullable;
      const auto* reference = std::get_if<resolved::ColumnRef>(&item.expression->node);
      if (same_column && reference && !select->sets.empty()) {
        item.column.id = reference->id;
      }
    }
    select->projection.push_back(std::move(item));
  }
  for (Select::Generated& each : select->generators) {
    each.generator = lift(*select, each.generator);
  }
  return build(select);
}

}  // namespace pyrite::analysis
