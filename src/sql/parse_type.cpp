// Data types and table schemas as SQL writes them.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          static constexpr char digits[] = "0123456789abcdef";
          out += std::string("\\u00") + digits[c >> 4] + digits[c & 15];
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

}  // namespace

int Parser::type_parameter() {
  const Mark from = mark();
  const int64_t value = integer_value();
  if (value != static_cast<int16_t>(value)) {
    fail_with("INVALID_NUMERIC_LITERAL_RANGE",
              {{"rawStrippedQualifier", std::to_string(value)},
               {"minValue", "0"},
               {"maxValue", "32767"},
               {"typeName", "smallint"}},
              from);
  }
  return static_cast<int>(value);
}

std::vector<int> Parser::type_parameters() {
  std::vector<int> out;
  if (at(TokenKind::left_paren) &&
      (at(TokenKind::integer, 1) || at(TokenKind::question, 1) || at(TokenKind::colon, 1))) {
    out = parenthesized_list([&] { return type_parameter(); });
  }
  return out;
}

void Parser::close_angle() {
  Token& token = tokens_[at_];
  if (token.kind == TokenKind::shift_right || token.kind == TokenKind::shift_right_unsigned) {
    token.kind = token.kind == TokenKind::shift_right ? TokenKind::greater : TokenKind::shift_right;
    ++token.begin;
    return;
  }
  expect(TokenKind::greater);
}

Type Parser::data_type() {
  const Depth depth(*this);
  const Mark from = mark();
  if (!at_identifier()) {
    fail();
  }
  if (at(TokenKind::less, 1) || at(TokenKind::not_equal, 1)) {
    if (accept(Keyword("ARRAY"))) {
      expect(TokenKind::less);
      Type element = data_type();
      close_angle();
      return Type::array(std::move(element));
    }
    if (accept(Keyword("MAP"))) {
      expect(TokenKind::less);
      Type key = data_type();
      expect(TokenKind::comma);
      Type value = data_type();
      close_angle();
      return Type::map(std::move(key), std::move(value));
    }
  }
  if (accept(Keyword("STRUCT"))) {
    return struct_type();
  }
  const std::string name = upper(name_text(peek()));
  advance();
  return named_type(from, name);
}

Type Parser::struct_type() {
  if (accept(TokenKind::not_equal)) {
    return Type::structure({});
  }
  const Mark from = mark();
  if (!accept(TokenKind::less)) {
    fail_with("INCOMPLETE_TYPE_DEFINITION.STRUCT", {}, from - 1, from - 1);
  }
  std::vector<StructField> fields;
  if (!at(TokenKind::greater) && !at(TokenKind::shift_right) && !at(TokenKind::shift_right_unsigned)) {
    fields = comma_list([&] { return struct_field(); });
  }
  close_angle();
  return Type::structure(std::move(fields));
}

StructField Parser::struct_field() {
  StructField field;
  field.name = identifier();
  accept(TokenKind::colon);
  field.type = data_type();
  if (accept(Keyword("NOT")) || accept(TokenKind::bang)) {
    expect(Keyword("NULL"));
    field.nullable = false;
  }
  if (at(Keyword("COMMENT")) && at_string(1)) {
    field.metadata = "{\"comment\":" + json_string(comment_text()) + "}";
  }
  return field;
}

StructField Parser::column_type() {
  StructField field;
  field.name = identifier();
  field.type = data_type();
  if (accept(Keyword("NOT")) || accept(TokenKind::bang)) {
    expect(Keyword("NULL"));
    field.nullable = false;
  }
  if (at(Keyword("COMMENT")) && at_string(1)) {
    field.metadata = "{\"comment\":" + json_string(comment_text()) + "}";
  }
  return field;
}

std::vector<StructField> Parser::column_types() {
  return comma_list([&] { return column_type(); });
}

Type Parser::interval_type() {
  static constexpr std::pair<const char*, int> fields[] = {{"DAY", interval_field::day},
                                                           {"HOUR", interval_field::hour},
                                                           {"MINUTE", interval_field::minute},
                                                           {"SECOND", interval_field::second}};
  const Mark from = mark();
  if (at(Keyword("YEAR")) || at(Keyword("MONTH"))) {
    const int first = at(Keyword("YEAR")) ? interval_field::year : interval_field::month;
    advance();
    int last = first;
    if (at_all({"TO", "MONTH"})) {
      at_ += 2;
      last = interval_field::month;
      if (first == last) {
        fail_with("_LEGACY_ERROR_TEMP_0028", {{"from", "month"}, {"to", "month"}}, from);
      }
    }
    return Type::year_month_interval(first, last);
  }
  const auto field = [&]() -> std::optional<int> {
    for (const auto& [name, value] : fields) {
      if (peek().keyword && peek().keyword.name() == name) {
        advance();
        return value;
      }
    }
    return std::nullopt;
  };
  const auto first = field();
  if (!first) {
    return Type::calendar_interval();
  }
  int last = *first;
  if (at(Keyword("TO"))) {
    advance();
    const auto found = field();
    if (!found || *found == interval_field::day) {
      fail();
    }
    last = *found;
    if (last <= *first) {
      fail_with("_LEGACY_ERROR_TEMP_0028", {{"from", fields[*first].first}, {"to", fields[last].first}}, from);
    }
  }
  return Type::day_time_interval(*first, last);
}

