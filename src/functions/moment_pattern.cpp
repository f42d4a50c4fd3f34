// Reads and writes dates and timestamps of text formats.
#include "functions/moment_pattern.h"

#include <cstdio>
#include <cstdlib>

#include "types/datetime_text.h"

namespace pyrite {

MomentPattern::MomentPattern(const std::optional<std::string>& pattern, TypeKind kind, TimeZonePtr zone)
    : kind_(kind), zone_(std::move(zone)) {
  if (pattern) {
    const bool date = kind == TypeKind::date;
    reader_ = JavaDatePattern::compile(*pattern,
                                       date ? JavaDatePattern::Use::parse_date : JavaDatePattern::Use::parse_timestamp);
    writer_ = JavaDatePattern::compile(*pattern, JavaDatePattern::Use::format);
  }
}

std::optional<int64_t> MomentPattern::parse(std::string_view text) const {
  if (!reader_) {
    switch (kind_) {
      case TypeKind::date:
        return parse_date(text);
      case TypeKind::timestamp:
        return parse_timestamp(text, *zone_);
      default:
        return parse_timestamp_ntz(text, false);
    }
  }
  const auto moment = reader_->parse(text);
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
  if (kind_ == TypeKind::date && !writer_) {
    out += date_text(value);
    return;
  }
  const bool zoned = kind_ == TypeKind::timestamp;
  const int32_t offset = zoned ? zone_->offset_at(floor_div(value, micros_per_second)) : 0;
  const int64_t local = zoned ? zone_->to_local(value) : kind_ == TypeKind::date ? value * micros_per_day : value;
  const int64_t days = floor_div(local, micros_per_day);
  const int64_t time = local - days * micros_per_day;
  if (writer_) {
    return writer_->format({days, time, offset, zoned ? zone_.get() : nullptr}, out);
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
    const int minutes = std::abs(offset) / 60;
    snprintf(text, sizeof(text), "%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
    out += text;
  }
}

}  // namespace pyrite
