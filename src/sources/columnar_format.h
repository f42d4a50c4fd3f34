// Spark's rules for the columnar formats that the host program provides (ORC): codecs and conversions.
#pragma once

#include <string>
#include <vector>

#include "functions/function_def.h"
#include "plan/relation.h"
#include "types/type.h"

namespace pyrite {

/// none, snappy, zlib, lzo, zstd, lz4 or brotli: the options "compression" and "orc.compress", else the session's.
/// Errors: CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION.
std::string orc_codec(const plan::Options& options, const SessionFacts& session);

/// Whether damaged or missing files are passed over, by the option (ignoreCorruptFiles, ignoreMissingFiles) or the
/// session.
bool ignores_files(const plan::Options& options, const SessionFacts& session, const std::string& option);

/// How columns of a file become columns of another type.
enum class Conversion {
  direct,   ///< the same values, wider numbers, or whole numbers that become NULL where they do not fit
  convert,  ///< by a cast that gives NULL where a value does not fit
  refused,
};
/// What Spark's ORC reader does with a column of a file.
Conversion orc_conversion(const Type& file, const Type& wanted);
/// The type whose values an ORC file holds for a type: times and intervals are whole numbers.
Type orc_storage(const Type& type);

}  // namespace pyrite
