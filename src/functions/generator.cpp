// Generators: functions that give several rows for one.
#include "base/error.h"
#include "functions/families.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using Arguments = std::span<const ColumnView>;

bool null_row(const ColumnView& column, size_t row) { return column.type.is(TypeKind::null) || column.is_null(row); }

/// explode and posexplode: one row an element or entry.
template <bool with_position>
void run_explode(const KernelContext&, Arguments arguments, size_t row, std::vector<ValueList>& out) {
  const ColumnView& container = arguments[0];
  if (null_row(container, row)) {
    return;
  }
  const ListSlot slot = container.list(row);
  for (uint64_t i = 0; i < slot.length; ++i) {
    ValueList values;
    if (with_position) {
      values.emplace_back(static_cast<int32_t>(i));
    }
    for (const ColumnView& child : container.children) {
      values.push_back(null_row(child, slot.offset + i) ? Value() : read_value(child, slot.offset + i));
    }
    out.push_back(std::move(values));
  }
}

template <bool with_position>
std::vector<StructField> explode_columns(const CallInfo& call) {
  std::vector<StructField> fields;
  if (with_position) {
    fields.push_back({"pos", Type::integer(), false, {}});
  }
  const Type& type = call.argument_types[0];
  if (type.is(TypeKind::map)) {
    fields.push_back({"key", type.key(), false, {}});
    fields.push_back({"value", type.value(), type.contains_null(), {}});
  } else {
    fields.push_back({"col", type.element(), type.contains_null(), {}});
  }
  return fields;
}

void run_inline(const KernelContext&, Arguments arguments, size_t row, std::vector<ValueList>& out) {
  if (null_row(arguments[0], row)) {
    return;
  }
  const ListSlot slot = arguments[0].list(row);
  const ColumnView& element = arguments[0].children[0];
  for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
    ValueList values;
    const bool null = element.is_null(i);
    const size_t at = element.position(i);
    for (const ColumnView& child : element.children) {
      values.push_back(null || null_row(child, at) ? Value() : read_value(child, at));
    }
    out.push_back(std::move(values));
  }
}

std::vector<StructField> inline_columns(const CallInfo& call) {
  std::vector<StructField> fields = call.argument_types[0].element().fields();
  for (StructField& field : fields) {
    field.nullable = field.nullable || call.argument_types[0].contains_null();
  }
  return fields;
}

void check_inline(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  if (!type.is(TypeKind::array) || !type.element().is(TypeKind::structure)) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"paramIndex", "first"},
                                                                 {"requiredType", "\"ARRAY<STRUCT>\""},
                                                                 {"inputType", "\"" + sql_string(type) + "\""}});
  }
}

int64_t stack_rows(const CallInfo& call) { return call.constants[0]->integer(); }

size_t stack_width(const CallInfo& call) {
  const auto count = static_cast<int64_t>(call.argument_types.size()) - 1;
  return static_cast<size_t>((count + stack_rows(call) - 1) / stack_rows(call));
}

void run_stack(const KernelContext& context, Arguments arguments, size_t row, std::vector<ValueList>& out) {
  const size_t width = stack_width(context.call);
  for (size_t i = 0; i < static_cast<size_t>(stack_rows(context.call)); ++i) {
    ValueList values(width);
    for (size_t j = 0; j < width; ++j) {
      const size_t argument = 1 + i * width + j;
      if (argument < arguments.size() && !null_row(arguments[argument], row)) {
        values[j] = read_value(arguments[argument], row);
      }
    }
    out.push_back(std::move(values));
  }
}

std::vector<StructField> stack_columns(const CallInfo& call) {
  const size_t width = stack_width(call);
  std::vector<StructField> fields;
  for (size_t j = 0; j < width; ++j) {
    Type type;
    for (size_t argument = 1 + j; argument < call.argument_types.size(); argument += width) {
      if (type.is(TypeKind::null)) {
        type = call.argument_types[argument];
      }
    }
    fields.push_back({"col" + std::to_string(j), type, true, {}});
  }
  return fields;
}

