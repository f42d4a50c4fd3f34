// Reads dates and times by a compiled pattern, with Java's strict rules and words.
#include <array>

#include "functions/java_date_element.h"
#include "functions/java_date_error.h"

namespace pyrite {
namespace {

using Element = JavaDatePattern::Element;
using Kind = Element::Kind;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool starts_with(std::string_view text, size_t at, std::string_view word) {
  if (text.size() - at < word.size()) {
    return false;
  }
  for (size_t i = 0; i < word.size(); ++i) {
    if (lower(text[at + i]) != lower(word[i])) {
      return false;
    }
  }
  return true;
}

/// Values as read; a field that comes twice must agree with itself.
struct Fields {
  std::array<int64_t, pattern_field_count> values{};
  uint32_t present = 0;
  TimeZonePtr zone;
  bool has(PatternField field) const { return present >> static_cast<int>(field) & 1; }
  int64_t get(PatternField field) const { return values[static_cast<size_t>(field)]; }
  bool set(PatternField field, int64_t value) {
    if (has(field)) {
      return get(field) == value;
    }
    values[static_cast<size_t>(field)] = value;
    present |= 1u << static_cast<int>(field);
    return true;
  }
};

/// Where reading goes on, or where it failed.
struct Step {
  size_t at;
  bool failed = false;
};
Step fail(size_t at) { return {at, true}; }

/// A zone by its id or by the short name of its summer or winter time.
TimeZonePtr named_zone(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> short_names[] = {
      {"EDT", "America/New_York"},    {"CDT", "America/Chicago"},    {"MDT", "America/Denver"},
      {"PDT", "America/Los_Angeles"}, {"AKST", "America/Anchorage"}, {"AKDT", "America/Anchorage"},
      {"CET", "Europe/Paris"},        {"CEST", "Europe/Paris"},      {"EEST", "Europe/Bucharest"},
      {"WEST", "Atlantic/Canary"},    {"MSK", "Europe/Moscow"},      {"AEST", "Australia/Sydney"},
      {"AEDT", "Australia/Sydney"},   {"NZST", "Pacific/Auckland"},  {"NZDT", "Pacific/Auckland"},
      {"KST", "Asia/Seoul"},
  };
  for (const auto& [short_name, id] : short_names) {
    if (short_name == name) {
      return find_time_zone(id);
    }
  }
  return find_time_zone(name);
}

class PatternParser {
 public:
  PatternParser(std::string_view text) : text_(text) {}

  Step run(const JavaDatePattern::Elements& elements, size_t at) {
    for (const Element& element : elements) {
      const Step step = one(element, at);
      if (step.failed) {
        return step;
      }
      at = step.at;
    }
    return {at};
  }
  Fields& fields() { return fields_; }

 private:
  Step one(const Element& element, size_t at) {
    switch (element.kind) {
      case Kind::literal:
        return starts_with(text_, at, element.literal) ? Step{at + element.literal.size()} : fail(at);
      case Kind::number:
      case Kind::reduced_year:
        return number(element, at);
      case Kind::fraction:
        return fraction(element, at);
      case Kind::text:
        return name(element, at);
      case Kind::offset:
        return offset(element, at);
      case Kind::localized_offset:
        return localized_offset(element, at);
      case Kind::zone_id:
      case Kind::zone_name:
      case Kind::generic_zone_name:
        return zone(at);
      case Kind::optional: {
        const Fields before = fields_;
        const Step step = run(element.children, at);
        if (step.failed) {
          fields_ = before;
          return {at};
        }
        return step;
      }
    }
    return fail(at);
  }

