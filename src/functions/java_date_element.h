// The parts that a date pattern compiles to.
#pragma once

#include <string>
#include <vector>

#include "functions/java_date_pattern.h"

namespace pyrite {

/// A field that patterns name, in Java's terms.
enum class PatternField : uint8_t {
  era,
  year,
  year_of_era,
  month,
  quarter,
  day_of_month,
  day_of_year,
  day_of_week,
  aligned_week_day,  ///< letter F
  am_pm,
  hour_of_day,
  clock_hour_of_day,    ///< 1 … 24
  hour_of_am_pm,        ///< 0 … 11
  clock_hour_of_am_pm,  ///< 1 … 12
  minute,
  second,
  nano,
  modified_julian_day,
};
inline constexpr size_t pattern_field_count = 18;

enum class PatternSign : uint8_t { normal, exceeds_pad, not_negative };

struct JavaDatePattern::Element {
  enum class Kind : uint8_t {
    literal,
    number,
    reduced_year,
    fraction,
    text,
    offset,
    localized_offset,
    zone_id,
    zone_name,
    generic_zone_name,
    optional
  };
  Kind kind = Kind::literal;
  PatternField field = PatternField::year;
  PatternSign sign = PatternSign::normal;
  int min_width = 1;
  int max_width = 19;
  /// Digits that fixed-width numbers right behind this one take from its end.
  int following_width = 0;
  bool full = false;           ///< text: whole words
  std::string literal;         ///< literal: the characters; offset: the text for no offset
  std::string offset_pattern;  ///< offset: "+HH:mm" in Java's notation
  Elements children;           ///< optional
};

/// Reads a pattern's letters. Throws std::invalid_argument where Java throws IllegalArgumentException.
JavaDatePattern::Elements compile_date_elements(std::string_view pattern, bool variable_fraction);

/// The names of a text field in English: short or full.
std::string_view field_name(PatternField field, int64_t value, bool full);

std::string format_offset(int32_t seconds, std::string_view pattern, std::string_view no_offset);

}  // namespace pyrite
