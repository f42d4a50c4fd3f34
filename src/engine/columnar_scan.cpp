// Files of columnar formats that the host program reads, as a table function over its Arrow data.
#include "engine/columnar_scan.h"

#include <algorithm>
#include <atomic>
#include <map>

#include "duckdb/function/table_function.hpp"
#include "duckdb/parallel/task_scheduler.hpp"
#include "engine/arrow_column.h"
#include "engine/forbid_copies.h"
#include "engine/partition_fill.h"
#include "engine/types.h"
#include "engine/vector_view.h"
#include "nanoarrow/nanoarrow.hpp"
#include "sources/columnar_format.h"
#include "sources/source_types.h"

namespace pyrite {
namespace {

struct ColumnarScanData final : duckdb::TableFunctionData {
  std::shared_ptr<ColumnarProvider> provider;
  resolved::FileScan node;
  bool case_sensitive = false;
  bool ignore_corrupt = false;
  bool ignore_missing = false;
  QueryStatePtr query;
};

/// Work of one thread: pieces [first, last) of a file; the last is unknown until it is opened.
struct Task {
  size_t file;
  size_t first = 0;
  size_t last = SIZE_MAX;
};

struct ColumnarGlobal final : duckdb::GlobalTableFunctionState {
  std::vector<Task> tasks;
  std::atomic<size_t> next{0};
  duckdb::idx_t MaxThreads() const override { return std::max<size_t>(1, tasks.size()); }
};

bool same_name(const std::string& left, const std::string& right, bool case_sensitive) {
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), [&](char a, char b) {
           return a == b || (!case_sensitive && std::tolower(static_cast<unsigned char>(a)) ==
                                                    std::tolower(static_cast<unsigned char>(b)));
         });
}

[[noreturn]] void throw_unreadable(const std::string& path, const std::string& why) {
  throw unreadable_file(path, ColumnarFailure(ColumnarFailure::Kind::unreadable, why));
}

/// Where a file has a column; -1: it lacks it.
int position_in_file(const std::vector<StructField>& fields, const std::vector<resolved::Column>& columns,
                     size_t wanted, bool case_sensitive, const std::string& path) {
  const bool unnamed = std::all_of(fields.begin(), fields.end(),
                                   [](const StructField& field) { return field.name.starts_with("_col"); });
  if (unnamed) {  // as old versions of Hive wrote files
    if (fields.size() > columns.size()) {
      throw_unreadable(path, "the schema has " + std::to_string(columns.size()) + " columns, fewer than the " +
                                 std::to_string(fields.size()) + " unnamed ones of the file");
    }
    return wanted < fields.size() ? static_cast<int>(wanted) : -1;
  }
  int found = -1;
  std::string names;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (same_name(fields[i].name, columns[wanted].name, case_sensitive)) {
      found = found < 0 ? static_cast<int>(i) : -2;
      names += (names.empty() ? "" : ", ") + fields[i].name;
    }
  }
  if (found == -2) {
    throw_unreadable(
        path, "Found duplicate field(s) \"" + columns[wanted].name + "\": [" + names + "] in case-insensitive mode");
  }
  return found;
}

/// One file with the columns that the scan takes from it.
class OpenFile {
 public:
  OpenFile(const ColumnarScanData& data, size_t file, const duckdb::vector<duckdb::column_t>& columns)
      : data_(data), path_(data.node.files[file]), reader_(data.provider->open(data.node.format, path_)) {
    const std::vector<StructField>& fields = reader_->schema().fields();
    for (const duckdb::column_t column : columns) {
      int at = -1;
      if (column < data.node.file_columns.size() && !fields.empty()) {
        at = position_in_file(fields, data.node.file_columns, column, data.case_sensitive, path_);
      }
      if (at >= 0) {
        check_type(fields[static_cast<size_t>(at)], data.node.file_columns[column]);
      }
      positions_.push_back(at);
    }
    for (const int at : positions_) {
      if (at >= 0) {
        fields_.push_back(at);
      }
    }
    std::sort(fields_.begin(), fields_.end());
    fields_.erase(std::unique(fields_.begin(), fields_.end()), fields_.end());
  }

  size_t pieces() const { return reader_->pieces(); }

