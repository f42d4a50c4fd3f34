// Adapts plain C++ functions to kernels: kernel<f> loops over the rows, skips NULL and writes results.
#pragma once

#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "functions/function_def.h"

namespace pyrite {

// Argument types of f, by Spark type: bool, int8_t … int64_t, float, double, std::string_view (string, binary), Int128
// (decimal, unscaled), CalendarInterval, date as int32_t, timestamps as int64_t, Value (any type).
// std::optional<T> as argument: the function sees NULL (give the row NullHandling::custom). Given<T>: may be left out.
// Results: the same, std::string, std::optional<…> for NULL. A first parameter `const KernelContext&` is filled in.

/// A trailing argument that the call may leave out. NULL is skipped as for a plain T.
template <class T>
struct Given {
  std::optional<T> value;
  T value_or(T otherwise) const { return value ? *value : otherwise; }
};

namespace detail {

template <class T>
struct is_given : std::false_type {};
template <class T>
struct is_given<Given<T>> : std::true_type {
  using type = T;
};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
T read_argument(const ColumnView& column, size_t row) {
  if constexpr (is_optional<T>::value) {
    if (column.is_null(row)) {
      return std::nullopt;
    }
    return read_argument<typename T::value_type>(column, row);
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return column.text(row);
  } else if constexpr (std::is_same_v<T, Int128>) {
    return column.decimal(row);
  } else if constexpr (std::is_same_v<T, Value>) {
    return read_value(column, row);
  } else {
    return column.get<T>(row);
  }
}

template <class T>
void write_result(ColumnWriter& out, size_t row, T&& result) {
  using Plain = std::remove_cvref_t<T>;
  if constexpr (is_optional<Plain>::value) {
    if (result) {
      write_result(out, row, *result);
    } else {
      out.set_null(row);
    }
  } else if constexpr (std::is_convertible_v<Plain, std::string_view>) {
    out.set_text(row, result);
  } else if constexpr (std::is_same_v<Plain, Int128>) {
    out.set_decimal(row, result);
  } else if constexpr (std::is_same_v<Plain, Value>) {
    write_value(out, row, result);
  } else {
    static_cast<Plain*>(out.data())[row] = result;
  }
}

template <class F>
struct signature;
template <class R, class... A>
struct signature<R (*)(A...)> {
  using result = R;
  using arguments = std::tuple<std::remove_cvref_t<A>...>;
  static constexpr bool with_context = false;
};
template <class R, class... A>
struct signature<R (*)(const KernelContext&, A...)> {
  using result = R;
  using arguments = std::tuple<std::remove_cvref_t<A>...>;
  static constexpr bool with_context = true;
};

template <class T>
bool skips_row(std::span<const ColumnView> arguments, size_t index, size_t row) {
  if constexpr (is_optional<T>::value) {
    return false;
  } else {
    return (!is_given<T>::value || index < arguments.size()) && arguments[index].is_null(row);
  }
}

template <class T>
T take_argument(std::span<const ColumnView> arguments, size_t index, size_t row) {
  if constexpr (is_given<T>::value) {
    return index < arguments.size() ? T{read_argument<typename is_given<T>::type>(arguments[index], row)} : T{};
  } else {
    return read_argument<T>(arguments[index], row);
  }
}

template <auto f, size_t... i>
void run_rows(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out,
              std::index_sequence<i...>) {
  using S = signature<decltype(f)>;
  using Arguments = typename S::arguments;
  for (size_t row = 0; row < rows; ++row) {
    const bool skip = (skips_row<std::tuple_element_t<i, Arguments>>(arguments, i, row) || ...);
    if (skip) {
      out.set_null(row);
      continue;
    }
    if constexpr (S::with_context) {
      write_result(out, row, f(context, take_argument<std::tuple_element_t<i, Arguments>>(arguments, i, row)...));
    } else {
      write_result(out, row, f(take_argument<std::tuple_element_t<i, Arguments>>(arguments, i, row)...));
    }
  }
}

template <auto f>
void run_plain(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  using Arguments = typename signature<decltype(f)>::arguments;
  run_rows<f>(context, arguments, rows, out, std::make_index_sequence<std::tuple_size_v<Arguments>>{});
}

/// f: Value(const KernelContext&, std::span<const Value>), for any types and any number of arguments.
template <auto f>
void run_values(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  ValueList values(arguments.size());
  const bool propagate = context.call.function && context.call.function->nulls == NullHandling::propagate;
  for (size_t row = 0; row < rows; ++row) {
    bool skip = false;
    for (size_t i = 0; i < arguments.size(); ++i) {
      values[i] = read_value(arguments[i], row);
      skip = skip || (propagate && values[i].is_null());
    }
    if (skip) {
      out.set_null(row);
    } else {
      write_value(out, row, f(context, std::span<const Value>(values)));
    }
  }
}

template <class State>
std::shared_ptr<void> make_state(const CallInfo& call) {
  return std::make_shared<State>(call);
}

}  // namespace detail

/// A kernel from a plain function of typed arguments.
template <auto f>
inline constexpr Kernel kernel{&detail::run_plain<f>, nullptr};
/// The same with a per-call State, constructed from the CallInfo and reached by context.as<State>().
template <auto f, class State>
inline constexpr Kernel kernel_with{&detail::run_plain<f>, &detail::make_state<State>};
/// A kernel from a function over Values.
template <auto f>
inline constexpr Kernel value_kernel{&detail::run_values<f>, nullptr};
template <auto f, class State>
inline constexpr Kernel value_kernel_with{&detail::run_values<f>, &detail::make_state<State>};

/// An aggregate from a class with a constructor State(const CallInfo&) derived from AggregateState.
template <class State>
std::unique_ptr<AggregateState> create_state(const CallInfo& call) {
  return std::make_unique<State>(call);
}
template <class State>
inline constexpr AggregateKernel aggregate_kernel{&create_state<State>, nullptr};

/// An aggregate from a trivially copyable State with
///   template <class At> static void update(const KernelContext&, std::span<const ColumnView>, size_t rows, At at);
///   void merge(const KernelContext&, const State& from);
///   void finish(const KernelContext&, ColumnWriter& out, size_t row) const;
/// where at(row) is the state that the row belongs to.
template <class State>
struct FlatAggregate {
  static_assert(std::is_trivially_copyable_v<State> && alignof(State) <= 8,
                "rows of hash tables are aligned to 8 bytes");
  static void initialize(void* state) { new (state) State(); }
  static void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                     void* const* states) {
    State::update(context, arguments, rows,
                  [states](size_t row) -> State& { return *static_cast<State*>(states[row]); });
  }
  static void update_all(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                         void* state) {
    State local = *static_cast<State*>(state);
    State::update(context, arguments, rows, [&local](size_t) -> State& { return local; });
    *static_cast<State*>(state) = local;
  }
  static void merge(const KernelContext& context, const void* from, void* into) {
    static_cast<State*>(into)->merge(context, *static_cast<const State*>(from));
  }
  static void finish(const KernelContext& context, const void* state, ColumnWriter& out, size_t row) {
    static_cast<const State*>(state)->finish(context, out, row);
  }
};
template <class State, KernelPrepare prepare = nullptr>
inline constexpr AggregateKernel flat_aggregate{
    nullptr,
    prepare,
    {sizeof(State), &FlatAggregate<State>::initialize, &FlatAggregate<State>::update, &FlatAggregate<State>::update_all,
     &FlatAggregate<State>::merge, &FlatAggregate<State>::finish}};

}  // namespace pyrite
