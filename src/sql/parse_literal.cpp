// Constants: numbers with their suffixes, strings, dates and times, binary, parameters.
#include <charconv>
#include <cmath>

#include "sql/parser_core.h"
#include "types/datetime_text.h"

namespace pyrite::sql {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

/// A decimal number's digits, its scale, and how many digits count.
struct DecimalText {
  std::string digits;  ///< without leading zeros
  int64_t scale = 0;
};

DecimalText read_decimal(std::string_view text) {
  DecimalText out;
  bool fraction = false;
  size_t i = 0;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      fraction = true;
      continue;
    }
    if (!(out.digits.empty() && text[i] == '0')) {
      out.digits += text[i];
    }
    out.scale += fraction;
  }
  if (i < text.size()) {
    int64_t exponent = 0;
    const char* first = text.data() + i + 1 + (text[i + 1] == '+');
    if (std::from_chars(first, text.data() + text.size(), exponent).ec != std::errc()) {
      exponent = text[i + 1] == '-' ? -1'000'000 : 1'000'000;
    }
    out.scale -= exponent;
  }
  if (out.scale < 0 && out.scale > -1000) {
    out.digits.append(out.digits.empty() ? 0 : static_cast<size_t>(-out.scale), '0');
    out.scale = 0;
  }
  return out;
}

