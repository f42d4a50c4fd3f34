// Windows over time: window, session_window, window_time.
//
// As in Spark these are no functions of a row but columns that the operator's input gets. Before a node resolves its
// own expressions it collects the calls in them and puts a projection on its input for each:
//
//   window          rows without a time are dropped; start = time - (time - startTime) mod slide, counted in elapsed
//                   microseconds whatever the zone. Where windows overlap each row is repeated once a window by
//                   exploding a constant array of offsets, then filtered where the slide does not divide the duration.
//   session_window  the row's own session [time, time + gap); rows without time or with an empty session are dropped.
//                   Sessions are merged where rows are grouped by the column (merge_sessions.cpp).
//   window_time     the window's end less a microsecond.
//
// A call then means a reference to its column, and so does the name `window` or `session_window` where the input has no
// such column. What the column is stands in its metadata, under Spark's keys, so a window keeps its meaning through
// projections and subqueries. All of this is made of ordinary nodes (Filter, Project, Generate) that need no state, so
// streaming queries can use the same plans.
#include <algorithm>
#include <functional>

#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/time_window.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

constexpr std::string_view window_time_name = "window_time";

/// The name of a time window's function; empty for other names.
std::string_view window_function(const plan::NameParts& name) {
  const std::string last = lower_case(name.back());
  for (const std::string_view each :
       {std::string_view("window"), std::string_view("session_window"), window_time_name}) {
    if (last == each) {
      return each;
    }
  }
  return {};
}

/// Calls of time windows inside an unresolved expression, inner ones first. Subqueries have nodes of their own.
class CallCollector {
 public:
  explicit CallCollector(const Analysis& analysis) : analysis_(analysis) {}

  void visit(const plan::ExpressionPtr& expression) {
    if (!expression) {
      return;
    }
    std::visit(Overloaded{
                   [&](const plan::Call& node) {
                     visit(node.arguments);
                     visit(node.filter);
                     visit(node.within_group);
                     if (is_window(node)) {
                       calls.push_back(expression);
                     }
                   },
                   [&](const plan::IdentifierClause& node) { visit(node.arguments); },
                   [&](const plan::Cast& node) { visit(node.child); },
                   [&](const plan::Alias& node) { visit(node.child); },
                   [&](const plan::SortOrder& node) { visit(node.child); },
                   [&](const plan::Lambda& node) { visit(node.body); },
                   [&](const plan::Window& node) {
                     visit(node.function);
                     visit(node.partition_by);
                     visit(node.order_by);
                   },
                   [&](const plan::ExtractValue& node) {
                     visit(node.child);
                     visit(node.extraction);
                   },
                   [&](const plan::UpdateFields& node) {
                     visit(node.structure);
                     visit(node.value);
                   },
                   [&](const plan::NamedArgument& node) { visit(node.value); },
                   [&](const plan::Subquery& node) { visit(node.values); },
                   [&](const plan::ExpressionText& node) {
                     // Every window function's name holds this word; most texts need no second reading.
                     if (lower_case(node.text).find("window") != std::string::npos) {
                       visit(analysis_.host.parse_expression(node.text));
                     }
                   },
                   [&](const plan::PythonFunction& node) { visit(node.arguments); },
                   [](const plan::Literal&) {},
                   [](const plan::Attribute&) {},
                   [](const plan::Star&) {},
                   [](const plan::RegexColumn&) {},
                   [](const plan::LambdaVariable&) {},
                   [](const plan::Parameter&) {},
               },
               expression->node);
  }
  void visit(const std::vector<plan::ExpressionPtr>& expressions) {
    for (const plan::ExpressionPtr& each : expressions) {
      visit(each);
    }
  }

  std::vector<plan::ExpressionPtr> calls;

 private:
  void visit(const std::vector<plan::SortOrder>& order) {
    for (const plan::SortOrder& each : order) {
      visit(each.child);
    }
  }

  bool is_window(const plan::Call& call) const {
    return !call.is_internal && !window_function(call.name).empty() &&
           !(analysis_.host.catalog && analysis_.host.catalog->find_function(call.name));
  }

  const Analysis& analysis_;
};

std::string marked(const std::string& metadata, std::string_view marker) {
  const std::string entry = "\"" + std::string(marker) + "\":true";
  if (metadata.empty() || metadata == "{}") {
    return "{" + entry + "}";
  }
  return metadata.find(entry) != std::string::npos ? metadata : "{" + entry + "," + metadata.substr(1);
}

