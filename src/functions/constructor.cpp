// Makers of arrays, structs and maps, and access to their items.
#include "base/error.h"
#include "functions/families.h"
#include "functions/form.h"
#include "functions/operator_rules.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using resolved::EvalMode;
using resolved::ExpressionPtr;
using Arguments = std::vector<ExpressionPtr>;
using Columns = std::span<const ColumnView>;

bool any_nullable(const Arguments& arguments) {
  for (const ExpressionPtr& argument : arguments) {
    if (argument->nullable) {
      return true;
    }
  }
  return false;
}

ExpressionPtr bind_array(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  auto met = meet_in_wider_type(arguments, options);
  if (!met) {
    throw_different_types(function, arguments, options, "array", types_of(arguments), true);
  }
  Type element = met->empty() ? Type::null() : met->front()->type;
  const bool nullable = any_nullable(*met);
  return make_call(function, std::move(*met), options, Type::array(std::move(element), nullable));
}

ExpressionPtr bind_named_struct(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  if (arguments.size() % 2 != 0) {
    throw_wrong_count(function, options, "2n (n > 0)", arguments.size());
  }
  std::vector<StructField> fields;
  std::string bad;
  for (size_t i = 0; i < arguments.size(); i += 2) {
    const auto name = arguments[i]->type.is_string() ? constant_value(arguments[i]) : std::nullopt;
    if (!name) {
      bad += (bad.empty() ? "" : ", ") + quoted_sql(arguments[i]);
      continue;
    }
    if (name->is_null()) {
      throw_mismatch("UNEXPECTED_NULL", function, arguments, options, {{"exprName", quoted_sql(arguments[i])}});
    }
    const ExpressionPtr& value = arguments[i + 1];
    StructField field{name->text(), value->type, value->nullable, {}};
    arguments[i] = resolved::string_literal(field.name);
    fields.push_back(std::move(field));
  }
  if (!bad.empty()) {
    throw_mismatch("CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING", function, arguments, options,
                   {{"inputExprs", "[" + bad + "]"}});
  }
  return make_call(function, std::move(arguments), options, Type::structure(std::move(fields)));
}

bool holds_map(const Type& type) {
  switch (type.kind()) {
    case TypeKind::map:
      return true;
    case TypeKind::array:
      return holds_map(type.element());
    case TypeKind::structure:
      for (const StructField& field : type.fields()) {
        if (holds_map(field.type)) {
          return true;
        }
      }
      return false;
    default:
      return type.is(TypeKind::variant);
  }
}

ExpressionPtr bind_map(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  if (arguments.size() % 2 != 0) {
    throw_wrong_count(function, options, "2n (n > 0)", arguments.size());
  }
  Arguments keys, values;
  for (size_t i = 0; i < arguments.size(); ++i) {
    (i % 2 == 0 ? keys : values).push_back(arguments[i]);
  }
  const auto listed = [](const Arguments& list) {
    std::string out;
    for (const ExpressionPtr& each : list) {
      out += (out.empty() ? "" : ", ") + quoted_type(each->type);
    }
    return "[" + out + "]";
  };
  auto met_keys = meet_in_wider_type(keys, options), met_values = meet_in_wider_type(values, options);
  if (!met_keys) {
    throw_mismatch("CREATE_MAP_KEY_DIFF_TYPES", function, arguments, options,
                   {{"functionName", "`map`"}, {"dataType", listed(keys)}});
  }
  if (!met_values) {
    throw_mismatch("CREATE_MAP_VALUE_DIFF_TYPES", function, arguments, options,
                   {{"functionName", "`map`"}, {"dataType", listed(values)}});
  }
  const Type key = keys.empty() ? Type::null() : met_keys->front()->type;
  const Type value = values.empty() ? Type::null() : met_values->front()->type;
  if (holds_map(key)) {
    throw_mismatch("INVALID_MAP_KEY_TYPE", function, arguments, options, {{"keyType", quoted_type(key)}});
  }
  const bool nullable = any_nullable(*met_values);
  Arguments pairs;
  for (size_t i = 0; i < met_keys->size(); ++i) {
    pairs.push_back((*met_keys)[i]);
    pairs.push_back((*met_values)[i]);
  }
  return make_call(function, std::move(pairs), options, Type::map(key, value, nullable));
}

/// A key twice in one row of map(…) is an error.
void run_map(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    for (size_t i = 0; i < arguments.size(); i += 2) {
      if (arguments[i].is_null(row)) {
        throw SparkError(ErrorKind::runtime, "NULL_MAP_KEY");
      }
      for (size_t before = 0; before < i; before += 2) {
        if (same_rows(arguments[before], row, arguments[i], row)) {
          const Value key = read_value(arguments[i], row);
          const Value text = cast_value(key, arguments[i].type, Type::string(), EvalMode::ansi);
          throw SparkError(ErrorKind::runtime, "DUPLICATED_MAP_KEY",
                           {{"key", text.text()}, {"mapKeyDedupPolicy", "\"spark.sql.mapKeyDedupPolicy\""}});
        }
      }
    }
    const size_t start = out.start_list(row, arguments.size() / 2);
    for (size_t i = 0; i < arguments.size(); ++i) {
      out.child(i % 2).copy(start + i / 2, arguments[i], row);
    }
  }
}

