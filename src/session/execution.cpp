// Produces the responses of an ExecutePlan on a worker thread, as fast as they are taken.
#include "session/execution.h"

#include <spark/connect/base.pb.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "connect/encode.h"
#include "session/arrow_stream.h"
#include "session/client_schema.h"
#include "session/connect_service.h"
#include "session/identifier.h"
#include "session/plan_request.h"
#include "session/result_rows.h"
#include "session/sql_command.h"

namespace pyrite {
namespace {

namespace proto = spark::connect;
using Clock = std::chrono::steady_clock;

/// Responses made ahead of the reader.
constexpr size_t queue_length = 4;
constexpr auto poll_interval = std::chrono::milliseconds(50);
constexpr auto first_progress = std::chrono::milliseconds(150);
constexpr auto progress_interval = std::chrono::milliseconds(500);
constexpr int progress_steps = 100;

/// The reader has gone or the operation was cancelled while a response waited to be taken.
struct ReaderGone {};

}  // namespace

struct Execution::State {
  std::shared_ptr<ServiceSession> session;
  std::shared_ptr<proto::ExecutePlanRequest> request;
  std::shared_ptr<Operation> operation;
  bool arrow_c = false;
  bool reattachable = false;
  Clock::time_point started = Clock::now();
  Clock::time_point last_progress = started;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Item> queue;
  std::shared_ptr<ResultStream> stream;  ///< while rows are being made
  std::exception_ptr error;
  bool finished = false;
  bool abandoned = false;

  proto::ExecutePlanResponse response() const {
    proto::ExecutePlanResponse out;
    out.set_session_id(session->session().id());
    out.set_server_side_session_id(session->server_id());
    out.set_operation_id(operation->id);
    out.set_response_id(random_uuid());
    return out;
  }

  void push(Item item) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return abandoned || queue.size() < queue_length; });
    if (abandoned) {
      throw ReaderGone();
    }
    queue.push_back(std::move(item));
    changed.notify_all();
  }

  void push(const proto::ExecutePlanResponse& message) {
    Item item;
    item.message = message.SerializeAsString();
    push(std::move(item));
  }

  void produce();
  void produce_rows(const resolved::RelationPtr& plan);
  void produce_batches(ResultStream& rows);
  void push_batch(const ArrowSchema& schema, nanoarrow::UniqueArray& rows, int64_t offset);
  void push_empty_batch(const ArrowSchema& schema);
  void produce_command(const proto::Command& command);
  void produce_observed(const ResultStream& rows);
  void checkpoint(const proto::CheckpointCommand& command);
  std::string progress_message();
};

