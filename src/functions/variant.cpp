// Variant functions.
#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/variant_binary.h"
#include "functions/variant_cast.h"

namespace pyrite {
namespace {

using lowering::Own;
using Arguments = std::span<const ColumnView>;

void run_parse(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const bool tries = context.call.function->name == "try_parse_json";
  JsonDocument document;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const std::string_view text = arguments[0].text(row);
    bool good = document.parse(text, {.single_quotes = false});
    good = good && text.find_first_not_of(" \t\r\n", document.position()) == std::string_view::npos;
    if (!good && !tries) {
      throw SparkError("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                       {{"badRecord", std::string(text)}, {"failFastMode", "FAILFAST"}});
    }
    if (!good) {
      out.set_null(row);
      continue;
    }
    try {
      VariantBuilder builder;
      builder.add(document, document.root());
      write_value(out, row, builder.finish());
    } catch (const SparkError&) {
      if (!tries) {
        throw;
      }
      out.set_null(row);
    }
  }
}

void run_is_null(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    out.set(row, !arguments[0].is_null(row) && VariantView::of(arguments[0], row).kind() == VariantKind::null);
  }
}

// ---- variant_get

struct Step {
  std::string key;
  int64_t index = -1;  ///< of a list; negative: a member
};

/// $.a['b']["c"][0]; nullopt: malformed.
std::optional<std::vector<Step>> parse_path(std::string_view text) {
  if (!text.starts_with('$')) {
    return std::nullopt;
  }
  std::vector<Step> steps;
  for (size_t i = 1; i < text.size();) {
    if (text[i] == '.') {
      const size_t end = std::min(text.find_first_of(".[", i + 1), text.size());
      if (end == i + 1) {
        return std::nullopt;
      }
      steps.push_back({std::string(text.substr(i + 1, end - i - 1))});
      i = end;
    } else if (text[i] == '[' && i + 1 < text.size() && (text[i + 1] == '\'' || text[i + 1] == '"')) {
      const size_t end = text.find(text[i + 1], i + 2);
      if (end == std::string_view::npos || end + 1 >= text.size() || text[end + 1] != ']') {
        return std::nullopt;
      }
      steps.push_back({std::string(text.substr(i + 2, end - i - 2))});
      i = end + 2;
    } else if (text[i] == '[') {
      int64_t index = 0;
      const auto result = std::from_chars(text.data() + i + 1, text.data() + text.size(), index);
      if (result.ec != std::errc() || index < 0 || result.ptr == text.data() + text.size() || *result.ptr != ']') {
        return std::nullopt;
      }
      steps.push_back({{}, index});
      i = static_cast<size_t>(result.ptr - text.data()) + 1;
    } else {
      return std::nullopt;
    }
  }
  return steps;
}

std::optional<VariantView> follow(VariantView variant, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (step.index >= 0) {
      if (variant.kind() != VariantKind::array || static_cast<size_t>(step.index) >= variant.size()) {
        return std::nullopt;
      }
      variant = variant.element(static_cast<size_t>(step.index));
    } else {
      const auto member = variant.kind() == VariantKind::object ? variant.find(step.key) : std::nullopt;
      if (!member) {
        return std::nullopt;
      }
      variant = *member;
    }
  }
  return variant;
}

void run_get(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const bool tries = context.call.function->name == "try_variant_get";
  const TimeZonePtr zone = get_time_zone(context.call.time_zone);
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const auto steps = parse_path(arguments[1].text(row));
    if (!steps) {
      throw SparkError("INVALID_VARIANT_GET_PATH",
                       {{"path", std::string(arguments[1].text(row))},
                        {"functionName", "`" + std::string(context.call.function->name) + "`"}});
    }
    const auto found = follow(VariantView::of(arguments[0], row), *steps);
    if (!found) {
      out.set_null(row);
      continue;
    }
    const auto value = variant_value(*found, out.type(), *zone);
    if (!value && !tries) {
      throw_variant_cast(*found, out.type(), *zone);
    }
    write_value(out, row, value.value_or(Value()));
  }
}