Type Parser::named_type(Mark from, const std::string& name) {
  struct Simple {
    std::string_view name;
    TypeKind kind;
  };
  static constexpr Simple simple[] = {{"BOOLEAN", TypeKind::boolean},
                                      {"TINYINT", TypeKind::byte},
                                      {"BYTE", TypeKind::byte},
                                      {"SMALLINT", TypeKind::short_int},
                                      {"SHORT", TypeKind::short_int},
                                      {"INT", TypeKind::integer},
                                      {"INTEGER", TypeKind::integer},
                                      {"BIGINT", TypeKind::long_int},
                                      {"LONG", TypeKind::long_int},
                                      {"FLOAT", TypeKind::float32},
                                      {"REAL", TypeKind::float32},
                                      {"DOUBLE", TypeKind::float64},
                                      {"DATE", TypeKind::date},
                                      {"TIMESTAMP_LTZ", TypeKind::timestamp},
                                      {"TIMESTAMP_NTZ", TypeKind::timestamp_ntz},
                                      {"BINARY", TypeKind::binary},
                                      {"VOID", TypeKind::null},
                                      {"VARIANT", TypeKind::variant}};
  const auto unsupported = [&](const std::vector<int>& parameters) -> Type {
    std::string shown = name;
    for (size_t i = 0; i < parameters.size(); ++i) {
      shown += (i ? "," : "(") + std::to_string(parameters[i]);
    }
    defer("UNSUPPORTED_DATATYPE", {{"typeName", "\"" + shown + (parameters.empty() ? "" : ")") + "\""}}, from);
    return Type::null();
  };
  if (tokens_[from].kind != TokenKind::name) {
    return unsupported({});
  }
  if (name == "INTERVAL") {
    return interval_type();
  }
  if (name == "TIMESTAMP" || name == "TIME") {
    const std::vector<int> parameters = name == "TIME" ? type_parameters() : std::vector<int>();
    const bool without = accept_all({"WITHOUT", "TIME", "ZONE"});
    if (name == "TIMESTAMP") {
      return without || options_.timestamp_ntz_is_timestamp ? Type::timestamp_ntz() : Type::timestamp();
    }
    if (!options_.time_type) {
      return unsupported({});
    }
    const int precision = parameters.empty() ? 6 : parameters[0];
    if (precision < 0 || precision > 6) {
      fail_with("UNSUPPORTED_TIME_PRECISION", {{"precision", std::to_string(precision)}}, from);
    }
    return Type::time(precision);
  }
  if (name == "ARRAY" || name == "MAP") {
    fail_with("INCOMPLETE_TYPE_DEFINITION." + name,
              name == "ARRAY" ? MessageParameters{{"elementType", "<INT>"}} : MessageParameters{}, from);
  }
  if (name == "STRING") {
    if (accept(Keyword("COLLATE"))) {
      const NameParts collation = multipart_identifier();
      return Type::string(upper(collation.back()));
    }
    return Type::string();
  }
  if ((name == "GEOGRAPHY" || name == "GEOMETRY") && at(TokenKind::left_paren)) {
    throw_unsupported("type " + name);
  }
  const std::vector<int> parameters = type_parameters();
  if (name == "CHARACTER" || name == "CHAR" || name == "VARCHAR") {
    if (parameters.empty()) {
      fail_with("DATATYPE_MISSING_SIZE", {{"type", "\"" + name + "\""}}, from);
    }
    if (parameters.size() > 1) {
      return unsupported(parameters);
    }
    if (parameters[0] < 1) {
      throw SparkError(ErrorKind::spark, "INTERNAL_ERROR",
                       {{"message", "the length of a char or varchar must be positive"}});
    }
    return name == "VARCHAR" ? Type::varchar_n(parameters[0]) : Type::char_n(parameters[0]);
  }
  if (name == "DECIMAL" || name == "DEC" || name == "NUMERIC") {
    if (parameters.size() > 2) {
      return unsupported(parameters);
    }
    const int precision = parameters.empty() ? 10 : parameters[0];
    const int scale = parameters.size() < 2 ? 0 : parameters[1];
    if (precision > 38) {
      fail_with("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}}, from);
    }
    if (scale > precision) {
      fail_with("INVALID_DECIMAL_SCALE", {{"scale", std::to_string(scale)}, {"precision", std::to_string(precision)}},
                from);
    }
    return Type::decimal(precision, scale);
  }
  if (parameters.empty()) {
    for (const Simple& each : simple) {
      if (each.name == name) {
        return Type(each.kind);
      }
    }
  }
  return unsupported(parameters);
}

Type Parser::whole_type() {
  if (at(TokenKind::end)) {
    fail_with("PARSE_EMPTY_STATEMENT", {}, mark());
  }
  Type type = data_type();
  finish();
  return type;
}

Type Parser::whole_table_schema() {
  std::vector<StructField> fields = column_types();
  finish();
  return Type::structure(std::move(fields));
}

Type parse_type(std::string_view text, const ParserOptions& options) { return Parser(text, options).whole_type(); }

Type parse_table_schema(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).whole_table_schema();
}

Type parse_ddl(std::string_view text, const ParserOptions& options) {
  try {
    return parse_table_schema(text, options);
  } catch (const SparkError& first) {
    if (first.kind() != ErrorKind::parse) {
      throw;
    }
    // A type, then fields as they stand in STRUCT<…>: `a: int` is one of those.
    try {
      return parse_type(text, options);
    } catch (const SparkError&) {
      try {
        return parse_type("struct<" + std::string(text) + ">", options);
      } catch (const SparkError&) {
        throw first;
      }
    }
  }
}

}  // namespace pyrite::sql
