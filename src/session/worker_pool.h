// Threads with deep stacks, on which requests are worked: plans of thousands of nested nodes need them.
#pragma once

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace pyrite {

class WorkerPool {
 public:
  WorkerPool() = default;
  /// Waits for what runs.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Runs the task on a thread of its own; `task` must not throw.
  void start(std::function<void()> task);
  /// Runs the task and waits; meanwhile `waiting` is called some twenty times a second. Passes on what the task throws.
  void run(const std::function<void()>& task, const std::function<void()>& waiting = {});

 private:
  static void* thread_main(void* pool);
  void work();
  void add_thread();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  std::vector<pthread_t> threads_;
  size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace pyrite
