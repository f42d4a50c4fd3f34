// Small parts that all resolvers use, and the analyzer's entry points.
#include "analyzer/analysis.h"

#include <algorithm>
#include <atomic>
#include <numeric>

#include "analyzer/file_metadata.h"
#include "base/error.h"
#include "functions/call_display.h"
#include "plan/error_place.h"
#include "plan/quoted_name.h"

namespace pyrite {

resolved::ColumnId next_column_id() {
  static std::atomic<resolved::ColumnId> next{1};
  return next++;
}

resolved::RelationPtr analyze(const plan::RelationPtr& relation, const AnalyzerHost& host) {
  const DisplayTimeZone display_zone(host.facts->time_zone);
  try {
    return analysis::Analysis(host).resolve_to_plan(relation);
  } catch (const analysis::FileMetadataWanted&) {
    analysis::Analysis again(host);
    again.file_metadata = true;
    return again.resolve_to_plan(relation);
  }
}

resolved::ExpressionPtr analyze_constant(const plan::ExpressionPtr& expression, const AnalyzerHost& host) {
  return analyze_over(expression, {}, host);
}

resolved::ExpressionPtr analyze_over(const plan::ExpressionPtr& expression,
                                     const std::vector<resolved::Column>& columns, const AnalyzerHost& host) {
  const DisplayTimeZone display_zone(host.facts->time_zone);
  analysis::Analysis analysis(host);
  const analysis::PlanColumns none;
  const std::vector<resolved::Column> hidden;
  analysis::Scope scope;
  scope.visible = &columns;
  scope.hidden = &hidden;
  scope.plan_columns = &none;
  return analysis.resolve(expression, scope);
}

namespace analysis {

namespace {
constexpr int depth_limit = 2000;
}

DepthGuard::DepthGuard(int& depth) : depth_(depth) {
  if (++depth_ > depth_limit) {
    --depth_;
    throw SparkError("EXCEED_LIMIT_LENGTH", {{"limit", std::to_string(depth_limit)}});
  }
}

Scope scope_of(const Analysis& analysis, const Resolved& input) {
  Scope scope;
  scope.visible = &input.visible;
  scope.hidden = &input.hidden;
  scope.plan_columns = &input.plan_columns;
  scope.time_windows = input.time_windows.get();
  scope.outer = analysis.outer_scope;
  scope.outer_used = analysis.outer_used;
  return scope;
}

Resolved plain(resolved::RelationPtr plan, PlanColumns plan_columns) {
  Resolved out;
  out.visible = plan->output;
  out.plan = std::move(plan);
  out.plan_columns = std::move(plan_columns);
  return out;
}

Column new_column(std::string name, Type type, bool nullable, std::string metadata) {
  return Column{next_column_id(), std::move(name), std::move(type), nullable, std::move(metadata), {}};
}

Column column_for(std::string name, const resolved::ExpressionPtr& expression) {
  return new_column(std::move(name), expression->type, expression->nullable);
}

NamedExpression pass(const Column& column) { return {column, resolved::reference(column)}; }

resolved::RelationPtr project(resolved::RelationPtr input, std::vector<NamedExpression> expressions) {
  std::vector<Column> output;
  output.reserve(expressions.size());
  for (const NamedExpression& each : expressions) {
    output.push_back(each.column);
  }
  return resolved::make_relation(resolved::Project{std::move(input), std::move(expressions)}, std::move(output));
}

resolved::RelationPtr trimmed(const Resolved& input) {
  const auto& output = input.plan->output;
  const auto same = [](const Column& left, const Column& right) {
    return left.id == right.id && left.name == right.name && left.nullable == right.nullable &&
           left.metadata == right.metadata && left.type == right.type;
  };
  if (std::equal(output.begin(), output.end(), input.visible.begin(), input.visible.end(), same)) {
    return input.plan;
  }
  std::vector<NamedExpression> list;
  for (const Column& column : input.visible) {
    list.push_back(pass(column));
  }
  return project(input.plan, std::move(list));
}

std::string quoted(const plan::NameParts& name) { return quoted_name(name); }

void throw_at(const plan::OriginPtr& origin, SparkError error) {
  plan::add_place(error, origin);
  throw error;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

int edit_distance(std::string_view left, std::string_view right) {
  std::vector<int> row(right.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= left.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= right.size(); ++j) {
      const int above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (left[i - 1] != right[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

bool Analysis::same_name(std::string_view left, std::string_view right) const {
  if (host.case_sensitive) {
    return left == right;
  }
  if (left.size() != right.size()) {
    return false;
  }
  return lower_case(left) == lower_case(right);
}

resolved::EvalMode Analysis::mode() const { return ansi() ? resolved::EvalMode::ansi : resolved::EvalMode::legacy; }

}  // namespace analysis
}  // namespace pyrite
