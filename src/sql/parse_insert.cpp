// INSERT, and the statements that change rows in place.
#include "sql/parser_core.h"

namespace pyrite::sql {

plan::Command::Node Parser::insert(CommonTables tables) {
  expect(Keyword("INSERT"));
  plan::Insert out;
  out.overwrite = accept(Keyword("OVERWRITE"));
  if (!out.overwrite) {
    expect(Keyword("INTO"));
  }
  if (out.overwrite && (at(Keyword("DIRECTORY")) || at_all({"LOCAL", "DIRECTORY"}))) {
    return insert_directory();
  }
  if (at(Keyword("TABLE")) && (at_identifier(1) || at_identifier_clause())) {
    advance();
  }
  out.table = plain_reference("INSERT");
  options_clause();
  if (at(Keyword("PARTITION"))) {
    out.partition = partition_spec();
  }
  out.if_not_exists = accept_if_not_exists();
  if (at_all({"REPLACE", "WHERE"})) {
    at_ += 2;
    out.replace_where = expression();
  } else if (accept_all({"BY", "NAME"})) {
    out.by_name = true;
  } else if (at(TokenKind::left_paren) && !at_query(1) && !at(TokenKind::left_paren, 1)) {
    out.columns = identifier_list();
  }
  out.query = with_common_tables(std::move(tables), query());
  return out;
}

plan::Command::Node Parser::insert_directory() {
  accept(Keyword("LOCAL"));
  expect(Keyword("DIRECTORY"));
  if (at_string()) {
    string_literal();
  }
  if (accept(Keyword("USING"))) {
    multipart_identifier();
    if (accept(Keyword("OPTIONS"))) {
      property_list();
    }
  } else {
    row_format();
    if (at(Keyword("STORED"))) {
      file_format();
    }
  }
  query();
  return plan::UnsupportedCommand{"INSERT OVERWRITE DIRECTORY"};
}

void Parser::assignment_list() {
  do {
    multipart_identifier();
    expect(TokenKind::equal);
    expression();
  } while (accept(TokenKind::comma));
}

plan::Command::Node Parser::modify_rows(CommonTables tables) {
  check(!tables.present || !tables.tables.empty(), "WITH names tables");
  if (accept(Keyword("DELETE"))) {
    expect(Keyword("FROM"));
    identifier_reference();
    table_alias();
    if (accept(Keyword("WHERE"))) {
      expression();
    }
    return plan::UnsupportedCommand{"DELETE"};
  }
  if (accept(Keyword("UPDATE"))) {
    identifier_reference();
    table_alias();
    expect(Keyword("SET"));
    assignment_list();
    if (accept(Keyword("WHERE"))) {
      expression();
    }
    return plan::UnsupportedCommand{"UPDATE"};
  }
  return merge();
}

plan::Command::Node Parser::merge() {
  expect(Keyword("MERGE"));
  accept_all({"WITH", "SCHEMA", "EVOLUTION"});
  expect(Keyword("INTO"));
  identifier_reference();
  table_alias();
  expect(Keyword("USING"));
  if (accept(TokenKind::left_paren)) {
    query();
    expect(TokenKind::right_paren);
  } else {
    identifier_reference();
  }
  table_alias();
  expect(Keyword("ON"));
  expression();
  while (accept(Keyword("WHEN"))) {
    accept(Keyword("NOT"));
    expect(Keyword("MATCHED"));
    if (accept(Keyword("BY")) && !accept(Keyword("TARGET"))) {
      expect(Keyword("SOURCE"));
    }
    if (accept(Keyword("AND"))) {
      expression();
    }
    expect(Keyword("THEN"));
    merge_action();
  }
  return plan::UnsupportedCommand{"MERGE INTO"};
}

void Parser::merge_action() {
  if (accept(Keyword("DELETE"))) {
    return;
  }
  if (accept(Keyword("UPDATE"))) {
    expect(Keyword("SET"));
    if (!accept(TokenKind::star)) {
      assignment_list();
    }
    return;
  }
  expect(Keyword("INSERT"));
  if (accept(TokenKind::star)) {
    return;
  }
  parenthesized_list([&] { return multipart_identifier(); });
  expect(Keyword("VALUES"));
  parenthesized_list([&] { return expression(); });
}

}  // namespace pyrite::sql
