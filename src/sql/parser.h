// SQL text to plan: statements, queries, expressions, types, identifiers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plan/command.h"

namespace pyrite::sql {

/// What of the session's configuration changes the grammar.
struct ParserOptions {
  bool ansi = true;
  bool enforce_reserved_keywords = false;
  bool double_quoted_identifiers = false;
  bool escaped_string_literals = false;  ///< backslashes stay as they are
  bool quoted_regex_column_names = false;
  bool timestamp_ntz_is_timestamp = false;  ///< TIMESTAMP means TIMESTAMP_NTZ
  bool legacy_interval = false;             ///< INTERVAL literals are calendar intervals
  bool exponent_literal_as_decimal = false;
  bool time_type = true;
  bool single_character_pipe = true;        ///< | starts a pipe operator as |> does
  bool legacy_set_precedence = false;       ///< INTERSECT binds as UNION does
  bool legacy_consecutive_strings = false;  ///< 'a''b' is ab
  bool legacy_identifier_clause = false;    ///< IDENTIFIER(…) only where an expression or an object's name may stand
  bool having_as_where = false;             ///< HAVING without GROUP BY filters rows
  bool view_schema_binding = true;          ///< views may say WITH SCHEMA
  std::string time_zone = "UTC";            ///< of timestamp literals
  /// Gives the value of a parameter marker; without it markers stay plan::Parameter.
  std::function<plan::ExpressionPtr(const plan::Parameter&)> parameter;
};

/// One statement (a trailing semicolon is allowed). Errors: SparkError PARSE_SYNTAX_ERROR and its siblings.
plan::Command parse_statement(std::string_view text, const ParserOptions& options);
/// A query only.
plan::RelationPtr parse_query(std::string_view text, const ParserOptions& options);
/// An expression, with an optional alias (F.expr).
plan::ExpressionPtr parse_expression(std::string_view text, const ParserOptions& options);
/// "decimal(10,2)" or "struct<a:int>".
Type parse_type(std::string_view text, const ParserOptions& options = {});
/// "a INT, b STRING NOT NULL COMMENT 'x'" to a struct.
Type parse_table_schema(std::string_view text, const ParserOptions& options = {});
/// What the client's DDL parsing accepts: a table schema, or else a type.
Type parse_ddl(std::string_view text, const ParserOptions& options = {});
/// a.b.`c d` to its parts.
std::vector<std::string> parse_identifier(std::string_view text);
/// Splits a script at its semicolons (outside quotes, comments and BEGIN … END).
std::vector<std::string> split_statements(std::string_view script);
/// `a b` where a name needs quotes, a otherwise.
std::string quote_if_needed(std::string_view name);

}  // namespace pyrite::sql
