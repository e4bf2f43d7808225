// SPDX-License-Identifier: Apache-2.0
#include "common/interrupt.hpp"

#include <catch2/catch.hpp>

#include <csignal>

CATCH_TEST_CASE("a signal is reported at the next check, with its exit code") {
  lmc::install_interrupt_handlers();
  CATCH_REQUIRE_NOTHROW(lmc::throw_if_interrupted());
  std::raise(SIGTERM);
  try {
    lmc::throw_if_interrupted();
    CATCH_FAIL("the signal was lost");
  } catch (const lmc::Interrupted& interrupted) {
    CATCH_CHECK(interrupted.exit_code() == 143);
  }
}
