// Writes results with nanoarrow's IPC encoder and maps the schema of a stream to Spark's types.
#include "session/arrow_stream.h"

#include <cstring>

#include "base/error.h"
#include "nanoarrow/nanoarrow.hpp"
#include "nanoarrow/nanoarrow_ipc.hpp"

namespace pyrite {
namespace {

void must(int code, const ArrowError& error, const char* what) {
  if (code != NANOARROW_OK) {
    throw_internal(std::string(what) + ": " + error.message);
  }
}

std::string_view text_of(ArrowStringView view) { return {view.data, static_cast<size_t>(view.size_bytes)}; }

std::string metadata_value(const ArrowSchema& schema, const char* key) {
  ArrowStringView value{nullptr, 0};
  if (!schema.metadata || ArrowMetadataGetValue(schema.metadata, ArrowCharView(key), &value) != NANOARROW_OK ||
      !value.data) {
    return {};
  }
  return std::string(text_of(value));
}

StructField column_of(const ArrowSchema& schema, int depth);

Type structure_of(const ArrowSchema& schema, int depth) {
  std::vector<StructField> fields;
  for (int64_t i = 0; i < schema.n_children; ++i) {
    fields.push_back(column_of(*schema.children[i], depth + 1));
  }
  return Type::structure(std::move(fields));
}

/// Spark marks a variant as a struct {value, metadata} whose metadata child says so.
bool is_variant(const ArrowSchema& schema) {
  return schema.n_children == 2 && (metadata_value(*schema.children[0], "variant") == "true" ||
                                    metadata_value(*schema.children[1], "variant") == "true");
}

[[noreturn]] void refuse(const ArrowSchema& schema) {
  throw SparkError(ErrorKind::unsupported_operation, "UNSUPPORTED_ARROWTYPE", {{"typeName", schema.format}});
}

Type type_of(const ArrowSchema& schema, int depth) {
  ArrowSchemaView view;
  ArrowError error{};
  if (depth > 200 || ArrowSchemaViewInit(&view, &schema, &error) != NANOARROW_OK) {
    refuse(schema);
  }
  switch (view.type) {
    case NANOARROW_TYPE_NA:
      return Type::null();
    case NANOARROW_TYPE_BOOL:
      return Type::boolean();
    case NANOARROW_TYPE_INT8:
      return Type::byte();
    case NANOARROW_TYPE_INT16:
      return Type::short_int();
    case NANOARROW_TYPE_INT32:
      return Type::integer();
    case NANOARROW_TYPE_INT64:
      return Type::long_int();
    case NANOARROW_TYPE_FLOAT:
      return Type::float32();
    case NANOARROW_TYPE_DOUBLE:
      return Type::float64();
    case NANOARROW_TYPE_DECIMAL32:
    case NANOARROW_TYPE_DECIMAL64:
    case NANOARROW_TYPE_DECIMAL128:
      return Type::decimal(view.decimal_precision, view.decimal_scale);
    case NANOARROW_TYPE_STRING:
    case NANOARROW_TYPE_LARGE_STRING:
    case NANOARROW_TYPE_STRING_VIEW:
      return Type::string();
    case NANOARROW_TYPE_BINARY:
    case NANOARROW_TYPE_LARGE_BINARY:
    case NANOARROW_TYPE_BINARY_VIEW:
    case NANOARROW_TYPE_FIXED_SIZE_BINARY:
      return Type::binary();
    case NANOARROW_TYPE_DATE32:
      return Type::date();
    case NANOARROW_TYPE_TIMESTAMP:
      return view.timezone && view.timezone[0] ? Type::timestamp() : Type::timestamp_ntz();
    case NANOARROW_TYPE_TIME64:
      return Type::time(6);
    case NANOARROW_TYPE_DURATION:
      return Type::day_time_interval();
    case NANOARROW_TYPE_INTERVAL_MONTHS:
      return Type::year_month_interval();
    case NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO:
      return Type::calendar_interval();
    case NANOARROW_TYPE_LIST:
    case NANOARROW_TYPE_LARGE_LIST:
    case NANOARROW_TYPE_FIXED_SIZE_LIST: {
      StructField element = column_of(*schema.children[0], depth + 1);
      return Type::array(std::move(element.type), element.nullable);
    }
    case NANOARROW_TYPE_MAP: {
      StructField key = column_of(*schema.children[0]->children[0], depth + 1);
      StructField value = column_of(*schema.children[0]->children[1], depth + 1);
      return Type::map(std::move(key.type), std::move(value.type), value.nullable);
    }
    case NANOARROW_TYPE_STRUCT:
      return is_variant(schema) ? Type::variant() : structure_of(schema, depth);
    case NANOARROW_TYPE_DICTIONARY:
      return type_of(*schema.dictionary, depth + 1);
    default:
      refuse(schema);
  }
}

StructField column_of(const ArrowSchema& schema, int depth) {
  StructField field;
  field.name = schema.name ? schema.name : "";
  field.type = type_of(schema, depth);
  field.nullable = (schema.flags & ARROW_FLAG_NULLABLE) != 0;
  return field;
}

}  // namespace

struct ArrowStreamWriter::State {
  nanoarrow::UniqueBuffer out;
  nanoarrow::ipc::UniqueWriter writer;
  nanoarrow::UniqueArrayView view;
};

ArrowStreamWriter::ArrowStreamWriter(const ArrowSchema& schema) : state_(new State) {
  ArrowError error{};
  try {
    nanoarrow::ipc::UniqueOutputStream stream;
    must(ArrowIpcOutputStreamInitBuffer(stream.get(), state_->out.get()), error, "Arrow output");
    must(ArrowIpcWriterInit(state_->writer.get(), stream.get()), error, "Arrow writer");
    must(ArrowIpcWriterWriteSchema(state_->writer.get(), &schema, &error), error, "Arrow schema");
    must(ArrowArrayViewInitFromSchema(state_->view.get(), &schema, &error), error, "Arrow schema");
  } catch (...) {
    delete state_;
    throw;
  }
}

ArrowStreamWriter::~ArrowStreamWriter() { delete state_; }

void ArrowStreamWriter::add(const ArrowArray& batch) {
  ArrowError error{};
  must(ArrowArrayViewSetArray(state_->view.get(), &batch, &error), error, "Arrow batch");
  must(ArrowIpcWriterWriteArrayView(state_->writer.get(), state_->view.get(), &error), error, "Arrow batch");
}

std::string ArrowStreamWriter::finish() {
  ArrowError error{};
  must(ArrowIpcWriterWriteArrayView(state_->writer.get(), nullptr, &error), error, "Arrow end of stream");
  return std::string(reinterpret_cast<const char*>(state_->out->data), static_cast<size_t>(state_->out->size_bytes));
}

std::string arrow_stream(const ArrowSchema& schema, const ArrowArray& batch) {
  ArrowStreamWriter writer(schema);
  writer.add(batch);
  return writer.finish();
}

std::string arrow_stream(const ArrowSchema& schema) { return ArrowStreamWriter(schema).finish(); }

std::vector<StructField> arrow_stream_columns(const std::string& stream) {
  nanoarrow::ipc::UniqueDecoder decoder;
  ArrowError error{};
  must(ArrowIpcDecoderInit(decoder.get()), error, "Arrow decoder");
  const ArrowBufferView data{{stream.data()}, static_cast<int64_t>(stream.size())};
  nanoarrow::UniqueSchema schema;
  if (ArrowIpcDecoderVerifyHeader(decoder.get(), data, &error) != NANOARROW_OK ||
      ArrowIpcDecoderDecodeHeader(decoder.get(), data, &error) != NANOARROW_OK ||
      decoder->message_type != NANOARROW_IPC_MESSAGE_TYPE_SCHEMA ||
      ArrowIpcDecoderDecodeSchema(decoder.get(), schema.get(), &error) != NANOARROW_OK) {
    throw SparkError("CONNECT_INVALID_PLAN.INPUT_DATA_NO_SCHEMA");
  }
  return structure_of(*schema.get(), 0).fields();
}

}  // namespace pyrite