std::string without_markers(std::string metadata) {
  for (const std::string_view marker : {time_window_marker, session_window_marker}) {
    const std::string entry = "\"" + std::string(marker) + "\":true";
    const size_t at = metadata.find(entry);
    if (at == std::string::npos) {
      continue;
    }
    const bool comma_after = at + entry.size() < metadata.size() && metadata[at + entry.size()] == ',';
    const bool comma_before = !comma_after && metadata[at - 1] == ',';
    metadata.erase(at - (comma_before ? 1 : 0), entry.size() + (comma_before || comma_after ? 1 : 0));
  }
  return metadata == "{}" ? std::string() : metadata;
}

/// The metadata of a plain column of the plan; other expressions have none.
std::string metadata_of(const resolved::RelationPtr& plan, const ExpressionPtr& expression) {
  const auto* reference = std::get_if<resolved::ColumnRef>(&expression->node);
  if (!reference || reference->outer) {
    return {};
  }
  for (const Column& column : plan->output) {
    if (column.id == reference->id) {
      return column.metadata;
    }
  }
  return {};
}

resolved::RelationPtr filter(resolved::RelationPtr plan, ExpressionPtr condition) {
  std::vector<Column> output = plan->output;
  return resolved::make_relation(resolved::Filter{std::move(plan), std::move(condition)}, std::move(output));
}

/// The plan with one more column, before the others.
resolved::RelationPtr prepend(const resolved::RelationPtr& plan, NamedExpression first,
                              const Column* left_out = nullptr) {
  std::vector<NamedExpression> list = {std::move(first)};
  for (const Column& column : plan->output) {
    if (!left_out || column.id != left_out->id) {
      list.push_back(pass(column));
    }
  }
  return project(plan, std::move(list));
}

const std::vector<ExpressionPtr>& arguments_of(const ExpressionPtr& call) {
  return std::get<resolved::Call>(call->node).arguments;
}

/// Adds the columns of windows to the input of a node.
class WindowAdder {
 public:
  WindowAdder(Analysis& analysis, TimeWindows& windows, const Scope& scope)
      : analysis_(analysis), windows_(windows), scope_(scope) {}

  Column add(const ExpressionPtr& call) {
    const auto& node = std::get<resolved::Call>(call->node);
    if (node.function->name == window_time_name) {
      return add_window_time(call);
    }
    const int level = next_level(call);
    const bool session = node.function->name == "session_window";
    const ExpressionPtr time = time_of(call);
    std::string metadata =
        marked(metadata_of(windows_.plan, time), session ? session_window_marker : time_window_marker);
    Column column = new_column(std::string(node.function->name), call->type, false, std::move(metadata));
    if (session) {
      add_session(call, time, column);
    } else {
      add_window(call, time, column);
    }
    return note(call, std::move(column), level);
  }

 private:
  ExpressionPtr bind(std::string_view function, std::vector<ExpressionPtr> arguments) const {
    return analysis_.bind(function, std::move(arguments), origin_);
  }

  static ExpressionPtr whole(int64_t value) { return resolved::literal(Value(value), Type::long_int()); }

  ExpressionPtr window_of(ExpressionPtr start, ExpressionPtr end) const {
    return bind("named_struct",
                {resolved::string_literal("start"), std::move(start), resolved::string_literal("end"), std::move(end)});
  }

  Column note(const ExpressionPtr& call, Column column, int level) {
    windows_.entries.push_back({call, column, level});
    windows_.columns.push_back(column);
    return column;
  }

  /// Windows over windows stand one above another; two side by side would multiply the rows.
  int next_level(const ExpressionPtr& call) const {
    int level = 0;
    for (const TimeWindows::Entry& entry : windows_.entries) {
      const bool below = resolved::any_node(call, [&](const ExpressionPtr& node) {
        const auto* reference = std::get_if<resolved::ColumnRef>(&node->node);
        return reference && reference->id == entry.column.id;
      });
      if (below) {
        level = std::max(level, entry.level < 0 ? 1 : entry.level + 1);
      }
    }
    for (const TimeWindows::Entry& entry : windows_.entries) {
      if (entry.level == level) {
        throw_at(call->origin, SparkError("_LEGACY_ERROR_TEMP_1039"));
      }
    }
    return level;
  }

