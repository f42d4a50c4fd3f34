// Reads and writes the binary form of variants.
#include "functions/variant_binary.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "functions/cell_text.h"
#include "functions/java_format.h"
#include "functions/json_text.h"
#include "functions/number_text.h"
#include "types/datetime_text.h"

namespace pyrite {
namespace {

constexpr int depth_limit = 1000;

int width_of(uint64_t number) { return number < 1 << 8 ? 1 : number < 1 << 16 ? 2 : number < 1 << 24 ? 3 : 4; }

[[noreturn]] void throw_malformed() { throw SparkError("MALFORMED_VARIANT"); }

/// Parses digits with an optional point and no exponent; false when they do not fit 38 digits.
bool plain_decimal(std::string_view text, Int128& unscaled, int& scale) {
  unscaled = 0;
  scale = 0;
  int digits = 0;
  bool fraction = false;
  const bool negative = text.starts_with('-');
  for (const char c : text.substr(negative)) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (c < '0' || c > '9') {
      return false;
    }
    digits += digits > 0 || c != '0';
    scale += fraction;
    if (digits > 38 || scale > 38) {
      return false;
    }
    unscaled = unscaled * 10 + (c - '0');
  }
  unscaled = negative ? -unscaled : unscaled;
  return true;
}

}  // namespace

void VariantBuilder::bytes(uint64_t number, int width, std::string& out) const {
  for (int i = 0; i < width; ++i) {
    out += static_cast<char>(number >> (8 * i));
  }
}

uint32_t VariantBuilder::key_id(const std::string& key) {
  const auto [place, is_new] = ids_.try_emplace(key, static_cast<uint32_t>(keys_.size()));
  if (is_new) {
    keys_.push_back(key);
  }
  return place->second;
}

void VariantBuilder::add(int64_t value) {
  if (value == static_cast<int8_t>(value)) {
    number(3, static_cast<int8_t>(value));
  } else if (value == static_cast<int16_t>(value)) {
    number(4, static_cast<int16_t>(value));
  } else if (value == static_cast<int32_t>(value)) {
    number(5, static_cast<int32_t>(value));
  } else {
    number(6, value);
  }
}

void VariantBuilder::add_decimal(Int128 unscaled, int scale) {
  const Int128 size = unscaled < 0 ? -unscaled : unscaled;
  const int width = size < power_of_ten(9) && scale <= 9 ? 4 : size < power_of_ten(18) && scale <= 18 ? 8 : 16;
  header(0, width == 4 ? 8 : width == 8 ? 9 : 10);
  value_ += static_cast<char>(scale);
  value_.append(reinterpret_cast<const char*>(&unscaled), static_cast<size_t>(width));
}

void VariantBuilder::add_text(std::string_view text) {
  if (text.size() < 64) {
    header(1, static_cast<int>(text.size()));
  } else {
    header(0, 16);
    bytes(text.size(), 4, value_);
  }
  value_ += text;
}

void VariantBuilder::add_binary(std::string_view content) {
  header(0, 15);
  bytes(content.size(), 4, value_);
  value_ += content;
}

void VariantBuilder::finish_array(size_t start, const std::vector<size_t>& elements) {
  const size_t size = value_.size() - start;
  const bool large = elements.size() > 255;
  const int width = width_of(size);
  std::string head(1, static_cast<char>((static_cast<int>(large) << 2 | (width - 1)) << 2 | 3));
  bytes(elements.size(), large ? 4 : 1, head);
  for (const size_t element : elements) {
    bytes(element - start, width, head);
  }
  bytes(size, width, head);
  value_.insert(start, head);
}

