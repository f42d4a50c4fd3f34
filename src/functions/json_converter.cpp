// Turns parsed JSON into rows of a type.
#include <openssl/evp.h>

#include <charconv>
#include <cmath>

#include "base/error.h"
#include "functions/json_format.h"
#include "functions/json_text.h"
#include "functions/number_text.h"
#include "functions/variant_binary.h"
#include "types/datetime_text.h"
#include "types/interval_text.h"

namespace pyrite {
namespace {

template <class T>
JsonOutcome write_integer(std::string_view text, ColumnWriter& out, size_t row) {
  T value{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    return JsonOutcome::failed;
  }
  out.set(row, value);
  return JsonOutcome::good;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string compact;
  for (const char c : text) {
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') {
      compact += c;
    }
  }
  while (compact.size() % 4 != 0) {
    compact += '=';
  }
  std::string bytes(compact.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(compact.data()), static_cast<int>(compact.size()));
  if (size < 0) {
    return std::nullopt;
  }
  const size_t padding = compact.ends_with("==") ? 2 : compact.ends_with("=") ? 1 : 0;
  bytes.resize(static_cast<size_t>(size) - std::min(padding, static_cast<size_t>(size)));
  return bytes;
}

void write_double(double value, ColumnWriter& out, size_t row) {
  out.type().is(TypeKind::float32) ? out.set(row, static_cast<float>(value)) : out.set(row, value);
}

JsonOutcome write_decimal_text(std::string_view text, const Type& type, ColumnWriter& out, size_t row) {
  Int128 value = 0;
  if (parse_decimal(text, type.precision(), type.scale(), value) != DecimalOutcome::ok) {
    return JsonOutcome::failed;
  }
  out.set_decimal(row, value);
  return JsonOutcome::good;
}

template <class T>
JsonOutcome write_parsed(const std::optional<T>& value, ColumnWriter& out, size_t row) {
  if (!value) {
    return JsonOutcome::failed;
  }
  out.set(row, *value);
  return JsonOutcome::good;
}

JsonOutcome worse(JsonOutcome left, JsonOutcome right) { return left == JsonOutcome::good ? right : left; }

}  // namespace

JsonConverter::JsonConverter(const JsonFormat& format, Type type)
    : format_(format),
      type_(std::move(type)),
      date_(format.date_format, TypeKind::date, get_time_zone(format.time_zone), MomentPattern::Use::read),
      timestamp_(format.timestamp_format, TypeKind::timestamp, get_time_zone(format.time_zone),
                 MomentPattern::Use::read),
      timestamp_ntz_(format.timestamp_ntz_format, TypeKind::timestamp_ntz, get_time_zone(format.time_zone),
                     MomentPattern::Use::read) {}

JsonOutcome JsonConverter::write(const JsonDocument& document, const JsonNode& node, const Type& type,
                                 ColumnWriter& out, size_t row) const {
  if ((node.kind == JsonKind::null && !type.is(TypeKind::variant)) || type.is(TypeKind::null)) {
    out.set_null(row);
    return JsonOutcome::good;
  }
  const bool number = node.kind == JsonKind::integer || node.kind == JsonKind::real;
  switch (type.kind()) {
    case TypeKind::boolean:
      if (node.kind == JsonKind::boolean) {
        out.set(row, node.truth);
        return JsonOutcome::good;
      }
      return JsonOutcome::failed;
    case TypeKind::byte:
      return node.kind == JsonKind::integer ? write_integer<int8_t>(node.text, out, row) : JsonOutcome::failed;
    case TypeKind::short_int:
      return node.kind == JsonKind::integer ? write_integer<int16_t>(node.text, out, row) : JsonOutcome::failed;
    case TypeKind::integer:
      return node.kind == JsonKind::integer ? write_integer<int32_t>(node.text, out, row) : JsonOutcome::failed;
    case TypeKind::long_int:
      return node.kind == JsonKind::integer ? write_integer<int64_t>(node.text, out, row) : JsonOutcome::failed;
    case TypeKind::float32:
    case TypeKind::float64:
      if (number) {
        write_double(json_double(node.text), out, row);
        return JsonOutcome::good;
      }
      break;
    case TypeKind::decimal:
      if (number) {
        return write_decimal_text(node.text, type, out, row);
      }
      break;
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n: {
      if (node.kind == JsonKind::string || format_.exact_text) {
        out.set_text(row, node.text);
      } else {
        std::string text;
        append_json(text, document, node);
        out.set_text(row, text);
      }
      return JsonOutcome::good;
    }
    case TypeKind::timestamp:
      if (node.kind == JsonKind::integer) {
        int64_t seconds = 0;
        int64_t micros = 0;
        const auto result = std::from_chars(node.text.data(), node.text.data() + node.text.size(), seconds);
        if (result.ec != std::errc() || __builtin_mul_overflow(seconds, micros_per_second, &micros)) {
          return JsonOutcome::failed;
        }
        out.set(row, micros);
        return JsonOutcome::good;
      }
      break;
    case TypeKind::array:
      return node.kind == JsonKind::array ? write_array(document, node, type, out, row) : JsonOutcome::failed;
    case TypeKind::map:
      return node.kind == JsonKind::object ? write_map(document, node, type, out, row) : JsonOutcome::failed;
    case TypeKind::structure:
      return node.kind == JsonKind::object ? write_structure(document, node, type, out, row) : JsonOutcome::failed;
    case TypeKind::variant: {
      VariantBuilder builder;
      builder.add(document, node);
      write_value(out, row, builder.finish());
      return JsonOutcome::good;
    }
    default:
      break;
  }
  return node.kind == JsonKind::string && !node.text.empty() ? write_text(node.text, type, out, row)
                                                             : JsonOutcome::failed;
}

