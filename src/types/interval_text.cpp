// Writes intervals in SQL's and in the many-units form, and reads the ANSI forms back.
#include "types/interval_text.h"

#include <array>
#include <cstdio>
#include <limits>

#include "types/calendar.h"

namespace pyrite {
namespace {

constexpr std::string_view day_time_names[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
constexpr int64_t day_time_units[] = {micros_per_day, micros_per_hour, micros_per_minute, micros_per_second};
/// Digits that the leading field may have, and its greatest value.
constexpr size_t leading_digits[] = {9, 10, 12, 13};
constexpr int64_t leading_most[] = {106'751'991, 2'562'047'788, 153'722'867'280, 9'223'372'036'854};
constexpr int64_t following_most[] = {0, 23, 59, 59};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  while (!text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

bool take_word(std::string_view& text, std::string_view word) {
  if (text.size() < word.size()) {
    return false;
  }
  for (size_t i = 0; i < word.size(); ++i) {
    if (upper(text[i]) != word[i]) {
      return false;
    }
  }
  text.remove_prefix(word.size());
  return true;
}

bool take_spaces(std::string_view& text) {
  const size_t before = text.size();
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  return text.size() != before;
}

/// A sign as Spark's patterns take it: "|" passes, without meaning.
int take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-' && text[0] != '|')) {
    return 1;
  }
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  return sign;
}

std::string_view take_digits(std::string_view& text, size_t most) {
  size_t count = 0;
  while (count < text.size() && count < most && is_digit(text[count])) {
    ++count;
  }
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

std::optional<int64_t> to_long(std::string_view digits) {
  int64_t value = 0;
  for (const char c : digits) {
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value)) {
      return std::nullopt;
    }
  }
  return value;
}

/// Takes the INTERVAL '…' FIELD TO FIELD around a value away; false: the text starts so but does not go on so.
bool unwrap(std::string_view& text, int& sign, std::string_view from, std::string_view to) {
  std::string_view rest = text;
  if (!take_word(rest, "INTERVAL")) {
    return true;
  }
  if (!take_spaces(rest)) {
    return false;
  }
  sign = take_sign(rest);
  const size_t close = rest.rfind('\'');
  if (rest.empty() || rest[0] != '\'' || close == 0) {
    return false;
  }
  std::string_view tail = rest.substr(close + 1);
  if (!take_spaces(tail) || !take_word(tail, from) ||
      (from != to && !(take_spaces(tail) && take_word(tail, "TO") && take_spaces(tail) && take_word(tail, to))) ||
      !tail.empty()) {
    return false;
  }
  text = rest.substr(1, close - 1);
  return true;
}

/// How the type's text looks: "d h:m:s.n".
std::string pattern_of(const Type& type) {
  if (type.is(TypeKind::year_month_interval)) {
    return type.start_field() != type.end_field() ? "y-m" : type.start_field() == interval_field::year ? "y" : "m";
  }
  static constexpr std::string_view letters[] = {"d", "h", "m", "s.n"};
  std::string out;
  for (int field = type.start_field(); field <= type.end_field(); ++field) {
    if (field > type.start_field()) {
      out += field == interval_field::hour ? ' ' : ':';
    }
    out += letters[field];
  }
  return out;
}

std::string fields_of(const Type& type) {
  const auto name = type.is(TypeKind::year_month_interval) ? year_month_field : day_time_field;
  std::string out(name(type.start_field()));
  if (type.start_field() != type.end_field()) {
    out += " TO ";
    out += name(type.end_field());
  }
  return out;
}

std::nullopt_t unmatched(std::string_view input, const Type& type, std::optional<SparkError>* error) {
  if (error) {
    const bool months = type.is(TypeKind::year_month_interval);
    const std::string pattern = pattern_of(type);
    error->emplace(months ? "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING"
                          : "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE",
                   MessageParameters{{"intervalStr", months ? "year-month" : "day-time"},
                                     {"supportedFormat", "`[+|-]" + pattern + "`, `INTERVAL [+|-]'[+|-]" + pattern +
                                                             "' " + fields_of(type) + "`"},
                                     {"typeName", simple_string(type)},
                                     {"input", std::string(input)}});
  }
  return std::nullopt;
}

std::nullopt_t unreadable(std::string_view input, std::string_view interval, std::optional<SparkError>* error) {
  if (error) {
    error->emplace("INVALID_INTERVAL_FORMAT.INTERVAL_PARSING",
                   MessageParameters{{"interval", std::string(interval)}, {"input", std::string(input)}});
  }
  return std::nullopt;
}

std::nullopt_t out_of_range(int field, int64_t value, int64_t most, std::optional<SparkError>* error) {
  if (error) {
    std::string name(day_time_names[field]);
    for (char& c : name) {
      c = static_cast<char>(c + 32);
    }
    error->emplace(SparkError::plain(ErrorKind::illegal_argument, "requirement failed: " + name + " " +
                                                                      std::to_string(value) + " outside range [0, " +
                                                                      std::to_string(most) + "]"));
  }
  return std::nullopt;
}

void put_fixed_seconds(std::string& out, uint64_t micros, bool pad) {
  char text[40];
  const uint64_t seconds = micros / micros_per_second;
  int length = std::snprintf(text, sizeof text, pad ? "%02llu" : "%llu", static_cast<unsigned long long>(seconds));
  uint64_t fraction = micros % micros_per_second;
  if (fraction != 0) {
    length += std::snprintf(text + length, sizeof text - length, ".%06llu", static_cast<unsigned long long>(fraction));
    while (text[length - 1] == '0') {
      --length;
    }
  }
  out.append(text, length);
}

}  // namespace

