// CSV and JSON read out of a DataFrame's strings.
#include <algorithm>

#include "analyzer/analysis.h"
#include "base/error.h"
#include "functions/corrupt_column.h"
#include "functions/json_format.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;
using Lines = std::vector<std::optional<std::string>>;

/// The seed that Spark samples lines with.
constexpr int64_t sample_seed = 1;

Lines run_lines(Analysis& analysis, const resolved::RelationPtr& plan) {
  Lines out;
  for (const ValueList& row : analysis.host.run(plan)) {
    out.push_back(row[0].is_null() ? std::nullopt : std::optional<std::string>(row[0].text()));
  }
  return out;
}

Lines sampled_lines(Analysis& analysis, resolved::RelationPtr lines, double ratio) {
  const std::vector<Column> output = lines->output;
  if (ratio <= 0.99) {
    lines = resolved::make_relation(resolved::Sample{lines, 0, ratio, false, sample_seed}, output);
  }
  return run_lines(analysis, lines);
}

/// The first line that is neither blank nor a comment.
std::optional<std::string> first_csv_line(Analysis& analysis, const resolved::RelationPtr& lines,
                                          const CsvFormat& format) {
  const std::vector<Column> output = lines->output;
  const ExpressionPtr line = resolved::reference(output[0]);
  ExpressionPtr is_record = analysis.bind(">", {analysis.bind("trim", {line}), resolved::string_literal("")});
  if (format.comment) {
    const ExpressionPtr comment =
        analysis.bind("startswith", {line, resolved::string_literal(std::string(1, *format.comment))});
    is_record = analysis.bind("and", {is_record, analysis.bind("not", {comment})});
  }
  resolved::RelationPtr plan = resolved::make_relation(resolved::Filter{lines, is_record}, output);
  plan = resolved::make_relation(resolved::Limit{plan, 1, 0}, output);
  const Lines found = run_lines(analysis, plan);
  return found.empty() ? std::nullopt : found[0];
}

void check_csv_types(const std::vector<StructField>& fields) {
  for (const StructField& field : fields) {
    if (field.type.is_nested() || field.type.is(TypeKind::binary)) {
      throw SparkError(ErrorKind::unsupported_operation, "UNSUPPORTED_DATATYPE",
                       {{"typeName", "\"" + sql_string(field.type) + "\""}});
    }
  }
}

}  // namespace

Resolved Analysis::resolve_node(const plan::Parse& node) {
  if (node.format != "csv" && node.format != "json") {
    throw_unsupported("reading " + (node.format.empty() ? "an unknown format" : node.format) + " from a DataFrame");
  }
  const resolved::RelationPtr lines = resolve_to_plan(node.input);
  if (lines->output.size() != 1) {
    throw SparkError("DATAFRAME_INPUT_NOT_SINGLE_COLUMN", {{"numColumns", std::to_string(lines->output.size())}});
  }
  if (!lines->output[0].type.is_string()) {
    throw SparkError("DATAFRAME_INPUT_NOT_STRING_TYPE",
                     {{"dataType", "\"" + sql_string(lines->output[0].type) + "\""}});
  }
  const OptionLookup option = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = std::find_if(node.options.rbegin(), node.options.rend(),
                                    [&](const auto& each) { return lower_case(each.first) == lower_case(name); });
    return found == node.options.rend() ? std::nullopt : std::optional<std::string>(found->second);
  };
  resolved::ParseLines parse{lines, node.format, node.options, std::nullopt};
  std::vector<StructField> fields;
  if (node.schema) {
    fields = as_nullable(*node.schema).fields();
  }
  if (node.format == "csv") {
    const CsvFormat format = CsvFormat::read(option, *host.facts);
    std::optional<std::string> first;
    if (!node.schema || format.header) {
      first = first_csv_line(*this, lines, format);
    }
    if (!node.schema && first) {
      const bool infer = csv_flag_option(option, "inferSchema", false);
      const Lines sample = infer ? sampled_lines(*this, lines, format.sampling_ratio) : Lines();
      fields = host.infer_lines(node.format, *first, sample, node.options);
    }
    parse.header = format.header ? first : std::nullopt;
    check_corrupt_column(fields, format.corrupt_column);
    check_csv_types(fields);
  } else {
    const JsonFormat format = JsonFormat::read(option, *host.facts);
    if (!node.schema) {
      fields = host.infer_lines(node.format, {}, sampled_lines(*this, lines, format.sampling_ratio), node.options);
    }
    check_corrupt_column(fields, format.corrupt_column);
  }
  std::vector<Column> output;
  for (const StructField& field : fields) {
    output.push_back(new_column(field.name, field.type, true, field.metadata));
  }
  return plain(resolved::make_relation(std::move(parse), std::move(output)));
}

}  // namespace pyrite::analysis
