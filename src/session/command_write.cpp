// DataFrameWriter: save, saveAsTable, insertInto; DataFrameWriterV2.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "nanoarrow/nanoarrow.hpp"
#include "session/command_runner.h"
#include "session/identifier.h"
#include "session/result_rows.h"

namespace pyrite {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string option_of(const plan::Options& options, const std::string& name) {
  for (const auto& [key, value] : options) {
    if (lower(key) == name) {
      return value;
    }
  }
  return {};
}

fs::path local_folder(const std::string& path) {
  std::string text = path;
  if (text.starts_with("file:")) {
    text.erase(0, text.starts_with("file://") ? 7 : 5);
  }
  return fs::absolute(text).lexically_normal();
}

/// A folder beside the target that goes away unless its files were moved to their place.
class StagingFolder {
 public:
  explicit StagingFolder(const fs::path& target)
      : path_(target.parent_path() / ("." + target.filename().string() + "." + random_uuid())) {
    fs::create_directories(path_);
  }
  ~StagingFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void move_files(const fs::path& from, const fs::path& to) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(from)) {
    const fs::path target = to / fs::relative(entry.path(), from);
    if (entry.is_directory()) {
      fs::create_directories(target);
    } else {
      fs::create_directories(target.parent_path());
      fs::rename(entry.path(), target);
    }
  }
}

/// Removes the files of every partition that the new files belong to.
void clear_written_partitions(const fs::path& staged, const fs::path& target) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(staged)) {
    if (entry.is_regular_file()) {
      fs::remove_all(target / fs::relative(entry.path().parent_path(), staged));
    }
  }
}

std::vector<int> partition_positions(const resolved::RelationPtr& plan, const std::vector<std::string>& names,
                                     bool case_sensitive) {
  std::vector<int> positions;
  for (const std::string& name : names) {
    int found = -1;
    for (size_t i = 0; i < plan->output.size(); ++i) {
      const std::string& column = plan->output[i].name;
      if (case_sensitive ? column == name : lower(column) == lower(name)) {
        found = static_cast<int>(i);
      }
    }
    if (found < 0) {
      std::vector<StructField> fields;
      for (const resolved::Column& column : plan->output) {
        fields.push_back({column.name, column.type, column.nullable, {}});
      }
      throw SparkError(ErrorKind::analysis, "PARTITION_COLUMN_NOT_FOUND_IN_SCHEMA",
                       {{"column", name}, {"schema", sql_string(Type::structure(std::move(fields)))}});
    }
    positions.push_back(found);
  }
  if (!positions.empty() && positions.size() == plan->output.size()) {
    throw SparkError("ALL_PARTITION_COLUMNS_NOT_ALLOWED");
  }
  return positions;
}

void run_to_the_end(ResultStream& rows) {
  for (;;) {
    nanoarrow::UniqueArray batch;
    if (!rows.next(batch.get())) {
      return;
    }
  }
}

[[noreturn]] void throw_file_failure(const fs::filesystem_error& error) {
  throw SparkError(ErrorKind::spark, "TASK_WRITE_FAILED",
                   {{"path", error.path1().string() + ": " + error.code().message()}});
}

}  // namespace

void CommandRunner::save_to_path(const plan::WriteFrame& command, const std::string& format, const std::string& path) {
  const bool case_sensitive = session_.configuration().flag("spark.sql.caseSensitive");
  const resolved::RelationPtr plan = session_.analyze(command.input);
  FileSink sink;
  sink.format = format;
  sink.options = command.options;
  sink.partition_columns = partition_positions(plan, command.partition_by, case_sensitive);
  const fs::path target = local_folder(path);
  try {
    const bool exists = fs::exists(target);
    if (exists && command.mode == plan::SaveMode::error_if_exists) {
      throw SparkError(ErrorKind::analysis, "PATH_ALREADY_EXISTS", {{"outputPath", "file:" + target.string()}});
    }
    if (exists && command.mode == plan::SaveMode::ignore) {
      return;
    }
    std::string overwrite_mode = option_of(command.options, "partitionoverwritemode");
    if (overwrite_mode.empty()) {
      overwrite_mode = session_.configuration().find("spark.sql.sources.partitionOverwriteMode").value_or("static");
    }
    const StagingFolder staging(target);
    sink.directory = staging.path().string();
    session_.engine().write_files(plan, sink, session_.execution_options());
    if (exists && command.mode == plan::SaveMode::overwrite) {
      if (lower(overwrite_mode) == "dynamic" && !sink.partition_columns.empty()) {
        clear_written_partitions(staging.path(), target);
      } else {
        fs::remove_all(target);
      }
    }
    fs::create_directories(target);
    move_files(staging.path(), target);
    std::ofstream(target / "_SUCCESS");
  } catch (const fs::filesystem_error& error) {
    throw_file_failure(error);
  }
}

