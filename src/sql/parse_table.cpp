// CREATE TABLE and REPLACE TABLE: columns, constraints, clauses, AS SELECT, LIKE.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {

std::string Parser::dotted_name() {
  std::string out;
  for (const std::string& part : multipart_identifier()) {
    out += (out.empty() ? "" : ".") + part;
  }
  return out;
}

plan::Command::Node Parser::create_table(bool or_replace, bool replace_only, bool temporary, bool external, Mark from) {
  plan::CreateTable table;
  table.create_or_replace = or_replace;
  table.replace_existing = replace_only;
  table.external = external;
  table.if_not_exists = accept_if_not_exists();
  table.name = plain_reference("CREATE TABLE");
  table_refusal_.clear();
  if (accept(Keyword("LIKE"))) {
    table.like = plain_reference("CREATE TABLE LIKE");
    create_table_clauses(table);
    return table;
  }
  if (at(TokenKind::left_paren) && !at_query(1) && !at(TokenKind::left_paren, 1)) {
    table_elements(table);
  }
  create_table_clauses(table);
  if (temporary) {
    if (!table.provider.empty()) {
      fail_with("INVALID_SQL_SYNTAX.CREATE_TEMP_TABLE_USING_PROVIDER", {}, from);
    }
    fail_with("_LEGACY_ERROR_TEMP_0035", {{"message", "CREATE TEMPORARY TABLE ..., use CREATE TEMPORARY VIEW instead"}},
              from);
  }
  const bool word = accept(Keyword("AS"));
  if (word || at_query() || at(TokenKind::left_paren)) {
    table.query = query();
    if (!table.columns.empty()) {
      fail_with("_LEGACY_ERROR_TEMP_0035",
                {{"message", or_replace || replace_only
                                 ? "Schema may not be specified in a Replace Table As Select (RTAS) statement"
                                 : "Schema may not be specified in a Create Table As Select (CTAS) statement"}},
                from);
    }
  }
  if (!table_refusal_.empty()) {
    return plan::UnsupportedCommand{table_refusal_};
  }
  return table;
}

void Parser::create_table_clauses(plan::CreateTable& table) {
  std::vector<std::string> seen;
  const Mark start = mark();
  const auto once = [&](std::string clause) {
    if (std::find(seen.begin(), seen.end(), clause) != seen.end()) {
      fail_with("DUPLICATE_CLAUSES", {{"clauseName", clause}}, start, tokens_.size() - 2);
    }
    seen.push_back(std::move(clause));
  };
  while (true) {
    if (at(Keyword("USING")) && at_identifier(1)) {
      once("USING");
      advance();
      table.provider = dotted_name();
    } else if (accept(Keyword("OPTIONS"))) {
      once("OPTIONS");
      table.options = expression_property_list();
    } else if (accept_all({"PARTITIONED", "BY"})) {
      once("PARTITIONED BY");
      partition_fields(table);
    } else if (accept_all({"SKEWED", "BY"})) {
      once("SKEWED BY");
      identifier_list();
      expect(Keyword("ON"));
      expression();
      accept_all({"STORED", "AS", "DIRECTORIES"});
      table_refusal_ = "SKEWED BY";
    } else if (accept_all({"CLUSTER", "BY"})) {
      once("CLUSTER BY");
      expect(TokenKind::left_paren);
      comma_list([&] { return multipart_identifier(); });
      expect(TokenKind::right_paren);
    } else if (accept_all({"CLUSTERED", "BY"})) {
      once("CLUSTERED BY");
      bucket_clause();
    } else if (at_all({"ROW", "FORMAT"})) {
      once("ROW FORMAT");
      row_format();
      table.hive_format = true;
    } else if (at(Keyword("STORED"))) {
      once("STORED AS/BY");
      stored_as(table);
    } else if (accept(Keyword("LOCATION"))) {
      once("LOCATION");
      table.location = string_literal();
    } else if (at(Keyword("COMMENT"))) {
      once("COMMENT");
      table.comment = comment_text();
    } else if (at_all({"DEFAULT", "COLLATION"})) {
      once("DEFAULT COLLATION");
      collation_spec();
    } else if (accept(Keyword("TBLPROPERTIES"))) {
      once("TBLPROPERTIES");
      table.properties = property_list();
    } else {
      return;
    }
  }
}

/// STORED AS parquet and orc say the same as USING, where there are tables of Hive at all.
void Parser::stored_as(plan::CreateTable& table) {
  const bool plain = at(Keyword("AS"), 1) && at_identifier(2) && !at(Keyword("INPUTFORMAT"), 2);
  std::string name = plain ? std::string(text_of(peek(2))) : "";
  file_format();
  for (char& c : name) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  table.hive_format = true;
  table.provider = name;
}

void Parser::bucket_clause() {
  identifier_list();
  if (accept_all({"SORTED", "BY"})) {
    parenthesized_list([&] {
      identifier();
      return accept(Keyword("ASC")) || accept(Keyword("DESC"));
    });
  }
  expect(Keyword("INTO"));
  integer_value();
  expect(Keyword("BUCKETS"));
}

void Parser::partition_fields(plan::CreateTable& table) {
  expect(TokenKind::left_paren);
  do {
    if (at_identifier() && at(TokenKind::left_paren, 1) && !at_identifier_clause()) {
      const std::string name(text_of(peek()));
      at_ += 2;
      do {
        if (at_identifier() && !at_string(1)) {
          multipart_identifier();
        } else {
          constant();
        }
      } while (accept(TokenKind::comma));
      expect(TokenKind::right_paren);
      table_refusal_ = "partition transform " + name;
      continue;
    }
    const NameParts name = multipart_identifier();
    if (at(TokenKind::comma) || at(TokenKind::right_paren)) {
      table.partition_by.push_back(name.back());
      continue;
    }
    plan::ColumnDefinition column;
    column.name = name.back();
    column.type = data_type();
    if (accept_all({"NOT", "NULL"})) {
      column.nullable = false;
    }
    if (at(Keyword("COMMENT"))) {
      column.comment = comment_text();
    }
    table.partition_by.push_back(column.name);
    table.columns.push_back(std::move(column));
  } while (accept(TokenKind::comma));
  expect(TokenKind::right_paren);
}

