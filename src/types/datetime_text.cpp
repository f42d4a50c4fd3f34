// The scanner of date and time text, and its counterpart that writes them.
#include "types/datetime_text.h"

#include <chrono>
#include <cstring>
#include <limits>

namespace pyrite {
namespace {

bool is_blank_or_control(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank_or_control(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank_or_control(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

/// The numbers of a timestamp's text as they stand in it.
struct Fields {
  int64_t year = 1;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int64_t micros = 0;
  bool only_time = false;
  bool has_zone = false;
  std::string_view zone;
};

/// Reads digits one field at a time.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool done() const { return at_ == text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  void skip() { ++at_; }
  size_t at() const { return at_; }
  std::string_view rest() const { return text_.substr(at_); }
  /// Digits from here on; false when their number lies outside the bounds.
  bool number(size_t least, size_t most, int64_t& value) {
    const size_t start = at_;
    value = 0;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') {
      if (at_ - start == most) {
        return false;
      }
      value = value * 10 + (text_[at_++] - '0');
    }
    return at_ - start >= least;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool two_digits(Scanner& scan, int& value) {
  int64_t number = 0;
  if (!scan.number(1, 2, number)) {
    return false;
  }
  value = static_cast<int>(number);
  return true;
}

/// hour[:minute[:second[.fraction][zone]]]; the parts that may be missing depend on what comes next.
bool scan_time(Scanner& scan, Fields& fields, bool hour_known) {
  if (!hour_known && !two_digits(scan, fields.hour)) {
    return false;
  }
  if (scan.done()) {
    return true;
  }
  if (scan.peek() != ':') {
    return false;
  }
  scan.skip();
  if (!two_digits(scan, fields.minute)) {
    return false;
  }
  if (scan.done()) {
    return true;
  }
  if (scan.peek() != ':') {
    return false;
  }
  scan.skip();
  if (!two_digits(scan, fields.second)) {
    return false;
  }
  if (scan.peek() == '.') {
    scan.skip();
    int digits = 0;
    for (; scan.peek() >= '0' && scan.peek() <= '9'; scan.skip()) {
      if (digits < 6) {
        fields.micros = fields.micros * 10 + (scan.peek() - '0');
        ++digits;
      }
    }
    for (; digits < 6; ++digits) {
      fields.micros *= 10;
    }
  }
  if (!scan.done()) {
    fields.has_zone = true;
    fields.zone = trim(scan.rest());
  }
  return true;
}

bool scan_timestamp(std::string_view text, Fields& fields) {
  const std::string_view body = trim(text);
  const bool indented = body.data() != text.data();
  text = body;
  if (text.empty()) {
    return false;
  }
  Scanner scan(text);
  const bool is_signed = scan.peek() == '-' || scan.peek() == '+';
  const bool negative = scan.peek() == '-';
  if (is_signed) {
    scan.skip();
  } else if (scan.peek() == 'T' && !indented) {
    scan.skip();
    fields.only_time = true;
    return scan_time(scan, fields, false);
  }
  int64_t first = 0;
  const size_t start = scan.at();
  if (!scan.number(0, 6, first)) {
    return false;
  }
  const size_t digits = scan.at() - start;
  if (scan.peek() == ':' && !is_signed) {
    if (digits < 1 || digits > 2) {
      return false;
    }
    fields.only_time = true;
    fields.hour = static_cast<int>(first);
    return scan_time(scan, fields, true);
  }
  if (digits < 4) {
    return false;
  }
  fields.year = negative ? -first : first;
  for (int* part : {&fields.month, &fields.day}) {
    if (scan.done()) {
      return true;
    }
    if (scan.peek() != '-') {
      return false;
    }
    scan.skip();
    if (!two_digits(scan, *part)) {
      return false;
    }
  }
  if (scan.done()) {
    return true;
  }
  if (scan.peek() != ' ' && scan.peek() != 'T') {
    return false;
  }
  scan.skip();
  return scan_time(scan, fields, false);
}

bool valid_time(const Fields& fields) { return fields.hour < 24 && fields.minute < 60 && fields.second < 60; }

int64_t time_of_day(const Fields& fields) {
  return fields.hour * micros_per_hour + fields.minute * micros_per_minute + fields.second * micros_per_second +
         fields.micros;
}

/// Microseconds of a day and a time, checked against 64 bits.
bool join(int64_t days, int64_t micros, int64_t& out) {
  // One day less and the time negative, so that the earliest moments do not overflow on the way.
  if (days < 0) {
    int64_t base = 0;
    return !__builtin_mul_overflow(days + 1, micros_per_day, &base) &&
           !__builtin_add_overflow(base, micros - micros_per_day, &out);
  }
  int64_t base = 0;
  return !__builtin_mul_overflow(days, micros_per_day, &base) && !__builtin_add_overflow(base, micros, &out);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

int64_t today(const TimeZone& zone) { return zone.local_days(current_microseconds()); }

/// The word of special text in lower case. A zone may follow it, except after now; it has no meaning.
std::string special_word(std::string_view text) {
  text = trim(text);
  size_t end = 0;
  while (end < text.size() && ((text[end] | 32) >= 'a' && (text[end] | 32) <= 'z')) {
    ++end;
  }
  const std::string word = lower(text.substr(0, end));
  const std::string_view zone = trim(text.substr(end));
  return zone.empty() || (word != "now" && TimeZone::find(zone)) ? word : "";
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

void put_two(char*& out, int value) {
  *out++ = static_cast<char>('0' + value / 10);
  *out++ = static_cast<char>('0' + value % 10);
}

void put_year(char*& out, int64_t year) {
  uint64_t magnitude = year < 0 ? -year : year;
  if (year < 0) {
    *out++ = '-';
  } else if (year > 9999) {
    *out++ = '+';
  }
  char digits[20];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + magnitude % 10);
    magnitude /= 10;
  } while (magnitude > 0 || count < 4);
  while (count > 0) {
    *out++ = digits[--count];
  }
}

}  // namespace

std::optional<int32_t> parse_date(std::string_view text) {
  text = trim(text);
  if (text.empty()) {
    return std::nullopt;
  }
  Scanner scan(text);
  const bool negative = scan.peek() == '-';
  if (negative || scan.peek() == '+') {
    scan.skip();
  }
  int64_t year = 0;
  if (!scan.number(4, 7, year)) {
    return std::nullopt;
  }
  int parts[2] = {1, 1};
  for (int& part : parts) {
    if (scan.done()) {
      break;
    }
    if (scan.peek() != '-') {
      return std::nullopt;
    }
    scan.skip();
    if (!two_digits(scan, part)) {
      return std::nullopt;
    }
  }
  if (!scan.done() && scan.peek() != ' ' && scan.peek() != 'T') {
    return std::nullopt;
  }
  year = negative ? -year : year;
  if (!is_valid_date(year, parts[0], parts[1])) {
    return std::nullopt;
  }
  const int64_t days = days_from_civil(year, parts[0], parts[1]);
  if (days < std::numeric_limits<int32_t>::min() || days > std::numeric_limits<int32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<int32_t>(days);
}

std::optional<int64_t> parse_timestamp(std::string_view text, const TimeZone& session_zone) {
  Fields fields;
  if (!scan_timestamp(text, fields) || !valid_time(fields)) {
    return std::nullopt;
  }
  const TimeZone* zone = &session_zone;
  TimeZonePtr named;
  if (fields.has_zone) {
    if (fields.zone == "Z") {
      static const TimeZone utc("Z", 0);
      zone = &utc;
    } else {
      named = find_time_zone(fields.zone);
      if (!named) {
        return std::nullopt;
      }
      zone = named.get();
    }
  }
  int64_t days = 0;
  if (fields.only_time) {
    days = zone->local_days(current_microseconds());
  } else if (is_valid_date(fields.year, fields.month, fields.day)) {
    days = days_from_civil(fields.year, fields.month, fields.day);
  } else {
    return std::nullopt;
  }
  const int64_t micros = time_of_day(fields);
  const int64_t local_seconds = days * seconds_per_day + floor_div(micros, micros_per_second);
  const int64_t shifted = micros - int64_t{zone->offset_of_local(local_seconds)} * micros_per_second;
  int64_t out = 0;
  const int64_t more_days = floor_div(shifted, micros_per_day);
  if (!join(days + more_days, shifted - more_days * micros_per_day, out)) {
    return std::nullopt;
  }
  return out;
}

std::optional<int64_t> parse_timestamp_ntz(std::string_view text, bool allow_zone) {
  Fields fields;
  int64_t out = 0;
  if (!scan_timestamp(text, fields) || fields.only_time || !valid_time(fields) ||
      !is_valid_date(fields.year, fields.month, fields.day) ||
      (fields.has_zone && (!allow_zone || !find_time_zone(fields.zone))) ||
      !join(days_from_civil(fields.year, fields.month, fields.day), time_of_day(fields), out)) {
    return std::nullopt;
  }
  return out;
}

std::optional<TimestampParts> parse_timestamp_parts(std::string_view text) {
  Fields fields;
  if (!scan_timestamp(text, fields) || !valid_time(fields) ||
      (!fields.only_time && !is_valid_date(fields.year, fields.month, fields.day))) {
    return std::nullopt;
  }
  TimestampParts parts{{fields.year, fields.month, fields.day}, time_of_day(fields), nullptr, fields.only_time};
  if (fields.has_zone && !(parts.zone = find_time_zone(fields.zone))) {
    return std::nullopt;
  }
  return parts;
}

std::optional<int64_t> parse_time(std::string_view text) {
  std::string_view body = text;
  while (!body.empty() && is_blank_or_control(body.back())) {
    body.remove_suffix(1);
  }
  bool morning = false;
  bool afternoon = false;
  if (body.size() >= 2 && (body.back() == 'M' || body.back() == 'm')) {
    const char half = body[body.size() - 2];
    morning = half == 'A' || half == 'a';
    afternoon = half == 'P' || half == 'p';
    if (morning || afternoon) {
      body.remove_suffix(2);
      while (!body.empty() && body.back() == ' ') {
        body.remove_suffix(1);
      }
    }
  }
  Fields fields;
  if (!scan_timestamp(body, fields) || !fields.only_time || fields.has_zone) {
    return std::nullopt;
  }
  if (morning || afternoon) {
    if (fields.hour < 1 || fields.hour > 12) {
      return std::nullopt;
    }
    fields.hour = fields.hour % 12 + (afternoon ? 12 : 0);
  }
  if (!valid_time(fields)) {
    return std::nullopt;
  }
  return time_of_day(fields);
}

std::optional<int64_t> days_of(int64_t year, int month, int day) {
  return is_valid_date(year, month, day) ? std::optional<int64_t>(days_from_civil(year, month, day)) : std::nullopt;
}

int64_t current_microseconds() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::optional<int32_t> special_date(std::string_view text, const TimeZone& zone) {
  const std::string word = special_word(text);
  if (word == "epoch") {
    return 0;
  }
  const auto shift = word == "now" ? std::optional<int>(0) : special_day(word);
  return shift ? std::optional<int32_t>(static_cast<int32_t>(today(zone) + *shift)) : std::nullopt;
}

std::optional<int64_t> special_timestamp(std::string_view text, const TimeZone& zone) {
  const std::string word = special_word(text);
  if (word == "epoch") {
    return 0;
  }
  if (word == "now") {
    return current_microseconds();
  }
  const auto shift = special_day(word);
  return shift ? std::optional<int64_t>(zone.start_of_day(today(zone) + *shift) * micros_per_second) : std::nullopt;
}

std::optional<int64_t> special_timestamp_ntz(std::string_view text, const TimeZone& zone) {
  const std::string word = special_word(text);
  if (word == "epoch") {
    return 0;
  }
  if (word == "now") {
    return zone.to_local(current_microseconds());
  }
  const auto shift = special_day(word);
  return shift ? std::optional<int64_t>((today(zone) + *shift) * micros_per_day) : std::nullopt;
}

size_t format_date(int64_t days, char* out) {
  char* at = out;
  const CivilDate date = civil_from_days(days);
  put_year(at, date.year);
  *at++ = '-';
  put_two(at, date.month);
  *at++ = '-';
  put_two(at, date.day);
  return at - out;
}

size_t format_time(int64_t micros, char* out) {
  char* at = out;
  const auto seconds = static_cast<int>(micros / micros_per_second);
  auto fraction = static_cast<int>(micros % micros_per_second);
  put_two(at, seconds / 3600);
  *at++ = ':';
  put_two(at, seconds / 60 % 60);
  *at++ = ':';
  put_two(at, seconds % 60);
  if (fraction != 0) {
    *at++ = '.';
    for (int unit = 100000; fraction != 0; unit /= 10) {
      *at++ = static_cast<char>('0' + fraction / unit);
      fraction %= unit;
    }
  }
  return at - out;
}

size_t format_timestamp_local(int64_t local_micros, char* out) {
  const int64_t days = floor_div(local_micros, micros_per_day);
  size_t length = format_date(days, out);
  out[length++] = ' ';
  return length + format_time(static_cast<int64_t>(static_cast<uint64_t>(local_micros) -
                                                   static_cast<uint64_t>(days) * static_cast<uint64_t>(micros_per_day)),
                              out + length);
}

std::string date_text(int64_t days) {
  char text[datetime_text_size];
  return std::string(text, format_date(days, text));
}

std::string timestamp_text(int64_t utc_micros, const TimeZone& zone) {
  // Apart from the moment, so that a zone's offset cannot carry the local time over 64 bits.
  const int64_t seconds = floor_div(utc_micros, micros_per_second);
  const int64_t fraction = utc_micros - seconds * micros_per_second;
  const int64_t local = seconds + zone.offset_at(seconds);
  const int64_t days = floor_div(local, seconds_per_day);
  char text[datetime_text_size];
  size_t length = format_date(days, text);
  text[length++] = ' ';
  length += format_time((local - days * seconds_per_day) * micros_per_second + fraction, text + length);
  return std::string(text, length);
}

std::string timestamp_ntz_text(int64_t local_micros) {
  char text[datetime_text_size];
  return std::string(text, format_timestamp_local(local_micros, text));
}

std::string time_text(int64_t micros_of_day) {
  char text[datetime_text_size];
  return std::string(text, format_time(micros_of_day, text));
}

}  // namespace pyrite
