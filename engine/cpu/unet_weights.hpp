// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cpu/fold.hpp"
#include "engine/cpu/shape.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lmc::engine::cpu {

/// Columns of the nested triangle of decoder blocks; one more block makes the full size.
inline constexpr std::size_t unet_depth = 4;

/// A ResNeXt block: 1x1, grouped 3x3, 1x1, and a 1x1 projection of its input in the first block of
/// a stage.
struct BottleneckWeights {
  NormedConv conv1;                     ///< [width, inputs, 1, 1]
  NormedConv conv2;                     ///< [width, width / groups, 3, 3]
  NormedConv conv3;                     ///< [outputs, width, 1, 1]
  std::optional<NormedConv> projection; ///< [outputs, inputs, 1, 1]
};

/// Two 3x3 convolutions of a decoder block.
struct UnetBlockWeights {
  NormedConv conv1;
  NormedConv conv2;
};

/// A UNet++'s weights in the layout of its state dict (model/unetpp.cpp,
/// model/resnext_encoder.cpp). Spans are read while the engine is made, not afterwards.
struct UnetWeights {
  Index groups = 1;
  std::span<const float> stem; ///< [channels, 1, 7, 7]
  std::array<std::vector<BottleneckWeights>, unet_depth> stages;
  /// Columns 0 to 3, each from its lowest row up to row 0, as they are computed; then the last.
  std::vector<UnetBlockWeights> decoder;
  NormedConv head; ///< [4, channels, 3, 3]; its factor is one and its shift the bias
};

} // namespace lmc::engine::cpu
