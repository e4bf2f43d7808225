// SPDX-License-Identifier: Apache-2.0
#include "common/running/parallel.hpp"

#include "common/running/interrupt.hpp"
#include "common/running/log.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace lmc {

void parallel_for_each(std::size_t count, int threads,
                       const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto take_turns = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) {
        throw_if_interrupted();
        work(i);
      }
    } catch (...) {
      const std::lock_guard lock{mutex};
      failure = failure ? failure : std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> helpers;
    const auto useful = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
    try {
      while (helpers.size() + 1 < useful) {
        helpers.emplace_back(take_turns);
      }
    } catch (const std::system_error& error) {
      log().warn("only {} of {} threads could be started ({})", helpers.size() + 1, useful,
                 error.what());
    }
    take_turns();
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

} // namespace lmc
