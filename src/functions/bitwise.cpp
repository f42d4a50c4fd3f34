// Bit operators and shifts.
#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/operator_rules.h"
#include "functions/row_loop.h"

namespace pyrite {
namespace {

using resolved::ExpressionPtr;
using Arguments = std::vector<ExpressionPtr>;
using Columns = std::span<const ColumnView>;

enum class BitOperator : uint8_t { and_, or_, xor_ };
enum class Shift : uint8_t { left, right, right_unsigned };

ExpressionPtr bind_bits(const FunctionDef& function, Arguments arguments, const BindOptions& options) {
  require_count(function, options, arguments.size(), 2);
  const ExpressionPtr left = arguments[0], right = arguments[1];
  const auto operands = meet_as_numbers(ArithmeticKind::plain, left, right, options);
  if (!operands || !operands->left->type.is_integral()) {
    if (left->type.is(TypeKind::null) && right->type.is(TypeKind::null)) {
      const auto mode = implicit_cast_mode(options);
      return make_call(function, {cast_to(left, Type::integer(), mode), cast_to(right, Type::integer(), mode)}, options,
                       Type::integer());
    }
    const auto [a, b] = refused_types(left, right, true, options);
    throw_bad_operands(function, arguments, a, b, options, "\"INTEGRAL\"");
  }
  return make_call(function, {operands->left, operands->right}, options, operands->left->type);
}

template <BitOperator op, class T>
void combine(Columns arguments, size_t rows, ColumnWriter& out) {
  map_pairs<T, T, T>(arguments[0], arguments[1], rows, out, [](T left, T right, T& result) {
    result = static_cast<T>(op == BitOperator::and_  ? left & right
                            : op == BitOperator::or_ ? left | right
                                                     : left ^ right);
    return true;
  });
}

template <BitOperator op>
void run_bits(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  switch (arguments[0].type.kind()) {
    case TypeKind::byte:
      return combine<op, int8_t>(arguments, rows, out);
    case TypeKind::short_int:
      return combine<op, int16_t>(arguments, rows, out);
    case TypeKind::integer:
      return combine<op, int32_t>(arguments, rows, out);
    default:
      return combine<op, int64_t>(arguments, rows, out);
  }
}

template <class T>
void invert(Columns arguments, size_t rows, ColumnWriter& out) {
  map_rows<T, T>(arguments[0], rows, out, [](T value, T& result) {
    result = static_cast<T>(~value);
    return true;
  });
}

void run_invert(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  switch (arguments[0].type.kind()) {
    case TypeKind::byte:
      return invert<int8_t>(arguments, rows, out);
    case TypeKind::short_int:
      return invert<int16_t>(arguments, rows, out);
    case TypeKind::integer:
      return invert<int32_t>(arguments, rows, out);
    default:
      return invert<int64_t>(arguments, rows, out);
  }
}

/// The distance counts modulo the width of the value, as in Java.
template <Shift shift, class T>
void move_bits(Columns arguments, size_t rows, ColumnWriter& out) {
  using Bits = std::make_unsigned_t<T>;
  map_pairs<T, int32_t, T>(arguments[0], arguments[1], rows, out, [](T value, int32_t distance, T& result) {
    const int by = distance & static_cast<int>(sizeof(T) * 8 - 1);
    result = shift == Shift::left    ? static_cast<T>(static_cast<Bits>(value) << by)
             : shift == Shift::right ? static_cast<T>(value >> by)
                                     : static_cast<T>(static_cast<Bits>(value) >> by);
    return true;
  });
}

template <Shift shift>
void run_shift(const KernelContext&, Columns arguments, size_t rows, ColumnWriter& out) {
  return arguments[0].type.is(TypeKind::integer) ? move_bits<shift, int32_t>(arguments, rows, out)
                                                 : move_bits<shift, int64_t>(arguments, rows, out);
}

std::string show_invert(std::string_view, const std::vector<std::string>& arguments) { return "~" + arguments[0]; }

/// The operators show between their arguments, the functions before them.
std::string show_shift(std::string_view name, const std::vector<std::string>& arguments) {
  return name[0] == '<' || name[0] == '>' ? show_infix(name, arguments) : call_text(name, arguments);
}

Type same_as_first(const CallInfo& call) { return call.argument_types[0]; }

const FunctionDef rows[] = {
    {.name = "&",
     .bind = bind_bits,
     .display = show_infix,
     .lower = lowering::Own{Kernel{&run_bits<BitOperator::and_>, nullptr}},
     .doc = "The bits that both numbers have.",
     .examples = {"3 & 5 = 1"},
     .since = "1.4.0",
     .group = "bitwise_funcs"},
    {.name = "|",
     .bind = bind_bits,
     .display = show_infix,
     .lower = lowering::Own{Kernel{&run_bits<BitOperator::or_>, nullptr}},
     .doc = "The bits that one of two numbers has.",
     .examples = {"3 | 5 = 7"},
     .since = "1.4.0",
     .group = "bitwise_funcs"},
    {.name = "^",
     .bind = bind_bits,
     .display = show_infix,
     .lower = lowering::Own{Kernel{&run_bits<BitOperator::xor_>, nullptr}},
     .doc = "The bits that only one of two numbers has.",
     .examples = {"3 ^ 5 = 6"},
     .since = "1.4.0",
     .group = "bitwise_funcs"},
    {.name = "~",
     .forms = {"(integral) -> rule"},
     .result = same_as_first,
     .display = show_invert,
     .lower = lowering::Own{Kernel{&run_invert, nullptr}},
     .doc = "The number with every bit turned.",
     .examples = {"~ 0 = -1"},
     .since = "1.4.0",
     .group = "bitwise_funcs"},
    {.name = "shiftleft",
     .aliases = {{"<<"}},
     .forms = {"(int, int) -> int", "(long, int) -> long"},
     .display = show_shift,
     .lower = lowering::Own{Kernel{&run_shift<Shift::left>, nullptr}},
     .doc = "The number's bits moved to the left.",
     .examples = {"shiftleft(2, 1) = 4"},
     .since = "1.5.0",
     .group = "bitwise_funcs"},
    {.name = "shiftright",
     .aliases = {{">>"}},
     .forms = {"(int, int) -> int", "(long, int) -> long"},
     .display = show_shift,
     .lower = lowering::Own{Kernel{&run_shift<Shift::right>, nullptr}},
     .doc = "The number's bits moved to the right, keeping its sign.",
     .examples = {"shiftright(4, 1) = 2"},
     .since = "1.5.0",
     .group = "bitwise_funcs"},
    {.name = "shiftrightunsigned",
     .aliases = {{">>>"}},
     .forms = {"(int, int) -> int", "(long, int) -> long"},
     .display = show_shift,
     .lower = lowering::Own{Kernel{&run_shift<Shift::right_unsigned>, nullptr}},
     .doc = "The number's bits moved to the right, filled with zeros.",
     .examples = {"shiftrightunsigned(4, 1) = 2"},
     .since = "1.5.0",
     .group = "bitwise_funcs"},
};

}  // namespace

std::span<const FunctionDef> bitwise_functions() { return rows; }

}  // namespace pyrite
