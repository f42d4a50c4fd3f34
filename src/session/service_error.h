// Failures of the service as gRPC carries them: a code, a message and a serialized google.rpc.Status.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "base/error.h"

namespace spark::connect {
class FetchErrorDetailsResponse;
}

namespace pyrite {

/// What a transport reports. The codes are gRPC's: 13 internal, 3 invalid argument, 1 cancelled.
class ServiceError : public std::exception {
 public:
  ServiceError(int code, std::string message, std::string details)
      : code_(code), message_(std::move(message)), details_(std::move(details)) {}
  const char* what() const noexcept override { return message_.c_str(); }
  int code() const { return code_; }
  const std::string& message() const { return message_; }
  /// Serialized google.rpc.Status.
  const std::string& details() const { return details_; }

 private:
  int code_;
  std::string message_;
  std::string details_;
};

/// Names of the exception's classes as Spark's clients know them, the most derived first.
std::vector<std::string> exception_classes(const SparkError& error);

/// The error for a transport; `error_id` is what FetchErrorDetails asks for later.
ServiceError service_error(const SparkError& error, const std::string& error_id);

/// Everything about the error, as FetchErrorDetails answers it.
void describe_error(const SparkError& error, spark::connect::FetchErrorDetailsResponse& out);

/// Any exception as a SparkError: memory that ran out, broken invariants, standard exceptions.
SparkError as_spark_error(std::exception_ptr error);

}  // namespace pyrite
