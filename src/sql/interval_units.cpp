// Reads interval text word by word: sign, number, unit.
#include "sql/interval_units.h"

namespace pyrite::sql {
namespace {

bool is_blank(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class IntervalReader {
 public:
  IntervalReader(std::string_view text, IntervalTextError& error) : error_(error) {
    for (const char c : text) {
      text_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    while (!text_.empty() && is_blank(text_.back())) {
      text_.pop_back();
    }
  }

  std::optional<CalendarInterval> run() {
    skip_blank();
    if (done()) {
      return fail("INPUT_IS_EMPTY");
    }
    static constexpr std::string_view prefix = "interval";
    if (std::string_view(text_).substr(at_).starts_with(prefix)) {
      at_ += prefix.size();
      if (done()) {
        return fail("INPUT_IS_EMPTY");
      }
      if (!is_blank(text_[at_])) {
        return fail("INVALID_PREFIX", {{"prefix", word(at_ - prefix.size())}});
      }
      skip_blank();
    }
    while (!done()) {
      if (!field()) {
        return std::nullopt;
      }
      skip_blank();
    }
    return out_;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  void skip_blank() {
    while (!done() && is_blank(text_[at_])) {
      ++at_;
    }
  }
  std::string word(size_t from) const {
    size_t end = from;
    while (end < text_.size() && !is_blank(text_[end])) {
      ++end;
    }
    return text_.substr(from, end - from);
  }
  std::nullopt_t fail(std::string subclass, std::vector<std::pair<std::string, std::string>> parameters = {}) {
    error_ = {std::move(subclass), std::move(parameters)};
    return std::nullopt;
  }

  bool field() {
    negative_ = text_[at_] == '-';
    const bool sign = negative_ || text_[at_] == '+';
    if (sign) {
      ++at_;
    } else if (!is_digit(text_[at_]) && text_[at_] != '.') {
      return fail("UNRECOGNIZED_NUMBER", {{"number", word(at_)}}), false;
    }
    skip_blank();
    if (done()) {
      return fail("MISSING_NUMBER", {{"word", sign ? text_.substr(text_.size() - 1) : ""}}), false;
    }
    return number() && unit();
  }

  bool number() {
    value_ = 0;
    fraction_ = 0;
    has_fraction_ = false;
    const size_t start = at_;
    for (; !done() && is_digit(text_[at_]); ++at_) {
      if (__builtin_mul_overflow(value_, int64_t{10}, &value_) ||
          __builtin_add_overflow(value_, int64_t{text_[at_] - '0'}, &value_)) {
        return fail("ARITHMETIC_EXCEPTION"), false;
      }
    }
    if (!done() && text_[at_] == '.') {
      has_fraction_ = true;
      int64_t scale = 100'000'000;
      for (++at_; !done() && is_digit(text_[at_]); ++at_) {
        if (scale == 0) {
          return fail("INVALID_PRECISION", {{"value", word(start)}}), false;
        }
        fraction_ += (text_[at_] - '0') * scale;
        scale /= 10;
      }
      fraction_ /= 1000;
    }
    if (!done() && !is_blank(text_[at_])) {
      return fail("INVALID_VALUE", {{"value", word(start)}}), false;
    }
    if (done()) {
      return fail("MISSING_UNIT", {{"word", word(start)}}), false;
    }
    skip_blank();
    return true;
  }

  bool unit() {
    const std::string name = word(at_);
    if (has_fraction_ && name[0] != 's') {
      return fail("INVALID_FRACTION", {{"unit", name}}), false;
    }
    const auto one = interval_unit(name);
    if (!one) {
      return fail("INVALID_UNIT", {{"unit", name}}), false;
    }
    at_ += name.size();
    const int64_t value = negative_ ? -value_ : value_;
    if (!add(out_.months, value, one->months) || !add(out_.days, value, one->days) ||
        !add(out_.microseconds, value, one->microseconds) ||
        !add(out_.microseconds, negative_ ? -fraction_ : fraction_, 1)) {
      return fail("ARITHMETIC_EXCEPTION"), false;
    }
    return true;
  }

  template <class T>
  static bool add(T& sum, int64_t value, int64_t times) {
    int64_t product = 0;
    return !__builtin_mul_overflow(value, times, &product) && !__builtin_add_overflow(sum, product, &sum);
  }

  std::string text_;
  size_t at_ = 0;
  IntervalTextError& error_;
  CalendarInterval out_;
  bool negative_ = false;
  bool has_fraction_ = false;
  int64_t value_ = 0;
  int64_t fraction_ = 0;
};

}  // namespace

std::optional<CalendarInterval> read_interval(std::string_view text, IntervalTextError* error) {
  IntervalTextError unused;
  return IntervalReader(text, error ? *error : unused).run();
}

std::optional<IntervalUnit> interval_unit(std::string_view name) {
  if (name.ends_with('s')) {
    name.remove_suffix(1);
  }
  struct Row {
    std::string_view name;
    IntervalUnit one;
  };
  static constexpr Row rows[] = {{"year", {12, 0, 0}},
                                 {"month", {1, 0, 0}},
                                 {"week", {0, 7, 0}},
                                 {"day", {0, 1, 0}},
                                 {"hour", {0, 0, 3'600'000'000}},
                                 {"minute", {0, 0, 60'000'000}},
                                 {"second", {0, 0, 1'000'000}},
                                 {"millisecond", {0, 0, 1'000}},
                                 {"microsecond", {0, 0, 1}}};
  for (const Row& row : rows) {
    if (row.name == name) {
      return row.one;
    }
  }
  return std::nullopt;
}

}  // namespace pyrite::sql
