// JSON functions: get_json_object, json_tuple, json_array_length, json_object_keys, from_json, to_json, schema_of_json.
#include "base/error.h"
#include "functions/call_options.h"
#include "functions/families.h"
#include "functions/json_format.h"
#include "functions/json_path.h"
#include "functions/json_text.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;
using Arguments = std::span<const ColumnView>;

/// What the functions without options let through.
constexpr JsonSyntax lenient = {.single_quotes = true, .control_characters = true};

struct PathState {
  explicit PathState(const CallInfo& call) {
    if (call.constants[1] && !call.constants[1]->is_null()) {
      path = JsonPath::parse(call.constants[1]->text());
      constant = true;
    }
  }
  bool constant = false;
  std::optional<JsonPath> path;
  JsonDocument document;
};

std::optional<std::string> get_json_object(const KernelContext& context, std::string_view text,
                                           std::string_view path_text) {
  auto& state = context.as<PathState>();
  if (!state.constant) {
    state.path = JsonPath::parse(path_text);
  }
  if (!state.path || !state.document.parse(text, lenient)) {
    return std::nullopt;
  }
  std::string out;
  return state.path->evaluate(state.document, out) ? std::optional(std::move(out)) : std::nullopt;
}

void run_tuple(const KernelContext&, Arguments arguments, size_t row, std::vector<ValueList>& out) {
  ValueList values(arguments.size() - 1);
  JsonDocument document;
  if (!arguments[0].is_null(row) && document.parse(arguments[0].text(row), lenient) &&
      document.root().kind == JsonKind::object) {
    document.each(document.root(), [&](const JsonNode& member) {
      for (size_t i = 1; i < arguments.size(); ++i) {
        if (arguments[i].is_null(row) || arguments[i].text(row) != member.key || member.kind == JsonKind::null) {
          continue;
        }
        std::string text;
        member.kind == JsonKind::string ? void(text = member.text) : append_json(text, document, member);
        values[i - 1] = Value(std::move(text));
      }
    });
  }
  out.push_back(std::move(values));
}

std::vector<StructField> tuple_columns(const CallInfo& call) {
  std::vector<StructField> fields;
  for (size_t i = 1; i < call.argument_types.size(); ++i) {
    fields.push_back({"c" + std::to_string(i - 1), Type::string(), true, {}});
  }
  return fields;
}

Type tuple_type(const CallInfo& call) { return Type::structure(tuple_columns(call)); }

std::optional<int32_t> json_array_length(std::string_view text) {
  JsonDocument document;
  if (!document.parse(text, lenient) || document.root().kind != JsonKind::array) {
    return std::nullopt;
  }
  return static_cast<int32_t>(document.root().count);
}

void run_keys(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  JsonDocument document;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || !document.parse(arguments[0].text(row), lenient) ||
        document.root().kind != JsonKind::object) {
      out.set_null(row);
      continue;
    }
    size_t at = out.start_list(row, document.root().count);
    document.each(document.root(), [&](const JsonNode& member) { out.child(0).set_text(at++, member.key); });
  }
}

// ---- from_json

struct FromJson {
  explicit FromJson(const CallInfo& call)
      : format(JsonFormat::read(call_options(call, 2), call_session(call))), converter(format, call.result_type) {
    if (call.result_type.is(TypeKind::structure)) {
      const auto& fields = call.result_type.fields();
      for (size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == format.corrupt_column && fields[i].type.is_string()) {
          corrupt = static_cast<int>(i);
        }
      }
    }
  }
  JsonFormat format;
  JsonConverter converter;
  JsonDocument document;
  int corrupt = -1;
};

[[noreturn]] void throw_malformed(const Type& type) {
  std::string record = "[";
  const size_t fields = type.is(TypeKind::structure) ? type.fields().size() : 1;
  for (size_t i = 0; i < fields; ++i) {
    record += i ? ",null" : "null";
  }
  throw SparkError("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                   {{"badRecord", record + "]"}, {"failFastMode", "FAILFAST"}});
}

