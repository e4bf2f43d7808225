// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "model/architecture.hpp"
#include "model/discriminator.hpp"
#include "model/state_dict.hpp"
#include "training/adam.hpp"
#include "training/adaptive_loss.hpp"
#include "training/data/batch.hpp"
#include "training/processes/gradient_exchange.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace lmc::training {

/// A network and its optimiser.
template <typename Architecture> struct Trainee {
  Architecture architecture;
  model::StateDict state;
  Adam adam;
};

using Predictor = Trainee<model::Architecture>;
using Discriminator = Trainee<model::DiscriminatorArchitecture>;

/// The predicting network and, for adversarial training, one discriminator for each organelle.
struct Trainees {
  Predictor predictor;
  std::vector<Discriminator> discriminators; ///< none, or one for each organelle in channel order
  LossScale scale = {};

  [[nodiscard]] c10::Device device() const { return predictor.state.begin()->second.device(); }
};

/// Losses of one organelle, unweighted, over all processes.
struct OrganelleLosses {
  double l1 = 0;
  double gan = 0;                ///< of the predictor
  double discriminator_fake = 0; ///< of the discriminator on predictions
  double discriminator_real = 0; ///< of the discriminator on labels
};

/// Losses of a step. Organelles without a label in the batch have none.
struct StepLosses {
  double total = 0; ///< of the predictor, weighted
  std::array<std::optional<OrganelleLosses>, organelle_count> organelles;
};

/// One optimisation step of the adaptive loss (arXiv 2406.15716): predictions of organelles without
/// a label are not made, so that no gradient reaches their decoders and discriminators.
/// 1. one forward pass; 2. each labelled organelle's discriminator is updated with predictions and
/// labels; 3. the predictor is updated against the updated discriminators.
/// A batch without any label changes nothing and has no losses. With an active loss scale, a
/// network whose gradients are not finite is not updated.
/// @param exchange joins several processes to one batch; nothing: this process is alone
[[nodiscard]] StepLosses optimise(Trainees& trainees, const Batch& batch,
                                  const StepOptions& options, GradientExchange* exchange = nullptr);

} // namespace lmc::training
