// The state of one analysis: scopes, resolved inputs, and the resolvers of relations and expressions. Internal.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/analyzer.h"
#include "base/error.h"
#include "functions/function_def.h"
#include "plan/relation.h"
#include "plan/resolved_relation.h"

namespace pyrite::analysis {

using resolved::Column;
using resolved::ColumnId;
using resolved::NamedExpression;

struct Select;
struct TimeWindows;

/// The columns that DataFrames showed, by plan id: df["x"] means a column of that DataFrame. Several entries when one
/// DataFrame stands in a plan more than once.
using PlanColumns = std::unordered_map<int64_t, std::vector<std::vector<Column>>>;

/// A resolved relation with what names can reach. The plan's output may hold more columns than are visible.
struct Resolved {
  resolved::RelationPtr plan;
  std::vector<Column> visible;
  std::vector<Column> hidden;      ///< found only under their qualifier: the other side of USING
  std::shared_ptr<Select> select;  ///< set where ORDER BY, HAVING, QUALIFY may look below the select list
  PlanColumns plan_columns;
  std::shared_ptr<TimeWindows> time_windows;  ///< columns that the node above has added, see time_window.h
};

/// A parsed query block whose parts can still grow: ORDER BY may add aggregates, HAVING conditions, …
/// Built as base → aggregate → having → generators → windows → qualify → projection.
struct Select {
  Resolved base;
  bool aggregated = false;
  std::vector<NamedExpression> grouping;  ///< over the base
  std::vector<std::vector<int>> sets;
  std::optional<Column> grouping_id;
  std::vector<NamedExpression> aggregates;      ///< over the base
  std::vector<resolved::ExpressionPtr> having;  ///< over grouping and aggregates
  std::vector<NamedExpression> windows;         ///< over what stands below
  std::vector<resolved::ExpressionPtr> qualify;
  struct Generated {
    resolved::ExpressionPtr generator;
    bool outer = false;
    std::vector<Column> columns;
  };
  std::vector<Generated> generators;
  std::vector<NamedExpression> projection;
  bool closed = false;  ///< HAVING added columns to the groups: ORDER BY sees these, and nothing below
  /// When set, columns below that no group has are noted here instead of failing.
  std::vector<ColumnId>* ungrouped = nullptr;
};

/// Where names are looked up.
struct Scope {
  const std::vector<Column>* visible = nullptr;
  const std::vector<Column>* hidden = nullptr;
  const PlanColumns* plan_columns = nullptr;
  TimeWindows* time_windows = nullptr;
  /// A second choice when `visible` does not have the name: below a select list, or the list itself.
  const Scope* below = nullptr;
  /// Where names inside an aggregate's arguments are looked up; nullptr: here.
  const Scope* inside_aggregate = nullptr;
  /// A name that is ambiguous here, or has no such field, is looked for below.
  bool lenient = false;
  /// The columns that an error suggests; nullptr: the visible ones.
  const std::vector<Column>* suggested = nullptr;
  /// The query around a subquery; columns found there are noted in `outer_used`.
  const Scope* outer = nullptr;
  std::vector<Column>* outer_used = nullptr;
  /// Aliases to the left in the same select list.
  const std::vector<NamedExpression>* lateral_aliases = nullptr;
  bool* lateral_alias_used = nullptr;
  std::vector<resolved::LambdaParameter> lambda_parameters;  ///< innermost last
  bool generators_allowed = false;
  /// A generator that is not allowed here is found by who looks names up, and told with the expression around it.
  bool generators_checked = false;
  /// The next call is the function of a window call, which may be an aggregate over the group's aggregates.
  bool is_window_function = false;
  /// Parameters of a SQL function's body.
  const std::vector<NamedExpression>* function_parameters = nullptr;
  std::string function_name;
};

/// A common table expression in reach.
struct CommonTableEntry {
  std::string name;
  resolved::RelationPtr plan;  ///< what it computes, columns named
  int64_t cte_id = 0;
  bool inlined = false;    ///< refers to columns around it: copied at each use
  bool recursive = false;  ///< a reference to the step before
  int uses = 0;
};

class Analysis {
 public:
  explicit Analysis(const AnalyzerHost& host) : host(host) {}

  bool file_metadata = false;  ///< scans of files offer their hidden column `_metadata` (file_metadata.h)

  // ---- relations (resolve_*.cpp)
  Resolved resolve(const plan::RelationPtr& relation);
  resolved::RelationPtr resolve_to_plan(const plan::RelationPtr& relation);