void VariantBuilder::finish_object(size_t start, std::vector<Member> members) {
  std::vector<uint32_t> ids;
  for (const Member& member : members) {
    ids.push_back(key_id(member.key));
  }
  std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.key < b.key; });
  for (size_t i = 1; i < members.size(); ++i) {
    if (members[i].key == members[i - 1].key) {
      throw SparkError("VARIANT_DUPLICATE_KEY", {{"key", members[i].key}});
    }
  }
  const size_t size = value_.size() - start;
  const bool large = members.size() > 255;
  const int width = width_of(size);
  const int id_width = width_of(ids.empty() ? 0 : *std::max_element(ids.begin(), ids.end()));
  std::string head(1, static_cast<char>((static_cast<int>(large) << 4 | (id_width - 1) << 2 | (width - 1)) << 2 | 2));
  bytes(members.size(), large ? 4 : 1, head);
  for (const Member& member : members) {
    bytes(ids_[member.key], id_width, head);
  }
  for (const Member& member : members) {
    bytes(member.start - start, width, head);
  }
  bytes(size, width, head);
  value_.insert(start, head);
}

std::string VariantBuilder::metadata() const {
  size_t size = 0;
  for (const std::string& key : keys_) {
    size += key.size();
  }
  const int width = width_of(std::max(size, keys_.size()));
  std::string out(1, static_cast<char>(1 | (width - 1) << 6));
  bytes(keys_.size(), width, out);
  size_t offset = 0;
  for (const std::string& key : keys_) {
    bytes(offset, width, out);
    offset += key.size();
  }
  bytes(offset, width, out);
  for (const std::string& key : keys_) {
    out += key;
  }
  return out;
}

void VariantBuilder::add(const JsonDocument& document, const JsonNode& node) {
  const size_t start = position();
  switch (node.kind) {
    case JsonKind::null:
      return add_null();
    case JsonKind::boolean:
      return add(node.truth);
    case JsonKind::string:
      return add_text(node.text);
    case JsonKind::integer: {
      int64_t value = 0;
      if (std::from_chars(node.text.data(), node.text.data() + node.text.size(), value).ec == std::errc()) {
        return add(value);
      }
      [[fallthrough]];
    }
    case JsonKind::real: {
      Int128 unscaled = 0;
      int scale = 0;
      if (plain_decimal(node.text, unscaled, scale)) {
        return add_decimal(unscaled, scale);
      }
      return add(json_double(node.text));
    }
    case JsonKind::array: {
      std::vector<size_t> elements;
      document.each(node, [&](const JsonNode& child) {
        elements.push_back(position());
        add(document, child);
      });
      return finish_array(start, elements);
    }
    case JsonKind::object: {
      std::vector<Member> members;
      document.each(node, [&](const JsonNode& child) {
        members.push_back({std::string(child.key), position()});
        key_id(members.back().key);
        add(document, child);
      });
      return finish_object(start, std::move(members));
    }
  }
}

void VariantBuilder::add(const ColumnView& column, size_t row) {
  if (column.type.is(TypeKind::null) || column.is_null(row)) {
    return add_null();
  }
  const size_t start = position();
  switch (column.type.kind()) {
    case TypeKind::boolean:
      return add(column.get<bool>(row));
    case TypeKind::byte:
      return number(3, column.get<int8_t>(row));
    case TypeKind::short_int:
      return add(static_cast<int64_t>(column.get<int16_t>(row)));
    case TypeKind::integer:
      return add(static_cast<int64_t>(column.get<int32_t>(row)));
    case TypeKind::long_int:
      return add(column.get<int64_t>(row));
    case TypeKind::float32:
      return add(column.get<float>(row));
    case TypeKind::float64:
      return add(column.get<double>(row));
    case TypeKind::decimal:
      return add_decimal(column.decimal(row), column.type.scale());
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
      return add_text(column.text(row));
    case TypeKind::binary:
      return add_binary(column.text(row));
    case TypeKind::date:
      return add_date(column.get<int32_t>(row));
    case TypeKind::timestamp:
      return add_timestamp(column.get<int64_t>(row));
    case TypeKind::timestamp_ntz:
      return add_timestamp_ntz(column.get<int64_t>(row));
    case TypeKind::variant:
      return VariantView::of(column, row).copy_to(*this);
    case TypeKind::array: {
      const ListSlot slot = column.list(row);
      std::vector<size_t> elements;
      for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
        elements.push_back(position());
        add(column.children[0], i);
      }
      return finish_array(start, elements);
    }
    case TypeKind::map: {
      const ListSlot slot = column.list(row);
      std::vector<Member> members;
      for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
        members.push_back({std::string(column.children[0].text(i)), position()});
        key_id(members.back().key);
        add(column.children[1], i);
      }
      return finish_object(start, std::move(members));
    }
    case TypeKind::structure: {
      std::vector<Member> members;
      for (size_t i = 0; i < column.children.size(); ++i) {
        members.push_back({column.type.fields()[i].name, position()});
        key_id(members.back().key);
        add(column.children[i], column.position(row));
      }
      return finish_object(start, std::move(members));
    }
    default:
      throw_unsupported("variants of " + simple_string(column.type));
  }
}

