// Command messages to commands.
#include <spark/connect/commands.pb.h>
#include <spark/connect/relations.pb.h>

#include "connect/decode.h"

namespace pyrite::connect {
namespace {

namespace proto = spark::connect;

std::vector<std::string> strings(const auto& values) { return {values.begin(), values.end()}; }

plan::SaveMode save_mode(proto::WriteOperation::SaveMode mode) {
  switch (mode) {
    case proto::WriteOperation::SAVE_MODE_APPEND:
      return plan::SaveMode::append;
    case proto::WriteOperation::SAVE_MODE_OVERWRITE:
      return plan::SaveMode::overwrite;
    case proto::WriteOperation::SAVE_MODE_IGNORE:
      return plan::SaveMode::ignore;
    default:
      return plan::SaveMode::error_if_exists;
  }
}

std::string write_mode(proto::WriteOperationV2::Mode mode) {
  switch (mode) {
    case proto::WriteOperationV2::MODE_CREATE:
      return "create";
    case proto::WriteOperationV2::MODE_OVERWRITE:
      return "overwrite";
    case proto::WriteOperationV2::MODE_OVERWRITE_PARTITIONS:
      return "overwrite_partitions";
    case proto::WriteOperationV2::MODE_APPEND:
      return "append";
    case proto::WriteOperationV2::MODE_REPLACE:
      return "replace";
    case proto::WriteOperationV2::MODE_CREATE_OR_REPLACE:
      return "create_or_replace";
    default:
      throw SparkError("CONNECT_INVALID_PLAN.INVALID_ENUM", {{"fullName", "spark.connect.WriteOperationV2.Mode"},
                                                             {"name", proto::WriteOperationV2::Mode_Name(mode)},
                                                             {"number", std::to_string(mode)}});
  }
}

}  // namespace

plan::SqlText Decoder::sql_text(const proto::SqlCommand& message) {
  plan::SqlText out;
  out.query = message.sql();
  for (const auto& [name, value] : message.args()) {
    out.named_arguments[name] = literal_expression(value);
  }
  for (const auto& [name, value] : message.named_arguments()) {
    out.named_arguments[name] = expression(value);
  }
  for (const auto& value : message.pos_args()) {
    out.positional_arguments.push_back(literal_expression(value));
  }
  for (const auto& value : message.pos_arguments()) {
    out.positional_arguments.push_back(expression(value));
  }
  return out;
}

plan::Command Decoder::command(const proto::Command& message) {
  using Message = proto::Command;
  switch (message.command_type_case()) {
    case Message::kRegisterFunction:
      return {plan::RegisterFunction{plan::make_expression(python_function(message.register_function()))}};
    case Message::kWriteOperation: {
      const auto& write = message.write_operation();
      plan::WriteFrame out;
      out.input = input(write.input());
      out.format = write.source();
      if (write.has_path()) {
        out.path = write.path();
      } else if (write.has_table()) {
        out.table = host_.parse_identifier(write.table().table_name());
        out.insert_into =
            write.table().save_method() == proto::WriteOperation::SaveTable::TABLE_SAVE_METHOD_INSERT_INTO;
      }
      out.mode = save_mode(write.mode());
      out.sort_by = strings(write.sort_column_names());
      out.partition_by = strings(write.partitioning_columns());
      out.cluster_by = strings(write.clustering_columns());
      out.bucket_by = strings(write.bucket_by().bucket_column_names());
      out.bucket_count = write.bucket_by().num_buckets();
      out.options = sorted_options(write.options());
      return {std::move(out)};
    }
    case Message::kCreateDataframeView: {
      const auto& view = message.create_dataframe_view();
      plan::CreateView out;
      out.name = {view.name()};
      out.scope = view.is_global() ? plan::ViewScope::global : plan::ViewScope::session;
      out.query = input(view.input());
      out.replace = view.replace();
      return {std::move(out)};
    }
    case Message::kWriteOperationV2: {
      const auto& write = message.write_operation_v2();
      plan::WriteTable out;
      out.input = input(write.input());
      out.table = host_.parse_identifier(write.table_name());
      out.provider = write.provider();
      out.partition_by = expressions(write.partitioning_columns());
      out.options = sorted_options(write.options());
      out.properties = sorted_options(write.table_properties());
      out.mode = write_mode(write.mode());
      out.overwrite_condition = write.has_overwrite_condition() ? expression(write.overwrite_condition()) : nullptr;
      return {std::move(out)};
    }
    case Message::kWriteStreamOperationStart:
    case Message::kStreamingQueryCommand:
    case Message::kStreamingQueryManagerCommand:
    case Message::kStreamingQueryListenerBusCommand:
      return {plan::UnsupportedCommand{"streaming queries"}};
    case Message::kRegisterTableFunction:
      return {plan::UnsupportedCommand{"Python table functions"}};
    case Message::kRegisterDataSource:
      return {plan::UnsupportedCommand{"Python data sources"}};
    case Message::kMergeIntoTableCommand:
      return {plan::UnsupportedCommand{"MERGE INTO"}};
    case Message::kMlCommand:
      return {plan::UnsupportedCommand{"machine learning commands"}};
    case Message::kExecuteExternalCommand:
      return {plan::UnsupportedCommand{"external commands"}};
    case Message::kPipelineCommand:
      return {plan::UnsupportedCommand{"pipelines"}};
    case Message::kExtension:
      throw SparkError("CONNECT_INVALID_PLAN.NO_HANDLER_FOR_EXTENSION");
    case Message::kSqlCommand:
    case Message::kGetResourcesCommand:
    case Message::kCreateResourceProfileCommand:
    case Message::kCheckpointCommand:
    case Message::kRemoveCachedRemoteRelationCommand:
      throw_internal("a command that the service answers itself");
    case Message::COMMAND_TYPE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                   {{"fullName", "spark.connect.Command"}, {"name", "command_type"}});
}

}  // namespace pyrite::connect
