// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/temporary_folder.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::test {

/// How a program ended.
struct ProcessResult {
  int exit_code = -1; ///< 128 + signal when it was killed
  std::string out;
  std::string err;

  /// The last non-empty line on stderr: what the platform shows of a failed run.
  [[nodiscard]] std::string last_error_line() const;
};

/// What a program is given besides its arguments.
struct ProcessSettings {
  std::filesystem::path working_folder = "/";
  std::vector<std::string> environment = {};   ///< "NAME=value", in addition to PATH alone
  std::optional<unsigned> user = std::nullopt; ///< numeric; needs root
  std::optional<std::size_t> largest_file_bytes = std::nullopt; ///< writing beyond fails
  bool one_processor = true; ///< affinity to a single one, quicker where tests run side by side
};

/// One of the project's programs ("lmc", "light-my-cells"), running. It has no power over file
/// permissions, so that tests run by root see what users see.
class Process {
public:
  Process(const std::string& program, const std::vector<std::string>& arguments,
          const ProcessSettings& settings = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Waits until stderr holds `text`; false when the program ended without it.
  [[nodiscard]] bool wait_for_error_text(const std::string& text);
  void send(int signal) const;
  /// Waits for the end.
  [[nodiscard]] ProcessResult finish();

private:
  bool has_ended(int options);

  TemporaryFolder captured_;
  pid_t child_ = -1;
  std::optional<int> status_;
};

/// Runs a program to its end.
[[nodiscard]] ProcessResult run(const std::string& program,
                                const std::vector<std::string>& arguments,
                                const ProcessSettings& settings = {});

} // namespace lmc::test
