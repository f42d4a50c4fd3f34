// DROP, ALTER and TRUNCATE.
#include "sql/parser_core.h"

namespace pyrite::sql {

plan::Command::Node Parser::drop() {
  const Mark from = mark();
  expect(Keyword("DROP"));
  if (at(Keyword("TABLE")) || at(Keyword("VIEW"))) {
    plan::DropTable out;
    out.is_view = at(Keyword("VIEW"));
    advance();
    out.if_exists = accept_if_exists();
    out.name = plain_reference("DROP");
    out.purge = !out.is_view && accept(Keyword("PURGE"));
    return out;
  }
  if (at_namespace_word()) {
    advance();
    plan::DropNamespace out;
    out.if_exists = accept_if_exists();
    out.name = plain_reference("DROP SCHEMA");
    out.cascade = accept(Keyword("CASCADE"));
    if (!out.cascade) {
      accept(Keyword("RESTRICT"));
    }
    return out;
  }
  const bool temporary = accept(Keyword("TEMPORARY"));
  if (accept(Keyword("FUNCTION"))) {
    plan::DropFunction out;
    out.temporary = temporary;
    out.if_exists = accept_if_exists();
    out.name = plain_reference("DROP FUNCTION");
    if (temporary) {
      out.name = temporary_name(std::move(out.name), "FUNCTION", from);
    }
    return out;
  }
  if (temporary && (accept(Keyword("VARIABLE")) || accept(Keyword("VAR")))) {
    plan::DropVariable out;
    out.if_exists = accept_if_exists();
    out.name = plain_reference("DROP VARIABLE");
    return out;
  }
  if (at(Keyword("INDEX"))) {
    return unsupported("DROP INDEX");
  }
  if (at(Keyword("ROLE")) || (temporary && at(Keyword("MACRO")))) {
    at_ = from;
    return not_allowed(temporary ? 3 : 2);
  }
  fail();
}

plan::Command::Node Parser::truncate() {
  expect(Keyword("TRUNCATE"));
  expect(Keyword("TABLE"));
  plan::TruncateTable out;
  out.table = plain_reference("TRUNCATE TABLE");
  if (at(Keyword("PARTITION"))) {
    out.partition = partition_spec(true);
  }
  return out;
}

plan::Command::Node Parser::alter() {
  const Mark from = mark();
  expect(Keyword("ALTER"));
  if (at_namespace_word()) {
    return alter_namespace();
  }
  if (accept(Keyword("TABLE"))) {
    return alter_table(false, from);
  }
  if (accept(Keyword("VIEW"))) {
    return alter_table(true, from);
  }
  if (at(Keyword("INDEX"))) {
    at_ = from;
    return not_allowed(2);
  }
  fail();
}

plan::Command::Node Parser::alter_namespace() {
  advance();
  plan::AlterNamespace out;
  out.name = plain_reference("ALTER SCHEMA");
  if (at_all({"DEFAULT", "COLLATION"})) {
    collation_spec();
    return plan::UnsupportedCommand{"ALTER SCHEMA DEFAULT COLLATION"};
  }
  const bool set = accept(Keyword("SET"));
  if (!set) {
    expect(Keyword("UNSET"));
  }
  if (set && accept(Keyword("LOCATION"))) {
    out.location = string_literal();
    return out;
  }
  if (!accept(Keyword("DBPROPERTIES"))) {
    expect(Keyword("PROPERTIES"));
  }
  out.properties = property_list();
  if (!set) {
    return plan::UnsupportedCommand{"ALTER SCHEMA UNSET DBPROPERTIES"};
  }
  return out;
}

plan::Command::Node Parser::alter_table(bool is_view, Mark from) {
  plan::AlterTable out;
  out.is_view = is_view;
  out.table = plain_reference("ALTER TABLE");
  const auto action = [&](const char* name) {
    out.action = name;
    return std::move(out);
  };
  if (at(Keyword("PARTITION"))) {
    out.partition = partition_spec();
  }
  if (accept_all({"RENAME", "TO"})) {
    if (at(Keyword("PARTITION"))) {
      partition_spec();
      return plan::UnsupportedCommand{"ALTER TABLE RENAME PARTITION"};
    }
    out.new_name = multipart_identifier();
    return action("RENAME TO");
  }
  if (accept_all({"SET", "TBLPROPERTIES"})) {
    out.properties = property_list();
    return action("SET TBLPROPERTIES");
  }
  if (accept_all({"UNSET", "TBLPROPERTIES"})) {
    out.if_exists = accept_if_exists();
    out.properties = property_list();
    return action("UNSET TBLPROPERTIES");
  }
  if (at(Keyword("ADD")) && (at(Keyword("PARTITION"), 1) || at(Keyword("IF"), 1))) {
    advance();
    out.if_exists = accept_if_not_exists();
    do {
      out.partition = partition_spec();
      if (accept(Keyword("LOCATION"))) {
        string_literal();
      }
    } while (at(Keyword("PARTITION")));
    return action("ADD PARTITION");
  }
  if (at(Keyword("DROP")) && (at(Keyword("PARTITION"), 1) || at(Keyword("IF"), 1))) {
    advance();
    out.if_exists = accept_if_exists();
    out.partition = partition_spec();
    while (accept(TokenKind::comma)) {
      partition_spec();
    }
    accept(Keyword("PURGE"));
    return action("DROP PARTITION");
  }
  if (is_view) {
    return alter_view(std::move(out));
  }
  return alter_table_only(std::move(out), from);
}

plan::Command::Node Parser::alter_view(plan::AlterTable out) {
  if (at_all({"WITH", "SCHEMA"})) {
    out.schema_mode = view_schema_mode();
    out.action = "WITH SCHEMA";
    return out;
  }
  accept(Keyword("AS"));
  const Mark body = mark();
  out.query = query();
  out.query_text = source(body);
  out.action = "AS";
  return out;
}

plan::Command::Node Parser::alter_table_only(plan::AlterTable out, Mark from) {
  const auto action = [&](const char* name) {
    out.action = name;
    return std::move(out);
  };
  if (at(Keyword("ADD")) && at_any({"COLUMN", "COLUMNS"}, 1)) {
    at_ += 2;
    const bool list = accept(TokenKind::left_paren);
    out.columns = comma_list([&] {
      NameParts name;
      plan::ColumnDefinition column = added_column(name);
      out.column_names.push_back(std::move(name));
      return column;
    });
    if (list) {
      expect(TokenKind::right_paren);
    }
    return action("ADD COLUMNS");
  }
  if (at(Keyword("ADD")) && (advance(), at_constraint())) {
    table_constraint();
    return plan::UnsupportedCommand{"ALTER TABLE ADD CONSTRAINT"};
  }
  if (accept_all({"RENAME", "COLUMN"})) {
    out.column_names = {multipart_identifier()};
    expect(Keyword("TO"));
    out.new_name = {identifier()};
    return action("RENAME COLUMN");
  }
  if (at(Keyword("DROP")) && at_any({"COLUMN", "COLUMNS"}, 1)) {
    at_ += 2;
    out.if_exists = accept_if_exists();
    const bool list = accept(TokenKind::left_paren);
    out.column_names = comma_list([&] { return multipart_identifier(); });
    if (list) {
      expect(TokenKind::right_paren);
    }
    return action("DROP COLUMNS");
  }
  if (accept_all({"DROP", "CONSTRAINT"})) {
    return unsupported("ALTER TABLE DROP CONSTRAINT");
  }
  if (accept(Keyword("ALTER")) || at(Keyword("CHANGE"))) {
    accept(Keyword("CHANGE"));
    accept(Keyword("COLUMN"));
    return alter_columns(out, from);
  }
  if (accept_all({"REPLACE", "COLUMNS"})) {
    expect(TokenKind::left_paren);
    out.columns = comma_list([&] {
      NameParts name;
      plan::ColumnDefinition column = added_column(name);
      out.column_names.push_back(std::move(name));
      return column;
    });
    expect(TokenKind::right_paren);
    return action("REPLACE COLUMNS");
  }
  if (accept_all({"SET", "LOCATION"})) {
    out.properties = {{"location", string_literal()}};
    return action("SET LOCATION");
  }
  if (accept_all({"RECOVER", "PARTITIONS"})) {
    return action("RECOVER PARTITIONS");
  }
  if (at(Keyword("SET")) && at_any({"SERDE", "SERDEPROPERTIES"}, 1)) {
    return unsupported("ALTER TABLE SET SERDE");
  }
  if (at_all({"CLUSTER", "BY"})) {
    return unsupported("ALTER TABLE CLUSTER BY");
  }
  if (at_all({"DEFAULT", "COLLATION"})) {
    return unsupported("ALTER TABLE DEFAULT COLLATION");
  }
  if (at_any({"CLUSTERED", "SKEWED", "EXCHANGE", "ARCHIVE", "UNARCHIVE", "TOUCH", "COMPACT", "CONCATENATE", "NOT"})) {
    at_ = from;
    return not_allowed(2);
  }
  fail();
}

plan::ColumnDefinition Parser::added_column(NameParts& name) {
  const Mark from = mark();
  name = multipart_identifier();
  plan::ColumnDefinition column;
  column.name = name.back();
  column.type = data_type();
  while (!at(TokenKind::comma) && !at(TokenKind::right_paren) && !at(TokenKind::end) && !at(TokenKind::semicolon)) {
    if (accept(Keyword("FIRST"))) {
      continue;
    }
    if (accept(Keyword("AFTER"))) {
      identifier();
      continue;
    }
    column_option(column, false, from);
  }
  return column;
}

plan::Command::Node Parser::alter_columns(plan::AlterTable& table, Mark from) {
  table.action = "ALTER COLUMN";
  bool acted = false;
  do {
    NameParts name = multipart_identifier();
    plan::ColumnDefinition column;
    column.name = name.back();
    std::string what;
    if (accept(Keyword("TYPE"))) {
      column.type = data_type();
      what = "TYPE";
    } else if (at(Keyword("COMMENT"))) {
      column.comment = comment_text();
      what = "COMMENT";
    } else if (accept(Keyword("FIRST"))) {
      what = "FIRST";
    } else if (accept(Keyword("AFTER"))) {
      column.default_text = identifier();
      what = "AFTER";
    } else if (accept_all({"SET", "NOT", "NULL"})) {
      column.nullable = false;
      what = "SET NOT NULL";
    } else if (accept_all({"DROP", "NOT", "NULL"})) {
      what = "DROP NOT NULL";
    } else if (accept_all({"SET", "DEFAULT"})) {
      const Mark text = mark();
      expression();
      column.default_text = source(text);
      what = "SET DEFAULT";
    } else if (accept_all({"DROP", "DEFAULT"})) {
      what = "DROP DEFAULT";
    } else if (at_identifier()) {  // CHANGE COLUMN a b INT COMMENT '…'
      column.name = identifier();
      column.type = data_type();
      if (at(Keyword("COMMENT"))) {
        column.comment = comment_text();
      }
      if (!accept(Keyword("FIRST")) && accept(Keyword("AFTER"))) {
        identifier();
      }
      what = "CHANGE";
    }
    acted = !what.empty();
    table.properties.emplace_back("action", what);
    table.column_names.push_back(std::move(name));
    table.columns.push_back(std::move(column));
  } while (acted && accept(TokenKind::comma));
  if (!acted) {
    fail_with("_LEGACY_ERROR_TEMP_0035",
              {{"message", "ALTER TABLE table CHANGE COLUMN requires a TYPE, a SET/DROP, a COMMENT, or a FIRST/AFTER"}},
              from);
  }
  return std::move(table);
}

}  // namespace pyrite::sql
