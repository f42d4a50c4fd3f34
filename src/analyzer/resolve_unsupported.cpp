// Relations that are not there yet: each refuses by its name.
#include "analyzer/analysis.h"
#include "base/error.h"

namespace pyrite::analysis {

Resolved Analysis::resolve_node(const plan::Parse&) { throw_unsupported("reading CSV or JSON from a DataFrame"); }

}  // namespace pyrite::analysis
