// The parser's way with tokens: looking ahead, taking, positions, syntax errors.
#include <algorithm>

#include "sql/parser_core.h"

namespace pyrite::sql {
namespace {

constexpr int max_depth = 600;
constexpr size_t free_links = 16;        ///< links of a chain that cost nothing
constexpr size_t max_long_links = 6000;  ///< links beyond those, in the whole text

std::string_view symbol_text(TokenKind kind) {
  switch (kind) {
    case TokenKind::left_paren:
      return "'('";
    case TokenKind::right_paren:
      return "')'";
    case TokenKind::equal:
      return "EQ";
    default:
      return "";
  }
}

}  // namespace

Parser::Parser(std::string_view text, const ParserOptions& options)
    : text_(std::make_shared<const std::string>(text)), options_(options), tokens_(tokenize(*text_)) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text_->begin(), text_->end(), is_ascii)) {
    return;
  }
  character_positions_.reserve(text_->size() + 1);
  int count = -1;
  for (const char c : *text_) {
    count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    character_positions_.push_back(count);
  }
  character_positions_.push_back(count + 1);
}

bool Parser::at_all(std::initializer_list<Keyword> keywords, size_t ahead) const {
  return std::all_of(keywords.begin(), keywords.end(), [&](Keyword keyword) { return at(keyword, ahead++); });
}

bool Parser::at_any(std::initializer_list<Keyword> keywords, size_t ahead) const {
  return std::any_of(keywords.begin(), keywords.end(), [&](Keyword keyword) { return at(keyword, ahead); });
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind)) {
    return false;
  }
  advance();
  return true;
}

bool Parser::accept(Keyword keyword) {
  if (!at(keyword)) {
    return false;
  }
  advance();
  return true;
}

bool Parser::accept_all(std::initializer_list<Keyword> keywords) {
  if (!at_all(keywords)) {
    return false;
  }
  at_ += keywords.size();
  return true;
}

void Parser::expect(TokenKind kind) {
  if (!accept(kind)) {
    const std::string_view symbol = symbol_text(kind);
    // A missing token is named when what stands here could have followed it.
    const bool named = !symbol.empty() && kind == TokenKind::right_paren && at(Keyword("FROM"));
    fail_at(at_, named ? ": missing " + std::string(symbol) : "");
  }
}

void Parser::expect(Keyword keyword) {
  if (!accept(keyword)) {
    fail();
  }
}

void Parser::expect_end() {
  if (!at(TokenKind::end)) {
    const bool last = at_ + 2 == tokens_.size();
    fail_at(at_, last && peek().kind != TokenKind::unrecognized ? ": extra input '" + std::string(text_of(peek())) + "'"
                                                                : "");
  }
}

std::string Parser::text_between(uint32_t begin, uint32_t end) const { return text_->substr(begin, end - begin); }

std::string Parser::source(Mark from) const {
  return at_ > from ? text_between(tokens_[from].begin, tokens_[at_ - 1].end) : std::string();
}

int Parser::position(uint32_t byte) const {
  return character_positions_.empty() ? static_cast<int>(byte) : character_positions_[byte];
}

OriginPtr Parser::origin(Mark from) const { return origin(from, std::max(at_, from + 1) - 1); }

OriginPtr Parser::origin(Mark from, Mark last) const {
  auto made = std::make_shared<plan::Origin>();
  made->sql_text = text_;
  made->start = position(tokens_[from].begin);
  made->stop = position(std::max(tokens_[last].end, tokens_[from].begin + 1) - 1);
  return made;
}

void Parser::place(SparkError& error, Mark where) const {
  const uint32_t byte = std::min<uint32_t>(tokens_[where].begin, static_cast<uint32_t>(text_->size()));
  const size_t line_start = byte == 0 ? 0 : text_->rfind('\n', byte - 1) + 1;
  const auto line = 1 + std::count(text_->begin(), text_->begin() + byte, '\n');
  const int column = position(byte) - position(static_cast<uint32_t>(line_start));
  const size_t line_end = std::min(text_->find('\n', byte), text_->size());
  std::string shown = " (line " + std::to_string(line) + ", pos " + std::to_string(column) + ")\n\n== SQL ==\n";
  shown += text_->substr(0, line_end) + "\n" + std::string(static_cast<size_t>(column), '-') + "^^^\n";
  if (line_end < text_->size()) {
    shown += text_->substr(line_end + 1) + "\n";
  }
  error.with_place(std::move(shown));
}

void Parser::fail_at(Mark where, std::string hint) const {
  const Token& token = tokens_[where];
  const std::string shown = token.kind == TokenKind::end ? "end of input" : "'" + std::string(text_of(token)) + "'";
  SparkError error(ErrorKind::parse, "PARSE_SYNTAX_ERROR", {{"error", shown}, {"hint", std::move(hint)}});
  place(error, where);
  throw error;
}

void Parser::fail_with(std::string_view condition, MessageParameters parameters, Mark from) const {
  fail_with(condition, std::move(parameters), from, std::max(at_, from + 1) - 1);
}

void Parser::fail_with(std::string_view condition, MessageParameters parameters, Mark from, Mark last) const {
  SparkError error(ErrorKind::parse, condition, std::move(parameters));
  QueryContext context;
  const Token& first = tokens_[from];
  const uint32_t end = std::max(tokens_[last].end, first.begin);
  context.start = position(first.begin);
  context.stop = position(std::max(end, first.begin + 1) - 1);
  context.fragment = text_between(first.begin, end);
  error.with_context(std::move(context));
  place(error, from);
  throw error;
}

void Parser::defer(std::string_view condition, MessageParameters parameters, Mark from) {
  try {
    fail_with(condition, std::move(parameters), from);
  } catch (const SparkError& error) {
    if (!deferred_) {
      deferred_ = error;
    }
  }
}

/// The end of a whole text: nothing may be left, nothing deferred or undefined.
void Parser::finish() {
  expect_end();
  if (deferred_) {
    throw *deferred_;
  }
  check_windows_defined();
}

Parser::Depth::Depth(Parser& owner) : parser(owner) {
  if (++parser.depth_ > max_depth) {
    --parser.depth_;
    parser.fail_too_complex();
  }
}

void Parser::count_link(size_t length) {
  if (length > free_links && ++long_links_ > max_long_links) {
    fail_too_complex();
  }
}

void Parser::fail_too_complex() const {
  SparkError error(ErrorKind::parse, "FAILED_TO_PARSE_TOO_COMPLEX");
  place(error, at_);
  throw error;
}

}  // namespace pyrite::sql
