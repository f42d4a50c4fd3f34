// Sessions by user and id, and the short requests of the protocol.
#include "session/connect_service.h"

#include <spark/connect/base.pb.h>

#include "base/error.h"
#include "session/analyze_request.h"
#include "session/artifact_request.h"
#include "session/config_request.h"
#include "session/identifier.h"
#include "session/plan_request.h"

namespace pyrite {
namespace {

namespace proto = spark::connect;

/// Errors kept for FetchErrorDetails in one session.
constexpr size_t errors_kept = 64;

}  // namespace

ServiceError ServiceSession::remember(const SparkError& error) {
  const std::string id = random_uuid();
  proto::FetchErrorDetailsResponse details;
  describe_error(error, details);
  details.set_session_id(session_->id());
  details.set_server_side_session_id(server_id_);
  {
    const std::lock_guard lock(mutex_);
    errors_.emplace_back(id, details.SerializeAsString());
    if (errors_.size() > errors_kept) {
      errors_.pop_front();
    }
  }
  return service_error(error, id);
}

std::string ServiceSession::find_error(const std::string& error_id) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, details] : errors_) {
    if (id == error_id) {
      return details;
    }
  }
  return {};
}

ServiceError failure(std::exception_ptr error, ServiceSession* session) {
  try {
    std::rethrow_exception(error);
  } catch (const ServiceError& known) {
    return known;
  } catch (...) {
    const SparkError known = as_spark_error(std::current_exception());
    return session ? session->remember(known) : service_error(known, random_uuid());
  }
}

ConnectService::ConnectService(std::vector<std::pair<std::string, std::string>> configuration,
                               std::shared_ptr<ColumnarProvider> columnar)
    : configuration_(std::move(configuration)), columnar_(std::move(columnar)) {
  try {
    const Configuration checked(configuration_);
  } catch (...) {
    throw failure(std::current_exception(), nullptr);
  }
}

ConnectService::~ConnectService() {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, session] : sessions_) {
    session->session().interrupt_all();
  }
}

std::shared_ptr<Runtime> ConnectService::runtime() {
  const std::lock_guard lock(runtime_mutex_);
  if (!runtime_) {
    runtime_ = create_runtime(configuration_, columnar_);
  }
  return runtime_;
}

std::shared_ptr<ServiceSession> ConnectService::open_session(const std::string& user, const std::string& id,
                                                             const std::string& observed) {
  if (!is_uuid(id)) {
    throw SparkError(ErrorKind::spark, "INVALID_HANDLE.FORMAT", {{"handle", id}});
  }
  const std::shared_ptr<Runtime> shared = runtime();
  const std::lock_guard lock(mutex_);
  const SessionKey key{user, id};
  if (closed_.contains(key)) {
    throw SparkError(ErrorKind::spark, "INVALID_HANDLE.SESSION_CLOSED", {{"handle", id}});
  }
  std::shared_ptr<ServiceSession>& found = sessions_[key];
  if (!found) {
    if (!observed.empty()) {
      sessions_.erase(key);
      throw SparkError(ErrorKind::spark, "INVALID_HANDLE.SESSION_CHANGED", {{"handle", id}});
    }
    found = std::make_shared<ServiceSession>(std::make_shared<Session>(shared, id), random_uuid());
  } else if (!observed.empty() && observed != found->server_id()) {
    throw SparkError(ErrorKind::spark, "INVALID_HANDLE.SESSION_CHANGED", {{"handle", id}});
  }
  return found;
}

/// Parses a request, finds its session, and lets `work` fill the response.
template <class Response, class Request, class Work>
std::string ConnectService::answer(const std::string& bytes, const Work& work) {
  std::shared_ptr<ServiceSession> session;
  try {
    Request request;
    parse_message(bytes, request);
    session = open_session(request.user_context().user_id(), request.session_id(),
                           request.client_observed_server_side_session_id());
    Response response;
    response.set_session_id(request.session_id());
    response.set_server_side_session_id(session->server_id());
    work(request, *session, response);
    return response.SerializeAsString();
  } catch (const CallInterrupted&) {
    throw;
  } catch (...) {
    throw failure(std::current_exception(), session.get());
  }
}

