// INTERVAL literals: value and unit pairs, unit to unit, one text.
#include <algorithm>
#include <charconv>

#include "sql/interval_units.h"
#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

constexpr int64_t second_microseconds = 1'000'000;
constexpr int64_t day_microseconds = 86'400 * second_microseconds;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

/// A word that the grammar takes as a unit, whether it can be one of a literal or not.
bool is_unit(const std::string& word) { return interval_unit(word) || word == "nanosecond" || word == "nanoseconds"; }

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<int> year_month_field(std::string_view unit) {
  return unit == "year"    ? std::optional<int>(interval_field::year)
         : unit == "month" ? std::optional<int>(interval_field::month)
                           : std::nullopt;
}

std::optional<int> day_time_field(std::string_view unit) {
  if (unit == "day" || unit == "week") {
    return interval_field::day;
  }
  if (unit == "hour") {
    return interval_field::hour;
  }
  if (unit == "minute") {
    return interval_field::minute;
  }
  return unit == "second" || unit.ends_with("second") ? std::optional<int>(interval_field::second) : std::nullopt;
}

/// The field of a bound of DAY TO SECOND; -1: none.
int day_time_bound(std::string_view unit) {
  static constexpr std::string_view names[] = {"day", "hour", "minute", "second"};
  const auto found = std::find(std::begin(names), std::end(names), unit);
  return found == std::end(names) ? -1 : static_cast<int>(found - std::begin(names));
}

/// The numbers of "d h:m:s.f" text from one field to another, as written.
struct DayTimeText {
  bool negative = false;
  std::string fields[4];
  std::string fraction;
};

std::optional<DayTimeText> split_day_time(std::string_view text, int start, int end) {
  DayTimeText out;
  text = trim(text);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    out.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  static constexpr size_t most_digits[] = {9, 10, 12, 13};
  for (int field = start; field <= end; ++field) {
    size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
      ++digits;
    }
    if (digits == 0 || digits > (field == start ? most_digits[field] : 2)) {
      return std::nullopt;
    }
    out.fields[field] = text.substr(0, digits);
    text.remove_prefix(digits);
    if (field < end) {
      if (text.empty() || text[0] != (field == interval_field::day ? ' ' : ':')) {
        return std::nullopt;
      }
      text.remove_prefix(1);
    }
  }
  if (end == interval_field::second && !text.empty() && text[0] == '.') {
    out.fraction = text.substr(1);
    text = {};
    if (out.fraction.empty() || out.fraction.size() > 9 ||
        out.fraction.find_first_not_of("0123456789") != std::string::npos) {
      return std::nullopt;
    }
  }
  return text.empty() ? std::optional(std::move(out)) : std::nullopt;
}

std::string day_time_format(int start, int end) {
  static constexpr std::string_view letters[] = {"d", "h", "m", "s"};
  std::string out = "[+|-]";
  for (int field = start; field <= end; ++field) {
    out += field == start ? "" : field == interval_field::hour ? " " : ":";
    out += letters[field];
  }
  return end == interval_field::second ? out + ".n" : out;
}

}  // namespace

bool Parser::at_interval_value(size_t ahead) const {
  if (at(TokenKind::plus, ahead) || at(TokenKind::minus, ahead)) {
    ++ahead;
  }
  return at(TokenKind::integer, ahead) || at(TokenKind::decimal, ahead) || at_string(ahead);
}

/// A value and its unit.
bool Parser::at_interval_field() const {
  if (!at_interval_value(0)) {
    return false;
  }
  size_t ahead = at(TokenKind::plus) || at(TokenKind::minus) ? 1 : 0;
  const bool text = at_string(ahead);
  ++ahead;
  while (text && at_string(ahead)) {
    ++ahead;
  }
  return peek(ahead).kind == TokenKind::name && is_unit(lower(text_of(peek(ahead))));
}

bool Parser::at_interval() const {
  if (!at(Keyword("INTERVAL")) || !at_interval_value(1)) {
    return false;
  }
  size_t ahead = at(TokenKind::plus, 1) || at(TokenKind::minus, 1) ? 2 : 1;
  const bool text = at_string(ahead);
  const bool sign = ahead == 2;
  ++ahead;
  while (text && at_string(ahead)) {
    ++ahead;
  }
  // `INTERVAL '1 day'` alone is a typed literal; a number or a signed value must have its unit.
  const bool unit = peek(ahead).kind == TokenKind::name && is_unit(lower(text_of(peek(ahead))));
  return unit || (!text && !sign);
}