/// A record with a structure as schema: fields that do not fit are NULL, the text goes to the corrupt record's column.
void write_record(FromJson& state, const Type& type, bool parsed, std::string_view text, ColumnWriter& out,
                  size_t row) {
  const auto& fields = type.fields();
  std::vector<ColumnWriter*> columns;
  for (size_t i = 0; i < fields.size(); ++i) {
    columns.push_back(static_cast<int>(i) == state.corrupt ? nullptr : &out.child(i));
  }
  const bool object = parsed && state.document.root().kind == JsonKind::object;
  bool good = false;
  if (object) {
    good =
        state.converter.write_fields(state.document, state.document.root(), fields, columns, row) == JsonOutcome::good;
  } else {
    good = parsed && state.document.root().kind == JsonKind::null;
    for (ColumnWriter* column : columns) {
      if (column) {
        column->set_null(row);
      }
    }
  }
  if (!good && state.format.mode == ParseMode::fail_fast) {
    throw_malformed(type);
  }
  if (state.corrupt >= 0) {
    ColumnWriter& column = out.child(static_cast<size_t>(state.corrupt));
    good ? column.set_null(row) : column.set_text(row, text);
  }
}

void run_from_json(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  auto& state = context.as<FromJson>();
  const Type& type = context.call.result_type;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const std::string_view text = arguments[0].text(row);
    const bool parsed = state.document.parse(text, state.format.syntax);
    if (!parsed && state.document.blank()) {
      out.set_null(row);
      continue;
    }
    if (type.is(TypeKind::structure)) {
      write_record(state, type, parsed, text, out, row);
      continue;
    }
    JsonOutcome outcome = JsonOutcome::failed;
    if (parsed && type.is(TypeKind::array) && type.element().is(TypeKind::structure) &&
        state.document.root().kind == JsonKind::object) {
      const size_t at = out.start_list(row, 1);
      outcome =
          JsonConverter(state.format, type.element()).write(state.document, state.document.root(), out.child(0), at);
    } else if (parsed) {
      outcome = state.converter.write(state.document, state.document.root(), out, row);
    }
    if (outcome != JsonOutcome::good && state.format.mode == ParseMode::fail_fast) {
      throw_malformed(type);
    }
    if (outcome == JsonOutcome::failed) {
      out.set_null(row);
    }
  }
}

Type from_json_type(const CallInfo& call) { return as_nullable(parse_type_json(call.constants[1]->text())); }

void check_from_json(const CallInfo& call) {
  if (!call.constants[1] || call.constants[1]->is_null()) {
    throw SparkError("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", "\"schema\""}});
  }
  const Type type = parse_type_json(call.constants[1]->text());
  const bool fits = type.is_nested() || type.is(TypeKind::variant);
  if (!fits) {
    throw SparkError("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", {{"schema", "\"" + sql_string(type) + "\""}});
  }
  const JsonFormat format = JsonFormat::read(call_options(call, 2), call_session(call));
  if (format.mode_name != "PERMISSIVE" && format.mode_name != "FAILFAST") {
    throw SparkError("PARSE_MODE_UNSUPPORTED", {{"funcName", "`from_json`"}, {"mode", format.mode_name}});
  }
}

std::string show_from_json(std::string_view name, const std::vector<std::string>& arguments) {
  // Spark calls a parsed map entries.
  if (arguments.size() > 1 && arguments[1].find("\"type\":\"map\"") == 1) {
    return "entries";
  }
  return std::string(name) + "(" + arguments[0] + ")";
}

// ---- to_json and schema_of_json

struct ToJson {
  explicit ToJson(const CallInfo& call)
      : format(JsonFormat::read(call_options(call, 1), call_session(call))), writer(format) {}
  JsonFormat format;
  JsonWriter writer;
};

void run_to_json(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const auto& state = context.as<ToJson>();
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    text.clear();
    state.writer.append(text, arguments[0], row);
    out.set_text(row, text);
  }
}

