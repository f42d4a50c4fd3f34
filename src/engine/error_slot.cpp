// Carries typed errors past DuckDB.
#include "engine/error_slot.h"

#include <charconv>
#include <string>

#include "duckdb/common/error_data.hpp"
#include "duckdb/common/exception.hpp"

namespace pyrite {
namespace {

constexpr std::string_view mark = "pyrite-error:";
/// Beyond this many kept errors a query is in a loop of swallowed ones; later ones repeat the last number.
constexpr size_t most_errors = 10000;

}  // namespace

void ErrorSlot::raise(const SparkError& error) {
  size_t number;
  {
    const std::lock_guard lock(mutex_);
    if (errors_.size() < most_errors) {
      errors_.push_back(error);
    } else {
      errors_.back() = error;
    }
    number = errors_.size() - 1;
  }
  // Not one of DuckDB's execution errors: those are rewrapped when a function is not marked as fallible.
  throw duckdb::Exception(duckdb::ExceptionType::EXECUTOR, std::string(mark) + std::to_string(number) + ";");
}

std::optional<SparkError> ErrorSlot::find(std::string_view text) const {
  const size_t at = text.find(mark);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  size_t number = 0;
  const char* first = text.data() + at + mark.size();
  std::from_chars(first, text.data() + text.size(), number);
  const std::lock_guard lock(mutex_);
  if (number >= errors_.size()) {
    return std::nullopt;
  }
  return errors_[number];
}

SparkError translate_error(const ErrorSlot& slot, const duckdb::ErrorData& error) {
  const std::string& text = error.RawMessage();
  if (std::optional<SparkError> kept = slot.find(text)) {
    return *kept;
  }
  switch (error.Type()) {
    case duckdb::ExceptionType::INTERRUPT:
      return SparkError("OPERATION_CANCELED");
    case duckdb::ExceptionType::OUT_OF_MEMORY:
      return SparkError("UNABLE_TO_ACQUIRE_MEMORY",
                        {{"requestedBytes", "?"}, {"receivedBytes", "0"}, {"detail", text}});
    case duckdb::ExceptionType::IO:
      return SparkError(ErrorKind::runtime, "FAILED_READ_FILE.NO_HINT", {{"path", ""}, {"detail", text}});
    default:
      break;
  }
  if (text.find("More than one row returned by a subquery") != std::string::npos) {
    return SparkError("SCALAR_SUBQUERY_TOO_MANY_ROWS");
  }
  return SparkError(ErrorKind::spark, "INTERNAL_ERROR", {{"message", text.substr(0, text.find("\n\nStack Trace:"))}});
}

}  // namespace pyrite
