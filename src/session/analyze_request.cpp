// Every variant of the AnalyzePlan request.
#include "session/analyze_request.h"

#include <spark/connect/base.pb.h>

#include <set>

#include "analyzer/properties.h"
#include "base/error.h"
#include "connect/encode.h"
#include "plan/resolved_transform.h"
#include "session/client_schema.h"
#include "session/plan_request.h"

namespace pyrite {
namespace {

namespace proto = spark::connect;
using Request = proto::AnalyzePlanRequest;

/// The version of Spark whose behaviour this is.
constexpr const char* spark_version = "4.2.0";

plan::RelationPtr decode_root(Session& session, proto::Plan plan) {
  decompress(plan);
  if (!plan.has_root()) {
    throw SparkError("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                     {{"fullName", "spark.connect.Plan"}, {"name", "op_type"}});
  }
  return decoder_for(session).relation(plan.root());
}

resolved::RelationPtr analyze_root(Session& session, const proto::Plan& plan) {
  return session.analyze(decode_root(session, plan));
}

resolved::RelationPtr analyze_relation(Session& session, const proto::Relation& relation) {
  return session.analyze(decoder_for(session).relation(relation));
}

std::string mode_name(Request::Explain::ExplainMode mode) {
  switch (mode) {
    case Request::Explain::EXPLAIN_MODE_EXTENDED:
      return "extended";
    case Request::Explain::EXPLAIN_MODE_CODEGEN:
      return "codegen";
    case Request::Explain::EXPLAIN_MODE_COST:
      return "cost";
    case Request::Explain::EXPLAIN_MODE_FORMATTED:
      return "formatted";
    default:
      return "simple";
  }
}

StorageLevel decode_level(const proto::StorageLevel& message) {
  return {message.use_disk(), message.use_memory(), message.use_off_heap(), message.deserialized(),
          message.replication()};
}

void encode_level(const StorageLevel& level, proto::StorageLevel& out) {
  out.set_use_disk(level.use_disk);
  out.set_use_memory(level.use_memory);
  out.set_use_off_heap(level.use_off_heap);
  out.set_deserialized(level.deserialized);
  out.set_replication(level.replication);
}

void collect_files(const resolved::RelationPtr& plan, std::set<std::string>& files) {
  if (const auto* scan = std::get_if<resolved::FileScan>(&plan->node)) {
    for (const std::string& file : scan->files) {
      files.insert(file.find("://") == std::string::npos ? "file://" + file : file);
    }
  }
  for (const resolved::RelationPtr& input : resolved::inputs(plan)) {
    collect_files(input, files);
  }
}

}  // namespace

void answer_analyze(Session& session, const Request& request, proto::AnalyzePlanResponse& out) {
  switch (request.analyze_case()) {
    case Request::kSchema:
      connect::encode_type(client_schema(analyze_root(session, request.schema().plan()), *session.facts()),
                           *out.mutable_schema()->mutable_schema());
      return;
    case Request::kExplain:
      out.mutable_explain()->set_explain_string(
          session.explain(decode_root(session, request.explain().plan()), mode_name(request.explain().explain_mode())));
      return;
    case Request::kTreeString:
      out.mutable_tree_string()->set_tree_string(
          tree_string(client_schema(analyze_root(session, request.tree_string().plan()), *session.facts()),
                      request.tree_string().has_level() ? request.tree_string().level() : -1));
      return;
    case Request::kIsLocal: {
      const resolved::RelationPtr plan = analyze_root(session, request.is_local().plan());
      out.mutable_is_local()->set_is_local(std::holds_alternative<resolved::LocalData>(plan->node) ||
                                           std::holds_alternative<resolved::InlineRows>(plan->node));
      return;
    }
    case Request::kIsStreaming:
      analyze_root(session, request.is_streaming().plan());
      out.mutable_is_streaming()->set_is_streaming(false);  // a streaming source does not pass analysis
      return;
    case Request::kInputFiles: {
      std::set<std::string> files;
      collect_files(analyze_root(session, request.input_files().plan()), files);
      out.mutable_input_files();
      for (const std::string& file : files) {
        out.mutable_input_files()->add_files(file);
      }
      return;
    }
    case Request::kSparkVersion:
      out.mutable_spark_version()->set_version(spark_version);
      return;
    case Request::kDdlParse:
      connect::encode_type(sql::parse_ddl(request.ddl_parse().ddl_string(), session.parser_options()),
                           *out.mutable_ddl_parse()->mutable_parsed());
      return;
    case Request::kSameSemantics:
      out.mutable_same_semantics()->set_result(same_plan(analyze_root(session, request.same_semantics().target_plan()),
                                                         analyze_root(session, request.same_semantics().other_plan())));
      return;
    case Request::kSemanticHash:
      out.mutable_semantic_hash()->set_result(plan_hash(analyze_root(session, request.semantic_hash().plan())));
      return;
    case Request::kPersist: {
      const StorageLevel level = request.persist().has_storage_level() ? decode_level(request.persist().storage_level())
                                                                       : StorageLevel{true, true, false, true, 1};
      session.set_storage_level(analyze_relation(session, request.persist().relation()), level);
      out.mutable_persist();
      return;
    }
    case Request::kUnpersist:
      session.remove_storage_level(analyze_relation(session, request.unpersist().relation()));
      out.mutable_unpersist();
      return;
    case Request::kGetStorageLevel: {
      const StorageLevel none;
      encode_level(
          session.find_storage_level(analyze_relation(session, request.get_storage_level().relation())).value_or(none),
          *out.mutable_get_storage_level()->mutable_storage_level());
      return;
    }
    case Request::kJsonToDdl: {
      const Type schema = parse_type_json(request.json_to_ddl().json_string());
      if (!schema.is(TypeKind::structure)) {
        throw SparkError::plain(ErrorKind::illegal_argument, "only the JSON of a struct type has a DDL text");
      }
      out.mutable_json_to_ddl()->set_ddl_string(ddl_string(schema));
      return;
    }
    case Request::ANALYZE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.UNKNOWN_ANALYZE_METHOD", {{"other", "not set"}});
}

}  // namespace pyrite
