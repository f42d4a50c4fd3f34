// WITH: common tables, plain and recursive.
#include <algorithm>
#include <atomic>

#include "analyzer/analysis.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "types/coercion.h"

namespace pyrite::analysis {
namespace {

resolved::RelationPtr named(resolved::RelationPtr plan, const plan::CommonTable& table) {
  if (table.column_names.empty()) {
    return plan;
  }
  if (table.column_names.size() != plan->output.size()) {
    throw SparkError("ASSIGNMENT_ARITY_MISMATCH", {{"numExpr", std::to_string(plan->output.size())},
                                                   {"numTarget", std::to_string(table.column_names.size())}});
  }
  std::vector<NamedExpression> list;
  for (size_t i = 0; i < plan->output.size(); ++i) {
    Column column = plan->output[i];
    column.id = next_column_id();
    column.name = table.column_names[i];
    list.push_back({column, resolved::reference(plan->output[i])});
  }
  return project(std::move(plan), std::move(list));
}

/// Whether a relation reads the common table of this name.
bool mentions(const Analysis& analysis, const plan::RelationPtr& relation, const std::string& name);

struct Mention {
  const Analysis& analysis;
  const std::string& name;

  bool in(const plan::RelationPtr& relation) const { return relation && mentions(analysis, relation, name); }
  bool operator()(const plan::NamedTable& node) const {
    return node.name.size() == 1 && analysis.same_name(node.name[0], name);
  }
  bool operator()(const plan::Join& node) const { return in(node.left) || in(node.right); }
  bool operator()(const plan::SetOperation& node) const { return in(node.left) || in(node.right); }
  bool operator()(const plan::With& node) const {
    return in(node.input) || std::any_of(node.tables.begin(), node.tables.end(),
                                         [&](const plan::CommonTable& each) { return in(each.relation); });
  }
  template <class T>
  bool operator()(const T& node) const {
    if constexpr (requires { node.input; }) {
      return in(node.input);
    }
    return false;
  }
};

bool mentions(const Analysis& analysis, const plan::RelationPtr& relation, const std::string& name) {
  return std::visit(Mention{analysis, name}, relation->node);
}

/// The UNION [ALL] of a recursive definition, below aliases and inner WITHs.
const plan::SetOperation* union_of(const plan::RelationPtr& relation, bool& distinct) {
  if (const auto* set = std::get_if<plan::SetOperation>(&relation->node)) {
    return set->op == plan::SetOperator::union_ ? set : nullptr;
  }
  if (const auto* distinct_node = std::get_if<plan::Distinct>(&relation->node)) {
    distinct = true;
    return union_of(distinct_node->input, distinct);
  }
  if (const auto* alias = std::get_if<plan::SubqueryAlias>(&relation->node)) {
    return union_of(alias->input, distinct);
  }
  return nullptr;
}

resolved::RelationPtr cast_to_columns(const Analysis& analysis, const resolved::RelationPtr& plan,
                                      const std::vector<Column>& columns) {
  std::vector<NamedExpression> list;
  for (size_t i = 0; i < columns.size(); ++i) {
    resolved::ExpressionPtr value = cast_to(resolved::reference(plan->output[i]), columns[i].type, analysis.mode());
    list.push_back({column_for(columns[i].name, value), value});
  }
  return project(plan, std::move(list));
}

resolved::RelationPtr recursive_table(Analysis& analysis, const plan::CommonTable& table, int64_t max_depth) {
  bool distinct = false;
  const plan::SetOperation* both = union_of(table.relation, distinct);
  if (!both || mentions(analysis, both->left, table.name)) {
    throw SparkError("INVALID_RECURSIVE_CTE");
  }
  const resolved::RelationPtr anchor = named(analysis.resolve_to_plan(both->left), table);
  auto entry = std::make_shared<CommonTableEntry>();
  entry->name = table.name;
  entry->plan = anchor;
  entry->cte_id = next_cte_id();
  entry->recursive = true;
  // The step may give NULL where the anchor does not.
  std::vector<Column> columns = anchor->output;
  for (Column& column : columns) {
    column.nullable = true;
  }
  entry->plan = resolved::make_relation(resolved::OneRow{}, columns);
  analysis.common_tables.push_back(entry);
  resolved::RelationPtr step = analysis.resolve_to_plan(both->right);
  analysis.common_tables.pop_back();
  if (step->output.size() != columns.size()) {
    throw SparkError("NUM_COLUMNS_MISMATCH", {{"operator", "UNION"},
                                              {"firstNumColumns", std::to_string(columns.size())},
                                              {"invalidOrdinalNum", "second"},
                                              {"invalidNumColumns", std::to_string(step->output.size())}});
  }
  step = cast_to_columns(analysis, step, columns);
  resolved::RecursiveCte node;
  node.cte_id = entry->cte_id;
  node.name = table.name;
  node.anchor = anchor;
  node.recursive = step;
  node.union_all = both->all && !distinct;
  node.max_depth = max_depth;
  std::vector<Column> output;
  for (size_t i = 0; i < columns.size(); ++i) {
    Column column = columns[i];
    column.id = next_column_id();
    column.nullable = anchor->output[i].nullable || step->output[i].nullable;
    output.push_back(std::move(column));
  }
  return resolved::make_relation(std::move(node), std::move(output));
}

}  // namespace

int64_t next_cte_id() {
  static std::atomic<int64_t> next{1};
  return next++;
}

Resolved Analysis::resolve_node(const plan::With& node) {
  const size_t before = common_tables.size();
  std::vector<std::shared_ptr<CommonTableEntry>> entries;
  for (size_t i = 0; i < node.tables.size(); ++i) {
    const plan::CommonTable& table = node.tables[i];
    for (size_t j = 0; j < i; ++j) {
      if (same_name(node.tables[j].name, table.name)) {
        throw SparkError("DUPLICATED_CTE_NAMES", {{"duplicateNames", quoted({lower_case(table.name)})}});
      }
    }
    auto entry = std::make_shared<CommonTableEntry>();
    entry->name = table.name;
    const size_t used_before = outer_used ? outer_used->size() : 0;
    if (node.recursive && mentions(*this, table.relation, table.name)) {
      entry->plan = recursive_table(*this, table, node.max_recursion.value_or(100));
    } else {
      entry->plan = named(resolve_to_plan(table.relation), table);
    }
    entry->inlined = outer_used && outer_used->size() > used_before;
    entry->cte_id = next_cte_id();
    common_tables.push_back(entry);
    entries.push_back(std::move(entry));
  }
  Resolved out = resolve(node.input);
  common_tables.resize(before);
  // Innermost definitions first: later tables may read earlier ones.
  for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
    if ((*it)->uses > 0 && !(*it)->inlined) {
      const std::vector<Column> output = out.plan->output;
      out.plan = resolved::make_relation(resolved::WithCte{(*it)->cte_id, (*it)->name, (*it)->plan, out.plan}, output);
      out.select = nullptr;
    }
  }
  return out;
}

}  // namespace pyrite::analysis
