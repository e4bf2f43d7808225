// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>

namespace lmc::app {

/// One thread that runs one task at a time. Predictions of a server all run on it, because OpenMP
/// keeps a team of threads, and the allocator an arena, for every thread that ever computed.
class SerialWorker {
public:
  SerialWorker();
  /// Waits for the running task.
  ~SerialWorker();
  SerialWorker(const SerialWorker&) = delete;
  SerialWorker& operator=(const SerialWorker&) = delete;

  /// Runs `task` on the worker's thread and waits for it; what it throws is thrown here.
  /// @return false, without running it, while another task runs
  [[nodiscard]] bool try_run(const std::function<void()>& task);

private:
  void work(const std::stop_token& stop);

  std::mutex running_; ///< held by the caller whose task runs
  std::mutex mutex_;   ///< guards task_
  std::condition_variable_any changed_;
  std::packaged_task<void()> task_;
  std::jthread thread_; ///< last: it uses the others
};

} // namespace lmc::app