JsonOutcome JsonConverter::write_text(std::string_view text, const Type& type, ColumnWriter& out, size_t row) const {
  switch (type.kind()) {
    case TypeKind::float32:
    case TypeKind::float64: {
      const bool known = text == "NaN" || text == "Infinity" || text == "+Infinity" || text == "-Infinity" ||
                         text == "INF" || text == "+INF" || text == "-INF";
      if (!known || !format_.syntax.not_a_number) {
        return JsonOutcome::failed;
      }
      write_double(json_double(text), out, row);
      return JsonOutcome::good;
    }
    case TypeKind::decimal:
      return write_decimal_text(text, type, out, row);
    case TypeKind::date: {
      const auto days = date_.parse(text);
      return write_parsed(days ? std::optional(static_cast<int32_t>(*days)) : std::nullopt, out, row);
    }
    case TypeKind::timestamp:
      return write_parsed(timestamp_.parse(text), out, row);
    case TypeKind::timestamp_ntz:
      return write_parsed(timestamp_ntz_.parse(text), out, row);
    case TypeKind::time:
      return write_parsed(parse_time(text), out, row);
    case TypeKind::year_month_interval:
      return write_parsed(parse_year_month(text, type), out, row);
    case TypeKind::day_time_interval:
      return write_parsed(parse_day_time(text, type), out, row);
    case TypeKind::calendar_interval:
      return write_parsed(parse_calendar_interval(text), out, row);
    case TypeKind::binary: {
      const auto bytes = decode_base64(text);
      if (!bytes) {
        return JsonOutcome::failed;
      }
      out.set_text(row, *bytes);
      return JsonOutcome::good;
    }
    default:
      return JsonOutcome::failed;
  }
}

JsonOutcome JsonConverter::write_array(const JsonDocument& document, const JsonNode& node, const Type& type,
                                       ColumnWriter& out, size_t row) const {
  size_t at = out.start_list(row, node.count);
  JsonOutcome outcome = JsonOutcome::good;
  document.each(node, [&](const JsonNode& child) {
    const JsonOutcome one = write(document, child, type.element(), out.child(0), at);
    if (one == JsonOutcome::failed) {
      out.child(0).set_null(at);
    }
    outcome = outcome == JsonOutcome::failed ? outcome : one == JsonOutcome::failed ? one : worse(outcome, one);
    ++at;
  });
  return outcome;
}

JsonOutcome JsonConverter::write_map(const JsonDocument& document, const JsonNode& node, const Type& type,
                                     ColumnWriter& out, size_t row) const {
  // The last of equal keys wins.
  std::vector<const JsonNode*> members;
  document.each(node, [&](const JsonNode& child) {
    for (const JsonNode*& member : members) {
      if (member->key == child.key) {
        member = &child;
        return;
      }
    }
    members.push_back(&child);
  });
  size_t at = out.start_list(row, members.size());
  JsonOutcome outcome = JsonOutcome::good;
  for (const JsonNode* member : members) {
    out.child(0).set_text(at, member->key);
    const JsonOutcome one = write(document, *member, type.value(), out.child(1), at);
    if (one == JsonOutcome::failed) {
      out.child(1).set_null(at);
    }
    outcome = outcome == JsonOutcome::failed ? outcome : one == JsonOutcome::failed ? one : worse(outcome, one);
    ++at;
  }
  return outcome;
}

JsonOutcome JsonConverter::write_fields(const JsonDocument& document, const JsonNode& object,
                                        const std::vector<StructField>& fields, std::span<ColumnWriter* const> columns,
                                        size_t row) const {
  JsonOutcome outcome = JsonOutcome::good;
  std::vector<const JsonNode*> members(fields.size());
  size_t guess = 0;
  document.each(object, [&](const JsonNode& child) {
    // Members mostly come in the order of the fields.
    size_t found = guess < fields.size() && fields[guess].name == child.key ? guess : fields.size();
    for (size_t i = 0; i < fields.size() && found == fields.size(); ++i) {
      found = fields[i].name == child.key ? i : found;
    }
    if (found < fields.size()) {
      members[found] = &child;
      guess = found + 1;
    }
  });
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!columns[i]) {
      continue;
    }
    if (!members[i]) {
      columns[i]->set_null(row);
      continue;
    }
    const JsonOutcome one = write(document, *members[i], fields[i].type, *columns[i], row);
    if (one == JsonOutcome::failed) {
      columns[i]->set_null(row);
    }
    outcome = one == JsonOutcome::good ? outcome : JsonOutcome::partial;
  }
  return outcome;
}

JsonOutcome JsonConverter::write_structure(const JsonDocument& document, const JsonNode& node, const Type& type,
                                           ColumnWriter& out, size_t row) const {
  std::vector<ColumnWriter*> columns;
  for (size_t i = 0; i < type.fields().size(); ++i) {
    columns.push_back(&out.child(i));
  }
  return write_fields(document, node, type.fields(), columns, row);
}

}  // namespace pyrite
