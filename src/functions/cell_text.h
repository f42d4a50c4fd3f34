// Any value as text, as CAST(x AS STRING) and show() write it.
#pragma once

#include <string>

#include "functions/column.h"
#include "types/time_zone.h"

namespace pyrite {

/// Appends the text of a row that is not NULL; NULL inside nested values is "null". Timestamps show in `zone`.
void append_cell_text(const ColumnView& column, size_t row, const TimeZone& zone, std::string& out);

}  // namespace pyrite
