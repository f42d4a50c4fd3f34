// Any value as text, as CAST(x AS STRING) and show() write it.
#pragma once

#include <string>

#include "functions/column.h"
#include "types/time_zone.h"

namespace pyrite {

/// cast: NULL inside nested values is "null", binary stays as it is; show: "NULL" and [61 62].
enum class CellStyle { cast, show };

/// Appends the text of a row that is not NULL. Timestamps show in `zone`.
void append_cell_text(const ColumnView& column, size_t row, const TimeZone& zone, std::string& out,
                      CellStyle style = CellStyle::cast);

}  // namespace pyrite
