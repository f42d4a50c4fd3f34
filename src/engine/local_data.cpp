// Arrow data from a client as DuckDB rows.
#include "engine/local_data.h"

#include "base/error.h"
#include "duckdb/common/vector/flat_vector.hpp"
#include "duckdb/main/client_context.hpp"
#include "engine/arrow_column.h"
#include "engine/types.h"
#include "engine/vector_view.h"
#include "nanoarrow/nanoarrow_ipc.h"

namespace pyrite {
namespace {

[[noreturn]] void throw_bad_data(const std::string& why) {
  throw SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", "the local data is not readable: " + why}});
}

/// Release callbacks of the C data interface, called at the end of scope.
struct Stream {
  ArrowArrayStream value{};
  ~Stream() {
    if (value.release) {
      value.release(&value);
    }
  }
};
struct Schema {
  ArrowSchema value{};
  ~Schema() {
    if (value.release) {
      value.release(&value);
    }
  }
};
struct Array {
  ArrowArray value{};
  ~Array() {
    if (value.release) {
      value.release(&value);
    }
  }
};
struct ArrayView {
  ArrowArrayView value{};
  ~ArrayView() { ArrowArrayViewReset(&value); }
};

void append_batch(const ArrowSchema& schema, const ArrowArrayView& batch, const std::vector<resolved::Column>& columns,
                  duckdb::DataChunk& chunk, duckdb::ColumnDataCollection& out) {
  const ArrowSource root{&batch, &schema};
  std::vector<ArrowColumn> readers;
  readers.reserve(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    readers.emplace_back(root.child(static_cast<int64_t>(i)), columns[i].type);
  }
  for (int64_t at = 0; at < batch.length; at += STANDARD_VECTOR_SIZE) {
    const auto rows = static_cast<size_t>(std::min<int64_t>(STANDARD_VECTOR_SIZE, batch.length - at));
    chunk.Reset();
    for (size_t i = 0; i < columns.size(); ++i) {
      VectorWriter writer(chunk.data[i], columns[i].type);
      readers[i].read(at + batch.offset, rows, writer, 0);
    }
    chunk.SetChildCardinality(rows);
    out.Append(chunk);
  }
}

void append_stream(const std::string& bytes, const std::vector<resolved::Column>& columns, duckdb::DataChunk& chunk,
                   duckdb::ColumnDataCollection& out) {
  ArrowBuffer buffer;
  ArrowBufferInit(&buffer);
  // The reader owns its input; the bytes outlive it here, so that releasing them does nothing.
  ArrowBufferSetAllocator(&buffer, ArrowBufferDeallocator([](ArrowBufferAllocator*, uint8_t*, int64_t) {}, nullptr));
  buffer.data = reinterpret_cast<uint8_t*>(const_cast<char*>(bytes.data()));
  buffer.size_bytes = static_cast<int64_t>(bytes.size());
  ArrowIpcInputStream input;
  if (ArrowIpcInputStreamInitBuffer(&input, &buffer) != NANOARROW_OK) {
    throw_bad_data("no memory");
  }
  Stream stream;
  if (ArrowIpcArrayStreamReaderInit(&stream.value, &input, nullptr) != NANOARROW_OK) {
    throw_bad_data("no memory");
  }
  ArrowError error{};
  Schema schema;
  if (ArrowArrayStreamGetSchema(&stream.value, &schema.value, &error) != NANOARROW_OK) {
    throw_bad_data(error.message);
  }
  if (schema.value.n_children != static_cast<int64_t>(columns.size())) {
    throw_bad_data("it has " + std::to_string(schema.value.n_children) + " columns instead of " +
                   std::to_string(columns.size()));
  }
  while (true) {
    Array array;
    if (ArrowArrayStreamGetNext(&stream.value, &array.value, &error) != NANOARROW_OK) {
      throw_bad_data(error.message);
    }
    if (!array.value.release) {
      return;
    }
    ArrayView view;
    if (ArrowArrayViewInitFromSchema(&view.value, &schema.value, &error) != NANOARROW_OK ||
        ArrowArrayViewSetArray(&view.value, &array.value, &error) != NANOARROW_OK ||
        ArrowArrayViewValidate(&view.value, NANOARROW_VALIDATION_LEVEL_FULL, &error) != NANOARROW_OK) {
      throw_bad_data(error.message);
    }
    append_batch(schema.value, view.value, columns, chunk, out);
  }
}

}  // namespace

duckdb::unique_ptr<duckdb::ColumnDataCollection> read_local_data(duckdb::ClientContext& context,
                                                                 const resolved::LocalData& data,
                                                                 const std::vector<resolved::Column>& columns) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const resolved::Column& column : columns) {
    types.push_back(engine_type(column.type));
  }
  if (types.empty()) {
    types.push_back(duckdb::LogicalType::BOOLEAN);
  }
  auto out = duckdb::make_uniq<duckdb::ColumnDataCollection>(context, types);
  duckdb::DataChunk chunk;
  chunk.Initialize(context, types);
  for (const auto& stream : data.arrow_streams) {
    append_stream(*stream, columns, chunk, *out);
  }
  return out;
}

}  // namespace pyrite
