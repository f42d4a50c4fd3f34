// CREATE: views, schemas, functions; tables stand in parse_table.cpp.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

bool same_word(std::string_view left, std::string_view lower_right) {
  return left.size() == lower_right.size() &&
         std::equal(left.begin(), left.end(), lower_right.begin(), [](char a, char b) { return (a | 32) == b; });
}

std::string quoted(const NameParts& parts, size_t first, size_t last) {
  std::string out;
  for (size_t i = first; i < last; ++i) {
    out += (out.empty() ? "`" : ".`") + parts[i] + "`";
  }
  return out;
}

}  // namespace

/// The name of a temporary object: alone, or under `session` or `system.session`.
NameParts Parser::temporary_name(NameParts name, const char* object_type, Mark from) {
  const bool session = name.size() == 2 && same_word(name[0], "session");
  const bool system = name.size() == 3 && same_word(name[0], "system") && same_word(name[1], "session");
  if (name.size() > 1 && !session && !system) {
    fail_with("INVALID_TEMP_OBJ_QUALIFIER",
              {{"objectType", object_type},
               {"objectName", "`" + name.back() + "`"},
               {"qualifier", quoted(name, 0, name.size() - 1)}},
              from, tokens_.size() - 2);
  }
  return {name.back()};
}

plan::Command::Node Parser::create() {
  const Mark from = mark();
  if (accept(Keyword("REPLACE"))) {
    expect(Keyword("TABLE"));
    return create_table(false, true, false, false, from);
  }
  expect(Keyword("CREATE"));
  const bool replace = accept_all({"OR", "REPLACE"});
  if (!replace && at_namespace_word()) {
    return create_namespace();
  }
  const bool global = at_all({"GLOBAL", "TEMPORARY"}) && accept(Keyword("GLOBAL"));
  const bool temporary = accept(Keyword("TEMPORARY"));
  const bool external = at_all({"EXTERNAL", "TABLE"}) && accept(Keyword("EXTERNAL"));
  if (accept(Keyword("VIEW"))) {
    return create_view(replace,
                       global      ? plan::ViewScope::global
                       : temporary ? plan::ViewScope::session
                                   : plan::ViewScope::persistent,
                       from);
  }
  if (!global && accept(Keyword("TABLE"))) {
    return create_table(replace, false, temporary, external, from);
  }
  if (!global && accept(Keyword("FUNCTION"))) {
    return create_function(replace, temporary, from);
  }
  if (at_all({"MATERIALIZED", "VIEW"}) || at_all({"STREAMING", "TABLE"}) || at(Keyword("FLOW"))) {
    return unsupported("declarative pipelines (CREATE " + std::string(text_of(peek())) + ")");
  }
  if (at(Keyword("INDEX"))) {
    return unsupported("CREATE INDEX");
  }
  if (at(Keyword("ROLE")) || (temporary && at(Keyword("MACRO")))) {
    at_ = from;
    return not_allowed(temporary ? 3 : 2);
  }
  fail();
}

