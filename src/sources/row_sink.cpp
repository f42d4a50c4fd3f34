// Which sink writes a format.
#include "sources/row_sink.h"

#include "base/error.h"
#include "sources/columnar_format.h"
#include "sources/columnar_provider.h"
#include "sources/csv_sink.h"
#include "sources/json_source.h"
#include "sources/source_options.h"
#include "sources/text_source.h"

namespace pyrite {

bool has_row_sink(const std::string& format) { return format == "csv" || format == "json" || format == "text"; }

std::string file_ending(const WriteSpec& spec) {
  const SourceOptions options(spec.options);
  const std::string& format = spec.format;
  if (is_provided(format)) {
    const std::string codec = orc_codec(spec.options, *spec.session);
    return (codec == "none" ? "" : "." + codec) + "." + format;
  }
  return (format == "text" ? ".txt" : "." + format) + std::string(codec_ending(options.codec()));
}

std::unique_ptr<RowSink> open_sink(const WriteSpec& spec, const std::string& path) {
  if (spec.format == "csv") {
    return open_csv_sink(spec, path);
  }
  if (spec.format == "json") {
    return open_json_sink(spec, path);
  }
  check(spec.format == "text", "no sink of rows for " + spec.format);
  return open_text_sink(spec, path);
}

}  // namespace pyrite
