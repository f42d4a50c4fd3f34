// Array functions about order: array_max, array_min, sort_array, shuffle, sequence.
#include "functions/array_order.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "base/error.h"
#include "functions/array_concat.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/mersenne_twister.h"
#include "types/time_zone.h"

namespace pyrite {
namespace {

using lowering::Own;
using Arguments = std::span<const ColumnView>;

bool null_row(Arguments arguments, size_t count, size_t row) {
  for (size_t i = 0; i < count; ++i) {
    if (arguments[i].type.is(TypeKind::null) || arguments[i].is_null(row)) {
      return true;
    }
  }
  return false;
}

template <int sign>
void run_extremum(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& array = arguments[0];
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, 1, row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot slot = array.list(row);
    const ColumnView& elements = array.children[0];
    int64_t best = -1;
    for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
      if (!elements.type.is(TypeKind::null) && !elements.is_null(i) &&
          (best < 0 || compare_rows(elements, i, elements, static_cast<size_t>(best)) * sign > 0)) {
        best = static_cast<int64_t>(i);
      }
    }
    best < 0 ? out.set_null(row) : out.copy(row, elements, static_cast<size_t>(best));
  }
}

}  // namespace

void sort_positions(const ColumnView& elements, std::vector<uint64_t>& positions, bool ascending, bool nulls_first) {
  const auto middle = std::stable_partition(
      positions.begin(), positions.end(), [&](uint64_t position) { return elements.is_null(position) == nulls_first; });
  const auto first = nulls_first ? middle : positions.begin();
  const auto last = nulls_first ? positions.end() : middle;
  const auto by = [&](auto value) {
    ascending ? std::stable_sort(first, last, [&](uint64_t a, uint64_t b) { return value(a) < value(b); })
              : std::stable_sort(first, last, [&](uint64_t a, uint64_t b) { return value(b) < value(a); });
  };
  switch (elements.type.kind()) {
    case TypeKind::integer:
    case TypeKind::date:
      return by([&](uint64_t position) { return elements.get<int32_t>(position); });
    case TypeKind::long_int:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
      return by([&](uint64_t position) { return elements.get<int64_t>(position); });
    case TypeKind::string:
      if (elements.type.collation().empty()) {
        return by([&](uint64_t position) { return elements.text(position); });
      }
      break;
    case TypeKind::null:
      return;
    default:
      break;
  }
  std::stable_sort(first, last, [&](uint64_t a, uint64_t b) {
    const int order = compare_rows(elements, a, elements, b);
    return ascending ? order < 0 : order > 0;
  });
}

namespace {

void write_positions(ColumnWriter& out, size_t row, const ColumnView& elements,
                     const std::vector<uint64_t>& positions) {
  size_t at = out.start_list(row, positions.size());
  for (const uint64_t position : positions) {
    elements.type.is(TypeKind::null) ? out.child(0).set_null(at++) : out.child(0).copy(at++, elements, position);
  }
}

}  // namespace

void sort_arrays(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const bool nulls_last = context.call.name == "array_sort";
  std::vector<uint64_t> positions;
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, arguments.size(), row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot slot = arguments[0].list(row);
    positions.resize(slot.length);
    std::iota(positions.begin(), positions.end(), slot.offset);
    const bool ascending = arguments.size() < 2 || arguments[1].get<bool>(row);
    sort_positions(arguments[0].children[0], positions, ascending, ascending && !nulls_last);
    write_positions(out, row, arguments[0].children[0], positions);
  }
}

namespace {

struct Shuffler {
  explicit Shuffler(const CallInfo& call)
      : twister(call.constants.size() > 1 && call.constants[1] && !call.constants[1]->is_null()
                    ? call.constants[1]->integer()
                    : static_cast<int64_t>(std::random_device{}()) << 32 | std::random_device{}()) {}
  MersenneTwister twister;
};

std::shared_ptr<void> make_shuffler(const CallInfo& call) { return std::make_shared<Shuffler>(call); }

void run_shuffle(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  MersenneTwister& twister = context.as<Shuffler>().twister;
  std::vector<uint64_t> positions;
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, 1, row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot slot = arguments[0].list(row);
    positions.resize(slot.length);
    for (size_t i = 0; i < slot.length; ++i) {
      const auto j = static_cast<size_t>(twister.next_int(static_cast<int32_t>(i + 1)));
      positions[i] = positions[j];
      positions[j] = slot.offset + i;
    }
    write_positions(out, row, arguments[0].children[0], positions);
  }
}

// ---- sequence

