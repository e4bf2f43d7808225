// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/memory.hpp"

#include <catch2/catch.hpp>

using namespace lmc::engine::cpu;

CATCH_TEST_CASE("places do not overlap, and gaps are used again") {
  Memory memory;
  memory.reserve(64);
  const auto first = memory.take(20); // two cache lines
  auto second = memory.take(16);
  const auto third = memory.take(16);
  CATCH_CHECK(second.get() == first.get() + 32);
  CATCH_CHECK(third.get() == second.get() + 16);
  const float* const gap = second.get();
  second.reset();
  const auto fitting = memory.take(9);
  CATCH_CHECK(fitting.get() == gap);
  CATCH_CHECK(memory.most() == 64);
}

CATCH_TEST_CASE("a place lasts as long as anybody holds it") {
  Memory memory;
  memory.reserve(32);
  auto place = memory.take(16);
  auto copy = place;
  place.reset();
  const auto other = memory.take(16);
  CATCH_CHECK(other.get() == copy.get() + 16);
}

CATCH_TEST_CASE("without room places are only counted, large ones by huge pages") {
  Memory memory;
  constexpr Index page = Index{1} << 19; // floats of 2 MB
  const auto small = memory.take(16);
  const auto large = memory.take(page + 1);
  CATCH_CHECK(small == nullptr);
  CATCH_CHECK(large == nullptr);
  CATCH_CHECK(memory.most() == 3 * page);
}
