// A data source as the user names it, to a scan of files with its columns.
#include "sources/resolve_source.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "functions/corrupt_column.h"
#include "sources/columnar_format.h"
#include "sources/columnar_provider.h"
#include "sources/csv_rows.h"
#include "sources/csv_source.h"
#include "sources/file_listing.h"
#include "sources/json_rows.h"
#include "sources/json_source.h"
#include "sources/source_options.h"
#include "sources/source_types.h"

namespace pyrite {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

std::vector<std::string> all_paths(const plan::DataSource& source) {
  std::vector<std::string> paths = source.paths;
  if (const auto path = SourceOptions(source.options).find("path")) {
    paths.push_back(*path);
  }
  return paths;
}

/// The columns of a file that the engine or the host program reads; none where it is to be passed over.
std::vector<StructField> schema_of(const std::string& format, const std::string& file, const plan::Options& options,
                                   const SourceContext& context) {
  try {
    return context.file_schema(format, file);
  } catch (const ColumnarFailure& failure) {
    const bool missing = failure.kind() == ColumnarFailure::Kind::missing_file;
    if (failure.kind() == ColumnarFailure::Kind::unsupported) {
      throw_unsupported(failure.what());
    }
    if (ignores_files(options, *context.session, missing ? "ignoreMissingFiles" : "ignoreCorruptFiles")) {
      return {};
    }
    throw SparkError(ErrorKind::spark,
                     missing ? "FAILED_READ_FILE.FILE_NOT_EXIST" : "FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER",
                     {{"path", "file:" + file}})
        .with_place(std::string("\nCaused by: ") + failure.what());
  }
}

std::vector<StructField> inferred(const std::string& format, const FileListing& listing, const plan::Options& options,
                                  const SourceContext& context) {
  if (format == "text") {
    return {{"value", Type::string(), true, {}}};
  }
  if (format == "binaryfile") {
    throw_unsupported("the data source binaryFile");
  }
  if (listing.files.empty()) {
    throw SparkError("UNABLE_TO_INFER_SCHEMA", {{"format", format_title(format)}});
  }
  if (format == "csv") {
    return infer_csv_schema(listing.files, options, *context.session);
  }
  if (format == "json") {
    return infer_json_schema(listing.files, options, *context.session);
  }
  const SourceOptions given(options);
  const bool merge =
      given.flag("mergeSchema", context.session->conf("spark.sql." + format + ".mergeSchema", "false") == "true");
  std::vector<StructField> out;
  for (const std::string& file : listing.files) {
    std::vector<StructField> fields = schema_of(format, file, options, context);
    if (fields.empty() && is_provided(format)) {
      continue;  // a file without columns says nothing about the others
    }
    for (StructField& field : fields) {
      const auto known =
          std::find_if(out.begin(), out.end(), [&](const StructField& each) { return each.name == field.name; });
      if (known == out.end()) {
        field.type = as_nullable(field.type);
        field.nullable = true;
        out.push_back(std::move(field));
      } else if (!same_type(known->type, field.type)) {
        throw SparkError(ErrorKind::spark, "CANNOT_MERGE_SCHEMAS",
                         {{"left", "\"" + sql_string(Type::structure(out)) + "\""},
                          {"right", "\"" + sql_string(Type::structure(fields)) + "\""}});
      }
    }
    if (!merge) {
      break;
    }
  }
  if (is_provided(format)) {
    if (out.empty()) {
      throw SparkError("UNABLE_TO_INFER_SCHEMA", {{"format", format_title(format)}});
    }
    check_written_columns(format, out, context.session->conf("spark.sql.caseSensitive", "false") == "true");
  }
  return out;
}

resolved::RelationPtr scan(const std::string& format, FileListing listing, std::vector<StructField> fields,
                           const std::vector<StructField>& partitions, const plan::Options& options,
                           const SourceContext& context) {
  resolved::FileScan node;
  node.format = format;
  node.files = std::move(listing.files);
  node.root_paths = std::move(listing.roots);
  node.options = options;
  for (auto& [key, value] : node.options) {
    key = lower_case(key);
  }
  node.partition_values = std::move(listing.partition_values);
  const auto column = [&](const StructField& field) {
    return resolved::Column{context.next_column_id(), field.name, field.type, field.nullable, field.metadata, {}};
  };
  for (const StructField& field : fields) {
    const std::string name = lower_case(field.name);
    const bool is_partition = std::any_of(partitions.begin(), partitions.end(),
                                          [&](const StructField& each) { return lower_case(each.name) == name; });
    if (!is_partition) {
      node.file_columns.push_back(column(field));
    }
  }
  for (const StructField& field : partitions) {
    node.partition_columns.push_back(column(field));
  }
  std::vector<resolved::Column> output = node.file_columns;
  output.insert(output.end(), node.partition_columns.begin(), node.partition_columns.end());
  return resolved::make_relation(std::move(node), std::move(output));
}

}  // namespace