/// The distance of two neighbours: months of the calendar, days of the zone, and microseconds or plain numbers.
struct Step {
  int64_t months = 0;
  int64_t days = 0;
  int64_t units = 0;
};

[[noreturn]] void throw_boundaries(int64_t start, int64_t stop, int64_t step) {
  throw SparkError(ErrorKind::illegal_argument, "",
                   {{"message", "Illegal sequence boundaries: " + std::to_string(start) + " to " +
                                    std::to_string(stop) + " by " + std::to_string(step)}});
}

int64_t read_integral(const ColumnView& column, size_t row) {
  switch (column.type.kind()) {
    case TypeKind::byte:
      return column.get<int8_t>(row);
    case TypeKind::short_int:
      return column.get<int16_t>(row);
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return column.get<int32_t>(row);
    default:
      return column.get<int64_t>(row);
  }
}

void write_integral(ColumnWriter& out, size_t row, int64_t value) {
  switch (out.type().kind()) {
    case TypeKind::byte:
      return out.set(row, static_cast<int8_t>(value));
    case TypeKind::short_int:
      return out.set(row, static_cast<int16_t>(value));
    case TypeKind::integer:
    case TypeKind::date:
      return out.set(row, static_cast<int32_t>(value));
    default:
      return out.set(row, value);
  }
}

Step read_step(Arguments arguments, size_t row, int64_t start, int64_t stop) {
  const Type& type = arguments[0].type;
  if (arguments.size() < 3) {
    const int64_t sign = start <= stop ? 1 : -1;
    return type.is_integral() ? Step{0, 0, sign} : Step{0, sign, 0};
  }
  switch (arguments[2].type.kind()) {
    case TypeKind::calendar_interval: {
      const auto interval = arguments[2].get<CalendarInterval>(row);
      return {interval.months, interval.days, interval.microseconds};
    }
    case TypeKind::year_month_interval:
      return {arguments[2].get<int32_t>(row), 0, 0};
    case TypeKind::day_time_interval: {
      const int64_t micros = arguments[2].get<int64_t>(row);
      return {0, micros / micros_per_day, micros % micros_per_day};
    }
    default:
      return {0, 0, read_integral(arguments[2], row)};
  }
}

/// Number of elements from start to stop, both included. Errors: an empty or endless sequence.
int64_t sequence_length(int64_t start, int64_t stop, int64_t step) {
  const bool fits = (start == stop && step == 0) || (step > 0 && start <= stop) || (step < 0 && start >= stop);
  if (!fits) {
    throw_boundaries(start, stop, step);
  }
  if (start == stop) {
    return 1;
  }
  const Int128 length = (static_cast<Int128>(stop) - start) / step + 1;
  check_array_length(length > INT64_MAX ? INT64_MAX : static_cast<int64_t>(length), "sequence");
  return static_cast<int64_t>(length);
}

/// Moves a time (microseconds, UTC) by a number of steps.
int64_t moved(int64_t start, const Step& step, int64_t times, const TimeZone& zone) {
  int64_t value = start;
  if (step.months != 0 || step.days != 0) {
    const int64_t local = zone.to_local(value);
    int64_t days = floor_div(local, micros_per_day);
    const int64_t time = local - days * micros_per_day;
    days = add_months_to_days(days, step.months * times) + step.days * times;
    value = zone.to_utc(days * micros_per_day + time);
  }
  return value + step.units * times;
}

void write_times(const KernelContext& context, Arguments arguments, size_t row, ColumnWriter& out,
                 std::vector<int64_t>& values) {
  const Type& type = arguments[0].type;
  const bool date = type.is(TypeKind::date);
  const TimeZonePtr zone = get_time_zone(type.is(TypeKind::timestamp_ntz) || date ? "UTC" : context.call.time_zone);
  const int64_t scale = date ? micros_per_day : 1;
  const int64_t start = read_integral(arguments[0], row) * scale;
  const int64_t stop = read_integral(arguments[1], row) * scale;
  const Step step = read_step(arguments, row, start, stop);
  if (date && step.months == 0 && step.days == 0 && step.units != 0) {
    throw SparkError(ErrorKind::illegal_argument, "_LEGACY_ERROR_TEMP_3242",
                     {{"intervalType",
                       arguments[2].type.is(TypeKind::calendar_interval) ? "interval" : type_name(arguments[2].type)}});
  }
  constexpr int64_t micros_per_month = 28 * micros_per_day;
  const Int128 whole = static_cast<Int128>(step.months) * micros_per_month +
                       static_cast<Int128>(step.days) * micros_per_day + step.units;
  const int64_t estimate = whole > INT64_MAX ? INT64_MAX : whole < INT64_MIN ? INT64_MIN : static_cast<int64_t>(whole);
  const bool fits =
      (start == stop && estimate == 0) || (estimate > 0 && start <= stop) || (estimate < 0 && start >= stop);
  if (!fits) {
    throw_boundaries(start, stop, step.months != 0 && step.days == 0 && step.units == 0 ? step.months : estimate);
  }
  values.clear();
  for (int64_t i = 0;; ++i) {
    const int64_t value = moved(start, step, i, *zone);
    if (estimate >= 0 ? value > stop : value < stop) {
      break;
    }
    values.push_back(floor_div(value, scale));
    check_array_length(static_cast<int64_t>(values.size()), "sequence");
    if (start == stop) {
      break;
    }
  }
  size_t at = out.start_list(row, values.size());
  for (const int64_t value : values) {
    write_integral(out.child(0), at++, value);
  }
}

