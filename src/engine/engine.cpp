// The engine: a DuckDB instance of its own, with the settings that Spark's meaning needs.
#include "engine/engine.h"

#include <thread>

#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/main/config.hpp"
#include "duckdb/main/connection.hpp"
#include "duckdb/main/database.hpp"
#include "duckdb/storage/buffer_manager.hpp"
#include "engine/columnar_scan.h"
#include "engine/columnar_sink.h"
#include "engine/explain.h"
#include "engine/file_writer.h"
#include "engine/literal.h"
#include "engine/lowering.h"
#include "engine/observe.h"
#include "engine/parquet_scan.h"
#include "engine/result_stream.h"
#include "engine/row_file_writer.h"
#include "engine/storage.h"
#include "sources/source_types.h"

namespace pyrite {
namespace {

class DuckEngine final : public Engine {
 public:
  explicit DuckEngine(const EngineOptions& options) : columnar_(options.columnar) {
    try {
      duckdb::DBConfig config;
      config.SetOptionByName(
          "threads", duckdb::Value::BIGINT(options.threads > 0 ? options.threads
                                                               : std::max(1U, std::thread::hardware_concurrency())));
      if (!options.memory_limit.empty()) {
        config.SetOptionByName("memory_limit", duckdb::Value(options.memory_limit));
      }
      if (!options.temporary_directory.empty()) {
        config.SetOptionByName("temp_directory", duckdb::Value(options.temporary_directory));
      }
      config.SetOptionByName("preserve_insertion_order", duckdb::Value::BOOLEAN(true));
      config.SetOptionByName("scalar_subquery_error_on_multiple_rows", duckdb::Value::BOOLEAN(true));
      config.SetOptionByName("max_expression_depth", duckdb::Value::UBIGINT(100000));
      config.SetOptionByName("autoinstall_known_extensions", duckdb::Value::BOOLEAN(false));
      config.SetOptionByName("autoload_known_extensions", duckdb::Value::BOOLEAN(false));
      database_ = duckdb::make_uniq<duckdb::DuckDB>(nullptr, &config);
    } catch (const SparkError&) {
      throw;
    } catch (const std::exception& error) {
      const ErrorSlot none;
      throw translate_error(none, duckdb::ErrorData(error));
    }
  }

  std::unique_ptr<ResultStream> execute(const resolved::RelationPtr& plan, const ExecutionOptions& options) override {
    const auto query = new_query(options);
    auto connection = duckdb::make_uniq<duckdb::Connection>(*database_);
    auto lowered = lower(*connection, query, plan);
    auto running = std::make_unique<QueryRun>(std::move(connection), std::move(lowered), query);
    MeasureObserved measure;
    if (!query->observed.empty()) {
      measure = [this, observed = query->observed, options] {
        std::vector<ObservedMetrics> out;
        for (const resolved::Observe& node : observed) {
          out.push_back(measure_observed(node, options));
        }
        return out;
      };
    }
    return std::make_unique<ArrowStream>(std::move(running), plan->output, options, std::move(measure));
  }

  Value evaluate(const resolved::ExpressionPtr& expression, const ExecutionOptions& options) override {
    const resolved::Column column{.id = -1, .name = "value", .type = expression->type};
    const auto one_row = resolved::make_relation(resolved::OneRow{}, {});
    const auto plan = resolved::make_relation(resolved::Project{one_row, {{column, expression}}}, {column});
    const auto running = run(plan, options);
    const auto chunk = running->next();
    check(chunk && chunk->size() == 1, "an expression without input gave no row");
    VectorViews views;
    return read_value(views.view(chunk->data[0], expression->type, 1), 0);
  }

  std::string explain(const resolved::RelationPtr& plan, const ExecutionOptions& options) override {
    const auto query = new_query(options);
    auto connection = duckdb::make_uniq<duckdb::Connection>(*database_);
    auto lowered = lower(*connection, query, plan);
    return explain_plan(*connection, std::move(lowered), query);
  }

  std::vector<StructField> file_schema(const std::string& format, const std::string& file) override {
    if (is_provided(format)) {
      return provider_of(columnar_, format).open(format, file)->schema().fields();
    }
    if (format != "parquet") {
      return Engine::file_schema(format, file);
    }
    std::vector<StructField> fields;
    duckdb::Connection connection(*database_);
    in_transaction(connection, ErrorSlot(), [&] {
      const auto binder = duckdb::Binder::CreateBinder(*connection.context);
      const ParquetGet scan = bind_parquet(*binder, {file}, {}, std::nullopt);
      for (size_t i = 0; i < scan.names.size(); ++i) {
        fields.push_back({scan.names[i], parquet_type(scan.types[i])});
      }
    });
    return fields;
  }

  std::string create_storage(const std::vector<resolved::Column>& columns) override {
    return storages_.create(columns);
  }

  void drop_storage(const std::string& storage) override { storages_.drop(storage); }

  int64_t insert(const std::string& storage, const resolved::RelationPtr& plan, bool overwrite,
                 const ExecutionOptions& options) override {
    const Storage target = storages_.snapshot(storage);
    duckdb::vector<duckdb::LogicalType> types;
    for (const resolved::Column& column : target.columns) {
      types.push_back(engine_type(column.type));
    }
    auto rows = duckdb::make_shared_ptr<duckdb::ColumnDataCollection>(
        duckdb::BufferManager::GetBufferManager(*database_->instance), types);
    const auto running = run(plan, options);
    while (auto chunk = running->next()) {
      check(chunk->ColumnCount() == types.size(), "inserted rows have another number of columns than the table");
      rows->Append(*chunk);
    }
    const auto count = static_cast<int64_t>(rows->Count());
    storages_.add(storage, std::move(rows), overwrite);
    return count;
  }

