// SparkError to google.rpc.Status and to FetchErrorDetails' answer, as Spark's clients read them.
#include "session/service_error.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <spark/connect/base.pb.h>

#include <algorithm>
#include <new>

namespace pyrite {
namespace {

namespace proto = spark::connect;

constexpr int internal_code = 13;
/// gRPC limits the size of headers; the whole message comes by FetchErrorDetails.
constexpr size_t longest_status_message = 2048;
constexpr size_t longest_status_parameters = 1024;

std::string json_string(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += std::string("\\u00") + hex[(c >> 4) & 15] + hex[c & 15];
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    out += (out.size() > 1 ? "," : "") + json_string(text);
  }
  return out + "]";
}

std::string json_object(const MessageParameters& parameters) {
  std::string out = "{";
  for (const auto& [key, value] : parameters) {
    out += (out.size() > 1 ? "," : "") + json_string(key) + ":" + json_string(value);
  }
  return out + "}";
}

/// The first bytes of a text, without half a character at the end.
std::string shortened(const std::string& text, size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return text.substr(0, end) + "...";
}

/// Protobuf strings must be UTF-8; whatever else a query put into a message becomes a question mark.
std::string utf8(const std::string& text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const size_t length = c < 0x80                ? 1
                          : c >= 0xC2 && c < 0xE0 ? 2
                          : c >= 0xE0 && c < 0xF0 ? 3
                          : c >= 0xF0 && c < 0xF5 ? 4
                                                  : 0;
    bool valid = length > 0 && i + length <= text.size();
    for (size_t k = 1; valid && k < length; ++k) {
      valid = (static_cast<unsigned char>(text[i + k]) & 0xC0) == 0x80;
    }
    if (valid) {
      out.append(text, i, length);
      i += length;
    } else {
      out += '?';
      ++i;
    }
  }
  return out;
}

/// Where the error stands, as Spark shows it below a message.
std::string summary(const QueryContext& context) {
  if (!context.from_sql) {
    return "== DataFrame ==\n\"" + context.fragment + "\" was called from\n" + context.call_site + "\n";
  }
  std::string head = "== SQL";
  if (!context.object_type.empty()) {
    head += " of " + context.object_type + " " + context.object_name;
  }
  if (context.start >= 0) {
    head += " (position " + std::to_string(context.start + 1) + ")";
  }
  return head + " ==\n" + context.fragment + "\n" + std::string(std::max<size_t>(context.fragment.size(), 1), '^') +
         "\n";
}

}  // namespace

std::vector<std::string> exception_classes(const SparkError& error) {
  static const std::vector<std::string> base = {"java.lang.Exception", "java.lang.Throwable", "java.lang.Object"};
  const auto named = [&](std::vector<std::string> names) {
    names.insert(names.end(), base.begin(), base.end());
    return names;
  };
  const std::string& condition = error.condition();
  if (condition.starts_with("CONNECT_INVALID_PLAN")) {
    return named({"org.apache.spark.sql.connect.common.InvalidPlanInput", "java.lang.RuntimeException"});
  }
  switch (error.kind()) {
    case ErrorKind::analysis:
      return named(
          {"org.apache.spark.sql.catalyst.ExtendedAnalysisException", "org.apache.spark.sql.AnalysisException"});
    case ErrorKind::parse:
      return named({"org.apache.spark.sql.catalyst.parser.ParseException", "org.apache.spark.sql.AnalysisException"});
    case ErrorKind::arithmetic:
      return named(
          {"org.apache.spark.SparkArithmeticException", "java.lang.ArithmeticException", "java.lang.RuntimeException"});
    case ErrorKind::array_index_out_of_bounds:
      return named({"org.apache.spark.SparkArrayIndexOutOfBoundsException", "java.lang.ArrayIndexOutOfBoundsException",
                    "java.lang.IndexOutOfBoundsException", "java.lang.RuntimeException"});
    case ErrorKind::number_format:
      return named({"org.apache.spark.SparkNumberFormatException", "java.lang.NumberFormatException",
                    "java.lang.IllegalArgumentException", "java.lang.RuntimeException"});
    case ErrorKind::date_time:
      return named(
          {"org.apache.spark.SparkDateTimeException", "java.time.DateTimeException", "java.lang.RuntimeException"});
    case ErrorKind::illegal_argument:
      return named({"org.apache.spark.SparkIllegalArgumentException", "java.lang.IllegalArgumentException",
                    "java.lang.RuntimeException"});
    case ErrorKind::unsupported_operation:
      return named({"org.apache.spark.SparkUnsupportedOperationException", "java.lang.UnsupportedOperationException",
                    "java.lang.RuntimeException"});
    case ErrorKind::no_such_element:
      return named({"org.apache.spark.SparkNoSuchElementException", "java.util.NoSuchElementException",
                    "java.lang.RuntimeException"});
    case ErrorKind::runtime:
      return named({"org.apache.spark.SparkRuntimeException", "java.lang.RuntimeException"});
    case ErrorKind::query_execution:
      return named({"org.apache.spark.sql.execution.QueryExecutionException"});
    case ErrorKind::upgrade:
      return named({"org.apache.spark.SparkUpgradeException", "java.lang.RuntimeException"});
    case ErrorKind::spark:
      return named({"org.apache.spark.SparkException"});
    case ErrorKind::python:
      return named({"org.apache.spark.api.python.PythonException", "java.lang.RuntimeException"});
  }
  return base;
}