  /// Makes a piece the one that rows are copied from.
  void start(size_t piece, const duckdb::vector<duckdb::column_t>& columns) {
    columns_.clear();
    at_ = 0;
    rows_ = reader_->rows_of(piece);
    if (fields_.empty()) {
      columns_.resize(columns.size());
      return;
    }
    view_.reset();
    rows_data_.reset();
    schema_.reset();
    reader_->read(piece, fields_, schema_.get(), rows_data_.get());
    ArrowError error{};
    if (ArrowArrayViewInitFromSchema(view_.get(), schema_.get(), &error) != NANOARROW_OK ||
        ArrowArrayViewSetArray(view_.get(), rows_data_.get(), &error) != NANOARROW_OK) {
      throw_unreadable(path_, error.message);
    }
    const std::string zone = reader_->old_calendar_zone(piece);
    zone_ = zone == "-" ? nullptr : find_time_zone(zone.empty() ? data_.query->session->time_zone : zone);
    rules_ = {zone_.get(), data_.case_sensitive};
    rows_ = view_->length;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (positions_[i] < 0) {
        columns_.push_back(nullptr);
        continue;
      }
      const auto child = std::lower_bound(fields_.begin(), fields_.end(), positions_[i]) - fields_.begin();
      columns_.push_back(std::make_unique<ArrowColumn>(ArrowSource{view_.get(), schema_.get()}.child(child),
                                                       data_.node.file_columns[columns[i]].type, &rules_));
    }
  }

  /// Copies the next rows of the piece; 0: its end.
  size_t read(const duckdb::vector<duckdb::column_t>& columns, duckdb::DataChunk& output) {
    const auto rows = static_cast<size_t>(std::min<int64_t>(STANDARD_VECTOR_SIZE, rows_ - at_));
    for (size_t i = 0; rows > 0 && i < columns.size(); ++i) {
      if (columns_[i]) {
        VectorWriter writer(output.data[i], data_.node.file_columns[columns[i]].type);
        columns_[i]->read(at_, rows, writer, 0);
      }
    }
    at_ += static_cast<int64_t>(rows);
    return rows;
  }

  bool has(size_t column) const { return columns_[column] != nullptr; }

 private:
  void check_type(const StructField& there, const resolved::Column& wanted) const {
    if (orc_conversion(there.type, wanted.type) == Conversion::direct) {
      return;
    }
    throw_unreadable(path_, "the column " + there.name + " has the type " + simple_string(there.type) +
                                ", which is not read as " + simple_string(wanted.type));
  }

  const ColumnarScanData& data_;
  const std::string& path_;
  std::unique_ptr<ColumnarReader> reader_;
  std::vector<int> positions_;  ///< by column of the scan
  std::vector<int> fields_;     ///< the same, ascending, each once
  nanoarrow::UniqueSchema schema_;
  nanoarrow::UniqueArray rows_data_;
  nanoarrow::UniqueArrayView view_;
  TimeZonePtr zone_;
  ArrowFileRules rules_;
  std::vector<std::unique_ptr<ArrowColumn>> columns_;
  int64_t at_ = 0;
  int64_t rows_ = 0;
};

struct ColumnarLocal final : duckdb::LocalTableFunctionState {
  duckdb::vector<duckdb::column_t> columns;
  std::unique_ptr<OpenFile> file;
  size_t open_file = SIZE_MAX;
  Task task{0, 0, 0};
  size_t task_number = 0;
  bool in_piece = false;
};

bool is_ignored(const ColumnarScanData& data, const ColumnarFailure& failure) {
  switch (failure.kind()) {
    case ColumnarFailure::Kind::missing_file:
      return data.ignore_missing;
    case ColumnarFailure::Kind::unreadable:
      return data.ignore_corrupt;
    case ColumnarFailure::Kind::unsupported:
      return false;
  }
  return false;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> start_scan(duckdb::ClientContext& context,
                                                                duckdb::TableFunctionInitInput& input) {
  const auto& data = input.bind_data->Cast<ColumnarScanData>();
  const auto threads = static_cast<size_t>(duckdb::TaskScheduler::GetScheduler(context).NumberOfThreads());
  auto state = duckdb::make_uniq<ColumnarGlobal>();
  for (size_t file = 0; file < data.node.files.size(); ++file) {
    if (data.node.files.size() >= 2 * threads) {
      state->tasks.push_back({file});
      continue;
    }
    // Few files: their pieces are read side by side. A file that does not open is reported by who reads it.
    try {
      const size_t pieces = data.provider->open(data.node.format, data.node.files[file])->pieces();
      for (size_t piece = 0; piece < pieces; ++piece) {
        state->tasks.push_back({file, piece, piece + 1});
      }
    } catch (const ColumnarFailure&) {
      state->tasks.push_back({file});
    }
  }
  return state;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> start_thread(duckdb::ExecutionContext&,
                                                                 duckdb::TableFunctionInitInput& input,
                                                                 duckdb::GlobalTableFunctionState*) {
  auto state = duckdb::make_uniq<ColumnarLocal>();
  state->columns = input.column_ids;
  return state;
}

/// Opens the next piece of the thread's task, or the next task's; false: there is none.
bool next_piece(const ColumnarScanData& data, ColumnarGlobal& global, ColumnarLocal& local) {
  while (local.task.first >= local.task.last) {
    local.task_number = global.next.fetch_add(1);
    if (local.task_number >= global.tasks.size()) {
      local.file = nullptr;
      return false;
    }
    local.task = global.tasks[local.task_number];
    if (local.open_file != local.task.file) {
      local.open_file = SIZE_MAX;
      local.file = std::make_unique<OpenFile>(data, local.task.file, local.columns);
      local.open_file = local.task.file;
    }
    local.task.last = std::min(local.task.last, local.file->pieces());
  }
  local.file->start(local.task.first++, local.columns);
  return true;
}

size_t read_batch(const ColumnarScanData& data, ColumnarGlobal& global, ColumnarLocal& local,
                  duckdb::DataChunk& output) {
  while (true) {
    try {
      if (!local.in_piece && !next_piece(data, global, local)) {
        return 0;
      }
      local.in_piece = true;
      if (const size_t rows = local.file->read(local.columns, output); rows > 0) {
        return rows;
      }
      local.in_piece = false;
    } catch (const ColumnarFailure& failure) {
      local.in_piece = false;
      local.open_file = SIZE_MAX;
      if (!is_ignored(data, failure)) {
        throw unreadable_file(data.node.files[local.task.file], failure);
      }
      local.task.first = local.task.last = 0;  // what is left of the file is passed over
    }
  }
}

void scan(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& data = input.bind_data->Cast<ColumnarScanData>();
  auto& local = input.local_state->Cast<ColumnarLocal>();
  guarded(data.query->errors, [&] {
    const size_t rows = read_batch(data, input.global_state->Cast<ColumnarGlobal>(), local, output);
    for (size_t i = 0; rows > 0 && i < local.columns.size(); ++i) {
      if (local.file->has(i)) {
        continue;
      }
      const size_t files = data.node.file_columns.size();
      if (const size_t at = local.columns[i] - files;
          local.columns[i] >= files && at < data.node.partition_columns.size()) {
        fill_partition(data.node.partition_values[local.task.file][at], data.node.partition_columns[at],
                       data.query->session->time_zone, output.data[i], rows);
      } else {
        output.data[i].Reference(duckdb::Value(output.data[i].GetType()), duckdb::count_t(rows));
      }
    }
    output.SetChildCardinality(rows);
  });
}

duckdb::OperatorPartitionData partition(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<ColumnarLocal>().task_number);
}

}  // namespace

