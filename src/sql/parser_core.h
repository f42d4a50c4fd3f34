// The parser's inside: one class over the tokens; its methods stand in parse_*.cpp by topic.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "plan/command.h"
#include "sql/lexer.h"
#include "sql/parser.h"

namespace pyrite::sql {

using plan::ExpressionPtr;
using plan::NameParts;
using plan::OriginPtr;
using plan::RelationPtr;

/// A table or function name, or IDENTIFIER(expression) in its place.
struct NameReference {
  NameParts name;
  ExpressionPtr clause;
};

/// One name in /*+ … */ with its parameters.
struct HintText {
  std::string name;
  std::vector<ExpressionPtr> parameters;
};
struct TableAlias {
  std::string name;
  std::vector<std::string> columns;
};
using Hints = std::vector<std::vector<HintText>>;

class Parser {
 public:
  Parser(std::string_view text, const ParserOptions& options);

  plan::Command whole_statement();
  RelationPtr whole_query();
  ExpressionPtr whole_expression();
  Type whole_type();
  Type whole_table_schema();
  NameParts whole_identifier();

 private:
  using Mark = size_t;  ///< index of a token

  // ---- tokens (parse_tokens.cpp)
  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  Mark mark() const { return at_; }
  void advance() { at_ += at_ + 1 < tokens_.size(); }
  bool at(TokenKind kind, size_t ahead = 0) const { return peek(ahead).kind == kind; }
  bool at(Keyword keyword, size_t ahead = 0) const { return peek(ahead).keyword == keyword; }
  bool at_all(std::initializer_list<Keyword> keywords, size_t ahead = 0) const;
  bool at_any(std::initializer_list<Keyword> keywords, size_t ahead = 0) const;
  bool accept(TokenKind kind);
  bool accept(Keyword keyword);
  bool accept_all(std::initializer_list<Keyword> keywords);
  void expect(TokenKind kind);
  void expect(Keyword keyword);
  void expect_end();
  std::string_view text_of(const Token& token) const {
    return std::string_view(*text_).substr(token.begin, token.end - token.begin);
  }
  std::string source(Mark from) const;  ///< the text from a token to the last one taken
  int position(uint32_t byte) const;    ///< in characters
  OriginPtr origin(Mark from) const;
  OriginPtr origin(Mark from, Mark last) const;
  template <class T>
  ExpressionPtr make(T node, Mark from) const {
    return plan::make_expression(std::move(node), origin(from));
  }
  template <class T>
  RelationPtr relation_of(T node, Mark from) const {
    return plan::make_relation(std::move(node), std::nullopt, origin(from));
  }
  [[noreturn]] void fail() const { fail_at(at_); }
  [[noreturn]] void fail_at(Mark where, std::string hint = {}) const;
  [[noreturn]] void fail_with(std::string_view condition, MessageParameters parameters, Mark from) const;
  [[noreturn]] void fail_with(std::string_view condition, MessageParameters parameters, Mark from, Mark last) const;
  void place(SparkError& error, Mark where) const;
  /// A limit on nested constructs, so that no text exhausts the stack.
  struct Depth {
    explicit Depth(Parser& parser);
    ~Depth() { --parser.depth_; }
    Parser& parser;
  };
  /// Counts one more link of a chain that makes a tree deeper without nesting.
  void count_link(size_t length);
  [[noreturn]] void fail_too_complex() const;
  /// An error that stands only if the text has no syntax error.
  void defer(std::string_view condition, MessageParameters parameters, Mark from);
  void finish();

  template <class F>
  auto comma_list(F&& each) -> std::vector<decltype(each())> {
    std::vector<decltype(each())> out;
    do {
      out.push_back(each());
    } while (accept(TokenKind::comma));
    return out;
  }
  template <class F>
  auto parenthesized_list(F&& each) -> std::vector<decltype(each())> {
    expect(TokenKind::left_paren);
    auto out = comma_list(std::forward<F>(each));
    expect(TokenKind::right_paren);
    return out;
  }