void Parser::table_elements(plan::CreateTable& table) {
  expect(TokenKind::left_paren);
  do {
    if (at_constraint()) {
      table_constraint();
    } else {
      table.columns.push_back(column_definition());
    }
  } while (accept(TokenKind::comma));
  expect(TokenKind::right_paren);
}

bool Parser::at_constraint() const {
  if (at(Keyword("CONSTRAINT"))) {
    return at_identifier(1) && (at_any({"CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "REFERENCES"}, 2));
  }
  return (at(Keyword("CHECK")) && at(TokenKind::left_paren, 1)) ||
         (at(Keyword("UNIQUE")) && at(TokenKind::left_paren, 1)) || at_all({"PRIMARY", "KEY"}) ||
         at_all({"FOREIGN", "KEY"});
}

void Parser::table_constraint() {
  if (accept(Keyword("CONSTRAINT"))) {
    identifier();
  }
  if (accept(Keyword("CHECK"))) {
    expect(TokenKind::left_paren);
    expression();
    expect(TokenKind::right_paren);
  } else if (accept(Keyword("UNIQUE")) || accept_all({"PRIMARY", "KEY"})) {
    identifier_list();
  } else {
    expect(Keyword("FOREIGN"));
    expect(Keyword("KEY"));
    identifier_list();
    expect(Keyword("REFERENCES"));
    multipart_identifier();
    if (at(TokenKind::left_paren)) {
      identifier_list();
    }
  }
  constraint_characteristics();
  table_refusal_ = "table constraints";
}

void Parser::constraint_characteristics() {
  while (accept(Keyword("ENFORCED")) || accept_all({"NOT", "ENFORCED"}) || accept(Keyword("RELY")) ||
         accept(Keyword("NORELY"))) {
  }
}

plan::ColumnDefinition Parser::column_definition(bool routine_parameter) {
  const Mark from = mark();
  plan::ColumnDefinition column;
  column.name = identifier();
  column.type = data_type();
  while (!at(TokenKind::comma) && !at(TokenKind::right_paren) && !at(TokenKind::end)) {
    column_option(column, routine_parameter, from);
  }
  return column;
}

void Parser::column_option(plan::ColumnDefinition& column, bool routine_parameter, Mark from) {
  const auto once = [&](bool again, const char* option) {
    if (again) {
      fail_with("CREATE_TABLE_COLUMN_DESCRIPTOR_DUPLICATE", {{"columnName", column.name}, {"optionName", option}},
                from);
    }
  };
  if ((at(Keyword("NOT")) || at(TokenKind::bang)) && at(Keyword("NULL"), 1)) {
    once(!column.nullable, "NOT NULL");
    at_ += 2;
    column.nullable = false;
  } else if (accept(Keyword("DEFAULT"))) {
    once(!column.default_text.empty(), "DEFAULT");
    const Mark text = mark();
    expression();
    column.default_text = source(text);
  } else if (at(Keyword("GENERATED"))) {
    advance();
    generated_column(column);
    if (routine_parameter) {
      fail_with("INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_GENERATED_COLUMNS_AS_PARAMETERS", {}, from);
    }
  } else if (at(Keyword("COMMENT"))) {
    once(!column.comment.empty(), "COMMENT");
    column.comment = comment_text();
  } else if (at_any({"CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "REFERENCES"})) {
    column_constraint();
    if (routine_parameter) {
      fail_with("INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_COLUMN_CONSTRAINTS", {}, from);
    }
  } else {
    fail();
  }
}

void Parser::generated_column(plan::ColumnDefinition& column) {
  if (accept_all({"ALWAYS", "AS"}) && at(TokenKind::left_paren)) {
    advance();
    const Mark text = mark();
    expression();
    column.generated_text = source(text);
    expect(TokenKind::right_paren);
    return;
  }
  if (accept_all({"BY", "DEFAULT"})) {
    expect(Keyword("AS"));
  }
  expect(Keyword("IDENTITY"));
  if (accept(TokenKind::left_paren)) {
    while (!at(TokenKind::right_paren)) {
      if (!accept_all({"START", "WITH"}) && !accept_all({"INCREMENT", "BY"})) {
        fail();
      }
      number_after_sign();
    }
    expect(TokenKind::right_paren);
  }
  table_refusal_ = "identity columns";
}

void Parser::number_after_sign() {
  const Mark from = mark();
  const bool negative = accept(TokenKind::minus);
  if (!at(TokenKind::integer) && !at(TokenKind::long_suffix)) {
    fail();
  }
  number(negative, from);
}

void Parser::column_constraint() {
  if (accept(Keyword("CONSTRAINT"))) {
    identifier();
  }
  if (accept(Keyword("CHECK"))) {
    expect(TokenKind::left_paren);
    expression();
    expect(TokenKind::right_paren);
  } else if (accept(Keyword("REFERENCES"))) {
    multipart_identifier();
    if (at(TokenKind::left_paren)) {
      identifier_list();
    }
  } else if (!accept(Keyword("UNIQUE"))) {
    expect(Keyword("PRIMARY"));
    expect(Keyword("KEY"));
  }
  constraint_characteristics();
  table_refusal_ = "table constraints";
}

}  // namespace pyrite::sql
