// Reads zone names as Java does and builds their tables of offsets from ICU's rules.
#include "types/time_zone.h"

#include <unicode/basictz.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/tzrule.h>
#include <unicode/tztrans.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "base/error.h"

namespace pyrite {
namespace {

/// Rules repeat with the calendar: 400 years.
constexpr int64_t cycle_seconds = 146097 * seconds_per_day;
/// Tables hold every change before this year and are folded back beyond it; all one-off changes lie far before.
constexpr int64_t table_end = days_from_civil(2500, 1, 1) * seconds_per_day;
constexpr int64_t first_second = std::numeric_limits<int64_t>::min();
constexpr int64_t last_second = std::numeric_limits<int64_t>::max();
constexpr int64_t max_offset = 18 * 3600;

struct ShortId {
  std::string_view name;
  std::string_view id;
};
constexpr ShortId short_ids[] = {
    {"ACT", "Australia/Darwin"},
    {"AET", "Australia/Sydney"},
    {"AGT", "America/Argentina/Buenos_Aires"},
    {"ART", "Africa/Cairo"},
    {"AST", "America/Anchorage"},
    {"BET", "America/Sao_Paulo"},
    {"BST", "Asia/Dhaka"},
    {"CAT", "Africa/Harare"},
    {"CNT", "America/St_Johns"},
    {"CST", "America/Chicago"},
    {"CTT", "Asia/Shanghai"},
    {"EAT", "Africa/Addis_Ababa"},
    {"ECT", "Europe/Paris"},
    {"EST", "-05:00"},
    {"HST", "-10:00"},
    {"IET", "America/Indiana/Indianapolis"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
    {"MIT", "Pacific/Apia"},
    {"MST", "-07:00"},
    {"NET", "Asia/Yerevan"},
    {"NST", "Pacific/Auckland"},
    {"PLT", "Asia/Karachi"},
    {"PNT", "America/Phoenix"},
    {"PRT", "America/Puerto_Rico"},
    {"PST", "America/Los_Angeles"},
    {"SST", "Pacific/Guadalcanal"},
    {"VST", "Asia/Ho_Chi_Minh"},
};

/// Names that ICU knows and Java does not.
bool is_foreign(std::string_view id) {
  return id == "ROC" || id == "Factory" || id == "EST" || id == "MST" || id == "HST" || id.starts_with("Etc/Unknown") ||
         (id.size() == 3 && std::any_of(std::begin(short_ids), std::end(short_ids),
                                        [&](const ShortId& entry) { return entry.name == id; }));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "+1:" → "+01:" and "+01:1" → "+01:01", the forms that Spark adds to Java's.
std::string pad_offset(std::string_view id) {
  std::string out(id);
  for (size_t i = 0; i + 2 < out.size(); ++i) {
    if ((out[i] == '+' || out[i] == '-') && is_digit(out[i + 1]) && out[i + 2] == ':') {
      out.insert(i + 1, "0");
      break;
    }
  }
  const size_t n = out.size();
  if (n >= 5 && is_digit(out[n - 1]) && out[n - 2] == ':' && is_digit(out[n - 3]) && is_digit(out[n - 4]) &&
      (out[n - 5] == '+' || out[n - 5] == '-')) {
    out.insert(n - 1, "0");
  }
  return out;
}

/// +h, +hh, +hh:mm, +hhmm, +hh:mm:ss, +hhmmss
std::optional<int32_t> parse_offset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) {
    return std::nullopt;
  }
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  std::string padded;
  if (text.size() == 1) {
    padded = "0" + std::string(text);
    text = padded;
  }
  int64_t parts[3] = {0, 0, 0};
  const bool colons = text.size() > 2 && text[2] == ':';
  const size_t step = colons ? 3 : 2;
  if (!(text.size() == 2 || text.size() == 2 + step || text.size() == 2 + 2 * step)) {
    return std::nullopt;
  }
  for (size_t i = 0, at = 0; at < text.size(); ++i, at += step) {
    if (!is_digit(text[at]) || !is_digit(text[at + 1]) || (colons && at > 0 && text[at - 1] != ':')) {
      return std::nullopt;
    }
    parts[i] = (text[at] - '0') * 10 + (text[at + 1] - '0');
  }
  const int64_t total = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (parts[1] > 59 || parts[2] > 59 || total > max_offset) {
    return std::nullopt;
  }
  return static_cast<int32_t>(negative ? -total : total);
}

std::string offset_id(int32_t offset) {
  if (offset == 0) {
    return "Z";
  }
  const int magnitude = offset < 0 ? -offset : offset;
  char text[16];
  const int length = magnitude % 60 == 0 ? std::snprintf(text, sizeof text, "%c%02d:%02d", offset < 0 ? '-' : '+',
                                                         magnitude / 3600, magnitude / 60 % 60)
                                         : std::snprintf(text, sizeof text, "%c%02d:%02d:%02d", offset < 0 ? '-' : '+',
                                                         magnitude / 3600, magnitude / 60 % 60, magnitude % 60);
  return std::string(text, length);
}

TimeZonePtr load_region(const std::string& id) {
  const std::vector<std::string>& known = time_zone_ids();
  if (!std::binary_search(known.begin(), known.end(), id)) {
    return nullptr;
  }
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(id)));
  const auto* rules = dynamic_cast<const icu::BasicTimeZone*>(zone.get());
  if (!rules) {
    return nullptr;
  }
  constexpr double beginning = -8.0e15;
  const auto offset_at = [&](double milliseconds) {
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone->getOffset(milliseconds, false, raw, saving, status);
    return (raw + saving) / 1000;
  };
  std::vector<TimeZone::Period> periods;
  periods.push_back({first_second, first_second, offset_at(beginning), 0});
  double at = beginning;
  icu::TimeZoneTransition transition;
  while (rules->getNextTransition(at, false, transition)) {
    at = transition.getTime();
    const auto start = static_cast<int64_t>(at / 1000);
    if (start >= table_end) {
      break;
    }
    const int32_t before = periods.back().offset;
    const int32_t after = offset_at(at);
    if (before != after) {
      periods.push_back({start, start + std::max(before, after), after, before});
    }
  }
  return std::make_shared<const TimeZone>(id, std::move(periods));
}

