// Numbers to texts and back by a format: to_number, to_char, format_number.
#include <cmath>

#include "base/error.h"
#include "functions/bind_rule.h"
#include "functions/call_names.h"
#include "functions/decimal_pattern.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/number_pattern.h"

namespace pyrite {
namespace {

using lowering::Own;

/// The format as it stands in the call; the pattern is rebuilt only when it changes.
struct PatternState {
  explicit PatternState(const CallInfo&) {}
  const NumberPattern& get(std::string_view format) {
    if (!pattern || format != last) {
      last = format;
      pattern.emplace(format);
    }
    return *pattern;
  }
  std::string last;
  std::optional<NumberPattern> pattern;
};

const std::optional<Value>& format_of(const CallInfo& call) { return call.constants[1]; }

void check_format(const CallInfo& call) {
  if (!format_of(call)) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`format`"}, {"inputType", "\"STRING\""}, {"inputExpr", ""}});
  }
  if (!format_of(call)->is_null()) {
    const NumberPattern pattern(format_of(call)->text());
    pattern.check();
    if (pattern.precision() > 38) {
      throw SparkError("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                       {{"precision", std::to_string(pattern.precision())}, {"maxPrecision", "38"}});
    }
  }
}

Type number_type(const CallInfo& call) {
  if (!format_of(call) || format_of(call)->is_null()) {
    return Type::decimal(10, 0);
  }
  const NumberPattern pattern(format_of(call)->text());
  return Type::decimal(pattern.precision(), pattern.scale());
}

std::optional<Int128> to_number(const KernelContext& context, std::string_view text, std::string_view format) {
  const auto number = context.as<PatternState>().get(format).parse(text);
  if (!number && !context.try_null()) {
    throw SparkError("INVALID_FORMAT.MISMATCH_INPUT",
                     {{"inputType", "\"STRING\""}, {"input", std::string(text)}, {"format", std::string(format)}});
  }
  return number;
}

std::string to_char(const KernelContext& context, Int128 number, std::string_view format) {
  return context.as<PatternState>().get(format).format(number, context.call.argument_types[0].scale());
}

constexpr FunctionDef number_to_char{.name = "to_char",
                                     .forms = {"(decimal, string) -> string"},
                                     .check = check_format,
                                     .lower = Own{kernel_with<to_char, PatternState>}};

/// Dates go to date_format, bytes to base64, hex or decode, numbers to their own format.
resolved::ExpressionPtr bind_to_char(const FunctionDef& function, std::vector<resolved::ExpressionPtr> arguments,
                                     const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  const Type& type = arguments[0]->type;
  if (type.is_datetime() || type.is(TypeKind::time)) {
    return call("date_format", std::move(arguments), options.mode);
  }
  if (!type.is(TypeKind::binary)) {
    BindOptions named = options;
    named.shown_name = "to_char";
    return bind_call(number_to_char, std::move(arguments), named);
  }
  const auto format = constant_value(arguments[1]);
  if (!format || !std::holds_alternative<std::string>(format->storage())) {
    if (format) {
      throw SparkError("INVALID_PARAMETER_VALUE.NULL",
                       {{"functionName", "`" + options.shown_name + "`"}, {"parameter", "`format`"}});
    }
    throw_mismatch("NON_FOLDABLE_INPUT", function, arguments, options,
                   {{"inputName", "`format`"}, {"inputType", "\"STRING\""}, {"inputExpr", quoted_sql(arguments[1])}});
  }
  std::string kind = format->text();
  for (char& c : kind) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  if (kind == "base64" || kind == "hex") {
    arguments.pop_back();
    return call(kind, std::move(arguments), options.mode);
  }
  if (kind == "utf-8") {
    return call("decode", std::move(arguments), options.mode);
  }
  throw SparkError(
      "INVALID_PARAMETER_VALUE.BINARY_FORMAT",
      {{"functionName", "`to_char`"}, {"parameter", "`format`"}, {"invalidFormat", "'" + format->text() + "'"}});
}