std::string canonical_format(const std::string& name) {
  const std::string lower = lower_case(name);
  for (const char* known : {"parquet", "csv", "json", "text", "orc", "binaryfile"}) {
    if (lower == known || lower.ends_with("." + std::string(known)) ||
        lower.ends_with("." + std::string(known) + "fileformat") ||
        lower == "org.apache.spark.sql.execution.datasources." + std::string(known)) {
      return known;
    }
  }
  return {};
}

resolved::RelationPtr resolve_source(const plan::DataSource& source, const SourceContext& context) {
  const std::string given = source.format.empty()
                                ? std::string(context.session->conf("spark.sql.sources.default", "parquet"))
                                : source.format;
  const std::string format = canonical_format(given);
  if (format.empty()) {
    throw SparkError("DATA_SOURCE_NOT_FOUND", {{"provider", given}});
  }
  const std::vector<std::string> paths = all_paths(source);
  if (paths.empty() && format != "text" && !(source.schema && !source.schema->empty())) {
    throw SparkError("UNABLE_TO_INFER_SCHEMA", {{"format", format_title(format)}});
  }
  FileListing listing = list_files(paths, source.options);
  std::vector<StructField> fields;
  if (source.schema && !source.schema->empty()) {
    fields = context.parse_schema(*source.schema).fields();
    for (StructField& field : fields) {
      field.nullable = true;
      field.type = as_nullable(field.type);
    }
    if (format == "csv") {
      check_corrupt_column(fields, csv_format_of(source.options, *context.session).corrupt_column);
    } else if (format == "json") {
      check_corrupt_column(fields, json_format_of(source.options, *context.session).corrupt_column);
    }
    if (format != "text") {  // which refuses other columns than one of text
      std::vector<StructField> held = fields;
      std::erase_if(held,
                    [&](const StructField& field) { return format == "csv" && field.type.is(TypeKind::variant); });
      check_source_types(format, held);
    }
  } else {
    fields = inferred(format, listing, source.options, context);
  }
  std::vector<StructField> partitions;
  const bool infer = context.session->conf("spark.sql.sources.partitionColumnTypeInference.enabled", "true") == "true";
  for (size_t i = 0; i < listing.partition_names.size(); ++i) {
    StructField field{listing.partition_names[i], Type::string(), true, {}};
    const auto asked = std::find_if(fields.begin(), fields.end(), [&](const StructField& each) {
      return lower_case(each.name) == lower_case(field.name);
    });
    if (source.schema && asked != fields.end()) {
      field = *asked;
    } else {
      std::vector<std::optional<std::string>> values;
      for (const auto& row : listing.partition_values) {
        values.push_back(row[i]);
      }
      field.type = infer_partition_type(values, infer, *context.session);
    }
    partitions.push_back(std::move(field));
  }
  return scan(format, std::move(listing), std::move(fields), partitions, source.options, context);
}

resolved::RelationPtr scan_of_table(const std::string& format, const std::string& location,
                                    const std::vector<StructField>& columns,
                                    const std::vector<std::string>& partition_by, const plan::Options& options,
                                    const SourceContext& context) {
  FileListing listing;
  if (std::filesystem::exists(location)) {
    listing = list_files({location}, options);
  }
  std::vector<StructField> files;
  std::vector<StructField> partitions;
  for (const StructField& column : columns) {
    const bool is_partition = std::any_of(partition_by.begin(), partition_by.end(), [&](const std::string& name) {
      return lower_case(name) == lower_case(column.name);
    });
    (is_partition ? partitions : files).push_back(column);
  }
  return scan(canonical_format(format), std::move(listing), std::move(files), partitions, options, context);
}

}  // namespace pyrite
