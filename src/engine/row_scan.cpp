// Files of text formats as a table function over our own row readers.
#include "engine/row_scan.h"

#include <atomic>

#include "duckdb/function/table_function.hpp"
#include "engine/forbid_copies.h"
#include "engine/partition_fill.h"
#include "engine/types.h"
#include "engine/vector_view.h"
#include "sources/row_reader.h"

namespace pyrite {
namespace {

struct RowScanData final : duckdb::TableFunctionData {
  ReadSpec spec;  ///< `wanted` is filled in by each scan
  std::vector<FileSplit> splits;
  std::vector<size_t> file_of_split;
  std::vector<resolved::Column> partition_columns;
  std::vector<std::vector<std::optional<std::string>>> partition_values;
  QueryStatePtr query;
};

struct RowScanGlobal final : duckdb::GlobalTableFunctionState {
  std::atomic<size_t> next{0};
  size_t splits = 0;
  duckdb::idx_t MaxThreads() const override { return std::max<size_t>(1, splits); }
};

struct RowScanLocal final : duckdb::LocalTableFunctionState {
  ReadSpec spec;
  std::unique_ptr<RowReader> reader;
  size_t split = 0;
  duckdb::vector<duckdb::column_t> columns;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> start_scan(duckdb::ClientContext&,
                                                                duckdb::TableFunctionInitInput& input) {
  auto state = duckdb::make_uniq<RowScanGlobal>();
  state->splits = input.bind_data->Cast<RowScanData>().splits.size();
  return state;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> start_thread(duckdb::ExecutionContext&,
                                                                 duckdb::TableFunctionInitInput& input,
                                                                 duckdb::GlobalTableFunctionState*) {
  const auto& data = input.bind_data->Cast<RowScanData>();
  auto state = duckdb::make_uniq<RowScanLocal>();
  state->columns = input.column_ids;
  state->spec = data.spec;
  for (const duckdb::column_t column : input.column_ids) {
    if (column < data.spec.columns.size()) {
      state->spec.wanted.push_back(static_cast<int>(column));
    }
  }
  return state;
}

/// A record that FAILFAST refuses makes its file unreadable.
SparkError unreadable(const std::string& path, const SparkError& why) {
  return SparkError(ErrorKind::spark, "FAILED_READ_FILE.NO_HINT", {{"path", "file://" + path}})
      .with_place(std::string("\nCaused by: ") + why.what());
}

size_t read_batch(const RowScanData& data, RowScanGlobal& global, RowScanLocal& local, duckdb::DataChunk& output) {
  while (true) {
    if (!local.reader) {
      local.split = global.next.fetch_add(1);
      if (local.split >= data.splits.size()) {
        return 0;
      }
      local.reader = open_reader(local.spec, data.splits[local.split]);
    }
    std::vector<VectorWriter> writers;
    std::vector<ColumnWriter*> columns;
    writers.reserve(local.columns.size());
    for (size_t i = 0; i < local.columns.size(); ++i) {
      if (local.columns[i] < data.spec.columns.size()) {
        writers.emplace_back(output.data[i], data.spec.columns[local.columns[i]].type);
        columns.push_back(&writers.back());
      }
    }
    const size_t rows = local.reader->read(columns, STANDARD_VECTOR_SIZE);
    if (rows > 0) {
      return rows;
    }
    local.reader.reset();
  }
}

void scan(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& data = input.bind_data->Cast<RowScanData>();
  auto& local = input.local_state->Cast<RowScanLocal>();
  try {
    const size_t rows = read_batch(data, input.global_state->Cast<RowScanGlobal>(), local, output);
    for (size_t i = 0; rows > 0 && i < local.columns.size(); ++i) {
      const size_t column = local.columns[i];
      if (column < data.spec.columns.size()) {
        continue;
      }
      if (const size_t at = column - data.spec.columns.size(); at < data.partition_columns.size()) {
        fill_partition(data.partition_values[data.file_of_split[local.split]][at], data.partition_columns[at],
                       data.spec.session->time_zone, output.data[i], rows);
      } else {
        output.data[i].Reference(duckdb::Value(output.data[i].GetType()), duckdb::count_t(rows));
      }
    }
    output.SetChildCardinality(rows);
  } catch (const SparkError& error) {
    const bool in_file =
        error.condition().starts_with("MALFORMED_RECORD_IN_PARSING") || error.condition() == "_LEGACY_ERROR_TEMP_3241";
    data.query->errors.raise(in_file ? unreadable(data.splits[local.split].path, error) : error);
  }
}

duckdb::OperatorPartitionData partition(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<RowScanLocal>().split);
}

}  // namespace

duckdb::unique_ptr<duckdb::LogicalGet> row_scan(const resolved::FileScan& node, duckdb::TableIndex index,
                                                const QueryStatePtr& query) {
  auto data = duckdb::make_uniq<RowScanData>();
  data->spec = {node.format, node.options, node.file_columns, {}, query->session};
  data->splits = split_files(data->spec, node.files);
  size_t file = 0;
  for (const FileSplit& split : data->splits) {
    while (node.files[file] != split.path) {
      ++file;  // splits come in the order of the files
    }
    data->file_of_split.push_back(file);
  }
  data->partition_columns = node.partition_columns;
  data->partition_values = node.partition_values;
  data->query = query;
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<duckdb::Identifier> names;
  for (const std::vector<resolved::Column>* columns : {&node.file_columns, &node.partition_columns}) {
    for (const resolved::Column& column : *columns) {
      types.push_back(engine_type(column.type));
      names.emplace_back(column.name);
    }
  }
  if (types.empty()) {  // only the number of rows counts; a scan has at least one column
    types.emplace_back(duckdb::LogicalTypeId::BOOLEAN);
    names.emplace_back("none");
  }
  duckdb::TableFunction function(duckdb::Identifier(node.format + "_rows"), {}, scan, nullptr, start_scan,
                                 start_thread);
  function.projection_pushdown = true;
  function.get_partition_data = partition;
  const size_t width = types.size();
  auto get = duckdb::make_uniq<duckdb::LogicalGet>(index, duckdb::BoundTableFunction(forbid_copies(function)),
                                                   std::move(data), std::move(types), std::move(names));
  for (size_t i = 0; i < width; ++i) {
    get->AddColumnId(i);
  }
  return get;
}

}  // namespace pyrite
