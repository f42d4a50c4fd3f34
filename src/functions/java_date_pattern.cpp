// Compiles date patterns: Java's letters, and what Spark refuses of them.
#include "functions/java_date_pattern.h"

#include <algorithm>
#include <stdexcept>

#include "base/error.h"
#include "functions/java_date_element.h"
#include "functions/literal_text.h"

namespace pyrite {
namespace {

using Element = JavaDatePattern::Element;
using Kind = Element::Kind;
using Elements = JavaDatePattern::Elements;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

/// Collects elements as Java's builder does, with its rule for numbers that touch each other.
class ElementBuilder {
 public:
  explicit ElementBuilder(bool variable_fraction) : variable_fraction_(variable_fraction) { levels_.emplace_back(); }

  void letters(char letter, int count) {
    switch (letter) {
      case 'G':
        return text(PatternField::era, count);
      case 'u':
      case 'y':
        return year(letter == 'u' ? PatternField::year : PatternField::year_of_era, count);
      case 'M':
      case 'L':
        return number_or_text(PatternField::month, letter, count);
      case 'Q':
      case 'q':
        return number_or_text(PatternField::quarter, letter, count);
      case 'd':
        return small_number(PatternField::day_of_month, letter, count);
      case 'D':
        require(count <= 3, letter);
        return count == 1 ? number(PatternField::day_of_year, 1, 19, PatternSign::normal)
                          : number(PatternField::day_of_year, count, 3, PatternSign::not_negative);
      case 'E':
        return text(PatternField::day_of_week, count);
      case 'F':
        require(count == 1, letter);
        return number(PatternField::aligned_week_day, 1, 19, PatternSign::normal);
      case 'g':
        return number(PatternField::modified_julian_day, std::min(count, 19), 19, PatternSign::normal);
      case 'a':
        require(count == 1, letter);
        return text(PatternField::am_pm, 1);
      case 'H':
        return small_number(PatternField::hour_of_day, letter, count);
      case 'k':
        return small_number(PatternField::clock_hour_of_day, letter, count);
      case 'K':
        return small_number(PatternField::hour_of_am_pm, letter, count);
      case 'h':
        return small_number(PatternField::clock_hour_of_am_pm, letter, count);
      case 'm':
        return small_number(PatternField::minute, letter, count);
      case 's':
        return small_number(PatternField::second, letter, count);
      case 'S':
        return fraction(count);
      case 'V':
        if (count != 2) {
          refuse("Pattern letter count must be 2: V");
        }
        return plain({.kind = Kind::zone_id});
      case 'v':
        if (count != 1 && count != 4) {
          refuse("Wrong number of pattern letters: v");
        }
        return plain({.kind = Kind::generic_zone_name, .full = count == 4});
      case 'z':
        require(count <= 4, letter);
        return plain({.kind = Kind::zone_name, .full = count == 4});
      case 'O':
        if (count != 1 && count != 4) {
          refuse("Pattern letter count must be 1 or 4: O");
        }
        return plain({.kind = Kind::localized_offset, .full = count == 4});
      case 'X':
      case 'x':
      case 'Z':
        return offset(letter, count);
      default:
        refuse(std::string("Unknown pattern letter: ") + letter);
    }
  }

  void literal(std::string_view characters) {
    if (!characters.empty()) {
      plain({.kind = Kind::literal, .literal = std::string(characters)});
    }
  }
  void open() {
    levels_.emplace_back();
    if (levels_.size() > 200) {
      refuse("Pattern is nested too deeply");
    }
  }
  void close() {
    if (levels_.size() == 1) {
      refuse("Pattern invalid as it contains ] without previous [");
    }
    Elements inner = std::move(levels_.back().elements);
    levels_.pop_back();
    if (!inner.empty()) {
      plain({.kind = Kind::optional, .children = std::move(inner)});
    } else {
      levels_.back().last_number = -1;
    }
  }
  Elements finish() {
    while (levels_.size() > 1) {
      close();
    }
    return std::move(levels_[0].elements);
  }

