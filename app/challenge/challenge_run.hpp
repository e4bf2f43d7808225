// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/model_set.hpp"
#include "app/predict/summary.hpp"

#include <filesystem>

namespace lmc::app {

/// What the platform mounts.
struct ChallengeFolders {
  std::filesystem::path input;
  std::filesystem::path output;
  std::filesystem::path models; ///< empty or missing: those that came with the program
};

/// Chooses the device, sets the threads, opens and checks every model.
/// @param summary gets the device, threads, windows and models
/// @throws Error model_*, device
[[nodiscard]] ModelSet open_models(const ChallengeFolders& folders, RunSummary& summary);

/// Predicts the case that is in the input folder now, and writes its outputs and summary.json.
/// @param summary of `open_models`
/// @return the summary with the image; with `error` set when the case failed
/// @throws Interrupted
[[nodiscard]] RunSummary run_case(const ChallengeFolders& folders, ModelSet& models,
                                  RunSummary summary);

/// API method "exec": one case, from opening the models to summary.json.
/// @return 0 @throws Error, Interrupted
[[nodiscard]] int run_once(const ChallengeFolders& folders);

} // namespace lmc::app
