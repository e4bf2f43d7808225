// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace lmc::app {

/// One subcommand of `lmc`: its options, and what it does once they are parsed. `run` returns the
/// exit code.
struct Command {
  const CLI::App* options = nullptr;
  std::function<int()> run;
};

/// Each adds its subcommand to `lmc`; each lives in the file of its name (predict_command.cpp ...).
[[nodiscard]] Command add_predict_command(CLI::App& lmc);
[[nodiscard]] Command add_preview_command(CLI::App& lmc);
[[nodiscard]] Command add_evaluate_command(CLI::App& lmc);
[[nodiscard]] Command add_convert_command(CLI::App& lmc);
[[nodiscard]] Command add_selftest_command(CLI::App& lmc);
[[nodiscard]] Command add_simulate_command(CLI::App& lmc);
[[nodiscard]] Command add_train_command(CLI::App& lmc);
[[nodiscard]] Command add_version_command(CLI::App& lmc);

} // namespace lmc::app
