// A running query's rows as Arrow batches.
#include "engine/result_stream.h"

#include "duckdb/main/client_context.hpp"
#include "duckdb/parser/statement/logical_plan_statement.hpp"
#include "engine/validity.h"

namespace pyrite {
namespace {

constexpr size_t default_batch_rows = 32768;
/// A batch ends early when its strings grow beyond this.
constexpr size_t most_text_bytes = size_t{32} << 20;

}  // namespace

QueryRun::QueryRun(duckdb::unique_ptr<duckdb::Connection> connection, duckdb::unique_ptr<duckdb::LogicalOperator> plan,
                   QueryStatePtr query)
    : connection_(std::move(connection)), query_(std::move(query)) {
  try {
    auto result = connection_->Submit(duckdb::make_uniq<duckdb::LogicalPlanStatement>(std::move(plan)));
    if (result->HasError()) {
      fail(result->GetErrorObject());
    }
    stream_ = duckdb::make_uniq<duckdb::QueryResultStream<>>(std::move(result));
  } catch (const SparkError&) {
    throw;
  } catch (const std::exception& error) {
    fail(duckdb::ErrorData(error));
  }
}

QueryRun::~QueryRun() {
  if (stream_ && !done_) {
    connection_->Interrupt();
  }
}

void QueryRun::fail(const duckdb::ErrorData& error) {
  done_ = true;
  keep_usable(*connection_->context);
  throw translate_error(query_->errors, error);
}

duckdb::unique_ptr<duckdb::DataChunk> QueryRun::next() {
  if (done_) {
    return nullptr;
  }
  try {
    while (true) {
      duckdb::unique_ptr<duckdb::DataChunk> chunk;
      const duckdb::QueryResultState state = stream_->TryFetch(chunk);
      if (chunk && chunk->size() > 0) {
        return chunk;
      }
      if (query_->cancellation && query_->cancellation->cancelled()) {
        connection_->Interrupt();
        done_ = true;
        stream_->Close();
        throw SparkError("OPERATION_CANCELED");
      }
      if (stream_->HasError()) {
        fail(stream_->GetErrorObject());
      }
      switch (state) {
        case duckdb::QueryResultState::FINISHED:
          done_ = true;
          return nullptr;
        case duckdb::QueryResultState::EXECUTION_ERROR:
          fail(stream_->GetErrorObject());
        case duckdb::QueryResultState::READY:
          break;
        default:
          if (stream_->ExecuteTask() == duckdb::QueryResultState::BLOCKED) {
            stream_->WaitForTask();
          }
      }
    }
  } catch (const SparkError&) {
    throw;
  } catch (const std::exception& error) {
    fail(duckdb::ErrorData(error));
  }
}

Progress QueryRun::progress() const {
  duckdb::QueryProgress progress = connection_->context->GetQueryProgress();
  return {progress.GetPercentage() / 100.0, progress.GetRowsProcessed(), progress.GetTotalRowsToProcess()};
}

ArrowStream::ArrowStream(std::unique_ptr<QueryRun> run, std::vector<resolved::Column> columns,
                         const ExecutionOptions& options, MeasureObserved measure)
    : run_(std::move(run)),
      measure_(std::move(measure)),
      columns_(std::move(columns)),
      arrow_{options.session ? options.session->time_zone : "UTC", options.large_strings},
      batch_(columns_, arrow_),
      batch_rows_(options.batch_rows ? options.batch_rows : default_batch_rows) {}

bool ArrowStream::next(ArrowArray* out) {
  while (!ended_ && batch_.rows() < batch_rows_ && batch_.text_bytes() < most_text_bytes) {
    if (!chunk_ || position_ == chunk_->size()) {
      chunk_ = run_->next();
      position_ = 0;
      if (!chunk_) {
        ended_ = true;
        break;
      }
    }
    const size_t rows = std::min<size_t>(chunk_->size() - position_, batch_rows_ - batch_.rows());
    if (rows < chunk_->size()) {
      duckdb::DataChunk part;
      part.InitializeEmpty(chunk_->GetTypes());
      part.Slice(*chunk_, position_, position_ + rows);
      VectorViews views;
      std::vector<ColumnView> columns;
      for (size_t i = 0; i < columns_.size(); ++i) {
        columns.push_back(views.view(part.data[i], columns_[i].type, rows));
      }
      batch_.append(columns, rows);
    } else {
      VectorViews views;
      std::vector<ColumnView> columns;
      for (size_t i = 0; i < columns_.size(); ++i) {
        columns.push_back(views.view(chunk_->data[i], columns_[i].type, rows));
      }
      batch_.append(columns, rows);
    }
    position_ += rows;
  }
  if (batch_.rows() == 0) {
    return false;
  }
  batch_.finish(out);
  return true;
}

Progress ArrowStream::progress() const { return run_->progress(); }

}  // namespace pyrite