  /// The time of a window's first argument: itself, or that of a window.
  ExpressionPtr time_of(const ExpressionPtr& call) {
    origin_ = call->origin;
    const ExpressionPtr& first = arguments_of(call)[0];
    return is_window_type(first->type)
               ? time_window_column(analysis_, analysis_.bind(window_time_name, {first}, call->origin), scope_)
               : first;
  }

  void add_window(const ExpressionPtr& call, const ExpressionPtr& time, Column& column) {
    const auto argument = [&](size_t i) { return resolved::as_literal(arguments_of(call)[i])->value.integer(); };
    const int64_t duration = argument(1), slide = argument(2), start_time = argument(3);
    resolved::RelationPtr plan = filter(windows_.plan, bind("isnotnull", {time}));
    const ExpressionPtr micros = time_to_long(time);
    const ExpressionPtr distance = bind("%", {bind("-", {micros, whole(start_time)}), whole(slide)});
    const ExpressionPtr since_start =
        bind("when", {bind("<", {distance, whole(0)}), bind("+", {distance, whole(slide)}), distance});
    const ExpressionPtr last_start = bind("-", {micros, since_start});
    const auto window_from = [&](const ExpressionPtr& start) {
      return window_of(long_to_time(start, time->type), long_to_time(bind("+", {start, whole(duration)}), time->type));
    };
    if (duration == slide) {
      windows_.plan = prepend(plan, {column, window_from(last_start)});
      return;
    }
    column.nullable = true;
    const Column offset = new_column("offset", Type::long_int(), false);
    std::vector<Column> output = plan->output;
    output.push_back(offset);
    resolved::Generate repeated{plan, bind("explode", {offsets(duration, slide)}), false, {offset}};
    plan = resolved::make_relation(std::move(repeated), std::move(output));
    plan = prepend(plan, {column, window_from(bind("-", {last_start, resolved::reference(offset)}))}, &offset);
    if (duration % slide != 0) {
      const ExpressionPtr window = resolved::reference(column);
      plan = filter(plan, bind("and", {bind(">=", {time, field(window, 0)}), bind("<", {time, field(window, 1)})}));
    }
    windows_.plan = plan;
  }

  /// How far before the last window that holds a row the others start.
  static ExpressionPtr offsets(int64_t duration, int64_t slide) {
    constexpr int64_t most = 1 << 24;
    const int64_t count = duration / slide + (duration % slide != 0 ? 1 : 0);
    if (count > most) {
      throw_unsupported("window with " + std::to_string(count) + " overlapping windows a row");
    }
    ValueList list;
    list.reserve(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) {
      list.emplace_back(i * slide);
    }
    return resolved::literal(Value(std::move(list)), Type::array(Type::long_int(), false));
  }

  ExpressionPtr field(const ExpressionPtr& window, int ordinal) const {
    const StructField& part = window->type.fields()[static_cast<size_t>(ordinal)];
    return resolved::make_expression(resolved::GetField{window, ordinal, part.name}, part.type, true, origin_);
  }

  void add_session(const ExpressionPtr& call, const ExpressionPtr& time, const Column& column) {
    const ExpressionPtr& gap = arguments_of(call)[1];
    const ExpressionPtr end = bind("+", {time, gap});
    const ExpressionPtr session =
        window_of(long_to_time(time_to_long(time), time->type), long_to_time(time_to_long(end), time->type));
    const resolved::RelationPtr plan =
        filter(prepend(filter(windows_.plan, bind("isnotnull", {time})), {column, session}), not_empty(column));
    windows_.plan = plan;
  }

  ExpressionPtr not_empty(const Column& column) const {
    const ExpressionPtr session = resolved::reference(column);
    return bind(">", {field(session, 1), field(session, 0)});
  }

  Column add_window_time(const ExpressionPtr& call) {
    origin_ = call->origin;
    const ExpressionPtr& window = arguments_of(call)[0];
    const std::string metadata = metadata_of(windows_.plan, window);
    const bool is_marked = metadata.find(time_window_marker) != std::string::npos ||
                           metadata.find(session_window_marker) != std::string::npos;
    if (!is_marked || !is_window_type(window->type)) {
      throw SparkError("_LEGACY_ERROR_TEMP_3101", {{"windowTime", expression_sql(call)}});
    }
    Column column = new_column(expression_sql(call), call->type, true, without_markers(metadata));
    const ExpressionPtr last = bind("-", {time_to_long(field(window, 1)), whole(1)});
    windows_.plan = prepend(windows_.plan, {column, long_to_time(last, call->type)});
    return note(call, std::move(column), -1);
  }

