// Numbers in other bases: bin and conv.
#include "base/error.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

std::string bin(int64_t number) {
  std::string out;
  auto rest = static_cast<uint64_t>(number);
  do {
    out.insert(out.begin(), static_cast<char>('0' + (rest & 1)));
    rest >>= 1;
  } while (rest);
  return out;
}

int digit_value(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'z' ? c - 'a' + 10
         : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                                : 99;
}

/// Reads an unsigned 64-bit number until the first foreign character; negative target bases show it signed.
std::optional<std::string> conv(const KernelContext& context, std::string_view text, int32_t from, int32_t to) {
  const int64_t target = to < 0 ? -int64_t{to} : to;
  if (from < 2 || from > 36 || target < 2 || target > 36) {
    return std::nullopt;
  }
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) {
    return std::nullopt;
  }
  text = text.substr(begin, text.find_last_not_of(' ') - begin + 1);
  const bool negative = text.starts_with('-');
  uint64_t value = 0;
  bool over = false;
  for (const char c : text.substr(negative ? 1 : 0)) {
    const int digit = digit_value(c);
    if (digit >= from) {
      break;
    }
    over = over || __builtin_mul_overflow(value, static_cast<uint64_t>(from), &value) ||
           __builtin_add_overflow(value, static_cast<uint64_t>(digit), &value);
  }
  if (over) {
    if (context.ansi()) {
      throw SparkError(
          "ARITHMETIC_OVERFLOW",
          {{"message", "Overflow in function conv()"}, {"alternative", ""}, {"config", "\"spark.sql.ansi.enabled\""}});
    }
    value = ~uint64_t{0};
  }
  bool minus = negative;
  if (negative && to > 0) {
    value = static_cast<int64_t>(value) < 0 ? ~uint64_t{0} : 0 - value;
  }
  if (to < 0 && static_cast<int64_t>(value) < 0) {
    value = 0 - value;
    minus = true;
  }
  std::string out;
  do {
    out.insert(out.begin(), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % static_cast<uint64_t>(target)]);
    value /= static_cast<uint64_t>(target);
  } while (value);
  return minus && to < 0 ? "-" + out : out;
}

constexpr FunctionDef rows[] = {
    {.name = "bin",
     .forms = {"(long) -> string"},
     .lower = Own{kernel<bin>},
     .doc = "Binary digits of a number.",
     .examples = {"bin(13) = '1101'"},
     .since = "1.5.0",
     .group = "math_funcs"},
    {.name = "conv",
     .forms = {"(string, int, int) -> string"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{kernel<conv>},
     .errors = {"ARITHMETIC_OVERFLOW"},
     .doc = "Rewrites a number from one base, 2 to 36, in another; a negative base shows the sign.",
     .examples = {"conv('100', 2, 10) = '4'", "conv(-10, 16, -10) = '-16'"},
     .since = "1.5.0",
     .group = "math_funcs"},
};

}  // namespace

std::span<const FunctionDef> number_base_functions() { return rows; }

}  // namespace pyrite
