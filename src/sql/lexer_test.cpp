// Tests of tokens, of string values and of cutting scripts.
#include "sql/lexer.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "sql/parser.h"

namespace pyrite::sql {
namespace {

std::vector<TokenKind> kinds(std::string_view text) {
  std::vector<TokenKind> out;
  for (const Token& token : tokenize(text)) {
    out.push_back(token.kind);
  }
  out.pop_back();
  return out;
}

using Kinds = std::vector<TokenKind>;

TEST(Lexer, TakesTheLongestNumberOrName) {
  EXPECT_EQ(kinds("1"), Kinds{TokenKind::integer});
  EXPECT_EQ(kinds("1.5"), Kinds{TokenKind::decimal});
  EXPECT_EQ(kinds("1e-3"), Kinds{TokenKind::exponent});
  EXPECT_EQ(kinds("1.5BD"), Kinds{TokenKind::decimal_suffix});
  EXPECT_EQ(kinds("1a"), Kinds{TokenKind::name});
  EXPECT_EQ(kinds("12L"), Kinds{TokenKind::long_suffix});
  EXPECT_EQ(kinds("2.3W"), (Kinds{TokenKind::integer, TokenKind::dot, TokenKind::name}));
  EXPECT_EQ(kinds("s3://a/b-c.d"), Kinds{TokenKind::name});
}

TEST(Lexer, SkipsComments) {
  EXPECT_EQ(kinds("1 -- x \\\n y\n 2"), (Kinds{TokenKind::integer, TokenKind::integer}));
  EXPECT_EQ(kinds("1 /* a /* b */ c */ 2"), (Kinds{TokenKind::integer, TokenKind::integer}));
  EXPECT_EQ(kinds("/*+ a */"), (Kinds{TokenKind::hint_start, TokenKind::name, TokenKind::hint_end}));
  EXPECT_THROW(tokenize("1 /* 2"), SparkError);
}

TEST(Lexer, ReadsStringValues) {
  EXPECT_EQ(string_value("'a\\tb'", false), "a\tb");
  EXPECT_EQ(string_value("'a\\tb'", true), "a\\tb");
  EXPECT_EQ(string_value("'it''s'", false), "it's");
  EXPECT_EQ(string_value("'it''s'", false, true), "its");
  EXPECT_EQ(string_value("r'a\\tb'", false), "a\\tb");
  EXPECT_EQ(string_value("'\\U0001F600\\ud83d\\ude00'", false), "\xF0\x9F\x98\x80\xF0\x9F\x98\x80");
}

TEST(Lexer, AnyBytesGiveTokens) {
  std::string all;
  for (int i = 1; i < 256; ++i) {
    all += static_cast<char>(i);
  }
  EXPECT_FALSE(tokenize(all).empty());
  EXPECT_EQ(kinds("'open").front(), TokenKind::unrecognized);
}

TEST(SplitStatements, KeepsQuotesAndBlocksWhole) {
  EXPECT_EQ(split_statements("select ';'; -- a;b\nselect 2;;"), (std::vector<std::string>{"select ';'", "select 2"}));
  EXPECT_EQ(split_statements("begin select 1; select 2; end; select 3").size(), 2u);
}

}  // namespace
}  // namespace pyrite::sql
