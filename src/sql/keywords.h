// Spark SQL's keywords: which exist, which may serve as names.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace pyrite::sql {

/// Who may use a keyword as a name: everybody; not a table alias (strict); nobody under
/// spark.sql.ansi.enforceReservedKeywords (reserved).
enum class KeywordClass : uint8_t { free, strict, reserved_ansi, strict_reserved_ansi };

struct KeywordRow {
  std::string_view name;
  KeywordClass usage;
};

namespace keyword_table {
using enum KeywordClass;
// clang-format off
/// Sorted by name.
inline constexpr KeywordRow rows[] = {
    {"ADD", free}, {"AFTER", free}, {"AGGREGATE", free}, {"ALL", reserved_ansi}, {"ALTER", free}, {"ALWAYS", free},
    {"ANALYZE", free}, {"AND", reserved_ansi}, {"ANTI", strict}, {"ANY", reserved_ansi}, {"ANY_VALUE", free},
    {"APPROX", free}, {"ARCHIVE", free}, {"ARRAY", free}, {"AS", reserved_ansi}, {"ASC", free}, {"ASENSITIVE", free},
    {"AT", free}, {"ATOMIC", free}, {"AUTHORIZATION", reserved_ansi}, {"BEGIN", free}, {"BERNOULLI", free},
    {"BETWEEN", free}, {"BIGINT", free}, {"BINARY", free}, {"BINDING", free}, {"BOOLEAN", free},
    {"BOTH", reserved_ansi}, {"BUCKET", free}, {"BUCKETS", free}, {"BY", free}, {"BYTE", free}, {"CACHE", free},
    {"CALL", reserved_ansi}, {"CALLED", free}, {"CASCADE", free}, {"CASE", reserved_ansi}, {"CAST", reserved_ansi},
    {"CATALOG", free}, {"CATALOGS", free}, {"CHANGE", free}, {"CHANGES", free}, {"CHAR", free}, {"CHARACTER", free},
    {"CHECK", reserved_ansi}, {"CLEAR", free}, {"CLOSE", free}, {"CLUSTER", free}, {"CLUSTERED", free},
    {"CODEGEN", free}, {"COLLATE", reserved_ansi}, {"COLLATION", reserved_ansi}, {"COLLATIONS", reserved_ansi},
    {"COLLECTION", free}, {"COLUMN", reserved_ansi}, {"COLUMNS", free}, {"COMMENT", free}, {"COMMIT", free},
    {"COMPACT", free}, {"COMPACTIONS", free}, {"COMPENSATION", free}, {"COMPUTE", free}, {"CONCATENATE", free},
    {"CONDITION", free}, {"CONSTRAINT", reserved_ansi}, {"CONTAINS", free}, {"CONTINUE", free}, {"COST", free},
    {"CREATE", reserved_ansi}, {"CROSS", strict_reserved_ansi}, {"CUBE", free}, {"CURRENT", free},
    {"CURRENT_DATABASE", free}, {"CURRENT_DATE", reserved_ansi}, {"CURRENT_PATH", reserved_ansi},
    {"CURRENT_SCHEMA", reserved_ansi}, {"CURRENT_TIME", reserved_ansi}, {"CURRENT_TIMESTAMP", reserved_ansi},
    {"CURRENT_USER", reserved_ansi}, {"CURSOR", free}, {"DATA", free}, {"DATABASE", free}, {"DATABASES", free},
    {"DATE", free}, {"DATEADD", free}, {"DATEDIFF", free}, {"DATE_ADD", free}, {"DATE_DIFF", free}, {"DAY", free},
    {"DAYOFYEAR", free}, {"DAYS", free}, {"DBPROPERTIES", free}, {"DEC", free}, {"DECIMAL", free}, {"DECLARE", free},
    {"DEFAULT", free}, {"DEFAULT_PATH", free}, {"DEFINED", free}, {"DEFINER", free}, {"DELAY", free},
    {"DELETE", free}, {"DELIMITED", free}, {"DESC", free}, {"DESCRIBE", free}, {"DETERMINISTIC", free}, {"DFS", free},
    {"DIRECTORIES", free}, {"DIRECTORY", free}, {"DISTANCE", free}, {"DISTINCT", reserved_ansi}, {"DISTRIBUTE", free},
    {"DIV", free}, {"DO", free}, {"DOUBLE", free}, {"DROP", free}, {"ELSE", reserved_ansi}, {"ELSEIF", free},
    {"END", reserved_ansi}, {"ENFORCED", free}, {"ESCAPE", reserved_ansi}, {"ESCAPED", free}, {"EVOLUTION", free},
    {"EXACT", free}, {"EXCEPT", strict_reserved_ansi}, {"EXCHANGE", free}, {"EXCLUDE", free}, {"EXCLUSIVE", free},
    {"EXECUTE", reserved_ansi}, {"EXISTS", free}, {"EXIT", free}, {"EXPLAIN", free}, {"EXPORT", free},
    {"EXTEND", free}, {"EXTENDED", free}, {"EXTERNAL", free}, {"EXTRACT", free}, {"FALSE", reserved_ansi},
    {"FETCH", reserved_ansi}, {"FIELDS", free}, {"FILEFORMAT", free}, {"FILTER", reserved_ansi}, {"FIRST", free},
    {"FLOAT", free}, {"FLOW", free}, {"FOLLOWING", free}, {"FOR", reserved_ansi}, {"FOREIGN", reserved_ansi},
    {"FORMAT", free}, {"FORMATTED", free}, {"FOUND", free}, {"FROM", reserved_ansi}, {"FULL", strict_reserved_ansi},
    {"FUNCTION", free}, {"FUNCTIONS", free}, {"GENERATED", free}, {"GEOGRAPHY", free}, {"GEOMETRY", free},
    {"GLOBAL", free}, {"GRANT", reserved_ansi}, {"GROUP", reserved_ansi}, {"GROUPING", free}, {"HANDLER", free},
    {"HAVING", reserved_ansi}, {"HOUR", free}, {"HOURS", free}, {"IDENTIFIED", free}, {"IDENTIFIER", free},
    {"IDENTITY", free}, {"IF", free}, {"IGNORE", free}, {"ILIKE", free}, {"IMMEDIATE", free}, {"IMPORT", free},
    {"IN", reserved_ansi}, {"INCLUDE", free}, {"INCLUSIVE", free}, {"INCREMENT", free}, {"INDEX", free},
    {"INDEXES", free}, {"INNER", strict_reserved_ansi}, {"INPATH", free}, {"INPUT", free}, {"INPUTFORMAT", free},
    {"INSENSITIVE", free}, {"INSERT", free}, {"INT", free}, {"INTEGER", free}, {"INTERSECT", strict_reserved_ansi},
    {"INTERVAL", free}, {"INTO", reserved_ansi}, {"INVOKER", free}, {"IS", reserved_ansi}, {"ITEMS", free},
    {"ITERATE", free}, {"JOIN", strict_reserved_ansi}, {"JSON", free}, {"KEY", free}, {"KEYS", free},
    {"LANGUAGE", free}, {"LAST", free}, {"LATERAL", strict_reserved_ansi}, {"LAZY", free}, {"LEADING", reserved_ansi},
    {"LEAVE", free}, {"LEFT", strict_reserved_ansi}, {"LEVEL", free}, {"LIKE", free}, {"LIMIT", free},
    {"LINES", free}, {"LIST", free}, {"LOAD", free}, {"LOCAL", free}, {"LOCATION", free}, {"LOCK", free},
    {"LOCKS", free}, {"LOGICAL", free}, {"LONG", free}, {"LOOP", free}, {"MACRO", free}, {"MAP", free},
    {"MATCHED", free}, {"MATERIALIZED", free}, {"MAX", free}, {"MEASURE", free}, {"MERGE", free}, {"METRICS", free},
    {"MICROSECOND", free}, {"MICROSECONDS", free}, {"MILLISECOND", free}, {"MILLISECONDS", free}, {"MINUS", strict},
    {"MINUTE", free}, {"MINUTES", free}, {"MODIFIES", free}, {"MONTH", free}, {"MONTHS", free}, {"MSCK", free},
    {"NAME", free}, {"NAMESPACE", free}, {"NAMESPACES", free}, {"NANOSECOND", free}, {"NANOSECONDS", free},
    {"NATURAL", strict_reserved_ansi}, {"NEAREST", free}, {"NEXT", free}, {"NO", free}, {"NONE", free},
    {"NORELY", free}, {"NOT", reserved_ansi}, {"NULL", reserved_ansi}, {"NULLS", free}, {"NUMERIC", free},
    {"OF", free}, {"OFFSET", reserved_ansi}, {"ON", strict_reserved_ansi}, {"ONLY", reserved_ansi}, {"OPEN", free},
    {"OPTION", free}, {"OPTIONS", free}, {"OR", reserved_ansi}, {"ORDER", reserved_ansi}, {"OUT", free},
    {"OUTER", reserved_ansi}, {"OUTPUTFORMAT", free}, {"OVER", free}, {"OVERLAPS", reserved_ansi}, {"OVERLAY", free},
    {"OVERWRITE", free}, {"PARTITION", free}, {"PARTITIONED", free}, {"PARTITIONS", free}, {"PATH", free},
    {"PERCENT", free}, {"PIVOT", free}, {"PLACING", free}, {"POSITION", free}, {"PRECEDING", free},
    {"PRIMARY", reserved_ansi}, {"PRINCIPALS", free}, {"PROCEDURE", free}, {"PROCEDURES", free}, {"PROPERTIES", free},
    {"PURGE", free}, {"QUALIFY", free}, {"QUARTER", free}, {"QUERY", free}, {"RANGE", free}, {"READ", free},
    {"READS", free}, {"REAL", free}, {"RECORDREADER", free}, {"RECORDWRITER", free}, {"RECOVER", free},
    {"RECURSION", free}, {"RECURSIVE", reserved_ansi}, {"REDUCE", free}, {"REFERENCES", reserved_ansi},
    {"REFRESH", free}, {"REGEXP", free}, {"RELY", free}, {"RENAME", free}, {"REPAIR", free}, {"REPEAT", free},
    {"REPEATABLE", free}, {"REPLACE", free}, {"RESET", free}, {"RESPECT", free}, {"RESTRICT", free}, {"RETURN", free},
    {"RETURNS", free}, {"REVOKE", free}, {"RIGHT", strict_reserved_ansi}, {"RLIKE", free}, {"ROLE", free},
    {"ROLES", free}, {"ROLLBACK", free}, {"ROLLUP", free}, {"ROW", free}, {"ROWS", free}, {"SCHEMA", free},
    {"SCHEMAS", free}, {"SECOND", free}, {"SECONDS", free}, {"SECURITY", free}, {"SELECT", reserved_ansi},
    {"SEMI", strict}, {"SEPARATED", free}, {"SERDE", free}, {"SERDEPROPERTIES", free},
    {"SESSION_USER", reserved_ansi}, {"SET", free}, {"SETS", free}, {"SHORT", free}, {"SHOW", free},
    {"SIMILARITY", free}, {"SINGLE", free}, {"SKEWED", free}, {"SMALLINT", free}, {"SOME", reserved_ansi},
    {"SORT", free}, {"SORTED", free}, {"SOURCE", free}, {"SPECIFIC", free}, {"SQL", reserved_ansi},
    {"SQLEXCEPTION", free}, {"SQLSTATE", free}, {"START", free}, {"STATISTICS", free}, {"STORED", free},
    {"STRATIFY", free}, {"STREAM", free}, {"STREAMING", free}, {"STRING", free}, {"STRUCT", free}, {"SUBSTR", free},
    {"SUBSTRING", free}, {"SYNC", free}, {"SYSTEM", free}, {"SYSTEM_PATH", free}, {"SYSTEM_TIME", free},
    {"SYSTEM_VERSION", free}, {"TABLE", reserved_ansi}, {"TABLES", free}, {"TABLESAMPLE", free}, {"TARGET", free},
    {"TBLPROPERTIES", free}, {"TEMP", free}, {"TEMPORARY", free}, {"TERMINATED", free}, {"THEN", reserved_ansi},
    {"TIME", reserved_ansi}, {"TIMEDIFF", free}, {"TIMESTAMP", free}, {"TIMESTAMPADD", free}, {"TIMESTAMPDIFF", free},
    {"TIMESTAMP_LTZ", free}, {"TIMESTAMP_NTZ", free}, {"TINYINT", free}, {"TO", reserved_ansi}, {"TOUCH", free},
    {"TRAILING", reserved_ansi}, {"TRANSACTION", free}, {"TRANSACTIONS", free}, {"TRANSFORM", free}, {"TRIM", free},
    {"TRUE", free}, {"TRUNCATE", free}, {"TRY_CAST", free}, {"TYPE", free}, {"UNARCHIVE", free}, {"UNBOUNDED", free},
    {"UNCACHE", free}, {"UNION", strict_reserved_ansi}, {"UNIQUE", reserved_ansi}, {"UNKNOWN", reserved_ansi},
    {"UNLOCK", free}, {"UNPIVOT", free}, {"UNSET", free}, {"UNTIL", free}, {"UPDATE", free}, {"USE", free},
    {"USER", reserved_ansi}, {"USING", strict_reserved_ansi}, {"VALUE", free}, {"VALUES", free}, {"VAR", free},
    {"VARCHAR", free}, {"VARIABLE", free}, {"VARIANT", free}, {"VERSION", free}, {"VIEW", free}, {"VIEWS", free},
    {"VOID", free}, {"WATERMARK", free}, {"WEEK", free}, {"WEEKS", free}, {"WHEN", reserved_ansi},
    {"WHERE", reserved_ansi}, {"WHILE", free}, {"WINDOW", free}, {"WITH", reserved_ansi}, {"WITHIN", reserved_ansi},
    {"WITHOUT", free}, {"X", free}, {"YEAR", free}, {"YEARS", free}, {"ZONE", free},
};
// clang-format on
}  // namespace keyword_table

