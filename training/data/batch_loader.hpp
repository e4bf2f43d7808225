// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/data/batch.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace lmc::training {

/// Makes the batches of consecutive steps ahead of time in threads of its own. What comes out does
/// not depend on their number.
class BatchLoader {
public:
  /// @param make the batch of a step, called from several threads
  /// @param threads at least 1; up to two batches for each are made ahead
  BatchLoader(std::function<Batch(std::int64_t step)> make, std::int64_t first_step, int threads);
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  /// The next step's batch. @throws what making it threw
  [[nodiscard]] Batch next();

  /// Time that `next` has waited for batches so far.
  [[nodiscard]] std::chrono::duration<double> waited() const { return waited_; }

private:
  struct Result {
    Batch batch;
    std::exception_ptr failure;
  };

  void work();

  std::function<Batch(std::int64_t)> make_;
  std::int64_t next_to_make_;
  std::int64_t next_to_take_;
  std::int64_t ahead_;
  std::chrono::duration<double> waited_{};
  bool stopping_ = false;
  std::map<std::int64_t, Result> made_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::jthread> threads_;
};

} // namespace lmc::training