std::unique_ptr<Execution> ConnectService::execute_plan(const std::string& bytes, bool arrow_c) {
  std::shared_ptr<ServiceSession> session;
  try {
    auto request = std::make_shared<proto::ExecutePlanRequest>();
    if (!parse_shallow_message(bytes, *request)) {
      pool_.run([&] { parse_message(bytes, *request); });
    }
    session = open_session(request->user_context().user_id(), request->session_id(),
                           request->client_observed_server_side_session_id());
    return std::make_unique<Execution>(pool_, session, std::move(request), arrow_c);
  } catch (...) {
    throw failure(std::current_exception(), session.get());
  }
}

std::string ConnectService::analyze_plan(const std::string& bytes, const Interrupted& interrupted) {
  std::string response;
  const auto cancellation = std::make_shared<Cancellation>();
  bool stopped = false;
  pool_.run(
      [&] {
        response = answer<proto::AnalyzePlanResponse, proto::AnalyzePlanRequest>(
            bytes,
            [&](const proto::AnalyzePlanRequest& request, ServiceSession& session, proto::AnalyzePlanResponse& out) {
              const Session::Work work(session.session(), cancellation);
              answer_analyze(session.session(), request, out);
            });
      },
      [&] {
        if (!stopped && interrupted && interrupted()) {
          stopped = true;
          cancellation->cancel();
        }
      });
  if (stopped) {
    throw CallInterrupted();
  }
  return response;
}

std::string ConnectService::config(const std::string& bytes) {
  return answer<proto::ConfigResponse, proto::ConfigRequest>(
      bytes, [](const proto::ConfigRequest& request, ServiceSession& session, proto::ConfigResponse& out) {
        answer_config(session.session(), request, out);
      });
}

std::string ConnectService::interrupt(const std::string& bytes) {
  return answer<proto::InterruptResponse, proto::InterruptRequest>(
      bytes, [](const proto::InterruptRequest& request, ServiceSession& session, proto::InterruptResponse& out) {
        std::vector<std::string> reached;
        switch (request.interrupt_type()) {
          case proto::InterruptRequest::INTERRUPT_TYPE_ALL:
            reached = session.session().interrupt_all();
            break;
          case proto::InterruptRequest::INTERRUPT_TYPE_TAG:
            reached = session.session().interrupt_tag(request.operation_tag());
            break;
          case proto::InterruptRequest::INTERRUPT_TYPE_OPERATION_ID:
            reached = session.session().interrupt_operation(request.operation_id());
            break;
          default:
            throw_unsupported("interrupt type " + std::to_string(request.interrupt_type()));
        }
        for (std::string& id : reached) {
          out.add_interrupted_ids(std::move(id));
        }
      });
}

std::string ConnectService::release_session(const std::string& bytes) {
  try {
    proto::ReleaseSessionRequest request;
    parse_message(bytes, request);
    const SessionKey key{request.user_context().user_id(), request.session_id()};
    proto::ReleaseSessionResponse response;
    response.set_session_id(request.session_id());
    std::shared_ptr<ServiceSession> session;
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = sessions_.find(key); found != sessions_.end()) {
        session = std::move(found->second);
        sessions_.erase(found);
      }
      if (!request.allow_reconnect()) {
        closed_.insert(key);
      }
    }
    if (session) {
      response.set_server_side_session_id(session->server_id());
      session->session().interrupt_all();
    }
    return response.SerializeAsString();
  } catch (...) {
    throw failure(std::current_exception(), nullptr);
  }
}

std::string ConnectService::release_execute(const std::string& bytes) {
  return answer<proto::ReleaseExecuteResponse, proto::ReleaseExecuteRequest>(
      bytes, [](const proto::ReleaseExecuteRequest& request, ServiceSession&, proto::ReleaseExecuteResponse& out) {
        out.set_operation_id(request.operation_id());
      });
}