ServiceError service_error(const SparkError& error, const std::string& error_id) {
  const std::vector<std::string> classes = exception_classes(error);
  google::rpc::ErrorInfo info;
  info.set_reason(classes.front());
  info.set_domain("org.apache.spark");
  auto& metadata = *info.mutable_metadata();
  metadata["classes"] = json_list(classes);
  metadata["errorId"] = error_id;
  // A failure without a condition is a plain Java exception to the client.
  if (!error.condition().empty()) {
    metadata["errorClass"] = error.condition();
  }
  if (!error.sqlstate().empty()) {
    metadata["sqlState"] = error.sqlstate();
  }
  const std::string parameters = utf8(json_object(error.parameters()));
  if (!error.condition().empty() && parameters.size() <= longest_status_parameters) {
    metadata["messageParameters"] = parameters;
  }
  const std::string message = shortened(utf8(error.what()), longest_status_message);
  google::rpc::Status status;
  status.set_code(internal_code);
  status.set_message(message);
  status.add_details()->PackFrom(info);
  return ServiceError(internal_code, message, status.SerializeAsString());
}

void describe_error(const SparkError& error, proto::FetchErrorDetailsResponse& out) {
  out.set_root_error_idx(0);
  proto::FetchErrorDetailsResponse::Error& details = *out.add_errors();
  for (const std::string& name : exception_classes(error)) {
    details.add_error_type_hierarchy(name);
  }
  details.set_message(utf8(error.what()));
  if (error.condition().empty()) {
    return;
  }
  proto::FetchErrorDetailsResponse::SparkThrowable& throwable = *details.mutable_spark_throwable();
  throwable.set_error_class(error.condition());
  if (!error.sqlstate().empty()) {
    throwable.set_sql_state(error.sqlstate());
  }
  for (const auto& [key, value] : error.parameters()) {
    (*throwable.mutable_message_parameters())[utf8(key)] = utf8(value);
  }
  for (const QueryContext& context : error.contexts()) {
    proto::FetchErrorDetailsResponse::QueryContext& place = *throwable.add_query_contexts();
    place.set_context_type(context.from_sql ? proto::FetchErrorDetailsResponse::QueryContext::SQL
                                            : proto::FetchErrorDetailsResponse::QueryContext::DATAFRAME);
    place.set_object_type(utf8(context.object_type));
    place.set_object_name(utf8(context.object_name));
    place.set_start_index(context.start);
    place.set_stop_index(context.stop);
    place.set_fragment(utf8(context.fragment));
    place.set_call_site(utf8(context.call_site));
    place.set_summary(utf8(summary(context)));
  }
}

SparkError as_spark_error(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const SparkError& known) {
    return known;
  } catch (const std::bad_alloc&) {
    return SparkError(ErrorKind::spark, "UNABLE_TO_ACQUIRE_MEMORY", {{"requestedBytes", "?"}, {"receivedBytes", "0"}});
  } catch (const std::exception& other) {
    return SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", other.what()}});
  }
}

}  // namespace pyrite
