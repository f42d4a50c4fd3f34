// Time zones over ICU's zone rules; fixed offsets need no rules.
#include "types/time_zone.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace pyrite {
namespace {

constexpr int64_t second = 1'000'000;

class FixedZone final : public TimeZone {
 public:
  FixedZone(std::string id, int64_t seconds) : TimeZone(std::move(id)), seconds_(seconds) {}
  int64_t offset_seconds(int64_t) const override { return seconds_; }
  int64_t to_utc(int64_t local) const override { return local - seconds_ * second; }

 private:
  int64_t seconds_;
};

double to_milliseconds(int64_t microseconds) { return std::floor(static_cast<double>(microseconds) / 1000.0); }

class RegionZone final : public TimeZone {
 public:
  RegionZone(std::string id, std::unique_ptr<icu::BasicTimeZone> rules) : TimeZone(std::move(id)), rules_(std::move(rules)) {}

  int64_t offset_seconds(int64_t utc) const override {
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    rules_->getOffset(to_milliseconds(utc), false, raw, saving, status);
    return (raw + saving) / 1000;
  }

  int64_t to_utc(int64_t local) const override {
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    rules_->getOffsetFromLocal(to_milliseconds(local), UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, saving, status);
    return local - int64_t{raw + saving} * 1000;
  }

 private:
  std::unique_ptr<icu::BasicTimeZone> rules_;
};

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    value = value * 10 + (c - '0');
  }
  return value;
}

/// "+h", "+hh", "+hh:mm", "+hhmm", "+hh:mm:ss", "+hhmmss", with one digit for hour or minute before or after a colon.
std::optional<int64_t> offset_of(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) {
    return std::nullopt;
  }
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  int parts[3] = {0, 0, 0};
  if (text.find(':') != std::string_view::npos) {
    for (int i = 0; i < 3 && !text.empty(); ++i) {
      const size_t colon = std::min(text.find(':'), text.size());
      if (!all_digits(text.substr(0, colon)) || colon > 2) {
        return std::nullopt;
      }
      parts[i] = number(text.substr(0, colon));
      const bool more = colon < text.size();
      if (more && (i == 2 || colon + 1 == text.size())) {
        return std::nullopt;
      }
      text.remove_prefix(more ? colon + 1 : colon);
    }
  } else {
    if (!all_digits(text) || text.size() > 6 || (text.size() > 1 && text.size() % 2 != 0)) {
      return std::nullopt;
    }
    parts[0] = number(text.substr(0, text.size() == 1 ? 1 : 2));
    for (size_t i = 2; i < text.size(); i += 2) {
      parts[i / 2] = number(text.substr(i, 2));
    }
  }
  const int64_t total = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (parts[0] > 18 || parts[1] > 59 || parts[2] > 59 || total > 18 * 3600) {
    return std::nullopt;
  }
  return sign * total;
}

/// Java's three-letter ids.
std::string_view short_id(std::string_view id) {
  struct ShortId {
    std::string_view name, meaning;
  };
  static constexpr ShortId ids[] = {
      {"ACT", "Australia/Darwin"}, {"AET", "Australia/Sydney"}, {"AGT", "America/Argentina/Buenos_Aires"},
      {"ART", "Africa/Cairo"}, {"AST", "America/Anchorage"}, {"BET", "America/Sao_Paulo"}, {"BST", "Asia/Dhaka"},
      {"CAT", "Africa/Harare"}, {"CNT", "America/St_Johns"}, {"CST", "America/Chicago"}, {"CTT", "Asia/Shanghai"},
      {"EAT", "Africa/Addis_Ababa"}, {"ECT", "Europe/Paris"}, {"EST", "-05:00"}, {"HST", "-10:00"},
      {"IET", "America/Indiana/Indianapolis"}, {"IST", "Asia/Kolkata"}, {"JST", "Asia/Tokyo"}, {"MIT", "Pacific/Apia"},
      {"MST", "-07:00"}, {"NET", "Asia/Yerevan"}, {"NST", "Pacific/Auckland"}, {"PLT", "Asia/Karachi"},
      {"PNT", "America/Phoenix"}, {"PRT", "America/Puerto_Rico"}, {"PST", "America/Los_Angeles"},
      {"SST", "Pacific/Guadalcanal"}, {"VST", "Asia/Ho_Chi_Minh"}};
  for (const ShortId& each : ids) {
    if (each.name == id) {
      return each.meaning;
    }
  }
  return id;
}

}  // namespace

std::shared_ptr<const TimeZone> TimeZone::find(std::string_view given) {
  const std::string_view id = short_id(given);
  if (id.empty()) {
    return nullptr;
  }
  if (id == "Z" || id == "UTC" || id == "GMT" || id == "UT") {
    return std::make_shared<FixedZone>(std::string(id), 0);
  }
  if (const auto seconds = offset_of(id)) {
    return std::make_shared<FixedZone>(std::string(id), *seconds);
  }
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (id.starts_with(prefix)) {
      if (const auto seconds = offset_of(id.substr(prefix.size()))) {
        return std::make_shared<FixedZone>(std::string(id), *seconds);
      }
    }
  }
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8({id.data(), static_cast<int32_t>(id.size())})));
  icu::UnicodeString known;
  if (!zone || zone->getID(known) == icu::UnicodeString("Etc/Unknown")) {
    return nullptr;
  }
  auto* rules = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (!rules) {
    return nullptr;
  }
  zone.release();
  return std::make_shared<RegionZone>(std::string(id), std::unique_ptr<icu::BasicTimeZone>(rules));
}

}  // namespace pyrite