TimeZonePtr load(std::string_view name) {
  const std::string id = pad_offset(name);
  if (id == "Z") {
    return std::make_shared<const TimeZone>("Z", 0);
  }
  if (!id.empty() && (id[0] == '+' || id[0] == '-')) {
    const std::optional<int32_t> offset = parse_offset(id);
    return offset ? std::make_shared<const TimeZone>(offset_id(*offset), *offset) : nullptr;
  }
  for (const ShortId& entry : short_ids) {
    if (entry.name == id) {
      return load(entry.id);
    }
  }
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (id == prefix) {
      return std::make_shared<const TimeZone>(id, 0);
    }
    if (id.starts_with(prefix) && (id[prefix.size()] == '+' || id[prefix.size()] == '-')) {
      const std::optional<int32_t> offset = parse_offset(std::string_view(id).substr(prefix.size()));
      if (!offset) {
        return nullptr;
      }
      return std::make_shared<const TimeZone>(std::string(prefix) + (*offset == 0 ? "" : offset_id(*offset)), *offset);
    }
  }
  return load_region(id);
}

std::vector<std::string> load_ids() {
  std::vector<std::string> ids;
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::StringEnumeration> all(icu::TimeZone::createEnumeration(status));
  int32_t length = 0;
  while (all) {
    const char* id = all->next(&length, status);
    if (!id || U_FAILURE(status)) {
      break;
    }
    if (!is_foreign({id, static_cast<size_t>(length)})) {
      ids.emplace_back(id, length);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

TimeZone::TimeZone(std::string id, int32_t offset) : id_(std::move(id)) {
  periods_.push_back({first_second, first_second, offset, offset});
}

TimeZone::TimeZone(std::string id, std::vector<Period> periods) : id_(std::move(id)), periods_(std::move(periods)) {}

TimeZone::Period TimeZone::period_at(int64_t utc_seconds, int64_t* end) const {
  int64_t fold = 0;
  if (!is_fixed() && utc_seconds >= table_end) {
    fold = ((utc_seconds - table_end) / cycle_seconds + 1) * cycle_seconds;
  }
  const auto next = std::upper_bound(periods_.begin(), periods_.end(), utc_seconds - fold,
                                     [](int64_t at, const Period& period) { return at < period.start; });
  Period found = *(next - 1);
  if (found.start != first_second) {
    found.start += fold;
    found.local_start += fold;
  }
  if (end) {
    *end = is_fixed() ? last_second : next != periods_.end() ? next->start + fold : table_end + fold;
  }
  return found;
}

int32_t TimeZone::offset_of_local(int64_t local_seconds) const {
  return offset_of_local(local_seconds, std::numeric_limits<int32_t>::max());
}

int32_t TimeZone::offset_of_local(int64_t local_seconds, int32_t preferred) const {
  if (periods_.size() == 1) {
    return periods_[0].offset;
  }
  constexpr int64_t local_end = table_end - seconds_per_day;
  if (local_seconds >= local_end) {
    local_seconds -= ((local_seconds - local_end) / cycle_seconds + 1) * cycle_seconds;
  }
  const auto next = std::upper_bound(periods_.begin(), periods_.end(), local_seconds,
                                     [](int64_t at, const Period& period) { return at < period.local_start; });
  const bool overlap =
      next != periods_.end() && next->offset < next->offset_before && local_seconds >= next->start + next->offset;
  return overlap && preferred == next->offset ? preferred : (next - 1)->offset;
}

bool TimeZone::to_utc(int64_t local_micros, int64_t& utc_micros) const {
  const int64_t offset = offset_of_local(floor_div(local_micros, micros_per_second));
  return !__builtin_sub_overflow(local_micros, offset * micros_per_second, &utc_micros);
}

int64_t TimeZone::start_of_day(int64_t days) const {
  const int64_t midnight = days * seconds_per_day;
  const int64_t moment = midnight - offset_of_local(midnight);
  if (is_fixed()) {
    return moment;
  }
  const Period period = period_at(moment);
  return moment + period.offset == midnight ? moment : period.start;
}

int64_t TimeZone::local_days(int64_t utc_micros) const {
  const int64_t seconds = floor_div(utc_micros, micros_per_second);
  return floor_div(seconds + offset_at(seconds), seconds_per_day);
}

TimeZonePtr TimeZone::find(std::string_view id) {
  static std::mutex mutex;
  static std::map<std::string, TimeZonePtr, std::less<>> zones;
  constexpr size_t most = 4096;
  const std::lock_guard lock(mutex);
  if (const auto found = zones.find(id); found != zones.end()) {
    return found->second;
  }
  TimeZonePtr zone = load(id);
  if (zones.size() < most && id.size() < 64) {
    zones.emplace(id, zone);
  }
  return zone;
}

TimeZonePtr get_time_zone(std::string_view id) {
  TimeZonePtr zone = find_time_zone(id);
  if (!zone) {
    throw SparkError("INVALID_TIMEZONE", {{"timeZone", std::string(id)}});
  }
  return zone;
}

const std::vector<std::string>& time_zone_ids() {
  static const std::vector<std::string> ids = load_ids();
  return ids;
}

void ZoneCursor::seek(int64_t utc_micros) {
  const int64_t seconds = floor_div(utc_micros, micros_per_second);
  offset_ = int64_t{zone_.offset_at(seconds)} * micros_per_second;
  if (zone_.is_fixed()) {
    from_ = first_second;
    until_ = last_second;
    return;
  }
  int64_t end = 0;
  const int64_t start = zone_.period_at(seconds, &end).start;
  from_ = start <= first_second / micros_per_second ? first_second : start * micros_per_second;
  until_ = end >= last_second / micros_per_second ? last_second : end * micros_per_second;
}

}  // namespace pyrite