  Step number(const Element& element, size_t at) {
    if (at == text_.size()) {
      return fail(at);
    }
    const size_t start = at;
    const bool plus = text_[at] == '+';
    const bool minus = text_[at] == '-';
    if (plus || minus) {
      if (element.sign == PatternSign::not_negative || (plus && element.sign == PatternSign::normal)) {
        return fail(at);
      }
      ++at;
    }
    const auto least = static_cast<size_t>(element.min_width);
    if (at + least > text_.size()) {
      return fail(at);
    }
    size_t end = at;
    const size_t limit = std::min(text_.size(), at + static_cast<size_t>(element.max_width + element.following_width));
    while (end < limit && is_digit(text_[end])) {
      ++end;
    }
    if (end - at < least) {
      return fail(at);
    }
    if (element.following_width > 0) {
      const size_t following = std::min(end - at, static_cast<size_t>(element.following_width));
      end = at + std::max(least, end - at - following);
    }
    int64_t value = 0;
    for (size_t i = at; i < end; ++i) {
      if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text_[i] - '0', &value)) {
        return fail(start);
      }
    }
    if (minus) {
      if (value == 0) {
        return fail(start);
      }
      value = -value;
    } else if (element.sign == PatternSign::exceeds_pad && plus != (end - at > least)) {
      return fail(start);
    }
    if (element.kind == Kind::reduced_year) {
      value += 2000;
    }
    return fields_.set(element.field, value) ? Step{end} : fail(start);
  }

  Step fraction(const Element& element, size_t at) {
    const size_t limit = std::min(text_.size(), at + static_cast<size_t>(element.max_width));
    size_t end = at;
    int64_t value = 0;
    int64_t unit = 100'000'000;
    for (; end < limit && is_digit(text_[end]); ++end, unit /= 10) {
      value += (text_[end] - '0') * unit;
    }
    if (end - at < static_cast<size_t>(element.min_width)) {
      return fail(at);
    }
    return fields_.set(PatternField::nano, value) ? Step{end} : fail(at);
  }

  Step name(const Element& element, size_t at) {
    const auto [first, last] = element.field == PatternField::era || element.field == PatternField::am_pm
                                   ? std::pair(0, 1)
                               : element.field == PatternField::month   ? std::pair(1, 12)
                               : element.field == PatternField::quarter ? std::pair(1, 4)
                                                                        : std::pair(1, 7);
    for (int value = first; value <= last; ++value) {
      const std::string_view word = field_name(element.field, value, element.full);
      if (starts_with(text_, at, word)) {
        return fields_.set(element.field, value) ? Step{at + word.size()} : fail(at);
      }
    }
    return fail(at);
  }

  bool two_digits(size_t at, int64_t& value) const {
    if (at + 2 > text_.size() || !is_digit(text_[at]) || !is_digit(text_[at + 1])) {
      return false;
    }
    value = (text_[at] - '0') * 10 + (text_[at + 1] - '0');
    return true;
  }

  Step set_offset(int64_t seconds, size_t end) {
    fields_.zone = std::make_shared<const TimeZone>("", static_cast<int32_t>(seconds));
    return {end};
  }

  Step offset(const Element& element, size_t at) {
    if (at < text_.size() && (text_[at] == '+' || text_[at] == '-')) {
      const bool colon = element.offset_pattern.find(':') != std::string::npos;
      int64_t parts[3] = {0, 0, 0};
      size_t end = at + 1;
      bool complete = two_digits(end, parts[0]);
      end += 2;
      const bool minutes_needed = element.offset_pattern.find("MM") != std::string::npos;
      for (int i = 1; i < 3 && complete; ++i) {
        const bool allowed = i == 1 || element.offset_pattern.find("ss") != std::string::npos;
        const size_t digits = end + (colon ? 1 : 0);
        const bool there = allowed && (!colon || (end < text_.size() && text_[end] == ':')) &&
                           two_digits(digits, parts[i]) && parts[i] < 60;
        if (!there) {
          complete = i == 2 || !minutes_needed;
          parts[i] = 0;
          break;
        }
        end = digits + 2;
      }
      const int64_t total = parts[0] * 3600 + parts[1] * 60 + parts[2];
      if (complete && total <= 18 * 3600) {
        return set_offset(text_[at] == '-' ? -total : total, end);
      }
    }
    if (!element.literal.empty() && starts_with(text_, at, element.literal)) {
      return set_offset(0, at + element.literal.size());
    }
    return fail(at);
  }

