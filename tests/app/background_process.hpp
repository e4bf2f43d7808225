// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/temporary_folder.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace lmc::test {

/// One of the project's programs, running beside the test; killed at the latest with this object.
class BackgroundProcess {
public:
  BackgroundProcess(const std::string& program, const std::vector<std::string>& arguments);
  ~BackgroundProcess();
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  /// Waits until stderr contains `text` and returns what follows it on its line.
  /// @throws std::runtime_error with all of stderr when the program ends before
  [[nodiscard]] std::string rest_of_line_after(const std::string& text);

  /// Sends SIGTERM and, as the platform does, SIGKILL five seconds later.
  /// @return exit code, or 128 + signal when it was killed
  [[nodiscard]] int terminate();

  [[nodiscard]] std::string errors() const;

private:
  [[nodiscard]] bool ended();

  TemporaryFolder captured_;
  pid_t child_ = -1; ///< -1 once it has ended
  int status_ = 0;
};

} // namespace lmc::test
