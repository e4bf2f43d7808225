// SPDX-License-Identifier: Apache-2.0
#include "app/predict/memory_shares.hpp"

#include <catch2/catch.hpp>

#include <limits>

using lmc::app::share_memory;

CATCH_TEST_CASE("reading, predicting and writing share the memory that is left") {
  const auto shares = share_memory(1000, 200, 200);
  CATCH_REQUIRE(shares);
  CATCH_CHECK(shares->reading == 200);
  CATCH_CHECK(shares->predicting == 600);
}

CATCH_TEST_CASE("without enough memory for all the steps do not overlap") {
  CATCH_CHECK(share_memory(1000, 500, 125));
  CATCH_CHECK_FALSE(share_memory(1000, 501, 0));
  CATCH_CHECK_FALSE(share_memory(1000, 500, 126));
  CATCH_CHECK_FALSE(share_memory(100, 200, 0));
  CATCH_CHECK_FALSE(share_memory(0, 1, 0));
}

CATCH_TEST_CASE("the shares are no more than what is left, and the prediction gets what it needs") {
  constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t left : {std::uint64_t{7}, std::uint64_t{1} << 34, unlimited}) {
    for (const std::uint64_t needed : {std::uint64_t{0}, left / 3, left / 2}) {
      const std::uint64_t writing = (left - needed) / 4;
      const auto shares = share_memory(left, needed, writing);
      CATCH_REQUIRE(shares);
      CATCH_CHECK(shares->predicting >= needed);
      CATCH_CHECK(left - shares->predicting >= shares->reading + writing);
    }
  }
}
