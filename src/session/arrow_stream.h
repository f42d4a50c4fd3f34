// Arrow's IPC stream format: written for results, read for the columns of data that clients send.
#pragma once

#include <string>
#include <vector>

#include "types/type.h"

struct ArrowArray;
struct ArrowSchema;

namespace pyrite {

/// One batch as a stream of its own: schema, batch, end. Throws SparkError when a column cannot be written.
std::string arrow_stream(const ArrowSchema& schema, const ArrowArray& batch);
/// The same for a stream without batches.
std::string arrow_stream(const ArrowSchema& schema);

/// Appends batches to one stream.
class ArrowStreamWriter {
 public:
  explicit ArrowStreamWriter(const ArrowSchema& schema);
  ~ArrowStreamWriter();
  ArrowStreamWriter(const ArrowStreamWriter&) = delete;
  ArrowStreamWriter& operator=(const ArrowStreamWriter&) = delete;
  void add(const ArrowArray& batch);
  std::string finish();

 private:
  struct State;
  State* state_;
};

/// The columns of a stream as Spark's types. Errors: CONNECT_INVALID_PLAN.INPUT_DATA_NO_SCHEMA, UNSUPPORTED_ARROWTYPE.
std::vector<StructField> arrow_stream_columns(const std::string& stream);

}  // namespace pyrite
