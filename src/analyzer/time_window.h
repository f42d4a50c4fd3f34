// Windows over time as columns of the input of the node that calls them. See resolve_time_window.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/analysis.h"

namespace pyrite::analysis {

inline constexpr std::string_view time_window_marker = "spark.timeWindow";
inline constexpr std::string_view session_window_marker = "spark.sessionWindow";

/// The columns that calls of window, session_window and window_time in one node stand for.
struct TimeWindows {
  struct Entry {
    resolved::ExpressionPtr call;
    Column column;
    int level = 0;  ///< windows of windows: how many below this one; -1 for window_time
  };
  resolved::RelationPtr plan;   ///< the node's input; each entry puts its column before the others
  std::vector<Entry> entries;   ///< in the order that they were added
  std::vector<Column> columns;  ///< the same columns, for names
  bool open = true;             ///< while the node's calls are collected
};

/// Does some expression call window, session_window or window_time?
bool calls_time_window(const Analysis& analysis, const std::vector<plan::ExpressionPtr>& expressions);

/// The column that a bound call stands for. Errors: _LEGACY_ERROR_TEMP_1039, _LEGACY_ERROR_TEMP_3101, INTERNAL_ERROR
/// where an operator cannot have windows.
resolved::ExpressionPtr time_window_column(Analysis& analysis, const resolved::ExpressionPtr& call, const Scope& scope);

/// Adds the windows that the expressions of a select block call below it.
void add_time_windows(Analysis& analysis, Resolved& input, const std::vector<plan::ExpressionPtr>& expressions,
                      const Scope* below = nullptr);

/// An operator that passes its input on (WHERE, ORDER BY, …) computes its windows below itself, and passes their
/// columns on too, before the others; unless it needs columns that its input does not show.
class WindowedInput {
 public:
  WindowedInput(Analysis& analysis, const Resolved& input, const std::vector<plan::ExpressionPtr>& expressions);
  WindowedInput(const WindowedInput&) = delete;
  WindowedInput& operator=(const WindowedInput&) = delete;

  Scope scope() const;
  const resolved::RelationPtr& plan() const { return input_.plan; }
  const std::shared_ptr<TimeWindows>& windows() const { return input_.time_windows; }
  /// The operator's result, when its plan has the columns of `plan()` and it is made of `used`.
  Resolved result(resolved::RelationPtr plan, const std::vector<resolved::ExpressionPtr>& used) const;

 private:
  Analysis& analysis_;
  Resolved input_;
  Resolved base_;  ///< what is below a select list
  Scope below_;
  bool has_below_ = false;
};

/// Aggregates rows by a node's columns. Where one of these holds sessions (by its metadata) rows of the same other
/// columns whose sessions touch fall into one group, with the session from the first start to the last end.
resolved::RelationPtr aggregate_rows(Analysis& analysis, resolved::Aggregate node, std::vector<Column> output);

bool is_session(const Column& column);

}  // namespace pyrite::analysis
