// Window functions: ranks, tiles, neighbours.
#include "base/error.h"
#include "functions/families.h"

namespace pyrite {
namespace {

Type same_as_argument(const CallInfo& call) { return call.argument_types[0]; }

/// lag(x) shows as lag(x, 1, NULL).
std::string show_neighbour(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ", " + (arguments.size() > 1 ? arguments[1] : "1") + ", " +
         (arguments.size() > 2 ? arguments[2] : "NULL") + ")";
}

/// rank(b) shows as RANK(): Spark ignores the arguments and shouts the name.
std::string show_rank(std::string_view name, const std::vector<std::string>&) {
  std::string shown;
  for (const char c : name) {
    shown += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return shown + "()";
}

std::string show_tiles(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + (arguments.empty() ? "1" : arguments[0]) + ")";
}

void require_constant(const CallInfo& call, size_t index, std::string_view input) {
  if (!call.constants[index]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`" + std::string(input) + "`"},
                      {"inputType", "\"" + sql_string(call.argument_types[index]) + "\""}});
  }
}

void require_positive(const CallInfo& call, size_t index, std::string_view input, std::string_view range,
                      std::string_view suffix) {
  require_constant(call, index, input);
  const Value& value = *call.constants[index];
  if (value.is_null()) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_NULL", {{"exprName", std::string(input)}});
  }
  if (value.integer() <= 0) {
    throw SparkError("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                     {{"exprName", std::string(input)},
                      {"valueRange", std::string(range)},
                      {"currentValue", std::to_string(value.integer()) + std::string(suffix)}});
  }
}

void check_tiles(const CallInfo& call) {
  if (!call.argument_types.empty()) {
    require_positive(call, 0, "buckets", "(0, 2147483647]", "");
  }
}

void check_nth(const CallInfo& call) { require_positive(call, 1, "offset", "(0, 9223372036854775807]", "L"); }

void check_neighbour(const CallInfo& call) {
  if (call.argument_types.size() > 1) {
    require_constant(call, 1, "offset");
  }
}

constexpr FunctionDef rows[] = {
    {.name = "row_number",
     .kind = FunctionKind::window,
     .forms = {"() -> int"},
     .nullability = Nullability::never,
     .lower = lowering::Engine{"row_number"},
     .doc = "The position of the row in its partition, counted from 1."},
    {.name = "rank",
     .kind = FunctionKind::window,
     .forms = {"(any...) -> int"},
     .nullability = Nullability::never,
     .display = show_rank,
     .lower = lowering::Engine{"rank"},
     .doc = "One more than the number of rows that sort before this one; equal rows share a rank and leave a gap."},
    {.name = "dense_rank",
     .kind = FunctionKind::window,
     .forms = {"(any...) -> int"},
     .nullability = Nullability::never,
     .display = show_rank,
     .lower = lowering::Engine{"dense_rank"},
     .doc = "The rank of the row without gaps after equal rows."},
    {.name = "percent_rank",
     .kind = FunctionKind::window,
     .forms = {"(any...) -> double"},
     .nullability = Nullability::never,
     .display = show_rank,
     .lower = lowering::Engine{"percent_rank"},
     .doc = "The rank of the row scaled to run from 0 to 1 over the partition."},
    {.name = "cume_dist",
     .kind = FunctionKind::window,
     .forms = {"() -> double"},
     .nullability = Nullability::never,
     .lower = lowering::Engine{"cume_dist"},
     .doc = "The share of the partition's rows that sort before this one or equal to it."},
    {.name = "ntile",
     .kind = FunctionKind::window,
     .forms = {"([int]) -> int"},
     .check = check_tiles,
     .nullability = Nullability::never,
     .display = show_tiles,
     .lower = lowering::Engine{"ntile"},
     .doc = "The number of the row's tile when the partition is cut into n tiles of nearly equal size."},
    {.name = "lag",
     .kind = FunctionKind::window,
     .forms = {"(T) -> T", "(T, int) -> T", "(T, int, T) -> T"},
     .check = check_neighbour,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_neighbour,
     .lower = lowering::Engine{"lag"},
     .doc = "The value some rows before this one in the partition, or the default where there is no such row."},
    {.name = "lead",
     .kind = FunctionKind::window,
     .forms = {"(T) -> T", "(T, int) -> T", "(T, int, T) -> T"},
     .check = check_neighbour,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_neighbour,
     .lower = lowering::Engine{"lead"},
     .doc = "The value some rows after this one in the partition, or the default where there is no such row."},
    {.name = "nth_value",
     .kind = FunctionKind::window,
     .forms = {"(any, int|long) -> rule"},
     .result = same_as_argument,
     .check = check_nth,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::Engine{"nth_value"},
     .doc = "The value at the n-th row of the frame, counted from 1."},
};

}  // namespace

std::span<const FunctionDef> window_functions() { return rows; }

}  // namespace pyrite
