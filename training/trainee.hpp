// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"
#include "training/configuration.hpp"
#include "training/optimisation_step.hpp"

#include <c10/core/Device.h>

namespace lmc::training {

/// The networks of a new run on `device`: new weights of the configuration's seed, or the given
/// ones to be fine-tuned, and new discriminators if it is adversarial.
/// @throws Error model_* when the given weights cannot be read or are of another architecture or
/// normalisation
[[nodiscard]] Trainees make_trainees(const Configuration& configuration, c10::Device device);

/// Copies of the tensors, without gradients, on `device`.
[[nodiscard]] model::StateDict copied_to(const model::StateDict& state, c10::Device device);

} // namespace lmc::training