ExpressionPtr Parser::interval_literal() {
  const Mark from = mark();
  expect(Keyword("INTERVAL"));
  const Mark body = mark();
  struct Field {
    std::string value;
    bool text = false;
    std::string unit;
  };
  std::vector<Field> fields;
  std::vector<std::string> units;
  std::string all;
  while (fields.empty() ? at_interval_value(0) : at_interval_field()) {
    const bool negative = accept(TokenKind::minus);
    const bool sign = negative || accept(TokenKind::plus);
    const bool text = at_string();
    std::string value;
    if (text) {
      value = string_literal();
      if (negative) {
        value = value.starts_with('-') ? value.substr(1) : "-" + value;
      }
    } else {
      value = (negative ? "-" : sign ? "+" : "") + std::string(text_of(peek()));
      advance();
    }
    const std::string unit = peek().kind == TokenKind::name ? lower(text_of(peek())) : "";
    if (!is_unit(unit)) {
      fail();
    }
    advance();
    if (at(Keyword("TO"))) {
      if (!fields.empty()) {
        advance();
        advance();
        fail_with("_LEGACY_ERROR_TEMP_0024", {}, from);
      }
      if (!text) {
        at_ += 2;
        fail_with("_LEGACY_ERROR_TEMP_0027", {}, body);
      }
      return unit_to_unit_interval(from, body, value, unit);
    }
    if (text &&
        std::any_of(value.begin(), value.end(), [](unsigned char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; })) {
      fail_with("_LEGACY_ERROR_TEMP_0026", {{"value", value}}, body);
    }
    all += " " + value + " " + unit;
    fields.push_back({value, text, unit});
    units.push_back(unit);
  }
  IntervalTextError error;
  const auto interval = read_interval(all, &error);
  if (!interval) {
    MessageParameters parameters = {{"input", all}};
    parameters.insert(parameters.end(), error.parameters.begin(), error.parameters.end());
    throw SparkError(ErrorKind::illegal_argument, "INVALID_INTERVAL_FORMAT." + error.subclass, std::move(parameters));
  }
  return interval_of_units(*interval, units, from);
}

ExpressionPtr Parser::interval_of_units(CalendarInterval interval, const std::vector<std::string>& units, Mark from) {
  if (options_.legacy_interval) {
    return literal(Value(interval), Type::calendar_interval(), from);
  }
  int first = 9;
  int last = -1;
  bool months = false;
  bool times = false;
  for (const std::string& written : units) {
    const std::string unit = written.ends_with('s') ? written.substr(0, written.size() - 1) : written;
    const auto month_field = year_month_field(unit);
    const int field = month_field ? *month_field : day_time_field(unit).value_or(interval_field::second);
    (month_field ? months : times) = true;
    first = std::min(first, field);
    last = std::max(last, field);
  }
  if (months && times) {
    fail_with("_LEGACY_ERROR_TEMP_0029", {{"literal", source(from)}}, from);
  }
  if (months) {
    return literal(Value(int64_t{interval.months}), Type::year_month_interval(first, last), from);
  }
  int64_t microseconds = 0;
  if (__builtin_mul_overflow(int64_t{interval.days}, day_microseconds, &microseconds) ||
      __builtin_add_overflow(microseconds, interval.microseconds, &microseconds)) {
    throw SparkError(ErrorKind::arithmetic, "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION");
  }
  return literal(Value(microseconds), Type::day_time_interval(first, std::max(first, last)), from);
}

ExpressionPtr Parser::interval_text_literal(const std::string& text, Mark from) {
  const auto interval = read_interval(text);
  if (!interval) {
    fail_with("INVALID_TYPED_LITERAL", {{"valueType", "\"INTERVAL\""}, {"value", "'" + text + "'"}}, from);
  }
  std::vector<std::string> units;
  std::string word;
  for (const char c : text + " ") {
    if (static_cast<unsigned char>(c) > 0x20) {
      word += c;
      continue;
    }
    const std::string unit = lower(word);
    if (interval_unit(unit)) {
      units.push_back(unit);
    }
    word.clear();
  }
  return interval_of_units(*interval, units, from);
}