  Resolved resolve_node(const plan::NamedTable& node, const plan::Relation& relation);
  /// A view's query under the names and types that the view shows (resolve_view.cpp).
  Resolved expand_view(const View& view, const plan::OriginPtr& origin);
  Resolved resolve_node(const plan::DataSource& node);
  Resolved resolve_node(const plan::LocalRelation& node);
  Resolved resolve_node(const plan::CachedLocalRelation& node);
  Resolved resolve_node(const plan::Range& node);
  Resolved resolve_node(const plan::InlineTable& node, const plan::Relation& relation);
  Resolved resolve_node(const plan::TableFunction& node, const plan::Relation& relation);
  Resolved resolve_node(const plan::Project& node);
  Resolved resolve_node(const plan::Filter& node);
  Resolved resolve_node(const plan::Having& node);
  Resolved resolve_node(const plan::Qualify& node);
  Resolved resolve_node(const plan::Sort& node);
  Resolved resolve_node(const plan::Limit& node);
  Resolved resolve_node(const plan::Offset& node);
  Resolved resolve_node(const plan::Aggregate& node);
  Resolved resolve_node(const plan::PivotClause& node);
  Resolved resolve_node(const plan::Unpivot& node);
  Resolved resolve_node(const plan::Transpose& node);
  Resolved resolve_node(const plan::Join& node);
  Resolved resolve_node(const plan::AsOfJoin& node);
  Resolved resolve_node(const plan::SetOperation& node);
  Resolved resolve_node(const plan::LateralView& node);
  Resolved resolve_node(const plan::SubqueryAlias& node);
  Resolved resolve_node(const plan::WithColumns& node);
  Resolved resolve_node(const plan::WithColumnsRenamed& node);
  Resolved resolve_node(const plan::Drop& node);
  Resolved resolve_node(const plan::ToDF& node);
  Resolved resolve_node(const plan::ToSchema& node);
  Resolved resolve_node(const plan::Deduplicate& node);
  Resolved resolve_node(const plan::With& node);
  Resolved resolve_node(const plan::WithRelations& node);
  Resolved resolve_node(const plan::CollectMetrics& node);
  Resolved resolve_node(const plan::ShowString& node);
  Resolved resolve_node(const plan::HtmlString& node);
  Resolved resolve_node(const plan::Summary& node);
  Resolved resolve_node(const plan::Describe& node);
  Resolved resolve_node(const plan::Crosstab& node);
  Resolved resolve_node(const plan::Covariance& node);
  Resolved resolve_node(const plan::Correlation& node);
  Resolved resolve_node(const plan::ApproxQuantile& node);
  Resolved resolve_node(const plan::FrequentItems& node);
  Resolved resolve_node(const plan::SampleBy& node);
  Resolved resolve_node(const plan::FillNull& node);
  Resolved resolve_node(const plan::DropNull& node);
  Resolved resolve_node(const plan::ReplaceValues& node);
  Resolved resolve_node(const plan::Parse& node);
  Resolved resolve_node(const plan::Sample& node);

  /// An aggregate call by name over resolved arguments, for rewrites inside the analyzer.
  resolved::ExpressionPtr aggregate_call(std::string_view name, std::vector<resolved::ExpressionPtr> arguments,
                                         bool distinct = false);

  // ---- select blocks (select.cpp)
  /// The plan of a select block as it stands.
  Resolved build(const std::shared_ptr<Select>& select);
  /// Puts a resolved expression of the select list over aggregate, windows and generators, which grow as needed.
  resolved::ExpressionPtr lift(Select& select, const resolved::ExpressionPtr& expression);
  resolved::ExpressionPtr lift_aggregates(Select& select, const resolved::ExpressionPtr& expression);
  resolved::ExpressionPtr lift_windows(Select& select, const resolved::ExpressionPtr& expression);

  // ---- expressions (resolve_expression.cpp, resolve_attribute.cpp, resolve_call.cpp, …)
  resolved::ExpressionPtr resolve(const plan::ExpressionPtr& expression, const Scope& scope);
  /// A select list: stars expanded, names given. Aliases see those before them.
  std::vector<NamedExpression> resolve_list(const std::vector<plan::ExpressionPtr>& expressions, Scope scope,
                                            Select* select = nullptr);
  std::vector<resolved::SortOrder> resolve_order(const std::vector<plan::SortOrder>& order, const Scope& scope);
  resolved::SortOrder sort_order(const plan::SortOrder& order, resolved::ExpressionPtr expression);
  /// A condition: boolean, else DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN.
  resolved::ExpressionPtr resolve_condition(const plan::ExpressionPtr& expression, const Scope& scope,
                                            std::string_view clause);
  /// The condition of a join over the names of both its sides.
  resolved::ExpressionPtr join_condition(const plan::ExpressionPtr& written, const Resolved& both);
  std::vector<Column> expand_star(const plan::Star& star, const Scope& scope, const plan::Expression& expression);

