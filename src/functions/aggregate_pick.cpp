// Aggregates that pick one of the rows: min, max, min_by, max_by, first, last, any_value, mode.
#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/row_key.h"

namespace pyrite {
namespace {

bool null_argument(const ColumnView& column, size_t row) {
  return column.type.is(TypeKind::null) || column.is_null(row);
}

bool engine_orders(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  return !type.is_nested() && !type.is(TypeKind::null) && !type.is(TypeKind::variant) &&
         (!type.is_string() || type.collation().empty());
}

/// sign: 1 for max, -1 for min.
template <int sign>
struct Extremum : AggregateState {
  explicit Extremum(const CallInfo&) {}
  Value best;

  void offer(const Value& value, const Type& type) {
    if (!value.is_null() && (best.is_null() || compare_values(value, best, type) * sign > 0)) {
      best = value;
    }
  }
  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (!null_argument(arguments[0], row)) {
      offer(read_value(arguments[0], row), arguments[0].type);
    }
  }
  void merge(const KernelContext& context, const AggregateState& other) override {
    offer(static_cast<const Extremum&>(other).best, context.call.argument_types[0]);
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override { write_value(out, row, best); }
};

/// min_by and max_by: a later row wins over an equal one.
template <int sign>
struct ExtremumBy : AggregateState {
  explicit ExtremumBy(const CallInfo&) {}
  Value picked;
  Value best;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (null_argument(arguments[1], row)) {
      return;
    }
    Value order = read_value(arguments[1], row);
    if (best.is_null() || compare_values(order, best, arguments[1].type) * sign >= 0) {
      best = std::move(order);
      picked = read_value(arguments[0], row);
    }
  }
  void merge(const KernelContext& context, const AggregateState& other) override {
    const auto& from = static_cast<const ExtremumBy&>(other);
    if (!from.best.is_null() &&
        (best.is_null() || compare_values(from.best, best, context.call.argument_types[1]) * sign >= 0)) {
      best = from.best;
      picked = from.picked;
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override { write_value(out, row, picked); }
};

/// min_by(x, y, k) and max_by(x, y, k): the k best, best first; earlier rows win over equal ones.
template <int sign>
struct ExtremaBy : AggregateState {
  struct Entry {
    Value order;
    Value picked;
  };
  explicit ExtremaBy(const CallInfo& call)
      : limit(call.constants.size() > 2 && call.constants[2] ? static_cast<size_t>(call.constants[2]->integer()) : 0) {}
  size_t limit;
  std::vector<Entry> entries;

  void insert(Entry entry, const Type& type) {
    const auto place =
        std::upper_bound(entries.begin(), entries.end(), entry, [&](const Entry& left, const Entry& right) {
          return compare_values(left.order, right.order, type) * sign > 0;
        });
    if (entries.size() < limit || place != entries.end()) {
      entries.insert(place, std::move(entry));
      if (entries.size() > limit) {
        entries.pop_back();
      }
    }
  }
  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (null_argument(arguments[1], row)) {
      return;
    }
    Value order = read_value(arguments[1], row);
    if (entries.size() == limit && compare_values(order, entries.back().order, arguments[1].type) * sign <= 0) {
      return;
    }
    insert({std::move(order), read_value(arguments[0], row)}, arguments[1].type);
  }
  void merge(const KernelContext& context, const AggregateState& other) override {
    for (const Entry& entry : static_cast<const ExtremaBy&>(other).entries) {
      insert(entry, context.call.argument_types[1]);
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    if (entries.empty()) {
      return out.set_null(row);
    }
    ValueList values;
    for (const Entry& entry : entries) {
      values.push_back(entry.picked);
    }
    write_value(out, row, Value(std::move(values)));
  }
};

template <int sign>
std::unique_ptr<AggregateState> create_extremum_by(const CallInfo& call) {
  if (call.argument_types.size() > 2) {
    return std::make_unique<ExtremaBy<sign>>(call);
  }
  return std::make_unique<ExtremumBy<sign>>(call);
}

bool ignores_nulls(const CallInfo& call) {
  return call.constants.size() > 1 && call.constants[1] && !call.constants[1]->is_null() &&
         call.constants[1]->boolean();
}

template <bool last>
struct Edge : AggregateState {
  explicit Edge(const CallInfo& call) : skip_nulls(ignores_nulls(call)) {}
  bool skip_nulls;
  bool seen = false;
  Value value;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if ((!last && seen) || (skip_nulls && null_argument(arguments[0], row))) {
      return;
    }
    seen = true;
    value = null_argument(arguments[0], row) ? Value() : read_value(arguments[0], row);
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    const auto& from = static_cast<const Edge&>(other);
    if (from.seen && (last || !seen)) {
      value = from.value;
      seen = true;
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override { write_value(out, row, value); }
};

/// The most frequent value. Arguments: the value, and optionally how to choose between equally frequent ones: a boolean
/// (true: the smallest) or "min" / "max".
struct Mode : AggregateState {
  explicit Mode(const CallInfo&) {}
  struct Entry {
    Value value;
    int64_t count = 0;
    size_t order = 0;
  };
  std::unordered_map<std::string, Entry, KeyHash, std::equal_to<>> entries;
  std::string key;

  void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) override {
    if (null_argument(arguments[0], row)) {
      return;
    }
    key.clear();
    append_row_key(key, arguments[0], row);
    auto [place, is_new] = entries.try_emplace(key);
    if (is_new) {
      place->second.value = read_value(arguments[0], row);
      place->second.order = entries.size();
    }
    ++place->second.count;
  }
  void merge(const KernelContext&, const AggregateState& other) override {
    for (const auto& [other_key, entry] : static_cast<const Mode&>(other).entries) {
      auto [place, is_new] = entries.try_emplace(other_key);
      if (is_new) {
        place->second = {entry.value, 0, entries.size()};
      }
      place->second.count += entry.count;
    }
  }
  void finish(const KernelContext& context, ColumnWriter& out, size_t row) const override {
    int preference = 0;
    if (context.call.constants.size() > 1 && context.call.constants[1] && !context.call.constants[1]->is_null()) {
      const Value& choice = *context.call.constants[1];
      preference = std::holds_alternative<bool>(choice.storage()) ? (choice.boolean() ? -1 : 0)
                                                                  : (choice.text() == "max" ? 1 : -1);
    }
    const Type& type = context.call.argument_types[0];
    const Entry* best = nullptr;
    for (const auto& [other_key, entry] : entries) {
      const bool better = !best || entry.count > best->count ||
                          (entry.count == best->count &&
                           (preference == 0 ? entry.order > best->order
                                            : compare_values(entry.value, best->value, type) * preference > 0));
      if (better) {
        best = &entry;
      }
    }
    write_value(out, row, best ? best->value : Value());
  }
};

Type same_as_argument(const CallInfo& call) { return call.argument_types[0]; }

Type extremum_by_type(const CallInfo& call) {
  return call.argument_types.size() > 2 ? Type::array(call.argument_types[0]) : call.argument_types[0];
}

bool has_order(const Type& type) {
  switch (type.kind()) {
    case TypeKind::map:
    case TypeKind::variant:
    case TypeKind::calendar_interval:
      return false;
    case TypeKind::array:
      return has_order(type.element());
    case TypeKind::structure:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const StructField& field) { return has_order(field.type); });
    default:
      return true;
  }
}

void check_order(const CallInfo& call, size_t argument) {
  const Type& type = call.argument_types[argument];
  if (!has_order(type)) {
    throw SparkError("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                     {{"functionName", "`" + call.name + "`"}, {"dataType", "\"" + sql_string(type) + "\""}});
  }
}

