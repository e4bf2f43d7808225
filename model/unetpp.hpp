// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/architecture.hpp"
#include "model/layers.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

#include <span>

namespace lmc::model {

/// The UNet++'s tensors in state-dict order.
[[nodiscard]] TensorSpecs tensor_specs(const UnetPlusPlusArchitecture& architecture);

/// Nested decoder, 3x3 head and tanh.
/// @param features of `encode`
/// @return [n, 4, height, width] in [-1, 1], channels in the order of `Organelle`
[[nodiscard]] at::Tensor decode(const UnetPlusPlusArchitecture& architecture,
                                const StateDict& state, std::span<const at::Tensor> features,
                                const LayerMode& mode = {});

} // namespace lmc::model
