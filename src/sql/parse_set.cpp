// SET, RESET, USE, session variables, CACHE, REFRESH, EXECUTE IMMEDIATE.
#include <algorithm>
#include <set>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_key(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == ':' || c == '\\';
  });
}

}  // namespace

plan::Command::Node Parser::set() {
  const Mark from = mark();
  expect(Keyword("SET"));
  if (at_all({"TIME", "ZONE"})) {
    return set_time_zone(from);
  }
  if (at(Keyword("CATALOG")) && (at_identifier(1) || at_string(1))) {
    advance();
    return plan::SetCatalog{at_string() ? string_literal() : simple_identifier()};
  }
  if (at(Keyword("ROLE"))) {
    return not_allowed(1);
  }
  if ((at(Keyword("VARIABLE")) || at(Keyword("VAR"))) && !at(TokenKind::dot, 1) && !at(TokenKind::equal, 1) &&
      !at(TokenKind::end, 1)) {
    advance();
    return set_variable(from);
  }
  if (at(Keyword("PATH")) && at(TokenKind::equal, 1)) {
    return unsupported("SET PATH");
  }
  plan::SetConfiguration out;
  if (at(TokenKind::backquoted)) {
    out.key = name_text(peek());
    advance();
    if (accept(TokenKind::equal)) {
      if (at(TokenKind::backquoted)) {
        out.value = name_text(peek());
        advance();
      } else {
        out.value = text_to_end();
      }
    }
    return out;
  }
  std::string text = text_to_end();
  while (!text.empty() && text.back() == ';') {
    text = trim(std::string_view(text).substr(0, text.size() - 1));
  }
  if (text.empty()) {
    return out;
  }
  if (text == "-v") {
    out.verbose = true;
    return out;
  }
  const size_t equal = text.find('=');
  const std::string key(trim(std::string_view(text).substr(0, std::min(equal, text.size()))));
  if (!is_key(key) || (equal == std::string::npos && key.size() != text.size())) {
    fail_with("INVALID_SET_SYNTAX", {}, from, tokens_.size() - 2);
  }
  out.key = key;
  if (equal != std::string::npos) {
    std::string_view value = trim(std::string_view(text).substr(equal + 1));
    if (value.find(';') != std::string_view::npos) {
      fail_with("INVALID_SET_SYNTAX", {}, from, tokens_.size() - 2);
    }
    if (value.size() >= 2 && value.front() == '`' && value.back() == '`') {
      value = value.substr(1, value.size() - 2);
    }
    out.value = std::string(value);
  }
  return out;
}

plan::Command::Node Parser::set_time_zone(Mark from) {
  at_ += 2;
  plan::SetTimeZone out;
  if (at_interval() || (at(Keyword("INTERVAL")) && at_string(1))) {
    const Mark start = mark();
    out.zone = at_interval() ? interval_literal() : typed_literal(start);
    if (at(TokenKind::end) || at(TokenKind::semicolon)) {
      check_zone_interval(out.zone, from);
      return out;
    }
  } else if (at_string()) {
    const Mark start = mark();
    std::string text = string_literal();
    out.zone = string_constant(std::move(text), start);
    return out;
  } else if (accept(Keyword("LOCAL"))) {
    return out;
  }
  at_ = tokens_.size() - 1;
  fail_with("_LEGACY_ERROR_TEMP_0045", {}, from, tokens_.size() - 2);
}

/// A zone's offset is at most 18 hours, in whole seconds.
void Parser::check_zone_interval(const ExpressionPtr& zone, Mark from) {
  const auto& literal = std::get<plan::Literal>(zone->node);
  int64_t microseconds = 0;
  if (literal.type.is(TypeKind::day_time_interval)) {
    microseconds = literal.value.integer();
  } else if (literal.type.is(TypeKind::calendar_interval)) {
    const CalendarInterval& value = literal.value.interval();
    microseconds =
        value.microseconds + int64_t{value.days} * 86'400'000'000 + int64_t{value.months} * 30 * 86'400'000'000;
  } else {
    microseconds = INT64_MAX;
  }
  constexpr int64_t second = 1'000'000;
  if (microseconds % second != 0 || std::abs(microseconds / second) > 18 * 3600) {
    const int64_t seconds = microseconds / second;
    const int64_t shown = seconds % 86'400 == 0           ? seconds / 86'400
                          : std::abs(seconds) > 18 * 3600 ? seconds / 3600
                                                          : seconds;
    fail_with("INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE", {{"input", std::to_string(shown)}}, from);
  }
}

plan::Command::Node Parser::set_variable(Mark from) {
  plan::SetVariable out;
  if (accept(TokenKind::left_paren)) {
    if (at(TokenKind::right_paren)) {
      fail_with("INVALID_SET_SYNTAX", {}, from, tokens_.size() - 2);
    }
    out.names = comma_list([&] { return multipart_identifier(); });
    expect(TokenKind::right_paren);
    expect(TokenKind::equal);
    expect(TokenKind::left_paren);
    out.query = query();
    expect(TokenKind::right_paren);
    return out;
  }
  do {
    out.names.push_back(multipart_identifier());
    expect(TokenKind::equal);
    out.values.push_back(expression());
  } while (accept(TokenKind::comma));
  return out;
}

