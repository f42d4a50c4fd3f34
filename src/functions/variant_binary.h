// Spark's binary form of variants: a value and a dictionary of its member names.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/column.h"
#include "functions/json_document.h"
#include "types/time_zone.h"

namespace pyrite {

/// Writes a variant from the inside out: the parts of a list or object first, then `finish`.
class VariantBuilder {
 public:
  struct Member {
    std::string key;
    size_t start;
  };

  size_t position() const { return value_.size(); }
  void add_null() { header(0, 0); }
  void add(bool value) { header(0, value ? 1 : 2); }
  void add(int64_t value);
  void add(double value) { number(7, value); }
  void add(float value) { number(14, value); }
  void add_decimal(Int128 unscaled, int scale);
  void add_text(std::string_view text);
  void add_binary(std::string_view bytes);
  void add_date(int32_t days) { number(11, days); }
  void add_timestamp(int64_t micros) { number(12, micros); }
  void add_timestamp_ntz(int64_t micros) { number(13, micros); }
  void finish_array(size_t start, const std::vector<size_t>& elements);
  /// Errors: VARIANT_DUPLICATE_KEY.
  void finish_object(size_t start, std::vector<Member> members);

  /// A parsed JSON value.
  void add(const JsonDocument& document, const JsonNode& node);
  /// A row of a column of any type that variants can hold.
  void add(const ColumnView& column, size_t row);

  const std::string& value() const { return value_; }
  std::string metadata() const;
  /// The pair as Value holds a variant.
  Value finish() const { return Value(ValueList{Value(value_), Value(metadata())}); }

 private:
  uint32_t key_id(const std::string& key);
  void header(int basic, int info) { value_ += static_cast<char>(info << 2 | basic); }
  void bytes(uint64_t number, int width, std::string& out) const;
  template <class T>
  void number(int type, T number) {
    header(0, type);
    value_.append(reinterpret_cast<const char*>(&number), sizeof(number));
  }
  std::string value_;
  std::vector<std::string> keys_;
  std::map<std::string, uint32_t> ids_;
};

enum class VariantKind : uint8_t {
  null,
  boolean,
  integer,
  float32,
  float64,
  decimal,
  date,
  timestamp,
  timestamp_ntz,
  binary,
  text,
  array,
  object
};

/// Reads a variant, or a part of one. Errors: MALFORMED_VARIANT where the bytes are none.
class VariantView {
 public:
  VariantView(std::string_view value, std::string_view metadata) : value_(value), metadata_(metadata) {}
  static VariantView of(const ColumnView& column, size_t row);

  VariantKind kind() const;
  bool boolean() const { return (byte(0) >> 2) == 1; }
  int64_t integer() const;
  double float64() const;
  float float32() const;
  /// Without zeros at the end of the fraction.
  Int128 decimal(int& scale) const;
  std::string_view text() const;
  size_t size() const;
  VariantView element(size_t index) const;
  VariantView member(size_t index, std::string_view& key) const;
  std::optional<VariantView> find(std::string_view key) const;

  /// The type and value of a scalar.
  Type scalar_type() const;
  Value scalar_value() const;
  void append_json(std::string& out, const TimeZone& zone, int depth = 0) const;
  void copy_to(VariantBuilder& out, int depth = 0) const;

 private:
  struct Layout {
    size_t size, ids, offsets, data;
    int id_width, offset_width;
  };
  Layout layout() const;
  uint8_t byte(size_t at) const;
  uint64_t number(size_t at, int width) const;
  std::string_view slice(size_t at, size_t length) const;
  std::string_view key(uint64_t id) const;
  std::string_view value_;
  std::string_view metadata_;
};

}  // namespace pyrite