  std::vector<std::string> write_files(const resolved::RelationPtr& plan, const FileSink& sink,
                                       const ExecutionOptions& options) override {
    std::vector<StructField> written;
    for (size_t i = 0; i < plan->output.size(); ++i) {
      const auto& partitions = sink.partition_columns;
      if (std::find(partitions.begin(), partitions.end(), static_cast<int>(i)) == partitions.end()) {
        written.push_back({plan->output[i].name, plan->output[i].type, plan->output[i].nullable, {}});
      }
    }
    check_written_columns(sink.format, written,
                          options.session && options.session->conf("spark.sql.caseSensitive", "false") == "true");
    const std::string job = new_job_name();
    try {
      return sink.format == "parquet" ? write_parquet(plan, sink, job, options) : write_rows(plan, sink, job, options);
    } catch (...) {
      remove_job_files(sink.directory, job);
      throw;
    }
  }

 private:
  QueryStatePtr new_query(const ExecutionOptions& options) const {
    auto query = std::make_shared<QueryState>();
    query->session = options.session ? options.session : std::make_shared<const SessionFacts>();
    query->cancellation = options.cancellation;
    query->columnar = columnar_;
    return query;
  }

  /// Runs work that needs DuckDB's catalog; its errors arrive as SparkErrors.
  static void in_transaction(duckdb::Connection& connection, const ErrorSlot& errors,
                             const std::function<void()>& work) {
    std::exception_ptr failure;
    connection.context->RunFunctionInTransaction([&] {
      try {
        work();
      } catch (const SparkError&) {
        failure = std::current_exception();
      } catch (const std::exception& error) {
        failure = std::make_exception_ptr(translate_error(errors, duckdb::ErrorData(error)));
      }
    });
    if (failure) {
      std::rethrow_exception(failure);
    }
  }

  DuckOperator lower(duckdb::Connection& connection, const QueryStatePtr& query, const resolved::RelationPtr& plan) {
    DuckOperator out;
    in_transaction(connection, query->errors, [&] {
      PlanLowering lowering(*connection.context, query, storages_);
      out = lowering.plan(plan);
    });
    return out;
  }

  std::vector<std::string> write_parquet(const resolved::RelationPtr& plan, const FileSink& sink,
                                         const std::string& job, const ExecutionOptions& options) {
    const auto query = new_query(options);
    auto connection = duckdb::make_uniq<duckdb::Connection>(*database_);
    const auto rows = rows_to_write(plan, sink);
    DuckOperator copy;
    in_transaction(*connection, query->errors, [&] {
      PlanLowering lowering(*connection->context, query, storages_);
      copy = copy_to_parquet(*connection->context, lowering.plan(rows), rows->output, sink, job);
    });
    QueryRun running(std::move(connection), std::move(copy), query);
    std::vector<std::string> files;
    while (const auto chunk = running.next()) {
      for (size_t row = 0; row < chunk->size(); ++row) {
        const duckdb::Value written = chunk->GetValue(1, row);
        for (const duckdb::Value& file : duckdb::ListValue::GetChildren(written)) {
          files.push_back(file.ToString());
        }
      }
    }
    return files;
  }

  std::vector<std::string> write_rows(const resolved::RelationPtr& plan, const FileSink& sink, const std::string& job,
                                      const ExecutionOptions& options) {
    const auto rows = rows_to_write(plan, sink);
    const bool partitioned = !sink.partition_columns.empty();
    if (is_provided(sink.format)) {
      provider_of(columnar_, sink.format);
    } else if (!has_row_sink(sink.format)) {
      throw_unsupported("writing " + sink.format);
    }
    RowFileWriter writer(WriteSpec{sink.format, sink.options, rows->output, options.session}, sink.directory, job,
                         partitioned, columnar_);
    const auto running = run(rows, options);
    while (const auto chunk = running->next()) {
      writer.write(*chunk);
    }
    return writer.finish();
  }

  ObservedMetrics measure_observed(const resolved::Observe& node, const ExecutionOptions& options) {
    const auto plan = metrics_plan(node);
    ObservedMetrics out{node.name, plan->output, {}};
    const auto running = run(plan, options);
    const auto chunk = running->next();
    check(chunk && chunk->size() == 1, "metrics without a row");
    VectorViews views;
    for (size_t i = 0; i < plan->output.size(); ++i) {
      out.values.push_back(read_value(views.view(chunk->data[i], plan->output[i].type, 1), 0));
    }
    return out;
  }

  std::unique_ptr<QueryRun> run(const resolved::RelationPtr& plan, const ExecutionOptions& options) {
    const auto query = new_query(options);
    auto connection = duckdb::make_uniq<duckdb::Connection>(*database_);
    auto lowered = lower(*connection, query, plan);
    return std::make_unique<QueryRun>(std::move(connection), std::move(lowered), query);
  }

  duckdb::unique_ptr<duckdb::DuckDB> database_;
  StorageMap storages_;
  std::shared_ptr<ColumnarProvider> columnar_;
};

}  // namespace

std::unique_ptr<Engine> Engine::create(const EngineOptions& options) { return std::make_unique<DuckEngine>(options); }

}  // namespace pyrite
