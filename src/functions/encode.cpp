// Functions between bytes and their texts: base64, hex, character sets.
#include "base/error.h"
#include "functions/base64.h"
#include "functions/bind_call.h"
#include "functions/call_names.h"
#include "functions/charset.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/string_limits.h"
#include "functions/utf8.h"
#include "types/coercion.h"

namespace pyrite {
namespace {
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string encode_base64(std::string_view bytes, bool lines) {
  check_text_size(bytes.size() / 3 * 4);
  std::string out;
  out.reserve(bytes.size() / 3 * 4 + 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    if (lines && i > 0 && i % 57 == 0) {
      out += "\r\n";
    }
    const size_t left = bytes.size() - i;
    const auto byte = [&](size_t k) { return k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U; };
    const uint32_t word = byte(0) << 16 | byte(1) << 8 | byte(2);
    out += base64_digits[word >> 18];
    out += base64_digits[word >> 12 & 63];
    out += left > 1 ? base64_digits[word >> 6 & 63] : '=';
    out += left > 2 ? base64_digits[word & 63] : '=';
  }
  return out;
}

namespace {

using lowering::Own;

/// Lines of 76 characters, unless the session switches them off.
std::string base64(const KernelContext& context, std::string_view bytes) {
  const auto& session = context.call.session;
  return encode_base64(bytes, !session || session->conf("spark.sql.chunkBase64String.enabled", "true") != "false");
}

int base64_value(char c) {
  const size_t at = base64_digits.find(c);
  return at == std::string_view::npos || c == '\0' ? -1 : static_cast<int>(at);
}

/// Java's MIME decoder: characters outside the alphabet are passed over.
std::string decode_base64(std::string_view text) {
  std::string out;
  uint32_t word = 0;
  int filled = 0;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '=') {
      break;
    }
    const int value = base64_value(text[i]);
    if (value < 0) {
      continue;
    }
    word = word << 6 | static_cast<uint32_t>(value);
    if (++filled == 4) {
      out += {static_cast<char>(word >> 16), static_cast<char>(word >> 8), static_cast<char>(word)};
      word = 0;
      filled = 0;
    }
  }
  if (i < text.size()) {
    ++i;
    if (filled < 2 || (filled == 2 && (i >= text.size() || text[i++] != '='))) {
      throw_illegal_argument("Input byte array has wrong 4-byte ending unit");
    }
  }
  if (filled == 1) {
    throw_illegal_argument("Last unit does not have enough valid bits");
  }
  if (filled == 2) {
    out += static_cast<char>(word >> 4);
  } else if (filled == 3) {
    out += {static_cast<char>(word >> 10), static_cast<char>(word >> 2)};
  }
  for (; i < text.size(); ++i) {
    if (base64_value(text[i]) >= 0) {
      throw_illegal_argument("Input byte array has incorrect ending byte at " + std::to_string(i));
    }
  }
  return out;
}

/// Whether the text is base64 as RFC 4648 writes it, white space aside, padded fully or not at all.
bool is_base64(std::string_view text) {
  size_t digits = 0;
  size_t padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      continue;
    }
    if (c == '=') {
      ++padding;
    } else if (base64_value(c) < 0 || padding > 0) {
      return false;
    } else {
      ++digits;
    }
  }
  return padding == 0 ? digits % 4 != 1 : padding <= 2 && (digits + padding) % 4 == 0;
}

std::string hex_text(std::string_view bytes) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out(bytes.size() * 2, '0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out[2 * i] = digits[byte >> 4];
    out[2 * i + 1] = digits[byte & 15];
  }
  return out;
}

std::string hex_number(uint64_t value) {
  std::string out;
  do {
    out.insert(out.begin(), "0123456789ABCDEF"[value & 15]);
    value >>= 4;
  } while (value);
  return out;
}

void run_hex(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const bool number = arguments[0].type.is(TypeKind::long_int);
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set_text(row, number ? hex_number(static_cast<uint64_t>(arguments[0].get<int64_t>(row)))
                               : hex_text(arguments[0].text(row)));
    }
  }
}