 private:
  struct Level {
    Elements elements;
    int last_number = -1;
  };

  static void require(bool holds, char letter) {
    if (!holds) {
      refuse(std::string("Too many pattern letters: ") + letter);
    }
  }

  void plain(Element element) {
    levels_.back().elements.push_back(std::move(element));
    levels_.back().last_number = -1;
  }

  void adjacent(Element element) {
    Level& level = levels_.back();
    const bool fixed = element.min_width == element.max_width && element.sign == PatternSign::not_negative;
    const int width = element.max_width;
    level.elements.push_back(std::move(element));
    if (level.last_number >= 0 && fixed) {
      level.elements[static_cast<size_t>(level.last_number)].following_width += width;
    } else {
      level.last_number = static_cast<int>(level.elements.size()) - 1;
    }
  }

  void number(PatternField field, int min_width, int max_width, PatternSign sign) {
    adjacent({.kind = Kind::number, .field = field, .sign = sign, .min_width = min_width, .max_width = max_width});
  }
  void small_number(PatternField field, char letter, int count) {
    require(count <= 2, letter);
    count == 1 ? number(field, 1, 19, PatternSign::normal) : number(field, 2, 2, PatternSign::not_negative);
  }
  void number_or_text(PatternField field, char letter, int count) {
    require(count <= 4, letter);
    if (count > 2) {
      return text(field, count);
    }
    small_number(field, letter, count);
  }
  void text(PatternField field, int count) {
    require(count <= 4, 'E');
    plain({.kind = Kind::text, .field = field, .full = count == 4});
  }
  void year(PatternField field, int count) {
    require(count <= 19, 'y');
    if (count == 2) {
      return adjacent({.kind = Kind::reduced_year,
                       .field = field,
                       .sign = PatternSign::not_negative,
                       .min_width = 2,
                       .max_width = 2});
    }
    number(field, count, 19, count < 4 ? PatternSign::normal : PatternSign::exceeds_pad);
  }
  void fraction(int count) {
    if (count > 9) {
      refuse("Maximum width must be from 1 to 9 inclusive but was " + std::to_string(count));
    }
    Element element{.kind = Kind::fraction,
                    .field = PatternField::nano,
                    .sign = PatternSign::not_negative,
                    .min_width = variable_fraction_ ? 1 : count,
                    .max_width = count};
    element.min_width == count && !variable_fraction_ ? adjacent(std::move(element)) : plain(std::move(element));
  }
  void offset(char letter, int count) {
    require(count <= 5, letter);
    static constexpr std::string_view patterns[] = {"+HHmm", "+HHMM", "+HH:MM", "+HHMMss", "+HH:MM:ss"};
    if (letter == 'Z') {
      if (count == 4) {
        return plain({.kind = Kind::localized_offset, .full = true});
      }
      return plain({.kind = Kind::offset,
                    .literal = count < 4 ? "+0000" : "Z",
                    .offset_pattern = count < 4 ? "+HHMM" : "+HH:MM:ss"});
    }
    const char* none = letter == 'X' ? "Z" : count == 1 ? "+00" : count % 2 == 0 ? "+0000" : "+00:00";
    plain({.kind = Kind::offset, .literal = none, .offset_pattern = std::string(patterns[count - 1])});
  }