  // ---- names (parse_name.cpp)
  bool at_identifier(size_t ahead = 0) const;         ///< a name, quoted or not, keywords that may serve included
  bool at_strict_identifier(size_t ahead = 0) const;  ///< the same without join words: what a table alias may be
  bool at_identifier_clause() const { return at(Keyword("IDENTIFIER")) && at(TokenKind::left_paren, 1); }
  bool at_literal_identifier() const;  ///< IDENTIFIER('text')
  std::string name_text(const Token& token) const;
  void check_name(Mark where) const;
  NameParts identifier_parts();
  std::string identifier();
  std::string strict_identifier();
  std::string simple_identifier();
  NameParts multipart_identifier();
  NameParts table_identifier();
  std::vector<std::string> identifier_list();  ///< (a, b)
  NameReference identifier_reference();
  std::optional<std::string> constant_text(const ExpressionPtr& expression) const;
  NameParts plain_reference(std::string_view feature);  ///< as above where only a constant name is supported

  // ---- strings and other constants (parse_literal.cpp)
  bool at_string(size_t ahead = 0) const;
  std::string string_literal();  ///< adjacent ones joined
  std::string single_string();
  int64_t integer_value();
  ExpressionPtr literal(Value value, Type type, Mark from) const;
  ExpressionPtr string_constant(std::string text, Mark from) const;
  ExpressionPtr number(bool negative, Mark from);
  ExpressionPtr typed_literal(Mark from);
  bool at_constant() const;
  ExpressionPtr constant();
  ExpressionPtr parameter();
  bool at_parameter(size_t ahead = 0) const;
  /// The constant bound to the marker that stands next, of a string or an integral type; nullptr: not such a one.
  const plan::Literal* bound_constant(bool text);
  ExpressionPtr bound(plan::Parameter parameter, Mark from);

  // ---- intervals (parse_interval.cpp)
  bool at_interval() const;
  ExpressionPtr interval_literal();
  ExpressionPtr interval_text_literal(const std::string& text, Mark from);
  bool at_interval_value(size_t ahead) const;
  bool at_interval_field() const;
  ExpressionPtr unit_to_unit_interval(Mark from, Mark body, const std::string& value, const std::string& first);
  ExpressionPtr interval_of_units(CalendarInterval interval, const std::vector<std::string>& units, Mark from);

  // ---- types (parse_type.cpp)
  Type data_type();
  Type named_type(Mark from, const std::string& name);
  Type interval_type();
  Type struct_type();
  int type_parameter();
  std::vector<int> type_parameters();
  void close_angle();
  StructField column_type();  ///< name type [NOT NULL] [COMMENT '…']
  StructField struct_field();
  std::vector<StructField> column_types();

  // ---- expressions (parse_expression.cpp, parse_primary.cpp, parse_function.cpp)
  ExpressionPtr expression();
  ExpressionPtr continue_expression(ExpressionPtr primary, Mark from);
  ExpressionPtr logical(ExpressionPtr first, Mark from);
  ExpressionPtr conjunction(ExpressionPtr first, Mark from);
  ExpressionPtr negation();
  ExpressionPtr predicated();
  ExpressionPtr predicate(ExpressionPtr operand);
  ExpressionPtr like_predicate(ExpressionPtr operand, bool negated, bool any_case, Mark from);
  ExpressionPtr like_quantified(ExpressionPtr operand, bool negated, bool any_case, Mark from);
  ExpressionPtr in_predicate(ExpressionPtr operand, bool negated, Mark from);
  ExpressionPtr is_predicate(ExpressionPtr operand, Mark from);
  ExpressionPtr value_expression(int minimum = 0);
  ExpressionPtr operators(ExpressionPtr left, Mark from, int minimum);
  ExpressionPtr unary_expression();
  ExpressionPtr primary();
  ExpressionPtr postfix(ExpressionPtr base, Mark from);
  ExpressionPtr atom();
  ExpressionPtr keyword_atom(Mark from);
  ExpressionPtr parenthesized(Mark from);
  ExpressionPtr name_atom(Mark from);
  ExpressionPtr star(NameParts target, Mark from);
  ExpressionPtr dereference(ExpressionPtr base, Mark from);
  ExpressionPtr case_expression(Mark from);
  ExpressionPtr cast_expression(Mark from, plan::CastMode mode);
  ExpressionPtr json_path(ExpressionPtr base, Mark from);
  bool at_lambda() const;
  ExpressionPtr lambda();
  ExpressionPtr subquery_expression(plan::SubqueryKind kind, RelationPtr query, Mark from);
  ExpressionPtr call(std::string_view name, std::vector<ExpressionPtr> arguments, Mark from) const;
  ExpressionPtr negated_if(bool negated, ExpressionPtr expression, Mark from) const;
  Type cast_type();

