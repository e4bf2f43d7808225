// SPDX-License-Identifier: Apache-2.0
#include "training/data/batch_loader.hpp"

#include <ATen/ops/full.h>
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>

using namespace lmc::training;

namespace {

Batch batch_of(std::int64_t step) {
  Batch batch;
  batch.light = at::full({1}, static_cast<double>(step));
  return batch;
}

} // namespace

CATCH_TEST_CASE("batches come in order, however long each takes") {
  for (const int threads : {1, 4}) {
    BatchLoader loader{[](std::int64_t step) {
                         if (step % 3 == 0) {
                           std::this_thread::sleep_for(std::chrono::milliseconds{3});
                         }
                         return batch_of(step);
                       },
                       5, threads};
    for (std::int64_t step = 5; step < 40; ++step) {
      CATCH_REQUIRE(loader.next().light.item<double>() == static_cast<double>(step));
    }
  }
}

CATCH_TEST_CASE("no more than two batches for each thread are made ahead") {
  std::atomic<std::int64_t> latest{-1};
  BatchLoader loader{[&](std::int64_t step) {
                       std::int64_t before = latest;
                       while (before < step && !latest.compare_exchange_weak(before, step)) {
                       }
                       return batch_of(step);
                     },
                     0, 2};
  for (std::int64_t step = 0; step < 20; ++step) {
    (void)loader.next();
    CATCH_REQUIRE(latest <= step + 4);
  }
}

CATCH_TEST_CASE("what making a batch throws comes out at its turn, and the next ones go on") {
  BatchLoader loader{[](std::int64_t step) {
                       if (step == 2) {
                         throw std::runtime_error{"step 2 is broken"};
                       }
                       return batch_of(step);
                     },
                     0, 3};
  CATCH_CHECK(loader.next().light.item<double>() == 0);
  CATCH_CHECK(loader.next().light.item<double>() == 1);
  CATCH_CHECK_THROWS_WITH(loader.next(), "step 2 is broken");
  CATCH_CHECK(loader.next().light.item<double>() == 3);
}

CATCH_TEST_CASE("a loader that nobody asks ends with its threads") {
  std::atomic<int> made{0};
  {
    const BatchLoader loader{[&](std::int64_t step) {
                               ++made;
                               return batch_of(step);
                             },
                             0, 2};
  }
  CATCH_CHECK(made <= 4);
}
