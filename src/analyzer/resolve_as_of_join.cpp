// As-of joins: each left row with the nearest right row. An as-of join of the engine where the nearest row can be found
// by order, else a search among all right rows that fulfil the condition.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/as_of_terms.h"
#include "analyzer/properties.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using plan::JoinType;
using resolved::ExpressionPtr;

ExpressionPtr long_literal(int64_t value) { return resolved::literal(Value(value), Type::long_int()); }

void split(const ExpressionPtr& condition, std::vector<ExpressionPtr>& out) {
  const auto* call = condition ? std::get_if<resolved::Call>(&condition->node) : nullptr;
  if (call && call->function->name == "and") {
    for (const ExpressionPtr& argument : call->arguments) {
      split(argument, out);
    }
  } else if (condition) {
    out.push_back(condition);
  }
}

/// The right rows with their place in order: of equally near rows the last one counts, as with min_by.
struct Candidates {
  resolved::RelationPtr plan;
  Column place;
};

Candidates placed(Analysis& analysis, const Resolved& right) {
  std::vector<NamedExpression> list;
  for (const Column& column : right.plan->output) {
    list.push_back(pass(column));
  }
  const ExpressionPtr place = analysis.bind("monotonically_increasing_id", {});
  list.push_back({column_for("place", place), place});
  const Column column = list.back().column;
  return {project(right.plan, std::move(list)), column};
}

class AsOfResolver {
 public:
  AsOfResolver(Analysis& analysis, const plan::AsOfJoin& node, Resolved left, Resolved right, bool right_is_correlated)
      : analysis_(analysis),
        node_(node),
        left_(std::move(left)),
        right_(std::move(right)),
        right_is_correlated_(right_is_correlated) {}

  Resolved resolve() {
    ExpressionPtr condition = using_condition();
    const AsOfTerms terms = as_of_terms(node_);
    direction_ = terms.direction;
    inner_ = terms.inner;
    const Resolved both = names_of_both(left_, right_);
    if (node_.condition) {
      condition = both_hold(condition, analysis_.join_condition(node_.condition, both));
    }
    const Scope scope = scope_of(analysis_, both);
    left_as_of_ = analysis_.resolve(node_.left_as_of, scope);
    right_as_of_ = analysis_.resolve(node_.right_as_of, scope);
    tolerance_ = node_.tolerance ? analysis_.resolve(node_.tolerance, scope) : nullptr;
    base_ = base_condition();
    within_ = tolerance_condition();
    distance_ = distance();
    check_tolerance();
    split(condition, conjuncts_);
    return ordered() ? by_order() : by_search(condition);
  }

 private:
  ExpressionPtr bind(std::string_view name, std::vector<ExpressionPtr> arguments) {
    return analysis_.bind(name, std::move(arguments));
  }
  ExpressionPtr both_hold(const ExpressionPtr& first, const ExpressionPtr& second) {
    return !first ? second : !second ? first : bind("and", {first, second});
  }

  ExpressionPtr using_condition() {
    ExpressionPtr condition;
    for (const plan::NameParts& name : node_.using_columns) {
      condition = both_hold(condition, bind("=", {side_column(left_, name), side_column(right_, name)}));
    }
    return condition;
  }
  ExpressionPtr side_column(const Resolved& side, const plan::NameParts& name) {
    const Scope scope = scope_of(analysis_, side);
    ExpressionPtr found = analysis_.find_attribute(plan::Attribute{name, std::nullopt, false}, scope, nullptr);
    if (!found) {
      analysis_.throw_unresolved(name, scope, nullptr);
    }
    return found;
  }

  /// What the direction asks of the two as-of values; nullptr: nothing.
  ExpressionPtr base_condition() {
    const std::vector<ExpressionPtr> sides = {left_as_of_, right_as_of_};
    const bool exact = node_.allow_exact_matches;
    switch (direction_) {
      case AsOfDirection::backward:
        return bind(exact ? ">=" : ">", sides);
      case AsOfDirection::forward:
        return bind(exact ? "<=" : "<", sides);
      case AsOfDirection::nearest:
        return exact ? nullptr : bind("not", {bind("=", sides)});
    }
    throw_internal("an unknown direction");
  }

  ExpressionPtr tolerance_condition() {
    if (!tolerance_) {
      return nullptr;
    }
    const bool exact = node_.allow_exact_matches;
    ExpressionPtr condition;
    if (direction_ != AsOfDirection::forward) {
      condition = bind(exact ? ">=" : ">", {right_as_of_, bind("-", {left_as_of_, tolerance_})});
    }
    if (direction_ != AsOfDirection::backward) {
      condition = both_hold(condition, bind(exact ? "<=" : "<", {right_as_of_, bind("+", {left_as_of_, tolerance_})}));
    }
    return condition;
  }