std::string_view year_month_field(int field) { return field == interval_field::year ? "YEAR" : "MONTH"; }
std::string_view day_time_field(int field) { return day_time_names[field & 3]; }

std::optional<int32_t> parse_year_month(std::string_view input, const Type& type, std::optional<SparkError>* error) {
  std::string_view text = trim(input);
  int sign = 1;
  const std::string_view from = year_month_field(type.start_field());
  const std::string_view to = year_month_field(type.end_field());
  if (!unwrap(text, sign, from, to)) {
    return unmatched(input, type, error);
  }
  sign *= take_sign(text);
  const std::string_view first = take_digits(text, text.size());
  const bool both = from != to;
  std::string_view second;
  if (both && text.starts_with('-')) {
    text.remove_prefix(1);
    second = take_digits(text, text.size());
  }
  if (first.empty() || !text.empty() || (both && second.empty())) {
    return unmatched(input, type, error);
  }
  const std::optional<int64_t> leading = to_long(first);
  const std::optional<int64_t> months = to_long(second);
  constexpr int64_t most_years = std::numeric_limits<int32_t>::max() / months_per_year;
  int64_t total = 0;
  if (!leading || !months || (both && (*leading > most_years || *months > 11))) {
    return unreadable(input, "year-month", error);
  }
  const bool years = type.start_field() == interval_field::year;
  if (__builtin_mul_overflow(*leading, years ? months_per_year : 1, &total) || *leading > int64_t{1} << 40) {
    return unreadable(input, "year-month", error);
  }
  total = sign * (total + *months);
  if (total != static_cast<int32_t>(total)) {
    return unreadable(input, "year-month", error);
  }
  return static_cast<int32_t>(total);
}

