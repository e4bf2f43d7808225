// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <utility>

namespace lmc {

/// The steps that every item of a sequence takes, in this order.
template <class Item> struct OverlapSteps {
  /// The next item; nothing after the last.
  std::function<std::optional<Item>()> read;
  /// Whether reading the next item and writing the one before may go on while this one is computed.
  std::function<bool(Item&)> may_overlap;
  std::function<void(Item&)> compute;
  std::function<void(Item&)> write;
};

/// Takes a sequence of items through its steps: while one is computed, on the calling thread, the
/// next is read and the one before is written, each on a thread of its own. Every step sees the
/// items in their order and one at a time, and an item's steps never overlap.
///
/// What a step throws ends the sequence and is thrown here, when the steps that had begun are done.
template <class Item> void overlap(const OverlapSteps<Item>& steps) {
  // Deferred where the system gives no more threads: done by whoever waits for it.
  constexpr auto at_once = std::launch::async | std::launch::deferred;
  const auto finish = [](std::future<void>& step) {
    if (step.valid()) {
      step.get();
    }
  };
  const auto read = [&steps] { return steps.read(); };
  std::future<void> writing;
  std::future<std::optional<Item>> reading = std::async(std::launch::deferred, read);
  while (std::optional<Item> item = reading.get()) {
    const bool together = steps.may_overlap(*item);
    if (!together) {
      finish(writing);
    }
    reading = std::async(together ? at_once : std::launch::deferred, read);
    steps.compute(*item);
    finish(writing);
    writing = std::async(
        at_once, [&steps, computed = std::move(*item)]() mutable { steps.write(computed); });
    if (writing.wait_for(std::chrono::seconds{0}) == std::future_status::deferred) {
      finish(writing); // before a later step can end the sequence
    }
  }
  finish(writing);
}

} // namespace lmc
