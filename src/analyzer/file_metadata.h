// The hidden column `_metadata` of files: where a row comes from.
#pragma once

#include <optional>

#include "analyzer/analysis.h"

namespace pyrite::analysis {

/// Thrown where a name or function means the files' metadata, and the scans were resolved without: `analyze` then
/// resolves the query once more with Analysis::file_metadata. So queries that do not ask for it carry nothing of it.
struct FileMetadataWanted {};

bool is_file_metadata(const Column& column);
/// Whether a name that nothing has can mean the metadata column or a field of it.
bool names_file_metadata(const Analysis& analysis, const plan::NameParts& name);

/// A scan of files with the column behind its output; anything else as it is.
Resolved with_file_metadata(Resolved scan);
/// Ends the reach of hidden columns and drops them from the plan, except the metadata of files.
void drop_hidden(Resolved& input);

/// input_file_name() and its kind, over the files that the scope's rows come from.
/// Errors: MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION.
resolved::ExpressionPtr input_file_call(const Analysis& analysis, const FunctionDef& function, const Scope& scope,
                                        const plan::OriginPtr& origin);
bool is_input_file_function(const FunctionDef& function);

}  // namespace pyrite::analysis