plan::Command::Node Parser::create_view(bool replace, plan::ViewScope scope, Mark from) {
  plan::CreateView view;
  view.from_sql = true;
  view.replace = replace;
  view.scope = scope;
  view.if_not_exists = accept_if_not_exists();
  view.name = plain_reference("CREATE VIEW");
  const bool temporary = scope != plan::ViewScope::persistent;
  if (at(TokenKind::left_paren)) {
    // A column list has comments at most, a schema for USING has types.
    const bool typed = at_identifier(1) && at_identifier(2) && !(at(Keyword("COMMENT"), 2) && at_string(3));
    if (typed) {
      expect(TokenKind::left_paren);
      view.schema = Type::structure(column_types());
      expect(TokenKind::right_paren);
    } else {
      view.columns = parenthesized_list([&] {
        std::string name = simple_identifier();
        std::string comment = at(Keyword("COMMENT")) ? comment_text() : "";
        return std::pair{std::move(name), std::move(comment)};
      });
    }
  }
  if (temporary && accept(Keyword("USING"))) {
    view.provider = dotted_name();
    if (accept(Keyword("OPTIONS"))) {
      view.options = property_list();
    }
    view.name = temporary_name(std::move(view.name), "VIEW", from);
    return view;
  }
  if (view.schema) {
    fail();
  }
  view_clauses(view);
  expect(Keyword("AS"));
  const Mark body = mark();
  view.query = query();
  view.query_text = source(body);
  if (temporary && view.if_not_exists) {
    fail_with("_LEGACY_ERROR_TEMP_0053", {}, from);
  }
  if (replace && view.if_not_exists) {
    fail_with("_LEGACY_ERROR_TEMP_0052", {}, from);
  }
  if (scope == plan::ViewScope::session ||
      (temporary && view.name.size() > 1 && !same_word(view.name[0], "global_temp"))) {
    view.name = temporary_name(std::move(view.name), "VIEW", from);
  }
  return view;
}

void Parser::view_clauses(plan::CreateView& view) {
  const bool temporary = view.scope != plan::ViewScope::persistent;
  std::vector<std::string> seen;
  const auto once = [&](std::string clause, Mark from) {
    if (std::find(seen.begin(), seen.end(), clause) != seen.end()) {
      fail_with("DUPLICATE_CLAUSES", {{"clauseName", clause}}, from, tokens_.size() - 2);
    }
    seen.push_back(std::move(clause));
  };
  while (true) {
    const Mark from = mark();
    if (at(Keyword("COMMENT"))) {
      once("COMMENT", from);
      view.comment = comment_text();
    } else if (accept(Keyword("TBLPROPERTIES"))) {
      once("TBLPROPERTIES", from);
      view.properties = property_list();
    } else if (at_all({"DEFAULT", "COLLATION"})) {
      once("DEFAULT COLLATION", from);
      collation_spec();
    } else if (accept_all({"PARTITIONED", "ON"})) {
      once("PARTITIONED ON", from);
      identifier_list();
    } else if (at_all({"WITH", "SCHEMA"})) {
      once("WITH SCHEMA", from);
      view.schema_mode = view_schema_mode();
      if (temporary) {
        fail_with("UNSUPPORTED_FEATURE.TEMPORARY_VIEW_WITH_SCHEMA_BINDING_MODE", {}, from);
      }
    } else {
      return;
    }
  }
}

/// WITH SCHEMA BINDING, COMPENSATION, TYPE EVOLUTION or EVOLUTION.
std::string Parser::view_schema_mode() {
  const Mark from = mark();
  accept_all({"WITH", "SCHEMA"});
  std::string mode;
  if (accept_all({"TYPE", "EVOLUTION"})) {
    mode = "TYPE EVOLUTION";
  } else if (accept(Keyword("BINDING"))) {
    mode = "BINDING";
  } else if (accept(Keyword("COMPENSATION"))) {
    mode = "COMPENSATION";
  } else if (accept(Keyword("EVOLUTION"))) {
    mode = "EVOLUTION";
  } else {
    fail();
  }
  if (!options_.view_schema_binding) {
    fail_with("FEATURE_NOT_ENABLED",
              {{"featureName", "VIEW ... WITH SCHEMA ..."},
               {"configKey", "spark.sql.legacy.viewSchemaBindingMode"},
               {"configValue", "true"}},
              from, at_ - 1);
  }
  return mode;
}

plan::Command::Node Parser::create_namespace() {
  advance();
  plan::CreateNamespace out;
  out.if_not_exists = accept_if_not_exists();
  out.name = plain_reference("CREATE SCHEMA");
  while (true) {
    if (at(Keyword("COMMENT"))) {
      out.comment = comment_text();
    } else if (accept(Keyword("LOCATION"))) {
      out.location = string_literal();
    } else if (at_all({"DEFAULT", "COLLATION"})) {
      collation_spec();
    } else if (at(Keyword("WITH")) && at_any({"DBPROPERTIES", "PROPERTIES"}, 1)) {
      at_ += 2;
      out.properties = property_list();
    } else {
      return out;
    }
  }
}