  Analysis& analysis_;
  TimeWindows& windows_;
  const Scope& scope_;
  plan::OriginPtr origin_;
};

bool has_id(const std::vector<Column>& columns, ColumnId id) {
  return std::any_of(columns.begin(), columns.end(), [&](const Column& column) { return column.id == id; });
}

}  // namespace

bool calls_time_window(const Analysis& analysis, const std::vector<plan::ExpressionPtr>& expressions) {
  CallCollector collector(analysis);
  collector.visit(expressions);
  return !collector.calls.empty();
}

ExpressionPtr time_window_column(Analysis& analysis, const ExpressionPtr& call, const Scope& scope) {
  TimeWindows* windows = scope.time_windows;
  if (windows) {
    for (const TimeWindows::Entry& entry : windows->entries) {
      if (same_expression(entry.call, call)) {
        return resolved::reference(entry.column);
      }
    }
  }
  if (!windows || !windows->open) {
    throw_at(call->origin,
             SparkError("INTERNAL_ERROR", {{"message", "Found the unresolved operator: " + expression_sql(call) +
                                                           " has no place here."}}));
  }
  return resolved::reference(WindowAdder(analysis, *windows, scope).add(call));
}

void add_time_windows(Analysis& analysis, Resolved& input, const std::vector<plan::ExpressionPtr>& expressions,
                      const Scope* below) {
  CallCollector collector(analysis);
  collector.visit(expressions);
  if (collector.calls.empty()) {
    return;
  }
  input.time_windows = std::make_shared<TimeWindows>();
  input.time_windows->plan = input.plan;
  Scope scope = scope_of(analysis, input);
  scope.below = below;
  // window_time may name the column that a window adds.
  for (const bool window_times : {false, true}) {
    for (const plan::ExpressionPtr& each : collector.calls) {
      if ((window_function(std::get<plan::Call>(each->node).name) == window_time_name) == window_times) {
        analysis.resolve(each, scope);
      }
    }
  }
  input.time_windows->open = false;
  input.plan = input.time_windows->plan;
}

WindowedInput::WindowedInput(Analysis& analysis, const Resolved& input,
                             const std::vector<plan::ExpressionPtr>& expressions)
    : analysis_(analysis), input_(input) {
  input_.plan = trimmed(input);
  input_.select = nullptr;
  if (input.select && !input.select->aggregated) {
    auto wide = std::make_shared<Select>(*input.select);
    for (const Column& column : wide->base.plan->output) {
      const bool passed = std::any_of(wide->projection.begin(), wide->projection.end(),
                                      [&](const NamedExpression& each) { return each.column.id == column.id; });
      if (!passed) {
        wide->projection.push_back(pass(column));
      }
    }
    base_ = input.select->base;
    below_ = scope_of(analysis, base_);
    has_below_ = true;
    input_.plan = analysis.build(wide).plan;
  }
  add_time_windows(analysis, input_, expressions, has_below_ ? &below_ : nullptr);
}

Scope WindowedInput::scope() const {
  Scope out = scope_of(analysis_, input_);
  out.below = has_below_ ? &below_ : nullptr;
  return out;
}

Resolved WindowedInput::result(resolved::RelationPtr plan, const std::vector<ExpressionPtr>& used) const {
  const auto is_shown = [&](const ExpressionPtr& expression) {
    return !resolved::any_node(expression, [&](const ExpressionPtr& node) {
      const auto* reference = std::get_if<resolved::ColumnRef>(&node->node);
      return reference && !reference->outer && !has_id(input_.visible, reference->id) &&
             !has_id(input_.time_windows->columns, reference->id);
    });
  };
  bool shown = std::all_of(used.begin(), used.end(), is_shown);
  for (const TimeWindows::Entry& entry : input_.time_windows->entries) {
    shown = shown && is_shown(entry.call);
  }
  Resolved out = input_;
  out.plan = std::move(plan);
  if (shown) {
    for (const Column& column : input_.time_windows->columns) {
      out.visible.insert(out.visible.begin(), column);
    }
  }
  out.time_windows = nullptr;
  out.plan = trimmed(out);
  return out;
}

}  // namespace pyrite::analysis
