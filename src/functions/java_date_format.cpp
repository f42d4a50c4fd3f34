// Writes dates and times by a compiled pattern.
#include <unicode/locid.h>
#include <unicode/timezone.h>

#include "functions/java_date_element.h"

namespace pyrite {
namespace {

using Element = JavaDatePattern::Element;
using Kind = Element::Kind;

constexpr std::string_view months[] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
constexpr std::string_view days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::string_view quarters[] = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};
constexpr std::string_view short_quarters[] = {"Q1", "Q2", "Q3", "Q4"};

int64_t field_value(PatternField field, const LocalMoment& moment, const CivilDate& date) {
  const int64_t hour = moment.micros_of_day / micros_per_hour;
  switch (field) {
    case PatternField::era:
      return date.year > 0;
    case PatternField::year:
      return date.year;
    case PatternField::year_of_era:
      return date.year > 0 ? date.year : 1 - date.year;
    case PatternField::month:
      return date.month;
    case PatternField::quarter:
      return (date.month + 2) / 3;
    case PatternField::day_of_month:
      return date.day;
    case PatternField::day_of_year:
      return day_of_year(moment.days);
    case PatternField::day_of_week:
      return iso_day_of_week(moment.days);
    case PatternField::aligned_week_day:
      return (date.day - 1) % 7 + 1;
    case PatternField::am_pm:
      return hour >= 12;
    case PatternField::hour_of_day:
      return hour;
    case PatternField::clock_hour_of_day:
      return hour == 0 ? 24 : hour;
    case PatternField::hour_of_am_pm:
      return hour % 12;
    case PatternField::clock_hour_of_am_pm:
      return hour % 12 == 0 ? 12 : hour % 12;
    case PatternField::minute:
      return moment.micros_of_day / micros_per_minute % 60;
    case PatternField::second:
      return moment.micros_of_day / micros_per_second % 60;
    case PatternField::nano:
      return moment.micros_of_day % micros_per_second * 1000;
    case PatternField::modified_julian_day:
      return moment.days + 40587;
  }
  return 0;
}

void put_number(const Element& element, int64_t value, std::string& out) {
  char digits[24];
  int count = 0;
  for (uint64_t rest = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
       rest > 0 || count == 0; rest /= 10) {
    digits[count++] = static_cast<char>('0' + rest % 10);
  }
  if (value < 0) {
    out += '-';
  } else if (element.sign == PatternSign::exceeds_pad && count > element.min_width) {
    out += '+';
  }
  out.append(static_cast<size_t>(std::max(0, element.min_width - count)), '0');
  while (count > 0) {
    out += digits[--count];
  }
}

void put_zone_name(const LocalMoment& moment, bool generic, bool full, std::string& out) {
  const std::string& id = moment.zone->id();
  if (moment.zone->is_fixed()) {
    out += id == "Z" || id == "UTC" ? (full ? "Coordinated Universal Time" : id == "Z" ? "Z" : "UTC") : id;
    return;
  }
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(id)));
  icu::UnicodeString name;
  const bool saving = moment.offset * 1000 != zone->getRawOffset();
  const auto style = generic ? (full ? icu::TimeZone::LONG_GENERIC : icu::TimeZone::SHORT_GENERIC)
                             : (full ? icu::TimeZone::LONG : icu::TimeZone::SHORT);
  zone->getDisplayName(saving, style, icu::Locale::getUS(), name);
  name.toUTF8String(out);
}

void put_elements(const JavaDatePattern::Elements& elements, const LocalMoment& moment, const CivilDate& date,
                  std::string& out) {
  for (const Element& element : elements) {
    switch (element.kind) {
      case Kind::literal:
        out += element.literal;
        break;
      case Kind::number:
        put_number(element, field_value(element.field, moment, date), out);
        break;
      case Kind::reduced_year: {
        const int64_t year = field_value(element.field, moment, date);
        put_number(element, (year < 0 ? -year : year) % 100, out);
        break;
      }
      case Kind::fraction: {
        int64_t value = field_value(PatternField::nano, moment, date);
        for (int digit = 0, unit = 100'000'000; digit < element.max_width; ++digit, unit /= 10) {
          out += static_cast<char>('0' + value / unit);
          value %= unit;
        }
        break;
      }
      case Kind::text:
        out += field_name(element.field, field_value(element.field, moment, date), element.full);
        break;
      case Kind::offset:
        out += format_offset(moment.offset, element.offset_pattern, element.literal);
        break;
      case Kind::localized_offset:
        out += "GMT";
        if (moment.offset != 0) {
          const int32_t size = moment.offset < 0 ? -moment.offset : moment.offset;
          std::string text = format_offset(moment.offset, size % 60 == 0 ? "+HH:MM" : "+HH:MM:SS", "");
          if (!element.full) {
            if (text[1] == '0') {
              text.erase(1, 1);
            }
            if (size % 3600 == 0) {
              text.resize(text.find(':'));
            }
          }
          out += text;
        }
        break;
      case Kind::zone_id:
        out += moment.zone->id();
        break;
      case Kind::zone_name:
      case Kind::generic_zone_name:
        put_zone_name(moment, element.kind == Kind::generic_zone_name, element.full, out);
        break;
      case Kind::optional:
        put_elements(element.children, moment, date, out);
        break;
    }
  }
}

}  // namespace

std::string_view field_name(PatternField field, int64_t value, bool full) {
  switch (field) {
    case PatternField::era:
      return value == 0 ? (full ? "Before Christ" : "BC") : (full ? "Anno Domini" : "AD");
    case PatternField::month:
      return full ? months[value - 1] : months[value - 1].substr(0, 3);
    case PatternField::quarter:
      return full ? quarters[value - 1] : short_quarters[value - 1];
    case PatternField::day_of_week:
      return full ? days[value - 1] : days[value - 1].substr(0, 3);
    case PatternField::am_pm:
      return value == 0 ? "AM" : "PM";
    default:
      return {};
  }
}

std::string format_offset(int32_t seconds, std::string_view pattern, std::string_view no_offset) {
  if (seconds == 0) {
    return std::string(no_offset);
  }
  const int32_t size = seconds < 0 ? -seconds : seconds;
  std::string out(1, seconds < 0 ? '-' : '+');
  const auto put = [&](int32_t value) {
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
  };
  put(size / 3600);
  const bool colon = pattern.find(':') != std::string_view::npos;
  const int32_t minutes = size / 60 % 60;
  const int32_t second = size % 60;
  // Small letters: only where not zero.
  const bool with_seconds =
      pattern.find("SS") != std::string_view::npos || (pattern.find("ss") != std::string_view::npos && second > 0);
  const bool with_minutes = pattern.find("MM") != std::string_view::npos || minutes > 0 || with_seconds;
  if (with_minutes) {
    out += colon ? ":" : "";
    put(minutes);
  }
  if (with_seconds) {
    out += colon ? ":" : "";
    put(second);
  }
  return out;
}

void JavaDatePattern::format(const LocalMoment& moment, std::string& out) const {
  put_elements(*elements_, moment, civil_from_days(moment.days), out);
}

}  // namespace pyrite
