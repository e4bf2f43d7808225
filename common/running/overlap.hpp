// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <utility>

namespace lmc {

/// The steps that every item of a sequence takes, in this order. Each makes a value of the last
/// one's.
template <class Read, class Made, class Share> struct OverlapSteps {
  /// The next item; nothing after the last.
  std::function<std::optional<Read>()> read;
  /// What computing may use while the next item is read and the one before is written; nothing when
  /// these three are to wait for each other. Asked while nothing is read or computed.
  std::function<std::optional<Share>(const Read&)> share;
  /// Nothing: there is nothing to write.
  std::function<std::optional<Made>(Read, const std::optional<Share>&)> compute;
  std::function<void(Made)> write;
};

/// Takes a sequence of items through its steps: while one is computed, on the calling thread, the
/// next is read and the one before is written, each on a thread of its own. Every step sees the
/// items in their order and one at a time, and an item's steps never overlap.
///
/// What a step throws ends the sequence and is thrown here, when the steps that had begun are done.
template <class Read, class Made, class Share>
void overlap(const OverlapSteps<Read, Made, Share>& steps) {
  // Deferred where the system gives no more threads: done by whoever waits for it.
  constexpr auto at_once = std::launch::async | std::launch::deferred;
  const auto finish = [](std::future<void>& step) {
    if (step.valid()) {
      step.get();
    }
  };
  const auto read = [&steps] { return steps.read(); };
  std::future<void> writing;
  std::future<std::optional<Read>> reading = std::async(std::launch::deferred, read);
  while (std::optional<Read> item = reading.get()) {
    const std::optional<Share> share = steps.share(*item);
    if (!share) {
      finish(writing);
    }
    reading = std::async(share ? at_once : std::launch::deferred, read);
    std::optional<Made> made = steps.compute(std::move(*item), share);
    finish(writing);
    if (!made) {
      continue;
    }
    writing = std::async(
        at_once, [&steps, made = std::move(*made)]() mutable { steps.write(std::move(made)); });
    if (writing.wait_for(std::chrono::seconds{0}) == std::future_status::deferred) {
      finish(writing); // before a later step can end the sequence
    }
  }
  finish(writing);
}

} // namespace lmc