VariantView VariantView::of(const ColumnView& column, size_t row) {
  const size_t at = column.position(row);
  return {column.children[0].text(at), column.children[1].text(at)};
}

uint8_t VariantView::byte(size_t at) const {
  if (at >= value_.size()) {
    throw_malformed();
  }
  return static_cast<uint8_t>(value_[at]);
}

uint64_t VariantView::number(size_t at, int width) const {
  uint64_t out = 0;
  for (int i = 0; i < width; ++i) {
    out |= static_cast<uint64_t>(byte(at + static_cast<size_t>(i))) << (8 * i);
  }
  return out;
}

std::string_view VariantView::slice(size_t at, size_t length) const {
  if (at > value_.size() || length > value_.size() - at) {
    throw_malformed();
  }
  return value_.substr(at, length);
}

VariantKind VariantView::kind() const {
  switch (byte(0) & 3) {
    case 1:
      return VariantKind::text;
    case 2:
      return VariantKind::object;
    case 3:
      return VariantKind::array;
    default:
      break;
  }
  switch (byte(0) >> 2) {
    case 0:
      return VariantKind::null;
    case 1:
    case 2:
      return VariantKind::boolean;
    case 3:
    case 4:
    case 5:
    case 6:
      return VariantKind::integer;
    case 7:
      return VariantKind::float64;
    case 8:
    case 9:
    case 10:
      return VariantKind::decimal;
    case 11:
      return VariantKind::date;
    case 12:
      return VariantKind::timestamp;
    case 13:
      return VariantKind::timestamp_ntz;
    case 14:
      return VariantKind::float32;
    case 15:
      return VariantKind::binary;
    case 16:
      return VariantKind::text;
    default:
      throw SparkError("UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT", {{"id", std::to_string(byte(0) >> 2)}});
  }
}

int64_t VariantView::integer() const {
  switch (byte(0) >> 2) {
    case 3:
      return static_cast<int8_t>(number(1, 1));
    case 4:
      return static_cast<int16_t>(number(1, 2));
    case 5:
    case 11:
      return static_cast<int32_t>(number(1, 4));
    default:
      return static_cast<int64_t>(number(1, 8));
  }
}

double VariantView::float64() const {
  const uint64_t bits = number(1, 8);
  double out = 0;
  std::memcpy(&out, &bits, sizeof(out));
  return out;
}

float VariantView::float32() const {
  const auto bits = static_cast<uint32_t>(number(1, 4));
  float out = 0;
  std::memcpy(&out, &bits, sizeof(out));
  return out;
}

Int128 VariantView::decimal(int& scale) const {
  scale = byte(1);
  const int type = byte(0) >> 2;
  Int128 unscaled = type == 8 ? static_cast<Int128>(static_cast<int32_t>(number(2, 4)))
                    : type == 9
                        ? static_cast<Int128>(static_cast<int64_t>(number(2, 8)))
                        : static_cast<Int128>(static_cast<unsigned __int128>(number(10, 8)) << 64 | number(2, 8));
  while (scale > 0 && unscaled % 10 == 0) {
    unscaled /= 10;
    --scale;
  }
  return unscaled;
}

