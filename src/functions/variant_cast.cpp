// Casts of variant types.
#include "functions/variant_cast.h"

#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/bind_rule.h"
#include "functions/variant_binary.h"

namespace pyrite {
namespace {

using resolved::EvalMode;

constexpr int depth_limit = 1000;

}  // namespace

std::optional<Value> variant_value(const VariantView& variant, const Type& type, const TimeZone& zone, int depth) {
  if (depth > depth_limit) {
    throw SparkError("MALFORMED_VARIANT");
  }
  const VariantKind kind = variant.kind();
  if (type.is(TypeKind::variant)) {
    VariantBuilder builder;
    variant.copy_to(builder);
    return builder.finish();
  }
  if (kind == VariantKind::null) {
    return Value();
  }
  const bool nested = kind == VariantKind::array || kind == VariantKind::object;
  if (type.is_string() && nested) {
    std::string text;
    variant.append_json(text, zone);
    return Value(std::move(text));
  }
  switch (type.kind()) {
    case TypeKind::array: {
      if (kind != VariantKind::array) {
        return std::nullopt;
      }
      ValueList values;
      for (size_t i = 0, count = variant.size(); i < count; ++i) {
        auto value = variant_value(variant.element(i), type.element(), zone, depth + 1);
        if (!value) {
          return std::nullopt;
        }
        values.push_back(std::move(*value));
      }
      return Value(std::move(values));
    }
    case TypeKind::map: {
      if (kind != VariantKind::object || !type.key().is_string()) {
        return std::nullopt;
      }
      ValuePairs pairs;
      for (size_t i = 0, count = variant.size(); i < count; ++i) {
        std::string_view key;
        auto value = variant_value(variant.member(i, key), type.value(), zone, depth + 1);
        if (!value) {
          return std::nullopt;
        }
        pairs.emplace_back(Value(std::string(key)), std::move(*value));
      }
      return Value(std::move(pairs));
    }
    case TypeKind::structure: {
      if (kind != VariantKind::object) {
        return std::nullopt;
      }
      ValueList values;
      for (const StructField& field : type.fields()) {
        const auto member = variant.find(field.name);
        auto value = member ? variant_value(*member, field.type, zone, depth + 1) : std::optional<Value>(Value());
        if (!value) {
          return std::nullopt;
        }
        values.push_back(std::move(*value));
      }
      return Value(std::move(values));
    }
    default:
      break;
  }
  const Type from = variant.scalar_type();
  if (nested || !can_cast(from, type, EvalMode::try_null)) {
    return std::nullopt;
  }
  Value value = cast_value(variant.scalar_value(), from, type, EvalMode::try_null);
  return value.is_null() ? std::nullopt : std::optional(std::move(value));
}

void throw_variant_cast(const VariantView& variant, const Type& type, const TimeZone& zone) {
  std::string text;
  variant.append_json(text, zone);
  throw SparkError("INVALID_VARIANT_CAST", {{"value", std::move(text)}, {"dataType", "\"" + sql_string(type) + "\""}});
}

namespace {

void run_from_variant(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                      ColumnWriter& out) {
  const TimeZonePtr zone = get_time_zone(context.call.time_zone);
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const VariantView variant = VariantView::of(arguments[0], row);
    const auto value = variant_value(variant, out.type(), *zone);
    if (!value && !context.try_null()) {
      throw_variant_cast(variant, out.type(), *zone);
    }
    write_value(out, row, value.value_or(Value()));
  }
}

}  // namespace

void run_to_variant(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    VariantBuilder builder;
    builder.add(arguments[0], row);
    write_value(out, row, builder.finish());
  }
}

Kernel variant_cast_kernel(const Type& from, const Type& to, resolved::EvalMode) {
  if (from.is(TypeKind::variant)) {
    return {run_from_variant};
  }
  return to.is(TypeKind::variant) ? Kernel{run_to_variant} : Kernel{};
}

}  // namespace pyrite