void check_stack(const CallInfo& call) {
  if (!call.constants[0] || call.constants[0]->is_null()) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`n`"}, {"inputType", "\"" + sql_string(call.argument_types[0]) + "\""}});
  }
  if (stack_rows(call) < 1) {
    throw SparkError(
        "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
        {{"exprName", "`n`"}, {"valueRange", "(0, 2147483647]"}, {"currentValue", std::to_string(stack_rows(call))}});
  }
  const size_t width = stack_width(call);
  for (size_t argument = 1; argument + width < call.argument_types.size(); ++argument) {
    const Type& above = call.argument_types[argument];
    const Type& below = call.argument_types[argument + width];
    if (!above.is(TypeKind::null) && !below.is(TypeKind::null) && !same_type(above, below)) {
      throw SparkError("DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES",
                       {{"columnIndex", std::to_string((argument - 1) % width)},
                        {"leftParamIndex", std::to_string(argument)},
                        {"leftType", "\"" + sql_string(above) + "\""},
                        {"rightParamIndex", std::to_string(argument + width)},
                        {"rightType", "\"" + sql_string(below) + "\""}});
    }
  }
}

/// The type of a generator call: a structure of its columns.
template <auto columns>
Type row_type(const CallInfo& call) {
  return Type::structure(columns(call));
}

constexpr lowering::Generator explode{{run_explode<false>, explode_columns<false>}};
constexpr lowering::Generator posexplode{{run_explode<true>, explode_columns<true>}};
constexpr lowering::Generator inlined{{run_inline, inline_columns}};

constexpr FunctionDef rows[] = {
    {.name = "explode",
     .kind = FunctionKind::generator,
     .forms = {"(array<any>|map<any, any>) -> rule"},
     .parameters = {"collection"},
     .result = row_type<explode_columns<false>>,
     .lower = explode,
     .doc = "One row for each element of an array or entry of a map."},
    {.name = "explode_outer",
     .kind = FunctionKind::generator,
     .forms = {"(array<any>|map<any, any>) -> rule"},
     .parameters = {"collection"},
     .result = row_type<explode_columns<false>>,
     .lower = explode,
     .doc = "As explode, but a row of NULL where there is no element."},
    {.name = "posexplode",
     .kind = FunctionKind::generator,
     .forms = {"(array<any>|map<any, any>) -> rule"},
     .parameters = {"collection"},
     .result = row_type<explode_columns<true>>,
     .lower = posexplode,
     .doc = "One row for each element of an array or entry of a map, with its position from 0."},
    {.name = "posexplode_outer",
     .kind = FunctionKind::generator,
     .forms = {"(array<any>|map<any, any>) -> rule"},
     .parameters = {"collection"},
     .result = row_type<explode_columns<true>>,
     .lower = posexplode,
     .doc = "As posexplode, but a row of NULL where there is no element."},
    {.name = "inline",
     .kind = FunctionKind::generator,
     .forms = {"(array<any>) -> rule"},
     .result = row_type<inline_columns>,
     .check = check_inline,
     .lower = inlined,
     .doc = "One row for each structure of an array, one column for each of its fields."},
    {.name = "inline_outer",
     .kind = FunctionKind::generator,
     .forms = {"(array<any>) -> rule"},
     .result = row_type<inline_columns>,
     .check = check_inline,
     .lower = inlined,
     .doc = "As inline, but a row of NULL where the array is empty."},
    {.name = "stack",
     .kind = FunctionKind::generator,
     .forms = {"(int, any, any...) -> rule"},
     .result = row_type<stack_columns>,
     .check = check_stack,
     .lower = lowering::Generator{{run_stack, stack_columns}},
     .doc = "Lays the arguments out in n rows."},
};

}  // namespace

std::span<const FunctionDef> generator_functions() { return rows; }

}  // namespace pyrite
