// Values of partition columns as constant columns.
#include "engine/partition_fill.h"

#include "base/error.h"
#include "engine/vector_view.h"
#include "functions/csv_format.h"

namespace pyrite {

void fill_partition(const std::optional<std::string>& text, const resolved::Column& column,
                    const std::string& time_zone, duckdb::Vector& vector, size_t rows) {
  VectorWriter writer(vector, column.type);
  if (!text) {
    for (size_t row = 0; row < rows; ++row) {
      writer.set_null(row);
    }
    return;
  }
  CsvFormat format;
  format.time_zone = time_zone;
  const CsvConverter converter(format, column.type);
  const CsvCell cell{*text, true, true};
  for (size_t row = 0; row < rows; ++row) {
    if (!converter.write(cell, writer, row)) {
      throw SparkError("INVALID_PARTITION_VALUE",
                       {{"value", *text}, {"columnName", column.name}, {"dataType", sql_string(column.type)}});
    }
  }
}

}  // namespace pyrite