void check_extremum(const CallInfo& call) { check_order(call, 0); }

void check_extremum_by(const CallInfo& call) {
  check_order(call, 1);
  if (call.argument_types.size() < 3) {
    return;
  }
  if (!call.constants[2]) {
    throw SparkError("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                     {{"inputName", "`k`"}, {"inputType", "\"INT\""}, {"inputExpr", "\"k\""}});
  }
  const int64_t limit = call.constants[2]->is_null() ? 0 : call.constants[2]->integer();
  if (limit < 1 || limit > 100000) {
    throw SparkError("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                     {{"exprName", "`k`"}, {"valueRange", "[1, 100000]"}, {"currentValue", std::to_string(limit)}});
  }
}

/// first(x, true) shows as first(x).
std::string show_first_argument(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ")";
}

std::string show_mode(std::string_view name, const std::vector<std::string>& arguments) {
  const std::string head(name);
  if (arguments.size() < 2 || arguments[1] == "false") {
    return head + "(" + arguments[0] + ")";
  }
  // Spark shows the inverse order here.
  return head + "() WITHIN GROUP (ORDER BY " + arguments[0] + (arguments[1] == "max" ? ")" : " DESC)");
}

constexpr FunctionDef rows[] = {
    {.name = "min",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> rule"},
     .result = same_as_argument,
     .check = check_extremum,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{aggregate_kernel<Extremum<-1>>, "min", engine_orders},
     .doc = "The smallest value of a group; NaN counts as the greatest number.",
     .examples = {"min(3) = 3"}},
    {.name = "max",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> rule"},
     .result = same_as_argument,
     .check = check_extremum,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{aggregate_kernel<Extremum<1>>, "max", engine_orders},
     .doc = "The greatest value of a group; NaN counts as the greatest number.",
     .examples = {"max(3) = 3"}},
    {.name = "min_by",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, any) -> rule", "(any, any, int) -> rule"},
     .result = extremum_by_type,
     .check = check_extremum_by,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{{create_extremum_by<-1>, nullptr}},
     .doc = "The first argument at the row where the second is smallest, or at the k such rows as an array.",
     .examples = {"min_by('a', 1) = 'a'"}},
    {.name = "max_by",
     .kind = FunctionKind::aggregate,
     .forms = {"(any, any) -> rule", "(any, any, int) -> rule"},
     .result = extremum_by_type,
     .check = check_extremum_by,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{{create_extremum_by<1>, nullptr}},
     .doc = "The first argument at the row where the second is greatest, or at the k such rows as an array.",
     .examples = {"max_by('a', 1) = 'a'"}},
    {.name = "first",
     .aliases = {{"first_value"}},
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> rule", "(any, boolean) -> rule"},
     .result = same_as_argument,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_first_argument,
     .lower = lowering::OwnAggregate{aggregate_kernel<Edge<false>>},
     .doc = "The value of a group's first row, or of its first row that is not NULL when asked so.",
     .examples = {"first(3) = 3"}},
    {.name = "any_value",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> rule", "(any, boolean) -> rule"},
     .result = same_as_argument,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_first_argument,
     .lower = lowering::OwnAggregate{aggregate_kernel<Edge<false>>},
     .doc = "Some value of a group.",
     .examples = {"any_value(3) = 3"}},
    {.name = "last",
     .aliases = {{"last_value"}},
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> rule", "(any, boolean) -> rule"},
     .result = same_as_argument,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_first_argument,
     .lower = lowering::OwnAggregate{aggregate_kernel<Edge<true>>},
     .doc = "The value of a group's last row, or of its last row that is not NULL when asked so.",
     .examples = {"last(3) = 3"}},
    {.name = "mode",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> rule", "(any, boolean) -> rule", "(any, string) -> rule"},
     .result = same_as_argument,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .display = show_mode,
     .lower = lowering::OwnAggregate{aggregate_kernel<Mode>},
     .doc = "The most frequent value of a group, NULL aside.",
     .examples = {"mode(3) = 3"}},
};

}  // namespace

std::span<const FunctionDef> aggregate_pick_functions() { return rows; }

}  // namespace pyrite
