// SPDX-License-Identifier: Apache-2.0
#include "engine/torch_team.hpp"

#include <ATen/Parallel.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using lmc::engine::TorchTeam;
using lmc::engine::cpu::Index;

CATCH_TEST_CASE("every block is computed once") {
  TorchTeam team;
  const int members = team.size(); // inside, LibTorch answers for the member's own nested threads
  std::vector<std::atomic<int>> calls(100);
  team.run(100, [&](Index block, int member) {
    calls[static_cast<std::size_t>(block)] += member < members ? 1 : 100;
  });
  CATCH_CHECK(std::all_of(calls.begin(), calls.end(), [](int count) { return count == 1; }));
}

CATCH_TEST_CASE("two members work at the same time") {
  const int threads = at::get_num_threads();
  at::set_num_threads(2);
  TorchTeam team;
  CATCH_REQUIRE(team.size() == 2);
  std::atomic<int> present{0};
  std::atomic<bool> met{false};
  // Each waits for the other; the deadline only ends a test that has failed.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  team.run(2, [&](Index, int) {
    ++present;
    while (!met && std::chrono::steady_clock::now() < deadline) {
      met = met || present == 2;
      std::this_thread::yield();
    }
    --present;
  });
  CATCH_CHECK(met);
  at::set_num_threads(threads);
}
