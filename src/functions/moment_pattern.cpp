// Reads and writes dates and timestamps of text formats.
#include "functions/moment_pattern.h"

#include <cstdio>
#include <cstdlib>

#include "functions/function_def.h"
#include "types/datetime_text.h"

namespace pyrite {

MomentPattern::MomentPattern(const std::optional<std::string>& pattern, TypeKind kind, TimeZonePtr zone, Use use)
    : kind_(kind), zone_(std::move(zone)) {
  if (pattern) {
    pattern_ = JavaDatePattern::compile(*pattern, use == Use::write        ? JavaDatePattern::Use::format
                                                  : kind == TypeKind::date ? JavaDatePattern::Use::parse_date
                                                                           : JavaDatePattern::Use::parse_timestamp);
  }
}

std::optional<int64_t> MomentPattern::parse(std::string_view text) const {
  if (!pattern_) {
    switch (kind_) {
      case TypeKind::date:
        return parse_date(text);
      case TypeKind::timestamp:
        return parse_timestamp(text, *zone_);
      default:
        return parse_timestamp_ntz(text, false);
    }
  }
  const auto moment = pattern_->parse(text);
  if (!moment) {
    return std::nullopt;
  }
  if (kind_ == TypeKind::date) {
    return moment->days;
  }
  const int64_t local = moment->days * micros_per_day + moment->micros_of_day;
  return kind_ == TypeKind::timestamp ? (moment->zone ? *moment->zone : *zone_).to_utc(local) : local;
}

void MomentPattern::append(std::string& out, int64_t value) const {
  if (kind_ == TypeKind::date && !pattern_) {
    out += date_text(value);
    return;
  }
  const bool zoned = kind_ == TypeKind::timestamp;
  const int32_t offset = zoned ? zone_->offset_at(floor_div(value, micros_per_second)) : 0;
  const int64_t local = zoned ? zone_->to_local(value) : kind_ == TypeKind::date ? value * micros_per_day : value;
  const int64_t days = floor_div(local, micros_per_day);
  const int64_t time = local - days * micros_per_day;
  if (pattern_) {
    return pattern_->format({days, time, offset, zoned ? zone_.get() : nullptr}, out);
  }
  char text[40];
  snprintf(text, sizeof(text), "T%02d:%02d:%02d.%03d", static_cast<int>(time / micros_per_hour),
           static_cast<int>(time / micros_per_minute % 60), static_cast<int>(time / micros_per_second % 60),
           static_cast<int>(time / micros_per_milli % 1000));
  out += date_text(days);
  out += text;
  if (zoned && offset == 0) {
    out += 'Z';
  } else if (zoned) {
    const int seconds = std::abs(offset);
    const int length = snprintf(text, sizeof(text), "%c%02d:%02d:%02d", offset < 0 ? '-' : '+', seconds / 3600 % 100,
                                seconds / 60 % 60, seconds % 60);
    out.append(text, static_cast<size_t>(seconds % 60 == 0 ? length - 3 : length));
  }
}

TimestampInference::TimestampInference(const std::optional<std::string>& pattern,
                                       const std::optional<std::string>& pattern_without_zone,
                                       const std::string& time_zone, bool prefers_ntz) {
  if (TimeZonePtr zone = pattern ? get_time_zone(time_zone) : find_time_zone(time_zone)) {
    pattern_.emplace(pattern, TypeKind::timestamp, std::move(zone), MomentPattern::Use::read);
  }
  if (prefers_ntz) {
    pattern_without_zone_.emplace(pattern_without_zone, TypeKind::timestamp_ntz, nullptr, MomentPattern::Use::read);
  }
}

Type TimestampInference::type_of(std::string_view text) const {
  if (pattern_without_zone_ && pattern_without_zone_->parse(text)) {
    return Type::timestamp_ntz();
  }
  return pattern_ && pattern_->parse(text) ? Type::timestamp() : Type::null();
}

bool prefers_timestamp_ntz(const SessionFacts& session) {
  return session.conf("spark.sql.timestampType", "TIMESTAMP_LTZ") == "TIMESTAMP_NTZ";
}

}  // namespace pyrite