void Execution::State::produce() {
  proto::Plan& plan = *request->mutable_plan();
  decompress(plan);
  switch (plan.op_type_case()) {
    case proto::Plan::kRoot: {
      resolved::RelationPtr analyzed;
      {
        const Session::Work work(session->session(), operation->cancellation);
        analyzed = session->session().analyze(decoder_for(session->session()).relation(plan.root()));
      }
      produce_rows(analyzed);
      break;
    }
    case proto::Plan::kCommand:
      produce_command(plan.command());
      break;
    default:
      throw SparkError("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                       {{"fullName", "spark.connect.Plan"}, {"name", "op_type"}});
  }
  if (reattachable) {
    proto::ExecutePlanResponse done = response();
    done.mutable_result_complete();
    push(done);
  }
}

void Execution::State::produce_rows(const resolved::RelationPtr& plan) {
  proto::ExecutePlanResponse schema = response();
  connect::encode_type(client_schema(plan, *session->session().facts()), *schema.mutable_schema());
  push(schema);
  if (is_empty_answer(plan)) {
    nanoarrow::UniqueSchema no_columns;
    check(ArrowSchemaInitFromType(no_columns.get(), NANOARROW_TYPE_UNINITIALIZED) == NANOARROW_OK &&
              ArrowSchemaSetTypeStruct(no_columns.get(), 0) == NANOARROW_OK,
          "out of memory");
    push_empty_batch(*no_columns.get());
    return;
  }
  std::shared_ptr<ResultStream> rows =
      session->session().engine().execute(plan, session->session().execution_options(operation->cancellation));
  {
    const std::lock_guard lock(mutex);
    stream = rows;
  }
  produce_batches(*rows);
  produce_observed(*rows);
  const std::lock_guard lock(mutex);
  stream = nullptr;
}

void Execution::State::produce_batches(ResultStream& rows) {
  nanoarrow::UniqueSchema schema;
  rows.schema(schema.get());
  int64_t offset = 0;
  for (;;) {
    nanoarrow::UniqueArray batch;
    if (!rows.next(batch.get())) {
      break;
    }
    const int64_t count = batch->length;
    push_batch(*schema.get(), batch, offset);
    offset += count;
  }
  if (offset == 0) {
    push_empty_batch(*schema.get());
  }
}

void Execution::State::push_batch(const ArrowSchema& schema, nanoarrow::UniqueArray& rows, int64_t offset) {
  if (arrow_c) {
    Item item;
    item.is_batch = true;
    ArrowArrayMove(rows.get(), item.batch.get());
    check(ArrowSchemaDeepCopy(&schema, item.schema.get()) == NANOARROW_OK, "out of memory");
    push(std::move(item));
    return;
  }
  proto::ExecutePlanResponse message = response();
  proto::ExecutePlanResponse::ArrowBatch& batch = *message.mutable_arrow_batch();
  batch.set_row_count(rows->length);
  batch.set_data(arrow_stream(schema, *rows.get()));
  batch.set_start_offset(offset);
  batch.set_chunk_index(0);
  batch.set_num_chunks_in_batch(1);
  push(message);
}

/// Clients take the lack of any batch for a broken answer: a result without rows is one batch without rows.
void Execution::State::push_empty_batch(const ArrowSchema& schema) {
  nanoarrow::UniqueArray rows;
  check(ArrowArrayInitFromSchema(rows.get(), &schema, nullptr) == NANOARROW_OK &&
            ArrowArrayStartAppending(rows.get()) == NANOARROW_OK &&
            ArrowArrayFinishBuildingDefault(rows.get(), nullptr) == NANOARROW_OK,
        "out of memory");
  push_batch(schema, rows, 0);
}

void Execution::State::produce_observed(const ResultStream& rows) {
  const std::vector<ObservedMetrics> observed = rows.observed();
  if (observed.empty()) {
    return;
  }
  proto::ExecutePlanResponse message = response();
  for (const ObservedMetrics& metrics : observed) {
    proto::ExecutePlanResponse::ObservedMetrics& out = *message.add_observed_metrics();
    out.set_name(metrics.name);
    for (size_t i = 0; i < metrics.columns.size(); ++i) {
      out.add_keys(metrics.columns[i].name);
      connect::encode_literal(metrics.values[i], metrics.columns[i].type, *out.add_values());
    }
  }
  push(message);
}

void Execution::State::checkpoint(const proto::CheckpointCommand& command) {
  Session& owner = session->session();
  const Session::Work work(owner, operation->cancellation);
  const resolved::RelationPtr plan = owner.analyze(decoder_for(owner).relation(command.relation()));
  const std::string id = random_uuid();
  owner.put_remote_relation(id, stored_copy(owner, plan));
  proto::ExecutePlanResponse message = response();
  message.mutable_checkpoint_command_result()->mutable_relation()->set_relation_id(id);
  push(message);
}

void Execution::State::produce_command(const proto::Command& command) {
  Session& owner = session->session();
  switch (command.command_type_case()) {
    case proto::Command::kSqlCommand: {
      proto::ExecutePlanResponse message = response();
      {
        const Session::Work work(owner, operation->cancellation);
        run_sql_command(owner, command.sql_command(), *message.mutable_sql_command_result()->mutable_relation());
      }
      push(message);
      return;
    }
    case proto::Command::kCheckpointCommand:
      checkpoint(command.checkpoint_command());
      return;
    case proto::Command::kRemoveCachedRemoteRelationCommand:
      owner.remove_remote_relation(command.remove_cached_remote_relation_command().relation().relation_id());
      return;
    case proto::Command::kGetResourcesCommand: {
      proto::ExecutePlanResponse message = response();
      message.mutable_get_resources_command_result();
      push(message);
      return;
    }
    case proto::Command::kCreateResourceProfileCommand:
      throw_unsupported("resource profiles");
    default: {
      const Session::Work work(owner, operation->cancellation);
      owner.run_command(decoder_for(owner).command(command));
    }
  }
}

std::string Execution::State::progress_message() {
  std::shared_ptr<ResultStream> rows;
  {
    const std::lock_guard lock(mutex);
    rows = stream;
  }
  proto::ExecutePlanResponse message = response();
  proto::ExecutePlanResponse::ExecutionProgress& progress = *message.mutable_execution_progress();
  progress.set_num_inflight_tasks(1);
  if (rows) {
    const Progress now = rows->progress();
    auto* stage = progress.add_stages();
    stage->set_stage_id(0);
    stage->set_num_tasks(progress_steps);
    stage->set_num_completed_tasks(now.fraction > 0 ? static_cast<int64_t>(now.fraction * progress_steps) : 0);
  }
  return message.SerializeAsString();
}

Execution::Execution(WorkerPool& pool, std::shared_ptr<ServiceSession> session,
                     std::shared_ptr<proto::ExecutePlanRequest> request, bool arrow_c)
    : state_(std::make_shared<State>()) {
  state_->session = std::move(session);
  state_->arrow_c = arrow_c;
  for (const auto& option : request->request_options()) {
    state_->reattachable = state_->reattachable || option.reattach_options().reattachable();
  }
  std::string id = request->operation_id().empty() ? random_uuid() : request->operation_id();
  state_->operation =
      state_->session->session().begin_operation(std::move(id), {request->tags().begin(), request->tags().end()});
  state_->request = std::move(request);
  pool.start([state = state_] {
    std::exception_ptr error;
    try {
      state->produce();
    } catch (const ReaderGone&) {
    } catch (...) {
      error = std::current_exception();
    }
    state->request = nullptr;
    state->session->session().end_operation(state->operation->id);
    const std::lock_guard lock(state->mutex);
    state->stream = nullptr;
    state->error = error;
    state->finished = true;
    state->changed.notify_all();
  });
}

Execution::~Execution() {
  state_->operation->cancellation->cancel();
  const std::lock_guard lock(state_->mutex);
  state_->abandoned = true;
  state_->changed.notify_all();
}

void Execution::cancel() { state_->operation->cancellation->cancel(); }

bool Execution::next(Item& out, const std::function<bool()>& interrupted) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  const auto ready = [&] { return !state.queue.empty() || state.finished; };
  while (!ready()) {
    state.changed.wait_for(lock, poll_interval, ready);
    if (ready()) {
      break;
    }
    lock.unlock();
    if (interrupted && interrupted()) {
      cancel();
      throw CallInterrupted();
    }
    const Clock::time_point now = Clock::now();
    if (now - state.started > first_progress && now - state.last_progress > progress_interval) {
      state.last_progress = now;
      out = Item();
      out.message = state.progress_message();
      return true;
    }
    lock.lock();
  }
  if (!state.queue.empty()) {
    out = std::move(state.queue.front());
    state.queue.pop_front();
    state.changed.notify_all();
    return true;
  }
  if (state.error) {
    const std::exception_ptr error = std::exchange(state.error, nullptr);
    lock.unlock();
    throw failure(error, state.session.get());
  }
  return false;
}

}  // namespace pyrite
