// Carries typed errors past DuckDB, which only transports text.
#pragma once

#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace duckdb {
class ErrorData;
}

namespace pyrite {

/// One a query. A kernel's error is kept here under a number; the number travels in the text of DuckDB's error. An
/// error that DuckDB swallows (it tries to fold constants that are never evaluated) is thus never reported.
class ErrorSlot {
 public:
  /// Keeps the error and throws the DuckDB exception that stands for it.
  [[noreturn]] void raise(const SparkError& error);
  /// The error behind a DuckDB error's text, if it is one of ours.
  std::optional<SparkError> find(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::vector<SparkError> errors_;
};

/// DuckDB's own error as Spark would report it, or the kept error that it stands for.
SparkError translate_error(const ErrorSlot& slot, const duckdb::ErrorData& error);

/// Runs a piece of a kernel and lets its SparkErrors travel through DuckDB.
template <class F>
void guarded(ErrorSlot& slot, F&& f) {
  try {
    f();
  } catch (const SparkError& error) {
    slot.raise(error);
  }
}

}  // namespace pyrite