void check_to_json(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  if (!type.is_nested() && !type.is(TypeKind::variant) && !type.is(TypeKind::null)) {
    throw SparkError("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", {{"schema", "\"" + sql_string(type) + "\""}});
  }
}

std::string schema_of_json(const KernelContext& context, std::string_view text) {
  const JsonFormat format = JsonFormat::read(call_options(context.call, 1), call_session(context.call));
  JsonDocument document;
  if (!document.parse(text, format.syntax)) {
    if (document.blank()) {
      return "STRING";
    }
    throw SparkError("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                     {{"badRecord", std::string(text)}, {"failFastMode", "FAILFAST"}});
  }
  const JsonInference inference(format);
  return sql_string(inference.finish(inference.infer(document, document.root())));
}

void run_schema_of_json(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    arguments[0].is_null(row) ? out.set_null(row) : out.set_text(row, schema_of_json(context, arguments[0].text(row)));
  }
}

void check_schema_of_json(const CallInfo& call) {
  if (!call.constants[0]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`json`"}, {"inputType", "\"" + sql_string(call.argument_types[0]) + "\""}});
  }
  if (call.constants[0]->is_null()) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_NULL", {{"exprName", "json"}});
  }
}

std::string show_first(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ")";
}

constexpr FunctionDef rows[] = {
    {.name = "get_json_object",
     .forms = {"(string, string) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel_with<get_json_object, PathState>},
     .doc = "The part of a JSON text that a path like $.a[0] leads to, as text.",
     .examples = {"get_json_object('{\"a\":\"b\"}', '$.a') = 'b'"}},
    {.name = "json_tuple",
     .kind = FunctionKind::generator,
     .forms = {"(string, string, string...) -> rule"},
     .result = tuple_type,
     .lower = lowering::Generator{{run_tuple, tuple_columns}},
     .doc = "The members of a JSON object with the given names, one column each."},
    {.name = "json_array_length",
     .forms = {"(string) -> int"},
     .nullability = Nullability::always,
     .lower = Own{kernel<json_array_length>},
     .doc = "How many elements the outermost array of a JSON text has.",
     .examples = {"json_array_length('[1,2,3,4]') = 4"}},
    {.name = "json_object_keys",
     .forms = {"(string) -> array<string>"},
     .nullability = Nullability::always,
     .lower = Own{{run_keys}},
     .doc = "The names of the outermost object's members in a JSON text.",
     .examples = {"json_object_keys('{}') = []"}},
    {.name = "from_json",
     .forms = {"(string, string) -> rule", "(string, string, map<string, string>) -> rule"},
     .result = from_json_type,
     .check = check_from_json,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_from_json,
     .lower = Own{{run_from_json, detail::make_state<FromJson>}},
     .errors = {"MALFORMED_RECORD_IN_PARSING"},
     .schema_argument = 1,
     .options_argument = 2,
     .doc = "A JSON text as a value of the given schema.",
     .examples = {"from_json('{\"a\":1}', 'a INT') = {\"a\":1}"}},
    {.name = "to_json",
     .forms = {"(any) -> string", "(any, map<string, string>) -> string"},
     .check = check_to_json,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_first,
     .lower = Own{{run_to_json, detail::make_state<ToJson>}},
     .options_argument = 1,
     .doc = "A structure, array, map or variant as JSON text.",
     .examples = {"to_json(named_struct('a', 1, 'b', 2)) = '{\"a\":1,\"b\":2}'"}},
    {.name = "schema_of_json",
     .forms = {"(string) -> string", "(string, map<string, string>) -> string"},
     .check = check_schema_of_json,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .failure = Failure::possible,
     .display = show_first,
     .lower = Own{{run_schema_of_json}},
     .options_argument = 1,
     .doc = "The schema of a JSON text as DDL.",
     .examples = {"schema_of_json('[{\"col\":0}]') = 'ARRAY<STRUCT<col: BIGINT>>'"}},
};

}  // namespace

std::span<const FunctionDef> json_functions() { return rows; }

}  // namespace pyrite