Int128 unscaled(const std::string& digits, bool negative) {
  Int128 value = 0;
  for (const char c : digits) {
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

std::optional<std::string> unhex(std::string_view text) {
  std::string padded = text.size() % 2 ? "0" : "";
  padded += upper(text);
  std::string out;
  const auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  for (size_t i = 0; i < padded.size(); i += 2) {
    const int high = nibble(padded[i]);
    const int low = nibble(padded[i + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

}  // namespace

bool Parser::at_string(size_t ahead) const {
  return at(TokenKind::string, ahead) || (at(TokenKind::double_quoted, ahead) && !options_.double_quoted_identifiers);
}

bool Parser::at_parameter(size_t ahead) const {
  return at(TokenKind::question, ahead) || (at(TokenKind::colon, ahead) && at_identifier(ahead + 1));
}

const plan::Literal* Parser::bound_constant(bool text) {
  if (!options_.parameter || !at_parameter()) {
    return nullptr;
  }
  const bool named = at(TokenKind::colon);
  const plan::Parameter marker{named ? name_text(peek(1)) : "", named ? -1 : next_parameter_};
  bound_ = options_.parameter(marker);
  const auto* value = bound_ ? std::get_if<plan::Literal>(&bound_->node) : nullptr;
  if (!value || value->value.is_null() || !(text ? value->type.is(TypeKind::string) : value->type.is_integral())) {
    return nullptr;
  }
  next_parameter_ += !named;
  at_ += named ? 2 : 1;
  return value;
}

std::string Parser::single_string() {
  if (const plan::Literal* bound = bound_constant(true)) {
    return bound->value.text();
  }
  if (!at_string()) {
    fail();
  }
  std::string value =
      string_value(text_of(peek()), options_.escaped_string_literals, options_.legacy_consecutive_strings);
  advance();
  return value;
}

std::string Parser::string_literal() {
  std::string value = single_string();
  while (true) {
    if (at_string()) {
      value += single_string();
    } else if (const plan::Literal* bound = bound_constant(true)) {
      value += bound->value.text();
    } else {
      return value;
    }
  }
}

int64_t Parser::integer_value() {
  if (const plan::Literal* bound = bound_constant(false)) {
    return bound->value.integer();
  }
  if (!at(TokenKind::integer)) {
    fail();
  }
  int64_t value = 0;
  const std::string_view text = text_of(peek());
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) {
    fail();
  }
  advance();
  return value;
}

ExpressionPtr Parser::literal(Value value, Type type, Mark from) const {
  return make(plan::Literal{std::move(value), std::move(type), ""}, from);
}

ExpressionPtr Parser::string_constant(std::string text, Mark from) const {
  return literal(Value(std::move(text)), Type::string(), from);
}

ExpressionPtr Parser::number(bool negative, Mark from) {
  const TokenKind kind = peek().kind;
  const std::string_view text = text_of(peek());
  advance();
  const auto sign = [&](std::string_view digits) { return (negative ? "-" : "") + std::string(digits); };
  const auto decimal = [&](std::string_view digits) -> ExpressionPtr {
    const DecimalText read = read_decimal(digits);
    const int64_t precision = std::max<int64_t>({static_cast<int64_t>(read.digits.size()), read.scale, 1});
    if (precision > 38 || read.scale < 0) {
      if (kind != TokenKind::decimal_suffix) {
        throw SparkError(ErrorKind::arithmetic, "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                         {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}});
      }
      fail_with("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}}, from);
    }
    return literal(Value(unscaled(read.digits, negative)),
                   Type::decimal(static_cast<int>(precision), static_cast<int>(read.scale)), from);
  };
  const auto integral = [&](std::string_view digits, Type type, const char* name, int64_t least, int64_t most) {
    int64_t value = 0;
    const std::string whole = sign(digits);
    const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), value);
    if (read.ec != std::errc() || value < least || value > most) {
      fail_with("INVALID_NUMERIC_LITERAL_RANGE",
                {{"rawStrippedQualifier", whole},
                 {"minValue", std::to_string(least)},
                 {"maxValue", std::to_string(most)},
                 {"typeName", name}},
                from);
    }
    return literal(Value(value), std::move(type), from);
  };
  switch (kind) {
    case TokenKind::integer: {
      int64_t value = 0;
      const std::string whole = sign(text);
      if (std::from_chars(whole.data(), whole.data() + whole.size(), value).ec != std::errc()) {
        return decimal(text);
      }
      return literal(Value(value), value == static_cast<int32_t>(value) ? Type::integer() : Type::long_int(), from);
    }
    case TokenKind::long_suffix:
      return integral(text.substr(0, text.size() - 1), Type::long_int(), "bigint", INT64_MIN, INT64_MAX);
    case TokenKind::short_suffix:
      return integral(text.substr(0, text.size() - 1), Type::short_int(), "smallint", INT16_MIN, INT16_MAX);
    case TokenKind::byte_suffix:
      return integral(text.substr(0, text.size() - 1), Type::byte(), "tinyint", INT8_MIN, INT8_MAX);
    case TokenKind::decimal:
      return decimal(text);
    case TokenKind::decimal_suffix:
      return decimal(text.substr(0, text.size() - 2));
    case TokenKind::exponent:
      if (options_.exponent_literal_as_decimal) {
        return decimal(text);
      }
      [[fallthrough]];
    case TokenKind::double_suffix: {
      const std::string whole = sign(kind == TokenKind::exponent ? text : text.substr(0, text.size() - 1));
      const double value = std::strtod(whole.c_str(), nullptr);
      if (std::isinf(value)) {
        fail_with("INVALID_NUMERIC_LITERAL_RANGE",
                  {{"rawStrippedQualifier", whole},
                   {"minValue", "-1.7976931348623157E+308"},
                   {"maxValue", "1.7976931348623157E+308"},
                   {"typeName", "double"}},
                  from);
      }
      return literal(Value(value), Type::float64(), from);
    }
    default: {
      const std::string whole = sign(text.substr(0, text.size() - 1));
      const float value = std::strtof(whole.c_str(), nullptr);
      if (std::isinf(value)) {
        fail_with("INVALID_NUMERIC_LITERAL_RANGE",
                  {{"rawStrippedQualifier", whole},
                   {"minValue", "-3.4028234663852886E+38"},
                   {"maxValue", "3.4028234663852886E+38"},
                   {"typeName", "float"}},
                  from);
      }
      return literal(Value(value), Type::float32(), from);
    }
  }
}

ExpressionPtr Parser::typed_literal(Mark from) {
  const std::string type = upper(text_of(peek()));
  const Mark name = mark();
  advance();
  const std::string_view quoted = text_of(peek());
  const std::string text = single_string();
  const auto invalid = [&](const std::string& shown) {
    fail_with("INVALID_TYPED_LITERAL", {{"valueType", "\"" + shown + "\""}, {"value", "'" + text + "'"}}, from);
  };
  const auto zone = [&] {
    const auto found = TimeZone::find(options_.time_zone);
    return found ? found : TimeZone::find("UTC");
  };
  const auto finish = [&](const auto& value, Type made, const std::string& shown) -> ExpressionPtr {
    if (!value) {
      invalid(shown);
    }
    return literal(Value(int64_t{*value}), std::move(made), from);
  };
  const auto with_zone = [&](const std::string& shown) {
    const auto here = zone();
    const auto special = special_timestamp(text, *here);
    return finish(special ? special : parse_timestamp(text, *here), Type::timestamp(), shown);
  };
  if (tokens_[name].kind != TokenKind::backquoted) {
    if (type == "DATE") {
      const auto special = special_date(text, *zone());
      return finish(special ? special : parse_date(text), Type::date(), "DATE");
    }
    if (type == "TIMESTAMP") {
      if (!options_.timestamp_ntz_is_timestamp) {
        return with_zone("TIMESTAMP");
      }
      const auto parts = parse_timestamp_parts(text);
      if (parts && parts->zone) {
        return with_zone("TIMESTAMP");
      }
      const auto special = special_timestamp_ntz(text, *zone());
      return finish(special ? special : parse_timestamp_ntz(text), Type::timestamp_ntz(), "TIMESTAMP_NTZ");
    }
    if (type == "TIMESTAMP_LTZ") {
      return with_zone("TIMESTAMP_LTZ");
    }
    if (type == "TIMESTAMP_NTZ") {
      const auto special = special_timestamp_ntz(text, *zone());
      return finish(special ? special : parse_timestamp_ntz(text), Type::timestamp_ntz(), "TIMESTAMP_NTZ");
    }
    if (type == "TIME" && options_.time_type) {
      return finish(parse_time(text), Type::time(6), "TIME");
    }
    if (type == "INTERVAL") {
      return interval_text_literal(text, from);
    }
    if (type == "X") {
      // The quoted text is not unescaped: hexadecimal digits need no escapes.
      auto bytes = unhex(quoted.substr(1, quoted.size() - 2));
      if (!bytes) {
        fail_with("INVALID_TYPED_LITERAL", {{"valueType", "\"X\""}, {"value", "'" + text + "'"}}, from);
      }
      return literal(Value(std::move(*bytes)), Type::binary(), from);
    }
  }
  fail_with("UNSUPPORTED_TYPED_LITERAL",
            {{"unsupportedType", "\"" + type + "\""},
             {"supportedTypes",
              "\"DATE\", \"TIMESTAMP_NTZ\", \"TIMESTAMP_LTZ\", \"TIMESTAMP\", \"INTERVAL\", \"X\", \"TIME\""}},
            from);
}

ExpressionPtr Parser::parameter() {
  const Mark from = mark();
  if (accept(TokenKind::question)) {
    return bound(plan::Parameter{"", next_parameter_++}, from);
  }
  expect(TokenKind::colon);
  if (!at_identifier()) {
    fail();
  }
  std::string name = name_text(peek());
  advance();
  has_named_parameter_ = true;
  return bound(plan::Parameter{std::move(name), -1}, from);
}

ExpressionPtr Parser::bound(plan::Parameter parameter, Mark from) {
  if (!options_.parameter) {
    return make(std::move(parameter), from);
  }
  if (has_named_parameter_ && next_parameter_ > 0) {
    throw SparkError(ErrorKind::analysis, "INVALID_QUERY_MIXED_QUERY_PARAMETERS");
  }
  if (ExpressionPtr value = options_.parameter(parameter)) {
    const auto* text = std::get_if<plan::Literal>(&value->node);
    const bool is_text = text && text->type.is(TypeKind::string) && !text->value.is_null();
    if (is_text && (at_string() || at_parameter())) {
      std::string whole = text->value.text() + string_literal();  // adjacent strings are one
      return string_constant(std::move(whole), from);
    }
    return value;
  }
  const uint32_t begin = tokens_[from].begin;
  const uint32_t end = tokens_[at_ - 1].end;
  QueryContext context;
  context.start = position(begin);
  context.stop = position(end - 1);
  context.fragment = text_between(begin, end);
  const std::string name = parameter.name.empty() ? "_" + std::to_string(context.start) : parameter.name;
  SparkError error(ErrorKind::analysis, "UNBOUND_SQL_PARAMETER", {{"name", name}});
  error.with_context(std::move(context));
  throw error;
}

bool Parser::at_constant() const {
  switch (peek().kind) {
    case TokenKind::integer:
    case TokenKind::decimal:
    case TokenKind::exponent:
    case TokenKind::long_suffix:
    case TokenKind::short_suffix:
    case TokenKind::byte_suffix:
    case TokenKind::float_suffix:
    case TokenKind::double_suffix:
    case TokenKind::decimal_suffix:
      return true;
    default:
      return at_string();
  }
}

ExpressionPtr Parser::constant() {
  const Mark from = mark();
  if (at_string()) {
    std::string text = string_literal();
    return string_constant(std::move(text), from);
  }
  const bool negative = accept(TokenKind::minus);
  if (at_constant() && !at_string()) {
    return number(negative, from);
  }
  if (negative) {
    fail();
  }
  if (at(TokenKind::question) || at(TokenKind::colon)) {
    return parameter();
  }
  if (accept(Keyword("NULL"))) {
    return literal(Value(), Type::null(), from);
  }
  if (accept(Keyword("TRUE"))) {
    return literal(Value(true), Type::boolean(), from);
  }
  if (accept(Keyword("FALSE"))) {
    return literal(Value(false), Type::boolean(), from);
  }
  if (at_interval()) {
    return interval_literal();
  }
  if (at_identifier() && at_string(1)) {
    return typed_literal(from);
  }
  fail();
}

}  // namespace pyrite::sql
