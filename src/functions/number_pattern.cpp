// Checks, reads and writes numbers by the formats of to_number and to_char.
#include "functions/number_pattern.h"

#include <algorithm>

#include "base/error.h"

namespace pyrite {

NumberPattern::NumberPattern(std::string_view format) : format_(format) {
  for (char& c : format_) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  bool after_point = false;
  const auto group = [&]() -> Token& {
    if (tokens_.empty() || tokens_.back().kind != Kind::digits) {
      tokens_.push_back({Kind::digits, {}, 0});
    }
    return tokens_.back();
  };
  for (size_t i = 0; i < format_.size();) {
    const char c = format_[i];
    if (c == '0' || c == '9') {
      const size_t start = i;
      // A run that starts with 0 takes in what follows; one of 9s ends at a 0.
      while (i < format_.size() &&
             (format_[i] == '9' || (format_[i] == '0' && c == '0') || (format_[i] == '0' && c == '9'))) {
        ++i;
      }
      const int count = static_cast<int>(i - start);
      (after_point ? fraction_digits_ : whole_digits_) += count;
      group().runs.push_back({count, c == '0' && !after_point});
    } else if (c == ',' || c == 'G') {
      group().runs.push_back({});
      ++i;
    } else if (c == '.' || c == 'D') {
      tokens_.push_back({Kind::point, {}, c});
      after_point = true;
      ++i;
    } else if (c == '$') {
      tokens_.push_back({Kind::dollar, {}, c});
      ++i;
    } else if (c == 'S') {
      tokens_.push_back({Kind::sign, {}, c});
      ++i;
    } else if (format_.substr(i, 2) == "MI") {
      tokens_.push_back({Kind::minus, {}, c});
      i += 2;
    } else if (format_.substr(i, 2) == "PR") {
      tokens_.insert(tokens_.begin(), Token{Kind::open_bracket, {}, c});
      tokens_.push_back({Kind::close_bracket, {}, c});
      i += 2;
    } else {
      tokens_.push_back({Kind::unknown, {}, c});
      ++i;
    }
  }
}

std::string NumberPattern::token_name(const Token& token) {
  switch (token.kind) {
    case Kind::digits:
      return "digit sequence";
    case Kind::point:
      return ". or D";
    case Kind::dollar:
      return "$";
    case Kind::sign:
      return "S";
    case Kind::minus:
      return "MI";
    case Kind::open_bracket:
    case Kind::close_bracket:
      return "PR";
    case Kind::unknown:
      return std::string("character '") + token.character + "''";
  }
  return {};
}

void NumberPattern::check() const {
  const MessageParameters shown{{"format", "'" + format_ + "'"}};
  const auto place = [&](Kind kind) {
    return std::find_if(tokens_.begin(), tokens_.end(), [&](const Token& token) { return token.kind == kind; });
  };
  if (format_.empty()) {
    throw SparkError("INVALID_FORMAT.EMPTY", shown);
  }
  const auto digits = place(Kind::digits);
  const auto dollar = place(Kind::dollar);
  const auto point = place(Kind::point);
  const bool any_digit = whole_digits_ + fraction_digits_ > 0;
  if (!any_digit) {
    throw SparkError("INVALID_FORMAT.WRONG_NUM_DIGIT", shown);
  }
  if (dollar != tokens_.end() && digits < dollar) {
    throw SparkError("INVALID_FORMAT.CUR_MUST_BEFORE_DIGIT", shown);
  }
  if (dollar != tokens_.end() && point < dollar) {
    throw SparkError("INVALID_FORMAT.CUR_MUST_BEFORE_DEC", shown);
  }
  for (auto token = tokens_.begin(); token != tokens_.end(); ++token) {
    if (token->kind != Kind::digits) {
      continue;
    }
    for (size_t i = 0; i < token->runs.size(); ++i) {
      const bool separator = token->runs[i].count == 0;
      if (separator && point < token) {
        throw SparkError("INVALID_FORMAT.THOUSANDS_SEPS_MUST_BEFORE_DEC", shown);
      }
      if (separator && (i == 0 || i + 1 == token->runs.size() || token->runs[i - 1].count == 0)) {
        throw SparkError("INVALID_FORMAT.CONT_THOUSANDS_SEPS", shown);
      }
    }
  }
  for (const Kind kind : {Kind::point, Kind::sign, Kind::minus, Kind::dollar, Kind::close_bracket}) {
    if (std::count_if(tokens_.begin(), tokens_.end(), [&](const Token& token) { return token.kind == kind; }) > 1) {
      throw SparkError("INVALID_FORMAT.WRONG_NUM_TOKEN",
                       {{"token", token_name(*place(kind))}, {"format", "'" + format_ + "'"}});
    }
  }
  // [MI|S|PR<] [$] digits [point digits] [$] [PR>|MI|S], in this order.
  const std::vector<std::vector<Kind>> order = {{Kind::open_bracket}, {Kind::minus, Kind::sign},
                                                {Kind::dollar},       {Kind::digits},
                                                {Kind::point},        {Kind::digits},
                                                {Kind::dollar},       {Kind::minus, Kind::sign, Kind::close_bracket}};
  auto token = tokens_.begin();
  for (const auto& allowed : order) {
    if (token != tokens_.end() && std::find(allowed.begin(), allowed.end(), token->kind) != allowed.end()) {
      ++token;
    }
  }
  if (token != tokens_.end()) {
    throw SparkError("INVALID_FORMAT.UNEXPECTED_TOKEN",
                     {{"token", token_name(*token)}, {"format", "'" + format_ + "'"}});
  }
}

/// Reads the digits of one group and compares their runs with the format's, from the right. -1: they do not fit.
int64_t NumberPattern::parse_digits(const Token& group, std::string_view text, size_t at, std::string& digits,
                                    bool fraction) const {
  std::vector<int> found{0};
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c >= '0' && c <= '9') {
      digits += c;
      ++found.back();
    } else if (c == ',' && !fraction) {
      found.push_back(0);
    } else if (c != ' ' && !(c >= '\t' && c <= '\r')) {
      break;
    }
  }
  std::vector<Run> wanted;
  for (const Run& run : group.runs) {
    if (run.count > 0) {
      wanted.push_back(run);
    }
  }
  if (found.size() > wanted.size()) {
    return -1;
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    const Run& run = wanted[wanted.size() - 1 - i];
    const int count = i < found.size() ? found[found.size() - 1 - i] : 0;
    if (count > run.count || (run.exact && count < run.count)) {
      return -1;
    }
  }
  return static_cast<int64_t>(at);
}