std::unique_ptr<Execution> ConnectService::reattach_execute(const std::string& bytes) {
  std::shared_ptr<ServiceSession> session;
  try {
    proto::ReattachExecuteRequest request;
    parse_message(bytes, request);
    session = open_session(request.user_context().user_id(), request.session_id(),
                           request.client_observed_server_side_session_id());
    throw SparkError(ErrorKind::spark, "INVALID_HANDLE.OPERATION_NOT_FOUND", {{"handle", request.operation_id()}});
  } catch (...) {
    throw failure(std::current_exception(), session.get());
  }
}

std::string ConnectService::add_artifacts(const std::vector<std::string>& requests) {
  ArtifactUpload upload;
  std::string response;
  for (const std::string& bytes : requests) {
    response = answer<proto::AddArtifactsResponse, proto::AddArtifactsRequest>(
        bytes,
        [&](const proto::AddArtifactsRequest& request, ServiceSession& session, proto::AddArtifactsResponse& out) {
          upload.add(session.session(), request);
          upload.summarize(out);
        });
  }
  return response;
}

std::string ConnectService::artifact_status(const std::string& bytes) {
  return answer<proto::ArtifactStatusesResponse, proto::ArtifactStatusesRequest>(
      bytes,
      [](const proto::ArtifactStatusesRequest& request, ServiceSession& session, proto::ArtifactStatusesResponse& out) {
        for (const std::string& name : request.names()) {
          (*out.mutable_statuses())[name].set_exists(session.session().find_artifact(name) != nullptr);
        }
      });
}

std::string ConnectService::fetch_error_details(const std::string& bytes) {
  std::string found;
  std::string response = answer<proto::FetchErrorDetailsResponse, proto::FetchErrorDetailsRequest>(
      bytes, [&](const proto::FetchErrorDetailsRequest& request, ServiceSession& session,
                 proto::FetchErrorDetailsResponse&) { found = session.find_error(request.error_id()); });
  return found.empty() ? response : found;
}

std::string ConnectService::clone_session(const std::string& bytes) {
  return answer<proto::CloneSessionResponse, proto::CloneSessionRequest>(
      bytes,
      [this](const proto::CloneSessionRequest& request, ServiceSession& session, proto::CloneSessionResponse& out) {
        const std::string id = request.has_new_session_id() ? request.new_session_id() : random_uuid();
        if (!is_uuid(id)) {
          throw SparkError(ErrorKind::spark, "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_FORMAT",
                           {{"targetSessionId", id}});
        }
        const SessionKey key{request.user_context().user_id(), id};
        auto copy = [&] {
          const Session::Work work(session.session(), nullptr);
          return std::make_shared<ServiceSession>(std::make_shared<Session>(session.session(), id), random_uuid());
        }();
        out.set_new_session_id(id);
        out.set_new_server_side_session_id(copy->server_id());
        const std::lock_guard lock(mutex_);
        if (closed_.contains(key)) {
          throw SparkError(ErrorKind::spark, "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_ALREADY_CLOSED",
                           {{"targetSessionId", id}});
        }
        if (!sessions_.emplace(key, std::move(copy)).second) {
          throw SparkError(ErrorKind::spark, "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_ALREADY_EXISTS",
                           {{"targetSessionId", id}});
        }
      });
}

std::string ConnectService::get_status(const std::string& bytes) {
  return answer<proto::GetStatusResponse, proto::GetStatusRequest>(
      bytes, [](const proto::GetStatusRequest& request, ServiceSession& session, proto::GetStatusResponse& out) {
        using Status = proto::GetStatusResponse::OperationStatus;
        for (const std::string& id : request.operation_status().operation_ids()) {
          Status& status = *out.add_operation_statuses();
          status.set_operation_id(id);
          status.set_state(session.session().has_operation(id) ? Status::OPERATION_STATE_RUNNING
                                                               : Status::OPERATION_STATE_UNKNOWN);
        }
      });
}

}  // namespace pyrite
