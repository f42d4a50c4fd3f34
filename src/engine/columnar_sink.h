// Writing columnar formats by the host program (ORC): batches of Arrow data to its writer.
#pragma once

#include "sources/columnar_provider.h"
#include "sources/row_sink.h"

namespace pyrite {

/// Errors: TASK_WRITE_FAILED.
std::unique_ptr<RowSink> open_columnar_sink(const WriteSpec& spec, const std::string& path,
                                            const std::shared_ptr<ColumnarProvider>& provider);

}  // namespace pyrite