std::string_view VariantView::text() const {
  if ((byte(0) & 3) == 1) {
    return slice(1, byte(0) >> 2);
  }
  return slice(5, number(1, 4));
}

VariantView::Layout VariantView::layout() const {
  const bool object = (byte(0) & 3) == 2;
  const int info = byte(0) >> 2;
  const bool large = info >> (object ? 4 : 2) & 1;
  Layout out{};
  out.offset_width = (info & 3) + 1;
  out.id_width = object ? (info >> 2 & 3) + 1 : 0;
  out.size = number(1, large ? 4 : 1);
  out.ids = large ? 5 : 2;
  out.offsets = out.ids + out.size * static_cast<size_t>(out.id_width);
  out.data = out.offsets + (out.size + 1) * static_cast<size_t>(out.offset_width);
  if (out.data > value_.size()) {
    throw_malformed();
  }
  return out;
}

size_t VariantView::size() const { return layout().size; }

VariantView VariantView::element(size_t index) const {
  const Layout parts = layout();
  const uint64_t offset = number(parts.offsets + index * static_cast<size_t>(parts.offset_width), parts.offset_width);
  if (offset >= value_.size() - parts.data) {
    throw_malformed();
  }
  return {value_.substr(parts.data + offset), metadata_};
}

std::string_view VariantView::key(uint64_t id) const {
  const VariantView names(metadata_, {});
  const int width = (names.byte(0) >> 6 & 3) + 1;
  const uint64_t size = names.number(1, width);
  if (id >= size) {
    throw_malformed();
  }
  const size_t offsets = 1 + static_cast<size_t>(width);
  const uint64_t start = names.number(offsets + id * static_cast<size_t>(width), width);
  const uint64_t end = names.number(offsets + (id + 1) * static_cast<size_t>(width), width);
  if (end < start) {
    throw_malformed();
  }
  return names.slice(offsets + (size + 1) * static_cast<size_t>(width) + start, end - start);
}

VariantView VariantView::member(size_t index, std::string_view& name) const {
  const Layout parts = layout();
  name = key(number(parts.ids + index * static_cast<size_t>(parts.id_width), parts.id_width));
  return element(index);
}

std::optional<VariantView> VariantView::find(std::string_view wanted) const {
  for (size_t i = 0, count = size(); i < count; ++i) {
    std::string_view name;
    const VariantView found = member(i, name);
    if (name == wanted) {
      return found;
    }
  }
  return std::nullopt;
}

Type VariantView::scalar_type() const {
  switch (kind()) {
    case VariantKind::null:
      return Type::null();
    case VariantKind::boolean:
      return Type::boolean();
    case VariantKind::integer:
      return Type::long_int();
    case VariantKind::float32:
      return Type::float32();
    case VariantKind::float64:
      return Type::float64();
    case VariantKind::decimal: {
      int scale = 0;
      Int128 unscaled = decimal(scale);
      int digits = 0;
      for (; unscaled != 0; unscaled /= 10) {
        ++digits;
      }
      return Type::decimal(std::max({digits, scale, 1}), scale);
    }
    case VariantKind::date:
      return Type::date();
    case VariantKind::timestamp:
      return Type::timestamp();
    case VariantKind::timestamp_ntz:
      return Type::timestamp_ntz();
    case VariantKind::binary:
      return Type::binary();
    case VariantKind::text:
      return Type::string();
    case VariantKind::array:
    case VariantKind::object:
      return Type::variant();
  }
  return Type::null();
}

Value VariantView::scalar_value() const {
  int scale = 0;
  switch (kind()) {
    case VariantKind::boolean:
      return Value(boolean());
    case VariantKind::integer:
    case VariantKind::date:
    case VariantKind::timestamp:
    case VariantKind::timestamp_ntz:
      return Value(integer());
    case VariantKind::float32:
      return Value(float32());
    case VariantKind::float64:
      return Value(float64());
    case VariantKind::decimal:
      return Value(decimal(scale));
    case VariantKind::binary:
    case VariantKind::text:
      return Value(std::string(text()));
    default:
      return Value();
  }
}