  ExpressionPtr distance() {
    const auto backward = [&] { return bind("-", {left_as_of_, right_as_of_}); };
    const auto forward = [&] { return bind("-", {right_as_of_, left_as_of_}); };
    switch (direction_) {
      case AsOfDirection::backward:
        return backward();
      case AsOfDirection::forward:
        return forward();
      case AsOfDirection::nearest:
        return bind("if", {bind(">", {left_as_of_, right_as_of_}), backward(), forward()});
    }
    throw_internal("an unknown direction");
  }

  void check_tolerance() {
    if (!tolerance_) {
      return;
    }
    if (!is_foldable(tolerance_)) {
      throw SparkError("AS_OF_JOIN.TOLERANCE_IS_UNFOLDABLE");
    }
    const bool is_null = analysis_.constant_value(tolerance_).is_null();
    // Any text counts as not negative; it fails where it does not read as a number.
    const bool fine = !is_null && (tolerance_->type.is_string() ||
                                   analysis_
                                       .constant_value(bind(">=", {bind("signum", {tolerance_}),
                                                                   cast_to(resolved::int_literal(0), Type::float64())}))
                                       .boolean());
    if (!fine) {
      throw SparkError("AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE");
    }
  }

  /// What an expression is made of.
  struct Uses {
    bool left = false, right = false, other = false;
    bool only_left() const { return !right && !other; }
    bool only_right() const { return !left && !other; }
  };
  Uses uses(const ExpressionPtr& expression) const {
    Uses out;
    out.other = !is_deterministic(expression);
    const auto holds = [](const Resolved& side, const resolved::ColumnRef& reference) {
      const std::vector<Column>& output = side.plan->output;
      return std::any_of(output.begin(), output.end(), [&](const Column& each) { return each.id == reference.id; });
    };
    resolved::any_node(expression, [&](const ExpressionPtr& each) {
      if (const auto* reference = std::get_if<resolved::ColumnRef>(&each->node)) {
        const bool is_left = holds(left_, *reference);
        out.left = out.left || is_left;
        out.right = out.right || (!is_left && holds(right_, *reference));
        out.other = out.other || reference->outer;
      }
      out.other = out.other || std::holds_alternative<resolved::Subquery>(each->node);
      return false;
    });
    return out;
  }

  bool is_equality(const ExpressionPtr& conjunct) const {
    const auto* call = std::get_if<resolved::Call>(&conjunct->node);
    if (!call || (call->function->name != "=" && call->function->name != "<=>") ||
        call->arguments[0]->type.is_nested() || call->arguments[0]->type.is(TypeKind::variant)) {
      return false;
    }
    const Uses first = uses(call->arguments[0]);
    const Uses second = uses(call->arguments[1]);
    return (first.only_left() && second.only_right()) || (first.only_right() && second.only_left());
  }

  /// Whether the order of the as-of values finds the nearest row. Spark compares differences; those of floats round so
  /// coarsely that rows of different values are often equally near. (Doubles do so only at the ends of their range.)
  bool ordered() const {
    const bool conjuncts_fit = std::all_of(conjuncts_.begin(), conjuncts_.end(), [&](const ExpressionPtr& each) {
      const Uses used = uses(each);
      return used.only_left() || used.only_right() || is_equality(each);
    });
    const Uses left = uses(left_as_of_);
    const Uses right = uses(right_as_of_);
    return conjuncts_fit && !right_is_correlated_ && left.left && left.only_left() && right.right &&
           right.only_right() && !left_as_of_->type.is(TypeKind::float32) && !right_as_of_->type.is(TypeKind::float32);
  }

  // ---- by order

  /// One direction's join: its plan, and where it has put the right side's columns.
  struct Step {
    resolved::Substitution moved;  ///< right columns to the step's
    ExpressionPtr place;
    ExpressionPtr found;
  };

