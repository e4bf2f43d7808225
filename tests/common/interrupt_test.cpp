// SPDX-License-Identifier: Apache-2.0
#include "common/running/interrupt.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace {

bool interrupted() {
  try {
    lmc::throw_if_interrupted();
    return false;
  } catch (const lmc::Interrupted&) {
    return true;
  }
}

/// In a process of its own: what arrived stays arrived.
int exit_code_of(bool (*body)()) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(body() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

} // namespace

CATCH_TEST_CASE("a held signal is kept for the one who waits for it") {
  CATCH_CHECK(exit_code_of([] {
                lmc::install_interrupt_handlers();
                lmc::hold_interrupts();
                std::raise(SIGINT);
                const bool early = interrupted();
                lmc::wait_for_interrupt();
                return !early && interrupted();
              }) == 0);
}

CATCH_TEST_CASE("a signal is reported at the next check, with its exit code") {
  CATCH_CHECK(exit_code_of([] {
                lmc::install_interrupt_handlers();
                if (interrupted()) {
                  return false;
                }
                std::raise(SIGTERM);
                try {
                  lmc::throw_if_interrupted();
                } catch (const lmc::Interrupted& interrupted) {
                  return interrupted.exit_code() == 143;
                }
                return false;
              }) == 0);
}
