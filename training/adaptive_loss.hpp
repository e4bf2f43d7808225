// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/data/batch.hpp"
#include "training/losses.hpp"
#include "training/mixed_precision.hpp"

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <optional>

namespace lmc::training {

/// What is summed over the labelled planes of a batch.
enum class Reduction {
  sum_of_organelles, ///< one mean for each organelle, summed: the paper's adaptive loss
  mean_of_planes,    ///< one mean over all labelled planes, as the published UNet++ classes have it
};

/// Weights and kinds of the losses, and dropout; the defaults are the paper's.
struct StepOptions {
  double l1_weight = 100;
  double gan_weight = 1;
  L1Mask l1_mask = L1Mask::per_pixel;
  Reduction reduction = Reduction::sum_of_organelles;
  double dropout = 0.5; ///< probability in the generator's residual blocks
  Precision precision = Precision::fp32;
};

/// Weight of an organelle's mean in the loss.
/// @param samples of this organelle, `planes` labelled planes of all organelles
[[nodiscard]] double weight_of(Reduction reduction, std::int64_t samples, std::int64_t planes);

/// L1 losses of given predictions.
struct AdaptiveL1 {
  std::array<std::optional<double>, organelle_count> organelles; ///< unweighted means
  std::optional<double> total; ///< weighted; nothing when nothing is labelled
};

/// The adaptive L1 loss of predictions [n, 4, h, w] for a batch: organelles without a label do not
/// count.
[[nodiscard]] AdaptiveL1 adaptive_l1(const at::Tensor& predictions, const Batch& batch,
                                     const StepOptions& options);

} // namespace lmc::training
