// Reads intervals of many units: "interval 1 year -2 days 3.5 seconds".
#include <limits>

#include "types/calendar.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// What Java's Character.isWhitespace accepts of one byte.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f'); }
bool is_trimmed(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Reads one "number unit" pair after the other and sums them up.
class UnitReader {
 public:
  explicit UnitReader(std::string_view text) : text_(text) {
    while (!text_.empty() && is_trimmed(text_.front())) {
      text_.remove_prefix(1);
    }
    while (!text_.empty() && is_trimmed(text_.back())) {
      text_.remove_suffix(1);
    }
  }

  std::optional<CalendarInterval> run() {
    if (text_.empty()) {
      return std::nullopt;
    }
    if (take_word("interval") && (done() || !is_space(text_[at_++]))) {
      return std::nullopt;
    }
    skip_spaces();
    if (done()) {
      return std::nullopt;
    }
    while (!done()) {
      if (!read_number() || !read_unit()) {
        return std::nullopt;
      }
      skip_spaces();
    }
    return out_;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  void skip_spaces() {
    while (!done() && is_space(text_[at_])) {
      ++at_;
    }
  }
  bool take_word(std::string_view word) {
    if (text_.size() - at_ < word.size()) {
      return false;
    }
    for (size_t i = 0; i < word.size(); ++i) {
      if (lower(text_[at_ + i]) != word[i]) {
        return false;
      }
    }
    at_ += word.size();
    return true;
  }

  /// [+-] [blanks] digits [. up to nine digits] blanks; or .digits without a sign before it.
  bool read_number() {
    value_ = fraction_ = 0;
    has_fraction_ = false;
    negative_ = text_[at_] == '-';
    const bool bare_point = text_[at_] == '.';
    if (negative_ || text_[at_] == '+') {
      ++at_;
      skip_spaces();
    } else if (!bare_point && !is_digit(text_[at_])) {
      return false;
    }
    size_t digits = 0;
    for (; !done() && is_digit(text_[at_]); ++at_, ++digits) {
      if (__builtin_mul_overflow(value_, 10, &value_) || __builtin_add_overflow(value_, text_[at_] - '0', &value_)) {
        return false;
      }
    }
    if (!done() && text_[at_] == '.') {
      ++at_;
      has_fraction_ = true;
      size_t places = 0;
      int64_t scale = 100'000'000;
      for (; !done() && is_digit(text_[at_]) && places < 9; ++at_, ++places, scale /= 10) {
        fraction_ += (text_[at_] - '0') * scale;
      }
      fraction_ /= 1000;
      if (bare_point && places == 0) {
        return false;
      }
    } else if (digits == 0 && (done() || !is_space(text_[at_]))) {
      return false;
    }
    if (done() || !is_space(text_[at_])) {
      return false;
    }
    skip_spaces();
    if (negative_) {
      value_ = -value_;
      fraction_ = -fraction_;
    }
    return !done();
  }

  bool read_unit() {
    struct Unit {
      std::string_view name;
      enum { months, days, micros } part;
      int64_t factor;
    };
    static constexpr Unit units[] = {
        {"year", Unit::months, 12},
        {"week", Unit::days, 7},
        {"day", Unit::days, 1},
        {"hour", Unit::micros, micros_per_hour},
        {"second", Unit::micros, micros_per_second},
        {"month", Unit::months, 1},
        {"minute", Unit::micros, micros_per_minute},
        {"millisecond", Unit::micros, micros_per_milli},
        {"microsecond", Unit::micros, 1},
    };
    for (const Unit& unit : units) {
      if (!take_word(unit.name)) {
        continue;
      }
      int64_t amount = 0;
      if ((has_fraction_ && unit.name != "second") || __builtin_mul_overflow(value_, unit.factor, &amount)) {
        return false;
      }
      const bool fits = unit.part == Unit::months ? add(out_.months, amount)
                        : unit.part == Unit::days
                            ? add(out_.days, amount)
                            : !__builtin_add_overflow(out_.microseconds, amount, &out_.microseconds) &&
                                  !__builtin_add_overflow(out_.microseconds, fraction_, &out_.microseconds);
      if (!fits) {
        return false;
      }
      if (!done() && lower(text_[at_]) == 's') {
        ++at_;
      }
      return done() || is_space(text_[at_]);
    }
    return false;
  }

  static bool add(int32_t& part, int64_t amount) {
    const bool fits = amount >= std::numeric_limits<int32_t>::min() && amount <= std::numeric_limits<int32_t>::max();
    return fits && !__builtin_add_overflow(part, static_cast<int32_t>(amount), &part);
  }

  std::string_view text_;
  size_t at_ = 0;
  CalendarInterval out_;
  int64_t value_ = 0;
  int64_t fraction_ = 0;
  bool has_fraction_ = false;
  bool negative_ = false;
};

}  // namespace

std::optional<CalendarInterval> parse_calendar_interval(std::string_view text) { return UnitReader(text).run(); }

}  // namespace pyrite