void run_sequence(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  std::vector<int64_t> values;
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, arguments.size(), row)) {
      out.set_null(row);
      continue;
    }
    if (!arguments[0].type.is_integral()) {
      write_times(context, arguments, row, out, values);
      continue;
    }
    const int64_t start = read_integral(arguments[0], row);
    const int64_t stop = read_integral(arguments[1], row);
    const int64_t step = read_step(arguments, row, start, stop).units;
    const int64_t length = sequence_length(start, stop, step);
    const size_t at = out.start_list(row, static_cast<size_t>(length));
    for (int64_t i = 0; i < length; ++i) {
      write_integral(out.child(0), at + static_cast<size_t>(i), start + i * step);
    }
  }
}

Type element_type(const CallInfo& call) { return call.argument_types[0].element(); }
Type first_type(const CallInfo& call) { return call.argument_types[0]; }
Type sequence_type(const CallInfo& call) { return Type::array(call.argument_types[0], false); }

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

template <bool whole_array>
void check_order(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  if (type.is(TypeKind::array) && !has_order(type.element())) {
    throw SparkError("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                     {{"functionName", "`" + call.name + "`"},
                      {"dataType", "\"" + sql_string(whole_array ? type : type.element()) + "\""}});
  }
}

}  // namespace

void check_sortable(const CallInfo& call) { check_order<true>(call); }

namespace {

std::string show_sort(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ", " + (arguments.size() > 1 ? arguments[1] : "true") + ")";
}

std::string show_shuffle(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ")";
}

constexpr FunctionDef rows[] = {
    {.name = "array_max",
     .forms = {"(array<any>) -> rule"},
     .result = element_type,
     .check = check_order<false>,
     .nullability = Nullability::always,
     .lower = Own{{run_extremum<1>}},
     .doc = "The greatest element of an array, NULL aside.",
     .examples = {"array_max(array(1, 20, null, 3)) = 20"}},
    {.name = "array_min",
     .forms = {"(array<any>) -> rule"},
     .result = element_type,
     .check = check_order<false>,
     .nullability = Nullability::always,
     .lower = Own{{run_extremum<-1>}},
     .doc = "The smallest element of an array, NULL aside.",
     .examples = {"array_min(array(1, 20, null, 3)) = 1"}},
    {.name = "sort_array",
     .forms = {"(array<any>) -> rule", "(array<any>, boolean) -> rule"},
     .result = first_type,
     .check = check_sortable,
     .display = show_sort,
     .lower = Own{{sort_arrays}},
     .doc = "The array in ascending order with NULL first, or in descending order with NULL last.",
     .examples = {"sort_array(array('b', 'd', null, 'c', 'a'), true) = [null,'a','b','c','d']"}},
    {.name = "shuffle",
     .forms = {"(array<any>) -> rule", "(array<any>, int|long) -> rule"},
     .result = first_type,
     .purity = Purity::per_row,
     .display = show_shuffle,
     .lower = Own{{run_shuffle, make_shuffler}},
     .doc = "The elements of an array in random order; a seed makes it repeatable."},
    {.name = "sequence",
     .forms = {"(T, T) -> rule", "(T, T, integral|interval|ym_interval|dt_interval) -> rule"},
     .result = sequence_type,
     .failure = Failure::possible,
     .lower = Own{{run_sequence}},
     .errors = {"COLLECTION_SIZE_LIMIT_EXCEEDED"},
     .doc = "The numbers, dates or times from a start to a stop, both included, a step apart.",
     .examples = {"sequence(1, 5) = [1,2,3,4,5]"}},
};

}  // namespace

std::span<const FunctionDef> array_order_functions() { return rows; }

}  // namespace pyrite
