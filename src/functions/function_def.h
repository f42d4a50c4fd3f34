// One function, one row: everything Pyrite knows about a function of Spark.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "functions/column.h"
#include "plan/resolved_expression.h"

namespace pyrite {

enum class FunctionKind : uint8_t { scalar, aggregate, window, generator };

/// propagate: any NULL argument gives NULL and the kernel never sees it.
enum class NullHandling : uint8_t { propagate, custom };

/// When the result can be NULL, given the arguments.
enum class Nullability : uint8_t { if_any_argument, never, always, if_all_arguments, if_first_argument };

enum class Purity : uint8_t {
  pure,
  per_query,  ///< the same within a query: current_date, current_user
  per_row,    ///< rand, uuid, monotonically_increasing_id
};

/// Whether the call can raise an error on some input; such calls must not be reordered before a guard.
enum class Failure : uint8_t { never, possible };

// ---- the call, as kernels and rules see it

/// What is fixed for one call in one query.
struct CallInfo {
  const FunctionDef* function = nullptr;
  std::string name;
  std::vector<Type> argument_types;
  std::vector<bool> argument_nullable;
  /// The argument's value where it is a literal (or folded to one).
  std::vector<std::optional<Value>> constants;
  Type result_type;
  resolved::EvalMode mode = resolved::EvalMode::ansi;
  std::string time_zone = "UTC";
  resolved::OriginPtr origin;
  /// Session facts for current_user(), current_timestamp(), …: see session_facts.h names.
  std::shared_ptr<const struct SessionFacts> session;
  /// Numbers the threads that run a per_row call, as Spark's partitions; nullptr for other calls.
  std::shared_ptr<std::atomic<int32_t>> streams;
};

/// Values of the session that functions may read; one snapshot a query.
struct SessionFacts {
  int64_t query_start_microseconds = 0;
  std::string time_zone = "UTC";
  std::string current_catalog = "spark_catalog";
  std::string current_database = "default";
  std::string user = "root";
  bool ansi = true;
  /// Every configuration key that is set; lower-case text values as given.
  std::vector<std::pair<std::string, std::string>> configuration;
  std::string_view conf(std::string_view key, std::string_view otherwise) const {
    for (const auto& [name, value] : configuration) {
      if (name == key) {
        return value;
      }
    }
    return otherwise;
  }
};

struct KernelContext {
  const CallInfo& call;
  /// What `prepare` made for this call (a compiled pattern, a parsed schema), one a thread; may be nullptr.
  void* state = nullptr;
  bool ansi() const { return call.mode == resolved::EvalMode::ansi; }
  bool try_null() const { return call.mode == resolved::EvalMode::try_null; }
  template <class T>
  T& as() const {
    return *static_cast<T*>(state);
  }
};

using KernelRun = void (*)(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out);
using KernelPrepare = std::shared_ptr<void> (*)(const CallInfo&);

/// A scalar function over column batches.
struct Kernel {
  KernelRun run = nullptr;
  KernelPrepare prepare = nullptr;
};

/// An aggregate function over rows. The state is made by `create`, one a group and thread.
struct AggregateState {
  virtual ~AggregateState() = default;
  /// Adds one row. NULL handling is the state's own matter.
  virtual void update(const KernelContext&, std::span<const ColumnView> arguments, size_t row) = 0;
  virtual void merge(const KernelContext&, const AggregateState& other) = 0;
  virtual void finish(const KernelContext&, ColumnWriter& out, size_t row) const = 0;
};
/// A state of fixed size that the engine keeps inside its hash table: no allocation a group, one call a batch. It needs
/// no destructor and may be moved by copying its bytes.
struct FlatState {
  size_t size = 0;  ///< bytes; 0: the aggregate has no flat state. States are aligned to 8
  void (*initialize)(void* state) = nullptr;
  /// Adds row i to states[i].
  void (*update)(const KernelContext&, std::span<const ColumnView> arguments, size_t rows,
                 void* const* states) = nullptr;
  /// Adds every row to one state.
  void (*update_all)(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, void* state) = nullptr;
  void (*merge)(const KernelContext&, const void* from, void* into) = nullptr;
  void (*finish)(const KernelContext&, const void* state, ColumnWriter& out, size_t row) = nullptr;
};
/// Either `flat` or `create` is set.
struct AggregateKernel {
  std::unique_ptr<AggregateState> (*create)(const CallInfo&) = nullptr;
  KernelPrepare prepare = nullptr;
  FlatState flat = {};
};

/// A generator: rows out for each row in. Returns values by output column, called once an input row.
struct GeneratorKernel {
  /// Appends rows (each the generated columns' values) for one input row.
  void (*run)(const KernelContext&, std::span<const ColumnView> arguments, size_t row,
              std::vector<ValueList>& out) = nullptr;
  /// The generated columns' names, types and nullability.
  std::vector<StructField> (*columns)(const CallInfo&) = nullptr;
};

// ---- lowering: how the function is computed

namespace lowering {

/// Not there yet: a clear error.
struct Todo {};
/// An engine function of exactly equal meaning for every input, or an engine aggregate or window function. Its
/// result is cast to the row's result type.
struct Engine {
  std::string_view name;
};
struct Own {
  Kernel kernel;
  /// An engine function that means the same for the calls that `engine_fits` accepts, and is preferred for them, since
  /// the optimizer knows it.
  std::string_view engine = {};
  bool (*engine_fits)(const CallInfo&) = nullptr;
};
struct OwnAggregate {
  AggregateKernel kernel;
  /// An engine aggregate that means the same for the calls that `engine_fits` accepts, and is preferred for them.
  std::string_view engine = {};
  bool (*engine_fits)(const CallInfo&) = nullptr;
};
struct Generator {
  GeneratorKernel kernel;
};
/// Rewritten into other expressions before the engine sees it; names and errors still show the original.
/// Build the result with the helpers of bind_call.h.
struct Compose {
  resolved::ExpressionPtr (*make)(const CallInfo&, const std::vector<resolved::ExpressionPtr>& arguments);
};
/// Handled by the engine's lowering itself because evaluation is lazy or structural.
enum class SpecialForm : uint8_t {
  and_,
  or_,
  not_,
  equal,
  null_safe_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  is_null,
  is_not_null,
  in,
  when,  ///< CASE: condition, value, …, [else]
  if_,
  coalesce,
  add,
  subtract,
  multiply,
  divide,
  remainder,
  make_array,
  make_struct,  ///< name, value, …
  make_map,     ///< key, value, …
  get_item,     ///< a[i], m[k]
  cast_alias,   ///< int(x), date(x), …: a Cast to the result type
  raise_error,
  grouping,  ///< resolved by the analyzer inside Aggregate
  grouping_id,
  time_window,  ///< window, session_window, window_time: columns of the input, added by the analyzer
  transform,    ///< higher-order functions
  transform_keys,
  transform_values,
  filter,
  map_filter,
  exists,
  forall,
  aggregate,
  zip_with,
  map_zip_with,
  array_sort,
};
struct Special {
  SpecialForm form;
};

}  // namespace lowering

using lowering::SpecialForm;
using Lowering = std::variant<lowering::Todo, lowering::Engine, lowering::Own, lowering::OwnAggregate,
                              lowering::Generator, lowering::Compose, lowering::Special>;

// ---- the row

template <class T, size_t capacity>
struct FixedList {
  std::array<T, capacity> items{};
  size_t count = 0;
  constexpr FixedList() = default;
  constexpr FixedList(std::initializer_list<T> list) {
    for (const T& item : list) {
      items[count++] = item;  // too many items do not compile: out of range in a constant expression
    }
  }
  constexpr const T* begin() const { return items.data(); }
  constexpr const T* end() const { return items.data() + count; }
  constexpr size_t size() const { return count; }
};

/// Another name. `shows` is the name that the output column and messages show: Spark keeps the alias as written for
/// most (`ucase(x)`), but not for all.
struct FunctionAlias {
  std::string_view name;
  std::string_view shows = {};  ///< empty: the alias itself
};

/// The text of a call form, checked at compile time. Grammar:
///   form   = "(" [arg {"," arg}] ")" "->" type
///   arg    = type [ "..." ] | "[" arg "]"          (`...`: zero or more, last only; `[ ]`: optional)
///   type   = alternative { "|" alternative } ["!"] (in arguments only; `!`: other numbers are not cast to fit)
///   alternative = boolean | byte | short | int | long | float | double | decimal | string | binary | date | time
///          | timestamp | timestamp_ntz | ym_interval | dt_interval | interval | variant | null
///          | array "<" type ">" | map "<" type "," type ">" | struct
///          | any | numeric | integral | fractional | atomic | orderable | datetime
///          | lambda "(" [type {"," type}] ")" type
///          | variable                               (one capital letter; equal letters take their common type)
/// The result may also be `rule`: the row's `result` function decides.
struct FormText {
  std::string_view text;
  constexpr FormText() = default;
  consteval FormText(const char* form) : text(form) {
    int depth = 0;
    bool arrow = false;
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '(' || c == '<' || c == '[') {
        ++depth;
      } else if (c == ')' || c == ']' || (c == '>' && text[i - 1] != '-')) {
        --depth;
      } else if (c == '>' && depth == 0) {
        arrow = true;
      }
    }
    if (depth != 0 || !arrow || text[0] != '(') {
      throw "a form reads: (type, …) -> type";
    }
  }
};

