// SPDX-License-Identifier: Apache-2.0
#include "training/data/batch_loader.hpp"

#include <utility>

namespace lmc::training {

BatchLoader::BatchLoader(std::function<Batch(std::int64_t)> make, std::int64_t first_step,
                         int threads)
    : make_{std::move(make)}, next_to_make_{first_step},
      next_to_take_{first_step}, ahead_{std::int64_t{2} * threads} {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

BatchLoader::~BatchLoader() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
}

void BatchLoader::work() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || next_to_make_ < next_to_take_ + ahead_; });
    if (stopping_) {
      return;
    }
    const std::int64_t step = next_to_make_++;
    lock.unlock();
    Result result;
    try {
      result.batch = make_(step);
    } catch (const std::exception&) {
      result.failure = std::current_exception();
    }
    lock.lock();
    made_.emplace(step, std::move(result));
    changed_.notify_all();
  }
}

Batch BatchLoader::next() {
  const auto asked = std::chrono::steady_clock::now();
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return made_.contains(next_to_take_); });
  Result result = std::move(made_.extract(next_to_take_).mapped());
  ++next_to_take_;
  waited_ += std::chrono::steady_clock::now() - asked;
  lock.unlock();
  changed_.notify_all();
  if (result.failure) {
    std::rethrow_exception(result.failure);
  }
  return std::move(result.batch);
}

} // namespace lmc::training
