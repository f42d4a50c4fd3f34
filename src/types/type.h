// Spark's data types as values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pyrite {

enum class TypeKind : uint8_t {
  null,
  boolean,
  byte,
  short_int,
  integer,
  long_int,
  float32,
  float64,
  decimal,
  string,  ///< with a collation name; char(n) and varchar(n) keep their own kinds
  char_n,
  varchar_n,
  binary,
  date,
  time,
  timestamp,
  timestamp_ntz,
  year_month_interval,
  day_time_interval,
  calendar_interval,
  array,
  map,
  structure,
  variant,
};

/// Fields of interval types, as Spark numbers them.
namespace interval_field {
inline constexpr int year = 0, month = 1;
inline constexpr int day = 0, hour = 1, minute = 2, second = 3;
}  // namespace interval_field

struct StructField;

/// A data type; cheap to copy. Nested types share their immutable children.
class Type {
 public:
  Type() : Type(TypeKind::null) {}
  explicit Type(TypeKind kind) : kind_(kind) {}

  static Type null() { return Type(TypeKind::null); }
  static Type boolean() { return Type(TypeKind::boolean); }
  static Type byte() { return Type(TypeKind::byte); }
  static Type short_int() { return Type(TypeKind::short_int); }
  static Type integer() { return Type(TypeKind::integer); }
  static Type long_int() { return Type(TypeKind::long_int); }
  static Type float32() { return Type(TypeKind::float32); }
  static Type float64() { return Type(TypeKind::float64); }
  static Type string() { return Type(TypeKind::string); }
  static Type binary() { return Type(TypeKind::binary); }
  static Type date() { return Type(TypeKind::date); }
  static Type timestamp() { return Type(TypeKind::timestamp); }
  static Type timestamp_ntz() { return Type(TypeKind::timestamp_ntz); }
  static Type calendar_interval() { return Type(TypeKind::calendar_interval); }
  static Type variant() { return Type(TypeKind::variant); }
  static Type decimal(int precision, int scale);
  static Type string(std::string collation);
  static Type char_n(int length);
  static Type varchar_n(int length);
  /// Precision: digits of the second's fraction, 0 to 6.
  static Type time(int precision = 6);
  static Type year_month_interval(int start = interval_field::year, int end = interval_field::month);
  static Type day_time_interval(int start = interval_field::day, int end = interval_field::second);
  static Type array(Type element, bool contains_null = true);
  static Type map(Type key, Type value, bool value_contains_null = true);
  static Type structure(std::vector<StructField> fields);

  TypeKind kind() const { return kind_; }
  bool is(TypeKind kind) const { return kind_ == kind; }

  int precision() const { return first_; }    ///< decimal, time
  int scale() const { return second_; }       ///< decimal
  int length() const { return first_; }       ///< char, varchar
  int start_field() const { return first_; }  ///< intervals
  int end_field() const { return second_; }   ///< intervals
  /// Collation of a string as declared; empty: none declared, UTF8_BINARY.
  const std::string& collation() const;

  const Type& element() const;  ///< array
  bool contains_null() const;   ///< array elements, map values
  const Type& key() const;      ///< map
  const Type& value() const;    ///< map
  const std::vector<StructField>& fields() const;

  bool is_string() const {
    return kind_ == TypeKind::string || kind_ == TypeKind::char_n || kind_ == TypeKind::varchar_n;
  }
  bool is_integral() const { return kind_ >= TypeKind::byte && kind_ <= TypeKind::long_int; }
  bool is_fractional() const { return kind_ >= TypeKind::float32 && kind_ <= TypeKind::decimal; }
  bool is_floating() const { return kind_ == TypeKind::float32 || kind_ == TypeKind::float64; }
  bool is_numeric() const { return kind_ >= TypeKind::byte && kind_ <= TypeKind::decimal; }
  bool is_ansi_interval() const {
    return kind_ == TypeKind::year_month_interval || kind_ == TypeKind::day_time_interval;
  }
  bool is_datetime() const {
    return kind_ == TypeKind::date || kind_ == TypeKind::timestamp || kind_ == TypeKind::timestamp_ntz;
  }
  bool is_nested() const { return kind_ == TypeKind::array || kind_ == TypeKind::map || kind_ == TypeKind::structure; }

  /// Equality with nullability, field names and metadata.
  bool operator==(const Type& other) const;
  bool operator!=(const Type& other) const { return !(*this == other); }

 private:
  struct Nested;
  TypeKind kind_;
  int32_t first_ = 0;
  int32_t second_ = 0;
  std::shared_ptr<const Nested> nested_;
};

struct StructField {
  std::string name;
  Type type;
  bool nullable = true;
  /// JSON object text; empty: none.
  std::string metadata;

  bool operator==(const StructField& other) const = default;
};

/// Equality that ignores nullability and metadata (field names compare case-sensitively).
bool same_type(const Type& left, const Type& right);

/// Spark's simpleString / catalogString: "struct<a:int,b:array<string>>".
std::string simple_string(const Type& type);

/// Spark's sql text: "STRUCT<a: INT, b: ARRAY<STRING>>", as error messages and CAST show it.
std::string sql_string(const Type& type);

/// The type's JSON as Spark writes it (schema.json()).
std::string type_json(const Type& type);

/// Spark's typeName as error texts and printSchema use it ("integer", "decimal(10,2)", "struct").
std::string type_name(const Type& type);

/// printSchema's tree of a struct ("root\n |-- a: integer (nullable = true)\n"); level < 0: all levels.
std::string tree_string(const Type& structure, int level = -1);

/// Spark's toDDL of a struct's fields: "a INT,b STRING NOT NULL".
std::string ddl_string(const Type& structure);

/// Reads a type from its JSON form. Errors: SparkError INVALID_JSON_DATA_TYPE.
Type parse_type_json(std::string_view json);

/// The same type with every nested nullable flag set.
Type as_nullable(const Type& type);

/// A name as SQL text shows it: in backquotes unless it is a plain identifier (quote_if_needed), or always
/// (quote_name).
std::string quote_if_needed(std::string_view name);
std::string quote_name(std::string_view name);

/// Default size in bytes that Spark's statistics assume.
int64_t default_size(const Type& type);

}  // namespace pyrite
