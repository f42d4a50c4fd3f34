// The number formats of to_number and to_char: 0, 9, thousands separators, the point, $, S, MI and PR.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/value.h"

namespace pyrite {

class NumberPattern {
 public:
  explicit NumberPattern(std::string_view format);

  /// Throws INVALID_FORMAT.… for formats that break the rules.
  void check() const;
  /// Digits before and after the point that the format has room for.
  int precision() const { return whole_digits_ + fraction_digits_; }
  int scale() const { return fraction_digits_; }

  /// The unscaled number at scale(), or nullopt where the text does not fit.
  std::optional<Int128> parse(std::string_view text) const;
  /// The number laid out; digits become # where there is no room.
  std::string format(Int128 unscaled, int scale) const;

 private:
  enum class Kind { digits, point, dollar, sign, minus, open_bracket, close_bracket, unknown };
  /// A run of digits in a group; `exact`: leading zeros are written and wanted. count 0: a thousands separator.
  struct Run {
    int count = 0;
    bool exact = false;
  };
  struct Token {
    Kind kind;
    std::vector<Run> runs;
    char character = 0;
  };
  static std::string token_name(const Token& token);
  int64_t parse_digits(const Token& group, std::string_view text, size_t at, std::string& digits, bool fraction) const;

  std::string format_;
  std::vector<Token> tokens_;
  int whole_digits_ = 0;
  int fraction_digits_ = 0;
};

}  // namespace pyrite
