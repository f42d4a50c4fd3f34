// SHOW, DESCRIBE and EXPLAIN.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {

/// [FROM|IN name], where a list of objects is asked for.
void Parser::show_place(plan::Show& show) {
  if (accept(Keyword("FROM")) || accept(Keyword("IN"))) {
    show.name = plain_reference("SHOW");
  }
}

/// [[LIKE] 'pattern']
void Parser::show_pattern(plan::Show& show) {
  if (accept(Keyword("LIKE")) || at_string()) {
    show.pattern = string_literal();
  }
}

plan::Command::Node Parser::show() {
  const Mark from = mark();
  expect(Keyword("SHOW"));
  plan::Show out;
  const auto take = [&](const char* what, size_t words) {
    out.what = what;
    at_ += words;
  };
  if (at_all({"TABLE", "EXTENDED"})) {
    take("TABLE EXTENDED", 2);
    show_place(out);
    expect(Keyword("LIKE"));
    out.pattern = string_literal();
    if (at(Keyword("PARTITION"))) {
      out.partition = partition_spec(true);
    }
    return out;
  }
  if (at(Keyword("TABLES")) || at(Keyword("VIEWS"))) {
    take(at(Keyword("TABLES")) ? "TABLES" : "VIEWS", 1);
    show_place(out);
    show_pattern(out);
    return out;
  }
  if (at_any({"NAMESPACES", "DATABASES", "SCHEMAS"})) {
    take("NAMESPACES", 1);
    show_place(out);
    show_pattern(out);
    return out;
  }
  if (at(Keyword("TBLPROPERTIES"))) {
    take("TBLPROPERTIES", 1);
    out.name = plain_reference("SHOW TBLPROPERTIES");
    if (accept(TokenKind::left_paren)) {
      out.key = property_key();
      expect(TokenKind::right_paren);
    }
    return out;
  }
  if (at(Keyword("COLUMNS"))) {
    take("COLUMNS", 1);
    if (!accept(Keyword("FROM"))) {
      expect(Keyword("IN"));
    }
    out.name = plain_reference("SHOW COLUMNS");
    if (accept(Keyword("FROM")) || accept(Keyword("IN"))) {
      NameParts place = multipart_identifier();
      if (out.name.size() > 1) {
        const std::string& other = out.name[out.name.size() - 2];
        const bool same = std::equal(place.back().begin(), place.back().end(), other.begin(), other.end(),
                                     [](char a, char b) { return (a | 32) == (b | 32); });
        if (!same) {
          throw SparkError(ErrorKind::analysis, "SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE",
                           {{"namespaceA", "`" + place.back() + "`"}, {"namespaceB", "`" + other + "`"}});
        }
        place = {};
      }
      out.name.insert(out.name.begin(), place.begin(), place.end());
    }
    return out;
  }
  if (at(Keyword("PARTITIONS"))) {
    take("PARTITIONS", 1);
    out.name = plain_reference("SHOW PARTITIONS");
    if (at(Keyword("PARTITION"))) {
      out.partition = partition_spec(true);
    }
    return out;
  }
  if (at_all({"CREATE", "TABLE"}) && at_identifier(2)) {
    take("CREATE TABLE", 2);
    out.name = plain_reference("SHOW CREATE TABLE");
    out.as_serde = accept_all({"AS", "SERDE"});
    return out;
  }
  if (at(Keyword("CURRENT")) && at_namespace_word(1)) {
    take("CURRENT NAMESPACE", 2);
    return out;
  }
  if (at(Keyword("CATALOGS"))) {
    take("CATALOGS", 1);
    show_pattern(out);
    return out;
  }
  if (at(Keyword("COLLATIONS"))) {
    take("COLLATIONS", 1);
    show_pattern(out);
    return out;
  }
  if (at(Keyword("PROCEDURES"))) {
    return unsupported("SHOW PROCEDURES");
  }
  if (at_any({"GRANT", "ROLE", "PRINCIPALS", "ROLES", "COMPACTIONS", "TRANSACTIONS", "INDEXES", "LOCKS"}) ||
      at_all({"CURRENT", "ROLES"})) {
    at_ = from;
    return not_allowed(2);
  }
  return show_functions(from);
}