/// A keyword by its place in the table; -1: none. Written as text, looked up when compiled.
class Keyword {
 public:
  constexpr Keyword() = default;
  consteval Keyword(const char* name) : id_(index_of(name)) {
    if (id_ < 0) {
      throw "not a keyword";
    }
  }

  /// `name` in upper case. Other spellings of one keyword come out as one.
  static constexpr Keyword find(std::string_view name) {
    Keyword found;
    found.id_ = index_of(canonical(name));
    return found;
  }

  constexpr explicit operator bool() const { return id_ >= 0; }
  constexpr bool operator==(const Keyword&) const = default;
  constexpr std::string_view name() const { return keyword_table::rows[id_].name; }
  constexpr KeywordClass usage() const { return keyword_table::rows[id_].usage; }

 private:
  static constexpr std::string_view canonical(std::string_view name) {
    return name == "REGEXP" ? "RLIKE" : name == "TEMP" ? "TEMPORARY" : name;
  }
  static constexpr int16_t index_of(std::string_view name) {
    int low = 0;
    int high = static_cast<int>(std::size(keyword_table::rows)) - 1;
    while (low <= high) {
      const int middle = (low + high) / 2;
      const std::string_view here = keyword_table::rows[middle].name;
      if (here == name) {
        return static_cast<int16_t>(middle);
      }
      (here < name ? low : high) = here < name ? middle + 1 : middle - 1;
    }
    return -1;
  }

  int16_t id_ = -1;
};

}  // namespace pyrite::sql