int hex_value(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/// An odd number of digits counts as with a zero in front.
std::optional<std::string> unhex(std::string_view text) {
  std::string out((text.size() + 1) / 2, '\0');
  const size_t shift = text.size() % 2;
  for (size_t i = 0; i < text.size(); ++i) {
    const int value = hex_value(text[i]);
    if (value < 0) {
      return std::nullopt;
    }
    char& byte = out[(i + shift) / 2];
    byte = static_cast<char>(static_cast<unsigned char>(byte) << 4 | value);
  }
  return out;
}

std::string ascii_upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

std::optional<std::string> to_binary(const KernelContext& context, std::string_view text,
                                     Given<std::string_view> format) {
  const std::string kind = ascii_upper(format.value_or("hex"));
  if (kind == "UTF-8" || kind == "UTF8") {
    return std::string(text);
  }
  if (kind == "BASE64" && is_base64(text)) {
    return decode_base64(text);
  }
  if (kind == "HEX") {
    if (auto bytes = unhex(text)) {
      return bytes;
    }
  }
  if (context.try_null() || context.call.function->name.starts_with("try_")) {
    return std::nullopt;
  }
  throw SparkError("CONVERSION_INVALID_INPUT", {{"str", "'" + std::string(text) + "'"},
                                                {"fmt", "'" + kind + "'"},
                                                {"targetType", "\"BINARY\""},
                                                {"suggestion", "`try_to_binary`"}});
}

void check_binary_format(const CallInfo& call) {
  if (call.constants.size() < 2 || call.function->name.starts_with("try_")) {
    return;
  }
  if (!call.constants[1]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`fmt`"}, {"inputType", "\"STRING\""}, {"inputExpr", ""}});
  }
  if (call.constants[1]->is_null()) {
    return;
  }
  const std::string kind = ascii_upper(call.constants[1]->text());
  if (kind != "HEX" && kind != "BASE64" && kind != "UTF-8" && kind != "UTF8") {
    throw SparkError("DATATYPE_MISMATCH.INVALID_ARG_VALUE", {{"inputName", "fmt"},
                                                             {"requireType", "case-insensitive \"STRING\""},
                                                             {"validValues", "'hex', 'utf-8', 'utf8', or 'base64'"},
                                                             {"inputValue", "'" + call.constants[1]->text() + "'"}});
  }
}

// ---- character sets

Charset charset_of(const KernelContext& context, std::string_view name) {
  if (const std::optional<Charset> found = find_charset(name)) {
    return *found;
  }
  throw SparkError("INVALID_PARAMETER_VALUE.CHARSET", {{"functionName", "`" + std::string(context.call.name) + "`"},
                                                       {"parameter", "`charset`"},
                                                       {"charset", std::string(name)},
                                                       {"charsets", std::string(charset_names)}});
}

[[noreturn]] void malformed(const char* function, std::string_view charset) {
  throw SparkError("MALFORMED_CHARACTER_CODING", {{"function", function}, {"charset", std::string(charset)}});
}

std::string encode(const KernelContext& context, std::string_view text, std::string_view name) {
  bool unmappable = false;
  std::string out = encode_charset(charset_of(context, name), text, true, unmappable);
  if (unmappable) {
    malformed("`encode`", name);
  }
  return out;
}

std::string decode(const KernelContext& context, std::string_view bytes, std::string_view name) {
  bool bad = false;
  std::string out = decode_charset(charset_of(context, name), bytes, bad);
  if (bad) {
    malformed("`decode`", name);
  }
  return out;
}

/// decode with two arguments, once the other meaning of the name is out of the way.
constexpr FunctionDef decode_bytes{.name = "decode",
                                   .forms = {"(binary, string) -> string"},
                                   .failure = Failure::possible,
                                   .lower = Own{kernel<decode>}};

Type decode_type(const CallInfo& call) {
  if (call.argument_types.size() == 2) {
    return Type::string();
  }
  std::vector<Type> results;
  for (size_t i = 2; i < call.argument_types.size(); i += 2) {
    results.push_back(call.argument_types[i]);
  }
  if (call.argument_types.size() % 2 == 0) {
    results.push_back(call.argument_types.back());
  }
  return wider_type(results, call.mode == resolved::EvalMode::ansi).value_or(Type::null());
}