std::optional<int64_t> parse_day_time(std::string_view input, const Type& type, std::optional<SparkError>* error) {
  std::string_view text = trim(input);
  const int start = type.start_field();
  const int end = type.end_field();
  int sign = 1;
  if (!unwrap(text, sign, day_time_names[start], day_time_names[end])) {
    return unmatched(input, type, error);
  }
  sign *= take_sign(text);
  std::array<int64_t, 4> values{};
  for (int field = start; field <= end; ++field) {
    if (field > start) {
      if (text.empty() || text[0] != (field == interval_field::hour ? ' ' : ':')) {
        return unmatched(input, type, error);
      }
      text.remove_prefix(1);
    }
    const std::string_view digits = take_digits(text, field == start ? leading_digits[field] : 2);
    if (digits.empty()) {
      return unmatched(input, type, error);
    }
    values[field] = *to_long(digits);
  }
  int64_t fraction = 0;
  if (end == interval_field::second && text.starts_with('.')) {
    text.remove_prefix(1);
    const std::string_view digits = take_digits(text, 9);
    for (size_t i = 0; i < 6; ++i) {
      fraction = fraction * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    }
    if (digits.empty()) {
      return unmatched(input, type, error);
    }
  }
  if (!text.empty()) {
    return unmatched(input, type, error);
  }
  int64_t total = 0;
  for (int field = start; field <= end; ++field) {
    const int64_t most = field == start ? leading_most[field] : following_most[field];
    if (values[field] > most) {
      return start == interval_field::second ? unreadable(input, "day-time", error)
                                             : out_of_range(field, values[field], most, error);
    }
    int64_t micros = values[field] * day_time_units[field];
    if (__builtin_add_overflow(total, sign * micros, &total)) {
      total = 0;
      fraction = -1;
      break;
    }
  }
  if (fraction < 0 || __builtin_add_overflow(total, sign * fraction, &total)) {
    if (start == interval_field::second) {
      return unreadable(input, "day-time", error);
    }
    if (error) {
      error->emplace(SparkError::plain(ErrorKind::arithmetic, "long overflow"));
    }
    return std::nullopt;
  }
  return total;
}

std::string year_month_text(int32_t months, const Type& type) {
  const int64_t magnitude = months < 0 ? -int64_t{months} : months;
  std::string out = "INTERVAL '";
  if (months < 0) {
    out += '-';
  }
  if (type.start_field() != type.end_field()) {
    out += std::to_string(magnitude / months_per_year) + "-" + std::to_string(magnitude % months_per_year);
  } else {
    out += std::to_string(type.start_field() == interval_field::year ? magnitude / months_per_year : magnitude);
  }
  return out + "' " + fields_of(type);
}

std::string day_time_text(int64_t micros, const Type& type) {
  uint64_t rest = micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::string out = "INTERVAL '";
  if (micros < 0) {
    out += '-';
  }
  for (int field = type.start_field(); field <= type.end_field(); ++field) {
    if (field > type.start_field()) {
      out += field == interval_field::hour ? ' ' : ':';
    }
    if (field == interval_field::second) {
      put_fixed_seconds(out, rest, true);
      break;
    }
    const auto unit = static_cast<uint64_t>(day_time_units[field]);
    const std::string number = std::to_string(rest / unit);
    if (field != interval_field::day && number.size() < 2) {
      out += '0';
    }
    out += number;
    rest %= unit;
  }
  return out + "' " + fields_of(type);
}

std::string calendar_interval_text(const CalendarInterval& interval) {
  std::string out;
  const auto append = [&](int64_t value, std::string_view unit) {
    if (value != 0) {
      out += (out.empty() ? "" : " ") + std::to_string(value) + " ";
      out += unit;
    }
  };
  append(interval.months / months_per_year, "years");
  append(interval.months % months_per_year, "months");
  append(interval.days, "days");
  append(interval.microseconds / micros_per_hour, "hours");
  append(interval.microseconds % micros_per_hour / micros_per_minute, "minutes");
  const int64_t rest = interval.microseconds % micros_per_minute;
  if (rest != 0) {
    out += out.empty() ? "" : " ";
    out += rest < 0 ? "-" : "";
    put_fixed_seconds(out, rest < 0 ? -rest : rest, false);
    out += " seconds";
  }
  return out.empty() ? "0 seconds" : out;
}

}  // namespace pyrite
