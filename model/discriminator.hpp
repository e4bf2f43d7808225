// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/architecture.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

namespace lmc::model {

/// The discriminator's tensors in state-dict order.
[[nodiscard]] TensorSpecs tensor_specs(const DiscriminatorArchitecture& architecture);

/// PatchGAN: 4x4 convolutions, LeakyReLU 0.2, instance norm except on the first and last.
/// @param pairs [n, input_channels, height, width]: transmitted light and organelle in [-1, 1]
/// @return logits [n, 1, height / 8 - 2, width / 8 - 2] for three stride-2 layers
[[nodiscard]] at::Tensor discriminate(const DiscriminatorArchitecture& architecture,
                                      const StateDict& state, const at::Tensor& pairs);

} // namespace lmc::model
