// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

namespace lmc {

/// Thrown by `throw_if_interrupted`; unwinding removes temporary files.
class Interrupted : public std::exception {
public:
  explicit Interrupted(int signal) noexcept : signal_{signal} {}
  [[nodiscard]] const char* what() const noexcept override { return "interrupted"; }
  /// 130 for SIGINT, 143 for SIGTERM
  [[nodiscard]] int exit_code() const noexcept { return 128 + signal_; }

private:
  int signal_;
};

/// Makes SIGINT and SIGTERM set a flag instead of ending the process. A second signal ends it at
/// once. A limit of file size ends no process either: writing fails.
void install_interrupt_handlers();

/// @throws Interrupted after a signal. Called between batches of windows and between files.
void throw_if_interrupted();

/// Keeps SIGINT and SIGTERM pending for `wait_for_interrupt`. Threads inherit this: call it before
/// the first thread is started, else a signal may reach another thread and the wait never ends.
void hold_interrupts();

/// Sleeps until SIGINT or SIGTERM, then lets the signal do what it does, so that every thread's
/// `throw_if_interrupted` throws from now on.
void wait_for_interrupt();

} // namespace lmc