/// Two arguments: bytes in a character set. More: value, (search, result)…, default, compared so that NULL equals NULL.
resolved::ExpressionPtr make_decode(const CallInfo& info, const std::vector<resolved::ExpressionPtr>& arguments) {
  if (arguments.size() == 2) {
    std::vector<resolved::ExpressionPtr> given{cast_to(arguments[0], Type::binary(), info.mode),
                                               cast_to(arguments[1], Type::string(), info.mode)};
    return resolved::make_expression(resolved::Call{&decode_bytes, info.name, std::move(given), info.mode},
                                     Type::string(), true, info.origin);
  }
  const Type type = decode_type(info);
  std::vector<resolved::ExpressionPtr> branches;
  size_t i = 1;
  for (; i + 1 < arguments.size(); i += 2) {
    branches.push_back(call("<=>", {arguments[0], arguments[i]}, info.mode));
    branches.push_back(cast_to(arguments[i + 1], type, info.mode));
  }
  branches.push_back(i < arguments.size() ? cast_to(arguments[i], type, info.mode) : resolved::null_literal(type));
  return call("when", std::move(branches), info.mode);
}

constexpr FunctionDef rows[] = {
    {.name = "base64",
     .forms = {"(binary) -> string"},
     .lower = Own{kernel<base64>},
     .doc = "Writes bytes in base64, in lines of 76 characters.",
     .examples = {"base64('Spark SQL') = 'U3BhcmsgU1FM'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "unbase64",
     .forms = {"(string) -> binary"},
     .failure = Failure::possible,
     .lower = Own{kernel<decode_base64>},
     .doc = "Reads base64, passing over characters that do not belong to it.",
     .examples = {"unbase64('U3BhcmsgU1FM') = X'537061726B2053514C'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "hex",
     .forms = {"(long) -> string", "(binary) -> string", "(string) -> string"},
     .lower = Own{{&run_hex, nullptr}},
     .doc = "Hexadecimal digits of a number, or of the bytes of a text or binary value.",
     .examples = {"hex(17) = '11'", "hex('Spark SQL') = '537061726B2053514C'"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "unhex",
     .forms = {"(string) -> binary"},
     .nullability = Nullability::always,
     .lower = Own{kernel<unhex>},
     .doc = "Reads hexadecimal digits as bytes; NULL when the text holds anything else.",
     .examples = {"unhex('537061726B2053514C') = X'537061726B2053514C'"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "to_binary",
     .forms = {"(string, [string]) -> binary"},
     .check = check_binary_format,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{kernel<to_binary>},
     .errors = {"CONVERSION_INVALID_INPUT"},
     .doc = "Reads a text as bytes: 'hex' (the default), 'utf-8' or 'base64'.",
     .examples = {"to_binary('abc', 'utf-8') = X'616263'"},
     .since = "3.3.0",
     .group = "string_funcs"},
    {.name = "try_to_binary",
     .forms = {"(string, [string]) -> binary"},
     .nullability = Nullability::always,
     .lower = Own{kernel<to_binary>},
     .doc = "As to_binary, with NULL in place of an error.",
     .examples = {"try_to_binary('a!', 'base64') = NULL"},
     .since = "3.3.0",
     .group = "string_funcs"},
    {.name = "encode",
     .forms = {"(string, string) -> binary"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{kernel<encode>},
     .errors = {"INVALID_PARAMETER_VALUE.CHARSET", "MALFORMED_CHARACTER_CODING"},
     .doc = "The bytes of a text in a character set.",
     .examples = {"encode('abc', 'utf-8') = X'616263'"},
     .since = "1.5.0",
     .group = "string_funcs"},
    {.name = "decode",
     .forms = {"(any, any, any...) -> rule"},
     .result = decode_type,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = lowering::Compose{make_decode},
     .errors = {"INVALID_PARAMETER_VALUE.CHARSET", "MALFORMED_CHARACTER_CODING"},
     .doc = "Reads bytes in a character set; with more arguments, picks the result beside the first equal value.",
     .examples = {"decode(2, 1, 'Southlake', 2, 'San Francisco') = 'San Francisco'"},
     .since = "1.5.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> encode_functions() { return rows; }

}  // namespace pyrite
