// Expression messages to unresolved expressions.
#include <spark/connect/expressions.pb.h>

#include "connect/decode.h"
#include "connect/internal_function.h"

namespace pyrite::connect {
namespace {

namespace proto = spark::connect;

plan::OriginPtr origin_of(const proto::Origin& message) {
  auto origin = std::make_shared<plan::Origin>();
  if (message.has_python_origin()) {
    origin->fragment = message.python_origin().fragment();
    origin->call_site = message.python_origin().call_site();
  } else if (message.has_jvm_origin()) {
    const proto::JvmOrigin& jvm = message.jvm_origin();
    if (jvm.has_sql_text()) {
      origin->sql_text = std::make_shared<const std::string>(jvm.sql_text());
      origin->start = jvm.has_start_index() ? jvm.start_index() : -1;
      origin->stop = jvm.has_stop_index() ? jvm.stop_index() : -1;
      origin->object_type = jvm.object_type();
      origin->object_name = jvm.object_name();
    } else if (jvm.stack_trace_size() > 0) {
      const proto::StackTraceElement& frame = jvm.stack_trace(0);
      origin->fragment = frame.method_name();
      const proto::StackTraceElement& caller = jvm.stack_trace(jvm.stack_trace_size() > 1 ? 1 : 0);
      origin->call_site = caller.declaring_class() + "." + caller.method_name() + "(" + caller.file_name() + ":" +
                          std::to_string(caller.line_number()) + ")";
    }
  }
  return origin;
}

std::optional<int64_t> plan_id_of(const auto& message) {
  return message.has_plan_id() ? std::optional<int64_t>(message.plan_id()) : std::nullopt;
}

/// df.colRegex("`a.*`") and df.colRegex("t.`a.*`"); any other text is a plain column name.
plan::Expression::Node regex_node(const proto::Expression::UnresolvedRegex& message) {
  const std::string& text = message.col_name();
  const size_t open = text.find('`');
  const bool quoted = text.size() >= 2 && text.back() == '`' && open != std::string::npos && open + 1 < text.size() &&
                      text.find('`', open + 1) == text.size() - 1;
  if (quoted && (open == 0 || text[open - 1] == '.')) {
    plan::RegexColumn column{text.substr(open + 1, text.size() - open - 2), {}, plan_id_of(message)};
    if (open > 0) {
      column.qualifier = split_attribute_name(text.substr(0, open - 1));
    }
    return column;
  }
  return plan::Attribute{split_attribute_name(text), plan_id_of(message), false};
}

plan::Expression::Node star_node(const proto::Expression::UnresolvedStar& message) {
  plan::Star star;
  star.plan_id = plan_id_of(message);
  if (message.has_unparsed_target()) {
    const std::string& target = message.unparsed_target();
    if (!target.ends_with(".*")) {
      throw SparkError("CONNECT_INVALID_PLAN.UNRESOLVED_STAR_TARGET_INVALID", {{"target", target}});
    }
    if (star.plan_id) {
      throw SparkError("CONNECT_INVALID_PLAN.UNRESOLVED_STAR_WITH_BOTH_TARGET_AND_PLAN_ID");
    }
    star.target = split_attribute_name(target.substr(0, target.size() - 2));
  }
  return star;
}

plan::CastMode cast_mode(proto::Expression::Cast::EvalMode mode) {
  switch (mode) {
    case proto::Expression::Cast::EVAL_MODE_LEGACY:
      return plan::CastMode::legacy;
    case proto::Expression::Cast::EVAL_MODE_ANSI:
      return plan::CastMode::ansi;
    case proto::Expression::Cast::EVAL_MODE_TRY:
      return plan::CastMode::try_cast;
    default:
      return plan::CastMode::session;
  }
}

}  // namespace

plan::ExpressionPtr Decoder::expression(const proto::Expression& message) {
  const Depth depth(*this);
  plan::OriginPtr origin = message.common().has_origin() ? origin_of(message.common().origin()) : nullptr;
  return plan::make_expression(expression_node(message), std::move(origin));
}

plan::Expression::Node Decoder::expression_node(const proto::Expression& message) {
  using Message = proto::Expression;
  switch (message.expr_type_case()) {
    case Message::kLiteral:
      return literal(message.literal());
    case Message::kUnresolvedAttribute: {
      const auto& attribute = message.unresolved_attribute();
      return plan::Attribute{split_attribute_name(attribute.unparsed_identifier()), plan_id_of(attribute),
                             attribute.is_metadata_column()};
    }
    case Message::kUnresolvedFunction: {
      const auto& function = message.unresolved_function();
      plan::Call call;
      call.name = function.is_user_defined_function() ? host_.parse_identifier(function.function_name())
                                                      : plan::NameParts{function.function_name()};
      call.arguments = expressions(function.arguments());
      call.distinct = function.is_distinct();
      // The client does not mark these, and SQL does not know them.
      call.is_internal = function.is_internal() || function.function_name() == "distributed_sequence_id";
      if (const plan::ExpressionPtr meaning = function.is_user_defined_function() ? nullptr : internal_function(call)) {
        return meaning->node;
      }
      return call;
    }
    case Message::kCallFunction: {
      plan::Call call;
      call.name = host_.parse_identifier(message.call_function().function_name());
      call.arguments = expressions(message.call_function().arguments());
      return call;
    }
    case Message::kExpressionString:
      return plan::ExpressionText{message.expression_string().expression()};
    case Message::kUnresolvedStar:
      return star_node(message.unresolved_star());
    case Message::kUnresolvedRegex:
      return regex_node(message.unresolved_regex());
    case Message::kAlias: {
      const auto& alias = message.alias();
      if (alias.name_size() != 1 && alias.has_metadata()) {
        throw SparkError("CONNECT_INVALID_PLAN.ALIAS_WITH_MULTIPLE_IDENTIFIERS_AND_METADATA");
      }
      return plan::Alias{expression(alias.expr()), {alias.name().begin(), alias.name().end()}, alias.metadata()};
    }
    case Message::kCast: {
      const auto& cast = message.cast();
      return plan::Cast{expression(cast.expr()),
                        cast.has_type() ? type(cast.type()) : host_.parse_type(cast.type_str()),
                        cast_mode(cast.eval_mode())};
    }
    case Message::kSortOrder:
      return sort_order(message.sort_order());
    case Message::kLambdaFunction: {
      const auto& lambda = message.lambda_function();
      if (lambda.arguments_size() < 1 || lambda.arguments_size() > 3) {
        throw SparkError("CONNECT_INVALID_PLAN.LAMBDA_FUNCTION_ARGUMENT_COUNT_INVALID",
                         {{"got", std::to_string(lambda.arguments_size())}});
      }
      plan::Lambda out;
      for (const auto& argument : lambda.arguments()) {
        if (argument.name_parts_size() != 1) {
          throw SparkError("CONNECT_INVALID_PLAN.UNRESOLVED_NAMED_LAMBDA_VARIABLE_REQUIRES_NAME_PART");
        }
        out.parameters.push_back(argument.name_parts(0));
      }
      out.body = expression(lambda.function());
      return out;
    }
    case Message::kUnresolvedNamedLambdaVariable: {
      const auto& variable = message.unresolved_named_lambda_variable();
      if (variable.name_parts_size() == 0) {
        throw SparkError("CONNECT_INVALID_PLAN.UNRESOLVED_NAMED_LAMBDA_VARIABLE_REQUIRES_NAME_PART");
      }
      return plan::LambdaVariable{{variable.name_parts().begin(), variable.name_parts().end()}};
    }
    case Message::kWindow:
      return window(message.window());
    case Message::kUnresolvedExtractValue:
      return plan::ExtractValue{expression(message.unresolved_extract_value().child()),
                                expression(message.unresolved_extract_value().extraction())};
    case Message::kUpdateFields: {
      const auto& update = message.update_fields();
      return plan::UpdateFields{expression(update.struct_expression()), update.field_name(),
                                update.has_value_expression() ? expression(update.value_expression()) : nullptr};
    }
    case Message::kCommonInlineUserDefinedFunction:
      return python_function(message.common_inline_user_defined_function());
    case Message::kNamedArgumentExpression:
      return plan::NamedArgument{message.named_argument_expression().key(),
                                 expression(message.named_argument_expression().value())};
    case Message::kSubqueryExpression:
      return subquery(message);
    case Message::kMergeAction:
      throw_unsupported("MERGE actions");
    case Message::kTypedAggregateExpression:
      throw_unsupported("typed aggregate expressions");
    case Message::kDirectShufflePartitionId:
      throw_unsupported("direct shuffle partition ids");
    case Message::kExtension:
      throw SparkError("CONNECT_INVALID_PLAN.NO_HANDLER_FOR_EXTENSION");
    case Message::EXPR_TYPE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                   {{"fullName", "spark.connect.Expression"}, {"name", "expr_type"}});
}

plan::SortOrder Decoder::sort_order(const proto::Expression_SortOrder& message) {
  using Message = proto::Expression_SortOrder;
  plan::SortOrder order;
  order.child = expression(message.child());
  order.ascending = message.direction() != Message::SORT_DIRECTION_DESCENDING;
  order.nulls = message.null_ordering() == Message::SORT_NULLS_FIRST  ? plan::NullOrdering::first
                : message.null_ordering() == Message::SORT_NULLS_LAST ? plan::NullOrdering::last
                                                                      : plan::NullOrdering::unspecified;
  return order;
}

plan::Window Decoder::window(const proto::Expression_Window& message) {
  using Frame = proto::Expression_Window_WindowFrame;
  if (!message.has_window_function()) {
    throw SparkError("CONNECT_INVALID_PLAN.WINDOW_FUNCTION_REQUIRED");
  }
  plan::Window out;
  out.function = expression(message.window_function());
  out.partition_by = expressions(message.partition_spec());
  for (const auto& order : message.order_spec()) {
    out.order_by.push_back(sort_order(order));
  }
  if (message.has_frame_spec()) {
    const Frame& spec = message.frame_spec();
    const auto bound = [&](const Frame::FrameBoundary& boundary, bool lower) -> plan::FrameBound {
      switch (boundary.boundary_case()) {
        case Frame::FrameBoundary::kCurrentRow:
          return {plan::BoundKind::current_row, nullptr};
        case Frame::FrameBoundary::kUnbounded:
          return {lower ? plan::BoundKind::unbounded_preceding : plan::BoundKind::unbounded_following, nullptr};
        case Frame::FrameBoundary::kValue:
          return {plan::BoundKind::following, expression(boundary.value())};
        case Frame::FrameBoundary::BOUNDARY_NOT_SET:
          break;
      }
      throw SparkError(lower ? "CONNECT_INVALID_PLAN.LOWER_BOUND_REQUIRED_IN_WINDOW_FRAME"
                             : "CONNECT_INVALID_PLAN.UPPER_BOUND_REQUIRED_IN_WINDOW_FRAME");
    };
    plan::WindowFrame frame;
    frame.unit = spec.frame_type() == Frame::FRAME_TYPE_ROW ? plan::FrameUnit::rows : plan::FrameUnit::range;
    frame.lower = bound(spec.lower(), true);
    frame.upper = bound(spec.upper(), false);
    out.frame = std::move(frame);
  }
  return out;
}

plan::Subquery Decoder::subquery(const proto::Expression& message) {
  const proto::SubqueryExpression& query = message.subquery_expression();
  plan::Subquery out;
  out.plan_id = query.plan_id();
  switch (query.subquery_type()) {
    case proto::SubqueryExpression::SUBQUERY_TYPE_SCALAR:
      out.kind = plan::SubqueryKind::scalar;
      break;
    case proto::SubqueryExpression::SUBQUERY_TYPE_EXISTS:
      out.kind = plan::SubqueryKind::exists;
      break;
    case proto::SubqueryExpression::SUBQUERY_TYPE_TABLE_ARG: {
      out.kind = plan::SubqueryKind::table;
      out.partition_by = expressions(query.table_arg_options().partition_spec());
      for (const auto& order : query.table_arg_options().order_spec()) {
        out.order_by.push_back(sort_order(order));
      }
      out.with_single_partition = query.table_arg_options().with_single_partition();
      break;
    }
    case proto::SubqueryExpression::SUBQUERY_TYPE_IN:
      out.kind = plan::SubqueryKind::in;
      out.values = expressions(query.in_subquery_values());
      break;
    default:
      throw SparkError("CONNECT_INVALID_PLAN.INVALID_ENUM",
                       {{"fullName", "spark.connect.SubqueryExpression.SubqueryType"},
                        {"name", "SUBQUERY_TYPE_UNKNOWN"},
                        {"number", std::to_string(query.subquery_type())}});
  }
  return out;
}

plan::PythonFunction Decoder::python_function(const proto::CommonInlineUserDefinedFunction& message) {
  if (!message.has_python_udf()) {
    throw_unsupported(message.has_java_udf() ? "Java user-defined functions" : "Scala user-defined functions");
  }
  plan::PythonFunction out;
  out.name = message.function_name();
  out.deterministic = message.deterministic();
  out.distinct = message.is_distinct();
  out.arguments = expressions(message.arguments());
  const proto::PythonUDF& function = message.python_udf();
  out.return_type = type(function.output_type());
  out.eval_type = function.eval_type();
  out.command = function.command();
  out.python_version = function.python_ver();
  return out;
}

}  // namespace pyrite::connect
