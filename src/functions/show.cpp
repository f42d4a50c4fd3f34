// Values as df.show() prints them.
#include "functions/call_options.h"
#include "functions/cell_text.h"
#include "functions/families.h"

namespace pyrite {
namespace {

void run_show(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  const TimeZone& zone = *context.as<TimeZonePtr>();
  const BinaryStyle binary = binary_style(call_session(context.call));
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    text.clear();
    if (arguments[0].is_null(row)) {
      text = "NULL";
    } else {
      append_cell_text(arguments[0], row, zone, text, CellStyle::show, binary);
    }
    out.set_text(row, text);
  }
}

std::shared_ptr<void> find_zone(const CallInfo& call) {
  return std::make_shared<TimeZonePtr>(get_time_zone(call.time_zone));
}

constexpr FunctionDef rows[] = {
    {.name = "to_pretty_string",
     .forms = {"(any) -> string"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::never,
     .lower = lowering::Own{Kernel{&run_show, &find_zone}},
     .doc = "The text of a value as a table of show() prints it; internal."},
};

}  // namespace

std::span<const FunctionDef> show_functions() { return rows; }

}  // namespace pyrite
