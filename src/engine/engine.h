// The engine: runs resolved plans. The only interface of the folder; no engine type shows in it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "functions/function_def.h"
#include "plan/resolved_relation.h"

struct ArrowArray;
struct ArrowSchema;

namespace pyrite {

class ColumnarProvider;

struct EngineOptions {
  int threads = 0;                             ///< 0: every core
  std::string memory_limit;                    ///< "8GB"; empty: 80 % of RAM
  std::shared_ptr<ColumnarProvider> columnar;  ///< reads and writes ORC; nullptr: ORC is refused
  std::string temporary_directory;             ///< spill files; empty: a folder under the system's
};

struct Progress {
  double fraction = 0;  ///< 0 … 1; negative: unknown
  uint64_t rows_processed = 0;
  uint64_t total_rows = 0;
};

/// What `observe` nodes and the query's clock left behind, complete when the stream has ended.
struct ObservedMetrics {
  std::string name;
  std::vector<resolved::Column> columns;
  ValueList values;
};

/// Rows of a running query, batch by batch; the query goes on only as fast as it is read.
class ResultStream {
 public:
  virtual ~ResultStream() = default;
  virtual const std::vector<resolved::Column>& columns() const = 0;
  /// Exports the next batch (a struct array of the columns); false at the end. Throws SparkError.
  virtual bool next(ArrowArray* out) = 0;
  /// The Arrow schema of the batches, with Spark's types (time zones, intervals).
  virtual void schema(ArrowSchema* out) const = 0;
  virtual Progress progress() const = 0;
  virtual std::vector<ObservedMetrics> observed() const { return {}; }
};

/// Stops a query from any thread.
class Cancellation {
 public:
  void cancel() { cancelled_ = true; }
  bool cancelled() const { return cancelled_; }

 private:
  std::atomic<bool> cancelled_{false};
};

struct ExecutionOptions {
  std::shared_ptr<const SessionFacts> session;
  std::shared_ptr<Cancellation> cancellation;
  size_t batch_rows = 0;  ///< rows of a result batch; 0: the engine's choice
  /// Months, days and times leave as Spark's Arrow types; strings as utf8 unless asked for large.
  bool large_strings = false;
};

/// How rows are written to files.
struct FileSink {
  std::string format;     ///< parquet, csv, json, text, orc
  std::string directory;  ///< existing; file names are made unique in it
  plan::Options options;
  std::vector<int> partition_columns;  ///< positions in the input
};

class Engine {
 public:
  virtual ~Engine() = default;
  /// Throws SparkError when the options cannot be met.
  static std::unique_ptr<Engine> create(const EngineOptions& options);

  virtual std::unique_ptr<ResultStream> execute(const resolved::RelationPtr& plan, const ExecutionOptions& options) = 0;
  /// Evaluates an expression without column references. Throws SparkError.
  virtual Value evaluate(const resolved::ExpressionPtr& expression, const ExecutionOptions& options) = 0;
  /// The engine's own plan as text, for explain's last section.
  virtual std::string explain(const resolved::RelationPtr& plan, const ExecutionOptions& options) = 0;

  /// The columns of a Parquet (or ORC) file, as Spark reads them. Errors: FAILED_READ_FILE.…;
  /// ColumnarFailure of a provided format.
  virtual std::vector<StructField> file_schema(const std::string& format, const std::string& file) {
    throw_unsupported("reading the schema of " + format + " files such as " + file);
  }

  // Tables in memory. A handle stays valid until dropped; readers that started keep their snapshot.
  virtual std::string create_storage(const std::vector<resolved::Column>& columns) = 0;
  virtual void drop_storage(const std::string& storage) = 0;
  /// Runs the plan and adds its rows, all or none; overwrite replaces the old ones in the same step.
  virtual int64_t insert(const std::string& storage, const resolved::RelationPtr& plan, bool overwrite,
                         const ExecutionOptions& options) = 0;
  /// Runs the plan and writes its rows to files; returns the paths written. On error no file is left.
  virtual std::vector<std::string> write_files(const resolved::RelationPtr& plan, const FileSink& sink,
                                               const ExecutionOptions& options) = 0;
};

}  // namespace pyrite
