// Feeds chunks of rows to the sinks of text formats and of provided ones, one file a folder.
#pragma once

#include <map>
#include <memory>

#include "duckdb/common/types/data_chunk.hpp"
#include "sources/columnar_provider.h"
#include "sources/row_sink.h"

namespace pyrite {

class RowFileWriter {
 public:
  /// With partitions the spec's last column is the folder of the row and not written.
  RowFileWriter(WriteSpec spec, std::string directory, std::string job, bool partitioned,
                std::shared_ptr<ColumnarProvider> columnar);
  void write(duckdb::DataChunk& chunk);
  /// Closes all files and returns their paths; without rows one empty file is written.
  std::vector<std::string> finish();

 private:
  RowSink& sink_of(const std::string& folder);
  void write_to(RowSink& sink, duckdb::DataChunk& chunk);

  WriteSpec spec_;
  std::string directory_;
  std::string job_;
  bool partitioned_;
  std::shared_ptr<ColumnarProvider> columnar_;
  std::map<std::string, std::unique_ptr<RowSink>> sinks_;
  std::vector<std::string> paths_;
};

}  // namespace pyrite