ExpressionPtr Parser::unit_to_unit_interval(Mark from, Mark body, const std::string& value, const std::string& first) {
  expect(Keyword("TO"));
  const std::string last = lower(text_of(peek()));
  if (!interval_unit(last) || last.ends_with('s')) {
    fail();
  }
  advance();
  if (at_interval_value(0) && !at(TokenKind::plus) && !at(TokenKind::minus)) {
    while (at_interval_value(0) || (peek().kind == TokenKind::name && interval_unit(lower(text_of(peek())))) ||
           at(Keyword("TO"))) {
      advance();
    }
    fail_with("_LEGACY_ERROR_TEMP_0024", {}, from);
  }
  const std::string type_name = "interval " + first + " to " + last;
  const std::string type_text = upper(first) + " TO " + upper(last);
  const auto mismatch = [&](const char* condition, const char* kind, const std::string& format) {
    fail_with(std::string("INVALID_INTERVAL_FORMAT.") + condition,
              {{"input", value},
               {"intervalStr", kind},
               {"supportedFormat", "`" + format + "`, `INTERVAL [+|-]'" + format + "' " + type_text + "`"},
               {"typeName", type_name}},
              body);
  };
  const auto out_of_range = [&](std::string_view unit, const std::string& number, int64_t most) {
    fail_with("_LEGACY_ERROR_TEMP_0063",
              {{"msg", "requirement failed: " + std::string(unit) + " " + number + " outside range [0, " +
                           std::to_string(most) + "]"}},
              body);
  };
  if (first == "year" && last == "month") {
    std::string_view text = trim(value);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
      text.remove_prefix(1);
    }
    int64_t years = 0;
    int64_t months = 0;
    const char* end = text.data() + text.size();
    const auto year = std::from_chars(text.data(), end, years);
    const bool dash = year.ec == std::errc() && year.ptr < end && *year.ptr == '-' && text[0] != '-';
    const auto month = dash ? std::from_chars(year.ptr + 1, end, months) : year;
    if (!dash || month.ec != std::errc() || month.ptr != end || year.ptr[1] == '-' || year.ptr - text.data() > 9 ||
        end - year.ptr > 3) {
      mismatch("UNMATCHED_FORMAT_STRING", "year-month", "[+|-]y-m");
    }
    const int64_t total = (years * 12 + months) * (negative ? -1 : 1);
    if (months > 11 || total != static_cast<int32_t>(total)) {
      fail_with("INVALID_INTERVAL_FORMAT.INTERVAL_PARSING", {{"input", value}, {"interval", "year-month"}}, body);
    }
    if (options_.legacy_interval) {
      return literal(Value(CalendarInterval{static_cast<int32_t>(total), 0, 0}), Type::calendar_interval(), from);
    }
    return literal(Value(total), Type::year_month_interval(), from);
  }
  const int start = day_time_bound(first);
  const int stop = day_time_bound(last);
  if (start < 0 || start >= stop) {
    fail_with("INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION",
              {{"input", value}, {"from", first}, {"to", last}}, body);
  }
  const auto split = split_day_time(value, start, stop);
  if (!split) {
    mismatch("UNMATCHED_FORMAT_STRING_WITH_NOTICE", "day-time", day_time_format(start, stop));
  }
  static constexpr int64_t unit[] = {day_microseconds, 3600 * second_microseconds, 60 * second_microseconds,
                                     second_microseconds};
  static constexpr std::string_view names[] = {"day", "hour", "minute", "second"};
  static constexpr int64_t inner_most[] = {0, 23, 59, 59};
  Int128 sum = 0;
  for (int field = start; field <= stop; ++field) {
    int64_t number = 0;
    const std::string& digits = split->fields[field];
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const int64_t most = field == start ? INT64_MAX / unit[field] : inner_most[field];
    if (number > most) {
      out_of_range(names[field], std::to_string(number), most);
    }
    sum += Int128{number} * unit[field];
  }
  int64_t fraction = 0;
  const std::string padded = (split->fraction + "000000").substr(0, 6);
  std::from_chars(padded.data(), padded.data() + 6, fraction);
  sum = (sum + fraction) * (split->negative ? -1 : 1);
  if (sum != static_cast<int64_t>(sum)) {
    fail_with("_LEGACY_ERROR_TEMP_0063", {{"msg", "long overflow"}}, body);
  }
  const int64_t microseconds = static_cast<int64_t>(sum);
  if (options_.legacy_interval) {
    const int64_t days = start == interval_field::day ? microseconds / day_microseconds : 0;
    return literal(Value(CalendarInterval{0, static_cast<int32_t>(days), microseconds - days * day_microseconds}),
                   Type::calendar_interval(), from);
  }
  return literal(Value(microseconds), Type::day_time_interval(start, stop), from);
}

}  // namespace pyrite::sql