/// a[i] counts from 0 and raises beyond the ends in ANSI mode; m[k] is NULL where there is no such key.
ExpressionPtr bind_get_item(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  const Type type = arguments[0]->type;
  const EvalMode mode = implicit_cast_mode(options);
  if (type.is(TypeKind::array)) {
    if (!arguments[1]->type.is_integral() && !arguments[1]->type.is(TypeKind::null)) {
      if (!can_implicitly_cast(arguments[1]->type, Type::integer(), mode == EvalMode::ansi) ||
          !arguments[1]->type.is_string()) {
        throw_unexpected_type(function, arguments, options, 1, "\"INTEGRAL\"");
      }
      throw_unexpected_type(function, arguments, options, 1, "\"INTEGRAL\"");
    }
    const bool nullable =
        arguments[0]->nullable || arguments[1]->nullable || type.contains_null() || mode == EvalMode::legacy;
    const bool whole = arguments[1]->type.is(TypeKind::long_int);
    arguments[1] = cast_to(arguments[1], whole ? Type::long_int() : Type::integer(), mode);
    ExpressionPtr made = make_call(function, std::move(arguments), options, type.element());
    return resolved::make_expression(std::get<resolved::Call>(made->node), type.element(), nullable, options.origin);
  }
  if (type.is(TypeKind::map)) {
    const auto key = wider_type(type.key(), arguments[1]->type, mode == EvalMode::ansi);
    if (!key || !same_type(*key, type.key())) {
      if (!can_implicitly_cast(arguments[1]->type, type.key(), mode == EvalMode::ansi)) {
        throw_unexpected_type(function, arguments, options, 1, quoted_type(type.key()));
      }
    }
    arguments[1] = cast_to(arguments[1], type.key(), mode);
    ExpressionPtr made = make_call(function, std::move(arguments), options, type.value());
    return resolved::make_expression(std::get<resolved::Call>(made->node), type.value(), true, options.origin);
  }
  throw SparkError("INVALID_EXTRACT_BASE_FIELD_TYPE",
                   {{"base", quoted_sql(arguments[0])}, {"other", quoted_type(type)}});
}

void get_element(const KernelContext& context, Columns arguments, size_t row, ColumnWriter& out) {
  const ColumnView& index = arguments[1];
  const ListSlot slot = arguments[0].list(row);
  const int64_t at = index.type.is(TypeKind::long_int) ? index.get<int64_t>(row) : index.get<int32_t>(row);
  if (at >= 0 && static_cast<uint64_t>(at) < slot.length) {
    out.copy(row, arguments[0].children[0], slot.offset + static_cast<uint64_t>(at));
    return;
  }
  if (context.ansi()) {
    throw SparkError("INVALID_ARRAY_INDEX",
                     {{"indexValue", std::to_string(at)}, {"arraySize", std::to_string(slot.length)}});
  }
  out.set_null(row);
}

void get_value(Columns arguments, size_t row, ColumnWriter& out) {
  const ListSlot slot = arguments[0].list(row);
  for (uint64_t i = 0; i < slot.length; ++i) {
    if (compare_rows(arguments[0].children[0], slot.offset + i, arguments[1], row) == 0) {
      out.copy(row, arguments[0].children[1], slot.offset + i);
      return;
    }
  }
  out.set_null(row);
}

void run_get_item(const KernelContext& context, Columns arguments, size_t rows, ColumnWriter& out) {
  const bool array = arguments[0].type.is(TypeKind::array);
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
    } else if (array) {
      get_element(context, arguments, row, out);
    } else {
      get_value(arguments, row, out);
    }
  }
}

std::string show_get_item(std::string_view, const std::vector<std::string>& arguments) {
  return arguments[0] + "[" + arguments[1] + "]";
}

const FunctionDef rows[] = {
    {.name = "array",
     .bind = bind_array,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::Special{SpecialForm::make_array},
     .doc = "An array of the given values.",
     .examples = {"array(1, 2, 3) = [1,2,3]"},
     .since = "1.1.0",
     .group = "array_funcs"},
    {.name = "named_struct",
     .bind = bind_named_struct,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::Special{SpecialForm::make_struct},
     .doc = "A struct of the given names and values.",
     .examples = {"named_struct('a', 1, 'b', 2) = {\"a\":1,\"b\":2}"},
     .since = "1.5.0",
     .group = "struct_funcs"},
    {.name = "struct",
     .bind = bind_named_struct,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::Special{SpecialForm::make_struct},
     .doc = "A struct of the given values, named after themselves.",
     .since = "1.4.0",
     .group = "struct_funcs"},
    {.name = "map",
     .bind = bind_map,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .failure = Failure::possible,
     .lower = lowering::Own{Kernel{&run_map, nullptr}},
     .errors = {"DUPLICATED_MAP_KEY", "NULL_MAP_KEY"},
     .doc = "A map of the given keys and values.",
     .examples = {"map(1.0, '2', 3.0, '4') = {1.0:\"2\",3.0:\"4\"}"},
     .since = "2.0.0",
     .group = "map_funcs"},
    {.name = "getitem",
     .bind = bind_get_item,
     .failure = Failure::possible,
     .display = show_get_item,
     .lower = lowering::Own{Kernel{&run_get_item, nullptr}},
     .errors = {"INVALID_ARRAY_INDEX"},
     .doc = "The element of an array at a position, or the value of a map's key."},
};

}  // namespace

std::span<const FunctionDef> constructor_functions() { return rows; }

}  // namespace pyrite
