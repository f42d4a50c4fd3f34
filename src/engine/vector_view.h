// DuckDB vectors as the kernels' column views and writers.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "duckdb/common/types/vector.hpp"
#include "functions/column.h"

namespace pyrite {

/// Views over vectors; owns what the views point to besides the vectors themselves.
class VectorViews {
 public:
  ColumnView view(const duckdb::Vector& vector, const Type& type, size_t rows);
  void clear() { formats_.clear(); }

 private:
  std::deque<duckdb::UnifiedVectorFormat> formats_;
};

/// Writes a flat vector. One writer lives as long as its vector is being written.
class VectorWriter final : public ColumnWriter {
 public:
  VectorWriter(duckdb::Vector& vector, const Type& type);

  const Type& type() const override { return type_; }
  void* data() override;
  void set_null(size_t row) override;
  void set_text(size_t row, std::string_view bytes) override;
  size_t start_list(size_t row, size_t length) override;
  ColumnWriter& child(size_t index) override;
  void copy(size_t row, const ColumnView& source, size_t source_row) override;

 private:
  duckdb::Vector& vector_;
  Type type_;
  std::vector<std::unique_ptr<VectorWriter>> children_;
};

/// Bytes of a fixed-width value in memory; 0 for strings and nested types.
size_t fixed_width(const Type& type);

}  // namespace pyrite
