// Aggregates that gather values: collect_list, collect_set, listagg.
#include <unordered_set>

#include "base/error.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/row_key.h"

namespace pyrite {
namespace {

bool null_argument(const ColumnView& column, size_t row) {
  return column.type.is(TypeKind::null) || column.is_null(row);
}

struct List : AggregateState {
  explicit List(const CallInfo&) {}
  ValueList values;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (!null_argument(arguments[0], row)) {
      values.push_back(read_value(arguments[0], row));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const auto& from = static_cast<const List&>(other);
    values.insert(values.end(), from.values.begin(), from.values.end());
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    size_t at = out.start_list(row, values.size());
    for (const Value& value : values) {
      write_value(out.child(0), at++, value);
    }
  }
};

struct Set : List {
  using List::List;
  std::unordered_set<std::string, KeyHash, std::equal_to<>> keys;
  std::string key;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (null_argument(arguments[0], row)) {
      return;
    }
    key.clear();
    append_row_key(key, arguments[0], row);
    if (keys.insert(key).second) {
      values.push_back(read_value(arguments[0], row));
    }
  }
  void merge(const KernelContext& context, const AggregateState& other) override {
    for (const Value& value : static_cast<const Set&>(other).values) {
      key.clear();
      append_value_key(key, value, context.call.argument_types[0]);
      if (keys.insert(key).second) {
        values.push_back(value);
      }
    }
  }
};

struct Joined : AggregateState {
  explicit Joined(const CallInfo& call) {
    if (call.constants.size() > 1 && call.constants[1] && !call.constants[1]->is_null()) {
      delimiter = call.constants[1]->text();
    }
  }
  std::string delimiter;
  std::string text;
  bool seen = false;

  void add(std::string_view piece) {
    if (seen) {
      text += delimiter;
    }
    seen = true;
    text += piece;
  }
  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (!null_argument(arguments[0], row)) {
      add(arguments[0].text(row));
    }
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const auto& from = static_cast<const Joined&>(other);
    if (from.seen) {
      add(from.text);
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    seen ? out.set_text(row, text) : out.set_null(row);
  }
};

Type list_type(const CallInfo& call) { return Type::array(call.argument_types[0], false); }

bool contains_map(const Type& type) {
  switch (type.kind()) {
    case TypeKind::map:
      return true;
    case TypeKind::array:
      return contains_map(type.element());
    case TypeKind::structure:
      for (const StructField& field : type.fields()) {
        if (contains_map(field.type)) {
          return true;
        }
      }
      return false;
    default:
      return false;
  }
}

void check_set(const CallInfo& call) {
  if (contains_map(call.argument_types[0])) {
    throw SparkError("DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE",
                     {{"functionName", "`collect_set`"}, {"dataType", "\"MAP\" or \"COLLATED STRING\""}});
  }
}

void check_delimiter(const CallInfo& call) {
  if (call.argument_types.size() > 1 && !call.constants[1]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`delimiter`"}, {"inputType", "\"" + sql_string(call.argument_types[1]) + "\""}});
  }
}

std::string show_delimiter(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ", " + (arguments.size() > 1 ? arguments[1] : "NULL") + ")";
}

constexpr FunctionDef rows[] = {
    {.name = "collect_list",
     .aliases = {{"array_agg", "collect_list"}},
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> rule"},
     .result = list_type,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<List>},
     .doc = "Every value of a group in an array, NULL aside.",
     .examples = {"collect_list(1) = [1]"}},
    {.name = "collect_set",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> rule"},
     .result = list_type,
     .check = check_set,
     .nullability = Nullability::never,
     .lower = lowering::OwnAggregate{aggregate_kernel<Set>},
     .doc = "The distinct values of a group in an array, NULL aside.",
     .examples = {"collect_set(1) = [1]"}},
    {.name = "listagg",
     .aliases = {{"string_agg"}},
     .kind = FunctionKind::aggregate,
     .forms = {"(string) -> string", "(binary) -> binary", "(string, string|null) -> string",
               "(binary, binary|null) -> binary"},
     .check = check_delimiter,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_delimiter,
     .lower = lowering::OwnAggregate{aggregate_kernel<Joined>},
     .doc = "Joins the texts of a group with a delimiter between them, NULL aside.",
     .examples = {"listagg('a', ',') = 'a'"}},
};

}  // namespace

std::span<const FunctionDef> aggregate_collect_functions() { return rows; }

}  // namespace pyrite
