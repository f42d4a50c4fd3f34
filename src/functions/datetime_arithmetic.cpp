// Picks the call for an operator over dates, times, timestamps and intervals, with the casts that Spark adds.
#include "functions/datetime_arithmetic.h"

#include <algorithm>

#include "functions/bind_rule.h"
#include "functions/datetime_operators.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;

bool is_timestamp(const Type& type) { return type.is(TypeKind::timestamp) || type.is(TypeKind::timestamp_ntz); }
bool is_months(const Type& type) { return type.is(TypeKind::year_month_interval); }
bool is_day_time(const Type& type) { return type.is(TypeKind::day_time_interval); }
bool is_calendar(const Type& type) { return type.is(TypeKind::calendar_interval); }
bool is_interval(const Type& type) { return type.is_ansi_interval() || is_calendar(type); }
bool is_days_only(const Type& type) { return is_day_time(type) && type.end_field() == interval_field::day; }

constexpr const char* any_timestamp = "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"";

class OperatorBinder {
 public:
  OperatorBinder(DatetimeOperator op, const BindOptions& options) : op_(op), options_(options) {
    options_.shown_name.clear();
  }

  ExpressionPtr bind(const ExpressionPtr& left, const ExpressionPtr& right) {
    switch (op_) {
      case DatetimeOperator::add:
        return add(left, right);
      case DatetimeOperator::subtract:
        return subtract(left, right);
      case DatetimeOperator::multiply:
        return is_interval(left->type) ? scale(left, right) : is_interval(right->type) ? scale(right, left) : nullptr;
      case DatetimeOperator::divide:
        return is_interval(left->type) ? scale(left, right) : nullptr;
    }
    return nullptr;
  }

 private:
  bool subtracts() const { return op_ == DatetimeOperator::subtract; }
  EvalMode cast_mode() const { return options_.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi; }

  ExpressionPtr make(std::string_view row, std::vector<ExpressionPtr> arguments, Type result) const {
    return make_call(datetime_operator_row(row), std::move(arguments), options_, std::move(result));
  }
  ExpressionPtr named(std::string_view function, std::vector<ExpressionPtr> arguments) const {
    ExpressionPtr made = pyrite::call(function, std::move(arguments), cast_mode());
    resolved::Expression copy = *made;
    copy.origin = options_.origin;
    return std::make_shared<const resolved::Expression>(std::move(copy));
  }

  [[noreturn]] void refuse(std::string_view row, std::vector<ExpressionPtr> arguments, size_t position,
                           std::string required) const {
    throw_unexpected_type(datetime_operator_row(row), arguments, options_, position, std::move(required));
  }

  ExpressionPtr add(const ExpressionPtr& left, const ExpressionPtr& right) const {
    const Type& l = left->type;
    const Type& r = right->type;
    if (ExpressionPtr both = combine(left, right)) {
      return both;
    }
    if (is_interval(r) && !is_interval(l)) {
      return shift(left, right);
    }
    if (is_interval(l) && !is_interval(r)) {
      return shift(right, left);
    }
    // Text beside a date becomes one too, and is then no number of days.
    const Type text_as = cast_mode() == EvalMode::ansi ? Type::date() : Type::float64();
    if (l.is_string() && r.is(TypeKind::date) && cast_mode() == EvalMode::ansi) {
      return named("date_add", {cast_to(left, text_as, cast_mode()), right});
    }
    if (l.is(TypeKind::date) && !is_timestamp(r) && !r.is(TypeKind::time)) {
      return named("date_add", {left, r.is_string() ? cast_to(right, text_as, cast_mode()) : right});
    }
    if (r.is(TypeKind::date) && !is_timestamp(l) && !l.is(TypeKind::time)) {
      return named("date_add", {right, l.is_string() ? cast_to(left, text_as, cast_mode()) : left});
    }
    return nullptr;
  }

