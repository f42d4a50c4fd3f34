// A column in plain memory: for constants, row-at-a-time work and tests of kernels.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "functions/function_def.h"

namespace pyrite {

class MemoryColumn final : public ColumnWriter {
 public:
  explicit MemoryColumn(Type type, size_t rows = 0);
  MemoryColumn(Type type, const ValueList& values);

  const Type& type() const override { return type_; }
  void* data() override { return bytes_.data(); }
  void set_null(size_t row) override;
  void set_text(size_t row, std::string_view bytes) override;
  size_t start_list(size_t row, size_t length) override;
  ColumnWriter& child(size_t index) override { return *children_[index]; }
  void copy(size_t row, const ColumnView& source, size_t source_row) override;

  /// Valid until the column changes.
  ColumnView view() const;
  size_t size() const { return rows_; }
  Value value(size_t row) const { return read_value(view(), row); }

 private:
  void resize(size_t rows);

  Type type_;
  size_t rows_ = 0;
  size_t width_ = 0;
  std::vector<char> bytes_;
  std::vector<uint64_t> validity_;
  std::deque<std::string> texts_;
  std::vector<std::unique_ptr<MemoryColumn>> children_;
};

/// Runs a kernel over columns of values and gives its results back.
ValueList run_kernel(const Kernel& kernel, const CallInfo& call, const std::vector<ValueList>& arguments, size_t rows);

}  // namespace pyrite
