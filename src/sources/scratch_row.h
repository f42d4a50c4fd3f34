// One row apart from the result: where a record may be dropped, it is written here first, since a result's row that was
// set NULL stays so.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "functions/memory_column.h"
#include "plan/resolved_relation.h"

namespace pyrite {

class ScratchRow {
 public:
  /// A row of the columns at the positions `wanted`.
  ScratchRow(const std::vector<resolved::Column>& columns, const std::vector<int>& wanted) {
    for (const int position : wanted) {
      columns_.push_back(std::make_unique<MemoryColumn>(columns[static_cast<size_t>(position)].type, 1));
      writers_.push_back(columns_.back().get());
    }
  }

  std::span<ColumnWriter* const> columns() const { return writers_; }

  ValueList values() const {
    ValueList out;
    for (const auto& column : columns_) {
      out.push_back(column->value(0));
    }
    return out;
  }

  void copy_to(std::span<ColumnWriter* const> columns, size_t row) const {
    for (size_t i = 0; i < columns.size(); ++i) {
      columns[i]->copy(row, columns_[i]->view(), 0);
    }
  }

 private:
  std::vector<std::unique_ptr<MemoryColumn>> columns_;
  std::vector<ColumnWriter*> writers_;
};

}  // namespace pyrite