std::optional<Int128> NumberPattern::parse(std::string_view text) const {
  std::string whole;
  std::string fraction;
  bool negative = false;
  bool opened = false;
  bool after_point = false;
  size_t at = 0;
  const auto next = [&](char c) { return at < text.size() && text[at] == c; };
  for (const Token& token : tokens_) {
    switch (token.kind) {
      case Kind::digits: {
        const int64_t end = parse_digits(token, text, at, after_point ? fraction : whole, after_point);
        if (end < 0) {
          return std::nullopt;
        }
        at = static_cast<size_t>(end);
        break;
      }
      case Kind::point:
        if (next('.')) {
          ++at;
          after_point = true;
        } else {
          after_point = true;
        }
        break;
      case Kind::dollar:
        if (!next('$')) {
          return std::nullopt;
        }
        ++at;
        break;
      case Kind::sign:
      case Kind::minus:
        if (next('-')) {
          negative = !negative;
          ++at;
        } else if (token.kind == Kind::sign && next('+')) {
          ++at;
        }
        break;
      case Kind::open_bracket:
        if (next('<')) {
          negative = opened = true;
          ++at;
        }
        break;
      case Kind::close_bracket:
        if (opened != next('>')) {
          return std::nullopt;
        }
        at += opened ? 1 : 0;
        break;
      case Kind::unknown:
        return std::nullopt;
    }
  }
  if (at < text.size() || (whole.empty() && fraction.empty())) {
    return std::nullopt;
  }
  fraction.resize(static_cast<size_t>(fraction_digits_), '0');
  Int128 value = 0;
  for (const char c : whole + fraction) {
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

namespace {

/// A blank in front of what is there, behind signs that must stay next to the digits.
void add_blank(std::string& out) {
  if (!out.empty() && (out.back() == '-' || out.back() == '+' || out.back() == '<')) {
    out.insert(out.end() - 1, ' ');
  } else {
    out += ' ';
  }
}
/// A sign right after the last digit, before blanks.
void add_sign(std::string& out, char sign) {
  size_t end = out.size();
  while (end > 0 && out[end - 1] == ' ') {
    --end;
  }
  out.insert(end, 1, sign);
}
void drop_lone_point(std::string& out) {
  if (!out.empty() && out.back() == '.') {
    out.back() = ' ';
  }
}

}  // namespace

std::string NumberPattern::format(Int128 unscaled, int scale) const {
  const bool negative = unscaled < 0;
  std::string plain = decimal_text(negative ? -unscaled : unscaled, scale);
  const size_t mark = plain.find('.');
  std::string whole = plain.substr(0, mark);
  std::string fraction = mark == std::string::npos ? "" : plain.substr(mark + 1);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  while (!fraction.empty() && fraction.back() == '0') {
    fraction.pop_back();
  }
  if (static_cast<int>(whole.size()) > whole_digits_ || static_cast<int>(fraction.size()) > fraction_digits_) {
    whole.assign(static_cast<size_t>(whole_digits_), '#');
    fraction.assign(static_cast<size_t>(fraction_digits_), '#');
  }
  std::string out;
  bool after_point = false;
  size_t place = 0;
  const size_t lead = static_cast<size_t>(whole_digits_) - whole.size();
  for (const Token& token : tokens_) {
    switch (token.kind) {
      case Kind::digits:
        for (const Run& run : token.runs) {
          if (run.count == 0) {
            if (!out.empty() && out.back() >= '0' && out.back() <= '9') {
              out += ',';
            } else {
              add_blank(out);
            }
          }
          for (int i = 0; i < run.count; ++i, ++place) {
            if (after_point) {
              out += place < fraction.size() ? fraction[place] : '0';
            } else if (place >= lead) {
              out += whole[place - lead];
            } else if (run.exact) {
              out += '0';
            } else {
              add_blank(out);
            }
          }
        }
        break;
      case Kind::point:
        if (!out.empty() && out.back() == ' ') {
          out.back() = '0';
        }
        out += '.';
        after_point = true;
        place = 0;
        break;
      case Kind::dollar:
        out += '$';
        break;
      case Kind::sign:
        drop_lone_point(out);
        add_sign(out, negative ? '-' : '+');
        break;
      case Kind::minus:
        drop_lone_point(out);
        if (negative) {
          add_sign(out, '-');
        } else {
          out += ' ';
        }
        break;
      case Kind::open_bracket:
        if (negative) {
          out += '<';
        }
        break;
      case Kind::close_bracket:
        drop_lone_point(out);
        if (negative) {
          add_sign(out, '>');
        } else {
          out += "  ";
        }
        break;
      case Kind::unknown:
        break;
    }
  }
  drop_lone_point(out);
  return out;
}

}  // namespace pyrite
