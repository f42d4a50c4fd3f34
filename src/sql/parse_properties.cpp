// Parts that many statements share: property lists, comments, partitions, row formats, IF EXISTS.
#include "sql/parser_core.h"

namespace pyrite::sql {

std::string Parser::comment_text() {
  expect(Keyword("COMMENT"));
  return string_literal();
}

std::string Parser::property_key() {
  if (at_string()) {
    return at(TokenKind::equal, 1) || at_string(1) ? single_string() : string_literal();
  }
  std::string key = identifier();
  while (accept(TokenKind::dot)) {
    key += "." + identifier();
  }
  return key;
}

std::optional<std::string> Parser::property_value() {
  if (at(TokenKind::integer) || at(TokenKind::decimal)) {
    std::string text(text_of(peek()));
    advance();
    return text;
  }
  if (at(Keyword("TRUE")) || at(Keyword("FALSE"))) {
    const bool value = at(Keyword("TRUE"));
    advance();
    return value ? "true" : "false";
  }
  if (at_string()) {
    return string_literal();
  }
  return std::nullopt;
}

plan::Options Parser::property_list() {
  plan::Options out;
  expect(TokenKind::left_paren);
  do {
    std::string key = property_key();
    const bool equal = accept(TokenKind::equal);
    std::optional<std::string> value = property_value();
    if (equal && !value) {
      fail();
    }
    out.emplace_back(std::move(key), value.value_or(""));
  } while (accept(TokenKind::comma));
  expect(TokenKind::right_paren);
  return out;
}

/// OPTIONS of CREATE TABLE: values are expressions; constants keep their text.
plan::Options Parser::expression_property_list() {
  plan::Options out;
  expect(TokenKind::left_paren);
  do {
    std::string key = property_key();
    const bool equal = accept(TokenKind::equal);
    std::string value;
    if (equal || (!at(TokenKind::comma) && !at(TokenKind::right_paren))) {
      if (auto text = property_value(); text && (at(TokenKind::comma) || at(TokenKind::right_paren))) {
        value = std::move(*text);
      } else if (text) {
        fail();
      } else {
        const Mark from = mark();
        expression();
        value = source(from);
      }
    }
    out.emplace_back(std::move(key), std::move(value));
  } while (accept(TokenKind::comma));
  expect(TokenKind::right_paren);
  return out;
}

plan::PartitionSpec Parser::partition_spec(bool complete) {
  const Mark start = mark();
  plan::PartitionSpec out;
  expect(Keyword("PARTITION"));
  expect(TokenKind::left_paren);
  do {
    std::string name = simple_identifier();
    std::optional<std::string> value;
    if (accept(TokenKind::equal)) {
      const Mark from = mark();
      if (accept(Keyword("DEFAULT"))) {
        value = "DEFAULT";
      } else {
        const ExpressionPtr parsed = constant();
        const auto* constant = std::get_if<plan::Literal>(&parsed->node);
        const bool text = constant && constant->type.is(TypeKind::string);
        value = text                                    ? constant->value.text()
                : constant && constant->value.is_null() ? "__HIVE_DEFAULT_PARTITION__"
                                                        : source(from);
        if (const bool typed = constant && !text && tokens_[from].kind == TokenKind::name && at_ - from == 2; typed) {
          value = string_value(text_of(tokens_[from + 1]), options_.escaped_string_literals);
        }
      }
    }
    if (complete && !value) {
      defer("INVALID_SQL_SYNTAX.EMPTY_PARTITION_VALUE", {{"partKey", "`" + name + "`"}}, start);
    }
    out.emplace_back(std::move(name), std::move(value));
  } while (accept(TokenKind::comma));
  expect(TokenKind::right_paren);
  return out;
}

bool Parser::accept_if_exists() { return accept_all({"IF", "EXISTS"}); }

bool Parser::accept_if_not_exists() {
  if (at(Keyword("IF")) && (at(Keyword("NOT"), 1) || at(TokenKind::bang, 1)) && at(Keyword("EXISTS"), 2)) {
    at_ += 3;
    return true;
  }
  return false;
}

bool Parser::at_namespace_word(size_t ahead) const { return at_any({"NAMESPACE", "DATABASE", "SCHEMA"}, ahead); }

void Parser::collation_spec() {
  expect(Keyword("DEFAULT"));
  expect(Keyword("COLLATION"));
  multipart_identifier();
}

void Parser::row_format() {
  if (!at_all({"ROW", "FORMAT"})) {
    return;
  }
  at_ += 2;
  if (accept(Keyword("SERDE"))) {
    string_literal();
    if (accept_all({"WITH", "SERDEPROPERTIES"})) {
      property_list();
    }
    return;
  }
  expect(Keyword("DELIMITED"));
  if (accept_all({"FIELDS", "TERMINATED", "BY"})) {
    string_literal();
    if (accept_all({"ESCAPED", "BY"})) {
      string_literal();
    }
  }
  if (accept_all({"COLLECTION", "ITEMS", "TERMINATED", "BY"})) {
    string_literal();
  }
  if (accept_all({"MAP", "KEYS", "TERMINATED", "BY"})) {
    string_literal();
  }
  if (accept_all({"LINES", "TERMINATED", "BY"})) {
    const Mark from = mark();
    const std::string text = string_literal();
    if (text != "\n") {
      fail_with("_LEGACY_ERROR_TEMP_0064",
                {{"msg", "LINES TERMINATED BY only supports newline '\\n' right now: " + text}}, from);
    }
  }
  if (accept_all({"NULL", "DEFINED", "AS"})) {
    string_literal();
  }
}

void Parser::file_format() {
  expect(Keyword("STORED"));
  if (accept(Keyword("BY"))) {
    string_literal();
    if (accept_all({"WITH", "SERDEPROPERTIES"})) {
      property_list();
    }
    return;
  }
  expect(Keyword("AS"));
  if (accept(Keyword("INPUTFORMAT"))) {
    string_literal();
    expect(Keyword("OUTPUTFORMAT"));
    string_literal();
    return;
  }
  simple_identifier();
}

}  // namespace pyrite::sql
