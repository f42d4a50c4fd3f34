// JSON files: schema inference, reading, writing.
#include "sources/json_source.h"

#include "base/error.h"

namespace pyrite {

std::vector<StructField> infer_json_schema(const std::vector<std::string>&, const plan::Options&, const SessionFacts&) {
  throw_unsupported("inferring the schema of JSON files");
}

std::unique_ptr<RowReader> open_json_reader(const ReadSpec&, const FileSplit&) {
  throw_unsupported("reading JSON files");
}

std::unique_ptr<RowSink> open_json_sink(const WriteSpec&, const std::string&) {
  throw_unsupported("writing JSON files");
}

}  // namespace pyrite