ColumnarProvider& provider_of(const std::shared_ptr<ColumnarProvider>& provider, const std::string& format) {
  if (!provider) {
    throw_unsupported(format_title(format) + " files without a provider of columnar formats (EngineOptions::columnar)");
  }
  return *provider;
}

SparkError unreadable_file(const std::string& path, const ColumnarFailure& why) {
  switch (why.kind()) {
    case ColumnarFailure::Kind::unsupported:
      throw_unsupported(why.what());
    case ColumnarFailure::Kind::missing_file:
      return SparkError(ErrorKind::spark, "FAILED_READ_FILE.FILE_NOT_EXIST", {{"path", "file:" + path}});
    case ColumnarFailure::Kind::unreadable:
      break;
  }
  return SparkError(ErrorKind::spark, "FAILED_READ_FILE.NO_HINT", {{"path", "file://" + path}})
      .with_place(std::string("\nCaused by: ") + why.what());
}

std::vector<Type> scanned_types(const resolved::FileScan& node, const QueryStatePtr& query) {
  std::vector<Type> types;
  for (const resolved::Column& column : node.file_columns) {
    types.push_back(column.type);
  }
  ColumnarProvider& provider = provider_of(query->columnar, node.format);
  const bool case_sensitive = query->session->conf("spark.sql.caseSensitive", "false") == "true";
  for (const std::string& path : node.files) {
    try {
      const std::unique_ptr<ColumnarReader> reader = provider.open(node.format, path);
      const std::vector<StructField>& fields = reader->schema().fields();
      for (size_t i = 0; i < types.size() && !fields.empty(); ++i) {
        const int at = position_in_file(fields, node.file_columns, i, case_sensitive, path);
        if (at >= 0 && orc_conversion(fields[static_cast<size_t>(at)].type, types[i]) == Conversion::convert) {
          types[i] = orc_storage(fields[static_cast<size_t>(at)].type);
        }
      }
      if (!fields.empty()) {
        break;
      }
    } catch (const ColumnarFailure&) {
      break;  // reported by the scan, which may be told to ignore it
    }
  }
  return types;
}

duckdb::unique_ptr<duckdb::LogicalGet> columnar_scan(const resolved::FileScan& node, duckdb::TableIndex index,
                                                     const QueryStatePtr& query) {
  provider_of(query->columnar, node.format);
  auto data = duckdb::make_uniq<ColumnarScanData>();
  data->provider = query->columnar;
  data->node = node;
  data->case_sensitive = query->session->conf("spark.sql.caseSensitive", "false") == "true";
  data->ignore_corrupt = ignores_files(node.options, *query->session, "ignoreCorruptFiles");
  data->ignore_missing = ignores_files(node.options, *query->session, "ignoreMissingFiles");
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
  duckdb::TableFunction function(duckdb::Identifier(node.format + "_columns"), {}, scan, nullptr, start_scan,
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