resolved::RelationPtr CommandRunner::operator()(const plan::WriteFrame& command) {
  if (command.insert_into) {
    plan::Insert insert;
    insert.table = command.table;
    insert.query = command.input;
    insert.overwrite = command.mode == plan::SaveMode::overwrite;
    return (*this)(insert);
  }
  if (!command.bucket_by.empty() || !command.cluster_by.empty()) {
    throw_unsupported("bucketBy and clusterBy");
  }
  std::string format = lower(command.format);
  if (format.empty()) {
    format = lower(session_.configuration().find("spark.sql.sources.default").value_or("parquet"));
  }
  if (!command.table.empty()) {
    return save_as_table(command, format);
  }
  if (format == "noop") {
    run_to_the_end(*session_.engine().execute(session_.analyze(command.input), session_.execution_options()));
    return no_rows();
  }
  const std::string path = command.path.empty() ? option_of(command.options, "path") : command.path;
  if (path.empty()) {
    throw SparkError(ErrorKind::illegal_argument, "_LEGACY_ERROR_TEMP_2025", {{"paths", ""}});
  }
  save_to_path(command, format, path);
  return no_rows();
}

resolved::RelationPtr CommandRunner::save_as_table(const plan::WriteFrame& command, const std::string& format) {
  const SessionCatalog::Found found = session_.catalog().find(command.table);
  const bool exists = found.table != nullptr;
  if (exists && command.mode == plan::SaveMode::ignore) {
    return no_rows();
  }
  if (exists && command.mode == plan::SaveMode::append) {
    plan::Insert insert;
    insert.table = command.table;
    insert.query = command.input;
    insert.by_name = true;
    return (*this)(insert);
  }
  plan::CreateTable create;
  create.name = command.table;
  create.provider = format;
  create.partition_by = command.partition_by;
  create.options = command.options;
  create.query = command.input;
  create.create_or_replace = command.mode == plan::SaveMode::overwrite;
  return (*this)(create);
}

resolved::RelationPtr CommandRunner::operator()(const plan::WriteTable& command) {
  if (command.mode == "append" || (command.mode == "overwrite" && command.overwrite_condition)) {
    plan::Insert insert;
    insert.table = command.table;
    insert.query = command.input;
    insert.by_name = true;
    if (const auto* literal =
            command.overwrite_condition ? std::get_if<plan::Literal>(&command.overwrite_condition->node) : nullptr;
        literal && literal->value == Value(true)) {
      insert.overwrite = true;
    } else if (command.overwrite_condition) {
      throw_unsupported("overwrite with a condition");
    }
    return (*this)(insert);
  }
  if (command.mode == "overwrite_partitions" || command.mode == "overwrite") {
    throw_unsupported("overwritePartitions");
  }
  if (command.mode == "replace" && !session_.catalog().find(command.table).table) {
    throw_not_found(command.table);
  }
  plan::CreateTable create;
  create.name = command.table;
  create.provider = command.provider;
  for (const plan::ExpressionPtr& column : command.partition_by) {
    const auto* attribute = std::get_if<plan::Attribute>(&column->node);
    if (!attribute || attribute->name_parts.size() != 1) {
      throw_unsupported("partition transforms");
    }
    create.partition_by.push_back(attribute->name_parts[0]);
  }
  create.options = command.options;
  create.properties = command.properties;
  create.query = command.input;
  create.create_or_replace = command.mode != "create";
  return (*this)(create);
}

}  // namespace pyrite
