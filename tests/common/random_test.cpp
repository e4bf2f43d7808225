// SPDX-License-Identifier: Apache-2.0
#include "common/random.hpp"

#include <catch2/catch.hpp>

CATCH_TEST_CASE("the hashes have their published values") {
  CATCH_CHECK(lmc::fnv1a64("") == 0xcbf29ce484222325U);
  CATCH_CHECK(lmc::fnv1a64("a") == 0xaf63dc4c8601ec8cU);
  CATCH_CHECK(lmc::fnv1a64("encoder.1.weight") == 0xeb66843862311e98U);
  CATCH_CHECK(lmc::splitmix64(0) == 0xe220a8397b1dcdafU);
  CATCH_CHECK(lmc::splitmix64(0xeb66843862311e98U + 3) == 0x1d886f0c4e78a3e3U);
}
