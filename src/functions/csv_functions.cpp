// CSV functions: from_csv, to_csv, schema_of_csv.
#include "base/error.h"
#include "functions/call_options.h"
#include "functions/csv_writer.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;
using Arguments = std::span<const ColumnView>;

// ---- from_csv

struct FromCsv {
  explicit FromCsv(const CallInfo& call) : format(CsvFormat::read(call_options(call, 2), call_session(call))) {
    const auto& fields = call.result_type.fields();
    for (size_t i = 0; i < fields.size(); ++i) {
      const bool is_corrupt = fields[i].name == format.corrupt_column && fields[i].type.is_string();
      corrupt = is_corrupt ? static_cast<int>(i) : corrupt;
      converters.push_back(is_corrupt ? nullptr : std::make_unique<CsvConverter>(format, fields[i].type));
    }
  }
  CsvFormat format;
  std::vector<std::unique_ptr<CsvConverter>> converters;
  int corrupt = -1;
};

void run_from_csv(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  auto& state = context.as<FromCsv>();
  std::vector<CsvCell> cells;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const std::string_view text = arguments[0].text(row);
    CsvTokenizer tokens(state.format, text);
    std::string_view record;
    cells.clear();
    if (!tokens.next(cells, record)) {
      cells.clear();
    }
    bool good = true;
    size_t cell = 0;
    for (size_t i = 0; i < state.converters.size(); ++i) {
      if (!state.converters[i]) {
        continue;
      }
      ColumnWriter& column = out.child(i);
      if (cell >= cells.size()) {
        column.set_null(row);
        good = good && cells.empty();
      } else if (!state.converters[i]->write(cells[cell], column, row)) {
        column.set_null(row);
        good = false;
      }
      ++cell;
    }
    good = good && cells.size() <= cell;
    if (!good && state.format.mode == ParseMode::fail_fast) {
      throw SparkError("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                       {{"badRecord", std::string(text)}, {"failFastMode", "FAILFAST"}});
    }
    if (state.corrupt >= 0) {
      ColumnWriter& column = out.child(static_cast<size_t>(state.corrupt));
      good ? column.set_null(row) : column.set_text(row, text);
    }
  }
}

Type from_csv_type(const CallInfo& call) { return as_nullable(parse_type_json(call.constants[1]->text())); }

void check_from_csv(const CallInfo& call) {
  if (!call.constants[1] || call.constants[1]->is_null()) {
    throw SparkError("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", "\"schema\""}});
  }
  const Type type = parse_type_json(call.constants[1]->text());
  if (!type.is(TypeKind::structure)) {
    throw SparkError("INVALID_SCHEMA.NON_STRUCT_TYPE",
                     {{"inputSchema", "\"" + sql_string(type) + "\""}, {"dataType", "\"" + sql_string(type) + "\""}});
  }
  const CsvFormat format = CsvFormat::read(call_options(call, 2), call_session(call));
  if (format.mode == ParseMode::drop_malformed) {
    throw SparkError("PARSE_MODE_UNSUPPORTED", {{"funcName", "`from_csv`"}, {"mode", "DROPMALFORMED"}});
  }
}

// ---- to_csv

struct ToCsv {
  explicit ToCsv(const CallInfo& call) : writer(call_options(call, 1), call_session(call)) {}
  CsvWriter writer;
};

void run_to_csv(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const auto& state = context.as<ToCsv>();
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row)) {
      out.set_null(row);
      continue;
    }
    text.clear();
    const size_t at = arguments[0].position(row);
    for (size_t i = 0; i < arguments[0].children.size(); ++i) {
      text += i > 0 ? std::string_view(state.writer.format().separator) : std::string_view();
      state.writer.append_cell(text, i, arguments[0].children[i], at);
    }
    out.set_text(row, text);
  }
}

// ---- schema_of_csv

std::string schema_of_csv(const CallInfo& call, std::string_view text) {
  const CsvFormat format = CsvFormat::read(call_options(call, 1), call_session(call));
  CsvTokenizer tokens(format, text);
  std::vector<CsvCell> cells;
  std::string_view record;
  tokens.next(cells, record);
  const CsvTypeInference inference(format);
  std::vector<StructField> fields;
  for (size_t i = 0; i < cells.size(); ++i) {
    Type type = inference.widen(Type::null(), cells[i]);
    fields.push_back({"_c" + std::to_string(i), type.is(TypeKind::null) ? Type::string() : type, true, {}});
  }
  return sql_string(Type::structure(std::move(fields)));
}

void run_schema_of_csv(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    arguments[0].is_null(row) ? out.set_null(row)
                              : out.set_text(row, schema_of_csv(context.call, arguments[0].text(row)));
  }
}

void check_schema_of_csv(const CallInfo& call) {
  if (!call.constants[0]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`csv`"}, {"inputType", "\"" + sql_string(call.argument_types[0]) + "\""}});
  }
  if (call.constants[0]->is_null()) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_NULL", {{"exprName", "csv"}});
  }
}

std::string show_first(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ")";
}

constexpr FunctionDef rows[] = {
    {.name = "from_csv",
     .forms = {"(string, string) -> rule", "(string, string, map<string, string>) -> rule"},
     .result = from_csv_type,
     .check = check_from_csv,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_first,
     .lower = Own{{run_from_csv, detail::make_state<FromCsv>}},
     .errors = {"MALFORMED_RECORD_IN_PARSING"},
     .schema_argument = 1,
     .options_argument = 2,
     .doc = "A line of CSV as a structure of the given schema.",
     .examples = {"from_csv('1, 0.8', 'a INT, b DOUBLE') = {\"a\":1,\"b\":0.8}"}},
    {.name = "to_csv",
     .forms = {"(struct) -> string", "(struct, map<string, string>) -> string"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_first,
     .lower = Own{{run_to_csv, detail::make_state<ToCsv>}},
     .options_argument = 1,
     .doc = "A structure as a line of CSV.",
     .examples = {"to_csv(named_struct('a', 1, 'b', 2)) = '1,2'"}},
    {.name = "schema_of_csv",
     .forms = {"(string) -> string", "(string, map<string, string>) -> string"},
     .check = check_schema_of_csv,
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .display = show_first,
     .lower = Own{{run_schema_of_csv}},
     .options_argument = 1,
     .doc = "The schema of a line of CSV as DDL.",
     .examples = {"schema_of_csv('1,abc') = 'STRUCT<_c0: INT, _c1: STRING>'"}},
};

}  // namespace

std::span<const FunctionDef> csv_functions() { return rows; }

}  // namespace pyrite