using ResultRule = Type (*)(const CallInfo&);
/// Refuses argument types that the form cannot exclude; throws SparkError DATATYPE_MISMATCH.… .
using ArgumentCheck = void (*)(const CallInfo&);
struct FunctionDef;
struct BindOptions;
/// Types a call that no form can describe (operators): casts its arguments and makes the call, see bind_rule.h.
using BindRule = resolved::ExpressionPtr (*)(const FunctionDef&, std::vector<resolved::ExpressionPtr>,
                                             const BindOptions&);
/// How the call shows in output names; nullptr: name(arg, …).
using DisplayRule = std::string (*)(std::string_view name, const std::vector<std::string>& arguments);

struct FunctionDef {
  std::string_view name;
  FixedList<FunctionAlias, 6> aliases = {};
  FunctionKind kind = FunctionKind::scalar;
  /// Tried in order: the first that fits exactly, then the first that fits with Spark's implicit casts.
  FixedList<FormText, 12> forms = {};
  /// Parameter names for named arguments (`mask(str, upperChar => 'X')`).
  FixedList<std::string_view, 12> parameters = {};
  ResultRule result = nullptr;
  ArgumentCheck check = nullptr;
  BindRule bind = nullptr;
  NullHandling nulls = NullHandling::propagate;
  Nullability nullability = Nullability::if_any_argument;
  Purity purity = Purity::pure;
  Failure failure = Failure::never;
  DisplayRule display = nullptr;
  Lowering lower = lowering::Todo{};
  /// The condition names that the function itself raises.
  FixedList<std::string_view, 4> errors = {};
  /// Position of an argument that is a schema: the user writes DDL, the row sees its JSON form; -1: none.
  int schema_argument = -1;
  /// Position of an argument that is a constant map of options; -1: none.
  int options_argument = -1;
  std::string_view doc = {};
  /// "call = result" lines, tested against the recorded answers of Spark.
  FixedList<std::string_view, 4> examples = {};
  std::string_view since = {};
  std::string_view group = {};
};

/// Whether names of this function work with try_ semantics is a row of its own (try_add, …): its calls have
/// EvalMode::try_null.
constexpr bool is_todo(const FunctionDef& row) { return std::holds_alternative<lowering::Todo>(row.lower); }

}  // namespace pyrite