  ExpressionPtr function_call(NameParts name, ExpressionPtr clause, Mark from);
  ExpressionPtr special_call(Mark from);  ///< nullptr: an ordinary call
  ExpressionPtr extract_call(Mark from);
  ExpressionPtr trim_call(Mark from);
  ExpressionPtr substring_call(Mark from);
  ExpressionPtr overlay_call(Mark from);
  ExpressionPtr position_call(Mark from);
  ExpressionPtr unit_call(Mark from);
  ExpressionPtr function_argument();
  ExpressionPtr table_argument();
  ExpressionPtr call_suffixes(plan::Call call, Mark from);
  ExpressionPtr over(ExpressionPtr function, Mark from);
  bool starts_special(Keyword inner) const;

  // ---- windows (parse_window.cpp)
  struct WindowSpec {
    std::string reference;  ///< a named window; the rest is empty then
    std::vector<ExpressionPtr> partition_by;
    std::vector<plan::SortOrder> order_by;
    std::optional<plan::WindowFrame> frame;
  };
  struct NamedWindow {
    std::string name;
    WindowSpec spec;
  };
  /// OVER w, waiting for the WINDOW clause that defines w.
  struct PendingWindow {
    std::string name;
    std::shared_ptr<plan::Expression> expression;
  };
  WindowSpec window_spec();
  std::optional<plan::WindowFrame> window_frame();
  plan::FrameBound frame_bound();
  std::vector<NamedWindow> window_clause();
  void define_windows(const std::vector<NamedWindow>& windows, size_t first_pending);
  void check_windows_defined() const;

  // ---- lists of expressions
  ExpressionPtr named_expression();
  std::vector<ExpressionPtr> named_expressions();
  std::vector<ExpressionPtr> expressions();
  plan::SortOrder sort_item();
  std::vector<plan::SortOrder> sort_items();

  // ---- queries (parse_query.cpp)
  bool at_query(size_t ahead = 0) const;
  RelationPtr query();
  RelationPtr query_rest(RelationPtr first, Mark from, size_t first_pending);
  RelationPtr query_term(int level);
  RelationPtr query_term_rest(RelationPtr left, Mark from, int level);
  RelationPtr query_primary();
  /// ORDER BY to OFFSET; named windows reach the calls since `first_pending`.
  RelationPtr query_organization(RelationPtr input, Mark from, size_t first_pending);
  RelationPtr ordered(RelationPtr input, Mark from);
  RelationPtr limited(RelationPtr input, Mark from, size_t first_pending);
  bool at_organization() const;
  struct CommonTables {
    std::vector<plan::CommonTable> tables;
    bool recursive = false;
    std::optional<int64_t> max_recursion;
    Mark from = 0;
    bool present = false;
  };
  CommonTables common_tables();
  RelationPtr with_common_tables(CommonTables tables, RelationPtr query) const;
  bool at_set_operator() const;
  struct SetOperatorText {
    plan::SetOperator op = plan::SetOperator::union_;
    bool all = false;
    bool by_name = false;
  };
  SetOperatorText set_operator();
  /// '(' already ahead: a query in parentheses, or an expression or a relation that starts with one.
  struct QueryOr {
    RelationPtr query;
    ExpressionPtr expression;
    RelationPtr relation;
  };
  QueryOr query_or_expression();
  QueryOr query_or_relation();

