// A developer's test: every query of Spark's golden files parses, or fails as Spark fails. PYRITE_GOLDEN names their
// folder.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/error.h"
#include "sql/parser.h"

namespace pyrite::sql {
namespace {

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

std::string value_after(const std::string& text, const std::string& key) {
  const size_t at = text.find(key);
  if (at == std::string::npos) {
    return "";
  }
  const size_t open = text.find('"', at + key.size());
  return text.substr(open + 1, text.find('"', open + 1) - open - 1);
}

struct GoldenQuery {
  std::string sql;
  std::string condition;  ///< of a parse error; empty: it parses
};

std::vector<GoldenQuery> golden_queries(const std::string& text) {
  static const std::string head = "-- !query\n";
  std::vector<GoldenQuery> out;
  for (size_t at = text.find(head); at != std::string::npos;) {
    const size_t next = text.find(head, at + head.size());
    const std::string block = text.substr(at + head.size(), next == std::string::npos ? next : next - at - head.size());
    at = next;
    const size_t schema = block.find("-- !query schema");
    GoldenQuery query{block.substr(0, schema), ""};
    if (schema != std::string::npos && block.find("ParseException", schema) != std::string::npos) {
      query.condition = value_after(block, "\"errorClass\" :");
    }
    while (!query.sql.empty() && query.sql.back() == '\n') {
      query.sql.pop_back();
    }
    out.push_back(std::move(query));
  }
  return out;
}

void apply(ParserOptions& options, const std::string& key, const std::string& value) {
  const bool on = value == "true";
  if (key == "spark.sql.ansi.enforceReservedKeywords") {
    options.enforce_reserved_keywords = on && options.ansi;
  } else if (key == "spark.sql.ansi.doubleQuotedIdentifiers") {
    options.double_quoted_identifiers = on && options.ansi;
  } else if (key == "spark.sql.timestampType") {
    options.timestamp_ntz_is_timestamp = value == "TIMESTAMP_NTZ";
  } else if (key == "spark.sql.legacy.interval.enabled") {
    options.legacy_interval = on;
  } else if (key == "spark.sql.parser.escapedStringLiterals") {
    options.escaped_string_literals = on;
  } else if (key == "spark.sql.parser.quotedRegexColumnNames") {
    options.quoted_regex_column_names = on;
  } else if (key == "spark.sql.legacy.exponentLiteralAsDecimal.enabled") {
    options.exponent_literal_as_decimal = on;
  } else if (key == "spark.sql.parser.singleCharacterPipeOperator.enabled") {
    options.single_character_pipe = on;
  } else if (key == "spark.sql.legacy.identifierClause") {
    options.legacy_identifier_clause = on;
  } else if (key == "spark.sql.ansi.enabled") {
    options.ansi = on;
  }
}

/// The options that the input file's --SET lines ask for.
ParserOptions file_options(const std::filesystem::path& input) {
  ParserOptions options;
  options.time_zone = "America/Los_Angeles";
  std::istringstream lines(file_text(input));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("--SET ")) {
      continue;
    }
    std::istringstream settings(line.substr(6));
    for (std::string one; std::getline(settings, one, ',');) {
      const size_t equal = one.find('=');
      const size_t first = one.find_first_not_of(' ');
      if (equal != std::string::npos) {
        const std::string value = one.substr(equal + 1);
        const size_t last = one.find_last_not_of(' ', equal - 1);
        apply(options, one.substr(first, last + 1 - first), value.substr(value.find_first_not_of(' ')));
      }
    }
  }
  return options;
}

std::string condition_of(const std::string& sql, ParserOptions& options) {
  try {
    const plan::Command command = parse_statement(sql, options);
    const auto* set = std::get_if<plan::SetConfiguration>(&command.node);
    if (set && set->key && set->value) {
      apply(options, *set->key, *set->value);
    }
    return "";
  } catch (const SparkError& error) {
    return error.kind() == ErrorKind::parse ? error.condition() : "";
  }
}

TEST(GoldenFiles, ParseAsInSpark) {
  const char* folder = std::getenv("PYRITE_GOLDEN");
  if (!folder) {
    GTEST_SKIP() << "PYRITE_GOLDEN is not set";
  }
  const std::filesystem::path results = std::filesystem::path(folder) / "sql-tests" / "results";
  size_t all = 0;
  size_t same = 0;
  size_t errors = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(results)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".out") {
      continue;
    }
    const std::filesystem::path name = std::filesystem::relative(entry.path(), results).replace_extension();
    ParserOptions options = file_options(std::filesystem::path(folder) / "sql-tests" / "inputs" / name);
    for (const GoldenQuery& query : golden_queries(file_text(entry.path()))) {
      const std::string found = condition_of(query.sql, options);
      ++all;
      errors += !query.condition.empty();
      same += found == query.condition;
      if (found != query.condition) {
        std::cout << name.string() << ": expected [" << query.condition << "] found [" << found << "]\n    "
                  << query.sql.substr(0, 300) << "\n";
      }
    }
  }
  std::cout << same << " of " << all << " queries as in Spark; " << errors << " of them are parse errors\n";
  EXPECT_GT(all, 0u);
  EXPECT_GE(static_cast<double>(same), 0.99 * static_cast<double>(all));
}

TEST(GoldenFiles, BenchmarkTextsParse) {
  const char* folder = std::getenv("PYRITE_GOLDEN");
  if (!folder) {
    GTEST_SKIP() << "PYRITE_GOLDEN is not set";
  }
  size_t count = 0;
  for (const char* part : {"tpch", "tpcds", "tpcds-v2.7.0", "ssb"}) {
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(folder) / part)) {
      EXPECT_NO_THROW(parse_query(file_text(entry.path()), {})) << entry.path();
      ++count;
    }
  }
  EXPECT_GT(count, 100u);
}

}  // namespace
}  // namespace pyrite::sql