Type get_type(const CallInfo& call) {
  return call.constants.size() > 2 && call.constants[2] ? as_nullable(parse_type_json(call.constants[2]->text()))
                                                        : Type::variant();
}

std::string show_get(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ", " + arguments[1] + ")";
}

// ---- schemas

Type schema_of(const VariantView& variant, int depth = 0);

Type merge_schemas(const Type& left, const Type& right) {
  if (left.is(TypeKind::null) || same_type(left, right)) {
    return right;
  }
  if (right.is(TypeKind::null)) {
    return left;
  }
  if (left.is(TypeKind::array) && right.is(TypeKind::array)) {
    return Type::array(merge_schemas(left.element(), right.element()));
  }
  if (left.is(TypeKind::structure) && right.is(TypeKind::structure)) {
    std::vector<StructField> fields = left.fields();
    for (const StructField& field : right.fields()) {
      const auto place = std::lower_bound(fields.begin(), fields.end(), field,
                                          [](const StructField& a, const StructField& b) { return a.name < b.name; });
      if (place != fields.end() && place->name == field.name) {
        place->type = merge_schemas(place->type, field.type);
      } else {
        fields.insert(place, field);
      }
    }
    return Type::structure(std::move(fields));
  }
  if (left.is_numeric() && right.is_numeric()) {
    if (left.is_floating() || right.is_floating()) {
      return Type::float64();
    }
    const Type a = left.is(TypeKind::decimal) ? left : Type::decimal(20, 0);
    const Type b = right.is(TypeKind::decimal) ? right : Type::decimal(20, 0);
    const int scale = std::max(a.scale(), b.scale());
    const int whole = std::max(a.precision() - a.scale(), b.precision() - b.scale());
    return whole + scale > 38 ? Type::float64() : Type::decimal(whole + scale, scale);
  }
  return Type::variant();
}

Type schema_of(const VariantView& variant, int depth) {
  if (depth > 1000) {
    throw SparkError("MALFORMED_VARIANT");
  }
  switch (variant.kind()) {
    case VariantKind::array: {
      Type element;
      for (size_t i = 0, count = variant.size(); i < count; ++i) {
        element = merge_schemas(element, schema_of(variant.element(i), depth + 1));
      }
      return Type::array(element);
    }
    case VariantKind::object: {
      std::vector<StructField> fields;
      for (size_t i = 0, count = variant.size(); i < count; ++i) {
        std::string_view key;
        const Type type = schema_of(variant.member(i, key), depth + 1);
        fields.push_back({std::string(key), type, true, {}});
      }
      return Type::structure(std::move(fields));
    }
    default:
      return variant.scalar_type();
  }
}

/// The type's SQL text with OBJECT for structures.
std::string schema_text(const Type& type) {
  switch (type.kind()) {
    case TypeKind::array:
      return "ARRAY<" + schema_text(type.element()) + ">";
    case TypeKind::structure: {
      std::string text = "OBJECT<";
      for (const StructField& field : type.fields()) {
        const bool plain = !field.name.empty() &&
                           field.name.find_first_not_of(
                               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
        text += (text.back() == '<' ? "" : ", ") + (plain ? field.name : "`" + field.name + "`") + ": " +
                schema_text(field.type);
      }
      return text + ">";
    }
    default:
      return sql_string(type);
  }
}

void run_schema(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
    } else {
      out.set_text(row, schema_text(schema_of(VariantView::of(arguments[0], row))));
    }
  }
}