  bool variable_fraction_;
  std::vector<Level> levels_;
};

/// Whether java.text.SimpleDateFormat takes the pattern; Spark then blames the change of formatters.
bool legacy_accepts(std::string_view pattern) {
  bool quoted = false;
  for (size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    size_t run = 1;
    while (i + run < pattern.size() && pattern[i + run] == c) {
      ++run;
    }
    if (c == '\'') {
      quoted ^= run % 2 == 1;
    } else if (!quoted && is_letter(c) &&
               (std::string_view("GyMwWDdHhmsSEaKkzZYXuLF").find(c) == std::string_view::npos ||
                (c == 'X' && run > 3))) {
      return false;
    }
    i += run;
  }
  return !quoted;
}

[[noreturn]] void throw_unrecognized(std::string_view pattern) {
  throw SparkError(ErrorKind::upgrade, "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
                   {{"pattern", quote_string(pattern)},
                    {"config", "\"spark.sql.legacy.timeParserPolicy\""},
                    {"docroot", "https://spark.apache.org/docs/latest"}});
}

/// Spark's own rules: letters that it refuses, and y for years before year 1.
std::string convert_letters(std::string_view pattern, bool parsing) {
  const auto outside_quotes = [&](auto visit) {
    bool quoted = false;
    for (size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '\'') {
        quoted = !quoted;
      } else if (!quoted) {
        visit(i);
      }
    }
  };
  const auto refuse_with = [&](SparkError error) {
    if (legacy_accepts(pattern)) {
      throw_unrecognized(pattern);
    }
    throw error;
  };
  bool has_era = false;
  outside_quotes([&](size_t i) { has_era = has_era || pattern[i] == 'G'; });
  std::string out(pattern);
  outside_quotes([&](size_t i) {
    const char c = pattern[i];
    if (std::string_view("YWwuec").find(c) != std::string_view::npos) {
      refuse_with(
          SparkError("INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN", {{"c", std::string(1, c)}}));
    }
    if (std::string_view("ABcenNp").find(c) != std::string_view::npos ||
        (parsing && std::string_view("EFqQ").find(c) != std::string_view::npos)) {
      refuse_with(SparkError("INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
                             {{"c", std::string(1, c)}, {"pattern", std::string(pattern)}}));
    }
    const size_t limit = std::string_view("GMLEQq").find(c) != std::string_view::npos ? 5 : c == 'y' ? 11 : 0;
    if (limit != 0 && pattern.size() - i >= limit &&
        pattern.substr(i, limit).find_first_not_of(c) == std::string_view::npos) {
      refuse_with(SparkError("INVALID_DATETIME_PATTERN.LENGTH", {{"pattern", std::string(pattern.substr(i, limit))}}));
    }
    if (c == 'y' && !has_era) {
      out[i] = 'u';
    }
  });
  return out;
}

}  // namespace

Elements compile_date_elements(std::string_view pattern, bool variable_fraction) {
  ElementBuilder builder(variable_fraction);
  for (size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (is_letter(c)) {
      size_t end = i + 1;
      while (end < pattern.size() && pattern[end] == c) {
        ++end;
      }
      builder.letters(c, static_cast<int>(std::min<size_t>(end - i, 1000)));
      i = end;
    } else if (c == '\'') {
      std::string text;
      size_t at = i + 1;
      for (;; ++at) {
        if (at >= pattern.size()) {
          refuse("Pattern ends with an incomplete string literal: " + std::string(pattern));
        }
        if (pattern[at] == '\'') {
          if (at + 1 < pattern.size() && pattern[at + 1] == '\'') {
            ++at;
          } else {
            break;
          }
        }
        text += pattern[at];
      }
      builder.literal(text.empty() ? "'" : text);
      i = at + 1;
    } else if (c == '[') {
      builder.open();
      ++i;
    } else if (c == ']') {
      builder.close();
      ++i;
    } else if (c == '{' || c == '}' || c == '#') {
      refuse(std::string("Pattern includes reserved character: '") + c + "'");
    } else {
      builder.literal(pattern.substr(i, 1));
      ++i;
    }
  }
  return builder.finish();
}

std::shared_ptr<const JavaDatePattern> JavaDatePattern::compile(std::string_view pattern, Use use) {
  const std::string converted = convert_letters(pattern, use != Use::format);
  auto compiled = std::make_shared<JavaDatePattern>();
  try {
    compiled->elements_ =
        std::make_shared<const Elements>(compile_date_elements(converted, use == Use::parse_timestamp));
  } catch (const std::invalid_argument&) {
    if (legacy_accepts(pattern)) {
      throw_unrecognized(pattern);
    }
    throw SparkError("INVALID_DATETIME_PATTERN.WITH_SUGGESTION",
                     {{"pattern", quote_string(pattern)}, {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  return compiled;
}

}  // namespace pyrite
