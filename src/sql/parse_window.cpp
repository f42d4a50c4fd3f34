// OVER and WINDOW: window specifications, frames, named windows.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

std::string quoted(const std::string& name) { return "`" + name + "`"; }

bool same_name(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  });
}

}  // namespace

Parser::WindowSpec Parser::window_spec() {
  WindowSpec spec;
  if (!at(TokenKind::left_paren)) {
    spec.reference = identifier();
    return spec;
  }
  expect(TokenKind::left_paren);
  const bool by = at_any({"CLUSTER", "PARTITION", "DISTRIBUTE", "ORDER", "SORT"}) && at(Keyword("BY"), 1);
  const bool framed = at_any({"ROWS", "RANGE"}) && !at(TokenKind::right_paren, 1);
  if (!by && !framed && at_identifier()) {
    spec.reference = identifier();
    expect(TokenKind::right_paren);
    return spec;
  }
  if (accept_all({"CLUSTER", "BY"})) {
    spec.partition_by = expressions();
  } else {
    if (accept_all({"PARTITION", "BY"}) || accept_all({"DISTRIBUTE", "BY"})) {
      spec.partition_by = expressions();
    }
    if (accept_all({"ORDER", "BY"}) || accept_all({"SORT", "BY"})) {
      spec.order_by = sort_items();
    }
  }
  spec.frame = window_frame();
  expect(TokenKind::right_paren);
  return spec;
}

std::optional<plan::WindowFrame> Parser::window_frame() {
  plan::WindowFrame frame;
  if (accept(Keyword("ROWS"))) {
    frame.unit = plan::FrameUnit::rows;
  } else if (!accept(Keyword("RANGE"))) {
    return std::nullopt;
  }
  if (accept(Keyword("BETWEEN"))) {
    frame.lower = frame_bound();
    expect(Keyword("AND"));
    frame.upper = frame_bound();
  } else {
    frame.lower = frame_bound();
  }
  return frame;
}

plan::FrameBound Parser::frame_bound() {
  plan::FrameBound bound;
  if (accept_all({"UNBOUNDED", "PRECEDING"})) {
    bound.kind = plan::BoundKind::unbounded_preceding;
  } else if (accept_all({"UNBOUNDED", "FOLLOWING"})) {
    bound.kind = plan::BoundKind::unbounded_following;
  } else if (accept_all({"CURRENT", "ROW"})) {
    bound.kind = plan::BoundKind::current_row;
  } else {
    const Mark from = mark();
    bound.offset = expression();
    const bool preceding = at(Keyword("PRECEDING"));
    if (!preceding && !at(Keyword("FOLLOWING"))) {
      fail();
    }
    advance();
    bound.kind = preceding ? plan::BoundKind::preceding : plan::BoundKind::following;
    if (std::holds_alternative<plan::Attribute>(bound.offset->node)) {
      fail_with("_LEGACY_ERROR_TEMP_0064", {{"msg", "Frame bound value must be a literal."}}, from);
    }
  }
  return bound;
}

ExpressionPtr Parser::over(ExpressionPtr function, Mark from) {
  expect(Keyword("OVER"));
  WindowSpec spec = window_spec();
  plan::Window node{std::move(function), std::move(spec.partition_by), std::move(spec.order_by), std::move(spec.frame)};
  auto made = std::make_shared<plan::Expression>(plan::Expression{std::move(node), origin(from)});
  if (!spec.reference.empty()) {
    pending_windows_.push_back({std::move(spec.reference), made});
  }
  return made;
}

std::vector<Parser::NamedWindow> Parser::window_clause() {
  const Mark from = mark();
  expect(Keyword("WINDOW"));
  std::vector<NamedWindow> windows = comma_list([&] {
    std::string name = identifier();
    expect(Keyword("AS"));
    return NamedWindow{std::move(name), window_spec()};
  });
  for (size_t i = 0; i < windows.size(); ++i) {
    const auto same = [&](const NamedWindow& other) { return same_name(other.name, windows[i].name); };
    if (std::any_of(windows.begin(), windows.begin() + static_cast<ptrdiff_t>(i), same)) {
      fail_with("INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", {{"windowName", quoted(windows[i].name)}}, from);
    }
  }
  const std::vector<NamedWindow> written = windows;
  for (NamedWindow& window : windows) {
    if (window.spec.reference.empty()) {
      continue;
    }
    const auto base = std::find_if(written.begin(), written.end(), [&](const NamedWindow& other) {
      return same_name(other.name, window.spec.reference);
    });
    if (base == written.end()) {
      fail_with("INVALID_SQL_SYNTAX.UNRESOLVED_WINDOW_REFERENCE", {{"windowName", quoted(window.spec.reference)}},
                from);
    }
    if (!base->spec.reference.empty()) {
      fail_with("INVALID_SQL_SYNTAX.INVALID_WINDOW_REFERENCE", {{"windowName", quoted(window.spec.reference)}}, from);
    }
    window.spec = base->spec;
  }
  return windows;
}

/// Fills in the windows that the calls since `first_pending` refer to.
void Parser::define_windows(const std::vector<NamedWindow>& windows, size_t first_pending) {
  for (size_t i = first_pending; i < pending_windows_.size();) {
    const PendingWindow& pending = pending_windows_[i];
    const auto found = std::find_if(windows.begin(), windows.end(),
                                    [&](const NamedWindow& window) { return same_name(window.name, pending.name); });
    if (found == windows.end()) {
      ++i;
      continue;
    }
    auto& node = std::get<plan::Window>(pending.expression->node);
    node.partition_by = found->spec.partition_by;
    node.order_by = found->spec.order_by;
    node.frame = found->spec.frame;
    pending_windows_.erase(pending_windows_.begin() + static_cast<ptrdiff_t>(i));
  }
}

void Parser::check_windows_defined() const {
  if (pending_windows_.empty()) {
    return;
  }
  throw SparkError("MISSING_WINDOW_SPECIFICATION",
                   {{"windowName", pending_windows_[0].name}, {"docroot", "https://spark.apache.org/docs/latest"}});
}

}  // namespace pyrite::sql
