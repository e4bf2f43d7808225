// SPDX-License-Identifier: Apache-2.0
#include "common/running/parallel.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <vector>

using lmc::parallel_for_each;

CATCH_TEST_CASE("every number is taken once, whatever the threads") {
  for (const int threads : {0, 1, 3, 50}) {
    std::vector<std::atomic<int>> calls(20);
    parallel_for_each(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (const auto& count : calls) {
      CATCH_CHECK(count == 1);
    }
  }
  parallel_for_each(0, 2, [](std::size_t) { CATCH_FAIL("nothing is to be done"); });
}

CATCH_TEST_CASE("the first exception ends the loop and is thrown") {
  std::atomic<int> calls = 0;
  CATCH_CHECK_THROWS_WITH(parallel_for_each(1000, 1,
                                            [&](std::size_t i) {
                                              ++calls;
                                              if (i == 2) {
                                                throw std::runtime_error{"third"};
                                              }
                                            }),
                          "third");
  CATCH_CHECK(calls == 3);
}