plan::Command::Node Parser::show_functions(Mark from) {
  plan::Show out;
  out.what = "FUNCTIONS";
  if (!at(Keyword("FUNCTIONS")) && at_identifier() && at(Keyword("FUNCTIONS"), 1)) {
    std::string scope(text_of(peek()));
    std::transform(scope.begin(), scope.end(), scope.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (scope != "ALL" && scope != "USER" && scope != "SYSTEM") {
      fail_with("INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_SCOPE",
                {{"scope", "`" + std::string(text_of(peek())) + "`"}}, from);
    }
    out.scope = std::move(scope);
    advance();
  } else if (!at(Keyword("FUNCTIONS")) && at_identifier() && !at(TokenKind::end, 1)) {
    advance();
    fail();
  }
  expect(Keyword("FUNCTIONS"));
  show_place(out);
  const bool word = accept(Keyword("LIKE"));
  if (at_string()) {
    out.pattern = string_literal();
  } else if (word || at_identifier()) {
    NameParts name = multipart_identifier();
    out.pattern = name.back();
    name.pop_back();
    if (!name.empty()) {
      out.name = std::move(name);
    }
  }
  return out;
}

plan::Command::Node Parser::describe() {
  const Mark from = mark();
  advance();
  if (at(Keyword("FUNCTION")) && !at(TokenKind::dot, 1) && !at(TokenKind::end, 1)) {
    advance();
    plan::DescribeFunction out;
    out.extended = at(Keyword("EXTENDED")) && !at(TokenKind::end, 1) && accept(Keyword("EXTENDED"));
    if (at_string()) {
      out.name = {string_literal()};
    } else if (at_identifier() && !at_any({"OR", "AND", "IN", "NOT"})) {
      out.name = plain_reference("DESCRIBE FUNCTION");
    } else {
      out.name = {std::string(text_of(peek()))};
      advance();
    }
    return out;
  }
  if (at_namespace_word() && at_identifier(1)) {
    advance();
    plan::DescribeNamespace out;
    out.extended = at(Keyword("EXTENDED")) && at_identifier(1) && accept(Keyword("EXTENDED"));
    out.name = plain_reference("DESCRIBE SCHEMA");
    return out;
  }
  if (at(Keyword("PROCEDURE")) && at_identifier(1)) {
    return unsupported("DESCRIBE PROCEDURE");
  }
  if (at(Keyword("QUERY")) && (at_query(1) || at(TokenKind::left_paren, 1))) {
    advance();
    return plan::DescribeQuery{query()};
  }
  if (at(TokenKind::left_paren) || (at_query() && !at(Keyword("TABLE")))) {
    return plan::DescribeQuery{query()};
  }
  return describe_table(from);
}

plan::Command::Node Parser::describe_table(Mark from) {
  if (at(Keyword("TABLE")) && at_identifier(1)) {
    advance();
  }
  plan::DescribeTable out;
  if ((at(Keyword("EXTENDED")) || at(Keyword("FORMATTED"))) && at_identifier(1) && !at_all({"AS", "JSON"}, 1)) {
    out.extended = true;
    advance();
  }
  out.name = plain_reference("DESCRIBE");
  if (at(Keyword("PARTITION")) && at(TokenKind::left_paren, 1)) {
    out.partition = partition_spec(true);
  }
  if (at_identifier() && !at_all({"AS", "JSON"})) {
    out.column = multipart_identifier();
    if (!out.partition.empty()) {
      fail_with("UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_PARTITION", {}, from);
    }
  }
  out.as_json = accept_all({"AS", "JSON"});
  if (out.as_json && !out.column.empty()) {
    fail_with("UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_JSON", {}, from);
  }
  if (out.as_json && !out.extended) {
    fail_with("DESCRIBE_JSON_NOT_EXTENDED", {}, from);
  }
  return out;
}

plan::Command::Node Parser::explain() {
  expect(Keyword("EXPLAIN"));
  plan::Explain out;
  out.mode = "simple";
  if (at(Keyword("LOGICAL"))) {
    fail_with("_LEGACY_ERROR_TEMP_0035", {{"message", "EXPLAIN LOGICAL"}}, mark());
  }
  for (const auto& [word, mode] :
       {std::pair{Keyword("FORMATTED"), "formatted"}, std::pair{Keyword("EXTENDED"), "extended"},
        std::pair{Keyword("CODEGEN"), "codegen"}, std::pair{Keyword("COST"), "cost"}}) {
    if (out.mode == "simple" && accept(word)) {
      out.mode = mode;
    }
  }
  plan::Command inner = statement();
  if (auto* query = std::get_if<plan::Query>(&inner.node)) {
    out.relation = std::move(query->relation);
  } else {
    out.command = std::make_shared<const plan::Command>(std::move(inner));
  }
  return out;
}

}  // namespace pyrite::sql