  // ---- SELECT (parse_select.cpp)
  RelationPtr select();
  RelationPtr from_first();
  bool at_transform() const;
  /// SELECT TRANSFORM(…) USING '…', MAP … USING '…': what stands before FROM.
  void transform_clause();
  struct SelectClause {
    std::vector<ExpressionPtr> list;
    bool distinct = false;
    bool transform = false;
    Mark from = 0;
    size_t first_pending = 0;
  };
  SelectClause select_clause(Hints& hints);
  RelationPtr select_body(RelationPtr input, SelectClause clause, const Hints& hints);
  RelationPtr aggregate(RelationPtr input, std::vector<ExpressionPtr> select_list, Mark from);
  RelationPtr with_hints(RelationPtr input, const Hints& hints, Mark from) const;
  struct Grouping {
    std::vector<ExpressionPtr> expressions;
    plan::GroupKind kind = plan::GroupKind::group_by;
    std::vector<std::vector<ExpressionPtr>> sets;
    std::vector<plan::Aggregate::Element> elements;
    bool all = false;
  };
  Grouping group_by(bool aliases = false);
  bool at_grouping_analytics() const;
  plan::Aggregate::Element grouping_analytics();
  std::vector<ExpressionPtr> grouping_set();
  std::vector<HintText> hint();
  bool at_clause(size_t ahead = 0) const;  ///< a keyword that goes on with the query rather than naming

  // ---- FROM (parse_from.cpp)
  RelationPtr from_clause();
  RelationPtr relation(RelationPtr left_of_comma, Mark from);
  RelationPtr relation_extensions(RelationPtr left, Mark from);
  bool at_join() const;
  RelationPtr join(RelationPtr left, Mark from);
  void check_lateral(Mark primary) const;
  std::optional<RelationPtr> nearest_join(const RelationPtr& left, plan::JoinType type, Mark from);
  RelationPtr relation_primary();
  RelationPtr relation_suffixes(RelationPtr input, Mark from, bool subquery);
  RelationPtr parenthesized_relation();
  RelationPtr table_or_function();
  RelationPtr table_suffixes(NameReference reference, Mark from, bool streaming);
  RelationPtr table_function(NameReference reference, Mark from);
  RelationPtr inline_table();
  RelationPtr sample(RelationPtr input);
  RelationPtr sample_fraction(RelationPtr input, double fraction, Mark from);
  RelationPtr checked_inline_table(std::vector<std::vector<ExpressionPtr>> rows, std::optional<TableAlias> alias,
                                   Mark from);
  RelationPtr lateral_views(RelationPtr input, Mark from);
  RelationPtr pivot(RelationPtr input, Mark from);
  RelationPtr unpivot(RelationPtr input, Mark from);
  std::optional<TableAlias> table_alias();
  RelationPtr aliased(RelationPtr input, Mark from);
  void skip_watermark();
  plan::Options options_clause();

  // ---- |> (parse_pipe.cpp)
  bool at_pipe() const;
  bool at_single_pipe() const;
  RelationPtr pipe_operator(RelationPtr input, Mark from);
  RelationPtr pipe_select(RelationPtr input, Mark from);
  void refuse_in_aggregate(const ExpressionPtr& expression, Mark from) const;
  RelationPtr pipe_set(RelationPtr input, Mark from);
  RelationPtr pipe_aggregate(RelationPtr input, Mark from);

  // ---- statements (parse_statement.cpp, parse_ddl.cpp, …)
  plan::Command statement();
  plan::Command::Node statement_node();
  plan::Command::Node unsupported(std::string feature);
  plan::Command::Node other_statement();
  plan::Command::Node comment_on();
  plan::Command::Node not_allowed(size_t words);
  plan::Command::Node create();
  plan::Command::Node create_view(bool replace, plan::ViewScope scope, Mark from);
  void view_clauses(plan::CreateView& view);
  std::string view_schema_mode();
  plan::Command::Node create_namespace();
  plan::Command::Node create_function(bool replace, bool temporary, Mark from);
  void routine_characteristics(plan::CreateFunction& function);
  NameParts temporary_name(NameParts name, const char* object_type, Mark from);
  std::string dotted_name();

