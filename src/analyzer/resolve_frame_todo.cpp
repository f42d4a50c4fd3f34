// DataFrame relations that are not there yet: each refuses by its name.
#include "analyzer/analysis.h"
#include "analyzer/pivot.h"
#include "base/error.h"

namespace pyrite::analysis {

Resolved resolve_pivot(Analysis&, const plan::Aggregate&) { throw_unsupported("groupBy().pivot()"); }
Resolved Analysis::resolve_node(const plan::PivotClause&) { throw_unsupported("PIVOT"); }
Resolved Analysis::resolve_node(const plan::Unpivot&) { throw_unsupported("UNPIVOT"); }
Resolved Analysis::resolve_node(const plan::Transpose&) { throw_unsupported("transpose"); }
Resolved Analysis::resolve_node(const plan::AsOfJoin&) { throw_unsupported("as-of join"); }
Resolved Analysis::resolve_node(const plan::Summary&) { throw_unsupported("summary"); }
Resolved Analysis::resolve_node(const plan::Describe&) { throw_unsupported("describe"); }
Resolved Analysis::resolve_node(const plan::Crosstab&) { throw_unsupported("crosstab"); }
Resolved Analysis::resolve_node(const plan::Covariance&) { throw_unsupported("stat.cov"); }
Resolved Analysis::resolve_node(const plan::Correlation&) { throw_unsupported("stat.corr"); }
Resolved Analysis::resolve_node(const plan::ApproxQuantile&) { throw_unsupported("approxQuantile"); }
Resolved Analysis::resolve_node(const plan::FrequentItems&) { throw_unsupported("freqItems"); }
Resolved Analysis::resolve_node(const plan::SampleBy&) { throw_unsupported("sampleBy"); }
Resolved Analysis::resolve_node(const plan::FillNull&) { throw_unsupported("fillna"); }
Resolved Analysis::resolve_node(const plan::DropNull&) { throw_unsupported("dropna"); }
Resolved Analysis::resolve_node(const plan::ReplaceValues&) { throw_unsupported("replace"); }
Resolved Analysis::resolve_node(const plan::Parse&) { throw_unsupported("reading CSV or JSON from a DataFrame"); }

}  // namespace pyrite::analysis
