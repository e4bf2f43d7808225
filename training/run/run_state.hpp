// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/optimisation_step.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace lmc::training {

/// How far a run is. Sampling, crops and dropout are functions of seed and step, so that no state
/// of a random generator is needed besides.
struct RunState {
  std::int64_t step = 0; ///< steps done
  std::optional<double> best_score = {};
  std::int64_t best_epoch = 0;
  int processes = 1; ///< that train together
};

/// Writes networks, optimisers' moments and state as one safetensors file, crash-safe, replacing
/// the former.
/// @param configuration of the run, compared on resuming
/// @throws Error output_*
void save_run(const std::filesystem::path& file, const Trainees& trainees, const RunState& state,
              const nlohmann::json& configuration);

/// What a saved run says beside its tensors.
struct SavedRun {
  RunState state;
  LossScale loss_scale;
  nlohmann::json configuration;
};

/// Reads the tensors into trainees of the same architectures.
/// @throws Error model_missing, model_corrupt, model_mismatch
[[nodiscard]] RunState resume_run(const std::filesystem::path& file, Trainees& trainees);

/// Reads what is beside the tensors. @throws as `resume_run`
[[nodiscard]] SavedRun read_saved_run(const std::filesystem::path& file);

} // namespace lmc::training
