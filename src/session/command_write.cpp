// DataFrameWriter: save, saveAsTable, insertInto; DataFrameWriterV2.
#include "base/error.h"
#include "session/command_runner.h"

namespace pyrite {

resolved::RelationPtr CommandRunner::operator()(const plan::WriteFrame&) { throw_unsupported("DataFrameWriter"); }

resolved::RelationPtr CommandRunner::operator()(const plan::WriteTable&) { throw_unsupported("DataFrameWriterV2"); }

}  // namespace pyrite
