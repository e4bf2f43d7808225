// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/configuration.hpp"

#include <filesystem>

namespace lmc::training {

/// Where a run writes and how it starts.
struct RunOptions {
  std::filesystem::path folder;
  bool resume = false;    ///< go on from the folder's checkpoint
  bool force = false;     ///< resume although the configuration has changed
  bool overwrite = false; ///< start again in the folder of an earlier run
};

/// Files of a run.
[[nodiscard]] std::filesystem::path checkpoint_file(const RunOptions& options);
[[nodiscard]] std::filesystem::path data_record_file(const RunOptions& options);

/// Makes the folder, or checks that it holds the run that is to go on, and writes `config.json`.
/// @throws Error output_exists, output_unwritable, model_missing; configuration when it differs
/// from that of the run
void prepare_folder(const Configuration& configuration, const RunOptions& options);

} // namespace lmc::training
