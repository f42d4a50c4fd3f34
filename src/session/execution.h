// One ExecutePlan: a thread produces responses, the caller takes them one by one.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "nanoarrow/nanoarrow.hpp"

namespace spark::connect {
class ExecutePlanRequest;
}

namespace pyrite {

class ServiceSession;
class WorkerPool;

class Execution {
 public:
  /// A serialized ExecutePlanResponse, or a batch as Arrow C data.
  struct Item {
    std::string message;
    bool is_batch = false;
    nanoarrow::UniqueSchema schema;
    nanoarrow::UniqueArray batch;
  };

  Execution(WorkerPool& pool, std::shared_ptr<ServiceSession> session,
            std::shared_ptr<spark::connect::ExecutePlanRequest> request, bool arrow_c);
  /// Cancels what still runs.
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  /// The next response; false at the end. Throws ServiceError, or CallInterrupted after `interrupted` said so.
  bool next(Item& out, const std::function<bool()>& interrupted = {});
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pyrite