  /// A column, alias, lambda variable, outer column, variable or keyword function; nullptr when there is none.
  resolved::ExpressionPtr find_attribute(const plan::Attribute& attribute, const Scope& scope,
                                         const plan::OriginPtr& origin);
  [[noreturn]] void throw_unresolved(const plan::NameParts& name, const Scope& scope, const plan::OriginPtr& origin);
  bool same_name(std::string_view left, std::string_view right) const;
  resolved::ExpressionPtr extract(const resolved::ExpressionPtr& child, const resolved::ExpressionPtr& extraction,
                                  const plan::OriginPtr& origin);
  resolved::ExpressionPtr get_field(const resolved::ExpressionPtr& child, const std::string& name,
                                    const plan::OriginPtr& origin);

  resolved::ExpressionPtr resolve_call(const plan::Call& call, const Scope& scope, const plan::OriginPtr& origin);
  /// A cast as CAST allows it; `written` by the user or needed by the language. Errors: DATATYPE_MISMATCH.CAST_….
  resolved::ExpressionPtr checked_cast(resolved::ExpressionPtr child, const Type& type, resolved::EvalMode mode,
                                       bool written, const plan::OriginPtr& origin);
  resolved::ExpressionPtr resolve_sql_function(const UserFunction& function, const plan::Call& call, const Scope& scope,
                                               const plan::OriginPtr& origin);
  Resolved resolve_sql_table_function(const UserFunction& function, const plan::TableFunction& node, const Scope& scope,
                                      const plan::OriginPtr& origin);
  resolved::ExpressionPtr resolve_window(const plan::Window& window, const Scope& scope, const plan::OriginPtr& origin);
  resolved::ExpressionPtr resolve_subquery(const plan::Subquery& subquery, const Scope& scope,
                                           const plan::OriginPtr& origin);
  resolved::ExpressionPtr resolve_update(const plan::UpdateFields& update, const Scope& scope,
                                         const plan::OriginPtr& origin);
  resolved::ExpressionPtr bind(std::string_view function, std::vector<resolved::ExpressionPtr> arguments,
                               const plan::OriginPtr& origin = nullptr, std::string_view shown = {});
  resolved::EvalMode mode() const;
  bool ansi() const { return host.facts->ansi; }
  /// What the session says of a call. `shown`: its name in the query.
  BindOptions bind_options(std::string_view shown, const plan::OriginPtr& origin) const;

  /// The value of an expression that must be constant, cast to a type. `clause` names the place for errors.
  Value constant_value(const resolved::ExpressionPtr& expression);

  const AnalyzerHost& host;
  /// Common tables in reach, innermost last.
  std::vector<std::shared_ptr<CommonTableEntry>> common_tables;
  std::map<int64_t, plan::RelationPtr> references;  ///< WithRelations, by plan id
  const Scope* outer_scope = nullptr;               ///< scope around the relation being resolved, in subqueries
  std::vector<Column>* outer_used = nullptr;
  int depth = 0;
  int view_depth = 0;
};

/// Guards recursion: text and protocol may nest as deep as they like.
class DepthGuard {
 public:
  explicit DepthGuard(int& depth);
  ~DepthGuard() { --depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  int& depth_;
};

Scope scope_of(const Analysis& analysis, const Resolved& input);
/// A relation whose visible columns are its whole output.
Resolved plain(resolved::RelationPtr plan, PlanColumns plan_columns = {});
/// What names can reach in the condition of a join; it has no plan.
Resolved names_of_both(const Resolved& left, const Resolved& right);
int64_t next_cte_id();
/// The list of a select with groups has one generator, whose columns the list's other items do not see.
/// Errors: UNSUPPORTED_GENERATOR.MULTI_GENERATOR, UNRESOLVED_COLUMN.…
void check_generators_of_groups(Analysis& analysis, const Select& select, const std::vector<NamedExpression>& items,
                                const Scope& scope);
Column new_column(std::string name, Type type, bool nullable, std::string metadata = {});
Column column_for(std::string name, const resolved::ExpressionPtr& expression);
/// Projects to the visible columns when the plan has more.
resolved::RelationPtr trimmed(const Resolved& input);
/// Projection of expressions; the columns are the output.
resolved::RelationPtr project(resolved::RelationPtr input, std::vector<NamedExpression> expressions);
NamedExpression pass(const Column& column);
std::string quoted(const plan::NameParts& name);
/// The error with the place in the program.
[[noreturn]] void throw_at(const plan::OriginPtr& origin, SparkError error);
std::string lower_case(std::string_view text);
/// Levenshtein distance, for suggestions.
int edit_distance(std::string_view left, std::string_view right);

}  // namespace pyrite::analysis