  // ---- CREATE TABLE (parse_table.cpp)
  plan::Command::Node create_table(bool or_replace, bool replace_only, bool temporary, bool external, Mark from);
  void create_table_clauses(plan::CreateTable& table);
  void stored_as(plan::CreateTable& table);
  void bucket_clause();
  void partition_fields(plan::CreateTable& table);
  void table_elements(plan::CreateTable& table);
  plan::ColumnDefinition column_definition(bool routine_parameter = false);
  void column_option(plan::ColumnDefinition& column, bool routine_parameter, Mark from);
  void generated_column(plan::ColumnDefinition& column);
  void number_after_sign();
  bool at_constraint() const;
  void table_constraint();
  void column_constraint();
  void constraint_characteristics();

  // ---- DROP, ALTER, rows (parse_alter.cpp, parse_insert.cpp)
  plan::Command::Node drop();
  plan::Command::Node alter();
  plan::Command::Node alter_namespace();
  plan::Command::Node alter_table(bool is_view, Mark from);
  plan::Command::Node alter_view(plan::AlterTable out);
  plan::Command::Node alter_table_only(plan::AlterTable out, Mark from);
  plan::Command::Node alter_columns(plan::AlterTable& table, Mark from);
  plan::ColumnDefinition added_column(NameParts& name);
  plan::Command::Node insert(CommonTables tables);
  plan::Command::Node insert_directory();
  plan::Command::Node modify_rows(CommonTables tables);
  plan::Command::Node merge();
  void merge_action();
  void assignment_list();

  // ---- shared parts (parse_properties.cpp)
  /// `complete`: every column has a value.
  plan::PartitionSpec partition_spec(bool complete = false);
  plan::Options property_list();
  plan::Options expression_property_list();
  std::string property_key();
  std::optional<std::string> property_value();
  std::string comment_text();
  void collation_spec();
  void row_format();
  void file_format();
  bool at_namespace_word(size_t ahead = 0) const;
  bool accept_if_not_exists();
  bool accept_if_exists();

  // ---- SHOW, DESCRIBE, EXPLAIN, SET and others (parse_show.cpp, parse_set.cpp)
  plan::Command::Node show();
  void show_place(plan::Show& show);
  void show_pattern(plan::Show& show);
  plan::Command::Node show_functions(Mark from);
  plan::Command::Node describe();
  plan::Command::Node describe_table(Mark from);
  plan::Command::Node explain();
  plan::Command::Node set();
  plan::Command::Node set_time_zone(Mark from);
  void check_zone_interval(const ExpressionPtr& zone, Mark from);
  plan::Command::Node set_variable(Mark from);
  plan::Command::Node reset();
  plan::Command::Node use();
  plan::Command::Node declare();
  plan::Command::Node cache();
  plan::Command::Node refresh();
  plan::Command::Node truncate();
  plan::Command::Node execute_immediate();
  std::string text_to_end();  ///< everything left, trimmed; moves to the end
  std::string text_between(uint32_t begin, uint32_t end) const;

  std::shared_ptr<const std::string> text_;
  const ParserOptions options_;
  std::vector<Token> tokens_;
  std::vector<int> character_positions_;  ///< by byte; empty when the text is ASCII
  Mark at_ = 0;
  int depth_ = 0;
  size_t long_links_ = 0;
  int next_parameter_ = 0;
  ExpressionPtr bound_;  ///< what bound_constant found last
  bool has_named_parameter_ = false;
  std::vector<PendingWindow> pending_windows_;
  std::optional<SparkError> deferred_;
  std::string table_refusal_;  ///< a part of CREATE TABLE that Pyrite does not have
};

}  // namespace pyrite::sql
