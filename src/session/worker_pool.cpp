// A pool that grows as needed; its threads are kept for the next request.
#include "session/worker_pool.h"

#include <chrono>
#include <exception>

#include "base/error.h"

namespace pyrite {
namespace {

/// Address space only: pages are taken when a deep plan touches them.
constexpr size_t stack_sizes[] = {size_t{1} << 30, size_t{1} << 28, size_t{1} << 26};
constexpr auto poll_interval = std::chrono::milliseconds(50);

}  // namespace

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (const pthread_t thread : threads_) {
    pthread_join(thread, nullptr);
  }
}

void* WorkerPool::thread_main(void* pool) {
  static_cast<WorkerPool*>(pool)->work();
  return nullptr;
}

void WorkerPool::add_thread() {
  for (const size_t size : stack_sizes) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, size);
    pthread_t thread;
    const int code = pthread_create(&thread, &attributes, &WorkerPool::thread_main, this);
    pthread_attr_destroy(&attributes);
    if (code == 0) {
      threads_.push_back(thread);
      return;
    }
  }
  if (threads_.empty()) {
    throw_internal("no thread can be started");
  }
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) {
      return;
    }
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

void WorkerPool::start(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  if (idle_ < tasks_.size()) {
    add_thread();
  }
  wake_.notify_one();
}

void WorkerPool::run(const std::function<void()>& task, const std::function<void()>& waiting) {
  std::mutex mutex;
  std::condition_variable done_signal;
  bool done = false;
  std::exception_ptr error;
  start([&] {
    std::exception_ptr caught;
    try {
      task();
    } catch (...) {
      caught = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    error = caught;
    done = true;
    done_signal.notify_one();
  });
  std::unique_lock lock(mutex);
  while (!done) {
    if (!waiting) {
      done_signal.wait(lock);
      continue;
    }
    if (done_signal.wait_for(lock, poll_interval) == std::cv_status::timeout && !done) {
      lock.unlock();
      waiting();
      lock.lock();
    }
  }
  if (error) {
    std::rethrow_exception(error);
  }
}

}  // namespace pyrite
