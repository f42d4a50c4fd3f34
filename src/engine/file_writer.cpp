// Writing a query's rows to files.
#include "engine/file_writer.h"

#include <filesystem>
#include <random>

#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/copy_function_catalog_entry.hpp"
#include "duckdb/parser/parsed_data/copy_info.hpp"
#include "duckdb/planner/expression/bound_reference_expression.hpp"
#include "duckdb/planner/operator/logical_copy_to_file.hpp"
#include "duckdb/planner/operator/logical_projection.hpp"
#include "functions/bind_call.h"

namespace pyrite {
namespace {

constexpr std::string_view null_folder = "__HIVE_DEFAULT_PARTITION__";
constexpr std::string_view schema_key = "org.apache.spark.sql.parquet.row.metadata";

void append_escaped(std::string_view text, std::string& out) {
  constexpr std::string_view special = "\"#%'*/:=?\\{[]^";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || special.find(c) != std::string_view::npos) {
      constexpr char digits[] = "0123456789ABCDEF";
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
}

/// Folder of a row: names (constants) and values in turn.
void run_folder(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  std::string folder;
  for (size_t row = 0; row < rows; ++row) {
    folder.clear();
    for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
      if (i > 0) {
        folder += '/';
      }
      append_escaped(arguments[i].text(row), folder);
      folder += '=';
      if (arguments[i + 1].is_null(row) || arguments[i + 1].text(row).empty()) {
        folder += null_folder;
      } else {
        append_escaped(arguments[i + 1].text(row), folder);
      }
    }
    out.set_text(row, folder);
  }
}

constexpr FunctionDef folder_function = {.name = "partition_folder",
                                         .forms = {"(string...) -> string"},
                                         .nulls = NullHandling::custom,
                                         .nullability = Nullability::never,
                                         .lower = lowering::Own{Kernel{&run_folder}}};

std::string option_of(const plan::Options& options, std::string_view name, std::string_view otherwise) {
  std::string found(otherwise);
  for (const auto& [key, value] : options) {
    if (key == name) {
      found = value;
    }
  }
  return found;
}

}  // namespace

resolved::RelationPtr rows_to_write(const resolved::RelationPtr& plan, const FileSink& sink) {
  if (sink.partition_columns.empty()) {
    return plan;
  }
  resolved::Project project{plan, {}};
  std::vector<resolved::Column> output;
  for (size_t i = 0; i < plan->output.size(); ++i) {
    if (std::find(sink.partition_columns.begin(), sink.partition_columns.end(), static_cast<int>(i)) ==
        sink.partition_columns.end()) {
      project.expressions.push_back({plan->output[i], resolved::reference(plan->output[i])});
      output.push_back(plan->output[i]);
    }
  }
  std::vector<resolved::ExpressionPtr> parts;
  for (const int position : sink.partition_columns) {
    const resolved::Column& column = plan->output[static_cast<size_t>(position)];
    parts.push_back(resolved::string_literal(column.name));
    parts.push_back(pyrite::cast_to(resolved::reference(column), Type::string(), resolved::EvalMode::legacy));
  }
  const resolved::Column folder{.id = -2, .name = "folder", .type = Type::string(), .nullable = false};
  project.expressions.push_back(
      {folder, resolved::make_expression(resolved::Call{&folder_function, "partition_folder", std::move(parts)},
                                         Type::string(), false)});
  output.push_back(folder);
  return resolved::make_relation(std::move(project), std::move(output));
}

