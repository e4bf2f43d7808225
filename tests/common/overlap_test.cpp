// SPDX-License-Identifier: Apache-2.0
#include "common/running/overlap.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using lmc::overlap;

/// An item that was computed.
struct Made {
  int item = 0;
};
struct Share {};
using Steps = lmc::OverlapSteps<int, Made, Share>;

namespace {

/// What the steps of a sequence 0, 1, ... did.
class Story {
public:
  void add(const std::string& event) {
    const std::lock_guard lock{mutex_};
    events_.push_back(event);
    changed_.notify_all();
  }

  /// Waits until another thread adds the event; false when none did for long.
  [[nodiscard]] bool sees(const std::string& event) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{60}, [&] { return holds(event); });
  }

  [[nodiscard]] bool has(const std::string& event) {
    const std::lock_guard lock{mutex_};
    return holds(event);
  }

  /// The events that begin with this word, in their order.
  [[nodiscard]] std::vector<std::string> of(const std::string& step) {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> found;
    for (const std::string& event : events_) {
      if (event.starts_with(step)) {
        found.push_back(event);
      }
    }
    return found;
  }

private:
  [[nodiscard]] bool holds(const std::string& event) const {
    return std::find(events_.begin(), events_.end(), event) != events_.end();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
};

std::string name(const char* step, int item) {
  return std::string{step} + " " + std::to_string(item);
}

/// Steps that write down what they did with the items 0 to count - 1.
Steps recorded(Story& story, int count, bool together) {
  return {.read = [&story, count, next = 0]() mutable -> std::optional<int> {
            if (next == count) {
              return std::nullopt;
            }
            story.add(name("read", next));
            return next++;
          },
          .share = [together](int) { return together ? std::optional{Share{}} : std::nullopt; },
          .compute =
              [&story, together](int item, const std::optional<Share>& share) {
                story.add(name("compute", item));
                CATCH_CHECK(share.has_value() == together);
                return Made{item};
              },
          .write = [&story](Made made) { story.add(name("write", made.item)); }};
}

std::vector<std::string> all_of(const char* step, int count) {
  std::vector<std::string> names;
  for (int item = 0; item < count; ++item) {
    names.push_back(name(step, item));
  }
  return names;
}

} // namespace

CATCH_TEST_CASE("every item takes every step, in its order") {
  for (const int count : {0, 1, 2, 7}) {
    for (const bool together : {true, false}) {
      Story story;
      overlap(recorded(story, count, together));
      for (const char* const step : {"read", "compute", "write"}) {
        CATCH_CHECK(story.of(step) == all_of(step, count));
      }
    }
  }
}

CATCH_TEST_CASE("while an item is computed the next is read and the one before is written") {
  Story story;
  Steps steps = recorded(story, 5, true);
  bool overlapped = true;
  const std::thread::id here = std::this_thread::get_id();
  bool computed_here = true;
  steps.compute = [&](int item, const std::optional<Share>&) {
    computed_here = computed_here && std::this_thread::get_id() == here;
    overlapped = overlapped && (item == 4 || story.sees(name("read", item + 1)));
    story.add(name("computing", item));
    overlapped = overlapped && (item == 0 || story.sees(name("write", item - 1)));
    return Made{item};
  };
  steps.write = [&](Made made) {
    overlapped = overlapped && (made.item == 4 || story.sees(name("computing", made.item + 1)));
    story.add(name("write", made.item));
  };
  overlap(steps);
  CATCH_CHECK(overlapped);
  CATCH_CHECK(computed_here);
  CATCH_CHECK(story.of("write").size() == 5);
}

CATCH_TEST_CASE("an item that may not overlap is computed alone") {
  Story story;
  Steps steps = recorded(story, 6, false);
  bool alone = true;
  steps.compute = [&](int item, const std::optional<Share>&) {
    alone = alone && !story.has(name("read", item + 1));
    alone = alone && (item == 0 || story.has(name("write", item - 1)));
    return Made{item};
  };
  overlap(steps);
  CATCH_CHECK(alone);
  CATCH_CHECK(story.of("write").size() == 6);
}

CATCH_TEST_CASE("an item of which nothing is made is not written") {
  Story story;
  Steps steps = recorded(story, 4, true);
  steps.compute = [](int item, const std::optional<Share>&) {
    return item % 2 == 0 ? std::optional{Made{item}} : std::nullopt;
  };
  overlap(steps);
  CATCH_CHECK(story.of("write") == std::vector{name("write", 0), name("write", 2)});
}

CATCH_TEST_CASE("what a step throws ends the sequence, after the steps that had begun") {
  const std::string failing = GENERATE("read", "share", "compute", "write");
  CATCH_INFO(failing);
  Story story;
  Steps steps = recorded(story, 9, true);
  const auto fail_at = [&](int item) {
    if (item == 3) {
      throw std::runtime_error{"broken"};
    }
  };
  if (failing == "read") {
    steps.read = [&, next = 0]() mutable {
      fail_at(next);
      return std::optional{next++};
    };
  } else if (failing == "share") {
    steps.share = [&](int item) {
      fail_at(item);
      return Share{};
    };
  } else if (failing == "compute") {
    steps.compute = [&](int item, const std::optional<Share>&) {
      fail_at(item);
      return Made{item};
    };
  } else {
    steps.write = [&](Made made) { fail_at(made.item); };
  }
  CATCH_CHECK_THROWS_WITH(overlap(steps), "broken");
  CATCH_CHECK(story.of("write").size() <= 3);
  // Items before the failing one that had been computed were written.
  CATCH_CHECK((failing != "compute" || story.of("write") == all_of("write", 3)));
}