struct SchemaState : AggregateState {
  explicit SchemaState(const CallInfo&) {}
  Type type;
  void update(const KernelContext&, Arguments arguments, size_t row) override {
    if (!arguments[0].is_null(row)) {
      type = merge_schemas(type, schema_of(VariantView::of(arguments[0], row)));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    type = merge_schemas(type, static_cast<const SchemaState&>(other).type);
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    out.set_text(row, schema_text(type));
  }
};

// ---- variant_explode

void run_explode(const KernelContext&, Arguments arguments, size_t row, std::vector<ValueList>& out) {
  if (arguments[0].is_null(row)) {
    return;
  }
  const VariantView variant = VariantView::of(arguments[0], row);
  const bool object = variant.kind() == VariantKind::object;
  if (!object && variant.kind() != VariantKind::array) {
    return;
  }
  for (size_t i = 0, count = variant.size(); i < count; ++i) {
    std::string_view key;
    VariantBuilder builder;
    (object ? variant.member(i, key) : variant.element(i)).copy_to(builder);
    out.push_back({Value(static_cast<int32_t>(i)), object ? Value(std::string(key)) : Value(), builder.finish()});
  }
}

std::vector<StructField> explode_columns(const CallInfo&) {
  return {
      {"pos", Type::integer(), false, {}}, {"key", Type::string(), true, {}}, {"value", Type::variant(), false, {}}};
}

Type explode_type(const CallInfo& call) { return Type::structure(explode_columns(call)); }

void check_object(const CallInfo& call) {
  if (!call.argument_types[0].is_nested()) {
    throw SparkError("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
                     {{"srcType", "\"" + sql_string(call.argument_types[0]) + "\""}, {"targetType", "\"VARIANT\""}});
  }
}

constexpr FunctionDef rows[] = {
    {.name = "parse_json",
     .forms = {"(string) -> variant"},
     .failure = Failure::possible,
     .lower = Own{{run_parse}},
     .errors = {"MALFORMED_RECORD_IN_PARSING", "VARIANT_DUPLICATE_KEY"},
     .doc = "A JSON text as a variant."},
    {.name = "try_parse_json",
     .forms = {"(string) -> variant"},
     .nullability = Nullability::always,
     .lower = Own{{run_parse}},
     .doc = "A JSON text as a variant, NULL where it is malformed."},
    {.name = "is_variant_null",
     .forms = {"(variant) -> boolean"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = Own{{run_is_null}},
     .doc = "Whether a variant holds JSON's null, which is not SQL's NULL."},
    {.name = "variant_get",
     .forms = {"(variant, string) -> rule", "(variant, string, string) -> rule"},
     .result = get_type,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_get,
     .lower = Own{{run_get}},
     .errors = {"INVALID_VARIANT_CAST", "INVALID_VARIANT_GET_PATH"},
     .schema_argument = 2,
     .doc = "The part of a variant that a path leads to, in the given type."},
    {.name = "try_variant_get",
     .forms = {"(variant, string) -> rule", "(variant, string, string) -> rule"},
     .result = get_type,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_get,
     .lower = Own{{run_get}},
     .errors = {"INVALID_VARIANT_GET_PATH"},
     .schema_argument = 2,
     .doc = "As variant_get, but NULL where the part does not fit the type."},
    {.name = "schema_of_variant",
     .forms = {"(variant) -> string"},
     .lower = Own{{run_schema}},
     .doc = "The schema of a variant as text."},
    {.name = "schema_of_variant_agg",
     .kind = FunctionKind::aggregate,
     .forms = {"(variant) -> string"},
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<SchemaState>},
     .doc = "The schema that fits every variant of a group."},
    {.name = "to_variant_object",
     .forms = {"(any) -> variant"},
     .check = check_object,
     .lower = Own{{run_to_variant}},
     .doc = "A structure, array or map as a variant of objects and lists."},
    {.name = "variant_explode",
     .kind = FunctionKind::generator,
     .forms = {"(variant) -> rule"},
     .result = explode_type,
     .lower = lowering::Generator{{run_explode, explode_columns}},
     .doc = "One row for each element or member of a variant."},
    {.name = "variant_explode_outer",
     .kind = FunctionKind::generator,
     .forms = {"(variant) -> rule"},
     .result = explode_type,
     .lower = lowering::Generator{{run_explode, explode_columns}},
     .doc = "As variant_explode, but a row of NULL where there is none."},
    {.name = "is_valid_variant", .doc = "Whether the bytes of a variant are well formed."},
};

}  // namespace

std::span<const FunctionDef> variant_functions() { return rows; }

}  // namespace pyrite
