// Any value as text, as CAST(x AS STRING) and show() write it.
#pragma once

#include <string>

#include "functions/column.h"
#include "functions/function_def.h"
#include "types/time_zone.h"

namespace pyrite {

/// cast: NULL inside nested values is "null", binary stays as it is; show: "NULL" and binary as BinaryStyle says.
enum class CellStyle { cast, show };
/// spark.sql.binaryOutputStyle: UTF-8, BASIC [97, 98], BASE64 without padding, HEX 6162, HEX_DISCRETE [61 62].
enum class BinaryStyle { text, numbers, base64, hex, hex_list };

BinaryStyle binary_style(const SessionFacts& session);

/// Appends the text of a row that is not NULL. Timestamps show in `zone`.
void append_cell_text(const ColumnView& column, size_t row, const TimeZone& zone, std::string& out,
                      CellStyle style = CellStyle::cast, BinaryStyle binary = BinaryStyle::hex_list);

}  // namespace pyrite