  ExpressionPtr subtract(const ExpressionPtr& left, const ExpressionPtr& right) const {
    const Type& l = left->type;
    const Type& r = right->type;
    if (ExpressionPtr both = combine(left, right)) {
      return both;
    }
    if (is_interval(r) && !is_interval(l)) {
      return shift(left, right);
    }
    if (is_timestamp(l) || is_timestamp(r)) {
      return subtract_timestamps(left, right);
    }
    if (l.is(TypeKind::time) && (r.is(TypeKind::time) || r.is(TypeKind::null))) {
      return make("subtract_times", {left, cast_to(right, l, cast_mode())},
                  Type::day_time_interval(interval_field::hour, interval_field::second));
    }
    if ((r.is(TypeKind::date) && (l.is(TypeKind::date) || l.is_string() || l.is(TypeKind::null))) ||
        (l.is(TypeKind::date) && r.is(TypeKind::null))) {
      return make("subtract_dates",
                  {cast_to(left, Type::date(), cast_mode()), cast_to(right, Type::date(), cast_mode())},
                  Type::day_time_interval(interval_field::day, interval_field::day));
    }
    if (r.is(TypeKind::date) && !l.is(TypeKind::time)) {
      refuse("subtract_dates", {left, right}, 0, "\"DATE\"");
    }
    if (l.is(TypeKind::date) && r.is_string() && cast_mode() == EvalMode::legacy) {
      return named("date_sub", {left, cast_to(right, Type::float64(), cast_mode())});
    }
    if (l.is(TypeKind::date) && r.is_string()) {
      return make("subtract_dates", {left, cast_to(right, Type::date(), cast_mode())},
                  Type::day_time_interval(interval_field::day, interval_field::day));
    }
    if (l.is(TypeKind::date) && !r.is(TypeKind::time)) {
      return named("date_sub", {left, right});
    }
    return nullptr;
  }

  /// interval ± interval of one family; NULL takes the other side's type.
  ExpressionPtr combine(const ExpressionPtr& left, const ExpressionPtr& right) const {
    const Type& l = left->type;
    const Type& r = right->type;
    const bool null_side =
        (l.is(TypeKind::null) && r.is_ansi_interval()) || (r.is(TypeKind::null) && l.is_ansi_interval());
    if (!null_side && !(is_interval(l) && l.kind() == r.kind())) {
      return nullptr;
    }
    const Type& known = l.is(TypeKind::null) ? r : l;
    Type type = known;
    if (!null_side && is_months(known)) {
      type =
          Type::year_month_interval(std::min(l.start_field(), r.start_field()), std::max(l.end_field(), r.end_field()));
    } else if (!null_side && is_day_time(known)) {
      type =
          Type::day_time_interval(std::min(l.start_field(), r.start_field()), std::max(l.end_field(), r.end_field()));
    }
    const std::string name = std::string(subtracts() ? "subtract" : "add") + (is_months(known)     ? "_year_month"
                                                                              : is_day_time(known) ? "_day_time"
                                                                                                   : "_calendar");
    return make(name, {cast_to(left, type, cast_mode()), cast_to(right, type, cast_mode())}, type);
  }

  /// date, time or timestamp ± interval.
  ExpressionPtr shift(const ExpressionPtr& moment, const ExpressionPtr& interval) const {
    const Type& m = moment->type;
    const Type& i = interval->type;
    const std::string prefix = subtracts() ? "subtract_" : "add_";
    if (m.is(TypeKind::time)) {
      return is_day_time(i) && i.start_field() != interval_field::day
                 ? make(prefix + "time_interval", {moment, interval},
                        Type::time(i.end_field() == interval_field::second ? 6 : m.precision()))
                 : nullptr;
    }
    if (m.is(TypeKind::date)) {
      if (is_days_only(i)) {
        ExpressionPtr days = make("extractansiintervaldays", {interval}, Type::integer());
        if (subtracts()) {
          days = named("-", {days});
        }
        return named("date_add", {moment, days});
      }
      if (!is_day_time(i)) {
        return make(prefix + (is_months(i) ? "date_months" : "date_calendar"), {moment, interval}, Type::date());
      }
    } else if (!is_timestamp(m) && (is_months(i) || (!m.is_string() && !m.is(TypeKind::null)))) {
      if (is_months(i)) {
        return nullptr;
      }
      const ExpressionPtr moved_by =
          subtracts() ? bind_interval_sign(IntervalSign::negative, interval, options_) : interval;
      refuse(is_calendar(i) ? "add_timestamp_calendar" : "add_timestamp_day_time", {moment, moved_by}, 0,
             any_timestamp);
    }
    const Type at = is_timestamp(m) ? m : Type::timestamp();
    const ExpressionPtr local = cast_to(moment, at, cast_mode());
    ExpressionPtr moved = make(prefix + (is_months(i)     ? "timestamp_months"
                                         : is_day_time(i) ? "timestamp_day_time"
                                                          : "timestamp_calendar"),
                               {local, interval}, at);
    return m.is_string() ? cast_to(moved, Type::string(), cast_mode()) : moved;
  }

