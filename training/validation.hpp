// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/metrics.hpp"
#include "training/data/batch_maker.hpp"
#include "training/optimisation_step.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace lmc::training {

/// Means over the crops of the validation fields, for organelles that are labelled there.
struct OrganelleScore {
  double l1 = 0; ///< masked, unweighted
  std::optional<double> ssim;
  double pcc = 0;
  std::int64_t crops = 0;
};

/// A crop, its prediction and what is labelled, for looking at.
struct SamplePrediction {
  Batch batch;            ///< of one crop
  at::Tensor predictions; ///< [1, 4, height, width] in [-1, 1], on the CPU
};

struct ValidationResult {
  std::array<std::optional<OrganelleScore>, organelle_count> organelles;
  std::vector<SamplePrediction> samples; ///< the first few
  /// Mean PCC over the organelles, higher is better; nothing when nothing is labelled.
  [[nodiscard]] std::optional<double> score() const;
};

/// Predicts the middle of the middle plane of each field, as in use (no dropout, batch norms with
/// their running statistics), and compares with the labels by the challenge's metrics.
/// @throws Error input_* when a file cannot be read
[[nodiscard]] ValidationResult validate(const Predictor& predictor,
                                        const std::vector<Field>& fields, const BatchMaker& maker,
                                        const StepOptions& options, std::size_t samples);

[[nodiscard]] nlohmann::json to_json(const ValidationResult& result);

} // namespace lmc::training
