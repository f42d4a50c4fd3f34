// Casts from text and binary, and from anything to text.
#include "functions/cast_text.h"

#include "base/error.h"
#include "functions/cast_error.h"
#include "functions/cell_text.h"
#include "functions/number_text.h"
#include "types/time_zone.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using Columns = std::span<const ColumnView>;

[[noreturn]] void invalid(const KernelContext& context, std::string_view text) {
  throw_cast_invalid(text, context.call.argument_types[0], context.call.result_type);
}

/// parse(text) gives an optional; none raises in ANSI mode and is NULL otherwise.
template <class To, class Parse>
void parse_rows(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out, Parse&& parse) {
  const ColumnView& in = arguments[0];
  To* results = static_cast<To*>(out.data());
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
      continue;
    }
    const std::string_view text = in.text(row);
    if (const auto value = parse(text)) {
      results[row] = static_cast<To>(*value);
    } else if (context.ansi()) {
      invalid(context, text);
    } else {
      out.set_null(row);
    }
  }
}

template <class To>
void text_to_integral(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const bool allow_fraction = !context.ansi() && !context.try_null();
  parse_rows<To>(context, arguments, rows, out, [&](std::string_view text) -> std::optional<int64_t> {
    const auto value = parse_whole(text, allow_fraction);
    return value && *value == static_cast<To>(*value) ? value : std::nullopt;
  });
}

void text_to_float64(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  parse_rows<double>(context, arguments, rows, out, parse_float64);
}

void text_to_float32(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  parse_rows<float>(context, arguments, rows, out, parse_float32);
}

std::optional<bool> parse_boolean(std::string_view text) {
  text = trim_blanks(text);
  char lower[6];
  if (text.empty() || text.size() > 5) {
    return std::nullopt;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
  }
  const std::string_view word(lower, text.size());
  if (word == "true" || word == "t" || word == "yes" || word == "y" || word == "1") {
    return true;
  }
  if (word == "false" || word == "f" || word == "no" || word == "n" || word == "0") {
    return false;
  }
  return std::nullopt;
}

void text_to_boolean(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  parse_rows<uint8_t>(context, arguments, rows, out, parse_boolean);
}

void text_to_decimal(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& in = arguments[0];
  const Type& type = context.call.result_type;
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row)) {
      out.set_null(row);
      continue;
    }
    const std::string_view text = in.text(row);
    Int128 value = 0;
    const DecimalOutcome outcome = parse_decimal(text, type.precision(), type.scale(), value);
    if (outcome == DecimalOutcome::ok) {
      out.set_decimal(row, value);
      continue;
    }
    if (context.ansi()) {
      if (outcome == DecimalOutcome::malformed) {
        invalid(context, text);
      }
      if (outcome == DecimalOutcome::unsupported) {
        throw SparkError("NUMERIC_OUT_OF_SUPPORTED_RANGE", {{"value", std::string(text)}});
      }
      throw_decimal_overflow(std::string(trim_blanks(text)), type);
    }
    out.set_null(row);
  }
}

void copy_bytes(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set_text(row, arguments[0].text(row));
    }
  }
}

template <class From>
void integral_to_binary(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const auto value = static_cast<std::make_unsigned_t<From>>(arguments[0].get<From>(row));
    char bytes[sizeof(From)];
    for (size_t i = 0; i < sizeof(From); ++i) {
      bytes[i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * (sizeof(From) - 1 - i)));
    }
    out.set_text(row, {bytes, sizeof bytes});
  }
}

size_t count_characters(std::string_view text) {
  size_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }
  return count;
}

/// The text in a char(n) or varchar(n): blanks beyond the length go, char(n) is filled up with them.
void fit_length(const Type& type, std::string& text) {
  size_t characters = count_characters(text);
  const auto limit = static_cast<size_t>(type.length());
  while (characters > limit && !text.empty() && text.back() == ' ') {
    text.pop_back();
    --characters;
  }
  if (characters > limit) {
    throw SparkError("EXCEED_LIMIT_LENGTH", {{"limit", std::to_string(limit)}});
  }
  if (type.is(TypeKind::char_n)) {
    text.append(limit - characters, ' ');
  }
}

struct ToText {
  TimeZonePtr zone;
  explicit ToText(const CallInfo& call) : zone(TimeZone::find(call.time_zone)) {
    if (!zone) {
      zone = TimeZone::find("UTC");
    }
  }
};

std::shared_ptr<void> prepare_to_text(const CallInfo& call) { return std::make_shared<ToText>(call); }

void any_to_text(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& in = arguments[0];
  const Type& type = context.call.result_type;
  const bool limited = type.is(TypeKind::char_n) || type.is(TypeKind::varchar_n);
  const TimeZone& zone = *context.as<ToText>().zone;
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    if (in.is_null(row) || in.type.is(TypeKind::null)) {
      out.set_null(row);
      continue;
    }
    text.clear();
    append_cell_text(in, row, zone, text);
    if (limited) {
      fit_length(type, text);
    }
    out.set_text(row, text);
  }
}

}  // namespace

Kernel text_cast_kernel(const Type& from, const Type& to) {
  if (!from.is_string()) {
    return {};
  }
  switch (to.kind()) {
    case TypeKind::byte:
      return {&text_to_integral<int8_t>, nullptr};
    case TypeKind::short_int:
      return {&text_to_integral<int16_t>, nullptr};
    case TypeKind::integer:
      return {&text_to_integral<int32_t>, nullptr};
    case TypeKind::long_int:
      return {&text_to_integral<int64_t>, nullptr};
    case TypeKind::float32:
      return {&text_to_float32, nullptr};
    case TypeKind::float64:
      return {&text_to_float64, nullptr};
    case TypeKind::decimal:
      return {&text_to_decimal, nullptr};
    case TypeKind::boolean:
      return {&text_to_boolean, nullptr};
    case TypeKind::binary:
      return {&copy_bytes, nullptr};
    default:
      return {};
  }
}

Kernel binary_cast_kernel(const Type& from) {
  switch (from.kind()) {
    case TypeKind::byte:
      return {&integral_to_binary<int8_t>, nullptr};
    case TypeKind::short_int:
      return {&integral_to_binary<int16_t>, nullptr};
    case TypeKind::integer:
      return {&integral_to_binary<int32_t>, nullptr};
    case TypeKind::long_int:
      return {&integral_to_binary<int64_t>, nullptr};
    default:
      return {};
  }
}

Kernel to_text_kernel() { return {&any_to_text, &prepare_to_text}; }

}  // namespace pyrite
