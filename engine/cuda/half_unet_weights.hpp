// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "engine/cpu/unet_weights.hpp"
#include "engine/cuda/backend.hpp"
#include "model/architecture.hpp"
#include "model/state_dict.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <array>
#include <optional>
#include <vector>

namespace lmc::engine::cuda {

/// A convolution with the batch norm behind it folded in: y = conv(x) + bias.
struct HalfConv {
  at::Tensor weight; ///< half precision, NHWC [outputs, inputs / groups, k, k]
  at::Tensor bias;   ///< float32 [outputs]
  ConvShape shape = {};
};

/// A ResNeXt block. What it adds to its input, or to the projected input, has one bias with it.
struct HalfBottleneck {
  HalfConv conv1;
  HalfConv conv2;
  HalfConv conv3;                     ///< its bias is the projection's, too
  std::optional<HalfConv> projection; ///< without a bias of its own
};

/// Two 3x3 convolutions of a decoder block.
struct HalfUnetBlock {
  HalfConv conv1;
  HalfConv conv2;
};

/// A UNet++'s weights as the CUDA engine reads them.
struct HalfUnetWeights {
  at::Tensor stem;     ///< float32 [7, 7, channels]
  at::Tensor steering; ///< factor and shift behind the stem, float32 [2, channels]
  std::array<std::vector<HalfBottleneck>, cpu::unet_depth> stages;
  std::vector<HalfUnetBlock> decoder; ///< in the order of cpu::UnetWeights
  HalfConv head;                      ///< the organelles' channels first, then zeros up to eight
};

/// Batch norms are folded in float32, before weights are rounded to half precision.
/// @param state contiguous float32 in host memory, as loaded
[[nodiscard]] HalfUnetWeights half_unet_weights(const model::UnetPlusPlusArchitecture& architecture,
                                                const model::StateDict& state, c10::Device device);

/// HalfUnetWeights::steering for a modality, in host memory; the same for all of them unless the
/// network is dynamic.
[[nodiscard]] at::Tensor unet_steering(const model::UnetPlusPlusArchitecture& architecture,
                                       const model::StateDict& state, Modality modality);

} // namespace lmc::engine::cuda
