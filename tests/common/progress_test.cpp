// SPDX-License-Identifier: Apache-2.0
#include "common/running/progress.hpp"

#include <catch2/catch.hpp>

CATCH_TEST_CASE("durations as clocks show them") {
  CATCH_CHECK(lmc::clock_text(0.4) == "0:00");
  CATCH_CHECK(lmc::clock_text(59.6) == "1:00");
  CATCH_CHECK(lmc::clock_text(725) == "12:05");
  CATCH_CHECK(lmc::clock_text(11220) == "3:07:00");
}
