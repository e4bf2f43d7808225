// SPDX-License-Identifier: Apache-2.0
#include "app/challenge/serial_worker.hpp"

#include <utility>

namespace lmc::app {

SerialWorker::SerialWorker() : thread_{[this](const std::stop_token& stop) { work(stop); }} {}

SerialWorker::~SerialWorker() = default;

bool SerialWorker::try_run(const std::function<void()>& task) {
  const std::unique_lock running{running_, std::try_to_lock};
  if (!running) {
    return false;
  }
  std::packaged_task<void()> packaged{task};
  std::future<void> done = packaged.get_future();
  {
    const std::lock_guard lock{mutex_};
    task_ = std::move(packaged);
  }
  changed_.notify_one();
  done.get();
  return true;
}

void SerialWorker::work(const std::stop_token& stop) {
  for (;;) {
    std::packaged_task<void()> task;
    {
      std::unique_lock lock{mutex_};
      if (!changed_.wait(lock, stop, [this] { return task_.valid(); })) {
        return;
      }
      task = std::exchange(task_, {});
    }
    task();
  }
}

} // namespace lmc::app