plan::Command::Node Parser::reset() {
  const Mark from = mark();
  expect(Keyword("RESET"));
  plan::ResetConfiguration out;
  if (at(TokenKind::backquoted)) {
    out.key = name_text(peek());
    advance();
    return out;
  }
  std::string text = text_to_end();
  while (!text.empty() && text.back() == ';') {
    text = trim(std::string_view(text).substr(0, text.size() - 1));
  }
  if (text.empty()) {
    return out;
  }
  if (!is_key(text)) {
    fail_with("_LEGACY_ERROR_TEMP_0043", {}, from, tokens_.size() - 2);
  }
  out.key = std::move(text);
  return out;
}

plan::Command::Node Parser::use() {
  expect(Keyword("USE"));
  plan::UseNamespace out;
  out.is_namespace = at_namespace_word() && at_identifier(1);
  if (out.is_namespace) {
    advance();
  }
  out.name = plain_reference("USE");
  return out;
}

plan::Command::Node Parser::declare() {
  const Mark from = mark();
  expect(Keyword("DECLARE"));
  plan::DeclareVariable out;
  out.replace = accept_all({"OR", "REPLACE"});
  if (at_any({"VARIABLE", "VAR"}) && at_identifier(1)) {
    advance();
  }
  out.name = plain_reference("DECLARE");
  const bool several = at(TokenKind::comma);
  while (accept(TokenKind::comma)) {
    plain_reference("DECLARE");
  }
  if (at_identifier() && !at(Keyword("DEFAULT"))) {
    out.type = data_type();
  }
  if (accept(Keyword("DEFAULT")) || accept(TokenKind::equal)) {
    const Mark text = mark();
    out.default_value = expression();
    out.default_text = source(text);
  }
  if (!out.type && !out.default_value) {
    fail_with("INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED", {}, from);
  }
  if (several) {
    return plan::UnsupportedCommand{"DECLARE of several variables"};
  }
  return out;
}

plan::Command::Node Parser::cache() {
  if (accept(Keyword("CLEAR"))) {
    expect(Keyword("CACHE"));
    return plan::ClearCache{};
  }
  if (accept(Keyword("UNCACHE"))) {
    expect(Keyword("TABLE"));
    plan::UncacheTable out;
    out.if_exists = accept_if_exists();
    out.name = plain_reference("UNCACHE TABLE");
    return out;
  }
  expect(Keyword("CACHE"));
  plan::CacheTable out;
  out.lazy = accept(Keyword("LAZY"));
  expect(Keyword("TABLE"));
  out.name = plain_reference("CACHE TABLE");
  if (accept(Keyword("OPTIONS"))) {
    out.options = property_list();
  }
  const bool word = accept(Keyword("AS"));
  if (word || at_query() || at(TokenKind::left_paren)) {
    out.query = query();
  }
  return out;
}

plan::Command::Node Parser::refresh() {
  expect(Keyword("REFRESH"));
  plan::Refresh out;
  if (at(Keyword("TABLE")) && at_identifier(1)) {
    advance();
    out.table = plain_reference("REFRESH TABLE");
    return out;
  }
  if (at(Keyword("FUNCTION")) && at_identifier(1)) {
    return unsupported("REFRESH FUNCTION");
  }
  if (at_string()) {
    out.path = string_literal();
    return out;
  }
  const Mark from = mark();
  out.path = text_to_end();
  if (out.path.empty()) {
    fail_with("_LEGACY_ERROR_TEMP_0045", {}, from);
  }
  return out;
}

plan::Command::Node Parser::execute_immediate() {
  expect(Keyword("EXECUTE"));
  expect(Keyword("IMMEDIATE"));
  plan::ExecuteImmediate out;
  out.query = expression();
  if (accept(Keyword("INTO"))) {
    if (at(TokenKind::left_paren)) {
      fail();
    }
    out.into = comma_list([&] { return multipart_identifier(); });
  }
  const Mark from = mark();
  if (accept(Keyword("USING"))) {
    std::vector<ExpressionPtr> arguments = named_expressions();
    const auto* row = arguments.size() == 1 ? std::get_if<plan::Call>(&arguments[0]->node) : nullptr;
    if (row && row->is_internal && row->name == NameParts{"struct"}) {
      arguments = std::vector<ExpressionPtr>(row->arguments);
    }
    std::set<std::string> seen;
    for (const ExpressionPtr& argument : arguments) {
      const auto* alias = std::get_if<plan::Alias>(&argument->node);
      if (alias && !seen.insert(alias->names[0]).second) {
        fail_with("EXEC_IMMEDIATE_DUPLICATE_ARGUMENT_ALIASES", {{"aliases", "`" + alias->names[0] + "`"}}, from);
      }
    }
    out.arguments = std::move(arguments);
  }
  return out;
}

}  // namespace pyrite::sql
