// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "engine/cpu/unet_weights.hpp"
#include "model/architecture.hpp"
#include "model/state_dict.hpp"

#include <vector>

namespace lmc::engine {

/// The weights of a UNet++ as the CPU engine takes them, by the names of model/unetpp.hpp. The
/// spans point into `state`, whose tensors are contiguous float32 in host memory.
[[nodiscard]] cpu::UnetWeights unet_weights(const model::UnetPlusPlusArchitecture& a,
                                            const model::StateDict& state);

/// What is applied to the stem's output, padded channels.
struct StemScale {
  std::vector<float> factor;
  std::vector<float> shift;
};

/// The stem's batch norm; in a dynamic network also the controller's factor of the weights and of
/// the bias for a modality.
[[nodiscard]] StemScale stem_scale(const model::UnetPlusPlusArchitecture& a,
                                   const model::StateDict& state, Modality modality);

} // namespace lmc::engine
