// A running query's rows as Arrow batches.
#pragma once

#include "duckdb/main/connection.hpp"
#include "duckdb/main/query_result_stream.hpp"
#include "engine/arrow_export.h"
#include "engine/query_state.h"
#include "engine/vector_view.h"

namespace pyrite {

/// Runs a lowered plan on its own connection.
class QueryRun {
 public:
  QueryRun(duckdb::unique_ptr<duckdb::Connection> connection, duckdb::unique_ptr<duckdb::LogicalOperator> plan,
           QueryStatePtr query);
  ~QueryRun();
  /// The next chunk of rows, or nullptr at the end. Throws SparkError; obeys the query's cancellation.
  duckdb::unique_ptr<duckdb::DataChunk> next();
  Progress progress() const;

 private:
  [[noreturn]] void fail(const duckdb::ErrorData& error);

  duckdb::unique_ptr<duckdb::Connection> connection_;
  QueryStatePtr query_;
  duckdb::unique_ptr<duckdb::QueryResultStream<>> stream_;
  bool done_ = false;
};

using MeasureObserved = std::function<std::vector<ObservedMetrics>()>;

class ArrowStream final : public ResultStream {
 public:
  ArrowStream(std::unique_ptr<QueryRun> run, std::vector<resolved::Column> columns, const ExecutionOptions& options,
              MeasureObserved measure = nullptr);

  const std::vector<resolved::Column>& columns() const override { return columns_; }
  bool next(ArrowArray* out) override;
  void schema(ArrowSchema* out) const override { export_schema(columns_, arrow_, out); }
  Progress progress() const override;
  std::vector<ObservedMetrics> observed() const override {
    return measure_ ? measure_() : std::vector<ObservedMetrics>();
  }

 private:
  std::unique_ptr<QueryRun> run_;
  MeasureObserved measure_;
  std::vector<resolved::Column> columns_;
  ArrowOptions arrow_;
  ArrowBatch batch_;
  size_t batch_rows_;
  duckdb::unique_ptr<duckdb::DataChunk> chunk_;
  size_t position_ = 0;
  bool ended_ = false;
};

}  // namespace pyrite