// ---- format_number

DecimalText plain_text(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::byte:
      return exact_text(column.get<int8_t>(row), 0);
    case TypeKind::short_int:
      return exact_text(column.get<int16_t>(row), 0);
    case TypeKind::integer:
      return exact_text(column.get<int32_t>(row), 0);
    case TypeKind::long_int:
      return exact_text(column.get<int64_t>(row), 0);
    case TypeKind::decimal:
      return exact_text(column.decimal(row), column.type.scale());
    case TypeKind::float32:
      return exact_text(double{column.get<float>(row)});
    default:
      return exact_text(column.get<double>(row));
  }
}

struct LayoutState {
  explicit LayoutState(const CallInfo&) {}
  const DecimalPattern& get(std::string pattern) {
    if (!layout || pattern != last) {
      layout.emplace(pattern);
      last = std::move(pattern);
    }
    return *layout;
  }
  std::string last;
  std::optional<DecimalPattern> layout;
};

void run_format_number(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                       ColumnWriter& out) {
  const bool digits = !arguments[1].type.is_string();
  constexpr std::string_view usual = "#,###,###,###,###,###,##0";
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
      continue;
    }
    std::string pattern(usual);
    if (digits) {
      const int32_t count = arguments[1].get<int32_t>(row);
      if (count < 0) {
        out.set_null(row);
        continue;
      }
      if (count > 0) {
        pattern += "." + std::string(static_cast<size_t>(std::min(count, 340)), '0');
      }
    } else if (!arguments[1].text(row).empty()) {
      pattern = arguments[1].text(row);
    }
    out.set_text(row, context.as<LayoutState>().get(std::move(pattern)).format(plain_text(arguments[0], row)));
  }
}

constexpr FunctionDef rows[] = {
    {.name = "to_number",
     .forms = {"(string, string) -> rule"},
     .result = number_type,
     .check = check_format,
     .failure = Failure::possible,
     .lower = Own{kernel_with<to_number, PatternState>},
     .errors = {"INVALID_FORMAT.MISMATCH_INPUT"},
     .doc = "Reads a number by a format of 0, 9, separators, $, S, MI and PR.",
     .examples = {"to_number('454', '999') = 454", "to_number('$78.12', '$99.99') = 78.12"},
     .since = "3.3.0",
     .group = "string_funcs"},
    {.name = "try_to_number",
     .forms = {"(string, string) -> rule"},
     .result = number_type,
     .check = check_format,
     .nullability = Nullability::always,
     .lower = Own{kernel_with<to_number, PatternState>},
     .doc = "As to_number, with NULL in place of an error.",
     .examples = {"try_to_number('abc', '999') = NULL"},
     .since = "3.3.0",
     .group = "string_funcs"},
    {.name = "to_char",
     .aliases = {{"to_varchar"}},
     .forms = {"(any, string) -> string"},
     .bind = bind_to_char,
     .lower = Own{kernel_with<to_char, PatternState>},
     .errors = {"INVALID_PARAMETER_VALUE.BINARY_FORMAT"},
     .doc = "Writes a number, date or binary value by a format.",
     .examples = {"to_char(454, '999') = '454'", "to_char(78.12, '$99.99') = '$78.12'"},
     .since = "3.4.0",
     .group = "string_funcs"},
    {.name = "format_number",
     .forms = {"(numeric, int) -> string", "(numeric, string) -> string"},
     .nullability = Nullability::always,
     .lower = Own{{&run_format_number, &detail::make_state<LayoutState>}},
     .doc = "Writes a number with separators and some digits after the point, or by a pattern such as '#,##0.00'.",
     .examples = {"format_number(12332.123456, 4) = '12,332.1235'"},
     .since = "1.5.0",
     .group = "string_funcs"},
};

}  // namespace

std::span<const FunctionDef> number_format_functions() { return rows; }

}  // namespace pyrite