  Step localized_offset(const Element& element, size_t at) {
    if (!starts_with(text_, at, "GMT")) {
      return fail(at);
    }
    size_t end = at + 3;
    if (end == text_.size() || (text_[end] != '+' && text_[end] != '-')) {
      return set_offset(0, end);
    }
    const bool negative = text_[end++] == '-';
    int64_t parts[3] = {0, 0, 0};
    if (element.full) {
      if (!two_digits(end, parts[0])) {
        return fail(at);
      }
      end += 2;
    } else {
      size_t digits = 0;
      for (; digits < 2 && end < text_.size() && is_digit(text_[end]); ++digits, ++end) {
        parts[0] = parts[0] * 10 + (text_[end] - '0');
      }
      if (digits == 0) {
        return fail(at);
      }
    }
    for (int i = 1; i < 3 && end < text_.size() && text_[end] == ':' && two_digits(end + 1, parts[i]); ++i) {
      end += 3;
    }
    const int64_t total = parts[0] * 3600 + parts[1] * 60 + parts[2];
    return set_offset(negative ? -total : total, end);
  }

  /// The longest text from here on that names a zone.
  Step zone(size_t at) {
    size_t end = at;
    while (end < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[end])) ||
                                  std::string_view("/_+-:~.").find(text_[end]) != std::string_view::npos)) {
      ++end;
    }
    for (; end > at; --end) {
      if (TimeZonePtr found = named_zone(text_.substr(at, end - at))) {
        fields_.zone = std::move(found);
        return {end};
      }
    }
    return fail(at);
  }

  std::string_view text_;
  Fields fields_;
};

std::string quoted(std::string_view text) {
  return "Text '" + (text.size() > 64 ? std::string(text.substr(0, 64)) + "..." : std::string(text)) + "'";
}

struct Bounds {
  PatternField field;
  std::string_view name;
  int64_t least, most;
};
constexpr Bounds time_bounds[] = {
    {PatternField::clock_hour_of_day, "ClockHourOfDay", 1, 24},
    {PatternField::clock_hour_of_am_pm, "ClockHourOfAmPm", 1, 12},
    {PatternField::hour_of_am_pm, "HourOfAmPm", 0, 11},
    {PatternField::hour_of_day, "HourOfDay", 0, 23},
    {PatternField::minute, "MinuteOfHour", 0, 59},
    {PatternField::second, "SecondOfMinute", 0, 59},
};

/// Microseconds of the day; an empty message: fine.
int64_t resolve_time(const Fields& fields, std::string& message) {
  for (const Bounds& bounds : time_bounds) {
    if (fields.has(bounds.field) &&
        (fields.get(bounds.field) < bounds.least || fields.get(bounds.field) > bounds.most)) {
      message = invalid_field_message(bounds.name, bounds.least, std::to_string(bounds.most), fields.get(bounds.field));
      return 0;
    }
  }
  int64_t hour = 0;
  std::optional<int64_t> half_hour;
  if (fields.has(PatternField::clock_hour_of_am_pm)) {
    half_hour = fields.get(PatternField::clock_hour_of_am_pm) % 12;
  } else if (fields.has(PatternField::hour_of_am_pm)) {
    half_hour = fields.get(PatternField::hour_of_am_pm);
  }
  if (fields.has(PatternField::hour_of_day)) {
    hour = fields.get(PatternField::hour_of_day);
  } else if (fields.has(PatternField::clock_hour_of_day)) {
    hour = fields.get(PatternField::clock_hour_of_day) % 24;
  } else {
    hour = half_hour.value_or(0) + (fields.has(PatternField::am_pm) ? fields.get(PatternField::am_pm) * 12 : 0);
  }
  const auto value = [&](PatternField field) { return fields.has(field) ? fields.get(field) : 0; };
  return hour * micros_per_hour + value(PatternField::minute) * micros_per_minute +
         value(PatternField::second) * micros_per_second + value(PatternField::nano) / 1000;
}

