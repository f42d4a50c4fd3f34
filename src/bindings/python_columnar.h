// The columnar formats that Python reads and writes for the engine: python/pyrite/_orc.py as a ColumnarProvider.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

#include "sources/columnar_provider.h"

namespace pyrite {

/// Imports the Python code when it is first needed. Its calls come from any thread and take Python's lock only while
/// Python runs; once the interpreter ends they fail instead. Call with Python's lock held.
std::shared_ptr<ColumnarProvider> python_columnar_provider();

}  // namespace pyrite
