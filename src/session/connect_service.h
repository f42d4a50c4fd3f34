// The Spark Connect service without a transport: serialized requests in, serialized responses out.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "session/execution.h"
#include "session/service_error.h"
#include "session/session.h"
#include "session/worker_pool.h"

namespace pyrite {

/// Asked now and then while a call waits: true ends the call.
using Interrupted = std::function<bool()>;

/// Raised by a call whose `Interrupted` said so.
struct CallInterrupted {};

/// One session as the service keeps it: with its server-side id and the errors that clients may ask about.
class ServiceSession {
 public:
  ServiceSession(std::shared_ptr<Session> session, std::string server_id)
      : session_(std::move(session)), server_id_(std::move(server_id)) {}

  Session& session() { return *session_; }
  const std::string& server_id() const { return server_id_; }
  /// Keeps the error for FetchErrorDetails and gives what the transport reports.
  ServiceError remember(const SparkError& error);
  /// Serialized FetchErrorDetailsResponse, or an empty text.
  std::string find_error(const std::string& error_id) const;

 private:
  std::shared_ptr<Session> session_;
  std::string server_id_;
  mutable std::mutex mutex_;
  std::deque<std::pair<std::string, std::string>> errors_;
};

/// Every method throws ServiceError. Thread-safe.
class ConnectService {
 public:
  /// Configuration given before the first session, static keys too. The engine starts with the first session.
  /// `columnar` reads and writes the formats that the engine leaves to the program (ORC); without it they are refused.
  explicit ConnectService(std::vector<std::pair<std::string, std::string>> configuration,
                          std::shared_ptr<ColumnarProvider> columnar = nullptr);
  ~ConnectService();

  /// Starts an operation. With `arrow_c` batches come as Arrow C data instead of IPC bytes.
  std::unique_ptr<Execution> execute_plan(const std::string& request, bool arrow_c = false);
  std::string analyze_plan(const std::string& request, const Interrupted& interrupted = {});
  std::string config(const std::string& request);
  std::string interrupt(const std::string& request);
  std::string release_session(const std::string& request);
  std::string release_execute(const std::string& request);
  std::string add_artifacts(const std::vector<std::string>& requests);
  std::string artifact_status(const std::string& request);
  std::string fetch_error_details(const std::string& request);
  std::string clone_session(const std::string& request);
  std::string get_status(const std::string& request);
  /// Results are not kept for a second reading: INVALID_HANDLE.OPERATION_NOT_FOUND.
  std::unique_ptr<Execution> reattach_execute(const std::string& request);

 private:
  using SessionKey = std::pair<std::string, std::string>;  ///< user, session id

  template <class Response, class Request, class Work>
  std::string answer(const std::string& bytes, const Work& work);
  std::shared_ptr<ServiceSession> open_session(const std::string& user, const std::string& id,
                                               const std::string& observed);
  std::shared_ptr<Runtime> runtime();

  std::vector<std::pair<std::string, std::string>> configuration_;
  std::shared_ptr<ColumnarProvider> columnar_;
  std::mutex mutex_;
  std::mutex runtime_mutex_;
  std::shared_ptr<Runtime> runtime_;
  std::map<SessionKey, std::shared_ptr<ServiceSession>> sessions_;
  std::set<SessionKey> closed_;
  WorkerPool pool_;  ///< last: its threads end before the rest goes
};

/// Any failure as the transport reports it; without a session nobody can ask for details later.
ServiceError failure(std::exception_ptr error, ServiceSession* session);

}  // namespace pyrite
