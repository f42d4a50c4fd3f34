// The hidden column `_metadata` of files.
#include "analyzer/file_metadata.h"

#include <algorithm>

#include "analyzer/properties.h"

namespace pyrite::analysis {
namespace {

constexpr std::string_view column_name = "_metadata";
/// How Spark marks the column in a schema.
constexpr std::string_view mark = R"({"__file_source_metadata_col":true,"__metadata_col":"_metadata"})";

struct InputFileField {
  std::string_view function;
  std::string_view field;
};
constexpr InputFileField input_file_fields[] = {
    {"input_file_name", "file_path"},
    {"input_file_block_start", "file_block_start"},
    {"input_file_block_length", "file_block_length"},
};

}  // namespace

bool is_file_metadata(const Column& column) { return column.metadata == mark; }

bool names_file_metadata(const Analysis& analysis, const plan::NameParts& name) {
  return std::any_of(name.begin(), name.end(),
                     [&](const std::string& part) { return analysis.same_name(part, std::string(column_name)); });
}

Resolved with_file_metadata(Resolved scan) {
  const auto* files = std::get_if<resolved::FileScan>(&scan.plan->node);
  if (!files) {
    return scan;
  }
  resolved::FileScan with = *files;
  with.metadata_column = true;
  std::vector<Column> output = scan.plan->output;
  output.push_back(
      new_column(std::string(column_name), resolved::file_metadata_type(files->format), false, std::string(mark)));
  scan.hidden.push_back(output.back());
  scan.plan = resolved::make_relation(std::move(with), std::move(output));
  return scan;
}

void drop_hidden(Resolved& input) {
  std::erase_if(input.hidden, [](const Column& column) { return !is_file_metadata(column); });
  if (input.hidden.empty()) {
    input.plan = trimmed(input);
    return;
  }
  std::vector<NamedExpression> list;
  for (const std::vector<Column>* columns : {&input.visible, &input.hidden}) {
    for (const Column& column : *columns) {
      list.push_back(pass(column));
    }
  }
  input.plan = project(input.plan, std::move(list));
}

bool is_input_file_function(const FunctionDef& function) {
  return std::any_of(std::begin(input_file_fields), std::end(input_file_fields),
                     [&](const InputFileField& each) { return each.function == function.name; });
}

resolved::ExpressionPtr input_file_call(const Analysis& analysis, const FunctionDef& function, const Scope& scope,
                                        const plan::OriginPtr& origin) {
  if (!analysis.file_metadata) {
    throw FileMetadataWanted();
  }
  std::vector<Column> sources;
  for (const Scope* each = &scope; each; each = each->below) {
    for (const std::vector<Column>* columns : {each->visible, each->hidden}) {
      for (const Column& column : columns ? *columns : std::vector<Column>()) {
        const bool seen =
            std::any_of(sources.begin(), sources.end(), [&](const Column& known) { return known.id == column.id; });
        if (is_file_metadata(column) && !seen) {
          sources.push_back(column);
        }
      }
    }
  }
  const Type type = function.name == "input_file_name" ? Type::string() : Type::long_int();
  if (sources.size() > 1) {
    throw_at(origin, SparkError("MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION",
                                {{"expr", "\"" + std::string(function.name) + "()\""}}));
  }
  std::vector<resolved::ExpressionPtr> arguments;
  for (const Column& source : sources) {
    const std::vector<StructField>& fields = source.type.fields();
    const auto wanted = std::find_if(std::begin(input_file_fields), std::end(input_file_fields),
                                     [&](const InputFileField& each) { return each.function == function.name; });
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == wanted->field) {
        arguments.push_back(resolved::make_expression(
            resolved::GetField{resolved::reference(source), static_cast<int>(i), fields[i].name}, fields[i].type,
            false));
      }
    }
  }
  return resolved::make_expression(
      resolved::Call{&function, std::string(function.name), std::move(arguments), analysis.mode()}, type, false,
      origin);
}

}  // namespace pyrite::analysis