/// `resolved`: whether Java itself makes a date of the fields, so that errors name the text.
int64_t resolve_date(const Fields& fields, std::string& message, bool& resolved) {
  std::optional<int64_t> year;
  if (fields.has(PatternField::year)) {
    year = fields.get(PatternField::year);
  } else if (fields.has(PatternField::year_of_era)) {
    const int64_t of_era = fields.get(PatternField::year_of_era);
    year = fields.has(PatternField::era) && fields.get(PatternField::era) == 0 ? 1 - of_era : of_era;
  }
  const bool has_month = fields.has(PatternField::month);
  const bool has_day = fields.has(PatternField::day_of_month);
  resolved = year && ((has_month && has_day) || fields.has(PatternField::day_of_year));
  const int64_t in_year = year.value_or(1970);
  if (fields.has(PatternField::day_of_year) && year && !(has_month && has_day)) {
    const int64_t day = fields.get(PatternField::day_of_year);
    if (day < 1 || day > 366) {
      message = invalid_field_message("DayOfYear", 1, "365/366", day);
      return 0;
    }
    if (day == 366 && !is_leap_year(in_year)) {
      message = "Invalid date 'DayOfYear 366' as '" + std::to_string(in_year) + "' is not a leap year";
      return 0;
    }
    return days_from_civil(in_year, 1, 1) + day - 1;
  }
  const int64_t month = has_month ? fields.get(PatternField::month) : 1;
  const int64_t day = has_day ? fields.get(PatternField::day_of_month) : 1;
  message = invalid_date_message(in_year, month, day);
  return message.empty() ? days_from_civil(in_year, static_cast<int>(month), static_cast<int>(day)) : 0;
}

}  // namespace

std::string invalid_field_message(std::string_view field, int64_t least, std::string_view most, int64_t value) {
  return "Invalid value for " + std::string(field) + " (valid values " + std::to_string(least) + " - " +
         std::string(most) + "): " + std::to_string(value);
}

std::string invalid_date_message(int64_t year, int64_t month, int64_t day) {
  if (year < min_local_year || year > max_local_year) {
    return invalid_field_message("Year", min_local_year, std::to_string(max_local_year), year);
  }
  if (month < 1 || month > 12) {
    return invalid_field_message("MonthOfYear", 1, "12", month);
  }
  if (day < 1 || day > 31) {
    return invalid_field_message("DayOfMonth", 1, "28/31", day);
  }
  if (is_valid_date(year, month, day)) {
    return {};
  }
  if (day == 29) {
    return "Invalid date 'February 29' as '" + std::to_string(year) + "' is not a leap year";
  }
  std::string name(field_name(PatternField::month, month, true));
  for (char& c : name) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return "Invalid date '" + name + " " + std::to_string(day) + "'";
}

std::string invalid_time_message(int64_t hour, int64_t minute, int64_t second) {
  if (hour < 0 || hour > 23) {
    return invalid_field_message("HourOfDay", 0, "23", hour);
  }
  if (minute < 0 || minute > 59) {
    return invalid_field_message("MinuteOfHour", 0, "59", minute);
  }
  return second < 0 || second > 59 ? invalid_field_message("SecondOfMinute", 0, "59", second) : std::string();
}

std::optional<ParsedMoment> JavaDatePattern::parse(std::string_view text, std::string* message) const {
  const auto failed = [&](const std::string& why) -> std::optional<ParsedMoment> {
    if (message) {
      *message = why;
    }
    return std::nullopt;
  };
  PatternParser parser(text);
  const Step step = parser.run(*elements_, 0);
  if (step.failed) {
    return failed(quoted(text) + " could not be parsed at index " + std::to_string(step.at));
  }
  if (step.at < text.size()) {
    return failed(quoted(text) + " could not be parsed, unparsed text found at index " + std::to_string(step.at));
  }
  std::string problem;
  ParsedMoment moment;
  moment.micros_of_day = resolve_time(parser.fields(), problem);
  if (!problem.empty()) {
    return failed(quoted(text) + " could not be parsed: " + problem);
  }
  bool resolved = false;
  moment.days = resolve_date(parser.fields(), problem, resolved);
  if (!problem.empty()) {
    return failed(resolved ? quoted(text) + " could not be parsed: " + problem : problem);
  }
  moment.zone = parser.fields().zone;
  return moment;
}

}  // namespace pyrite
