// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/layers.hpp"
#include "model/state_dict.hpp"
#include "model/tensor_spec.hpp"
#include "model/unetpp.hpp"

#include <ATen/core/Tensor.h>

#include <array>
#include <string>

namespace lmc::model {

/// What the names of the encoder's tensors begin with.
[[nodiscard]] std::string encoder_prefix(const UnetPlusPlusArchitecture& architecture);

/// Channels of the five features: the stem's, then 4, 8, 16, 32 times as many.
[[nodiscard]] std::array<std::int64_t, 5>
feature_channels(const UnetPlusPlusArchitecture& architecture);

/// The encoder's tensors in state-dict order (`encoder.*`; `encoder.encoder.*` when dynamic).
[[nodiscard]] TensorSpecs encoder_specs(const UnetPlusPlusArchitecture& architecture);

/// First convolution; its weight and bias are scaled by a controller when the network is dynamic.
/// @param codes float [n, 3] or, one for all windows, [1, 3]
/// @return [n, stem_channels, height / 2, width / 2]
[[nodiscard]] at::Tensor encoder_stem(const UnetPlusPlusArchitecture& architecture,
                                      const StateDict& state, const at::Tensor& windows,
                                      const at::Tensor& codes);

/// ResNeXt encoder.
/// @return features at strides 2, 4, 8, 16, 32
[[nodiscard]] std::array<at::Tensor, 5> encode(const UnetPlusPlusArchitecture& architecture,
                                               const StateDict& state, const at::Tensor& windows,
                                               const at::Tensor& codes, const LayerMode& mode = {});

} // namespace lmc::model
