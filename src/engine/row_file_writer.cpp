// Feeds chunks of rows to the sinks of files.
#include "engine/row_file_writer.h"

#include <filesystem>

#include "base/error.h"
#include "engine/columnar_sink.h"
#include "engine/vector_view.h"

namespace pyrite {

RowFileWriter::RowFileWriter(WriteSpec spec, std::string directory, std::string job, bool partitioned,
                             std::shared_ptr<ColumnarProvider> columnar)
    : spec_(std::move(spec)),
      directory_(std::move(directory)),
      job_(std::move(job)),
      partitioned_(partitioned),
      columnar_(std::move(columnar)) {
  if (partitioned_) {
    spec_.columns.pop_back();
  }
}

RowSink& RowFileWriter::sink_of(const std::string& folder) {
  std::unique_ptr<RowSink>& sink = sinks_[folder];
  if (!sink) {
    const std::string place = folder.empty() ? directory_ : directory_ + "/" + folder;
    std::error_code failure;
    std::filesystem::create_directories(place, failure);
    if (failure) {
      throw SparkError("TASK_WRITE_FAILED", {{"path", "file:" + place}});
    }
    const std::string path = place + "/part-00000-" + job_ + (partitioned_ ? ".c000" : "-c000") + file_ending(spec_);
    sink = is_provided(spec_.format) ? open_columnar_sink(spec_, path, columnar_) : open_sink(spec_, path);
    paths_.push_back(path);
  }
  return *sink;
}

void RowFileWriter::write_to(RowSink& sink, duckdb::DataChunk& chunk) {
  VectorViews views;
  std::vector<ColumnView> columns;
  for (size_t i = 0; i < spec_.columns.size(); ++i) {
    columns.push_back(views.view(chunk.data[i], spec_.columns[i].type, chunk.size()));
  }
  sink.write(columns, chunk.size());
}

void RowFileWriter::write(duckdb::DataChunk& chunk) {
  if (!partitioned_) {
    write_to(sink_of(""), chunk);
    return;
  }
  VectorViews views;
  const ColumnView folders = views.view(chunk.data.back(), Type::string(), chunk.size());
  std::map<std::string, std::vector<duckdb::sel_t>> rows;
  for (size_t row = 0; row < chunk.size(); ++row) {
    rows[std::string(folders.text(row))].push_back(static_cast<duckdb::sel_t>(row));
  }
  for (auto& [folder, selected] : rows) {
    duckdb::DataChunk part;
    part.InitializeEmpty(chunk.GetTypes());
    part.Slice(chunk, duckdb::SelectionVector(selected.data(), selected.size()), selected.size());
    write_to(sink_of(folder), part);
  }
}

std::vector<std::string> RowFileWriter::finish() {
  if (!partitioned_ && sinks_.empty()) {
    sink_of("");
  }
  for (auto& [folder, sink] : sinks_) {
    sink->finish();
  }
  return paths_;
}

}  // namespace pyrite