  ExpressionPtr subtract_timestamps(const ExpressionPtr& left, const ExpressionPtr& right) const {
    const Type& l = left->type;
    const Type& r = right->type;
    const auto fits = [](const Type& type) {
      return type.is_datetime() || type.is_string() || type.is(TypeKind::null);
    };
    if (!fits(l) || !fits(r)) {
      refuse("subtract_timestamps", {left, right}, fits(l) ? 1 : 0, any_timestamp);
    }
    const bool local = !l.is(TypeKind::timestamp) && !r.is(TypeKind::timestamp);
    const Type at = local ? Type::timestamp_ntz() : Type::timestamp();
    return make("subtract_timestamps", {cast_to(left, at, cast_mode()), cast_to(right, at, cast_mode())},
                Type::day_time_interval());
  }

  /// interval × number and interval ÷ number.
  ExpressionPtr scale(const ExpressionPtr& interval, const ExpressionPtr& number) const {
    const Type& i = interval->type;
    const Type& n = number->type;
    if (!n.is_numeric() && !n.is_string() && !n.is(TypeKind::null)) {
      const std::string verb = op_ == DatetimeOperator::multiply ? "multiply_" : "divide_";
      refuse(verb + (is_calendar(i) ? "interval"
                     : is_months(i) ? "year_month_integral"
                                    : "day_time_integral"),
             {interval, number}, 1, "\"NUMERIC\"");
    }
    const std::string op = op_ == DatetimeOperator::multiply ? "multiply_" : "divide_";
    if (is_calendar(i)) {
      return make(op + "interval", {interval, cast_to(number, Type::float64(), cast_mode())},
                  Type::calendar_interval());
    }
    const Type as = n.is_integral() ? Type::long_int() : n.is(TypeKind::decimal) ? n : Type::float64();
    const std::string name = op + (is_months(i) ? "year_month_" : "day_time_") +
                             (n.is_integral()           ? "integral"
                              : n.is(TypeKind::decimal) ? "decimal"
                                                        : "double");
    return make(name, {interval, cast_to(number, as, cast_mode())},
                is_months(i) ? Type::year_month_interval() : Type::day_time_interval());
  }

  DatetimeOperator op_;
  BindOptions options_;
};

}  // namespace

ExpressionPtr bind_datetime_operator(DatetimeOperator op, const ExpressionPtr& left, const ExpressionPtr& right,
                                     const BindOptions& options) {
  const auto concerns = [](const Type& type) {
    return type.is_datetime() || type.is(TypeKind::time) || is_interval(type);
  };
  if (!concerns(left->type) && !concerns(right->type)) {
    return nullptr;
  }
  return OperatorBinder(op, options).bind(left, right);
}

ExpressionPtr bind_interval_sign(IntervalSign sign, const ExpressionPtr& operand, const BindOptions& options) {
  const Type& type = operand->type;
  if (!is_interval(type) || (sign == IntervalSign::absolute && is_calendar(type))) {
    return nullptr;
  }
  const std::string name = std::string(sign == IntervalSign::negative   ? "negate"
                                       : sign == IntervalSign::positive ? "keep"
                                                                        : "magnify") +
                           (is_months(type)     ? "_year_month"
                            : is_day_time(type) ? "_day_time"
                                                : "_calendar");
  BindOptions plain = options;
  plain.shown_name.clear();
  return make_call(datetime_operator_row(name), {operand}, plain, type);
}

}  // namespace pyrite