DuckOperator copy_to_parquet(duckdb::ClientContext& context, DuckOperator rows,
                             const std::vector<resolved::Column>& columns, const FileSink& sink,
                             const std::string& job) {
  const bool partitioned = !sink.partition_columns.empty();
  const size_t width = partitioned ? columns.size() - 1 : columns.size();
  duckdb::vector<duckdb::Identifier> names;
  duckdb::vector<duckdb::LogicalType> types;
  std::vector<StructField> fields;
  // The root projection's structures get their fields' names here.
  for (size_t i = 0; i < columns.size(); ++i) {
    const duckdb::LogicalType type = named_engine_type(columns[i].type);
    rows->expressions[i] = reinterpret(std::move(rows->expressions[i]), type);
    if (i < width) {
      names.emplace_back(columns[i].name);
      types.push_back(type);
      fields.push_back({columns[i].name, columns[i].type, columns[i].nullable, columns[i].metadata});
    }
  }
  std::string codec = option_of(sink.options, "compression", option_of(sink.options, "parquet.compression", "snappy"));
  std::transform(codec.begin(), codec.end(), codec.begin(), [](unsigned char c) { return std::tolower(c); });
  if (codec == "none") {
    codec = "uncompressed";
  }
  auto info = duckdb::make_uniq<duckdb::CopyInfo>();
  info->format = "parquet";
  info->is_from = false;
  info->options[duckdb::Identifier("compression")] = {duckdb::Value(codec)};
  duckdb::child_list_t<duckdb::Value> metadata;
  metadata.emplace_back(duckdb::Identifier(schema_key), duckdb::Value(type_json(Type::structure(fields))));
  info->options[duckdb::Identifier("kv_metadata")] = {duckdb::Value::STRUCT(std::move(metadata))};

  const duckdb::CopyFunction function =
      duckdb::Catalog::GetSystemCatalog(context)
          .GetEntry<duckdb::CopyFunctionCatalogEntry>(
              context, duckdb::QualifiedName(duckdb::Identifier::SystemCatalog(), duckdb::Identifier::DefaultSchema(),
                                             duckdb::Identifier("parquet")))
          .function;
  duckdb::CopyFunctionBindInput input(*info);
  input.file_extension = "parquet";
  auto data = function.copy_to_bind(context, input, names, types);
  const std::string suffix = codec == "uncompressed" ? "" : "." + codec;
  // Far from the indexes of the plan below.
  auto copy = duckdb::make_uniq<duckdb::LogicalCopyToFile>(function, std::move(data), std::move(info),
                                                           duckdb::TableIndex(uint64_t{1} << 40));
  copy->file_path =
      partitioned ? sink.directory : sink.directory + "/part-00000-" + job + "-c000" + suffix + ".parquet";
  copy->use_tmp_file = false;
  copy->overwrite_mode =
      partitioned ? duckdb::CopyOverwriteMode::COPY_APPEND : duckdb::CopyOverwriteMode::COPY_ERROR_ON_CONFLICT;
  copy->file_extension = "parquet";
  copy->per_thread_output = false;
  copy->rotate = false;
  copy->partition_output = partitioned;
  copy->write_partition_columns = false;
  copy->return_type = duckdb::CopyFunctionReturnType::CHANGED_ROWS_AND_FILE_LIST;
  copy->names = names;
  copy->expected_types = types;
  if (partitioned) {
    copy->names.emplace_back("folder");
    copy->expected_types.push_back(duckdb::LogicalType::VARCHAR);
    copy->partition_columns = {width};
    copy->partition_path_expression =
        duckdb::make_uniq<duckdb::BoundReferenceExpression>(duckdb::LogicalType::VARCHAR, 0U);
    copy->filename_pattern.SetFilenamePattern("part-{i}-" + job + ".c000" + suffix);
  }
  if (copy->function.desired_batch_size) {
    copy->batch_size = copy->function.desired_batch_size(context, *copy->bind_data);
  }
  copy->AddChild(std::move(rows));
  copy->ResolveOperatorTypes();
  return copy;
}

void remove_job_files(const std::string& directory, const std::string& job) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  std::vector<fs::path> found;
  for (fs::recursive_directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    if (at->path().filename().string().find(job) != std::string::npos) {
      found.push_back(at->path());
    }
  }
  for (const fs::path& path : found) {
    fs::remove(path, ignored);
  }
}

std::string new_job_name() {
  std::random_device device;
  std::string out;
  for (const int digits : {8, 4, 4, 4, 12}) {
    out += out.empty() ? "" : "-";
    for (int i = 0; i < digits; ++i) {
      out += "0123456789abcdef"[device() & 15];
    }
  }
  return out;
}

}  // namespace pyrite
