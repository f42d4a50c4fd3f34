// Reads dates, times and timestamps by Spark's rules: optional parts, one or two digits, zones at the end.
#include "types/datetime_text.h"

#include <chrono>

namespace pyrite {
namespace {

constexpr int64_t second = 1'000'000;
constexpr int64_t day_microseconds = 86'400 * second;

int64_t floor_divide(int64_t value, int64_t by) { return value / by - (value % by < 0); }

bool is_blank(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

/// Takes the sign before a year.
int take_sign(std::string_view& text, bool& written) {
  written = !text.empty() && (text[0] == '-' || text[0] == '+');
  if (!written) {
    return 1;
  }
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  return sign;
}

/// The segments of a timestamp: year, month, day, hour, minute, second, fraction.
struct Segments {
  int64_t value[7] = {1, 1, 1, 0, 0, 0, 0};
  std::string_view zone;
  bool has_zone = false;
  bool only_time = false;
};

bool valid_digits(int segment, int digits) {
  return segment == 6 || (segment == 0 ? digits >= 4 && digits <= 6 : digits > 0 && digits <= 2);
}

class SegmentReader {
 public:
  explicit SegmentReader(std::string_view text) : text_(trim(text)) {}

  std::optional<Segments> run() {
    if (text_.empty()) {
      return std::nullopt;
    }
    const int sign = take_sign(text_, signed_);
    for (size_t i = 0; i < text_.size() && !out_.has_zone; ++i) {
      if (is_digit(text_[i])) {
        digit(text_[i] - '0');
      } else if (!separator(i)) {
        return std::nullopt;
      }
    }
    if (!out_.has_zone && !close()) {
      return std::nullopt;
    }
    for (int digits = fraction_digits_; digits < 6; ++digits) {
      out_.value[6] *= 10;
    }
    out_.value[0] *= sign;
    return out_;
  }

 private:
  void digit(int value) {
    if (segment_ != 6 || digits_ < 6) {
      value_ = digits_ < 9 ? value_ * 10 + value : value_;
      fraction_digits_ += segment_ == 6;
    }
    ++digits_;
  }

  bool close() {
    if (!valid_digits(segment_, digits_)) {
      return false;
    }
    out_.value[segment_] = value_;
    value_ = 0;
    digits_ = 0;
    return true;
  }

  bool close_and_go_on() { return close() && ++segment_; }

  bool separator(size_t i) {
    const char c = text_[i];
    if (i == 0 && c == 'T' && !signed_) {
      out_.only_time = true;
      segment_ = 3;
      return true;
    }
    switch (segment_) {
      case 0:
        if (c == ':' && !signed_) {
          out_.only_time = true;
          segment_ = 3;
          return close_and_go_on();
        }
        [[fallthrough]];
      case 1:
        return c == '-' && close_and_go_on();
      case 2:
        return (c == ' ' || c == 'T') && close_and_go_on();
      case 3:
      case 4:
        return c == ':' && close_and_go_on();
      default:
        if (c == '.' && segment_ == 5) {
          return close_and_go_on();
        }
        out_.zone = trim(text_.substr(i));
        out_.has_zone = true;
        return close();
    }
  }

  std::string_view text_;
  Segments out_;
  bool signed_ = false;
  int segment_ = 0;
  int64_t value_ = 0;
  int digits_ = 0;
  int fraction_digits_ = 0;
};

std::optional<int64_t> today(const TimeZone& zone) {
  return floor_divide(zone.to_local(current_microseconds()), day_microseconds);
}

/// The day that a special word means, relative to today; nullopt: none.
std::optional<int> special_day(const std::string& word) {
  if (word == "today") {
    return 0;
  }
  if (word == "yesterday") {
    return -1;
  }
  return word == "tomorrow" ? std::optional<int>(1) : std::nullopt;
}

}  // namespace

std::optional<int64_t> days_of(int64_t year, int month, int day) {
  static constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) {
    return std::nullopt;
  }
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > lengths[month - 1] + (month == 2 && leap)) {
    return std::nullopt;
  }
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = floor_divide(y, 400);
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

CivilDate civil_of(int64_t days) {
  const int64_t shifted = days + 719'468;
  const int64_t era = floor_divide(shifted, 146'097);
  const int64_t day_of_era = shifted - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  date.month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2);
  return date;
}

std::optional<int32_t> parse_date(std::string_view given) {
  std::string_view text = trim(given);
  bool written = false;
  const int sign = take_sign(text, written);
  int64_t parts[3] = {1, 1, 1};
  int part = 0;
  int digits = 0;
  int64_t value = 0;
  const auto valid = [&] { return part == 0 ? digits >= 4 && digits <= 7 : digits > 0 && digits <= 2; };
  size_t i = 0;
  for (; i < text.size() && text[i] != ' ' && text[i] != 'T'; ++i) {
    if (part < 2 && text[i] == '-') {
      if (!valid()) {
        return std::nullopt;
      }
      parts[part++] = value;
      value = digits = 0;
    } else if (!is_digit(text[i]) || ++digits > 7) {
      return std::nullopt;
    } else {
      value = value * 10 + (text[i] - '0');
    }
  }
  if (!valid() || (part < 2 && i < text.size())) {
    return std::nullopt;
  }
  parts[part] = value;
  const auto days = days_of(sign * parts[0], static_cast<int>(parts[1]), static_cast<int>(parts[2]));
  if (!days || *days != static_cast<int32_t>(*days)) {
    return std::nullopt;
  }
  return static_cast<int32_t>(*days);
}

std::optional<TimestampParts> parse_timestamp_parts(std::string_view text) {
  const auto segments = SegmentReader(text).run();
  if (!segments) {
    return std::nullopt;
  }
  TimestampParts parts;
  const auto& value = segments->value;
  if (value[3] > 23 || value[4] > 59 || value[5] > 59) {
    return std::nullopt;
  }
  parts.date = {value[0], static_cast<int>(value[1]), static_cast<int>(value[2])};
  parts.microseconds = ((value[3] * 60 + value[4]) * 60 + value[5]) * second + value[6];
  parts.only_time = segments->only_time;
  if (!parts.only_time && !days_of(parts.date.year, parts.date.month, parts.date.day)) {
    return std::nullopt;
  }
  if (segments->has_zone) {
    parts.zone = TimeZone::find(segments->zone);
    if (!parts.zone) {
      return std::nullopt;
    }
  }
  return parts;
}

std::optional<int64_t> parse_timestamp(std::string_view text, const TimeZone& session_zone) {
  const auto parts = parse_timestamp_parts(text);
  if (!parts) {
    return std::nullopt;
  }
  const TimeZone& zone = parts->zone ? *parts->zone : session_zone;
  const auto days = parts->only_time ? today(zone) : days_of(parts->date.year, parts->date.month, parts->date.day);
  int64_t local = 0;
  if (!days || __builtin_mul_overflow(*days, day_microseconds, &local) ||
      __builtin_add_overflow(local, parts->microseconds, &local)) {
    return std::nullopt;
  }
  return zone.to_utc(local);
}

std::optional<int64_t> parse_timestamp_ntz(std::string_view text, bool allow_zone) {
  const auto parts = parse_timestamp_parts(text);
  if (!parts || parts->only_time || (parts->zone && !allow_zone)) {
    return std::nullopt;
  }
  const auto days = days_of(parts->date.year, parts->date.month, parts->date.day);
  int64_t local = 0;
  if (!days || __builtin_mul_overflow(*days, day_microseconds, &local) ||
      __builtin_add_overflow(local, parts->microseconds, &local)) {
    return std::nullopt;
  }
  return local;
}

std::optional<int64_t> parse_time(std::string_view given) {
  std::string_view text = trim(given);
  std::string half;
  if (text.size() > 2) {
    const std::string tail = lower(text.substr(text.size() - 2));
    if (tail == "am" || tail == "pm") {
      half = tail;
      text = trim(text.substr(0, text.size() - 2));
    }
  }
  const auto parts = parse_timestamp_parts(text);
  if (!parts || !parts->only_time || parts->zone) {
    return std::nullopt;
  }
  if (half.empty()) {
    return parts->microseconds;
  }
  const int64_t hour = parts->microseconds / (3600 * second);
  if (hour < 1 || hour > 12) {
    return std::nullopt;
  }
  const int64_t shift = (hour == 12 ? 0 : hour) + (half == "pm" ? 12 : 0) - hour;
  return parts->microseconds + shift * 3600 * second;
}

int64_t current_microseconds() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::optional<int32_t> special_date(std::string_view text, const TimeZone& zone) {
  const std::string word = lower(trim(text));
  if (word == "epoch") {
    return 0;
  }
  const auto shift = word == "now" ? std::optional<int>(0) : special_day(word);
  return shift ? std::optional<int32_t>(static_cast<int32_t>(*today(zone) + *shift)) : std::nullopt;
}

std::optional<int64_t> special_timestamp(std::string_view text, const TimeZone& zone) {
  const std::string word = lower(trim(text));
  if (word == "epoch") {
    return 0;
  }
  if (word == "now") {
    return current_microseconds();
  }
  const auto shift = special_day(word);
  return shift ? std::optional<int64_t>(zone.to_utc((*today(zone) + *shift) * day_microseconds)) : std::nullopt;
}

std::optional<int64_t> special_timestamp_ntz(std::string_view text, const TimeZone& zone) {
  const std::string word = lower(trim(text));
  if (word == "epoch") {
    return 0;
  }
  if (word == "now") {
    return zone.to_local(current_microseconds());
  }
  const auto shift = special_day(word);
  return shift ? std::optional<int64_t>((*today(zone) + *shift) * day_microseconds) : std::nullopt;
}

}  // namespace pyrite
