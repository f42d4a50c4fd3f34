// A column of Arrow data, copied into DuckDB's vectors.
#pragma once

#include <memory>
#include <vector>

#include "functions/column.h"
#include "nanoarrow/nanoarrow.h"
#include "types/time_zone.h"

namespace pyrite {

/// One column of a batch with what its schema says.
struct ArrowSource {
  const ArrowArrayView* array;
  const ArrowSchema* schema;
  ArrowSource child(int64_t index) const { return {array->children[index], schema->children[index]}; }
};

/// How data of a file differs from a client's.
struct ArrowFileRules {
  /// Old days and moments count by the calendar of Java's old classes in this zone; nullptr: they do not.
  const TimeZone* old_calendar = nullptr;
  bool case_sensitive = false;  ///< the names of structures' fields, by which they are matched
};

/// The position of a field by name; -1: there is none, or more than one without regard to case.
int find_arrow_field(const ArrowSchema& schema, const std::string& name, bool case_sensitive);

/// Copies rows of an Arrow column to rows of a vector. `row` is an index that counts from the array's offset.
/// Numbers widen to the wanted type; those of a file are NULL where they do not fit. Without `rules` the fields of
/// structures are matched by position.
class ArrowColumn {
 public:
  /// The type must outlive the column. Errors: INTERNAL_ERROR when the data cannot hold the type.
  ArrowColumn(const ArrowSource& source, const Type& type, const ArrowFileRules* rules = nullptr);
  void read(int64_t first, size_t count, ColumnWriter& out, size_t out_row);

 private:
  void read_row(int64_t row, ColumnWriter& out, size_t out_row);
  bool read_plain(int64_t first, size_t count, ColumnWriter& out, size_t out_row);
  template <class T>
  void read_whole(int64_t row, ColumnWriter& out, size_t out_row) const;
  void add_child(const ArrowSource& source, const Type& type);
  void add_fields();
  void check_storage() const;
  int32_t months_at(int64_t row) const;
  Int128 decimal_at(int64_t row) const;

  ArrowSource source_;
  const Type& type_;
  const ArrowFileRules* rules_;
  ArrowSchemaView view_;
  ArrowType storage_ = NANOARROW_TYPE_UNINITIALIZED;
  int64_t factor_ = 1;
  const Type binary_ = Type::binary();
  std::unique_ptr<ArrowColumn> dictionary_;
  std::vector<std::unique_ptr<ArrowColumn>> children_;  ///< nullptr: a field that the data lacks
};

}  // namespace pyrite