void VariantView::append_json(std::string& out, const TimeZone& zone, int depth) const {
  if (depth > depth_limit) {
    throw_malformed();
  }
  switch (kind()) {
    case VariantKind::null:
      out += "null";
      return;
    case VariantKind::boolean:
      out += boolean() ? "true" : "false";
      return;
    case VariantKind::integer:
      out += std::to_string(integer());
      return;
    case VariantKind::float32:
    case VariantKind::float64: {
      const double value = kind() == VariantKind::float64 ? float64() : float32();
      const std::string shown = kind() == VariantKind::float64 ? java_text(value) : java_text(float32());
      out += std::isfinite(value) ? shown : '"' + shown + '"';
      return;
    }
    case VariantKind::decimal: {
      int scale = 0;
      const Int128 unscaled = decimal(scale);
      out += decimal_text(unscaled, scale);
      return;
    }
    case VariantKind::date:
      out += '"' + date_text(integer()) + '"';
      return;
    case VariantKind::timestamp: {
      const int64_t micros = integer();
      const int32_t offset = zone.offset_at(floor_div(micros, micros_per_second));
      char shown[16];
      snprintf(shown, sizeof(shown), "%c%02d:%02d", offset < 0 ? '-' : '+', std::abs(offset) / 3600 % 100,
               std::abs(offset) / 60 % 60);
      out += '"' + timestamp_ntz_text(zone.to_local(micros)) + shown + '"';
      return;
    }
    case VariantKind::timestamp_ntz:
      out += '"' + timestamp_ntz_text(integer()) + '"';
      return;
    case VariantKind::binary:
      throw_unsupported("binary variants as JSON");
    case VariantKind::text:
      return append_json_string(out, text());
    case VariantKind::array:
      out += '[';
      for (size_t i = 0, count = size(); i < count; ++i) {
        out += i ? "," : "";
        element(i).append_json(out, zone, depth + 1);
      }
      out += ']';
      return;
    case VariantKind::object:
      out += '{';
      for (size_t i = 0, count = size(); i < count; ++i) {
        std::string_view name;
        const VariantView value = member(i, name);
        out += i ? "," : "";
        append_json_string(out, name);
        out += ':';
        value.append_json(out, zone, depth + 1);
      }
      out += '}';
      return;
  }
}

void VariantView::copy_to(VariantBuilder& out, int depth) const {
  if (depth > depth_limit) {
    throw_malformed();
  }
  const size_t start = out.position();
  switch (kind()) {
    case VariantKind::null:
      return out.add_null();
    case VariantKind::boolean:
      return out.add(boolean());
    case VariantKind::integer:
      return out.add(integer());
    case VariantKind::float32:
      return out.add(float32());
    case VariantKind::float64:
      return out.add(float64());
    case VariantKind::decimal: {
      int scale = 0;
      const Int128 unscaled = decimal(scale);
      return out.add_decimal(unscaled, scale);
    }
    case VariantKind::date:
      return out.add_date(static_cast<int32_t>(integer()));
    case VariantKind::timestamp:
      return out.add_timestamp(integer());
    case VariantKind::timestamp_ntz:
      return out.add_timestamp_ntz(integer());
    case VariantKind::binary:
      return out.add_binary(text());
    case VariantKind::text:
      return out.add_text(text());
    case VariantKind::array: {
      std::vector<size_t> elements;
      for (size_t i = 0, count = size(); i < count; ++i) {
        elements.push_back(out.position());
        element(i).copy_to(out, depth + 1);
      }
      return out.finish_array(start, elements);
    }
    case VariantKind::object: {
      std::vector<VariantBuilder::Member> members;
      for (size_t i = 0, count = size(); i < count; ++i) {
        std::string_view name;
        const VariantView value = member(i, name);
        members.push_back({std::string(name), out.position()});
        value.copy_to(out, depth + 1);
      }
      return out.finish_object(start, std::move(members));
    }
  }
}

}  // namespace pyrite