  /// Adds the nearest row in one direction to a plan; `right` has the columns of the right side and their place last.
  Step step(resolved::RelationPtr& plan, const resolved::RelationPtr& right, bool forward, JoinType type) {
    Step out;
    std::vector<Column> output = plan->output;
    for (size_t i = 0; i < right->output.size(); ++i) {
      Column column = right->output[i];
      column.nullable = column.nullable || type == JoinType::left_outer;
      output.push_back(column);
      if (i < right_.plan->output.size()) {
        out.moved[right_.plan->output[i].id] = resolved::reference(column);
      }
    }
    out.place = resolved::reference(output.back());
    resolved::Substitution to_right;
    for (size_t i = 0; i < right_.plan->output.size(); ++i) {
      to_right[right_.plan->output[i].id] = resolved::reference(right->output[i]);
    }
    // The comparison has brought both sides to one type.
    const ExpressionPtr compared = bind(forward ? "<=" : ">=", {left_as_of_, right_as_of_});
    const std::vector<ExpressionPtr> sides = resolved::children(compared);
    const ExpressionPtr right_value = resolved::substitute(sides[1], to_right);
    const ExpressionPtr right_place = resolved::reference(right->output.back());
    // Ordered by value, then place: the last of equal rows is the nearest; `before` all places or after all.
    const bool before = forward == node_.allow_exact_matches;
    resolved::AsOf as_of;
    as_of.forward = forward;
    as_of.left = bind("if", {bind("isnotnull", {sides[0]}), key(sides[0], long_literal(before ? INT64_MIN : INT64_MAX)),
                             resolved::null_literal()});
    as_of.right = key(right_value, forward ? bind("negative", {right_place}) : right_place);

    ExpressionPtr equalities;
    ExpressionPtr filter = bind("isnotnull", {right_value});
    for (const ExpressionPtr& conjunct : conjuncts_) {
      const Uses used = uses(conjunct);
      if (used.only_left()) {
        continue;
      }
      const ExpressionPtr moved = resolved::substitute(conjunct, to_right);
      (used.only_right() ? filter : equalities) = both_hold(used.only_right() ? filter : equalities, moved);
    }
    resolved::Join join{
        plan, resolved::make_relation(resolved::Filter{right, filter}, right->output), type, equalities, false, {},
        as_of};
    plan = resolved::make_relation(std::move(join), std::move(output));
    out.found = both_hold(bind("isnotnull", {out.place}), within_ ? resolved::substitute(within_, out.moved) : nullptr);
    return out;
  }
  ExpressionPtr key(const ExpressionPtr& value, const ExpressionPtr& place) {
    return bind("named_struct", {resolved::string_literal("value"), value, resolved::string_literal("place"), place});
  }

  ExpressionPtr left_conjuncts() {
    ExpressionPtr out;
    for (const ExpressionPtr& conjunct : conjuncts_) {
      out = uses(conjunct).only_left() ? both_hold(out, conjunct) : out;
    }
    return out;
  }

  Resolved by_order() {
    const Candidates candidates = placed(analysis_, right_);
    resolved::RelationPtr plan = left_.plan;
    if (direction_ != AsOfDirection::nearest) {
      const JoinType type = inner_ ? JoinType::inner : JoinType::left_outer;
      const Step only = step(plan, candidates.plan, direction_ == AsOfDirection::forward, type);
      return shaped(plan, both_hold(only.found, left_conjuncts()),
                    [&](const Column& column) { return only.moved.at(column.id); });
    }
    const int64_t cte_id = next_cte_id();
    const auto use = [&] {
      std::vector<Column> columns = candidates.plan->output;
      for (Column& column : columns) {
        column.id = new_column(column.name, column.type, column.nullable).id;
      }
      return resolved::make_relation(resolved::CteRef{cte_id, "right"}, std::move(columns));
    };
    const Step before = step(plan, use(), false, JoinType::left_outer);
    const Step after = step(plan, use(), true, JoinType::left_outer);
    const std::vector<Column> output = plan->output;
    plan = resolved::make_relation(resolved::WithCte{cte_id, "right", candidates.plan, plan}, output);

    const auto distance = [&](const Step& each) { return resolved::substitute(distance_, each.moved); };
    const ExpressionPtr nearer = bind(
        "or", {bind("<", {distance(before), distance(after)}),
               bind("and", {bind("=", {distance(before), distance(after)}), bind(">", {before.place, after.place})})});
    const ExpressionPtr no = resolved::boolean_literal(false);
    const ExpressionPtr found_before = bind("coalesce", {before.found, no});
    const ExpressionPtr found_after = bind("coalesce", {after.found, no});
    const ExpressionPtr takes_before = bind("and", {found_before, bind("or", {bind("not", {found_after}), nearer})});
    return shaped(plan, both_hold(bind("or", {found_before, found_after}), left_conjuncts()),
                  [&](const Column& column) {
                    return bind("if", {takes_before, before.moved.at(column.id), after.moved.at(column.id)});
                  });
  }

