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
  std::optional<double> best_score;
  std::int64_t best_epoch = 0;
  int processes = 1; ///< that train together
};

/// Writes networks, optimisers' moments and state as one safetensors file, crash-safe, replacing
/// the former.
/// @param configuration of the run, compared on resuming
/// @throws Error output_*
void save_checkpoint(const std::filesystem::path& file, const Trainees& trainees,
                     const RunState& state, const nlohmann::json& configuration);

/// What is known of a checkpoint before its tensors are used.
struct CheckpointRecord {
  RunState state;
  LossScale loss_scale;
  nlohmann::json configuration;
};

/// Reads a checkpoint into trainees of the same architectures.
/// @throws Error model_missing, model_corrupt, model_mismatch
[[nodiscard]] CheckpointRecord load_checkpoint(const std::filesystem::path& file,
                                               Trainees& trainees);

/// Reads the record only. @throws as `load_checkpoint`
[[nodiscard]] CheckpointRecord read_checkpoint_record(const std::filesystem::path& file);

} // namespace lmc::training