plan::Command::Node Parser::create_function(bool replace, bool temporary, Mark from) {
  plan::CreateFunction out;
  out.replace = replace;
  out.temporary = temporary;
  out.if_not_exists = accept_if_not_exists();
  out.name = plain_reference("CREATE FUNCTION");
  const auto check_options = [&] {
    if (temporary && out.if_not_exists) {
      fail_with("INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_IF_NOT_EXISTS", {}, from);
    }
    if (replace && out.if_not_exists) {
      fail_with("INVALID_SQL_SYNTAX.CREATE_ROUTINE_WITH_IF_NOT_EXISTS_AND_REPLACE", {}, from);
    }
    if (temporary) {
      out.name = temporary_name(std::move(out.name), "FUNCTION", from);
    }
  };
  if (accept(Keyword("AS"))) {
    out.class_name = string_literal();
    if (accept(Keyword("USING"))) {
      comma_list([&] {
        simple_identifier();
        return string_literal();
      });
    }
    check_options();
    return out;
  }
  expect(TokenKind::left_paren);
  if (!at(TokenKind::right_paren)) {
    out.parameters = comma_list([&] { return column_definition(true); });
  }
  expect(TokenKind::right_paren);
  if (accept(Keyword("RETURNS"))) {
    if (at(Keyword("TABLE"))) {
      advance();
      out.is_table_function = true;
      if (accept(TokenKind::left_paren)) {
        for (StructField& field : column_types()) {
          plan::ColumnDefinition column;
          column.name = std::move(field.name);
          column.type = std::move(field.type);
          column.nullable = field.nullable;
          out.return_columns.push_back(std::move(column));
        }
        expect(TokenKind::right_paren);
      }
    } else {
      out.return_type = data_type();
    }
  }
  routine_characteristics(out);
  expect(Keyword("RETURN"));
  const Mark body = mark();
  if (at_query() || (out.is_table_function && at(TokenKind::left_paren))) {
    out.body_query = query();
  } else if (at(TokenKind::left_paren)) {
    QueryOr either = query_or_expression();
    if (either.query && (at(TokenKind::end) || at(TokenKind::semicolon))) {
      out.body_query = std::move(either.query);
    } else {
      out.body = continue_expression(
          either.query ? subquery_expression(plan::SubqueryKind::scalar, std::move(either.query), body)
                       : std::move(either.expression),
          body);
    }
  } else {
    out.body = expression();
  }
  out.body_text = source(body);
  check_options();
  return out;
}

void Parser::routine_characteristics(plan::CreateFunction& function) {
  while (true) {
    if (accept(Keyword("LANGUAGE"))) {
      simple_identifier();
    } else if (accept(Keyword("SPECIFIC"))) {
      simple_identifier();
    } else if (accept(Keyword("DETERMINISTIC")) || accept_all({"NOT", "DETERMINISTIC"}) || accept_all({"NO", "SQL"}) ||
               accept_all({"CONTAINS", "SQL"}) || accept_all({"READS", "SQL", "DATA"}) ||
               accept_all({"MODIFIES", "SQL", "DATA"}) || accept_all({"RETURNS", "NULL", "ON", "NULL", "INPUT"}) ||
               accept_all({"CALLED", "ON", "NULL", "INPUT"}) || accept_all({"SQL", "SECURITY", "INVOKER"}) ||
               accept_all({"SQL", "SECURITY", "DEFINER"})) {
      continue;
    } else if (at(Keyword("COMMENT"))) {
      function.comment = comment_text();
    } else {
      return;
    }
  }
}

}  // namespace pyrite::sql