  // ---- by search

  Resolved by_search(const ExpressionPtr& condition) {
    const Candidates candidates = placed(analysis_, right_);
    resolved::Substitution to_outer;
    for (const Column& column : left_.plan->output) {
      to_outer[column.id] = resolved::make_expression(
          resolved::ColumnRef{column.id, column.name, column.qualifier, true}, column.type, column.nullable);
    }
    resolved::RelationPtr rows = candidates.plan;
    const ExpressionPtr matches = both_hold(both_hold(condition, base_), within_);
    if (matches) {
      rows = resolved::make_relation(resolved::Filter{rows, resolved::substitute(matches, to_outer)}, rows->output);
    }
    std::vector<ExpressionPtr> fields;
    for (size_t i = 0; i < right_.plan->output.size(); ++i) {
      fields.push_back(resolved::string_literal("_" + std::to_string(i)));
      fields.push_back(resolved::reference(right_.plan->output[i]));
    }
    const ExpressionPtr distance = resolved::substitute(distance_, to_outer);
    const ExpressionPtr order = bind(
        "if", {bind("isnotnull", {distance}), key(distance, bind("negative", {resolved::reference(candidates.place)})),
               resolved::null_literal()});
    const ExpressionPtr nearest = analysis_.aggregate_call("min_by", {bind("named_struct", std::move(fields)), order});
    const Column column = new_column("nearest", nearest->type, true);
    const resolved::RelationPtr best =
        resolved::make_relation(resolved::Aggregate{rows, {}, {}, {{column, nearest}}, std::nullopt}, {column});
    std::vector<Column> output = left_.plan->output;
    output.push_back(column);
    const std::vector<Column> outer_columns = left_.plan->output;
    resolved::Join join{left_.plan, best, JoinType::left_outer, nullptr, true, outer_columns, std::nullopt};
    const ExpressionPtr row = resolved::reference(column);
    return shaped(resolved::make_relation(std::move(join), std::move(output)), bind("isnotnull", {row}),
                  [&](const Column& wanted) {
                    const auto& all = right_.plan->output;
                    const auto at =
                        std::find_if(all.begin(), all.end(), [&](const Column& each) { return each.id == wanted.id; });
                    return resolved::make_expression(
                        resolved::GetField{row, static_cast<int>(at - all.begin()), wanted.name}, wanted.type, true);
                  });
  }

  // ---- the result

  /// The left side's columns and the right side's, which are NULL (or the row is gone) where no row was `found`.
  template <class ValueOf>
  Resolved shaped(resolved::RelationPtr plan, const ExpressionPtr& found, const ValueOf& value_of) {
    std::vector<NamedExpression> list;
    for (const Column& column : left_.plan->output) {
      list.push_back(pass(column));
    }
    for (const Column& column : right_.plan->output) {
      const ExpressionPtr value = value_of(column);
      list.push_back({outer(column), inner_ ? value : bind("if", {found, value, resolved::null_literal(column.type)})});
    }
    if (inner_) {
      const std::vector<Column> output = plan->output;
      plan = resolved::make_relation(resolved::Filter{std::move(plan), found}, output);
    }
    Resolved out = names_of_both(left_, right_);
    for (std::vector<Column>* names : {&out.visible, &out.hidden}) {
      const size_t of_left = names == &out.visible ? left_.visible.size() : left_.hidden.size();
      for (size_t i = of_left; i < names->size(); ++i) {
        (*names)[i] = outer((*names)[i]);
      }
    }
    out.plan = project(std::move(plan), std::move(list));
    return out;
  }
  Column outer(Column column) const {
    column.nullable = column.nullable || !inner_;
    return column;
  }

  Analysis& analysis_;
  const plan::AsOfJoin& node_;
  Resolved left_, right_;
  bool right_is_correlated_;
  AsOfDirection direction_ = AsOfDirection::backward;
  bool inner_ = true;
  ExpressionPtr left_as_of_, right_as_of_, tolerance_, base_, within_, distance_;
  std::vector<ExpressionPtr> conjuncts_;
};

}  // namespace

Resolved Analysis::resolve_node(const plan::AsOfJoin& node) {
  Resolved left = resolve(node.left);
  const size_t used = outer_used ? outer_used->size() : 0;
  Resolved right = resolve(node.right);
  const bool correlated = outer_used && outer_used->size() > used;
  return AsOfResolver(*this, node, std::move(left), std::move(right), correlated).resolve();
}

}  // namespace pyrite::analysis
