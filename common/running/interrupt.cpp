// SPDX-License-Identifier: Apache-2.0
#include "common/running/interrupt.hpp"

#include <csignal>

namespace lmc {

namespace {

// The one piece of global state: a signal handler can reach nothing else.
volatile std::sig_atomic_t received = 0;

void remember(int signal) {
  received = signal;
}

sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

} // namespace

void install_interrupt_handlers() {
  struct sigaction action {};
  action.sa_handler = &remember;
  // SA_RESETHAND: a second signal ends the process at once.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // Beyond a limit of file size writing then fails, as on a full disk, and whoever writes says so.
  std::signal(SIGXFSZ, SIG_IGN);
}

void throw_if_interrupted() {
  if (received != 0) {
    throw Interrupted{received};
  }
}

void hold_interrupts() {
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void wait_for_interrupt() {
  const sigset_t set = interrupts();
  int signal = 0;
  sigwait(&set, &signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(signal);
}

} // namespace lmc
