// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
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
  std::vector<std::string> environment; ///< "NAME=value", in addition to PATH alone
};

/// Runs one of the project's programs ("lmc", "light-my-cells") to its end.
[[nodiscard]] ProcessResult run(const std::string& program,
                                const std::vector<std::string>& arguments,
                                const ProcessSettings& settings = {});

} // namespace lmc::test
