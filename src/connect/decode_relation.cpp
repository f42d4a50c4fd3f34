// Relation messages to unresolved relations.
#include <spark/connect/relations.pb.h>

#include "connect/decode.h"

namespace pyrite::connect {
namespace {

namespace proto = spark::connect;

std::vector<std::string> strings(const auto& values) { return {values.begin(), values.end()}; }

plan::ExpressionPtr integer_literal(int32_t value) {
  return plan::make_expression(plan::Literal{Value(value), Type::integer(), {}});
}

plan::JoinType join_type(proto::Join::JoinType type) {
  switch (type) {
    case proto::Join::JOIN_TYPE_INNER:
      return plan::JoinType::inner;
    case proto::Join::JOIN_TYPE_FULL_OUTER:
      return plan::JoinType::full_outer;
    case proto::Join::JOIN_TYPE_LEFT_OUTER:
      return plan::JoinType::left_outer;
    case proto::Join::JOIN_TYPE_RIGHT_OUTER:
      return plan::JoinType::right_outer;
    case proto::Join::JOIN_TYPE_LEFT_ANTI:
      return plan::JoinType::left_anti;
    case proto::Join::JOIN_TYPE_LEFT_SEMI:
      return plan::JoinType::left_semi;
    case proto::Join::JOIN_TYPE_CROSS:
      return plan::JoinType::cross;
    default:
      throw SparkError("CONNECT_INVALID_PLAN.INVALID_ENUM", {{"fullName", "spark.connect.Join.JoinType"},
                                                             {"name", proto::Join::JoinType_Name(type)},
                                                             {"number", std::to_string(type)}});
  }
}

plan::SetOperation set_operation(const proto::SetOperation& message) {
  plan::SetOperation out;
  out.all = message.is_all();
  out.by_name = message.by_name();
  out.allow_missing_columns = message.allow_missing_columns();
  switch (message.set_op_type()) {
    case proto::SetOperation::SET_OP_TYPE_INTERSECT:
      if (out.by_name) {
        throw SparkError("CONNECT_INVALID_PLAN.INTERSECT_DOES_NOT_SUPPORT_UNION_BY_NAME");
      }
      out.op = plan::SetOperator::intersect;
      break;
    case proto::SetOperation::SET_OP_TYPE_UNION:
      if (!out.by_name && out.allow_missing_columns) {
        throw SparkError("CONNECT_INVALID_PLAN.UNION_BY_NAME_ALLOW_MISSING_COL_REQUIRES_BY_NAME");
      }
      out.op = plan::SetOperator::union_;
      break;
    case proto::SetOperation::SET_OP_TYPE_EXCEPT:
      if (out.by_name) {
        throw SparkError("CONNECT_INVALID_PLAN.EXCEPT_DOES_NOT_SUPPORT_UNION_BY_NAME");
      }
      out.op = plan::SetOperator::except;
      break;
    default:
      throw SparkError("CONNECT_INVALID_PLAN.INVALID_ENUM",
                       {{"fullName", "spark.connect.SetOperation.SetOpType"},
                        {"name", proto::SetOperation::SetOpType_Name(message.set_op_type())},
                        {"number", std::to_string(message.set_op_type())}});
  }
  return out;
}

template <class Message>
plan::SqlText sql_with_parameters(Decoder& decoder, const std::string& query, const Message& message) {
  plan::SqlText out;
  out.query = query;
  for (const auto& [name, value] : message.args()) {
    out.named_arguments[name] = plan::make_expression(decoder.literal(value));
  }
  for (const auto& [name, value] : message.named_arguments()) {
    out.named_arguments[name] = decoder.expression(value);
  }
  for (const auto& value : message.pos_args()) {
    out.positional_arguments.push_back(plan::make_expression(decoder.literal(value)));
  }
  for (const auto& value : message.pos_arguments()) {
    out.positional_arguments.push_back(decoder.expression(value));
  }
  return out;
}

}  // namespace

plan::RelationPtr Decoder::relation(const proto::Relation& message) {
  const Depth depth(*this);
  const proto::RelationCommon& common = message.common();
  plan::OriginPtr origin;
  if (common.origin().has_python_origin()) {
    auto python = std::make_shared<plan::Origin>();
    python->fragment = common.origin().python_origin().fragment();
    python->call_site = common.origin().python_origin().call_site();
    origin = std::move(python);
  }
  return std::make_shared<const plan::Relation>(plan::Relation{
      relation_node(message), common.has_plan_id() ? std::optional<int64_t>(common.plan_id()) : std::nullopt,
      std::move(origin)});
}

plan::RelationPtr Decoder::input(const proto::Relation& message) {
  if (message.rel_type_case() == proto::Relation::REL_TYPE_NOT_SET) {
    throw SparkError("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                     {{"fullName", "spark.connect.Relation"}, {"name", "rel_type"}});
  }
  return relation(message);
}

plan::SqlText Decoder::sql_text(const proto::SQL& message) {
  return sql_with_parameters(*this, message.query(), message);
}

plan::Relation::Node Decoder::read_node(const proto::Relation& message) {
  const proto::Read& read = message.read();
  switch (read.read_type_case()) {
    case proto::Read::kNamedTable: {
      plan::NamedTable out;
      out.name = host_.parse_identifier(read.named_table().unparsed_identifier());
      out.options = sorted_options(read.named_table().options());
      out.is_streaming = read.is_streaming();
      return out;
    }
    case proto::Read::kDataSource: {
      const auto& source = read.data_source();
      plan::DataSource out;
      out.format = source.format();
      if (source.has_schema() && !source.schema().empty()) {
        out.schema = source.schema();
      }
      out.options = sorted_options(source.options());
      out.paths = strings(source.paths());
      out.predicates = strings(source.predicates());
      out.is_streaming = read.is_streaming();
      return out;
    }
    case proto::Read::READ_TYPE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                   {{"fullName", "spark.connect.Read"}, {"name", "read_type"}});
}

plan::Aggregate Decoder::aggregate(const proto::Relation& message) {
  const proto::Aggregate& aggregate = message.aggregate();
  if (!aggregate.has_input()) {
    throw SparkError("CONNECT_INVALID_PLAN.AGGREGATE_NEEDS_PLAN_INPUT");
  }
  plan::Aggregate out;
  out.input = input(aggregate.input());
  out.grouping = expressions(aggregate.grouping_expressions());
  out.aggregates = expressions(aggregate.aggregate_expressions());
  out.output_has_grouping = true;
  switch (aggregate.group_type()) {
    case proto::Aggregate::GROUP_TYPE_GROUPBY:
      out.kind = plan::GroupKind::group_by;
      break;
    case proto::Aggregate::GROUP_TYPE_ROLLUP:
      out.kind = plan::GroupKind::rollup;
      break;
    case proto::Aggregate::GROUP_TYPE_CUBE:
      out.kind = plan::GroupKind::cube;
      break;
    case proto::Aggregate::GROUP_TYPE_GROUPING_SETS:
      out.kind = plan::GroupKind::grouping_sets;
      for (const auto& set : aggregate.grouping_sets()) {
        out.grouping_sets.push_back(expressions(set.grouping_set()));
      }
      break;
    case proto::Aggregate::GROUP_TYPE_PIVOT: {
      if (!aggregate.has_pivot()) {
        throw SparkError("CONNECT_INVALID_PLAN.AGGREGATE_WITH_PIVOT_REQUIRES_PIVOT");
      }
      out.kind = plan::GroupKind::pivot;
      plan::PivotSpec pivot;
      pivot.column = expression(aggregate.pivot().col());
      for (const auto& value : aggregate.pivot().values()) {
        pivot.values.push_back(literal_expression(value));
      }
      out.pivot = std::move(pivot);
      break;
    }
    default:
      throw SparkError("CONNECT_INVALID_PLAN.INVALID_ENUM",
                       {{"fullName", "spark.connect.Aggregate.GroupType"},
                        {"name", proto::Aggregate::GroupType_Name(aggregate.group_type())},
                        {"number", std::to_string(aggregate.group_type())}});
  }
  return out;
}

plan::Relation::Node Decoder::relation_node(const proto::Relation& message) {
  using Message = proto::Relation;
  switch (message.rel_type_case()) {
    case Message::kRead:
      return read_node(message);
    case Message::kProject:
      if (!message.project().has_input()) {
        return plan::Project{plan::make_relation(plan::OneRow{}), expressions(message.project().expressions())};
      }
      return plan::Project{input(message.project().input()), expressions(message.project().expressions())};
    case Message::kFilter:
      return plan::Filter{input(message.filter().input()), expression(message.filter().condition())};
    case Message::kJoin: {
      const auto& join = message.join();
      if (join.has_join_condition() && join.using_columns_size() > 0) {
        throw SparkError("CONNECT_INVALID_PLAN.USING_COLUMNS_OR_JOIN_CONDITION_SET_IN_JOIN");
      }
      if (join.has_join_data_type()) {
        throw_unsupported("joinWith");
      }
      plan::Join out;
      out.left = input(join.left());
      out.right = input(join.right());
      out.type = join_type(join.join_type());
      out.condition = join.has_join_condition() ? expression(join.join_condition()) : nullptr;
      out.using_columns = strings(join.using_columns());
      return out;
    }
    case Message::kLateralJoin: {
      const auto& join = message.lateral_join();
      plan::Join out;
      out.left = input(join.left());
      out.right = input(join.right());
      out.type = join_type(join.join_type());
      out.condition = join.has_join_condition() ? expression(join.join_condition()) : nullptr;
      out.lateral = true;
      return out;
    }
    case Message::kAsOfJoin: {
      const auto& join = message.as_of_join();
      plan::AsOfJoin out;
      out.left = input(join.left());
      out.right = input(join.right());
      out.left_as_of = expression(join.left_as_of());
      out.right_as_of = expression(join.right_as_of());
      out.condition = join.has_join_expr() ? expression(join.join_expr()) : nullptr;
      for (const std::string& name : join.using_columns()) {
        out.using_columns.push_back(split_attribute_name(name));
      }
      out.type = join.join_type();
      out.tolerance = join.has_tolerance() ? expression(join.tolerance()) : nullptr;
      out.allow_exact_matches = join.allow_exact_matches();
      out.direction = join.direction();
      return out;
    }
    case Message::kSetOp: {
      if (!message.set_op().has_left_input() || !message.set_op().has_right_input()) {
        throw SparkError("CONNECT_INVALID_PLAN.SET_OPERATION_MUST_HAVE_TWO_INPUTS");
      }
      plan::SetOperation out = set_operation(message.set_op());
      out.left = input(message.set_op().left_input());
      out.right = input(message.set_op().right_input());
      return out;
    }
    case Message::kSort:
      if (message.sort().order_size() == 0) {
        throw SparkError("CONNECT_INVALID_PLAN.ASSERTION_FAILURE",
                         {{"message", "'order' must be present and contain elements."}});
      }
      return plan::Sort{input(message.sort().input()), sort_orders(message.sort().order()), message.sort().is_global(),
                        false};
    case Message::kLimit:
      return plan::Limit{input(message.limit().input()), integer_literal(message.limit().limit())};
    case Message::kOffset:
      return plan::Offset{input(message.offset().input()), integer_literal(message.offset().offset())};
    case Message::kTail:
      return plan::Tail{input(message.tail().input()), message.tail().limit()};
    case Message::kAggregate:
      return aggregate(message);
    case Message::kSql:
      return sql_text(message.sql());
    case Message::kLocalRelation: {
      plan::LocalRelation out;
      if (message.local_relation().has_data()) {
        out.arrow_stream = std::make_shared<const std::string>(message.local_relation().data());
      }
      if (message.local_relation().has_schema() && !message.local_relation().schema().empty()) {
        out.schema = message.local_relation().schema();
      }
      return out;
    }
    case Message::kCachedLocalRelation:
      return plan::CachedLocalRelation{{message.cached_local_relation().hash()}, std::nullopt};
    case Message::kChunkedCachedLocalRelation: {
      const auto& chunked = message.chunked_cached_local_relation();
      if (chunked.datahashes_size() == 0) {
        throw SparkError("CONNECT_INVALID_PLAN.CHUNKED_CACHED_LOCAL_RELATION_WITHOUT_DATA");
      }
      plan::CachedLocalRelation out{strings(chunked.datahashes()), std::nullopt};
      if (chunked.has_schemahash()) {
        out.schema_hash = chunked.schemahash();
      }
      return out;
    }
    case Message::kCachedRemoteRelation:
      return plan::CachedRemoteRelation{message.cached_remote_relation().relation_id()};
    case Message::kSample: {
      const auto& sample = message.sample();
      plan::Sample out;
      out.input = input(sample.input());
      out.lower_bound = sample.lower_bound();
      out.upper_bound = sample.upper_bound();
      out.with_replacement = sample.with_replacement();
      out.seed = sample.has_seed() ? std::optional<int64_t>(sample.seed()) : std::nullopt;
      out.deterministic_order = sample.deterministic_order();
      return out;
    }
    case Message::kRange: {
      const auto& range = message.range();
      return plan::Range{range.start(), range.end(), range.step(),
                         range.has_num_partitions() ? std::optional<int32_t>(range.num_partitions()) : std::nullopt};
    }
    case Message::kDeduplicate: {
      const auto& deduplicate = message.deduplicate();
      if (deduplicate.all_columns_as_keys() && deduplicate.column_names_size() > 0) {
        throw SparkError("CONNECT_INVALID_PLAN.DEDUPLICATE_ALL_COLUMNS_AND_SUBSET");
      }
      if (!deduplicate.all_columns_as_keys() && deduplicate.column_names_size() == 0) {
        throw SparkError("CONNECT_INVALID_PLAN.DEDUPLICATE_REQUIRES_COLUMNS_OR_ALL");
      }
      return plan::Deduplicate{input(deduplicate.input()), strings(deduplicate.column_names()),
                               deduplicate.all_columns_as_keys(), deduplicate.within_watermark()};
    }
    case Message::kSubqueryAlias:
      return plan::SubqueryAlias{input(message.subquery_alias().input()),
                                 message.subquery_alias().alias(),
                                 strings(message.subquery_alias().qualifier()),
                                 {}};
    case Message::kRepartition:
      return plan::Repartition{input(message.repartition().input()),
                               message.repartition().num_partitions(),
                               {},
                               message.repartition().shuffle()};
    case Message::kRepartitionByExpression: {
      const auto& repartition = message.repartition_by_expression();
      return plan::Repartition{
          input(repartition.input()),
          repartition.has_num_partitions() ? std::optional<int32_t>(repartition.num_partitions()) : std::nullopt,
          expressions(repartition.partition_exprs()), true};
    }
    case Message::kToDf:
      return plan::ToDF{input(message.to_df().input()), strings(message.to_df().column_names())};
    case Message::kWithColumnsRenamed: {
      const auto& renamed = message.with_columns_renamed();
      plan::WithColumnsRenamed out{input(renamed.input()), {}};
      for (const auto& rename : renamed.renames()) {
        out.renames.emplace_back(rename.col_name(), rename.new_col_name());
      }
      for (const auto& [from, to] : sorted_options(renamed.rename_columns_map())) {
        out.renames.emplace_back(from, to);
      }
      return out;
    }
    case Message::kWithColumns: {
      plan::WithColumns out{input(message.with_columns().input()), {}};
      for (const auto& alias : message.with_columns().aliases()) {
        if (alias.name_size() != 1) {
          throw SparkError("CONNECT_INVALID_PLAN.WITH_COLUMNS_REQUIRE_SINGLE_NAME_PART",
                           {{"got", std::to_string(alias.name_size())}});
        }
        out.aliases.push_back(
            plan::make_expression(plan::Alias{expression(alias.expr()), {alias.name(0)}, alias.metadata()}));
      }
      return out;
    }
    case Message::kDrop:
      return plan::Drop{input(message.drop().input()), expressions(message.drop().columns()),
                        strings(message.drop().column_names())};
    case Message::kShowString:
      return plan::ShowString{input(message.show_string().input()), message.show_string().num_rows(),
                              message.show_string().truncate(), message.show_string().vertical()};
    case Message::kHtmlString:
      return plan::HtmlString{input(message.html_string().input()), message.html_string().num_rows(),
                              message.html_string().truncate()};
    case Message::kHint:
      return plan::Hint{input(message.hint().input()), message.hint().name(), expressions(message.hint().parameters())};
    case Message::kUnpivot: {
      const auto& unpivot = message.unpivot();
      plan::Unpivot out;
      out.input = input(unpivot.input());
      out.ids = expressions(unpivot.ids());
      if (unpivot.has_values()) {
        std::vector<std::vector<plan::ExpressionPtr>> values;
        for (const auto& value : unpivot.values().values()) {
          values.push_back({expression(value)});
        }
        out.value_aliases.resize(values.size());
        out.values = std::move(values);
      }
      out.variable_column = unpivot.variable_column_name();
      out.value_columns = {unpivot.value_column_name()};
      return out;
    }
    case Message::kTranspose:
      return plan::Transpose{input(message.transpose().input()), expressions(message.transpose().index_columns())};
    case Message::kToSchema: {
      Type schema = type(message.to_schema().schema());
      if (!schema.is(TypeKind::structure)) {
        throw_invalid_plan("a schema that is not a struct");
      }
      return plan::ToSchema{input(message.to_schema().input()), std::move(schema)};
    }
    case Message::kCollectMetrics:
      return plan::CollectMetrics{input(message.collect_metrics().input()), message.collect_metrics().name(),
                                  expressions(message.collect_metrics().metrics())};
    case Message::kParse: {
      const auto& parse = message.parse();
      plan::Parse out;
      out.input = input(parse.input());
      out.format = parse.format() == proto::Parse::PARSE_FORMAT_CSV    ? "csv"
                   : parse.format() == proto::Parse::PARSE_FORMAT_JSON ? "json"
                   : parse.format() == proto::Parse::PARSE_FORMAT_XML  ? "xml"
                                                                       : "";
      out.schema = parse.has_schema() ? std::optional<Type>(type(parse.schema())) : std::nullopt;
      out.options = sorted_options(parse.options());
      return out;
    }
    case Message::kUnresolvedTableValuedFunction:
      return plan::TableFunction{{message.unresolved_table_valued_function().function_name()},
                                 expressions(message.unresolved_table_valued_function().arguments())};
    case Message::kWithRelations: {
      plan::WithRelations out{input(message.with_relations().root()), {}};
      for (const auto& reference : message.with_relations().references()) {
        out.references.push_back(input(reference));
      }
      return out;
    }
    case Message::kFillNa:
    case Message::kDropNa:
    case Message::kReplace:
    case Message::kSummary:
    case Message::kCrosstab:
    case Message::kDescribe:
    case Message::kCov:
    case Message::kCorr:
    case Message::kApproxQuantile:
    case Message::kFreqItems:
    case Message::kSampleBy:
      return statistics_node(message);
    case Message::kCatalog:
      return catalog_node(message.catalog());
    case Message::kMapPartitions:
      return plan::Unsupported{"mapInPandas and mapInArrow"};
    case Message::kGroupMap:
      return plan::Unsupported{"functions over groups (applyInPandas, applyInArrow)"};
    case Message::kCoGroupMap:
      return plan::Unsupported{"functions over cogroups"};
    case Message::kWithWatermark:
      return plan::Unsupported{"withWatermark"};
    case Message::kApplyInPandasWithState:
      return plan::Unsupported{"applyInPandasWithState"};
    case Message::kCommonInlineUserDefinedTableFunction:
      return plan::Unsupported{"Python table functions"};
    case Message::kCommonInlineUserDefinedDataSource:
      return plan::Unsupported{"Python data sources"};
    case Message::kRelationChanges:
      return plan::Unsupported{"reading the changes of a table"};
    case Message::kNearestByJoin:
      return plan::Unsupported{"nearest-by joins"};
    case Message::kMlRelation:
      return plan::Unsupported{"machine learning relations"};
    case Message::kExtension:
      throw SparkError("CONNECT_INVALID_PLAN.NO_HANDLER_FOR_EXTENSION");
    case Message::kUnknown:
    case Message::REL_TYPE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                   {{"fullName", "spark.connect.Relation"}, {"name", "rel_type"}});
}

}  // namespace pyrite::connect
